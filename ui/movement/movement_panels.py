"""Movement: who moved between two years and why, as pieces of a page, and one LEA since its last year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from cim_core import movement as moves
from cim_core.data.indicators import CODES, POSITION, get
from cim_core.export import rows as export
from cim_core.movement import ORDER, Between, Flows, Movement, MoveReason, Stage, YearMover
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.rules import rulebook_file
from cim_core.whatif import Scenario
from cim_core.why.indicator_why import one_indicator
from cim_core.words.messages import HowMany, Message, MessageFamily
from cim_core.words.rounding import count
from ui.movement import movement_charts
from ui.movement.movement_charts import Point
from ui.shared import html_parts, results, tables
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, md, t

MOST_ROWS = 60
MOST_OTHERS = 60

_MOST = MessageFamily("movement.most.{}", tuple(MoveReason))
_REASON = MessageFamily("movement.reason.{}", tuple(MoveReason))
_SHORT = MessageFamily("movement.short.{}", tuple(MoveReason))
_SWAP = MessageFamily("movement.swap.{}", tuple(MoveReason))


def choices(view: View) -> Movement | None:
    """The two years and the earlier rules, and what moved between them; None with one year of data."""
    years = view.intake.dataset.closed_years
    if len(years) < 2:
        return None
    latest = view.year if view.year in years[1:] else years[-1]
    with st.container(horizontal=True, vertical_alignment="bottom", key="movement_choices"):
        earlier = years[-2::-1]
        first = max(year for year in earlier if year < latest)
        before = st.selectbox(
            t("movement.earlier"), earlier, index=earlier.index(first), key=f"movement_earlier_{view.year}"
        )
        later = [year for year in reversed(years) if year > before]
        last = latest if latest in later else later[-1]
        after = st.selectbox(
            t("movement.later"), later, index=later.index(last), key=f"movement_later_{before}"
        )
    book = ""
    if not st.toggle(t("movement.constant"), value=True, key="movement_constant"):
        books = [one for one in rulebook_file.available() if one != view.rulebook.id]
        book = st.selectbox(
            t("movement.earlier_rules", year=before), books, key="movement_book",
            format_func=lambda one: gate().say(rulebook_file.load(one).title),
        )  # fmt: skip
        st.caption(md(t("movement.later_rules", year=after, title=view.rulebook.title)))
    else:
        st.caption(md(t("movement.constant_help", title=view.rulebook.title)))
    return moved(view, before, after, book)


def moved(view: View, before: str, after: str, book: str = "") -> Movement:
    """What moved between two years; `book` places the earlier one by another shipped rulebook."""
    return _moved(results.key(view), view, before, after, book)


@kept
def _moved(key: str, _view: View, before: str, after: str, book: str) -> Movement:
    """`key` is `results.key`; the years and the earlier rules are in the key by themselves."""
    earlier = _view.placements
    if book:
        there: Scenario = replace(_view.scenario, instead=book, changes={})
        earlier = results.placed_under(there, _view.looking).looking_at(_view.looking.keys)
    return moves.movement(earlier, _view.placements, before, after, _view.reference, _view.reference)


def finding(found: Movement) -> str:
    """How many moved, which way, and what for."""
    between = found.between
    years = {"before": between.year_before, "after": between.year_after}
    if not found.rows:
        return t("movement.lead_nobody", **years)
    if not found.movers:
        return t("movement.lead_none", n=HowMany(len(found.rows)), **years)
    down, up, other = found.by_direction()
    ways = (("movement.lead_down", down), ("movement.lead_up", up), ("movement.lead_other", other))
    each = tuple(Message(said, {"n": HowMany(n)}) for said, n in ways if n)
    said = t("movement.lead", n=HowMany(len(found.movers)), all=HowMany(len(found.rows)), each=each, **years)
    reason, most = max(found.by_reason(), key=lambda one: one[1])
    return f"{said} {t(_MOST[reason], n=HowMany(most), all=HowMany(len(found.movers)))}"


def remarks(found: Movement) -> list[str]:
    """Who is in one of the years only."""
    between = found.between
    said = []
    for rows, year in ((found.only_before, between.year_before), (found.only_after, between.year_after)):
        if rows:
            said.append(t("movement.only", n=HowMany(len(rows)), year=year))
    return said


def picture(found: Movement) -> None:
    """Flows between placements, and the same numbers as a table."""
    between, flows = found.between, found.flows.folded()
    st.header(t("movement.flows"), anchor=False)
    st.caption(t("movement.flows_help"))
    for place, n in found.flows.unseen():
        st.caption(t("movement.unseen", n=HowMany(n), placement=place.label))
    if found.rows:
        said = f"{finding(found)} {t('movement.same_table')}"
        with st.container(key="movement_flows"):
            st.plotly_chart(
                movement_charts.sankey(flows, between.year_before, between.year_after),
                config=html_parts.CONFIG, key="movement_sankey", alt=said,
            )  # fmt: skip
    head, lines = flow_lines(flows, between)
    html_parts.table(head, lines, range(1, len(head)))
    whole = [one for one in found.flows.places if any(_of(found.flows, one))]
    if len(whole) > len(flows.places):
        with st.expander(t("movement.all_levels")):
            head, lines = flow_lines(found.flows, between)
            html_parts.table(head, lines, range(1, len(head)))


def _of(flows: Flows, place: object) -> tuple[int, int]:
    at = [one == place for one in flows.places].index(True)
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
    st.header(t("movement.who"), anchor=False)
    if not found.movers:
        st.markdown(md(t("movement.nobody_help")))
        return
    between = found.between
    counts = {reason.value: n for reason, n in found.by_reason()}
    rules = between.before.rulebook.id
    wanted = st.multiselect(
        t("movement.filter"), list(counts), placeholder=t("movement.every_reason"),
        format_func=lambda one: f"{t(_REASON[MoveReason(one)])} ({counts[one]})",
        key=f"movement_reasons_{between.year_before}_{between.year_after}_{rules}",
    )  # fmt: skip
    shown = found.having(MoveReason(one) for one in wanted)
    if len(shown) > MOST_ROWS:
        st.caption(t("whatif.first_only", n=HowMany(MOST_ROWS), all=HowMany(len(shown))))
    head, lines = mover_lines(found, shown[:MOST_ROWS])
    html_parts.table(head, lines, css="cim-first")
    st.download_button(
        t("movement.download"),
        lambda: export.csv_bytes(moves.mover_rows(found, found.movers, gate()), moves.CSV_COLUMNS),
        file_name=f"movers_{between.year_before}_{between.year_after}.csv",
        mime="text/csv",
        key="movement_export",
    )
    method()


def mover_lines(
    found: Movement, shown: Sequence[YearMover]
) -> tuple[list[str], list[list[html_parts.Cell | list[html_parts.Cell]]]]:
    """Movers as head and lines: name, from, to, reasons, and the numbers behind them."""
    head = [t("head.lea"), t("head.from"), t("head.to"), t("movement.reasons"), t("head.because")]
    between = found.between
    lines: list[list[html_parts.Cell | list[html_parts.Cell]]] = []
    for mover in shown:
        link = tables.lea_link(between.after, mover.row_after, year=between.year_after)
        reasons = [t(_REASON[reason]) for reason in mover.reasons]
        if len(mover.steps) > 1:
            places = [gate().say(step.after.placement.label) for step in mover.steps]
            reasons = [
                t("movement.reason_to", reason=reason, placement=place)
                for reason, place in zip(reasons, places, strict=True)
            ]
        was = gate().say(settled.short(between.before, mover.row_before))
        now = gate().say(settled.short(between.after, mover.row_after))
        lines.append([link, was, now, "; ".join(reasons), begun(gate().say(moves.because(mover)))])
    return head, lines


def method() -> None:
    """In which order things are swapped, and what that means."""
    with st.expander(t("movement.method")):
        st.markdown(md(t("movement.method_text")))
        lines = [[str(at), t(_REASON[one]), t(_SWAP[one])] for at, one in enumerate(ORDER, 1)]
        html_parts.table([t("movement.order"), t("movement.reasons"), t("movement.swapped")], lines, (0,))
        st.caption(md(t("movement.method_source")))


def lines_of(view: View, found: Movement) -> None:
    """One LEA's rate of one indicator over all years, against the target, with the same as a table."""
    st.header(t("movement.lines"), anchor=False)
    data = view.placements.dataset
    rows = data.rows_of_year(found.between.year_after)
    ordered = sorted(rows.tolist(), key=lambda row: str(data.lea_name[row]))
    first = found.movers[0].row_after if found.movers else ordered[0]
    asked = data.row_of(view.lea, found.between.year_after) if view.lea else None
    with st.container(horizontal=True, vertical_alignment="bottom", key="movement_line_choices"):
        row = st.selectbox(
            t("lea.choose"), ordered, index=ordered.index(first if asked is None else asked),
            key=f"movement_lea_{found.between.year_after}",
            format_func=lambda one: f"{data.lea_name[one]} ({data.lea_code[one]})",
        )  # fmt: skip
        codes = _codes_of(view.placements, row)
        if not codes:
            st.info(t("movement.no_rates"))
            return
        turned = _turned(found, row)
        best = next((code for code in codes if code in turned), codes[0])
        code = st.selectbox(
            t("head.indicator"), codes, index=codes.index(best), key=f"movement_indicator_{row}",
            format_func=lambda one: gate().say(get(one).title),
        )  # fmt: skip
    name = str(data.lea_name[row])
    mine = _points(found, row)
    head, table = rate_lines(mine, code)
    said = _line_finding(mine, code, name)
    st.markdown(md(said))
    others = [_points(found, other) for other in ordered if other != row][:MOST_OTHERS]
    with st.container(key="movement_rates"):
        st.plotly_chart(
            movement_charts.rates(code, mine, others, name),
            config=html_parts.CONFIG, key="movement_rates_chart", alt=f"{said} {t('movement.same_table')}",
        )  # fmt: skip
    if len(ordered) > MOST_OTHERS + 1:
        st.caption(t("movement.some_others", n=HowMany(MOST_OTHERS)))
    html_parts.table(head, table, (1, 2, 3, 6))


