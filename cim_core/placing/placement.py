"""Dataset + rulebook → placements, with the outcome of every clause kept.

What was not supplied is unknown, and unknowns are taken together: a row is placed in every world that is
consistent with what is known (`cim_core.placing.worlds`), and shown at the least intensive of them. Each
clause by
itself is true, false or unknown (Kleene), as proof. Ladder and precedence: CDE flyer "CIM – Targeted Tier
At-A-Glance"; that the most intensive clause that holds wins is assumed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property, partial

import numpy as np

from cim_core.data.dataset import Bools, Codes, Dataset, Ints, Missing
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION
from cim_core.data.measures import NOT_COMPARED
from cim_core.placing import clause_groups, findings, ranking, supplied, worlds
from cim_core.placing.from_counts import filled
from cim_core.placing.ranking import Percentile, Reference
from cim_core.placing.targets_met import Against, meets, other_measure
from cim_core.rules.clause import Clause
from cim_core.rules.groups import Firsts, three_valued
from cim_core.rules.known import Known
from cim_core.rules.outcome import Outcome as Outcome
from cim_core.rules.rulebook import Rulebook, SmallLeaTrack
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA, UNIVERSAL, Placement
from cim_core.words.messages import MessageFamily


class Result(IntEnum):
    """What one indicator came to against its target."""

    MISSING = 0
    NO_TARGET = 1
    MET = 2
    MISSED = 3
    TOO_FEW = 4
    MET_NOT_CALCULATED = 5
    OTHER_MEASURE = 6

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


RESULT_NAMED = MessageFamily("result.{}", tuple(Result))


@dataclass(frozen=True, eq=False)
class Placements:
    """The proof of every placement: R rows of the dataset, C clauses and K indicators.

    `results` (R×K) holds `Result` codes; `known` is what clauses look at; `counted` (R) counts elements with
    data; `unsupplied` (R×K) marks elements that no open file has a column for, although they apply to the
    LEA. `outcomes` (R×C) holds `Outcome` codes; `possible` (R×P) says which of `rulebook.placements` some
    world allows; `placed` (R) indexes the least intensive of them; `deciding` (R) is the clause that decides
    there, −1 for none. `seen` (R×P) says the same as `possible` by what an audience may see alone; None
    for whoever sees everything (`cim_core.suppression`).
    """

    dataset: Dataset
    rulebook: Rulebook
    percentiles: Mapping[str, Percentile]
    results: Codes
    known: Known
    counted: Ints
    unsupplied: Bools
    outcomes: Codes
    deciding: Codes
    placed: Codes
    possible: Bools
    small_lea: Codes
    sig_dis: Codes
    seen: Bools | None = None

    @cached_property
    def unseen(self) -> Bools:
        """Rows (R) that are placed by more than the audience of their dataset sees."""
        if self.seen is None:
            return np.zeros(len(self.dataset), np.bool_)
        return np.asarray((self.seen != self.possible).any(axis=1))

    @cached_property
    def contradicted(self) -> Bools:
        """Rows whose statements about disproportionality exclude one another."""
        return worlds.contradicted(self.dataset)

    @cached_property
    def firm(self) -> Bools:
        """Settled rows: one placement is possible, and no column of the row's files that looks like an
        indicator is left unused."""
        one = self.possible.sum(axis=1) == 1
        return np.asarray(one & ~self.dataset.unread if len(self.dataset.unread) else one)

    def looking_at(self, keys: Collection[str]) -> Placements:
        """The same placements with the LEAs of some keys looked at; see `Dataset.looking_at`."""
        return replace(self, dataset=self.dataset.looking_at(keys))

    @property
    def taken_as_met(self) -> bool:
        """Whether a person said to take elements that are not in the files as met."""
        return Fact.ELEMENTS in self.dataset.assumed_none

    @property
    def missed(self) -> Ints:
        """How many elements are missed (R)."""
        return self.known.missed

    @property
    def may_be_missed(self) -> Ints:
        """How many elements beside the missed ones may be missed too, because no file has them (R)."""
        return self.known.may_be_missed

    @property
    def count_known(self) -> Bools:
        """Rows with enough elements to count missed targets."""
        return self.known.enough

    def placement(self, row: int) -> Placement:
        """Where a row is placed."""
        return self.rulebook.placements[int(self.placed[row])]

    def could_be(self, row: int) -> tuple[Placement, ...]:
        """Every placement still possible, from least to most intensive."""
        return tuple(
            placement
            for placement, possible in zip(self.rulebook.placements, self.possible[row], strict=True)
            if possible
        )

    def clause(self, row: int) -> Clause | None:
        """The clause that decided, None when none held."""
        return self.rulebook.clauses[self.deciding[row]] if self.deciding[row] >= 0 else None

    def holding(self, row: int) -> tuple[Clause, ...]:
        """Every clause that holds for a row, in the rulebook's order."""
        return tuple(
            clause
            for clause, holds in zip(self.rulebook.clauses, self.outcomes[row] == Outcome.TRUE, strict=True)
            if holds
        )

    def elements(self, row: int, result: Result) -> tuple[str, ...]:
        """The elements of a row that came to a result, in catalogue order."""
        counted = set(self.rulebook.elements.indicators)
        return tuple(
            code for code, at in POSITION.items() if code in counted and self.results[row, at] == result
        )


