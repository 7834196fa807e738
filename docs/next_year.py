"""What usually happens next: how often real LEAs that were this close were placed the same a year later.

`python -m docs.next_year` measures it anew on the statewide reference and writes
`cim_core/certainty/next_year.toml` and the tables in docs/method.md. Every LEA of one year is placed with the
state's own figures as elements, its closeness is told by `cim_core.outlook.closeness`, and the placement a
year later is compared. The state publishes no targets for these, so each is the value that a share of the
LEAs misses in the earlier year (`LEVELS`), the same value in both years.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np

from cim_core.data.dataset import Cell, Dataset, Facts, LeaYear, build
from cim_core.data.indicators import POSITION, get
from cim_core.data.shipped import STATEWIDE
from cim_core.outlook import BINS, TABLE, Ground, NextYearTable, Untested, bin_of, closeness, ground
from cim_core.outlook.next_year import table as read
from cim_core.placing.placement import Placements, place
from cim_core.placing.placement import Result as At
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator, Rulebook, Target
from cim_core.rules.sources import Provenance, Status

METHOD = Path(__file__).parent / "method.md"
STANDS_FOR = {"grad4": "1", "dropout4": "2", "cci": "8", "chronic": "chronic", "susp": "susp"}
"""Columns of the state's file, and the indicator of ours under which each is placed (8 only for its sign)."""
LEVELS = (10, 20, 35, 50, 65, 80)
"""Which percent of the LEAs miss each target of one world."""
LEAST_STUDENTS, LEAST_ELEMENTS = 30, 2
GROUPS = (30, 300)
"""Groups of so many students and more are counted apart."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One LEA, pair of years and level: how close it was, and whether it was placed the same a year later."""

    lea: str
    pair: str
    level: int
    count: int | None
    near: int
    same: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator of an LEA against one target: students to it, and whether it came out the same."""

    lea: str
    pair: str
    column: str
    count: int
    group: int
    same: bool


def rows() -> Iterator[LeaYear]:
    """The state's LEAs and years as elements; values of fewer than 30 students are left out."""
    with STATEWIDE.open(encoding="utf-8-sig", newline="") as file:
        for one in csv.DictReader(file):
            cells = {}
            for name, code in STANDS_FOR.items():
                top, bottom = one[f"{name}_n"], one[f"{name}_den"]
                if top and bottom and int(bottom) >= LEAST_STUDENTS:
                    cells[code] = Cell(numerator=int(top), denominator=int(bottom))
            for code in ("ela_dfs", "math_dfs"):
                if one[f"{code}_value"] and one[f"{code}_den"]:
                    cells[code] = Cell(
                        rate=Decimal(one[f"{code}_value"]), denominator=int(one[f"{code}_den"])
                    )
            swd = int(one["susp_den"]) if one["susp_den"] else None
            facts = Facts(
                swd=swd,
                disproportionate_years=0,
                newly_disproportionate=False,
                minor_findings=0,
                sig_dis=False,
            )
            yield LeaYear(one["cds"], one["school_year"], one["district"], "", facts, cells)


def rules(data: Dataset, year: str, level: int) -> Rulebook:
    """The usual rules, with the state's figures as elements and targets that `level` percent miss."""
    book = rulebook_file.load()
    codes = tuple(STANDS_FOR.values())
    targets = []
    for code in codes:
        values = data.value[data.rows_of_year(year), POSITION[code]]
        higher = get(code).higher_is_better
        cut = np.nanpercentile(values, level if higher else 100 - level)
        value = Decimal(repr(float(cut))).quantize(Decimal("0.1"), ROUND_HALF_UP)
        sign = Comparator.AT_LEAST if higher else Comparator.AT_MOST
        targets.append(Target(code, sign, value, year, Provenance(book.sources[0].id, Status.ASSUMED)))
    elements = replace(book.elements, indicators=codes, report_only=(), nc_is_met=())
    return replace(book, targets=tuple(targets), elements=elements, min_elements=LEAST_ELEMENTS)


def seen(data: Dataset, levels: tuple[int, ...] = LEVELS) -> tuple[list[Seen], list[Result]]:
    """Everything measured, in a fixed order: placements, and single results against their targets."""
    found, results = [], []
    for before, after in pairs(data):
        later = {str(data.lea_key[row]): row for row in data.rows_of_year(after).tolist()}
        pair = f"{before} to {after}"
        for level in levels:
            placements = place(data, rules(data, before, level), WITHIN)
            on = ground(placements, before)
            here = {
                row: later[lea]
                for row in data.rows_of_year(before).tolist()
                if (lea := str(data.lea_key[row])) in later
            }
            both = [row for row, to in here.items() if _placed(placements, row) and _placed(placements, to)]
            for row, near in closeness(on, both).items():
                if near.untested in (None, Untested.NOT_SETTLED):
                    same = placements.placement(row) == placements.placement(here[row])
                    lea, few = str(data.lea_key[row]), near.by_one + near.by_few
                    found.append(Seen(lea, pair, level, near.count, few, same))
            for row, to in here.items():
                results += _results(on, row, to, pair)
    return found, results


def pairs(data: Dataset) -> list[tuple[str, str]]:
    """Each year of the state's file with the one after it."""
    return list(zip(data.years, data.years[1:], strict=False))


def _placed(placements: Placements, row: int) -> bool:
    return placements.placement(row).tier is not None