def _turned(found: Movement, row: int) -> set[str]:
    mover = next((one for one in found.movers if one.row_after == row), None)
    return {one.name for one in moves.changes(mover.stages)} if mover is not None else set()


def _codes_of(placements: Placements, row: int) -> list[str]:
    """Indicators of which the LEA has a value in any year, the elements first."""
    data = placements.dataset
    same = data.lea_key == data.lea_key[row]
    there = [code for code in CODES if (data.missing[same, POSITION[code]] == 0).any()]
    elements = placements.rulebook.elements.indicators
    return sorted(there, key=lambda code: code not in elements)


def _points(found: Movement, row: int) -> list[Point]:
    """All years of an LEA; years up to the earlier one by the earlier rules, the others by the later ones."""
    between = found.between
    lea = str(between.after.dataset.lea_code[row])
    points = []
    for year in between.after.dataset.closed_years:
        by = between.before if year <= between.year_before else between.after
        points.append(Point(year, by, by.dataset.row_of(lea, year)))
    return points


def rate_lines(mine: Sequence[Point], code: str) -> tuple[list[str], list[list[str]]]:
    """A rate over the years as head and lines: rate, fraction, target with its year, result, distance."""
    head = [t("head.year"), *tables.indicator_head()]
    lines = []
    for point in mine:
        if point.row is None:
            lines.append([point.year, t("movement.not_there"), *["–"] * (len(head) - 2)])
            continue
        why = one_indicator(point.placements, point.row, code)
        lines.append([point.year, *tables.indicator_cells(why).line()])
    return head, lines


