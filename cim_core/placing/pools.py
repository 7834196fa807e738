"""Against whom LEAs are ranked, and everybody who is ranked together in one year of an evaluation.

Method: see `cim_core.placing.ranking`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np

from cim_core.data import lea_types
from cim_core.data.dataset import NONE, Bools, Dataset, Floats, Ints, Texts
from cim_core.data.indicators import POSITION
from cim_core.data.lea_types import local_rows
from cim_core.placing import fill
from cim_core.placing.fill import Filled
from cim_core.rules.evaluations import Evaluation, RankAmong
from cim_core.words.messages import Message, given


class ReferenceKind(StrEnum):
    """Against whom LEAs are ranked."""

    STATEWIDE = "statewide"
    WITHIN = "within"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reference:
    """Against whom LEAs are ranked: a statewide dataset, only the upload itself, or nobody.

    `fill`: whether ranking values that the upload lacks are taken from the dataset's row of the same LEA and
    year (`cim_core.placing.fill`).
    """

    kind: ReferenceKind
    dataset: Dataset | None = None
    title: Message | None = None
    fill: bool = True

    @property
    def name(self) -> Message:
        """How the reference is called in sentences."""
        if self.dataset is None:
            return given(self.kind.value)
        return self.title or given(self.dataset.name)


NO_REFERENCE = Reference(ReferenceKind.NONE)
WITHIN = Reference(ReferenceKind.WITHIN)


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Everybody who may be ranked in one year of an evaluation: the upload's rows, then the reference's.

    `rows` (n) index the dataset, `others` (m) the reference's dataset; `value` and `denominator` ((n+m)×K),
    `swd` (n+m). `entered` are the indicators ranked on; `reference_year` None: there is no year to rank in.
    `filled` says what of the upload's rows comes from the reference. `kind` (n+m): the type of each where the
    evaluation ranks by type, each type by itself and nobody of unknown type; "" for everybody where not.
    """

    evaluation: Evaluation
    year: str
    reference_year: str | None
    entered: tuple[str, ...]
    rows: Ints
    others: Ints
    value: Floats
    denominator: Ints
    swd: Ints
    filled: Filled
    kind: Texts

    @property
    def kinds(self) -> tuple[str, ...]:
        """The groups of which each is ranked by itself; only "" where everybody is ranked together."""
        if self.evaluation.rank_among is RankAmong.ALL:
            return ("",)
        return tuple(one for one in np.unique(self.kind).tolist() if one)

    @property
    def in_reference(self) -> Ints:
        """Where each of the n+m stands in the reference's dataset, −1 for LEAs that are not in it."""
        return np.concatenate([self.filled.twins, self.others])

    @property
    def from_reference(self) -> Bools:
        """The cells ((n+m)×K) that are the reference's own."""
        return np.concatenate([self.filled.cells, np.ones((len(self.others), len(POSITION)), np.bool_)])


def pool(dataset: Dataset, evaluation: Evaluation, reference: Reference, year: str) -> Pool:
    """Everybody who may be ranked in one year; `reference_year` None where there is nobody to rank among."""
    rows = dataset.everybody_of(year)
    state = reference.dataset
    state_year = None if reference.kind is ReferenceKind.NONE else year
    if state is not None:
        state_year = max((one for one in state.closed_years if one <= year), default=None)
    if state is None or state_year is None:
        enough = set(dataset.indicators) if state is None else set()
        filled, others = _of_closed_years(dataset, fill.as_given(dataset, rows), rows), np.empty(0, np.int64)
        value, denominator, swd = filled.value, filled.denominator, filled.swd
        kind = _kind(evaluation, dataset, rows, state)
    else:
        of_year = state.rows_of_year(state_year)
        enough = {code for code in evaluation.indicators if holds_enough(state, of_year, code, evaluation)}
        others = of_year[~np.isin(state.lea_key[of_year], dataset.lea_key[rows])]
        filled = filled_in(dataset, rows, reference, year)
        value = np.concatenate([filled.value, state.value[others]])
        denominator = np.concatenate([filled.denominator, state.denominator[others]])
        swd = np.concatenate([filled.swd, state.swd[others]])
        kind = np.concatenate(
            [_kind(evaluation, dataset, rows, state), _kind(evaluation, state, others, state)]
        )
    entered = tuple(code for code in evaluation.indicators if code in enough)
    return Pool(evaluation, year, state_year, entered, rows, others, value, denominator, swd, filled, kind)


