"""Which assumptions fit CDE's letters: one setting at a time, two at once, and the one to go on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from cim_core.letters import evidence
from cim_core.letters.fitted import fitted
from cim_core.letters.reconcile import Fit, Reconciliation
from cim_core.rules.rulebook_values import as_raw
from cim_core.rules.sources import STATUS_NAMED, Status
from cim_core.words.messages import HowMany
from ui.shared import html_parts, own_rules, parts, reconciled
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, head_of, md, t

_MOST_AT_ONCE = 12
"""Settings that are chosen from by radio buttons; more are chosen from a list."""


def panel(view: View) -> None:
    """What letters say of the rules as they are, and on request of every other setting."""
    if not reconciled.letters(view):
        st.markdown(md(t("reconcile.ui.no_letters")))
        return
    parts.show(parts.heading(t("reconcile.ui.title")))
    if not view.scenario.is_empty:
        st.caption(t("reconcile.ui.without_scenario"))
    found = reconciled.known(view)
    if found is None:
        st.caption(t("reconcile.ui.help"))
        if not st.button(t("reconcile.ui.start"), type="primary", key="reconcile_start"):
            return
        with _Progress("reconcile.ui.working") as told:
            reconciled.singles(view, told)
        st.rerun()
    best = reconciled.known_pairs(view) or found
    _now(view, best)
    _table(view, found)
    _pairs(view, best)
    _use(view, best)


class _Progress:
    """A progress bar, drawn anew for every percent."""

    def __init__(self, message_id: str) -> None:
        self._id, self._bar, self._last = message_id, st.progress(0.0, text=t(message_id)), 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self._told

    def __exit__(self, *_: object) -> None:
        self._bar.empty()

    def _told(self, done: int, of: int) -> None:
        percent = 100 * done // max(of, 1)
        if percent != self._last:
            self._last = percent
            self._bar.progress(percent / 100, text=t(self._id))


def _said(view: View, found: Reconciliation, fit: Fit) -> str:
    names = evidence.names(found, view.baseline.dataset, fit.against)
    return gate().say(evidence.fit_said(fit, found.letters, names))


def _now(view: View, found: Reconciliation) -> None:
    """The rules as they are, what is best, what was not searched; who speaks against them as they are."""
    for line in evidence.summary(found, view.baseline.dataset):
        st.markdown(md(gate().say(line)))
    _numbers(view, found.as_it_is)


def _numbers(view: View, fit: Fit) -> None:
    parts.show(parts.notes(gate().say(one.said) for one in reconciled.contradictions(view, fit)))


def _choice(found: Reconciliation, fit: Fit) -> str:
    """A setting in words: what is otherwise, and how."""
    each = [
        t(
            "fitted.choice",
            assumption=begun(gate().say(way.assumption.said)),
            choice=evidence.way_said(found.rules, way),
        )
        for way in fit.ways
    ]
    return " + ".join(each) or t("reconcile.ui.as_it_is")


def _table(view: View, found: Reconciliation) -> None:
    """Single settings: those that explain more, folded those that explain as many, and fewer."""
    now = found.as_it_is.number
    vague = [fit for fit in found.ranked if found.says_less(fit)]
    telling = [fit for fit in found.ranked if not found.says_less(fit)]
    parts: tuple[tuple[str, Sequence[Fit], bool], ...] = (
        ("reconcile.ui.more", [fit for fit in telling if fit.number > now], True),
        ("reconcile.ui.as_many", [fit for fit in telling if fit.number == now], False),
        ("reconcile.ui.around", found.around, False),
        ("reconcile.ui.vague", vague, False),
        ("reconcile.ui.fewer", [fit for fit in telling if fit.number < now], False),
    )
    for title, fits, open_now in parts:
        if fits:
            with st.expander(t(title, n=HowMany(len(fits))), expanded=open_now):
                _lines(view, found, fits, title)


def _lines(view: View, found: Reconciliation, fits: Sequence[Fit], key: str) -> None:
    head = head_of("head.setting", "head.letters_fit", "head.status")
    on_page = html_parts.page_of(range(len(fits)), f"{key}_{view.year}")
    parts.show(parts.table(head, [_line(view, found, fits[at]) for at in on_page], css="cim-many"))


def _line(view: View, found: Reconciliation, fit: Fit) -> list[str]:
    return [_choice(found, fit), _said(view, found, fit), t(STATUS_NAMED[_status(fit)])]


def _pairs(view: View, found: Reconciliation) -> None:
    """Two settings at once, on request."""
    if not found.as_it_is.against:
        return
    if not found.searched.all_lines:
        if not st.button(t("reconcile.ui.start_pairs"), key="reconcile_pairs"):
            return
        with _Progress("reconcile.ui.working_pairs") as told:
            reconciled.with_pairs(view, told)
        st.rerun()
    with st.expander(t("reconcile.ui.pairs", n=HowMany(len(found.pairs))), expanded=bool(found.pairs)):
        if found.pairs:
            _lines(view, found, found.pairs, "reconcile.ui.pairs")


def _use(view: View, found: Reconciliation) -> None:
    """An own rulebook from one of the settings that fit best."""
    best = [fit for fit in found.best if fit.ways]
    if found.as_it_is in found.best or not best:
        return
    parts.show(parts.heading(t("reconcile.ui.use_title"), level=3))
    label = t("reconcile.ui.use_which", n=HowMany(len(best)))
    chosen = _picked(label, [f"{_choice(found, fit)} ({t(STATUS_NAMED[_status(fit)])})" for fit in best])
    if chosen is None:
        return
    st.markdown(md(_said(view, found, best[chosen])))
    _numbers(view, best[chosen])
    if st.button(t("reconcile.ui.use"), type="primary", key="reconcile_use"):
        _become(found, best[chosen])


def _picked(label: str, options: Sequence[str]) -> int | None:
    """Which of some settings is chosen."""
    key, places = f"reconcile_best_{len(options)}", range(len(options))
    if len(options) <= _MOST_AT_ONCE:
        return st.radio(label, places, key=key, format_func=lambda at: md(options[at]))
    return st.selectbox(label, places, key=key, format_func=options.__getitem__)


def _status(fit: Fit) -> Status:
    return Status.CONFIRMED if fit.confirmed else Status.ASSUMED


def _become(found: Reconciliation, fit: Fit) -> None:
    own_rules.become(lambda: as_raw(fitted(found, fit)))
