"""How LEAs are ranked statewide: which indicators, weighed how, among whom."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cim_core.data.facts import Fact
from cim_core.rules.sources import Provenance
from cim_core.words.messages import Message


class TieRule(StrEnum):
    """What equal values get: the mean of their ranks, the worst of them, or the best."""

    AVERAGE = "average"
    WORST = "worst"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Domain:
    """One part of an evaluation: the mean of its indicators, weighed against the other parts."""

    id: str
    indicators: tuple[str, ...]
    weight: Decimal = Decimal(1)


class RankAmong(StrEnum):
    """Among whom an evaluation ranks: all LEAs, or those of the same type (`cim_core.data.lea_types`)."""

    ALL = "all"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How LEAs are ranked statewide: domains of indicators, and who and what enters the ranking.

    `column` is where a file may state the percentile itself, `fact` the kind of fact that files may be silent
    about; of the evaluations of a rulebook the `first` is shown before the others.
    """

    id: str
    title: Message
    domains: tuple[Domain, ...]
    min_denominator: int
    min_domains: int
    min_reference_values: int
    swd_over: int
    ties: TieRule
    provenance: Provenance
    rank_among: RankAmong = RankAmong.ALL
    column: str = ""
    fact: Fact | None = None
    first: bool = False

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators of all domains."""
        return tuple(code for domain in self.domains for code in domain.indicators)
