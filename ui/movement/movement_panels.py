"""Movement: who moved between two years and why, as pieces of a page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core import movement as moves
from cim_core.export import rows as export
from cim_core.movement import ORDER, Between, Flows, Movement, MoveReason, YearMover
from cim_core.placing import settled
from cim_core.rules.tiers import Placement
from cim_core.words.messages import HowMany, Message, MessageFamily
from cim_core.words.rounding import count
from ui.movement import flows_drawing
from ui.shared import downloads, drawing, html_parts, parts, tables
from ui.shared.parts import Cell, Html
from ui.shared.results import View
from ui.shared.since_last_year import REASON
from ui.shared.words_on_screen import begun, gate, md, t

MOST_ROWS = 60

_WAYS = ("up", "down", "open", "other")
_MOST = MessageFamily("movement.most.{}", tuple(MoveReason))
_WENT = MessageFamily("movement.lead_{}", _WAYS)
_SWAP = MessageFamily("movement.swap.{}", tuple(MoveReason))


def finding(found: Movement) -> tuple[str, str]:
    """How many moved and which way, and what for most often."""
    between = found.between
    years = {"before": between.year_before, "after": between.year_after}
    if not found.rows:
        return t("movement.lead_nobody", **years), ""
    if not found.movers:
        return t("movement.lead_none", n=HowMany(len(found.rows)), **years), ""
    ways = found.by_way()
    each = tuple(Message(_WENT[way], {"n": HowMany(ways[way])}) for way in _WAYS if ways[way])
    movers = HowMany(len(found.movers))
    said = t("movement.lead", n=movers, all=HowMany(len(found.rows)), **years)
    reason, most = max(found.by_reason(), key=lambda pair: pair[1])
    why = t(_MOST[reason], n=HowMany(most), all=movers)
    return said, t("movement.ways", each=each, most=why)


def remarks(view: View, found: Movement) -> list[str]:
    """Who is in one of the years only, who is not settled, what the picture cannot show."""
    between = found.between
    said = []
    for rows, year in ((found.only_before, between.year_before), (found.only_after, between.year_after)):
        if rows:
            said.append(t("movement.only", n=HowMany(len(rows)), year=year))
    there = between.after.dataset.rows_of_year(between.year_after)
    unsettled = int((~between.after.firm[there]).sum())
    if unsettled and not view.in_progress:
        said.append(t("standing.note", n=HowMany(unsettled), all=HowMany(len(there))))
    for place, n in found.flows.unseen():
        said.append(t("movement.unseen", n=HowMany(n), placement=place.label))
    return said


def picture(found: Movement) -> None:
    """Flows between placements, and the same numbers as a table."""
    between, flows = found.between, found.flows.folded()
    if found.rows:
        years = between.year_before, between.year_after
        said = f"{finding(found)[0]} {t('movement.same_table')}"
        names = _names(found, flows)
        wide, narrow, paper = (
            flows_drawing.drawn(flows, years, names, said, layout)
            for layout in (flows_drawing.WIDE, flows_drawing.PHONE, flows_drawing.PAPER)
        )
        file = f"movement_{between.year_before}_{between.year_after}"
        drawing.picture(wide, "movement_flows", t("movement.flows_help"), narrow, file, paper)
    head, lines = flow_lines(flows, between)
    parts.show(parts.table(head, lines, range(1, len(head)), css="cim-flows"))
    whole = [place for place in found.flows.places if any(_of(found.flows, place))]
    if len(whole) > len(flows.places):
        with st.expander(t("movement.all_levels")):
            head, lines = flow_lines(found.flows, between)
            parts.show(parts.table(head, lines, range(1, len(head)), css="cim-flows"))


def _names(found: Movement, flows: Flows) -> dict[tuple[Placement, Placement], list[str]]:
    """The short names of those who moved, by from where to where in the picture: no two of a year alike."""
    after = found.between.after
    short = tables.short_names_of(after, after.dataset.rows_of_year(found.between.year_after).tolist())
    names: dict[tuple[Placement, Placement], list[str]] = {}
    for mover in found.movers:
        names.setdefault((mover.before, mover.after), []).append(short[mover.row_after])
    return {pair: each for pair, each in names.items() if set(pair) <= set(flows.places)}


def _of(flows: Flows, place: object) -> tuple[int, int]:
    at = [each == place for each in flows.places].index(True)
    return int(flows.counts[at].sum()), int(flows.counts[:, at].sum())


def flow_lines(flows: Flows, between: Between) -> tuple[list[str], list[list[str]]]:
    """How many LEAs went from each placement to each, with sums; head and lines."""
    starts = [at for at, place in enumerate(flows.places) if _of(flows, place)[0]]
    ends = [at for at, place in enumerate(flows.places) if _of(flows, place)[1]]
    head = [t("movement.from_to", before=between.year_before, after=between.year_after)]
    head += [*(gate().say(flows.places[at].label) for at in ends), t("movement.sum")]
    lines = [
        [
            gate().say(flows.places[line].label),
            *(count(int(flows.counts[line, column])) for column in ends),
            count(int(flows.counts[line].sum())),
        ]
        for line in starts
    ]
    sums = [count(int(flows.counts[:, column].sum())) for column in ends]
    return head, [*lines, [t("movement.sum"), *sums, count(int(flows.counts.sum()))]]


def who(found: Movement) -> None:
    """The movers, their steps and reasons, filtered by reason; a file holds all of them."""
    if not found.movers:
        parts.show(parts.heading(t("movement.who"), t("movement.nobody_help")))
        return
    between = found.between
    counts = {reason.value: n for reason, n in found.by_reason()}
    rules = between.before.rulebook.id
    with st.container(horizontal=True, vertical_alignment="center", key="movement_who"):
        parts.show(parts.heading(t("movement.who")))
        wanted = st.multiselect(
            t("movement.filter"), list(counts), placeholder=t("movement.every_reason"),
            format_func=lambda each: f"{t(REASON[MoveReason(each)])} ({counts[each]})",
            key=f"movement_reasons_{between.year_before}_{between.year_after}_{rules}",
            label_visibility="collapsed",
        )  # fmt: skip
        downloads.button(
            t("movement.download"),
            lambda: export.csv_bytes(moves.mover_rows(found, found.movers, gate()), moves.CSV_COLUMNS),
            file_name=f"movers_{between.year_before}_{between.year_after}.csv",
            mime="text/csv",
            key="movement_export",
        )
    shown = found.having(MoveReason(each) for each in wanted)
    if len(shown) > MOST_ROWS:
        st.caption(t("whatif.first_only", n=HowMany(MOST_ROWS), all=HowMany(len(shown))))
    head, lines = mover_lines(found, shown[:MOST_ROWS])
    parts.show(parts.table(head, lines, css="cim-first cim-movers"))
    method()


def mover_lines(
    found: Movement, shown: Sequence[YearMover]
) -> tuple[list[str], list[list[Cell | list[Cell]]]]:
    """Movers as head and lines: name, from where to where, the numbers behind it, reasons."""
    between = found.between
    head = [t("head.lea"), between.year_before, between.year_after, t("head.because"), t("movement.reasons")]
    lines: list[list[Cell | list[Cell]]] = []
    for mover in shown:
        link = tables.lea_link(between.after, mover.row_after, year=between.year_after)
        reasons = [t(REASON[reason]) for reason in mover.reasons]
        if len(mover.steps) > 1:
            places = [gate().say(step.after.placement.label) for step in mover.steps]
            reasons = [
                t("movement.reason_to", reason=reason, placement=place)
                for reason, place in zip(reasons, places, strict=True)
            ]
        pills = [
            Html(parts.pill(stand.placement, stand.settled))
            for stand in (
                settled.of(between.before, mover.row_before),
                settled.of(between.after, mover.row_after),
            )
        ]
        lines.append([link, *pills, begun(gate().say(moves.because(mover))), ", ".join(reasons)])
    return head, lines


def method() -> None:
    """In which order things are swapped, and what that means; built when it is opened."""
    with st.expander(t("movement.method"), key="no_print_movement_method", on_change="rerun") as fold:
        if not fold.open:
            return
        st.markdown(md(t("movement.method_text")))
        lines = [[str(at), t(REASON[reason]), t(_SWAP[reason])] for at, reason in enumerate(ORDER, 1)]
        html_parts.table([t("movement.order"), t("movement.reasons"), t("movement.swapped")], lines, (0,))
        st.caption(md(t("movement.method_source")))
