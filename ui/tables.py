"""Rows for the tables of pages: the same numbers as the charts, as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cim_core.clause_words import percentile, vintage
from cim_core.explanation import IndicatorWhy, explain
from cim_core.indicators import POSITION, get
from cim_core.intake.problems import Problem
from cim_core.percentile_steps import Step
from cim_core.placement import Outcome, Placements, Result
from cim_core.ranking import Ranked, ReferenceKind
from cim_core.words import Quantity
from ui import look
from ui.say import gate, t


def region(placements: Placements, rows: Sequence[int], codes: Sequence[str]) -> pd.DataFrame:
    """One row per LEA: placement, how sure, missed targets, percentile, and the sign of each indicator."""
    lines = []
    for row in rows:
        signs = {get(code).label: look.symbol(placements, row, POSITION[code]) for code in codes}
        lines.append(_region_line(placements, row) | signs)
    return pd.DataFrame(lines)


def region_lines(placements: Placements, rows: Sequence[int]) -> tuple[list[str], list[list[str]]]:
    """The same without the signs, as head and lines of text, for print."""
    lines = [_region_line(placements, row) for row in rows]
    head = list(lines[0]) if lines else []
    return head, [["–" if cell in (None, "") else str(cell) for cell in line.values()] for line in lines]


def _region_line(placements: Placements, row: int) -> dict[str, object]:
    swd = int(placements.dataset.swd[row])
    return {
        t("head.lea"): str(placements.dataset.lea_name[row]),
        t("head.placement"): placements.placement(row).label,
        t("head.sure"): sure(placements, row),
        t("head.missed"): int(placements.missed[row]) if placements.count_known[row] else None,
        t("head.elements"): int(placements.counted[row]),
        t("head.percentile"): gate().value(_percentile(placements, row)),
        t("head.ranking"): ranking(placements, row),
        t("head.swd"): swd if swd >= 0 else None,
        t("head.flags"): flags(placements, row),
    }


def columns_named(names: Iterable[str]) -> tuple[str, ...]:
    """Columns of a file as people call them: an indicator by its code, a fact by its column's name."""
    return tuple(get(name).label if name in POSITION else name for name in names)


def sure(placements: Placements, row: int) -> str:
    """Firm, or what else it could be."""
    if placements.firm[row]:
        return t("sure.firm")
    here = placements.placement(row)
    others = [one.label for one in placements.could_be(row) if one != here]
    return t("sure.provisional", others=tuple(others))


def _percentile(placements: Placements, row: int) -> Quantity | None:
    """The school-age percentile, or nothing."""
    one = placements.percentiles.get("school_age")
    known = one is not None and not math.isnan(one.percentile[row])
    return percentile(float(one.percentile[row]), 1) if one is not None and known else None


def ranking(placements: Placements, row: int) -> str:
    """Where the school-age percentile comes from, or why there is none."""
    one = placements.percentiles.get("school_age")
    if one is None:
        return "–"
    within = one.reference.kind is ReferenceKind.WITHIN
    state = Ranked(int(one.state[row]))
    return t(f"ranking.{'within' if within and state is Ranked.COMPUTED else state.name.lower()}")


def columns(codes: Sequence[str]) -> dict[str, Any]:
    """How wide tables of LEAs show their columns: the LEA stays in view, each indicator's name is a tip."""
    signs = {
        get(code).label: st.column_config.TextColumn(help=get(code).name, width="small") for code in codes
    }
    flags_column = {t("head.flags"): st.column_config.TextColumn(width="medium")}
    share = {t("head.percentile"): st.column_config.NumberColumn(format="%.1f")}
    return {t("head.lea"): st.column_config.TextColumn(pinned=True)} | flags_column | share | signs


def flags(placements: Placements, row: int) -> str:
    """Small LEA and significant disproportionality, where they hold."""
    held = []
    if placements.small_lea[row] == 1:
        held.append(t("flag.small"))
    if placements.sig_dis[row] == 1:
        held.append(t("flag.sig_dis"))
    return ", ".join(held)


def indicator_rows(shown: Iterable[IndicatorWhy]) -> list[list[str]]:
    """One line per indicator: name, rate, fraction, target with vintage, result, distance."""
    lines = []
    for one in shown:
        rate = gate().number(one.rate) if one.rate is not None else t(f"missing.{one.missing.name.lower()}")
        counted = one.numerator is not None and one.denominator is not None
        fraction = f"{gate().bare(one.numerator)} ÷ {gate().bare(one.denominator)}" if counted else "–"
        if not counted and one.denominator is not None:
            fraction = t("lea.of_students", n=gate().bare(one.denominator))
        if one.inferred:
            fraction += f" ({t('lea.inferred')})"
        target = one.target.written if one.target and one.target.written else t("lea.no_target")
        of_year = gate().say(vintage(one.target)) if one.target else "–"
        sign = look.SYMBOLS[one.result]
        result = f"{sign} {t(f'result.{one.result.word}')}"
        if not one.element and one.result in (Result.MET, Result.MISSED):
            result += f" ({t('lea.not_element')})"
        distance = _signed(one)
        lines.append(
            [one.indicator.label, one.indicator.name, rate, fraction, target, of_year, result, distance]
        )
    return lines


INDICATOR_NUMBERS = (2, 3, 4, 7)


def indicator_head() -> list[str]:
    """Column heads of `indicator_rows`."""
    names = ("number", "indicator", "rate", "fraction", "target", "vintage", "result", "distance")
    return [t(f"head.{name}") for name in names]


def steps(each: Iterable[Step]) -> tuple[list[str], list[list[str]]]:
    """How a percentile came about, as head and lines."""
    head = [t(f"head.{name}") for name in ("step", "value", "students", "rank", "ranked", "percentile")]
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
    head = [t("head.indicator"), *(year for year, _ in found)]
    whys = [explain(placements, row) for _, row in found]
    lines = [[t("head.placement"), *(why.placement.label for why in whys)]]
    lines.append([t("head.missed"), *(str(int(placements.missed[row])) for _, row in found)])
    for code, at in POSITION.items():
        cells = [why.indicators[at] for why in whys]
        if all(cell.rate is None for cell in cells):
            continue
        lines.append([get(code).title, *(_with_sign(cell) for cell in cells)])
    return head, lines


def problems(found: Iterable[Problem]) -> list[list[str]]:
    """One line per problem: severity, place, found, expected, how to mend."""
    return [
        [
            t(f"problem.severity.{one.severity.value}"),
            one.where(),
            one.found or "–",
            one.expected(),
            one.mend(),
        ]
        for one in found
    ]


def _with_sign(cell: IndicatorWhy) -> str:
    if cell.rate is None:
        return t(f"missing_short.{cell.missing.name.lower()}")
    return f"{look.SYMBOLS[cell.result]} {gate().number(cell.rate)}"


def _signed(one: IndicatorWhy) -> str:
    if one.difference is None:
        return "–"
    written = gate().bare(one.difference)
    return f"+{written}" if one.difference.value > 0 else written


def lacking(placements: Placements, row: int) -> str:
    """What would have to be known to make the placement firm, in words."""
    why = explain(placements, row)
    seen: dict[str, None] = {}
    for rung in why.clauses:
        if rung.deciding:
            break
        if rung.outcome is Outcome.UNKNOWN:
            seen[gate().say(rung.detail)] = None
    return "; ".join(seen)
