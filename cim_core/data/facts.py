"""What is read about one LEA in one year, cell by cell, with the reason for every missing value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum, StrEnum

from cim_core.words.messages import MessageFamily


class Fact(StrEnum):
    """Kinds of facts that a whole file may be silent about (`--assume-none`)."""

    FINDINGS = "findings"
    DISPROPORTIONALITY = "disproportionality"
    PRESCHOOL = "preschool"
    ELEMENTS = "elements"


FACT_NAMED = MessageFamily("fact.{}", tuple(Fact))


class Missing(IntEnum):
    """Why a cell holds no value (method: what a cell can hold). PRESENT means that it holds one; SUPPRESSED
    is also what an audience does not see (`cim_core.suppression`)."""

    PRESENT = 0
    ABSENT = 1
    BLANK = 2
    NOT_CALCULATED = 3
    NOT_APPLICABLE = 4
    SUPPRESSED = 5
    FEWER_THAN_11 = 6
    NOT_REPORTED = 7
    NO_STUDENTS = 8
    REFUSED = 9


MISSING_NAMED = MessageFamily("missing.{}", tuple(Missing))
MISSING_IN_SHORT = MessageFamily("missing_short.{}", tuple(Missing))

TWO_SOURCES = ("susp", "chronic")
"""Indicators that CDE publishes twice, on DataQuest and on the Dashboard, with different students counted."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was read: the file, and the public collection that it belongs to (empty: not said).

    DataQuest and Dashboard rates of one LEA and year differ by many points, so no value is without one.
    """

    file: str
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one LEA and year: a rate (percent, points or count), its fraction, or a reason.

    `inferred` marks a numerator or denominator that follows from the other two values; two cells that differ
    in their origin alone are equal.
    """

    rate: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    missing: Missing = Missing.PRESENT
    inferred: bool = False
    origin: Origin | None = field(default=None, compare=False)


PERCENTILE_COLUMNS = ("percentile", "preschool_percentile")
"""Facts that state where an LEA stands in an evaluation."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about an LEA in a year beside its indicators; None is unknown, never no.

    `cde_placement` and `cde_reasons` are in the words of CDE's letter; `letter_date` and `as_of` are dates as
    `2026-06-30`. `as_of` marks a year in progress: its counts are those up to that day.
    """

    swd: int | None = None
    disproportionate_years: int | None = None
    newly_disproportionate: bool | None = None
    sig_dis: bool | None = None
    cceis: bool | None = None
    minor_findings: int | None = None
    percentile: Decimal | None = None
    preschool_percentile: Decimal | None = None
    determination: str = ""
    lea_type: str = ""
    county: str = ""
    enrollment: int | None = None
    cde_placement: str = ""
    cde_reasons: str = ""
    letter_date: str = ""
    monitoring_year: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class LeaYear:
    """All that was read of one LEA and year; `unread` as in `Dataset`, `runs` as in `counts.bounded`."""

    lea_code: str
    year: str
    lea_name: str = ""
    selpa: str = ""
    facts: Facts = field(default_factory=Facts)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    unread: bool = False
    runs: tuple[int, int] | None = None
