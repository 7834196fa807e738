"""What if: thresholds under the hand, who moves at once, and the data edited."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from cim_core.data.dataset import Ints
from cim_core.data.indicators import CODES, FAMILY_NAMED, get
from cim_core.export import move_rows
from cim_core.export import rows as export
from cim_core.placing import reference
from cim_core.rules import thresholds
from cim_core.rules.evaluations import Domain, RankAmong, TieRule
from cim_core.rules.rulebook import LATE, Comparator, Minimums
from cim_core.rules.settings import AS_FINDINGS, ELEMENT, RulebookArea, Setting
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import Comparison, Mover, Scenario, Sweep, compare, written
from cim_core.whatif import scenario as scenarios
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import address, charts, html_parts, last_resort, parts, results, scenario_tables
from ui.shared.header import REFERENCE_CHOICE
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t

MOST_ROWS = 60
MOST_SLOPES = 25
_GROUPS = (
    ThresholdGroup.COUNTS,
    ThresholdGroup.BANDS,
    ThresholdGroup.TARGETS,
    ThresholdGroup.DISPROPORTIONALITY,
    ThresholdGroup.TRACKS,
    ThresholdGroup.COUNTING,
    ThresholdGroup.RANKING,
)
_WALKED = (ThresholdGroup.RANKING,)


@st.fragment
def tune() -> None:
    """Thresholds and their consequences; only this part of the page runs again while a slider moves."""
    with last_resort.told():
        _tune()


_BANNER = MessageFamily("whatif.banner.{}", ("rules", "data", "both", "instead"))
_GROUP = MessageFamily("whatif.groups.{}", tuple(ThresholdGroup))
_WAY = {
    (True, True): "whatif.way_down_at",
    (True, False): "whatif.way_down_after",
    (False, True): "whatif.way_up_at",
    (False, False): "whatif.way_up_after",
}
"""By whether a threshold goes down, and whether somebody moves at the value itself."""


def _tune() -> None:
    view = results.view()
    if view is None:
        return
    found, rows = compare(view.baseline, view.placements), view.intake.dataset.rows_of_year(view.year)
    movers = found.movers(rows)
    result(view, found, movers)
    with st.container(key="whatif_controls"):
        controls(view)
    changes(view)
    who_moves(view, found, movers)
    fairness(found, rows)
    if st.session_state.get("bar_said") != view.scenario.is_empty:
        st.session_state["bar_said"] = view.scenario.is_empty
        st.rerun()


def result(view: View, found: Comparison, movers: tuple[Mover, ...]) -> None:
    """One sentence, the banner, and the counts before and after."""
    with st.container(
        key="whatif_banner"
    ):  # there even when empty: what follows keeps its place and the focus
        if not view.scenario.is_empty:
            parts.show(parts.banner(t(_BANNER[view.scenario.what])))
    html_parts.lead(sentence(view, found, movers))
    html_parts.before_after(found.counts(view.intake.dataset.rows_of_year(view.year)))


def summary_of(view: View) -> None:
    """The result alone, for the parts of the page that have no thresholds."""
    found = compare(view.baseline, view.placements)
    result(view, found, found.movers(view.intake.dataset.rows_of_year(view.year)))


def sentence(view: View, found: Comparison, movers: tuple[Mover, ...]) -> str:
    """How many LEAs and students move, and in which direction."""
    if not movers:
        return t("whatif.nobody", year=view.year_said)
    tally = found.tally(movers)
    each = []
    if tally.down:
        each.append(t("whatif.down", n=HowMany(tally.down), students=students(tally.students_down)))
    if tally.up:
        each.append(t("whatif.up", n=HowMany(tally.up), students=students(tally.students_up)))
    if tally.other:
        each.append(t("whatif.other", n=HowMany(tally.other)))
    said = t("whatif.move", n=HowMany(len(movers)), year=view.year_said, each=tuple(each))
    return said + (" " + t("whatif.swd_unknown", n=HowMany(tally.swd_unknown)) if tally.swd_unknown else "")


def controls(view: View) -> None:
    """The thresholds of one group at a time, as the rulebook is read."""
    every = thresholds.thresholds(view.ground)
    groups = [group for group in _GROUPS if any(one.group is group for one in every)]
    st.header(t("whatif.tune"), anchor=False)
    refused = st.session_state.pop("whatif_refused", "")
    if refused:
        st.warning(md(t("whatif.refused", why=refused)))
    chosen = st.segmented_control(
        t("whatif.group"), groups, default=groups[0], key="whatif_group", required=True,
        format_func=lambda group: t(_GROUP[group]), label_visibility="collapsed",
    )  # fmt: skip
    listed = [one for one in every if one.group is chosen]
    if chosen is ThresholdGroup.TARGETS:
        picked = st.selectbox(
            t("whatif.which_target"),
            listed,
            key="whatif_target",
            format_func=lambda one: gate().say(one.label),
        )
        listed = [picked]
    for one in listed:
        control(view, one)
    if chosen is ThresholdGroup.COUNTS:
        _about_counts(view)
    if chosen is ThresholdGroup.TARGETS:
        _about_target(view, listed[0].setting.id)
    if chosen is ThresholdGroup.RANKING:
        st.toggle(t("whatif.ranges"), key="whatif_ranges")
        _about_ranking(view)


def _about_counts(view: View) -> None:
    """How late evaluations count, and how the minimums of disproportionality are joined."""
    elements = view.ground.elements
    late = (*elements.as_findings, *(code for code in elements.indicators if code in LATE))
    now = view.scenario.changes.get(AS_FINDINGS, elements.as_findings)
    st.session_state["whatif_late"] = bool(now)
    st.toggle(t("whatif.late"), key="whatif_late", on_change=_count_late, args=(late, elements.as_findings))
    options = [one.value for one in Minimums]
    _choice(view, Setting(RulebookArea.DISPROPORTIONALITY, "", "minimums"), t("whatif.minimums"), options)


def _count_late(late: tuple[str, ...], official: tuple[str, ...]) -> None:
    view = results.view()
    chosen = late if st.session_state["whatif_late"] else ()
    if view is not None:
        changed = None if chosen == official else chosen
        results.set_scenario(view.scenario.changed({AS_FINDINGS: changed}))


def _about_target(view: View, code: str) -> None:
    """The sign before a target, and whether its indicator counts."""
    with st.container(horizontal=True):
        sign = Setting(RulebookArea.TARGETS, code, "comparator")
        _choice(view, sign, t("head.comparator"), [one.value for one in Comparator])
        _choice(view, Setting(RulebookArea.ELEMENTS, code), t("whatif.counts"), list(ELEMENT))


def _about_ranking(view: View) -> None:
    """Ties and weights of each evaluation that decides, and against whom LEAs are ranked."""
    for evaluation in view.ground.deciding_evaluations:
        with st.container(horizontal=True):
            label = t("whatif.ties", evaluation=evaluation.title)
            ties = Setting(RulebookArea.EVALUATIONS, evaluation.id, "ties")
            _choice(view, ties, label, [rule.value for rule in TieRule])
            label = t("whatif.rank_among", evaluation=evaluation.title)
            among = Setting(RulebookArea.EVALUATIONS, evaluation.id, "rank_among")
            _choice(view, among, label, [kind.value for kind in RankAmong])
            for domain in evaluation.domains if len(evaluation.domains) > 1 else ():
                weight = Setting(RulebookArea.EVALUATIONS, evaluation.id, "weight", domain.id)
                _weight(view, weight, t(FAMILY_NAMED[domain.id]))
        for domain in evaluation.domains:
            _indicators(view, evaluation.id, domain)
    kinds = ["", *reference.CHOICES]
    st.session_state["whatif_reference"] = view.scenario.reference
    st.selectbox(
        t("bar.reference"), kinds, key="whatif_reference", on_change=_rank_against,
        format_func=lambda kind: t(REFERENCE_CHOICE[kind]) if kind else t("whatif.as_before"),
    )  # fmt: skip


def _rank_against() -> None:
    view = results.view()
    if view is not None:
        results.set_scenario(with_values(view.scenario, reference=st.session_state["whatif_reference"]))


def _choice(view: View, setting: Setting, label: str, options: list[str]) -> None:
    official = str(setting.get(view.ground))
    widget = f"choice_{setting}"
    st.session_state[widget] = str(view.scenario.changes.get(setting, official))
    st.selectbox(
        label, options, key=widget, on_change=_choose, args=(setting, widget, official),
        format_func=scenario_tables.choice,
    )  # fmt: skip


def _choose(setting: Setting, widget: str, official: str) -> None:
    view = results.view()
    chosen = st.session_state[widget]
    if view is not None:
        results.set_scenario(view.scenario.changed({setting: None if chosen == official else chosen}))


def _indicators(view: View, evaluation: str, domain: Domain) -> None:
    setting = Setting(RulebookArea.EVALUATIONS, evaluation, "indicators", domain.id)
    widget = f"indicators_{setting}"
    now = view.scenario.changes.get(setting, domain.indicators)
    st.session_state[widget] = list(now) if isinstance(now, tuple) else list(domain.indicators)
    st.multiselect(
        t("whatif.indicators", domain=t(FAMILY_NAMED[domain.id])), CODES, key=widget, on_change=_enter,
        args=(setting, widget, domain.indicators), format_func=lambda code: gate().say(get(code).title),
    )  # fmt: skip


def _enter(setting: Setting, widget: str, official: tuple[str, ...]) -> None:
    view, chosen = results.view(), tuple(st.session_state[widget])
    if view is not None and chosen:
        same = set(chosen) == set(official)
        results.set_scenario(view.scenario.changed({setting: None if same else chosen}))


def _weight(view: View, setting: Setting, label: str) -> None:
    official = Decimal(str(setting.get(view.ground)))
    widget = f"weight_{setting}"
    st.session_state[widget] = float(str(view.scenario.changes.get(setting, official)))
    st.number_input(
        t("whatif.weight", domain=label), 0.1, 10.0, step=0.1, key=widget, on_change=_weigh,
        args=(setting, widget, official),
    )  # fmt: skip


def _weigh(setting: Setting, widget: str, official: Decimal) -> None:
    view = results.view()
    weight = Decimal(written(Decimal(str(round(st.session_state[widget], 2)))))
    if view is not None:
        results.set_scenario(view.scenario.changed({setting: None if weight == official else weight}))


def control(view: View, threshold: Threshold) -> None:
    """A slider with a number box, the value as it is, the range in which nobody moves, and a reset."""
    now = threshold.at(view.scenario.changes)
    label = gate().say(threshold.label)
    cast = int if threshold.whole else float
    least, most = min(threshold.least, now), max(threshold.most, now)
    bounds: dict[str, Any] = {"min_value": cast(least), "max_value": cast(most), "step": cast(threshold.step)}
    slider, box = f"slide_{threshold.id}", f"box_{threshold.id}"
    st.session_state[slider] = st.session_state[box] = cast(now)
    bounds |= {} if threshold.whole else {"format": "%.2f"}
    with st.container(
        horizontal=True, vertical_alignment="bottom", key=f"control_{threshold.id.replace('.', '_')}"
    ):
        st.slider(
            label, **bounds, key=slider, on_change=_take, args=(threshold.setting, slider), width="stretch"
        )
        st.number_input(
            t("whatif.exactly", label=label), **bounds, key=box, on_change=_take,
            args=(threshold.setting, box), label_visibility="collapsed", width=140,
        )  # fmt: skip
        st.button(
            t("whatif.reset"), key=f"reset_{threshold.id}", disabled=now == threshold.value, on_click=_reset,
            args=(threshold.setting,), help=t("whatif.reset_help", value=written(threshold.value)),
        )  # fmt: skip
    st.caption(md(official(view, threshold)))


def official(view: View, threshold: Threshold) -> str:
    """What the threshold is as it is, and how far it can go before anybody moves."""
    said = t("whatif.as_it_is", value=written(threshold.value))
    if threshold.group in _WALKED and not st.session_state.get("whatif_ranges"):
        return said
    swept = results.swept(threshold.setting, view.looking, book=view.scenario.instead)
    return said + " " + still(view, swept) if swept is not None else said


def still(view: View, swept: Sweep) -> str:
    """The range in which nobody moves, around the threshold as it is."""
    rows = view.intake.dataset.rows_of_year(view.year)
    low, low_in, high, high_in = swept.unmoved(rows, swept.threshold.value)
    if low is None and high is None:
        return t("whatif.never")
    whole = swept.threshold.whole
    if whole and high is not None and not high_in:
        high, high_in = high - 1, True
    ends = {
        "low": "" if low is None else t("whatif.from" if low_in else "whatif.above", value=written(low)),
        "high": "" if high is None else t("whatif.up_to" if high_in else "whatif.below", value=written(high)),
    }
    if whole and low == high and low is not None:
        return t("whatif.still_only", value=written(low))
    return t("whatif.still", **ends)


def nearest(view: View) -> str:
    """The change point nearest to a threshold as it is, in steps of its slider, and who would move there."""
    rows = set(view.intake.dataset.rows_of_year(view.year).tolist())
    found = []
    for threshold in thresholds.thresholds(view.ground):
        if threshold.group in _WALKED:
            continue
        swept = results.swept(threshold.setting, view.looking, book=view.scenario.instead)
        for change in swept.changes if swept is not None else ():
            if change.row in rows and threshold.least <= change.value <= threshold.most:
                found.append((abs(change.value - threshold.value) / threshold.step, threshold, change))
    if not found:
        return ""
    _, threshold, change = min(found, key=lambda each: each[0])
    down = change.value < threshold.value or (change.value == threshold.value and change.at)
    way = _WAY[down, change.at]
    name = str(view.intake.dataset.lea_name[change.row])
    label, value = gate().say(threshold.label), written(change.short)
    return t("whatif.nearest", label=label, way=t(way), value=value, lea=name)


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
        st.session_state["whatif_refused"] = str(error)
        return
    results.set_scenario(changed)


def changes(view: View) -> None:
    """What is changed, with a reset for everything."""
    if view.scenario.is_empty:
        return
    with st.expander(t("whatif.changes_title"), expanded=len(view.scenario.changes) < 7):
        head, lines = scenario_tables.differences(view.scenario, view.base)
        html_parts.table(head, lines)
    st.button(t("whatif.reset_all"), key="reset_all", on_click=address.choose, kwargs={"scenario": ""})


def who_moves(view: View, found: Comparison, movers: tuple[Mover, ...]) -> None:
    """Who moves: slopes for a few, a table for all that fit, a file for all."""
    st.header(t("whatif.who"), anchor=False)
    if not movers:
        if view.scenario.is_empty:
            st.markdown(md(nearest(view)))
        st.markdown(md(t("whatif.nobody_help")))
        return
    if len(movers) <= MOST_SLOPES:
        st.plotly_chart(
            charts.slopes(found, movers),
            config=html_parts.CONFIG,
            key="slopes",
            alt=sentence(view, found, movers),
        )
    head, lines = scenario_tables.movers(found, movers[:MOST_ROWS])
    html_parts.table(head, lines)
    if len(movers) > MOST_ROWS:
        st.caption(t("whatif.first_only", n=HowMany(MOST_ROWS), all=HowMany(len(movers))))
    st.download_button(
        t("whatif.download"),
        lambda: export.csv_bytes(move_rows.mover_rows(found, movers, gate()), move_rows.MOVER_COLUMNS),
        file_name=f"who_moves_{view.year}.csv",
        mime="text/csv",
        key="movers_export",
    )


def fairness(found: Comparison, rows: Ints) -> None:
    """Whom the setting helps and whom it hurts, by size and by type of LEA."""
    with st.expander(t("whatif.fairness")):
        heads = head_of("head.group", "head.leas", "head.helped", "head.hurt")
        html_parts.table(heads, scenario_tables.shares(found.by_size(rows), "size"), (1, 2, 3))
        html_parts.table(heads, scenario_tables.shares(found.by_type(rows), "type"), (1, 2, 3))


def with_values(scenario: Scenario, **values: object) -> Scenario:
    """A scenario with other values of its own fields."""
    return replace(scenario, **values)  # type: ignore[arg-type]
