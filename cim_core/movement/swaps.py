"""One LEA of an earlier year, turned into the one of a later year swap by swap, and placed after each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np

from cim_core.data.dataset import Bools, Codes, Dataset, Floats, Ints, Missing
from cim_core.data.indicators import POSITION
from cim_core.data.race_counts import WorkedOut, nothing
from cim_core.placing import ranking
from cim_core.placing.fill import Filled, as_given
from cim_core.placing.placement import Placements, place
from cim_core.placing.pools import filled_in
from cim_core.placing.ranking import Percentile, Pool, Ranked, Reference, ReferenceKind
from cim_core.rules.clause import Clause
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.tiers import Placement


class MoveReason(StrEnum):
    """What is swapped, in this order. Each swap keeps everything that was swapped before it.

    RULES: the later year's rulebook on the earlier data. TOO_FEW, ENOUGH: cells and numbers of students that
    cross a least number (of the counting, of an evaluation, of the small-LEA or ranking line), or that the
    file marks as too few. NOT_GIVEN, GIVEN: values and facts that are no longer, or newly, in the file.
    DATA: everything else of the LEA itself. OTHERS: the other LEAs, and the reference's later year; called
    STAND_IN where either year is ranked against another one, since then nobody can tell who moved the rank.
    NOT_SHOWN: everything at once, where more decides than an audience sees.
    """

    RULES = "rules"
    TOO_FEW = "too_few"
    ENOUGH = "enough"
    NOT_GIVEN = "not_given"
    GIVEN = "given"
    DATA = "data"
    OTHERS = "others"
    STAND_IN = "stand_in"
    NOT_SHOWN = "not_shown"


_BESIDE = MoveReason.STAND_IN, MoveReason.NOT_SHOWN
ORDER: tuple[MoveReason, ...] = tuple(reason for reason in MoveReason if reason not in _BESIDE)
_AT: dict[MoveReason, int] = {reason: at for at, reason in enumerate(ORDER)}
_OWN = (MoveReason.TOO_FEW, MoveReason.ENOUGH, MoveReason.NOT_GIVEN, MoveReason.GIVEN, MoveReason.DATA)
FEW_REASONS = (
    Missing.NOT_CALCULATED,
    Missing.SUPPRESSED,
    Missing.FEWER_THAN_11,
    Missing.NO_STUDENTS,
)
"""Why a file gives no value where there are too few students for one."""
_NOTHING, _FEW, _VALUE = 0, 1, 2
_CELLS = (
    "value_numerator", "value_denominator", "value", "numerator", "denominator", "inferred", "missing",
    "measure",
)  # fmt: skip
_FACTS = (
    "disproportionate_years", "newly_disproportionate", "sig_dis", "cceis", "minor_findings", "percentile",
    "preschool_percentile",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Two years to compare: where everybody was placed, against whom they were ranked, and which years.

    Both placements may be the same object: then the rules are held constant.
    """

    before: Placements
    after: Placements
    year_before: str
    year_after: str
    reference_before: Reference
    reference_after: Reference


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """An LEA after one swap (None: as it was), as one row of placements that hold the whole proof."""

    reason: MoveReason | None
    placements: Placements
    row: int

    @property
    def placement(self) -> Placement:
        """Where the LEA is placed at this stage."""
        return self.placements.placement(self.row)

    @property
    def clause(self) -> Clause | None:
        """The clause that decides at this stage."""
        return self.placements.clause(self.row)


@dataclass(frozen=True, slots=True, eq=False)
class SwapStep:
    """A swap at which the placement changes: the stage before it and the stage after it.

    `stages` are all stages of the LEA: the first and the last are the real years, those between are half-way.
    """

    before: Stage
    after: Stage
    stages: tuple[Stage, ...]

    @property
    def reason(self) -> MoveReason:
        """What was swapped."""
        assert self.after.reason is not None
        return self.after.reason


