"""What a clause came to for one LEA, in its own numbers: each kind says it, with what is gathered here."""

from __future__ import annotations

from dataclasses import dataclass

from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.placing.ranking import Ranked
from cim_core.rules.clause import Clause
from cim_core.rules.known import Known
from cim_core.rules.one_lea import Assumed
from cim_core.rules.sources import Status
from cim_core.rules.tiers import Placement
from cim_core.why import clauses, rank_short, risk_ratios, target_sentences
from cim_core.words.messages import Message, OneOf, Quantity, message

_DECIDED = {
    Assumed.RANKING: "why.decided_ranking",
    Assumed.COUNTS: "why.decided_counts",
    Assumed.LATE: "why.decided_late",
}


@dataclass(frozen=True, slots=True)
class RungLea:
    """One row of placements as clauses ask about it, see `cim_core.rules.one_lea.OneLea`."""

    placements: Placements
    row: int

    @property
    def known(self) -> Known:
        """The numbers of all rows."""
        return self.placements.known

    @property
    def deciding(self) -> str:
        """The id of the clause that decides, empty for none."""
        clause = self.placements.clause(self.row)
        return "" if clause is None else clause.id

    @property
    def counted(self) -> int:
        """How many elements have data."""
        return int(self.placements.counted[self.row])

    @property
    def elements(self) -> int:
        """How many elements there are."""
        return len(self.placements.rulebook.elements.indicators)

    @property
    def min_elements(self) -> int:
        """How many must have data."""
        return self.placements.rulebook.min_elements

    @property
    def missed_assumed(self) -> int:
        """How many of the missed targets are assumed."""
        missed = self.placements.elements(self.row, Result.MISSED)
        targets = [self.placements.rulebook.target(code) for code in missed]
        return sum(one is not None and one.provenance.status is Status.ASSUMED for one in targets)

    @property
    def missed_otherwise_measured(self) -> tuple[str | Message, ...]:
        """Missed elements whose target was set for another measure."""
        return target_sentences.missed_otherwise_measured(self.placements, self.row)

    @property
    def late(self) -> tuple[str | Message, ...]:
        """Late evaluations that count as missed targets."""
        return target_sentences.late(self.placements, self.row)

    @property
    def late_findings(self) -> tuple[str | Message, ...]:
        """Late evaluations that count as findings."""
        return target_sentences.late_findings(self.placements, self.row)

    @property
    def late_otherwise(self) -> Placement | None:
        """Where it would be placed if late evaluations were findings; None where that changes nothing."""
        return target_sentences.late_otherwise(self.placements, self.row)

    @property
    def contradicted(self) -> bool:
        """Whether what is stated about disproportionality excludes itself."""
        return bool(self.placements.contradicted[self.row])

    @property
    def years_worked_out(self) -> bool:
        """Whether its years of disproportionality come from counts."""
        return risk_ratios.worked_out(self.placements.dataset, self.row)

    @property
    def years_from_counts(self) -> Message:
        """Where years that were worked out come from."""
        rules = self.placements.rulebook.disproportionality
        return risk_ratios.years_said(self.placements.dataset, self.row, rules)

    @property
    def years_short(self) -> Message:
        """Years that were worked out and are known only to lie between two numbers, in a few words."""
        return risk_ratios.years_short(self.placements.dataset, self.row)

    def percentile(self, evaluation: str) -> Quantity | None:
        """Its percent from the worst; None where there is none."""
        return clauses.percentile_of(self.placements, self.row, evaluation)

    def ranked_here(self, evaluation: str) -> bool:
        """Whether its percentile depends on how this core ranks: not the file's own, not too small for it."""
        state = self.placements.percentiles[evaluation].state[self.row]
        return Ranked(int(state)) not in (Ranked.FROM_FILE, Ranked.SMALL)

    def percentile_said(self, evaluation: str) -> Message:
        """Where it stands in an evaluation, or why nowhere."""
        return clauses.band(self.placements, self.row, evaluation)

    def percentile_short(self, evaluation: str) -> Message:
        """Where it stands in an evaluation, in a few words."""
        return rank_short.of_all(self.placements, self.row, evaluation)

    def worst_short(self, evaluation: str, codes: tuple[str, ...], unknown: bool) -> Message:
        """Where it stands on the one of some indicators on which it stands worst, in a few words."""
        return rank_short.of_worst(self.placements, self.row, evaluation, codes, unknown)

    def indicators_said(self, evaluation: str, codes: tuple[str, ...]) -> Message:
        """Where it stands on single indicators of an evaluation, or why nowhere."""
        return clauses.each_indicator(self.placements, self.row, evaluation, codes)


def detail(placements: Placements, row: int, at: int) -> Message:
    """Why clause `at` came out as it did for this row, with the row's own numbers."""
    unknown = bool(placements.outcomes[row, at] == Outcome.UNKNOWN)
    return placements.rulebook.clauses[at].detail(RungLea(placements, row), unknown)


_SOURCE = {
    (Status.CONFIRMED, False): "source.confirmed",
    (Status.CONFIRMED, True): "source.confirmed_note",
    (Status.ASSUMED, False): "source.assumed",
    (Status.ASSUMED, True): "source.assumed_note",
}
"""By how sure a rule is, and whether a note stands beside it."""


def source_line(placements: Placements, row: int, clause: Clause) -> Message:
    """Where a rule comes from, whether it is confirmed, and what else of it is assumed for this row."""
    provenance = clause.provenance
    title = placements.rulebook.source(provenance.source).title
    said = message(_SOURCE[provenance.status, bool(provenance.note)], title=title, note=provenance.note or "")
    lea = RungLea(placements, row)
    assumed = clause.assumed(lea)
    if assumed is Assumed.COUNTS:
        return message("source.counts_assumed", source=said)
    if assumed is None or provenance.status is not Status.CONFIRMED:
        return said
    if assumed is Assumed.LATE:
        return message("source.late_assumed", source=said, labels=OneOf(lea.late))
    return message("source.ranking_assumed", source=said)


def is_assumed(placements: Placements, row: int, clause: Clause) -> bool:
    """Whether a rule, or for this row the way to its numbers, is assumed."""
    own = clause.provenance.status is Status.ASSUMED
    return own or clause.assumed(RungLea(placements, row)) is not None


def decided(placements: Placements, row: int, clause: Clause, outcome: Outcome) -> str:
    """The id of the sentence on what decided: with what of it is assumed, or not sure."""
    if outcome is Outcome.UNKNOWN:
        return "why.decided_least"
    if clause.provenance.status is Status.ASSUMED:
        return "why.decided_assumed"
    assumed = clause.assumed(RungLea(placements, row))
    return "why.decided" if assumed is None else _DECIDED[assumed]
