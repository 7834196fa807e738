"""Rows for the tables of pages: the same numbers as the charts, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from cim_core.data.dataset import Dataset, Missing
from cim_core.data.facts import MISSING_IN_SHORT, MISSING_NAMED
from cim_core.data.indicators import POSITION, get
from cim_core.data.short_names import short_names
from cim_core.intake.problems import SEVERITY_NAMED, Problem
from cim_core.intake.questions import collection_name
from cim_core.letters.agreement import Agreement, agreement
from cim_core.placing import settled
from cim_core.placing.placement import RESULT_NAMED, Placements, Result
from cim_core.why import explanation
from cim_core.why import region as summary
from cim_core.why.indicator_why import IndicatorWhy, rate_of
from cim_core.why.percentile_steps import PercentileStep
from cim_core.why.years import row_year_said
from cim_core.words.messages import HowMany, OneOf, message
from ui.shared import address, html_parts, letter_cells
from ui.shared.words_on_screen import gate, head_of, t

_SIGNS = {
    Result.MET: "✓",
    Result.MET_NOT_CALCULATED: "✓",
    Result.MISSED: "✕",
    Result.TOO_FEW: "◌",
    Result.MISSING: "–",
    Result.NO_TARGET: "·",
    Result.OTHER_MEASURE: "≠",
}
_DIRECTION = {
    "up": "direction.up",
    "down": "direction.down",
    "open": "direction.open",
    "other": "direction.other",
}


def flags(placements: Placements, row: int) -> str:
    """Small LEA and significant disproportionality, where they hold, and a year that is not over."""
    held = []
    if placements.small_lea[row] == 1:
        held.append(t("flag.small"))
    if placements.sig_dis[row] == 1:
        held.append(t("flag.sig_dis"))
    if placements.dataset.in_progress[row]:
        held.append(gate().say(row_year_said(placements.dataset, row)))
    return ", ".join(held)


def origin(dataset: Dataset, row: int, code: str) -> str:
    """Where a value was read: the public collection, where it is known, and the file."""
    found = dataset.origin_of(row, code)
    if found is None:
        return "–"
    return (
        f"{gate().say(collection_name(found.collection))}, {found.file}" if found.collection else found.file
    )


@dataclass(frozen=True, slots=True)
class IndicatorCells:
    """What tables say of one indicator of an LEA: rate, numerator ÷ denominator, target and for which year it
    is, met or missed, distance to the target. `rate` says why there is none."""

    rate: str
    fraction: str
    target: str
    vintage: str
    result: str
    distance: str

    def line(self) -> list[str]:
        """All of them in the order of `indicator_head`."""
        return [self.rate, self.fraction, self.target, self.vintage, self.result, self.distance]

    @property
    def target_of_year(self) -> str:
        """The target with its year behind it."""
        return self.target if self.vintage == "–" else f"{self.target} ({self.vintage})"


def indicator_cells(shown: IndicatorWhy) -> IndicatorCells:
    """One indicator of an LEA as texts."""
    return IndicatorCells(
        rate=_rate(shown),
        fraction=_fraction(shown),
        target=shown.target_written or t("lea.no_target"),
        vintage=gate().say(shown.vintage) if shown.vintage else "–",
        result=_result(shown),
        distance=_signed(shown),
    )


def indicator_head() -> list[str]:
    """Column heads of `IndicatorCells.line`."""
    return head_of(
        "head.rate", "head.fraction", "head.target", "head.vintage", "head.result", "head.distance"
    )


def _rate(shown: IndicatorWhy) -> str:
    rate = t(MISSING_NAMED[shown.missing]) if shown.rate is None else gate().number(shown.rate)
    if shown.from_state is None:
        return rate
    return t("rank.with_state", value=rate, rate=gate().number(shown.from_state))


def _fraction(shown: IndicatorWhy) -> str:
    """Numerator ÷ denominator, or the denominator alone, with what there is to say about them."""
    fraction = "–"
    if shown.denominator is not None and shown.numerator is not None:
        fraction = f"{gate().bare(shown.numerator)} ÷ {gate().bare(shown.denominator)}"
        if shown.denominator.value < summary.RELIABLE:
            few = message("lea.few", n=HowMany(summary.RELIABLE))
            fraction = t("with_note", what=fraction, note=few)
    elif shown.denominator is not None:
        fraction = t("lea.of_students", n=gate().bare(shown.denominator))
    return t("with_note", what=fraction, note=message("lea.inferred")) if shown.inferred else fraction


def _result(shown: IndicatorWhy) -> str:
    result = f"{_SIGNS[shown.result]} {t(RESULT_NAMED[shown.result])}"
    beside = not shown.element and shown.result in (Result.MET, Result.MISSED)
    return t("with_note", what=result, note=message("lea.not_element")) if beside else result


def steps(each: Iterable[PercentileStep]) -> tuple[list[str], list[list[str]]]:
    """How a percentile came about, as head and lines."""
    head = head_of("head.step", "head.value", "head.students", "head.rank", "head.ranked", "head.percentile")
    lines = [
        [
            gate().say(one.label),
            *(gate().bare(part) for part in (one.value, one.students, one.rank, one.ranked, one.percent)),
        ]
        for one in each
    ]
    return head, lines


def years(placements: Placements, lea: str) -> tuple[list[str], list[list[str]]]:
    """Placement and every rate of an LEA over the years of the dataset, as head and lines."""
    data = placements.dataset
    rows = [(year, data.row_of(lea, year)) for year in data.years]
    found = [(year, row) for year, row in rows if row is not None]
    head = [t("head.indicator"), *(gate().say(row_year_said(data, row)) for _, row in found)]
    lines = [[t("head.placement"), *(gate().say(settled.short(placements, row)) for _, row in found)]]
    known = placements.count_known
    lines.append(
        [t("head.missed"), *(str(int(placements.missed[row])) if known[row] else "–" for _, row in found)]
    )
    for code, at in POSITION.items():
        if all(placements.dataset.missing[row, at] for _, row in found):
            continue
        lines.append([gate().say(get(code).title), *(_with_sign(placements, row, code) for _, row in found)])
    return head, lines


def problems(found: Iterable[Problem]) -> list[list[str]]:
    """One line per problem: severity, place, found, expected, how to mend."""
    return [
        [
            t(SEVERITY_NAMED[indicator.severity]),
            indicator.where(gate()),
            indicator.shown(gate()) or "–",
            indicator.expected(gate()),
            indicator.mend(gate()),
        ]
        for indicator in found
    ]


def _with_sign(placements: Placements, row: int, code: str) -> str:
    rate = rate_of(placements, row, code)
    if rate is None:
        missing = Missing(int(placements.dataset.missing[row, POSITION[code]]))
        return t(MISSING_IN_SHORT[missing])
    return f"{_SIGNS[Result(int(placements.results[row, POSITION[code]]))]} {gate().number(rate)}"


def _signed(indicator: IndicatorWhy) -> str:
    if indicator.difference is None:
        return "–"
    written = gate().bare(indicator.difference)
    return f"+{written}" if indicator.difference.value > 0 else written


def lacking(placements: Placements, row: int) -> str:
    """What would have to be known to settle the placement, in words."""
    return "; ".join(dict.fromkeys(map(gate().say, explanation.lacking(placements, row))))


def first_only(number: int) -> None:
    """That a list of LEAs that are not settled is not all of them, where there are too many."""
    if number > MOST_GROUPED:
        st.caption(t("rows.first_only", n=HowMany(MOST_GROUPED), all=HowMany(number)))


def not_firm(
    placements: Placements, rows: Sequence[int]
) -> list[list[html_parts.Cell | list[html_parts.Cell]]]:
    """LEAs that are not firm, one line for each set of things lacking; each name leads to its why."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row in rows[:MOST_GROUPED]:
        here = placements.placement(row)
        others = OneOf(one.label for one in placements.could_be(row) if one != here)
        key = lacking(placements, row), t("list.these", each=others)
        groups.setdefault(key, []).append(row)
    ordered = sorted(groups.items(), key=lambda one: -len(one[1]))
    return [[links(placements, grouped), could, what] for (what, could), grouped in ordered]