def stages(between: Between, pairs: Sequence[tuple[int, int]]) -> list[tuple[Stage, ...]]:
    """Every stage of some LEAs, each given by its rows in the earlier and in the later placements.

    The first stage is the earlier placement, the last one the later placement, as they were handed in.
    """
    if not pairs:
        return []
    untold = {at for at, pair in enumerate(pairs) if _is_unseen(between, *pair)}
    if untold:
        told = iter(stages(between, [pair for at, pair in enumerate(pairs) if at not in untold]))
        return [_ends(between, *pair) if at in untold else next(told) for at, pair in enumerate(pairs)]
    ruled = _ruled(between)
    old, new = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    own = _own(between, ruled, old, new)
    others = MoveReason.STAND_IN if _stands_in(between) else MoveReason.OTHERS
    return [
        (
            Stage(None, between.before, row),
            Stage(MoveReason.RULES, ruled, row),
            *(Stage(reason, placed, at) for reason, placed in own),
            Stage(others, between.after, later),
        )
        for at, (row, later) in enumerate(pairs)
    ]


def _is_unseen(between: Between, before: int, after: int) -> bool:
    """Whether an audience does not see all that places an LEA in either year."""
    return bool(between.before.unseen[before] or between.after.unseen[after])


def _ends(between: Between, before: int, after: int) -> tuple[Stage, ...]:
    """Both years of an LEA with nothing between them."""
    last = Stage(MoveReason.NOT_SHOWN, between.after, after)
    return Stage(None, between.before, before), last


def _stands_in(between: Between) -> bool:
    """Whether either year is ranked against another year of the reference, in an evaluation that decides."""
    sides = (between.before, between.year_before), (between.after, between.year_after)
    return any(
        used.older
        for placements, year in sides
        for one in placements.rulebook.deciding_evaluations
        for used in placements.percentiles[one.id].of_year(year)
    )


def _ruled(between: Between) -> Placements:
    """The earlier year under the later rules. Whether one is ranked, and within what, is a rule too."""
    before, rules = between.before, between.after.rulebook
    against = _reference(between)
    if against is between.reference_before:
        if before.rulebook == rules:
            return before
        if before.rulebook.evaluations == rules.evaluations:
            return place(before.dataset, rules, percentiles=before.percentiles)
    return place(before.dataset, rules, against)


def _reference(between: Between) -> Reference:
    """Against whom the earlier year is ranked once the rules are swapped."""
    before, after = between.reference_before, between.reference_after
    return before if before.kind is after.kind else after


def _own(between: Between, ruled: Placements, old: Ints, new: Ints) -> list[tuple[MoveReason, Placements]]:
    """The swaps of an LEA's own values and facts: for each, one row per LEA, placed."""
    rules = between.after.rulebook
    earlier, later = _take(ruled.dataset, old), _take(between.after.dataset, new)
    given = [(one, as_given(one, np.arange(len(one)))) for one in (earlier, later)]
    counted = _when(*(_standing(*one, rules.minimum_n, False) for one in given))
    facts = {name: _fact_when(getattr(earlier, name), getattr(later, name)) for name in _FACTS}
    facts["disproportionate_years"] = _given_when(_years_known(earlier), _years_known(later))
    facts["swd"] = _swd_when(earlier.swd, later.swd, rules)
    mixed = {
        reason: _mix(earlier, later, counted <= _AT[reason], {k: v <= _AT[reason] for k, v in facts.items()})
        for reason in _OWN
    }
    ranked: dict[MoveReason, dict[str, Percentile]] = {reason: {} for reason in _OWN}
    on_earlier = filled_in(ruled.dataset, old, _reference(between), between.year_before)
    on_later = filled_in(between.after.dataset, new, between.reference_after, between.year_after)
    students_when = _swd_when(on_earlier.swd, on_later.swd, rules)
    for evaluation in rules.deciding_evaluations:
        ranker = _Ranker(between, ruled, evaluation, old)
        sides = (earlier, on_earlier), (later, on_later)
        when = _when(*(_standing(*one, evaluation.min_denominator, True) for one in sides))
        for reason in _OWN:
            taken, swd_taken = when <= _AT[reason], students_when <= _AT[reason]
            on = Filled(
                value=np.where(taken, on_later.value, on_earlier.value),
                denominator=np.where(taken, on_later.denominator, on_earlier.denominator),
                swd=np.where(swd_taken, on_later.swd, on_earlier.swd),
                cells=np.where(taken, on_later.cells, on_earlier.cells),
                swd_cells=np.where(swd_taken, on_later.swd_cells, on_earlier.swd_cells),
                twins=on_earlier.twins,
            )
            ranked[reason][evaluation.id] = ranker.rank(mixed[reason], on)
    return [(reason, place(mixed[reason], rules, percentiles=ranked[reason])) for reason in _OWN]


