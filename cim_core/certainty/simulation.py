"""The rates of one year drawn many times: everybody's ranks, and the placement code on every draw.

Rates come from `cim_core.certainty.rates`, ranks from `cim_core.placing.ranking`, placements from
`cim_core.placing.placement`: nothing of the rules is repeated here. Each column of rates has a random stream
of its
own, named by the seed, the side (upload or reference) and the indicator, so the result depends on the seed
alone and not on how many threads there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cim_core.certainty.held_fixed import may_be_redrawn, ranking_that_decides, redrawn
from cim_core.certainty.rates import JEFFREYS, Prior, Rates, as_percent, as_value, draw, prior
from cim_core.data.dataset import NANO, Bools, Dataset, Floats, Ints
from cim_core.data.indicators import POSITION
from cim_core.placing.placement import Placements, Result, place
from cim_core.placing.ranking import (
    Percentile,
    Pool,
    Ranked,
    ReferenceKind,
    bounded,
    fit_to_rank,
    pool,
    stand_often,
)
from cim_core.rules.clause import Basis

Progress = Callable[[float], object]
_AT_ONCE = 40_000
"""Rows that are placed or ranked at once, so that a column of them stays in the processor's cache."""
_MOST_THREADS = 4
UPLOAD, REFERENCE = 0, 1
"""Whose rates a column holds."""


@dataclass(frozen=True, slots=True, eq=False)
class RedrawnColumn:
    """The drawn cells of one indicator: positions among the LEAs of the year, or of the pool of a ranking,
    the rows of the dataset (or of the reference's), and the drawn rates between 0 and 1 (draws×C)."""

    at: Ints
    rows: Ints
    drawn: Rates


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """One evaluation that decides: how it came out, and who is ranked in it (None: nothing to rank)."""

    given: Percentile
    among: Pool | None
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class DrawTally:
    """n rows of a year, counted over all draws: `placed` (n×P), `missed` (n×K)."""

    placed: Ints
    missed: Ints


