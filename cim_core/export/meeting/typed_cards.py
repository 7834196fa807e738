"""Cards that the presenter types: what people say, and what is done next; nothing of single students."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cim_core.export.meeting.card import ASKED, Card, CardKind, CardSpec, Line, Lines, Question
from cim_core.export.meeting.ground import Ground
from cim_core.words.messages import HowMany, Message, given, message

_MOST_LINES = 6
_NUMBER = re.compile(r"(?<!\d)\d{9,10}(?!\d)", re.ASCII)
_BIRTH = re.compile(
    r"\b(?:born|birth\s?(?:date|day)?|d\.?o\.?b\.?)\b|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_NAMED = re.compile(
    r"\b(?:[Ss]tudents?|STUDENTS?|[Pp]upils?|[Cc]hild|[Ss]on|[Dd]aughter)(?:'s|,)?\s+(?:named\s+|called\s+)?[A-Z][a-z]+\b"
)
_GROUPS = frozenset(
    ("Black", "White", "Asian", "Hispanic", "Latino", "Latina", "American", "Pacific", "Filipino", "English",
     "Native", "Alaska", "African", "Indian", "Services", "Success", "Study", "Support", "Find", "With")
)  # fmt: skip
"""Words that follow "students" and are no name."""


def single_students(text: str) -> tuple[Message, ...]:
    """What in a typed text may be about single students: an identifier, a day of birth, "student NAME"."""
    found = []
    if _NUMBER.search(text):
        found.append(message("meeting.typed.number"))
    if _BIRTH.search(text):
        found.append(message("meeting.typed.birth"))
    if any(one[0].split()[-1] not in _GROUPS for one in _NAMED.finditer(text)):
        found.append(message("meeting.typed.name"))
    return tuple(found)


def too_long(text: str) -> Message | None:
    """That a typed text has more lines than a card shows; None where it has not."""
    more = len(_written(text)) - _MOST_LINES
    return message("meeting.typed.more", n=HowMany(more), shown=HowMany(_MOST_LINES)) if more > 0 else None


def _written(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _lines(text: str) -> Lines | None:
    written = _written(text)
    if not written or single_students(text):
        return None
    return Lines(tuple(Line(given(line)) for line in written[:_MOST_LINES]))


def next_steps(spec: CardSpec, on: Ground) -> Card:
    """What is done next, who does it, by when; typed."""
    return _card(spec, on, message("meeting.next.said"))


def quotes(spec: CardSpec, on: Ground) -> Card:
    """What people say; typed."""
    return _card(spec, on, message("meeting.quotes.said"))


def _card(spec: CardSpec, on: Ground, sentence: Message) -> Card:
    found = single_students(spec.text)
    under = message("meeting.typed.hidden", each=found) if found else too_long(spec.text)
    if not spec.text.strip():
        under = message("meeting.typed.empty")
    source = message("meeting.typed.source", selpa=on.selpa)
    return Card(spec, message(ASKED[Question.DOING]), sentence, source, under, _lines(spec.text))


MAKERS: Mapping[CardKind, Callable[[CardSpec, Ground], Card]] = {
    CardKind.NEXT: next_steps,
    CardKind.QUOTES: quotes,
}