def place(
    dataset: Dataset,
    rulebook: Rulebook,
    reference: Reference = ranking.NO_REFERENCE,
    percentiles: Mapping[str, Percentile] | None = None,
    unsupplied: Bools | None = None,
) -> Placements:
    """Place every row of the dataset. `percentiles` and `unsupplied` (R×K, see `Placements`) may be handed in
    when they are already computed.

    Where files are silent about disproportionality, what their counts say is filled in first, by the
    rulebook's own threshold; the placements then hold the dataset so filled.
    """
    dataset = filled(dataset, rulebook)
    if percentiles is None:
        percentiles = ranking.evaluate(dataset, rulebook, reference)
    if unsupplied is None:
        against = next((one.reference for one in percentiles.values()), reference)
        unsupplied = supplied.lacking(dataset, rulebook, against)
    results = against_targets(dataset, rulebook)
    elements = results[:, [POSITION[code] for code in rulebook.elements.indicators]]
    missed = (elements == Result.MISSED).sum(axis=1)
    met = (elements == Result.MET) | (elements == Result.MET_NOT_CALCULATED)
    counted = missed + met.sum(axis=1)
    withheld = supplied.withheld(dataset, rulebook)
    as_elements = withheld & supplied.is_one_of(rulebook.elements.indicators)
    missed_each, open_each = (
        results == Result.MISSED,
        supplied.may_be_missed(dataset, unsupplied, as_elements),
    )
    found = findings.of(dataset, rulebook, missed_each, withheld)
    known = Known(
        dataset=dataset,
        missed=missed,
        may_be_missed=open_each.sum(axis=1),
        enough=counted >= rulebook.min_elements,
        missed_each=missed_each,
        may_be_missed_each=open_each,
        findings=found.least,
        findings_exact=found.exact,
        percentiles=percentiles,
        worlds_of_years=partial(worlds.of_years, dataset),
    )
    groups = clause_groups.of(rulebook.clauses, known)
    outcomes = np.empty((len(dataset), len(rulebook.clauses)), np.int8)
    for group in groups:
        outcomes[:, group.at] = group.outcomes
    small = three_valued(dataset.swd <= rulebook.small_lea.max_swd, dataset.swd >= 0)
    allowed = worlds.possible(groups, len(dataset), len(rulebook.clauses))
    deciding, placed, possible = _decide(rulebook, allowed, groups, known.enough, small)
    sig_dis = dataset.sig_dis.copy()
    if "sig_dis" not in dataset.columns and dataset.assumed(Fact.DISPROPORTIONALITY):
        sig_dis[~dataset.knows_disproportionality] = Outcome.FALSE
    return Placements(
        dataset=dataset,
        rulebook=rulebook,
        percentiles=percentiles,
        results=results,
        known=known,
        counted=counted,
        unsupplied=unsupplied,
        outcomes=outcomes,
        deciding=deciding,
        placed=placed,
        possible=possible,
        small_lea=small,
        sig_dis=sig_dis,
    )


