"""Controls that are no sliders: signs, which indicators count, how late ones count, minimums, the ranking."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import streamlit as st

from cim_core.data.indicators import CODES, FAMILY_NAMED, get, in_order
from cim_core.placing import reference
from cim_core.rules.evaluations import Domain, RankAmong, TieRule
from cim_core.rules.rulebook import LATE, Comparator, Minimums
from cim_core.rules.settings import AS_FINDINGS, RulebookArea, Setting
from cim_core.whatif import Scenario, written
from ui.shared import results, scenario_tables
from ui.shared.header import REFERENCE_CHOICE
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t


def mirror(key: str, value: object) -> None:
    """Let a widget show a value, without a word to the one that shows it already.

    A widget that is told its own value forgets what has been done to it meanwhile: the hand would jump back.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def unnamed(scenario: Scenario) -> Scenario:
    """The scenario without the name and note under which it was something else."""
    return replace(scenario, name="", note="")


def set_values(scenario: Scenario, **values: object) -> None:
    """Look through a scenario with other values of its own fields."""
    results.set_scenario(replace(unnamed(scenario), **values))  # type: ignore[arg-type]


def late(view: View) -> None:
    """Whether late evaluations are findings instead of missed targets."""
    official = view.ground.elements
    each = (*official.as_findings, *(code for code in official.indicators if code in LATE))
    now = view.scenario.changes.get(AS_FINDINGS, official.as_findings)
    mirror("whatif_late", bool(now))
    st.toggle(t("whatif.late"), key="whatif_late", on_change=_count_late, args=(each, official.as_findings))


def _count_late(each: tuple[str, ...], official: tuple[str, ...]) -> None:
    view = results.view()
    chosen = each if st.session_state["whatif_late"] else ()
    if view is not None:
        changed = None if chosen == official else chosen
        results.set_scenario(unnamed(view.scenario.changed({AS_FINDINGS: changed})))


def minimums(view: View) -> None:
    """How the two minimums are joined, and of whom counts are open."""
    setting = Setting(RulebookArea.DISPROPORTIONALITY, "", "minimums")
    choice(view, setting, t("whatif.minimums"), [one.value for one in Minimums])
    counts = view.baseline.dataset.counts
    there = counts is not None and counts.feeds
    st.caption(md(t("whatif.counts_decide" if there else "whatif.no_race_counts")))


def sign(view: View, code: str) -> None:
    """The sign before a target."""
    setting = Setting(RulebookArea.TARGETS, code, "comparator")
    official = str(setting.get(view.ground))
    mirror("whatif_sign", str(view.scenario.changes.get(setting, official)))
    st.segmented_control(
        t("head.comparator"), [each.value for each in Comparator], key="whatif_sign", required=True,
        on_change=_choose, args=(setting, "whatif_sign", official), label_visibility="collapsed",
    )  # fmt: skip


def choice(view: View, setting: Setting, label: str, options: list[str]) -> None:
    """A setting with a few possible answers."""
    official = str(setting.get(view.ground))
    widget = f"choice_{setting}"
    mirror(widget, str(view.scenario.changes.get(setting, official)))
    st.selectbox(
        label, options, key=widget, on_change=_choose, args=(setting, widget, official),
        format_func=scenario_tables.choice,
    )  # fmt: skip


def _choose(setting: Setting, widget: str, official: str) -> None:
    view = results.view()
    chosen = st.session_state[widget]
    if view is not None:
        changed = {setting: None if chosen == official else chosen}
        results.set_scenario(unnamed(view.scenario.changed(changed)))


def elements(view: View) -> None:
    """Which indicators count: a press takes one out or puts it in."""
    with_target = [each.indicator for each in view.ground.targets if each.value is not None]
    official = view.ground.elements
    offered = in_order({*with_target, *official.indicators, *official.as_findings})
    now = [code for code in offered if _counts(view, code) == "in"]
    mirror("whatif_elements", now)
    st.pills(
        t("whatif.elements"), offered, selection_mode="multi", key="whatif_elements", on_change=_count,
        args=(offered,), format_func=lambda code: gate().say(get(code).label), label_visibility="collapsed",
    )  # fmt: skip
    out = [gate().say(get(code).title) for code in offered if code not in now]
    st.caption(md(t("whatif.elements_out", titles=tuple(out)) if out else t("whatif.elements_all")))


