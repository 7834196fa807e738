"""The rows that have letters, placed again and again under rules that are otherwise.

A letter stands for some placements; a row *fits* when one of those it could be is among them. Only the rows
with letters are placed; where a change touches ranking, everybody of their years is ranked again, because a
rank needs the others. Nothing of it is approximate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np

from cim_core.data.dataset import Bools, Codes, Dataset, Ints
from cim_core.data.race_counts import STATE, Counts
from cim_core.letters.agreement import letter_of, rows_with_letters
from cim_core.placing import ranking, supplied
from cim_core.placing.disproportionality import measure
from cim_core.placing.from_counts import bounds_of, filled
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import Percentile, Reference
from cim_core.rules.clause import Basis
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.groups import Percents
from cim_core.rules.rulebook import Disproportionality, Rulebook
from cim_core.rules.settings import Setting, Value
from cim_core.rules.tiers import Placement

_MOST_KEPT = 256
"""Rankings, and rows with facts worked out, that are kept: pairs of settings ask for them again and again."""


class LetterFit(IntEnum):
    """How a letter fits a reading: not at all, as one of several placements that are possible, or surely."""

    AGAINST = 0
    OPEN = 1
    SURE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Readable:
    """What letters say: the rows (N) of a dataset that have one, and the severities that each stands for."""

    rows: Ints
    stands_for: tuple[frozenset[int], ...]

    def __len__(self) -> int:
        return len(self.rows)


def readable(dataset: Dataset, among: Iterable[int] | None = None) -> Readable:
    """The letters of a dataset (or of some of its rows) whose words name a placement."""
    rows = rows_with_letters(dataset)
    if among is not None:
        rows = rows[np.isin(rows, list(among))]
    letters = [letter_of(dataset, int(row)) for row in rows]
    means = (letter.means for letter in letters if letter is not None)
    return Readable(rows, tuple(frozenset(placement.severity for placement in each) for each in means))


class Trial:
    """Places the rows that have letters under other rules; keeps what several rulebooks share."""

    def __init__(self, dataset: Dataset, rules: Rulebook, reference: Reference, letters: Readable) -> None:
        self.rules, self.reference, self.letters = rules, reference, letters
        self._told = dataset.without_counts(letters.rows).get("assumed_none", dataset.assumed_none)
        self._given = _with_own_counts(rows_of(dataset, letters.rows), dataset.counts)
        of_years = np.flatnonzero(np.isin(dataset.year, np.unique(dataset.year[letters.rows])))
        self.ranked = rows_of(dataset, of_years)
        self._at = np.searchsorted(of_years, letters.rows)
        self.ranked_among = tuple(_ranked_among(self.ranked, reference))
        self._data: dict[Disproportionality, Dataset] = {}
        self._percentiles: dict[Evaluation, Percentile] = {}
        self._unsupplied: dict[object, Bools] = {}
        self._allowed: dict[tuple[Placement, ...], Bools] = {}
        self.placed = self.ranked_anew = 0

    @property
    def counts(self) -> Counts | None:
        """The counts by race and ethnicity of the LEAs that have letters, where they may feed a rule."""
        counts = self._given.counts
        return counts if counts is not None and counts.feeds else None

    def placements(self, rules: Rulebook) -> Placements:
        """The rows with letters (N, in the order of the letters) under a rulebook."""
        self.placed += 1
        data = self.data(rules)
        return place(data, rules, self.reference, self.percentiles(rules), self._lacking(data, rules))

    def fits(self, rules: Rulebook) -> Codes:
        """How the letters (N) fit under a rulebook: `LetterFit` codes."""
        return self.fitting(self.placements(rules))

    def fitting(self, placements: Placements) -> Codes:
        """How the letters (N) fit where their rows are placed so: `LetterFit` codes."""
        allowed = self._stands_for(placements.rulebook)
        fits = (placements.possible & allowed).any(axis=1)
        sure = fits & ~(placements.possible & ~allowed).any(axis=1)
        if len(placements.dataset.unread):
            sure &= ~placements.dataset.unread
        return np.where(sure, LetterFit.SURE, np.where(fits, LetterFit.OPEN, LetterFit.AGAINST)).astype(
            np.int8
        )

    def data(self, rules: Rulebook) -> Dataset:
        """The rows with letters (N), with what their counts by race say by a rulebook's threshold."""
        wanted = rules.disproportionality
        if wanted not in self._data:
            if len(self._data) >= _MOST_KEPT:
                self._data.clear()
            found = filled(self._given, rules)
            self._data[wanted] = replace(found, counts=None, assumed_none=self._told)
        return self._data[wanted]

    def percentiles(self, rules: Rulebook) -> dict[str, Percentile]:
        """Where the rows with letters (N) stand in each evaluation of a rulebook."""
        return {evaluation.id: self._percentile(evaluation) for evaluation in rules.evaluations}

    def bounds(self, rules: Rulebook) -> bytes:
        """What the counts by race of the rows with letters say of years in a row, to be compared."""
        assert self._given.counts is not None
        found = bounds_of(self._given, measure(self._given.counts, rules.disproportionality))
        return found.least.tobytes() + found.most.tobytes() + found.sig_dis.tobytes()

    def place_in_bands(self, rules: Rulebook) -> bytes | None:
        """Between which edges of a rulebook's bands the rows with letters stand, to be compared: where that
        is the same, so are their placements. None where some clause may look at more than its edges."""
        if any(clause.basis is Basis.OTHER for clause in rules.clauses):
            return None
        found = self.percentiles(rules)
        edges = Percents.of(float(edge) for clause in rules.clauses for edge in clause.edges)
        key = [self.ranked.swd[self._at] <= evaluation.swd_over for evaluation in rules.evaluations]
        for evaluation in rules.deciding_evaluations:
            held = found[evaluation.id]
            for percents in (held.percentile, held.low, held.high, held.indicator_low, held.indicator_high):
                known = ~np.isnan(percents)
                key.append(np.where(known, edges.of_numbers(np.nan_to_num(percents)), -1))
        return b"".join(numbers.tobytes() for numbers in key)

    def _percentile(self, evaluation: Evaluation) -> Percentile:
        if evaluation not in self._percentiles:
            if len(self._percentiles) >= _MOST_KEPT:
                self._percentiles.clear()
            self.ranked_anew += 1
            everybody = ranking.evaluated(self.ranked, evaluation, self.reference)
            self._percentiles[evaluation] = _at(everybody, self._at)
        return self._percentiles[evaluation]

    def _lacking(self, data: Dataset, rules: Rulebook) -> Bools:
        targets = tuple((one.indicator, one.measure) for one in rules.targets if one.value is not None)
        key = rules.counts_targets, rules.elements.indicators, targets
        if key not in self._unsupplied:
            self._unsupplied[key] = supplied.lacking(data, rules, self.reference)
        return self._unsupplied[key]

    def _stands_for(self, rules: Rulebook) -> Bools:
        """Which of a rulebook's placements each letter stands for (N×P)."""
        if rules.placements not in self._allowed:
            severities = [placement.severity for placement in rules.placements]
            self._allowed[rules.placements] = np.array(
                [[severity in wanted for severity in severities] for wanted in self.letters.stands_for],
                np.bool_,
            ).reshape(len(self.letters), len(severities))
        return self._allowed[rules.placements]


