"""The catalogue of indicators: what each one is, which direction is better, what its fraction counts.

Source: State Performance Plan indicators 1–14 (20 USC 1416(a)(3), 34 CFR 300.600–602; OSEP's Part B
measurement table), California's splits, and the Dashboard/DataQuest measures that CDE's evaluations use.
Names live in `cim_core.words` under `indicator.<code>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cim_core.words.messages import Message, MessageFamily, message


class IndicatorType(StrEnum):
    """Whether the state measures results or compliance with it."""

    PERFORMANCE = "performance"
    COMPLIANCE = "compliance"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    """What a value is counted in."""

    PERCENT = "percent"
    POINTS = "points"
    COUNT = "count"


class Family(StrEnum):
    """What an indicator is about; also the domains of evaluations."""

    ACHIEVEMENT = "achievement"
    PLACEMENT = "placement"
    CLIMATE = "climate"
    PRESCHOOL = "preschool"
    TRANSITION = "transition"
    COMPLIANCE = "compliance"
    DISPROPORTIONALITY = "disproportionality"
    TIMELINE = "timeline"


FAMILY_NAMED: dict[str, str] = {
    Family.ACHIEVEMENT: "family.achievement",
    Family.PLACEMENT: "family.placement",
    Family.CLIMATE: "family.climate",
    Family.PRESCHOOL: "family.preschool",
}
"""The message that names a family, where it is a domain of an evaluation."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `lag` is true where the data are a year older than the year they are printed under."""

    code: str
    type: IndicatorType
    direction: Direction
    unit: Unit
    family: Family
    lag: bool = False

    @property
    def label(self) -> Message:
        """The code as people write it: `5a`, `3b Math`, `Chronic absence`."""
        return Message(_LABEL[self.code])

    @property
    def name(self) -> Message:
        """The full name, as in the measurement table."""
        return Message(_NAME[self.code])

    @property
    def short(self) -> Message:
        """A few words for heads and axes."""
        return Message(_SHORT[self.code])

    @property
    def title(self) -> Message:
        """Code and short name together: `5a Regular class ≥ 80 %`."""
        return message("indicator_title", label=self.label, short=self.short)

    @property
    def numerator(self) -> Message:
        """What the numerator counts, in words; a dash where the indicator has none."""
        return Message(_NUMERATOR[self.code])

    @property
    def denominator(self) -> Message:
        """What the denominator counts, in words."""
        return Message(_DENOMINATOR[self.code])

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better."""
        return self.direction is Direction.HIGHER

    @property
    def has_numerator(self) -> bool:
        """Whether its rate is students ÷ students (means, gaps and counts of areas are not)."""
        return self.unit is Unit.PERCENT


def _catalogue() -> tuple[Indicator, ...]:
    performance, compliance = IndicatorType.PERFORMANCE, IndicatorType.COMPLIANCE
    higher, lower = Direction.HIGHER, Direction.LOWER
    percent, points, count = Unit.PERCENT, Unit.POINTS, Unit.COUNT
    f = Family
    subjects = ("ela", "math")
    return (
        Indicator("1", performance, higher, percent, f.TRANSITION, lag=True),
        Indicator("2", performance, lower, percent, f.TRANSITION, lag=True),
        *(Indicator(f"3a_{s}", performance, higher, percent, f.ACHIEVEMENT) for s in subjects),
        *(Indicator(f"3b_{s}", performance, higher, percent, f.ACHIEVEMENT) for s in subjects),
        *(Indicator(f"3c_{s}", performance, higher, percent, f.ACHIEVEMENT) for s in subjects),
        *(Indicator(f"3d_{s}", performance, lower, points, f.ACHIEVEMENT) for s in subjects),
        Indicator("4a", performance, lower, percent, f.CLIMATE, lag=True),
        Indicator("4b", compliance, lower, count, f.DISPROPORTIONALITY, lag=True),
        Indicator("5a", performance, higher, percent, f.PLACEMENT),
        Indicator("5b", performance, lower, percent, f.PLACEMENT),
        Indicator("5c", performance, lower, percent, f.PLACEMENT),
        Indicator("6a", performance, higher, percent, f.PRESCHOOL),
        Indicator("6b", performance, lower, percent, f.PRESCHOOL),
        Indicator("6c", performance, lower, percent, f.PRESCHOOL),
        *(Indicator(f"7{a}{n}", performance, higher, percent, f.PRESCHOOL) for a in "ABC" for n in "12"),
        Indicator("8", performance, higher, percent, f.CLIMATE),
        Indicator("9", compliance, lower, count, f.DISPROPORTIONALITY),
        Indicator("10", compliance, lower, count, f.DISPROPORTIONALITY),
        Indicator("11", compliance, higher, percent, f.TIMELINE),
        Indicator("12", compliance, higher, percent, f.TIMELINE),
        Indicator("13", compliance, higher, percent, f.COMPLIANCE),
        Indicator("14a", performance, higher, percent, f.TRANSITION),
        Indicator("14b", performance, higher, percent, f.TRANSITION),
        Indicator("14c", performance, higher, percent, f.TRANSITION),
        Indicator("chronic", performance, lower, percent, f.CLIMATE),
        Indicator("susp", performance, lower, percent, f.CLIMATE),
        Indicator("ela_dfs", performance, higher, points, f.ACHIEVEMENT),
        Indicator("math_dfs", performance, higher, points, f.ACHIEVEMENT),
        Indicator("overdue", compliance, lower, percent, f.TIMELINE),
    )


INDICATORS: tuple[Indicator, ...] = _catalogue()
CODES: tuple[str, ...] = tuple(indicator.code for indicator in INDICATORS)
POSITION: dict[str, int] = {code: position for position, code in enumerate(CODES)}
_LABEL = MessageFamily("indicator.{}.label", CODES)
_NAME = MessageFamily("indicator.{}.name", CODES)
_SHORT = MessageFamily("indicator.{}.short", CODES)
_NUMERATOR = MessageFamily("indicator.{}.numerator", CODES)
_DENOMINATOR = MessageFamily("indicator.{}.denominator", CODES)


_LONGEST = 200


def _plain(written: str) -> str:
    return re.sub(r"[\s._\-–—]+", "", written).casefold()


_CALLED = re.compile(r"^(?:indicator|sppi|spp|ind)*#?")
_BY_WRITTEN = {_plain(code): code for code in CODES}


@lru_cache(maxsize=4096)
def find(written: str) -> str | None:
    """The code meant by a person's spelling (`7A.1`, `3b ELA`, `indicator 5a`), or None.

    `1.0` is how a program writes the number 1; any other dot or blank between digits is no code of ours.
    """
    if len(written) > _LONGEST:
        return None
    written = re.sub(r"(?<=\d)\.0$", "", written.strip())
    if re.search(r"\d[\s._–—-]+\d", written):
        return None
    plain = _plain(written)
    return _BY_WRITTEN.get(_CALLED.sub("", plain))


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Indicator codes in the catalogue's order."""
    return tuple(sorted(codes, key=POSITION.__getitem__))


def get(code: str) -> Indicator:
    """The indicator of a code. Raises KeyError when there is none."""
    return INDICATORS[POSITION[code]]
