"""A monitoring year's rules and targets as data.

The classes here are what `cim_core.rules.rulebook_file` reads from TOML and what
`cim_core.placing.placement` runs.
Rules and their wording: CDE flyer "CIM – Targeted Tier At-A-Glance"; CDE monitoring pages of 2022 and 2023.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from cim_core.data import measures
from cim_core.data.facts import Fact
from cim_core.data.indicators import INDICATORS, Direction, IndicatorType, get
from cim_core.data.measures import Measure
from cim_core.rules.clause import Clause
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.lag import Lag
from cim_core.rules.sources import Provenance, Source, Status
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA, UNIVERSAL, Placement
from cim_core.words import numbers
from cim_core.words.messages import HowMany, Message, Quantity, given, message

LATE = tuple(one.code for one in INDICATORS if one.type is IndicatorType.COMPLIANCE and one.has_numerator)
"""Indicators whose miss may count as a finding instead of a missed target."""
TYPED = "typed here"
"""The vintage of a target that somebody typed."""


class Comparator(StrEnum):
    """The sign before a target; ">90" is missed at exactly 90, "≥90" is met."""

    GREATER = ">"
    AT_LEAST = "≥"
    LESS = "<"
    AT_MOST = "≤"

    @classmethod
    def default(cls, direction: Direction) -> Comparator:
        """Where no sign is printed: at least for higher-is-better, at most otherwise."""
        return cls.AT_LEAST if direction is Direction.HIGHER else cls.AT_MOST

    @classmethod
    def _missing_(cls, value: object) -> Comparator | None:
        return {">=": cls.AT_LEAST, "<=": cls.AT_MOST}.get(str(value))


@dataclass(frozen=True, slots=True)
class Target:
    """The state's value for one indicator. `value` None means that no target is public.

    `named` is the measure that it names itself; where it names none, its vintage tells.
    """

    indicator: str
    comparator: Comparator
    value: Decimal | None
    vintage: str
    provenance: Provenance
    named: str = ""

    @property
    def measure(self) -> Measure | None:
        """The measure that it was set for; None where any value may be held against it."""
        return measures.of_target(self.indicator, self.named, self.vintage)

    def typed(self, value: Decimal) -> Target:
        """The target with a value that somebody types: an older measure no longer holds for it."""
        if self.vintage and self.measure in (None, measures.newest(self.indicator)):
            return replace(self, value=value)
        return replace(self, value=value, vintage=TYPED, named="")

    @property
    def written(self) -> str:
        """As printed: `≥53.2%`, `0`, or nothing when the target is blank."""
        return self._with(0)

    def beside(self, value: Quantity | None) -> str:
        """As it is written beside a value: with two decimals where the value has them."""
        return self.written if value is None else self._with(numbers.decimals(value))

    def _with(self, decimals: int) -> str:
        if self.value is None:
            return ""
        number = self.value
        if decimals > 1 and -int(number.as_tuple().exponent) < decimals:
            number = number.quantize(Decimal(1).scaleb(-decimals))
        unit = "%" if get(self.indicator).has_numerator else ""
        return f"{self.comparator.value}{number:f}{unit}"


class SmallLeaTrack(StrEnum):
    """What smallness does: `flag` says it beside the tier, `placement` replaces the tier."""

    FLAG = "flag"
    PLACEMENT = "placement"


@dataclass(frozen=True, slots=True)
class SmallLea:
    """The track of LEAs with at most `max_swd` students with disabilities."""

    max_swd: int
    effect: SmallLeaTrack
    sentence: str
    provenance: Provenance

    @property
    def said(self) -> Message:
        """The track's sentence with its number in it."""
        return given(self.sentence.format(max_swd=self.max_swd))


@dataclass(frozen=True, slots=True)
class SignificantDisproportionality:
    """The track beside the tiers (34 CFR 300.646–647)."""

    said: Message
    provenance: Provenance