class _Ranker:
    """Ranks LEAs one at a time among the others of the earlier year, in one evaluation."""

    def __init__(self, between: Between, ruled: Placements, evaluation: Evaluation, old: Ints) -> None:
        self.evaluation, self.reference = evaluation, _reference(between)
        found = ruled.percentiles[evaluation.id]
        self.years, self.ranked_by = found.years, found.ranked_by[old]
        self.now = {name: getattr(found, name)[old] for name in ("indicator", "composite", "rank", "ranked")}
        self.pool: Pool | None = None
        if self.reference.kind is not ReferenceKind.NONE:
            data = between.before.dataset
            pool = ranking.pool(data, evaluation, self.reference, between.year_before)
            if pool.reference_year is not None:
                arrays = {name: getattr(pool, name).copy() for name in ("value", "denominator", "swd")}
                self.pool = replace(pool, **arrays)
                self.at = np.searchsorted(pool.rows, old)
                self.columns = [POSITION[code] for code in pool.entered]
                self.last = [self._key(*self._row(at)) for at in self.at]

    def rank(self, dataset: Dataset, on: Filled) -> Percentile:
        """The percentiles of rows (M) that are ranked on these values; the others stay as they are."""
        if self.pool is not None:
            for row in range(len(dataset)):
                self._again(self.pool, row, on.value[row], on.denominator[row], int(on.swd[row]))
        computed = 100 * self.now["rank"] / self.now["ranked"]
        given = dataset.stated_percentile(self.evaluation.column)
        in_file = ~np.isnan(given)
        percentile = np.where(in_file, given, computed)
        found = Percentile(
            evaluation=self.evaluation,
            reference=self.reference,
            percentile=percentile,
            low=percentile,
            high=percentile,
            domain={},
            state=self._state(np.where(on.swd_cells, on.swd, dataset.swd), in_file),
            indicator_low=self.now["indicator"],
            indicator_high=self.now["indicator"],
            filled=on.cells & ~np.isnan(self.now["indicator"]),
            filled_swd=on.swd_cells,
            ranked_by=self.ranked_by,
            years=self.years,
            **{name: each.copy() for name, each in self.now.items()},
        )
        return ranking.bounded(found)

    def _again(self, pool: Pool, row: int, value: Floats, students: Ints, swd: int) -> None:
        """Rank one LEA anew, unless nothing that the ranking sees has changed since the last swap."""
        key = self._key(value, students, swd)
        if key == self.last[row]:
            return
        self.last[row] = key
        at = self.at[row]
        kept = self._row(at)
        pool.value[at], pool.denominator[at], pool.swd[at] = value, students, swd
        found = ranking.stand(pool)
        pool.value[at], pool.denominator[at], pool.swd[at] = kept
        for name in ("indicator", "composite", "rank"):
            self.now[name][row] = getattr(found, name)[at]
        self.now["ranked"][row] = found.ranked[at]

    def _row(self, at: int) -> tuple[Floats, Ints, int]:
        assert self.pool is not None
        return self.pool.value[at].copy(), self.pool.denominator[at].copy(), int(self.pool.swd[at])

    def _key(self, value: Floats, students: Ints, swd: int) -> tuple[bytes, bytes, int]:
        return value[self.columns].tobytes(), students[self.columns].tobytes(), swd

    def _state(self, swd: Ints, in_file: Bools) -> Codes:
        if self.reference.kind is ReferenceKind.NONE:
            nowhere = Ranked.NO_REFERENCE
        elif self.pool is None:
            nowhere = Ranked.NO_REFERENCE_YEAR
        else:
            nowhere = Ranked.TOO_FEW if self.pool.entered else Ranked.NOTHING_TO_RANK
        small = (swd >= 0) & (swd <= self.evaluation.swd_over)
        there = ~np.isnan(self.now["rank"])
        found = np.select(
            [in_file, swd < 0, small, there],
            [Ranked.FROM_FILE, Ranked.SWD_UNKNOWN, Ranked.SMALL, Ranked.COMPUTED],
            nowhere,
        )
        return found.astype(np.int8)


