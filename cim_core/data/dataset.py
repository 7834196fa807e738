"""LEAs × years × indicators, with the reason for every missing value.

A `Dataset` holds one row per LEA and year. Every value is kept as an exact fraction (percent, points or
count), so that met or missed is decided in whole-number arithmetic and never by binary rounding.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from cim_core.data import arrays, cell_arrays
from cim_core.data.arrays import NONE as NONE
from cim_core.data.arrays import Bools as Bools
from cim_core.data.arrays import Codes as Codes
from cim_core.data.arrays import Floats as Floats
from cim_core.data.arrays import Ints as Ints
from cim_core.data.arrays import Texts as Texts
from cim_core.data.cell_arrays import NANO as NANO
from cim_core.data.facts import TWO_SOURCES as TWO_SOURCES
from cim_core.data.facts import Cell as Cell
from cim_core.data.facts import Fact
from cim_core.data.facts import Facts as Facts
from cim_core.data.facts import LeaYear as LeaYear
from cim_core.data.facts import Missing as Missing
from cim_core.data.facts import Origin as Origin
from cim_core.data.indicators import CODES, POSITION, Family, get
from cim_core.data.race_counts import Counts, WorkedOut, bounded
from cim_core.data.small_groups import hides_group_of
from cim_core.words.disclosure import Audience

FACT_COLUMNS: tuple[str, ...] = tuple(Facts.__dataclass_fields__)
_FACTS_OF = {
    Fact.FINDINGS: {"minor_findings"},
    Fact.DISPROPORTIONALITY: {"disproportionate_years", "newly_disproportionate"},
    Fact.PRESCHOOL: {"preschool_percentile"}
    | {code for code in CODES if get(code).family is Family.PRESCHOOL},
}
NUMBERED = frozenset(code for code in CODES if code[0].isdigit())
"""The indicators of the State Performance Plan, from which rulebooks take their elements."""
DECIDING_FACTS = frozenset({"minor_findings", "disproportionate_years"})
"""Facts without which a placement stays provisional."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """R rows (LEA and year) × K indicators (the whole catalogue, in its order).

    `value` (R×K float64, NaN where missing) = `value_numerator` ÷ `value_denominator` (int64, exact, in
    percent, points or counts); `numerator`/`denominator` are students, −1 where not given; `missing` holds
    `Missing` codes; `measure` (R×K) points into `cim_core.data.measures.MEASURES`, −1 where there is only
    one. Three-valued facts are int8: 1, 0, −1 unknown. `columns` names the indicators and facts that were
    supplied: a column that is blank everywhere says no more than one that is not there, and its cells are
    ABSENT. `assumed_none` lists what a person said to take as none; `altered` marks data that a
    what-if scenario has changed. `origin` (R×K) points into `origins`, −1 where nothing is known of it.
    `counts` by race and ethnicity come with it where files hold them; `worked_out` says which facts were
    filled in from them (`cim_core.placing.from_counts.filled`). `unread` (R) marks rows of files with
    a column
    that looks like an indicator and is not used, and rows with two values for one cell: which is right
    is unknown. `audience`: for whom it is; for others than the working view small groups are left out
    (`cim_core.suppression`).
    """

    name: str
    digest: str
    lea_code: Texts
    lea_name: Texts
    selpa: Texts
    year: Texts
    lea_key: Texts
    value_numerator: Ints
    value_denominator: Ints
    value: Floats
    numerator: Ints
    denominator: Ints
    inferred: Bools
    missing: Codes
    measure: Codes
    swd: Ints
    disproportionate_years: Ints
    newly_disproportionate: Codes
    sig_dis: Codes
    cceis: Codes
    minor_findings: Ints
    percentile: Floats
    preschool_percentile: Floats
    determination: Texts
    lea_type: Texts
    county: Texts
    enrollment: Ints
    cde_placement: Texts
    cde_reasons: Texts
    letter_date: Texts
    monitoring_year: Texts
    as_of: Texts
    columns: frozenset[str]
    assumed_none: frozenset[Fact] = frozenset()
    altered: bool = False
    counts: Counts | None = None
    worked_out: WorkedOut | None = None
    origins: tuple[Origin, ...] = ()
    origin: Ints = field(default_factory=lambda: np.empty((0, 0), np.int64))
    unread: Bools = field(default_factory=lambda: np.empty(0, np.bool_))
    mine: Bools | None = None
    audience: Audience = Audience.WORKING

    def __len__(self) -> int:
        return len(self.lea_code)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years of the LEAs that are looked at, oldest first."""
        return tuple(sorted(set(self.year[self.looked_at].tolist())))

    @cached_property
    def in_progress(self) -> Bools:
        """Rows (R) of a year that is not over: their counts are those up to a day (`as_of`)."""
        return np.asarray(self.as_of != "", np.bool_)

    @cached_property
    def closed_years(self) -> tuple[str, ...]:
        """The years that are over for some LEA that is looked at, oldest first."""
        rows = self.looked_at
        return tuple(sorted(set(self.year[rows[~self.in_progress[rows]]].tolist())))

    @property
    def newest_year(self) -> str:
        """The newest year that is over, else the newest one; there must be one."""
        return (self.closed_years or self.years)[-1]

    @cached_property
    def every_year(self) -> tuple[str, ...]:
        """The years of everybody, oldest first."""
        return tuple(sorted(set(self.year.tolist())))

    @cached_property
    def looked_at(self) -> Ints:
        """The rows that are looked at, as positions in the arrays: all, where nobody chose among them."""
        return np.arange(len(self)) if self.mine is None else np.flatnonzero(self.mine).astype(np.int64)

    def looking_at(self, keys: Collection[str]) -> Dataset:
        """The same data with the LEAs of some keys looked at; all of them where none of the keys is here."""
        there = np.isin(self.lea_key, list(keys))
        return replace(self, mine=there if there.any() and not there.all() else None)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The indicators for which there was a column, in catalogue order."""
        return tuple(code for code in CODES if code in self.columns)

    def says_nothing_about(self) -> tuple[Fact, ...]:
        """Kinds of facts for which the file has no column at all, and elements where it lacks any of them;
        counts tell of disproportionality where they hold every LEA and year."""
        all_told = self.counts is not None and self.counts.cover(self.lea_key, self.year)
        told = {Fact.DISPROPORTIONALITY} if all_told else set()
        silent = {fact for fact, columns in _FACTS_OF.items() if not self.columns & columns} - told
        lacking = {Fact.ELEMENTS} if NUMBERED - self.columns else set()
        return tuple(fact for fact in Fact if fact in silent | lacking)

    @property
    def holds_only_counts(self) -> bool:
        """Whether the files hold counts by race and ethnicity, and neither an indicator nor a fact."""
        return self.counts is not None and not self.columns

    def assumed(self, fact: Fact) -> bool:
        """Whether a person said to take these facts as none, and the file is indeed silent about them."""
        return fact in self.assumed_none and fact in self._silent_about

    @cached_property
    def _silent_about(self) -> frozenset[Fact]:
        return frozenset(self.says_nothing_about())

    @cached_property
    def knows_disproportionality(self) -> Bools:
        """Rows of which anything is known about years of disproportionality, even if only bounds."""
        known = (self.disproportionate_years >= 0) | (self.newly_disproportionate >= 0)
        return known if self.worked_out is None else known | (self.worked_out.least >= 0)

    def assumed_at(self, row: int, fact: Fact) -> bool:
        """Whether it was taken as none for a row, of which nothing else is known."""
        if fact is Fact.DISPROPORTIONALITY and self.knows_disproportionality[row]:
            return False
        return self.assumed(fact)

    def stated_percentile(self, column: str) -> Floats:
        """The percentiles (R) that files state in a column of `PERCENTILE_COLUMNS`, NaN for none."""
        return np.full(len(self), np.nan) if not column else np.asarray(getattr(self, column))

    def exact(self, row: int, indicator: str) -> Fraction | None:
        """The exact value of a cell in percent, points or counts; None when it is missing."""
        column = POSITION[indicator]
        if self.missing[row, column]:
            return None
        return Fraction(int(self.value_numerator[row, column]), int(self.value_denominator[row, column]))

    def counts_given(self, rows: Ints | int | slice = slice(None)) -> Bools:
        """The cells (of some rows, R×K for all) that are present with numerator and denominator, given or
        worked out from the rate."""
        return np.asarray(self._counts_given[rows])

    @cached_property
    def _counts_given(self) -> Bools:
        there = self.missing == Missing.PRESENT
        given = there & (self.numerator >= 0) & (self.denominator > 0)
        given.flags.writeable = False
        return np.asarray(given)

    def origin_of(self, row: int, indicator: str) -> Origin | None:
        """Where a cell was read; None when it is not known."""
        at = int(self.origin[row, POSITION[indicator]]) if self.origins else NONE
        return None if at == NONE else self.origins[at]

    def withheld(self, least: int) -> Bools:
        """The cells (R×K) that may hold a result of at least `least` students which is not shown."""
        if not hides_group_of(least, self.audience):
            return np.zeros(self.missing.shape, np.bool_)
        return np.asarray(self.missing == Missing.SUPPRESSED)

    def files_of_cells(self, other: Dataset) -> frozenset[str]:
        """The files that give values for the same LEAs, years and indicators as another dataset."""
        rows = {
            key: row for row, key in enumerate(zip(self.lea_key.tolist(), self.year.tolist(), strict=True))
        }
        found: set[str] = set()
        for at, key in enumerate(zip(other.lea_key.tolist(), other.year.tolist(), strict=True)):
            row = rows.get(key)
            if row is None or not self.origins:
                continue
            same = (self.missing[row] == Missing.PRESENT) & (other.missing[at] == Missing.PRESENT)
            found |= {self.origins[one].file for one in set(self.origin[row][same].tolist()) - {NONE}}
        return frozenset(found)

    def without_counts(self, rows: Ints) -> dict[str, Any]:
        """What to put in place of the counts in a dataset made of some rows of this one: the facts worked out
        from them stay as they are, so that nothing is worked out again for rows that are no LEA's own. Nobody
        has chosen among these rows."""
        if self.counts is None:
            return {"mine": None}
        worked_out = None if self.worked_out is None else self.worked_out.at(rows)
        told = {Fact.DISPROPORTIONALITY} if not self.assumed(Fact.DISPROPORTIONALITY) else set()
        taken = self.assumed_none - told
        return {"mine": None, "counts": None, "worked_out": worked_out, "assumed_none": taken}

    def row_of(self, lea_code: str, year: str) -> int | None:
        """The row of an LEA and year, by any spelling of its code; None when there is none."""
        key = (lea_key(lea_code), year)
        return self._row_by_key.get(key, self._row_by_code.get(key))

    @cached_property
    def _row_by_key(self) -> dict[tuple[str, str], int]:
        return self._rows_by(self.lea_key)

    @cached_property
    def _row_by_code(self) -> dict[tuple[str, str], int]:
        """For code names, which are no keys."""
        return self._rows_by(self.lea_code)

    def _rows_by(self, names: Texts) -> dict[tuple[str, str], int]:
        keys = zip(names.tolist(), self.year.tolist(), strict=True)
        return {key: len(names) - 1 - at for at, key in enumerate(reversed(list(keys)))}

    def rows_of_year(self, year: str) -> Ints:
        """The rows of one year that are looked at, as positions in the arrays."""
        return self._rows_by_year.get(year, np.empty(0, np.int64))

    @cached_property
    def _rows_by_year(self) -> dict[str, Ints]:
        if self.mine is None:
            return self._everybody_by_year
        return {year: rows[self.mine[rows]] for year, rows in self._everybody_by_year.items()}

    def everybody_of(self, year: str) -> Ints:
        """All rows of one year, among whom those that are looked at are ranked."""
        return self._everybody_by_year.get(year, np.empty(0, np.int64))

    @cached_property
    def _everybody_by_year(self) -> dict[str, Ints]:
        return {year: np.flatnonzero(self.year == year).astype(np.int64) for year in self.every_year}


def lea_key(code: str) -> str:
    """What identifies an LEA: 7-digit CD codes and 14-digit CDS codes of the same district become one."""
    plain = re.sub(r"[\s-]", "", code)
    return plain + "0000000" if re.fullmatch(r"\d{7}", plain, re.ASCII) else plain


def build(
    rows: Iterable[LeaYear],
    columns: Iterable[str] | None = None,
    *,
    name: str = "",
    digest: str = "",
    assumed_none: Iterable[Fact] = (),
    counts: Counts | None = None,
) -> Dataset:
    """A dataset from LEA-years, sorted by LEA and year.

    `columns` are the indicators and facts that were supplied; by default those that hold a value or a reason.
    Raises ValueError for the same LEA and year twice, or an indicator that is not in the catalogue.
    """
    ordered = sorted(rows, key=lambda row: (lea_key(row.lea_code), row.year))
    keys = [(lea_key(row.lea_code), row.year) for row in ordered]
    _refuse_twice(keys)
    present = frozenset(columns) if columns is not None else _columns_of(ordered)
    facts = [row.facts for row in ordered]
    about = _identities(ordered, keys)
    if digest:
        keys = []  # as many as rows: not held while the cells are written
    cells = cell_arrays.fields(ordered, present)
    if not digest:
        exact = cells["value_numerator"].tobytes()
        digest = hashlib.sha256(repr((keys, exact, facts)).encode()).hexdigest()
    return Dataset(
        name=name,
        digest=digest,
        columns=present,
        assumed_none=frozenset(assumed_none),
        counts=counts,
        **about,
        **{name: kind(getattr(fact, name) for fact in facts) for name, kind in _KINDS_OF_FACTS.items()},
        **cells,
    )


_KINDS_OF_FACTS: dict[str, Callable[[Iterable[Any]], Any]] = {
    "swd": arrays.counts,
    "disproportionate_years": arrays.counts,
    "newly_disproportionate": arrays.three_valued,
    "sig_dis": arrays.three_valued,
    "cceis": arrays.three_valued,
    "minor_findings": arrays.counts,
    "percentile": arrays.floats,
    "preschool_percentile": arrays.floats,
    "determination": arrays.texts,
    "lea_type": arrays.texts,
    "county": arrays.texts,
    "enrollment": arrays.counts,
    "cde_placement": arrays.texts,
    "cde_reasons": arrays.texts,
    "letter_date": arrays.texts,
    "monitoring_year": arrays.texts,
    "as_of": arrays.texts,
}


def _refuse_twice(keys: list[tuple[str, str]]) -> None:
    if len(set(keys)) != len(keys):
        twice = next(key for key, following in zip(keys, keys[1:], strict=False) if key == following)
        raise ValueError(f"LEA {twice[0]} has year {twice[1]} twice")


def _identities(ordered: list[LeaYear], keys: list[tuple[str, str]]) -> dict[str, Any]:
    """What is known of whole rows: whose they are, and what could not be read in them."""
    return {
        "lea_code": arrays.texts(row.lea_code for row in ordered),
        "lea_name": arrays.texts(row.lea_name or row.lea_code for row in ordered),
        "selpa": arrays.texts(row.selpa for row in ordered),
        "year": arrays.texts(row.year for row in ordered),
        "lea_key": arrays.texts(key for key, _ in keys),
        "unread": np.array([row.unread for row in ordered], np.bool_),
        "worked_out": bounded(row.runs for row in ordered),
    }


def _columns_of(rows: list[LeaYear]) -> frozenset[str]:
    cells = {code for row in rows for code, cell in row.cells.items() if _says_something(cell)}
    facts = {name for row in rows for name in FACT_COLUMNS if getattr(row.facts, name) not in (None, "")}
    return frozenset(cells | facts)


def _says_something(cell: Cell) -> bool:
    value = cell.rate is not None or cell.numerator is not None or cell.denominator == 0
    return cell.missing not in (Missing.BLANK, Missing.ABSENT, *(() if value else (Missing.PRESENT,)))
