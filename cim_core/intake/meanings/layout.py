"""What all layouts share: header names, the raw records that a reader yields, the reader's interface."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.data.race_counts import Area, Group
from cim_core.intake.files.tables import Table
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Question
from cim_core.rules.rulebook import Comparator

IDENTITY = ("lea_code", "lea_name", "selpa", "year")
_SPELLINGS = {
    "lea_code": ("cds", "cds_code", "cd_code", "code", "agency_code", "district_code", "lea_cds_code"),
    "lea_name": ("lea", "name", "agency", "agency_name", "district", "district_name",
        "local_educational_agency", "local_education_agency", "local_educational_agency_lea",
        "local_education_agency_lea", "member_district", "member_lea", "lea_district"),
    "selpa": ("selpa_name", "region"),
    "year": ("school_year", "academic_year", "reporting_year",
        "school_yr", "academic_yr", "sy", "ay", "ffy", "federal_fiscal_year", "fiscal_year",
        "school_year_ending", "school_year_end", "year_ending", "school_year_starting", "school_year_start",
        "data_year", "test_year"),
    "swd": ("students_with_disabilities", "swd_count", "special_education_enrollment"),
    "lea_type": ("type", "agency_type"),
    "county": ("county_name",),
    "sig_dis": ("significant_disproportionality", "significantly_disproportionate"),
    "cceis": (
        "cceis_plan", "in_cceis", "in_cceis_plan", "in_a_cceis_plan", "still_in_a_cceis_plan",
        "still_in_cceis_plan", "still_in_cceis", "ceis_plan",
    ),
    "minor_findings": ("findings", "minor_compliance_findings"),
    "newly_disproportionate": ("newly_disproportional",),
    "cde_placement": ("cde_tier", "cim_tier", "cim_placement", "cde_cim_tier", "cim_level", "cde_level",
        "cim_tier_and_level", "cim_tier_level", "tier_and_level", "monitoring_tier", "monitoring_level",
        "monitoring_tier_and_level", "cim_monitoring_tier", "cim_status", "cde_letter", "letter_placement",
        "placement_in_letter", "tier_in_letter", "letter_tier", "cdes_letter", "cde_s_letter"),
    "cde_reasons": ("cde_reason", "reasons_in_letter", "letter_reasons", "reason_for_selection",
        "reasons_for_selection", "selection_reason", "selection_reasons", "reason_for_placement",
        "reasons_for_placement", "reasons_for_tier", "cim_reasons", "selected_for"),
    "letter_date": ("date_of_letter", "notification_date", "date_of_notification", "cde_letter_date",
        "date_of_cde_letter"),
    "monitoring_year": ("cim_year", "cim_monitoring_year", "year_of_monitoring", "monitoring_cycle_year"),
    "as_of": ("as_of_date", "counts_as_of", "data_as_of", "counted_to", "counts_up_to"),
}  # fmt: skip
_CANONICAL = {name: name for name in (*IDENTITY, *FACT_COLUMNS)} | {
    spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings
}
_RUN_TOGETHER = {name.replace("_", ""): ours for name, ours in _CANONICAL.items() if "_" in name}
"""The same names as download files write them: `districtname`, `schoolyear`."""


class Raw(NamedTuple):
    """One indicator of one LEA and year as written; None where the file has no such column.

    `collection` is the public collection that the row itself names (long layout), see `Reading.collection`.
    `refused`: the file gives two values, so that neither counts.
    """

    rate: str | None
    numerator: str | None
    denominator: str | None
    columns: tuple[str, str, str]
    reason: str = ""
    collection: str = ""
    refused: bool = False


class RawCount(NamedTuple):
    """Children of one group with one outcome, as written; `columns` name cell and total in the file.

    `withheld` says that the row itself calls its numbers suppressed.
    """

    area: Area
    group: Group
    cell: str
    total: str
    columns: tuple[str, str]
    withheld: bool = False


class Record(NamedTuple):
    """Some cells and facts of one LEA and year, from one row of a sheet (`row` as a person counts).

    A row of counts by race and ethnicity holds one in `counted`; its LEA code may be that of the state.
    `runs` bound the years in a row of disproportionality, at least and at most, where a file gives no number.
    """

    row: int
    identity: Mapping[str, str]
    facts: Mapping[str, str]
    cells: Mapping[str, Raw]
    counted: RawCount | None = None
    runs: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PrintedTarget:
    """A state target that a file prints for an indicator and year, with its comparator where it shows one.

    `met` is what the file says of the LEA in that row: `yes`, `no`, or empty where it says nothing; `rate` is
    the rate beside it, as written.
    """

    indicator: str
    year: str
    value: Decimal
    comparator: Comparator | None
    row: int
    column: str
    written: str
    lea_code: str = ""
    met: str = ""
    rate: str = ""
    file: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader got out of a table.

    `headers` gives the file's own name for each of our columns; `collection` is the public collection that
    the rates belong to (a key of the words `collection.*`), empty where the file does not say. `repeats`:
    several rows for one LEA and year are ordinary; they are read together, and neither counts where they
    differ, so that their order decides nothing. `implied` are facts that the file does not state as such
    (enrollment for the number of students); they yield to another file that does. `whole` says that the
    reader itself accounts for every row and cell around its table. `unread` are headers that look like an
    indicator or a fact and are not used: until they are, nothing of the table is settled.
    """

    table: Table
    layout: str
    records: list[Record]
    columns: frozenset[str]
    headers: Mapping[str, str]
    problems: list[Problem]
    questions: tuple[Question, ...] = ()
    targets: tuple[PrintedTarget, ...] = ()
    collection: str = ""
    repeats: bool = False
    implied: frozenset[str] = frozenset()
    whole: bool = False
    by_name: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()