MOST_LINKS = 60
MOST_GROUPED = 100
"""LEAs that are not settled and listed with what is lacking; more than a region has."""


def links(placements: Placements, rows: Sequence[int]) -> list[html_parts.Cell]:
    """Names as links to their whys; of many the first ones, and how many more there are."""
    shown: list[html_parts.Cell] = [marked_link(placements, row) for row in rows[:MOST_LINKS]]
    more = len(rows) - len(shown)
    return [*shown, t("start.more_not_shown", n=HowMany(more))] if more > 0 else shown


def marked_link(placements: Placements, row: int) -> html_parts.Link:
    """An LEA's name as a link, with a sign where its letter differs from this tool's reading."""
    link = lea_link(placements, row)
    differs = agreement(placements, row) is Agreement.DIFFERS
    return replace(link, text=f"{link.text} {letter_cells.MARKS[Agreement.DIFFERS]}") if differs else link


def lea_link(placements: Placements, row: int, **more: str) -> html_parts.Link:
    """An LEA's name as a link to its why; `more` changes other parts of the address."""
    data = placements.dataset
    return html_parts.Link(str(data.lea_name[row]), address.to("lea", lea=str(data.lea_code[row]), **more))


def short_names_of(placements: Placements, rows: Sequence[int]) -> dict[int, str]:
    """The short name of each LEA among those of some rows."""
    names = [str(placements.dataset.lea_name[row]) for row in rows]
    return dict(zip(rows, short_names(names), strict=True))


def reasons(dataset: Dataset, row: int) -> dict[str, str]:
    """Why each missing cell of a row is missing, in the file's own short form; blank ones not."""
    found = {}
    for code, at in POSITION.items():
        missing = Missing(int(dataset.missing[row, at]))
        if missing not in (Missing.PRESENT, Missing.ABSENT, Missing.BLANK):
            found[code] = t(MISSING_IN_SHORT[missing])
    return found


def region_remarks(placements: Placements, rows: Sequence[int]) -> list[str]:
    """What a reader of the matrix must know: whether targets decide here, whether any can be counted."""
    rules = placements.rulebook
    remarks = []
    if not rules.counts_targets:
        remarks.append(t("region.targets_do_not_decide"))
    if not placements.counted[list(rows)].any():
        remarks.append(t("region.no_targets"))
    if rules.minimum_n:
        remarks.append(t("region.few"))
    other = (placements.results[list(rows)] == Result.OTHER_MEASURE).any(axis=0)
    labels = tuple(get(code).label for code in rules.elements.indicators if other[POSITION[code]])
    if labels:
        remarks.append(t("region.other_measure", labels=labels))
    return remarks