def _line_finding(mine: Sequence[Point], code: str, name: str) -> str:
    """In which years the target was met and missed."""
    results = [(point.year, movement_charts.result_of(point, code).word) for point in mine]
    parts = []
    for word, said in (("missed", "movement.line_missed"), ("met", "movement.line_met")):
        years = tuple(year for year, result in results if result == word)
        if years:
            parts.append(Message(said, {"years": years}))
    if not parts:
        return t("movement.line_nothing", lea=name, title=get(code).title)
    return t("movement.line", lea=name, title=get(code).title, each=tuple(parts))


@kept
def _since(key: str, row: int, _view: View) -> tuple[moves.Stage, ...]:
    return tuple(moves.since_stages(_view.placements, _view.reference, row))


def since_last_year(view: View, row: int) -> None:
    """What became of one LEA since its last year, folded under that sentence: steps, changes, method."""
    stages = _since(results.key(view), row, view)
    said = gate().say(moves.since(view.placements, view.reference, row, stages or None))
    if not stages:
        st.caption(md(said + "."))
        return
    with st.expander(md(said)):
        years = [str(one.placements.dataset.year[one.row]) for one in (stages[0], stages[-1])]
        lines = [
            [gate().say(part) for part in (one.what, one.before, one.after)] for one in moves.sides(stages)
        ]
        html_parts.table([t("movement.what"), *years], lines, (1, 2))
        st.markdown(md(t("movement.steps")))
        html_parts.table(*stage_lines(stages))
        changed = moves.changes(stages)
        st.markdown(md(t("movement.changed" if changed else "movement.unchanged")))
        if changed:
            head = [t("movement.what"), t("head.before"), t("head.after"), t("movement.at_swap")]
            html_parts.table(
                head,
                [
                    [
                        *(gate().say(part) for part in (one.what, one.before, one.after)),
                        t(_REASON[one.reason]),
                    ]
                    for one in changed
                ],
            )
        st.caption(md(t("movement.method_text") + " " + t("movement.method_source")))


def stage_lines(stages: Sequence[Stage]) -> tuple[list[str], list[list[str]]]:
    """The swaps in their order with the placement after each and the rule that decides then."""
    head = [t("movement.swapped"), t("movement.after_swap"), t("head.decides")]
    lines = [[t("movement.as_it_was"), gate().say(stages[0].placement.label), _rule(stages[0])]]
    for before, after in zip(stages, stages[1:], strict=False):
        assert after.reason is not None
        same = before.placement == after.placement
        place = t("movement.no_change") if same else gate().say(after.placement.label)
        rule = "–" if same and _rule(before) == _rule(after) else _rule(after)
        lines.append([t(_SHORT[after.reason]), place, rule])
    return head, lines


def _rule(stage: Stage) -> str:
    clause = stage.clause
    return gate().say(clause.said) if clause is not None else t("whatif.no_rule")