class Minimums(StrEnum):
    """When a group is too small for a ratio: under either minimum (34 CFR 300.647(a), (c)), or only under
    both (how CDE's own older text joins them)."""

    EITHER = "either"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Disproportionality:
    """How risk ratios are held against a threshold (34 CFR 300.647).

    A ratio is over the threshold by `comparator` ("exceeds", so exactly on it is not over). `min_cell` and
    `min_n` are the least children in a numerator and in a denominator, and `minimums` says how the two are
    joined; so many years in a row make it significant. California's numbers are not public: the defaults are
    assumed. `provenance.source` names a source of the rulebook, or is empty where the rulebook is silent and
    the defaults stand. `said_under` are the numbers under which files stated what they state, where these are
    a scenario's.
    """

    threshold: Decimal = Decimal(3)
    comparator: Comparator = Comparator.GREATER
    min_cell: int = 10
    min_n: int = 20
    years_significant: int = 3
    minimums: Minimums = Minimums.EITHER
    provenance: Provenance = Provenance("", Status.ASSUMED)
    comparator_source: str = ""
    said_under: Disproportionality | None = None


@dataclass(frozen=True, slots=True)
class Elements:
    """Which indicators count as elements, and which are only reported.

    `as_findings` are compliance indicators whose missed target is a minor finding instead of a missed target:
    they are no elements then, and `indicators` does not hold them.
    """

    indicators: tuple[str, ...]
    report_only: tuple[str, ...]
    provenance: Provenance
    nc_is_met: tuple[str, ...] = ()
    as_findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """That rules were chosen for how many of CDE's `letters` they explain: `explained` of them, and so do
    `others` settings that were tried."""

    letters: int
    explained: int
    others: int

    @property
    def said(self) -> Message:
        """What stands on every page while such rules run."""
        return message(
            "fitted.banner", n=HowMany(self.others), k=HowMany(self.explained), all=HowMany(self.letters)
        )


@dataclass(frozen=True)
class Rulebook:
    """All rules of one monitoring year; clauses run from the most to the least intensive."""

    id: str
    title: Message
    monitoring_year: str
    official: bool
    about: Message
    precision: int
    min_elements: int
    minimum_n: int
    sources: tuple[Source, ...]
    targets: tuple[Target, ...]
    elements: Elements
    evaluations: tuple[Evaluation, ...]
    clauses: tuple[Clause, ...]
    small_lea: SmallLea
    sig_dis: SignificantDisproportionality
    counting: Provenance
    disproportionality: Disproportionality = Disproportionality()
    lag: Lag = Lag()
    fitted: Fitted | None = None

    def target(self, indicator: str) -> Target | None:
        """The target of an indicator; None when the rulebook has none."""
        return self._target_by_code.get(indicator)

    @cached_property
    def _target_by_code(self) -> dict[str, Target]:
        return {target.indicator: target for target in reversed(self.targets)}

    def evaluation(self, evaluation_id: str) -> Evaluation:
        """Raises KeyError when the rulebook has no such evaluation."""
        for evaluation in self.evaluations:
            if evaluation.id == evaluation_id:
                return evaluation
        raise KeyError(evaluation_id)

    @cached_property
    def first_evaluation(self) -> Evaluation:
        """The one that is shown before the others."""
        return next((one for one in self.evaluations if one.first), self.evaluations[0])

    @cached_property
    def deciding_evaluations(self) -> tuple[Evaluation, ...]:
        """The evaluations that some clause rests on; others are only shown."""
        used = {clause.evaluation for clause in self.clauses}
        return tuple(one for one in self.evaluations if one.id in used)

    def source(self, source_id: str) -> Source:
        """Raises KeyError when the rulebook names no such source."""
        for source in self.sources:
            if source.id == source_id:
                return source
        raise KeyError(source_id)

    @cached_property
    def counts_targets(self) -> bool:
        """Whether missed targets decide anything."""
        return Fact.ELEMENTS in self.facts

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """The kinds of facts that some clause rests on."""
        own = {clause.fact for clause in self.clauses}
        ranked = {evaluation.fact for evaluation in self.deciding_evaluations}
        return frozenset(fact for fact in own | ranked if fact is not None)

    @cached_property
    def placements(self) -> tuple[Placement, ...]:
        """Every placement that this rulebook can give, from least to most intensive, `Not placed` first."""
        given = {clause.placement for clause in self.clauses} | {NOT_PLACED, UNIVERSAL}
        if self.small_lea.effect is SmallLeaTrack.PLACEMENT:
            given.add(SMALL_LEA)
        return tuple(sorted(given))