def _standing(dataset: Dataset, on: Filled, least: int, needs_count: bool) -> Codes:
    """Whether each cell can be used (R×K): nothing there, too few students, or a value."""
    students = on.denominator
    there = (dataset.missing == Missing.PRESENT) | on.cells
    below = there & (students >= 0) & (students < least)
    usable = there & ~below & ((students >= 0) | (not needs_count))
    few = below | (~there & np.isin(dataset.missing, FEW_REASONS))
    return np.select([usable, few], [_VALUE, _FEW], _NOTHING).astype(np.int8)


def _when(was: Codes, now: Codes) -> Codes:
    """The swap at which each cell takes its later value, as a position in `ORDER`."""
    return np.select(
        [was == now, now == _NOTHING, now == _FEW, was == _FEW],
        [_AT[MoveReason.DATA], _AT[MoveReason.NOT_GIVEN], _AT[MoveReason.TOO_FEW], _AT[MoveReason.ENOUGH]],
        _AT[MoveReason.GIVEN],
    ).astype(np.int8)


def _fact_when(was: Ints | Codes | Floats, now: Ints | Codes | Floats) -> Codes:
    """The same for a fact: it is given or not, else it is the LEA's own data."""
    known, later = (~np.isnan(one) if one.dtype.kind == "f" else one >= 0 for one in (was, now))
    return _given_when(known, later)


def _years_known(dataset: Dataset) -> Bools:
    """Whether anything is known of the years in a row: their number, or bounds worked out from counts."""
    return (dataset.disproportionate_years >= 0) | (_bounds(dataset).least >= 0)


def _given_when(known: Bools, later: Bools) -> Codes:
    return np.select(
        [known & ~later, later & ~known],
        [_AT[MoveReason.NOT_GIVEN], _AT[MoveReason.GIVEN]],
        _AT[MoveReason.DATA],
    ).astype(np.int8)


def _swd_when(was: Ints, now: Ints, rules: Rulebook) -> Codes:
    """The same for the number of students with disabilities, which only matters for the lines it crosses."""
    lines = np.array([rules.small_lea.max_swd, *(one.swd_over for one in rules.deciding_evaluations)])
    above, later = ((one[:, None] > lines).sum(axis=1) for one in (was, now))
    both = (was >= 0) & (now >= 0)
    fewer, more = both & (later < above), both & (later > above)
    crossed = np.select([fewer, more], [_AT[MoveReason.TOO_FEW], _AT[MoveReason.ENOUGH]], -1)
    return np.where(crossed >= 0, crossed, _fact_when(was, now)).astype(np.int8)


def _mix(earlier: Dataset, later: Dataset, cells: Bools, facts: Mapping[str, Bools]) -> Dataset:
    """The earlier rows with some cells (M×K) and some facts (M each) taken from the later ones.

    A column that is not used in the files of a year leaves open whatever is taken from that year.
    """
    taken = {name: np.where(cells, getattr(later, name), getattr(earlier, name)) for name in _CELLS}
    known = {name: np.where(one, getattr(later, name), getattr(earlier, name)) for name, one in facts.items()}
    some = np.column_stack([cells, *facts.values()])
    unread = (earlier.unread & ~some.all(axis=1)) | (later.unread & some.any(axis=1))
    mixed = replace(
        earlier, columns=later.columns, assumed_none=later.assumed_none, unread=unread, **taken, **known
    )
    years = facts["disproportionate_years"]
    was, now = _bounds(earlier), _bounds(later)
    both = {
        one.name: np.where(years, getattr(now, one.name), getattr(was, one.name)) for one in fields(WorkedOut)
    }
    return replace(mixed, worked_out=WorkedOut(**both))


def _bounds(dataset: Dataset) -> WorkedOut:
    """What counts say of years that are only bounded; nothing where there are no counts."""
    return nothing(len(dataset)) if dataset.worked_out is None else dataset.worked_out


def _take(dataset: Dataset, rows: Ints) -> Dataset:
    """Some rows of a dataset, without where they were read: rows of two files may be mixed later.

    Facts worked out from counts are kept as they are; the counts are left behind, so that nothing is worked
    out again for a row that is partly of another year.
    """
    arrays = {
        one.name: getattr(dataset, one.name)[rows]
        for one in fields(dataset)
        if isinstance(getattr(dataset, one.name), np.ndarray) and one.name not in ("origin", "mine")
    }
    return replace(dataset, origins=(), **arrays, **dataset.without_counts(rows))