class Choice(Enum):
    """Which rows a reader chooses by itself: of which student groups, and of which levels (LEA, school)."""

    NOTHING = "nothing"
    GROUPS = "groups"
    GROUPS_AND_LEVELS = "groups and levels"
    EVERYTHING = "everything, and says so itself"


@dataclass(frozen=True, slots=True)
class Layout:
    """One shape of file. `find` gives the index of the header's row, or None for another shape.

    `read` reads from that row on, told the answers of a person about the file. `example` is a small file of
    this shape as text; it is shown to users and read by the tests.
    """

    id: str
    find: Callable[[Table], int | None]
    read: Callable[[Table, int, Answers], Reading]
    example: str
    chooses: Choice = Choice.NOTHING


HEADER_WITHIN = 40
"""A header is looked for in so many rows from the top, under titles and preambles."""


def header_at(
    recognises: Callable[[Sequence[str]], bool],
    without_year: Callable[[Table, int], bool] = lambda table, at: False,
) -> Callable[[Table], int | None]:
    """A `find` for layouts that can be told by one row of header names.

    Only where no row is one with all its names, one without the year is looked for.
    """

    def find(table: Table) -> int | None:
        head = table.rows[:HEADER_WITHIN]
        full = next((at for at, row in enumerate(head) if recognises(row)), None)
        if full is not None:
            return full
        return next((at for at in range(len(head)) if without_year(table, at)), None)

    return find


def spellings() -> Mapping[str, str]:
    """Our identity and fact columns by every spelling of their names, as `plain` writes it."""
    return _CANONICAL


def plain(header: str) -> str:
    """A header without case, line breaks and punctuation: `LEA Code` → `lea_code`."""
    return re.sub(r"[^\w.]+", "_", header.strip().casefold()).strip("_")


@lru_cache(maxsize=2**14)
def canonical(header: str) -> str | None:
    """Our name for an identity or fact column, by any of its spellings; None when it is neither."""
    name = plain(header)
    return _CANONICAL.get(name) or (None if "_" in name else _RUN_TOGETHER.get(name))


_CODE_LIKE = re.compile(r"\d{5,7}|\d{13,14}|\d{2}-\d{5}(?:-\d{7})?|\d(?:\.\d+)?E\+?1[23]", re.ASCII | re.I)
_CODES_LOOKED_AT = 200


@lru_cache(maxsize=2**14)
def code_like(written: str) -> bool:
    """Whether a text can be an LEA code, also one that a spreadsheet has shortened."""
    return _CODE_LIKE.fullmatch(re.sub(r"""^(="?|')|"$""", "", written).removesuffix(".0")) is not None


def holds_codes(table: Table, header_at: int) -> bool:
    """Whether the column of LEA codes under a header holds anything that can be one."""
    at = next(at for at, cell in enumerate(table.rows[header_at]) if canonical(cell) == "lea_code")
    rows = table.rows[header_at + 1 : header_at + 1 + _CODES_LOOKED_AT]
    return any(at < len(row) and code_like(row[at]) for row in rows)


def body(table: Table, header_at: int) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header that hold anything, each with its number, padded to the header's width."""
    width = len(table.rows[header_at])
    for at in range(header_at + 1, len(table.rows)):
        row = table.rows[at]
        if any(row):
            yield table.first_row + at, row + [""] * (width - len(row))


_NOTHING: dict[str, str] = {}
"""Shared by all rows without named cells; nobody writes into what `pick` returns without copying it."""


def pick(row: Sequence[str], positions: Mapping[str, int]) -> dict[str, str]:
    """The named cells of a row."""
    return {name: row[at] for name, at in positions.items()} if positions else _NOTHING


def unused(table: Table, header: str, *, twice: bool) -> Problem:
    """A column that is not read: one more of the same name, or one that means nothing to us."""
    kind, severity = ("column_twice", Severity.WARNING) if twice else ("column_unused", Severity.NOTE)
    return table.problem(kind, severity, header)