def _results(on: Ground, row: int, to: int, pair: str) -> Iterator[Result]:
    data, results = on.placements.dataset, on.placements.results
    for column, code in STANDS_FOR.items():
        at = POSITION[code]
        if {int(results[row, at]), int(results[to, at])} <= {At.MET, At.MISSED}:
            count = int(on.margins.students[row, at])
            if count > 0:
                same = bool(results[row, at] == results[to, at])
                group = int(data.denominator[row, at])
                yield Result(str(data.lea_key[row]), pair, column, count, group, same)


def share_and_error(found: list[tuple[str, bool]]) -> tuple[float, float]:
    """The share of the true ones, and its standard error with all of one LEA taken together (clusters)."""
    share = sum(same for _, same in found) / len(found)
    by_lea: dict[str, float] = {}
    for lea, same in found:
        by_lea[lea] = by_lea.get(lea, 0.0) + same - share
    return share, math.sqrt(sum(off * off for off in by_lea.values())) / len(found)


def table(found: list[Seen], results: list[Result]) -> str:
    """The table as TOML."""
    names = sorted({one.pair for one in found})
    lines = [
        "# Made by `python -m docs.next_year` from cim_core/data/california_swd_2022_25.csv; do not edit.",
        "# LEAs so many students or places from another placement, and how many were placed the same later.",
        f"pairs = {json.dumps(names)}",
        f"levels = {json.dumps(LEVELS)}",
        f"most_near = {max(one.near for one in found)}",
    ]
    for at, (start, to) in enumerate(BINS):
        each = _of_pairs([one for one in found if bin_of(one.count) == at], names)
        lines += ["", "[[placement]]", *_ends(start, to), *_counts(each)]
        lines.append(f"leas = {[len({lea for lea, _ in one}) for one in each]}")
        lines.append(f"error = {[round(share_and_error(one)[1], 4) for one in each]}")
    for column in STANDS_FOR:
        lines += _single_results([one for one in results if one.column == column], column, names)
    return "\n".join(lines) + "\n"


def _single_results(results: Sequence[Result], column: str, names: Sequence[str]) -> Iterator[str]:
    """Results on one indicator, by students to the target and by the size of the group."""
    for at, (start, to) in enumerate(BINS):
        for least, most in zip(GROUPS, (*GROUPS[1:], 10**9), strict=True):
            mine = [one for one in results if bin_of(one.count) == at and least <= one.group < most]
            yield from ("", "[[result]]", f'indicator = "{column}"', *_ends(start, to))
            yield from (f"least_group = {least}", *_counts(_of_pairs(mine, names)))


def _of_pairs(found: Sequence[Seen | Result], names: Sequence[str]) -> list[list[tuple[str, bool]]]:
    """The LEAs of each pair of years, and whether it was the same."""
    return [[(one.lea, one.same) for one in found if one.pair == name] for name in names]


def markdown(held: NextYearTable) -> str:
    """The two tables of docs/method.md: placements by closeness, and single results by indicator."""
    first, then = held.pairs
    lines = [
        f"| students or places | same placement, {first} | {then} | difference ÷ its standard error | said |",
        "|---|---|---|---|---|",
    ]
    for one in held.bins:
        off = (one.of_pair(1) - one.of_pair(0)) / math.hypot(*one.error)
        each = [
            f"{100 * share:.1f}% ± {100 * error:.1f} ({of:,} of {leas} LEAs)"
            for share, error, of, leas in zip(
                map(one.of_pair, (0, 1)), one.error, one.of, one.leas, strict=True
            )
        ]
        lines.append(
            f"| {_range(one.start, one.to)} | {' | '.join(each)} | {off:+.1f} | {one.in_ten} in 10 |"
        )
    heads = [f"{_range(*ends)}" for ends in BINS]
    lines += [
        "",
        f"| one result, students to its target | {' | '.join(heads)} |",
        "|---|" + "---|" * len(BINS),
    ]
    for column in STANDS_FOR:
        for at, pair in enumerate(held.pairs):
            cells = [_share(held, column, start, at) for start, _ in BINS]
            lines.append(f"| {column}, {pair} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _range(start: int, to: int | None) -> str:
    return f"{start}–{to}" if to is not None else f"{start} and more, or none"


def _share(held: NextYearTable, column: str, start: int, at: int) -> str:
    mine = [one for one in held.singles if one.indicator == column and one.start == start]
    stayed, of = sum(one.stayed[at] for one in mine), sum(one.of[at] for one in mine)
    return f"{100 * stayed / of:.0f}% of {of:,}"


def page(text: str, held: NextYearTable) -> str:
    """docs/method.md with the tables put between their marks."""
    before, rest = text.split("<!-- next year -->")
    return f"{before}<!-- next year -->\n{markdown(held)}\n<!-- end -->{rest.split('<!-- end -->', 1)[1]}"


def _ends(start: int, to: int | None) -> list[str]:
    return [f"from = {start}"] + ([] if to is None else [f"to = {to}"])


def _counts(each: list[list[tuple[str, bool]]]) -> list[str]:
    return [
        f"stayed = {[sum(same for _, same in one) for one in each]}",
        f"of = {[len(one) for one in each]}",
    ]


if __name__ == "__main__":
    TABLE.write_text(table(*seen(build(rows()))), "utf-8")
    METHOD.write_text(page(METHOD.read_text("utf-8"), read()), "utf-8")