def _kind(evaluation: Evaluation, dataset: Dataset, rows: Ints, state: Dataset | None) -> Texts:
    if evaluation.rank_among is RankAmong.ALL:
        return np.full(len(rows), "")
    return np.asarray(lea_types.written(dataset, state)[rows])


def part(among: Pool, kind: str) -> Pool:
    """Those of a pool who are ranked together with a type; the pool itself where everybody is."""
    if among.evaluation.rank_among is RankAmong.ALL:
        return among
    there = among.kind == kind
    mine, theirs = there[: len(among.rows)], there[len(among.rows) :]
    filled = {one.name: getattr(among.filled, one.name)[mine] for one in fields(Filled)}
    return replace(
        among,
        rows=among.rows[mine],
        others=among.others[theirs],
        value=among.value[there],
        denominator=among.denominator[there],
        swd=among.swd[there],
        filled=Filled(**filled),
        kind=among.kind[there],
    )


def filled_in(dataset: Dataset, rows: Ints, reference: Reference, year: str) -> Filled:
    """What rows of a year are ranked on; nothing is filled in where another year of the reference stands in.

    An LEA under a code of the upload's own is in the state under another one: its number of students is taken
    as unknown, so that it is not ranked beside itself.
    """
    state = reference.dataset
    if state is None:
        return _of_closed_years(dataset, fill.as_given(dataset, rows), rows)
    of_year = state.rows_of_year(year) if reference.fill else np.empty(0, np.int64)
    found = fill.of(dataset, rows, state, of_year)
    known = replace(found, swd=np.where(local_rows(dataset.lea_key[rows]), NONE, found.swd))
    return _of_closed_years(dataset, known, rows)


def _of_closed_years(dataset: Dataset, found: Filled, rows: Ints) -> Filled:
    """Rows whose year is not over are not ranked, and nobody is ranked among them: counts so far are not to
    be held against those of whole years. Their number of students is taken as unknown."""
    so_far = dataset.in_progress[rows]
    return replace(found, swd=np.where(so_far, NONE, found.swd)) if so_far.any() else found


def state_pool(state: Dataset, evaluation: Evaluation, year: str) -> Pool:
    """Everybody of a statewide dataset who may be ranked in one year of its own."""
    others = state.rows_of_year(year)
    entered = tuple(code for code in evaluation.indicators if holds_enough(state, others, code, evaluation))
    nobody = np.empty(0, np.int64)
    return Pool(
        evaluation, year, year, entered, nobody, others,
        state.value[others], state.denominator[others], state.swd[others], fill.as_given(state, nobody),
        _kind(evaluation, state, others, state),
    )  # fmt: skip


def holds_enough(state: Dataset, of_year: Ints, code: str, evaluation: Evaluation) -> bool:
    """Whether the reference itself holds enough values, and any that can be ranked at all.

    Without the second, a reference that gives no number of students would leave the upload ranked among
    itself.
    """
    column = POSITION[code]
    values = ~np.isnan(state.value[of_year, column])
    in_pool = (state.swd[of_year] > evaluation.swd_over) & (
        state.denominator[of_year, column] >= evaluation.min_denominator
    )
    return bool(values.sum() >= evaluation.min_reference_values and (values & in_pool).any())


def fit_to_rank(among: Pool, code: str) -> Bools:
    """Who of a pool can be ranked on an indicator: enough students in the LEA and behind the value."""
    evaluation, column = among.evaluation, POSITION[code]
    enough = among.denominator[:, column] >= evaluation.min_denominator
    return np.asarray((among.swd > evaluation.swd_over) & ~np.isnan(among.value[:, column]) & enough)