def against_targets(dataset: Dataset, rulebook: Rulebook) -> Codes:
    """Met or missed for every cell: R×K `Result` codes.

    Values are compared at the rulebook's precision, see `cim_core.placing.targets_met`. A value of another
    measure than its target's is not compared: it counts as one without a target, and is not unknown.
    """
    present = dataset.missing == Missing.PRESENT
    results = np.where(present, np.int8(Result.NO_TARGET), np.int8(Result.MISSING))
    targets = [one for one in rulebook.targets if one.value is not None]
    if not targets:
        return results
    columns = [POSITION[one.indicator] for one in targets]
    against = [Against(one.indicator, one.comparator, one.value) for one in targets if one.value is not None]
    there, met = present[:, columns], meets(dataset, against, rulebook.precision)
    cells = np.where(met, np.int8(Result.MET), np.int8(Result.MISSED))
    cells[~there] = Result.MISSING
    if rulebook.minimum_n:
        students = dataset.denominator[:, columns]
        cells[there & (students >= 0) & (students < rulebook.minimum_n)] = Result.TOO_FEW
    for at, target in enumerate(targets):
        if target.indicator in rulebook.elements.nc_is_met:
            cells[dataset.missing[:, columns[at]] == Missing.NOT_CALCULATED, at] = Result.MET_NOT_CALCULATED
        if target.indicator in NOT_COMPARED:
            other = other_measure(dataset, target)
            cells[other, at] = np.where(there[other, at], Result.OTHER_MEASURE, Result.MISSING)
    results[:, columns] = cells
    return results


def _decide(
    rulebook: Rulebook, allowed: Bools, groups: Sequence[Firsts], known: Bools, small: Codes
) -> tuple[Codes, Codes, Bools]:
    """The clause that decides, the placement, and every placement that some world allows.

    `allowed` (R×(C+1)) says which clause can be the first to hold, the last column that none does. Where
    several clauses lead to the placement shown, one decides whose group of facts allows nothing less.
    """
    size, clauses = len(allowed), len(rulebook.clauses)
    labels = {placement: at for at, placement in enumerate(rulebook.placements)}
    of_clause = np.array([labels[clause.placement] for clause in rulebook.clauses], np.int8)
    possible = np.zeros((size, len(labels)), np.bool_)
    for at in range(clauses):
        possible[:, of_clause[at]] |= allowed[:, at]
    none = allowed[:, clauses]
    possible[:, labels[UNIVERSAL]] |= none
    possible[:, labels[NOT_PLACED]] |= none & ~known
    placed = possible.argmax(axis=1).astype(np.int8)
    leads = allowed[:, :clauses] & (of_clause == placed[:, np.newaxis])
    less = np.append(of_clause, labels[NOT_PLACED]) < placed[:, np.newaxis]
    for group in groups:
        leads[:, group.at] &= ~(group.first & less).any(axis=1, keepdims=True)
    by_none = none & np.isin(placed, (labels[UNIVERSAL], labels[NOT_PLACED]))
    deciding = np.where(leads.any(axis=1) & ~by_none, leads.argmax(axis=1), -1).astype(np.int8)
    if rulebook.small_lea.effect is SmallLeaTrack.PLACEMENT:
        track = labels[SMALL_LEA]
        possible[small == Outcome.UNKNOWN, track] = True
        is_small = small == Outcome.TRUE
        possible[is_small] = False
        possible[is_small, track] = True
        placed[is_small] = track
        deciding[is_small] = -1
    return deciding, placed, possible
