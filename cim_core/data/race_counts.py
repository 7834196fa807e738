"""Counts of children by race and ethnicity, area by area: what disproportionality is worked out from.

Areas: 34 CFR 300.647(b)(3)–(4). Groups: 34 CFR 300.647(b)(2), the seven of federal reporting; the California
Department of Education counts Filipino students apart, who are Asian in federal reporting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np

from cim_core.data.arrays import Bools, Codes, Ints, Texts
from cim_core.words.messages import MessageFamily

STATE = "00000000000000"
"""The LEA key of rows about the whole state, as in CDE's own files."""
OPEN = 99
"""As the most years in a row: earlier years are not in the data, so there may be more."""
NOT_GIVEN = -1
"""Stands for a number that is not given."""
LARGEST = 10**7
"""No count is larger: it keeps the exact comparison of two fractions within 64 bits. California has 6 million
children in school."""


class Area(IntEnum):
    """The 14 areas of the regulation, and one that is none of them: suspension of all students."""

    IDENTIFIED = 0
    INTELLECTUAL_DISABILITY = 1
    SPECIFIC_LEARNING_DISABILITY = 2
    EMOTIONAL_DISTURBANCE = 3
    SPEECH_OR_LANGUAGE = 4
    OTHER_HEALTH_IMPAIRMENT = 5
    AUTISM = 6
    REGULAR_UNDER_40 = 7
    SEPARATE_SETTING = 8
    OSS_UP_TO_10 = 9
    OSS_OVER_10 = 10
    ISS_UP_TO_10 = 11
    ISS_OVER_10 = 12
    REMOVALS = 13
    SUSPENDED_ALL = 14

    @property
    def code(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()

    @property
    def regulated(self) -> bool:
        """Whether it is an area of the regulation, so that it may feed a rule."""
        return self is not Area.SUSPENDED_ALL

    @property
    def of_all(self) -> bool:
        """Whether the denominator is all enrolled children; else it is children with disabilities."""
        return self <= Area.AUTISM or self is Area.SUSPENDED_ALL


class Group(IntEnum):
    """The seven groups, then what else a file may count: not reported, everybody, and CDE's Filipino."""

    HISPANIC = 0
    AMERICAN_INDIAN = 1
    ASIAN = 2
    BLACK = 3
    PACIFIC_ISLANDER = 4
    WHITE = 5
    TWO_OR_MORE = 6
    NOT_REPORTED = 7
    TOTAL = 8
    FILIPINO = 9

    @property
    def code(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


AREAS = tuple(area for area in Area if area.regulated)
SEVEN = tuple(group for group in Group if group < Group.NOT_REPORTED)
AREA_NAMED = MessageFamily("area.{}", tuple(Area))
AREA_IN_SHORT = MessageFamily("area_short.{}", tuple(Area))
GROUP_NAMED = MessageFamily("race.{}", tuple(Group))
GROUP_IN_SHORT = MessageFamily("race_short.{}", SEVEN)
STUDENTS_NAMED = MessageFamily("race_students.{}", SEVEN)


@dataclass(frozen=True, slots=True)
class Count:
    """One row: so many children of a group (`cell`) among all children of it (`total`); None is not given.

    `suppressed` says that a number is withheld for privacy, not merely absent.
    """

    lea_key: str
    year: str
    area: Area
    group: Group
    cell: int | None
    total: int | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Counts:
    """M rows, each LEA, year, area and group once, sorted; −1 in `cell` or `total` is not given.

    `lea_key` is the key of a Dataset, `STATE` for the whole state. There is no Filipino group here any more:
    it is part of Asian.
    """

    lea_key: Texts
    year: Texts
    area: Codes
    group: Codes
    cell: Ints
    total: Ints
    suppressed: Bools

    def __len__(self) -> int:
        return len(self.lea_key)

    def by_place(self) -> dict[tuple[str, str, Area, Group], tuple[int, int]]:
        """Cell and total by LEA, year, area and group; −1 is not given."""
        numbers = zip(self.cell.tolist(), self.total.tolist(), strict=True)
        return {
            (lea, year, Area(area), Group(group)): both
            for (lea, year, area, group), both in zip(self._places(), numbers, strict=True)
        }

    def overlaps(self, other: Counts) -> bool:
        """Whether both hold the same LEA, year, area and group somewhere."""
        mine, theirs = (set(one._places()) for one in (self, other))
        return not mine.isdisjoint(theirs)

    def _places(self) -> Iterable[tuple[str, str, int, int]]:
        columns = (self.lea_key, self.year, self.area, self.group)
        return zip(*(one.tolist() for one in columns), strict=True)

    def cover(self, lea_key: Texts, year: Texts) -> bool:
        """Whether every LEA and year of two arrays has counts in an area of the regulation."""
        mine = self.area < len(AREAS)
        there = set(zip(self.lea_key[mine].tolist(), self.year[mine].tolist(), strict=True))
        return there.issuperset(zip(lea_key.tolist(), year.tolist(), strict=True))

    @property
    def feeds(self) -> bool:
        """Whether anything in it may feed a rule: counts of an LEA in an area of the regulation."""
        return bool(((self.area < len(AREAS)) & (self.lea_key != STATE)).any())


@dataclass(frozen=True, slots=True, eq=False)
class WorkedOut:
    """What counts say of R rows of a dataset, where its files are silent.

    `least` and `most` bound the years in a row (−1 where nothing was worked out); `years`, `newly` and
    `sig_dis` mark the facts that were filled in, so that they can be taken out again. `excluded` marks rows
    of which the files state something that their counts exclude. Where other numbers than those under which
    files spoke change what the counts say (`years_anew`, `sig_dis_anew`), the counts speak in their place:
    `said_years`, `said_newly` and `said_sig_dis` keep what the files stated.
    """

    least: Ints
    most: Ints
    years: Bools
    newly: Bools
    sig_dis: Bools
    excluded: Bools
    years_anew: Bools
    sig_dis_anew: Bools
    said_years: Ints
    said_newly: Codes
    said_sig_dis: Codes

    def at(self, rows: Ints) -> WorkedOut:
        """The same for some rows, in their order."""
        return WorkedOut(*(getattr(self, one.name)[rows] for one in fields(self)))


def nothing(rows: int) -> WorkedOut:
    """Rows of which nothing was worked out."""
    no, none = np.zeros(rows, np.bool_), np.full(rows, NOT_GIVEN, np.int64)
    unknown = none.astype(np.int8)
    return WorkedOut(none, none, no, no, no, no, no, no, none, unknown, unknown)


def bounded(runs: Iterable[tuple[int, int] | None]) -> WorkedOut | None:
    """What files say of the years in a row where they give no number: at least and at most, row by row.

    None where no row has such bounds.
    """
    listed = list(runs)
    if not any(listed):
        return None
    least, most = (
        np.array([NOT_GIVEN if one is None else one[at] for one in listed], np.int64) for at in (0, 1)
    )
    return replace(nothing(len(listed)), least=least, most=most)


def build(rows: Iterable[Count]) -> Counts | None:
    """Counts from rows, Filipino folded into Asian; None for no rows.

    Raises ValueError for the same LEA, year, area and group twice, or for counts that cannot be.
    """
    by_place: dict[tuple[str, str, Area], dict[Group, Count]] = defaultdict(dict)
    for row in rows:
        held = by_place[row.lea_key, row.year, row.area]
        if row.group in held:
            raise ValueError(f"{row.lea_key} {row.year} {row.area.code} {row.group.code} is given twice")
        _refuse_impossible(row)
        held[row.group] = row
    if not by_place:
        return None
    filipino = [key for key, held in by_place.items() if Group.FILIPINO in held]
    leas, places = {key[0] for key in filipino}, {key[1:] for key in filipino}
    listed = [
        row
        for key in sorted(by_place)
        for _, row in sorted(_folded(by_place[key], key[0] in leas or key[1:] in places).items())
    ]
    return _as_arrays(listed)


def _refuse_impossible(row: Count) -> None:
    for number in (row.cell, row.total):
        if number is not None and not 0 <= number <= LARGEST:
            raise ValueError(f"a count of {number} cannot be")
    if row.cell is not None and row.total is not None and row.cell > row.total:
        raise ValueError(f"{row.cell} of {row.total} cannot be")


def _as_arrays(listed: list[Count]) -> Counts:
    return Counts(
        lea_key=np.array([row.lea_key for row in listed], np.str_),
        year=np.array([row.year for row in listed], np.str_),
        area=np.array([row.area for row in listed], np.int8),
        group=np.array([row.group for row in listed], np.int8),
        cell=np.array([NOT_GIVEN if row.cell is None else row.cell for row in listed], np.int64),
        total=np.array([NOT_GIVEN if row.total is None else row.total for row in listed], np.int64),
        suppressed=np.array([row.suppressed for row in listed], np.bool_),
    )


def _folded(held: dict[Group, Count], apart: bool) -> dict[Group, Count]:
    """The groups of one LEA, year and area, with Filipino in Asian.

    Where the source counts Filipino students apart (`apart`: anywhere for this LEA, or for anybody in this
    year and area) but one of the two is not given here, Asian is not known, unless the other groups add up to
    everybody: then nobody is missing.
    """
    asian, filipino = held.get(Group.ASIAN), held.get(Group.FILIPINO)
    if not apart or (asian is None and filipino is None):
        return held
    kept: dict[Group, Count] = {
        group: row for group, row in held.items() if group not in (Group.ASIAN, Group.FILIPINO)
    }
    if asian is not None and filipino is not None:
        kept[Group.ASIAN] = replace(
            asian,
            cell=_sum(asian.cell, filipino.cell),
            total=_sum(asian.total, filipino.total),
            suppressed=asian.suppressed or filipino.suppressed,
        )
        return kept
    given = asian or filipino
    assert given is not None
    kept[Group.ASIAN] = replace(given, group=Group.ASIAN) if _complete(held) else replace(
        given, group=Group.ASIAN, cell=None, total=None
    )  # fmt: skip
    return kept


def _complete(held: dict[Group, Count]) -> bool:
    """Whether the groups add up to everybody."""
    everybody = held.get(Group.TOTAL)
    parts = [row.total for group, row in held.items() if group is not Group.TOTAL]
    return everybody is not None and None not in parts and sum(filter(None, parts)) == everybody.total


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second