def run(
    placements: Placements,
    year: str,
    draws: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> DrawTally:
    """Draw and place a year `draws` times; `progress` is told the part done, from the calling thread."""
    work = _Work(placements, year, draws, seed)
    told = progress or (lambda part: None)
    with ThreadPoolExecutor(threads or min(_MOST_THREADS, os.cpu_count() or 1)) as workers:
        tasks = work.columns()
        drawn: dict[tuple[int, str], RedrawnColumn] = {}
        pending = {workers.submit(task): key for key, task in tasks.items()}
        for done, future in enumerate(as_completed(pending), start=1):
            drawn[pending[future]] = future.result()
            told(0.5 * done / len(pending))
        chunks = [workers.submit(work.chunk, drawn, *ends) for ends in work.chunks()]
        placed = np.zeros((len(work.rows), len(placements.rulebook.placements)), np.int64)
        missed = np.zeros((len(work.rows), len(POSITION)), np.int64)
        for done, finished in enumerate(as_completed(chunks), start=1):
            tally = finished.result()
            placed += tally.placed
            missed += tally.missed
            told(0.5 + 0.5 * done / len(chunks))
    return DrawTally(placed, missed)


def rates(placements: Placements, year: str, draws: int, seed: int) -> dict[tuple[int, str], RedrawnColumn]:
    """The rates that `run` places with the same seed, by side and indicator."""
    return {key: task() for key, task in _Work(placements, year, draws, seed).columns().items()}


def priors(placements: Placements, year: str, codes: Iterable[str]) -> dict[str, Prior]:
    """The state's distribution of each indicator by the reference that LEAs are ranked in, else Jeffreys."""
    known = next((one.reference for one in placements.percentiles.values()), None)
    if known is None or known.kind is not ReferenceKind.STATEWIDE:
        return dict.fromkeys(codes, JEFFREYS)
    return {code: prior(known.dataset, year, code) for code in codes}


def cells_to_redraw(placements: Placements, year: str) -> int:
    """How many cells a year takes, those of the reference included: what decides how long it lasts."""
    work = _Work(placements, year, 1, 0)
    return sum(len(at) for _, at, _ in work.cells.values())


def repeated(data: Dataset, rows: Ints, times: int) -> Dataset:
    """Some rows of a dataset over and over, column by column in memory; names are left empty.

    Row t × n + i is row `rows[i]` the t-th time.
    """
    nobody = np.broadcast_to(np.array("", np.str_), times * len(rows))
    again = partial(_again, rows=rows, times=times)
    return replace(
        data,
        lea_code=nobody,
        lea_name=nobody,
        selpa=nobody,
        year=nobody,
        lea_key=nobody,
        determination=nobody,
        lea_type=nobody,
        county=nobody,
        cde_placement=nobody,
        cde_reasons=nobody,
        letter_date=nobody,
        monitoring_year=nobody,
        as_of=nobody,
        value_numerator=again(data.value_numerator),
        value_denominator=again(data.value_denominator),
        value=again(data.value),
        numerator=again(data.numerator),
        denominator=again(data.denominator),
        inferred=again(data.inferred),
        missing=again(data.missing),
        measure=again(data.measure),
        swd=again(data.swd),
        disproportionate_years=again(data.disproportionate_years),
        newly_disproportionate=again(data.newly_disproportionate),
        sig_dis=again(data.sig_dis),
        cceis=again(data.cceis),
        minor_findings=again(data.minor_findings),
        percentile=again(data.percentile),
        preschool_percentile=again(data.preschool_percentile),
        enrollment=again(data.enrollment),
        unread=again(data.unread),
        origins=(),
        **data.without_counts(np.tile(rows, times)),
    )


def _again(values: npt.NDArray[np.generic], rows: Ints, times: int) -> npt.NDArray[Any]:
    return np.tile(values[rows].T, times).T


class _Work:
    """What all tasks of one run share; nothing here changes after it is made."""

    def __init__(self, placements: Placements, year: str, draws: int, seed: int) -> None:
        data = placements.dataset
        self.placements, self.year, self.draws, self.seed = placements, year, draws, seed
        everybody, self.rows = data.everybody_of(year), data.rows_of_year(year)
        self.mine = np.searchsorted(everybody, self.rows)
        free = redrawn(placements, year)[everybody]
        self.cells: dict[tuple[int, str], tuple[Dataset, Ints, Ints]] = {}
        for code, column in POSITION.items():
            at = np.flatnonzero(free[:, column])
            if len(at):
                self.cells[UPLOAD, code] = data, at, everybody[at]
        self.rankings = tuple(self._ranking(one, year) for one in ranking_that_decides(placements))
        largest = max([len(everybody), *(len(one.among.swd) for one in self.rankings if one.among), 1])
        self.step = max(1, min(draws, _AT_ONCE // largest))
        self.priors = priors(placements, year, {code for _, code in self.cells})
        self.tall = {times: self._tall(times) for times in {self.step, draws % self.step} - {0}}

    def _tall(self, times: int) -> Dataset:
        """The year so many times, the cells that are drawn in the units in which they will be."""
        tall = repeated(self.placements.dataset, self.rows, times)
        bottom = tall.value_denominator.copy(order="F")
        for (side, code), (_, at, _) in self.cells.items():
            if side == UPLOAD:
                _, places = self._placed_of(at)
                bottom[:, POSITION[code]].reshape(times, len(self.rows))[:, places] = NANO
        return replace(tall, value_denominator=bottom)

    def _placed_of(self, at: Ints) -> tuple[Bools | slice, Ints]:
        """Which of some positions among everybody of the year are of LEAs that are placed, and where those
        stand among them: everybody is ranked, but only whoever is looked at is placed."""
        if self.placements.dataset.mine is None:
            return slice(None), at
        here = np.isin(at, self.mine)
        return here, np.searchsorted(self.mine, at[here])

    def _ranking(self, given: Percentile, year: str) -> _Ranking:
        """Who is ranked, and the cells of the reference that are redrawn for it."""
        used = given.of_year(year)
        whole = any(
            clause.basis is Basis.INDICATORS and clause.evaluation == given.evaluation.id
            for clause in self.placements.rulebook.clauses
        )
        if not any(one.reference_year is not None and one.entered for one in used):
            return _Ranking(given, None, whole)
        among = pool(self.placements.dataset, given.evaluation, given.reference, year)
        state = given.reference.dataset
        if state is not None:
            free = may_be_redrawn(state)[among.in_reference] & among.from_reference
            for code in among.entered:
                of_state = fit_to_rank(among, code) & free[:, POSITION[code]]
                before = self.cells.get((REFERENCE, code))
                at = np.flatnonzero(of_state)
                at = at if before is None else np.union1d(at, before[1])
                if len(at):
                    self.cells[REFERENCE, code] = state, at, among.in_reference[at]
        return _Ranking(given, among, whole)

    def columns(self) -> dict[tuple[int, str], Callable[[], RedrawnColumn]]:
        """The tasks of drawing, one for each column of counts."""
        return {key: partial(self._column, *key) for key in self.cells}

    def _column(self, side: int, code: str) -> RedrawnColumn:
        data, at, rows = self.cells[side, code]
        column = POSITION[code]
        stream = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(side, column)))
        tops, bottoms = data.numerator[rows, column], data.denominator[rows, column]
        return RedrawnColumn(at, rows, draw(tops, bottoms, self.priors[code], self.draws, stream))

    def chunks(self) -> list[tuple[int, int]]:
        """From which draw to which, for each task of placing."""
        return [(one, min(one + self.step, self.draws)) for one in range(0, self.draws, self.step)]

    def chunk(self, drawn: Mapping[tuple[int, str], RedrawnColumn], start: int, end: int) -> DrawTally:
        """Place the draws from `start` to before `end`."""
        times, size = end - start, len(self.rows)
        tall = self.tall[times]
        top = tall.value_numerator.copy(order="F")
        for (side, code), column in drawn.items():
            if side == UPLOAD:
                by_draw = top[:, POSITION[code]].reshape(times, size)
                here, places = self._placed_of(column.at)
                by_draw[:, places] = as_value(column.drawn[start:end, here])
        percentiles = {
            one.given.evaluation.id: self._ranked(one, drawn, start, end, tall) for one in self.rankings
        }
        lacking = np.tile(self.placements.unsupplied[self.rows], (times, 1))
        tall = replace(tall, value_numerator=top)
        found = place(tall, self.placements.rulebook, percentiles=percentiles, unsupplied=lacking)
        placed = found.placed.reshape(times, size)
        by_placement = [(placed == at).sum(axis=0) for at in range(len(found.rulebook.placements))]
        missed = times * (self.placements.results[self.rows] == Result.MISSED).astype(np.int64)
        for side, code in drawn:
            if side == UPLOAD:
                misses = found.results[:, POSITION[code]] == Result.MISSED
                missed[:, POSITION[code]] = misses.reshape(times, size).sum(axis=0)
        return DrawTally(np.stack(by_placement, axis=1), missed)

    def _ranked(
        self,
        ranking: _Ranking,
        drawn: Mapping[tuple[int, str], RedrawnColumn],
        start: int,
        end: int,
        tall: Dataset,
    ) -> Percentile:
        """An evaluation over the tall rows: ranked anew, except where the file gives the percentile."""
        times, size = end - start, len(self.rows)
        shape = times * size
        percentile = np.tile(ranking.given.percentile[self.rows], (times, 1))
        indicator: Floats = np.broadcast_to(np.nan, (shape, len(POSITION)))
        if ranking.among is not None:
            standings = stand_often(ranking.among, _values(ranking.among, drawn, start, end), times)
            computed = ranking.given.state[self.rows] != Ranked.FROM_FILE
            percentile[:, computed] = standings.percentile[:, self.mine[computed]]
            if ranking.whole:
                indicator = np.full((len(POSITION), shape), np.nan).T
                for code, percents in standings.indicator.items():
                    mine = np.broadcast_to(percents[:, self.mine], (times, size))
                    indicator[:, POSITION[code]] = mine.reshape(shape)
        empty = np.broadcast_to(np.nan, shape)
        found = replace(
            ranking.given,
            percentile=percentile.reshape(shape),
            indicator=indicator,
            composite=empty,
            domain={},
            rank=empty,
            ranked=empty,
            state=np.tile(ranking.given.state[self.rows], times),
            ranked_by=np.tile(ranking.given.ranked_by[self.rows], times),
        )
        return bounded(found)


def _values(
    among: Pool, drawn: Mapping[tuple[int, str], RedrawnColumn], start: int, end: int
) -> dict[str, Floats]:
    """The values (times×M) of the ranked indicators of which some rates were drawn."""
    found = {}
    for code in among.entered:
        column = POSITION[code]
        parts = [part for side in (UPLOAD, REFERENCE) if (part := drawn.get((side, code))) is not None]
        if parts:
            values = np.tile(among.value[:, column], (end - start, 1))
            for part in parts:
                values[:, part.at] = as_percent(part.drawn[start:end])
            found[code] = values
    return found
