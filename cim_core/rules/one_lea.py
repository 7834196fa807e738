"""What clauses are explained with: one LEA in one year, its numbers, and what is said of them elsewhere."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from cim_core.rules.tiers import Placement
from cim_core.words.messages import Message, Quantity

if TYPE_CHECKING:
    from cim_core.rules.known import Known


class Assumed(StrEnum):
    """What of a clause is assumed although its rule is public: how CDE ranks, that late evaluations count as
    missed targets, that risk ratios stand for CDE's own finding."""

    RANKING = "ranking"
    LATE = "late"
    COUNTS = "counts"


class OneLea(Protocol):
    """A row of what is `known`; `deciding` is the id of the clause that decides, empty for none."""

    @property
    def known(self) -> Known:
        """The numbers of all rows."""

    @property
    def row(self) -> int:
        """Which of them it is."""

    @property
    def deciding(self) -> str:
        """The clause that decides."""

    @property
    def counted(self) -> int:
        """How many elements have data."""

    @property
    def elements(self) -> int:
        """How many elements there are."""

    @property
    def min_elements(self) -> int:
        """How many must have data."""

    @property
    def missed_assumed(self) -> int:
        """How many of the missed targets are assumed."""

    @property
    def missed_otherwise_measured(self) -> tuple[str | Message, ...]:
        """Missed elements whose target was set for another measure."""

    @property
    def late(self) -> tuple[str | Message, ...]:
        """Late evaluations that count as missed targets."""

    @property
    def late_findings(self) -> tuple[str | Message, ...]:
        """Late evaluations that count as findings."""

    @property
    def late_otherwise(self) -> Placement | None:
        """Where it would be placed if late evaluations were findings; None where that changes nothing."""

    @property
    def contradicted(self) -> bool:
        """Whether what is stated about disproportionality excludes itself."""

    @property
    def years_worked_out(self) -> bool:
        """Whether its years of disproportionality come from counts."""

    @property
    def years_from_counts(self) -> Message:
        """Where years that were worked out come from."""

    @property
    def years_short(self) -> Message:
        """Years that were worked out and are known only to lie between two numbers, in a few words."""

    def percentile(self, evaluation: str) -> Quantity | None:
        """Its percent from the worst; None where there is none."""

    def ranked_here(self, evaluation: str) -> bool:
        """Whether its percentile depends on how this core ranks: not the file's own, not too small for it."""

    def percentile_said(self, evaluation: str) -> Message:
        """Where it stands in an evaluation, or why nowhere."""

    def percentile_short(self, evaluation: str) -> Message:
        """Where it stands in an evaluation, in a few words."""

    def worst_short(self, evaluation: str, codes: tuple[str, ...], unknown: bool) -> Message:
        """Where it stands on the one of some indicators on which it stands worst, in a few words."""

    def indicators_said(self, evaluation: str, codes: tuple[str, ...]) -> Message:
        """Where it stands on single indicators of an evaluation, or why nowhere."""