def with_all(rules: Rulebook, changes: Mapping[Setting, Value]) -> Rulebook:
    """A rulebook with other values, without the checks of a file and without saying that it is changed."""
    for setting, value in changes.items():
        rules = setting.put(rules, value)
    return rules


def rows_of(dataset: Dataset, rows: Ints) -> Dataset:
    """Some rows of a dataset, without its counts by race and ethnicity; what follows from them stays."""
    held = {one.name: getattr(dataset, one.name) for one in fields(dataset)}
    arrays = {name: value[rows] for name, value in held.items() if _by_row(value, len(dataset))}
    worked_out = None if dataset.worked_out is None else dataset.worked_out.at(rows)
    return replace(dataset, **{**arrays, "mine": None, "counts": None, "worked_out": worked_out})


def _ranked_among(ranked: Dataset, reference: Reference) -> Iterator[Dataset]:
    """Whose numbers decide who is ranked: the file's rows of some years, and the reference's.

    Where an older year of the reference stands in, how far ranks shift is measured over all of its years.
    """
    yield ranked
    state = reference.dataset
    if state is not None:
        same = set(ranked.years) <= set(state.years)
        rows = np.flatnonzero(np.isin(state.year, ranked.years))
        yield rows_of(state, rows) if same else state


def _with_own_counts(data: Dataset, counts: Counts | None) -> Dataset:
    """Some rows of a dataset with those of its counts that are theirs, and the state's.

    All counts where some year would be lost: that a year is there at all tells how years follow one another.
    """
    if counts is None:
        return data
    theirs = np.isin(counts.lea_key, [*data.lea_key.tolist(), STATE])
    if len(np.unique(counts.year[theirs])) < len(np.unique(counts.year)):
        return replace(data, counts=counts)
    arrays = {one.name: getattr(counts, one.name)[theirs] for one in fields(counts)}
    return replace(data, counts=Counts(**arrays))


def _by_row(value: object, size: int) -> bool:
    return isinstance(value, np.ndarray) and len(value) == size


def _at(found: Percentile, rows: Ints) -> Percentile:
    """An evaluation of some rows of those it was made of."""
    held = {one.name: getattr(found, one.name) for one in fields(found)}
    arrays = {name: value[rows] for name, value in held.items() if isinstance(value, np.ndarray)}
    domain = {name: values[rows] for name, values in found.domain.items()}
    return replace(found, domain=domain, **arrays)  # type: ignore[arg-type]
