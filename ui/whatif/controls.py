"""The controls in groups: each says what it is now or how much is changed, and is built when it is opened."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from cim_core.data.indicators import POSITION
from cim_core.placing.placement import Result
from cim_core.rules import thresholds
from cim_core.rules.settings import Setting
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import ControlGroup, Sweep, control_groups, control_words, written
from cim_core.whatif import scenario as scenarios
from cim_core.words.messages import MessageFamily
from ui.shared import parts, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t
from ui.whatif import choices, lea_numbers

_TITLE = MessageFamily("whatif.groups.{}", tuple(ControlGroup))
_OPEN = (ControlGroup.BANDS, ControlGroup.TARGETS)
_RANGELESS = (ThresholdGroup.RANKING,)
"""Where finding the range in which nobody moves would rank the whole state again and again."""
REFUSED = "whatif_refused"


def groups(view: View) -> None:
    """All groups that the rules have something in."""
    grouped = control_groups.grouped(view.ground)
    changed = control_groups.changed(view.scenario, view.ground, grouped)
    for group, listed in grouped.items():
        if group in (ControlGroup.BANDS, ControlGroup.MISSED) and not listed:
            continue
        with st.container(key=f"group_{group}", gap=None):
            parts.show(_state(view, group, listed, changed[group]))
            folded = st.expander(
                t(_TITLE[group]), expanded=group in _OPEN, key=f"open_{group}", on_change="rerun"
            )
            if folded.open:
                with folded:
                    _inside(view, group, listed)


def _state(view: View, group: ControlGroup, listed: tuple[Threshold, ...], changed: int) -> str:
    """What stands at the right of a group's title: beside it, because a title that changes would fold the
    group and take the slider from under the hand."""
    if changed:
        return f'<p class="cim-state"><b>{escape(t("whatif.n_changed", n=str(changed)))}</b></p>'
    return f'<p class="cim-state">{escape(gate().say(control_groups.now(group, view.ground, listed)))}</p>'


def _inside(view: View, group: ControlGroup, listed: tuple[Threshold, ...]) -> None:
    if group is ControlGroup.TARGETS:
        _targets(view, listed)
        return
    for threshold in listed:
        control(view, threshold)
    if group is ControlGroup.MISSED:
        choices.late(view)
    elif group is ControlGroup.DISPROPORTIONALITY:
        choices.minimums(view)
    elif group is ControlGroup.ELEMENTS:
        choices.elements(view)
    elif group is ControlGroup.RANKING:
        choices.ranking(view)
    elif group is ControlGroup.DATA:
        lea_numbers.edit(view)


def _targets(view: View, listed: tuple[Threshold, ...]) -> None:
    """One target at a time; those that are changed are marked in the list."""
    if not listed:
        st.markdown(md(t("whatif.no_targets")))
        return
    st.session_state.setdefault("whatif_target", _first_target(view, listed))
    picked = st.selectbox(
        t("whatif.which_target"), listed, key="whatif_target", label_visibility="collapsed",
        format_func=lambda one: gate().say(one.label),
    )  # fmt: skip
    control(view, picked)
    choices.sign(view, picked.setting.id)
    changed = [each for each in listed if each.setting in view.scenario.changes]
    said = tuple(control_words.changed_to(each, view.scenario, view.ground) for each in changed)
    parts.show(f'<p class="cim-was">{escape(t("whatif.changed_targets", each=said)) if said else ""}</p>')


def _first_target(view: View, listed: tuple[Threshold, ...]) -> Threshold:
    """The first that is changed, else the one that is missed most."""
    rows, results_of = view.intake.dataset.rows_of_year(view.year), view.baseline.results

    def order(threshold: Threshold) -> tuple[bool, int]:
        missed = results_of[rows, POSITION[threshold.setting.id]] == Result.MISSED
        return threshold.setting not in view.scenario.changes, -int(missed.sum())

    return min(listed, key=order)


def control(view: View, threshold: Threshold) -> None:
    """A slider with a number box; under it what it was with a way back, or how far it can go."""
    now = threshold.at(view.scenario.changes)
    label = gate().say(control_words.label(threshold, view.ground))
    cast = int if threshold.whole else float
    least, most = min(threshold.least, now), max(threshold.most, now)
    bounds: dict[str, Any] = {"min_value": cast(least), "max_value": cast(most), "step": cast(threshold.step)}
    slider, box = f"slide_{threshold.id}", f"box_{threshold.id}"
    for widget in (slider, box):
        choices.mirror(widget, cast(now))
    moved = now != threshold.value
    css = f"{'moved' if moved else 'still'}_{threshold.id.replace('.', '_')}"
    with st.container(key=f"control_{threshold.id.replace('.', '_')}", gap=None):
        unit = "percent" if control_words.is_percent(threshold) else "plain"
        line = f"{unit}_{threshold.id.replace('.', '_')}"
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=line):
            st.slider(
                label,
                **bounds,
                key=slider,
                on_change=_take,
                args=(threshold.setting, slider),
                width="stretch",
            )
            st.number_input(
                t("whatif.exactly", label=label), **bounds, key=box, on_change=_take,
                args=(threshold.setting, box), label_visibility="collapsed", width=104,
                format="%d" if threshold.whole else "%g",
            )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=css):
            parts.show(_under(view, threshold, moved, least, most))
            if moved:
                st.button(
                    t("whatif.undo"), key=f"undo_{threshold.id}", type="tertiary", on_click=_reset,
                    args=(threshold.setting,),
                )  # fmt: skip


def _under(view: View, threshold: Threshold, moved: bool, least: Decimal, most: Decimal) -> str:
    """The mark on the track where the value is as it is, and what stands under it."""
    share = float((threshold.value - least) / (most - least))
    mark = f'<i style="--at:{share:.4f}"></i>'
    value = gate().say(control_words.value(threshold, threshold.value))
    said = t("whatif.was", value=value) if moved else _range(view, threshold)
    return f'<p class="cim-was">{mark}{escape(said)}</p>'


def _range(view: View, threshold: Threshold) -> str:
    if threshold.group in _RANGELESS:
        return t("whatif.ranks_anew")
    swept = results.swept(threshold.setting, view.looking, book=view.scenario.instead)
    return still(view, swept) if swept is not None else ""


def still(view: View, swept: Sweep) -> str:
    """The range in which nobody moves, around the threshold as it is."""
    rows = view.intake.dataset.rows_of_year(view.year)
    low, low_in, high, high_in = swept.unmoved(rows, swept.threshold.value)
    if low is None and high is None:
        return t("whatif.never")
    whole = swept.threshold.whole
    if whole and high is not None and not high_in:
        high, high_in = high - 1, True
    if whole and low == high and low is not None:
        return t("whatif.still_only")
    ends = {
        "low": "" if low is None else t("whatif.from" if low_in else "whatif.above", value=written(low)),
        "high": "" if high is None else t("whatif.up_to" if high_in else "whatif.below", value=written(high)),
    }
    return t("whatif.still", **ends)


def _take(setting: Setting, widget: str) -> None:
    _set(setting, Decimal(written(Decimal(str(st.session_state[widget])))))


def _reset(setting: Setting) -> None:
    _set(setting, None)


def _set(setting: Setting, value: Decimal | None) -> None:
    view = results.view()
    threshold = thresholds.find(view.ground, setting) if view is not None else None
    if view is None or threshold is None:
        return
    wanted = threshold.changes(threshold.value if value is None else value)
    back = value is None or value == threshold.value
    changed = view.scenario.changed({name: None if back else to for name, to in wanted.items()})
    try:
        scenarios.changed_rulebook(changed, view.base)
    except SchemaError as error:
        st.session_state[REFUSED] = str(error)
        return
    results.set_scenario(choices.unnamed(changed))
