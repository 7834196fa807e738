"""A card of a meeting: one sentence, one picture, a source line; what is kept of it, and what is drawn.

The heads are a board's own ten questions (method §10).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cim_core.placing.settled import Standing
from cim_core.rules.tiers import Placement
from cim_core.words.messages import Message, MessageFamily, Quantity


class Question(StrEnum):
    """What a board asks, in the order in which it does."""

    WHAT = "what"
    WHERE = "where"
    WHY = "why"
    FAR = "far"
    DATA = "data"
    TREND = "trend"
    FAIR = "fair"
    MUST = "must"
    COST = "cost"
    DOING = "doing"


ASKED = MessageFamily("meeting.question.{}", tuple(Question))


class CardKind(StrEnum):
    """The cards: of a region, of one LEA, of a scenario, and those that the presenter types."""

    WHAT = "what"
    WHERE = "where"
    MISSED = "missed"
    NEAR = "near"
    LAG = "lag"
    MOVED = "moved"
    SURE = "sure"
    ASKS = "asks"
    COST = "cost"
    NEXT = "next"
    QUOTES = "quotes"
    LEA_WHY = "lea_why"
    LEA_NEAR = "lea_near"
    LEA_LAG = "lea_lag"
    LEA_TREND = "lea_trend"
    LEA_SURE = "lea_sure"
    LEA_ASKS = "lea_asks"
    LEA_COST = "lea_cost"
    WHATIF = "whatif"

    @property
    def of_lea(self) -> bool:
        """Whether it is about one LEA."""
        return self.value.startswith("lea_")

    @property
    def typed(self) -> bool:
        """Whether the presenter writes it."""
        return self in (CardKind.NEXT, CardKind.QUOTES)


CARD_NAMED = MessageFamily("meeting.card.{}", tuple(CardKind))
MOST_TYPED = 600
"""Characters that fit on a card."""


@dataclass(frozen=True, slots=True)
class CardSpec:
    """What is kept of a card: its kind, the LEA's code, the scenario as an address has it, what is typed."""

    kind: CardKind
    lea: str = ""
    scenario: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TierRow:
    """The LEAs of one placement: names with their marks, or only how many where they are too many."""

    placement: Placement
    count: int
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TierRows:
    """A row for each placement with the names of its LEAs; `key` says what the marks mean."""

    rows: tuple[TierRow, ...]
    key: tuple[tuple[str, Message], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """So many of so many LEAs; `said` is the number as it is written."""

    label: Message
    count: int
    of: int
    said: Message
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """How many LEAs, one bar for each answer."""

    each: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Dots:
    """A dot for each student of a group: `count` of them filled, `turns` more (or fewer) to the target."""

    count: Quantity
    group: Quantity
    turns: int
    said: Message


@dataclass(frozen=True, slots=True)
class Line:
    """One line of large type: a placement's mark or a head before what is said."""

    said: Message
    head: Message | None = None
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """What is best said in a few lines."""

    each: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """One after the other: how data become a letter."""

    each: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Where an LEA stood, year by year."""

    years: tuple[tuple[str, Standing], ...]


Picture = TierRows | Bars | Dots | Lines | Steps | Trail


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown: `sentence` answers `question`; `number` stands large beside the picture.

    `letter` and `reading` are the placements of an LEA's card by who says so. `banner` says that rules or
    data are changed; `source` whose data, whose rules, who says so; `lag` how old; `notes` are for the
    speaker, in words.
    """

    spec: CardSpec
    question: Message
    sentence: Message
    source: Message
    under: Message | None = None
    picture: Picture | None = None
    number: Quantity | None = None
    number_said: Message | None = None
    letter: Message | None = None
    letter_placement: Placement | None = None
    reading: Standing | None = None
    banner: Message | None = None
    lag: Message | None = None
    notes: tuple[Message, ...] = ()