def _counts(view: View, code: str) -> str:
    setting = Setting(RulebookArea.ELEMENTS, code)
    return str(view.scenario.changes.get(setting, setting.get(view.ground)))


def _count(offered: tuple[str, ...]) -> None:
    view = results.view()
    if view is None:
        return
    chosen = st.session_state["whatif_elements"]
    changed: dict[Setting, str | None] = {}
    for code in offered:
        setting = Setting(RulebookArea.ELEMENTS, code)
        official = setting.get(view.ground)
        same = (official == "in") == (code in chosen)
        changed[setting] = None if same else "in" if code in chosen else "out"
    results.set_scenario(unnamed(view.scenario.changed(changed)))


def ranking(view: View) -> None:
    """Ties and weights of each evaluation that decides, and against whom LEAs are ranked."""
    for evaluation in view.ground.deciding_evaluations:
        label = t("whatif.ties", evaluation=evaluation.title)
        ties = Setting(RulebookArea.EVALUATIONS, evaluation.id, "ties")
        choice(view, ties, label, [rule.value for rule in TieRule])
        label = t("whatif.rank_among", evaluation=evaluation.title)
        among = Setting(RulebookArea.EVALUATIONS, evaluation.id, "rank_among")
        choice(view, among, label, [kind.value for kind in RankAmong])
        for domain in evaluation.domains if len(evaluation.domains) > 1 else ():
            weight = Setting(RulebookArea.EVALUATIONS, evaluation.id, "weight", domain.id)
            _weight(view, weight, t(FAMILY_NAMED[domain.id]))
        for domain in evaluation.domains:
            _indicators(view, evaluation.id, domain)
    kinds = ["", *reference.CHOICES]
    mirror("whatif_reference", view.scenario.reference)
    st.selectbox(
        t("bar.reference"), kinds, key="whatif_reference", on_change=_rank_against,
        format_func=lambda kind: t(REFERENCE_CHOICE[kind]) if kind else t("whatif.as_before"),
    )  # fmt: skip


def _rank_against() -> None:
    view = results.view()
    if view is not None:
        set_values(view.scenario, reference=st.session_state["whatif_reference"])


def _indicators(view: View, evaluation: str, domain: Domain) -> None:
    setting = Setting(RulebookArea.EVALUATIONS, evaluation, "indicators", domain.id)
    widget = f"indicators_{setting}"
    now = view.scenario.changes.get(setting, domain.indicators)
    mirror(widget, list(now) if isinstance(now, tuple) else list(domain.indicators))
    st.multiselect(
        t("whatif.indicators", domain=t(FAMILY_NAMED[domain.id])), CODES, key=widget, on_change=_enter,
        args=(setting, widget, domain.indicators), format_func=lambda code: gate().say(get(code).title),
    )  # fmt: skip


def _enter(setting: Setting, widget: str, official: tuple[str, ...]) -> None:
    view, chosen = results.view(), tuple(st.session_state[widget])
    if view is not None and chosen:
        same = set(chosen) == set(official)
        results.set_scenario(unnamed(view.scenario.changed({setting: None if same else chosen})))


def _weight(view: View, setting: Setting, label: str) -> None:
    official = Decimal(str(setting.get(view.ground)))
    widget = f"weight_{setting}"
    mirror(widget, float(str(view.scenario.changes.get(setting, official))))
    st.number_input(
        t("whatif.weight", domain=label), 0.1, 10.0, step=0.1, key=widget, on_change=_weigh,
        args=(setting, widget, official),
    )  # fmt: skip


def _weigh(setting: Setting, widget: str, official: Decimal) -> None:
    view = results.view()
    weight = Decimal(written(Decimal(str(round(st.session_state[widget], 2)))))
    if view is not None:
        changed = {setting: None if weight == official else weight}
        results.set_scenario(unnamed(view.scenario.changed(changed)))
