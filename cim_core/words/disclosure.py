"""The one gate for what leaves: every number that a reader sees or a chart plots comes through here.

What a meeting may not see (small groups) does not come this far: it is left out of the data before anything
is worked out (`cim_core.suppression`). Here texts of files are hidden, which nobody has read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from cim_core.words import messages, numbers, rounding
from cim_core.words.messages import Kind, Message, Quantity

_STANDARD = {-1: "number.below", 0: "number.at_standard", 1: "number.above"}
"""Points from the standard on a test, by the side of it."""
_DIGIT, _HIDDEN = re.compile(r"\d"), "▒"
"""What is put in the place of every digit of a text that nobody has read."""


class Audience(StrEnum):
    """For whom numbers are shown: whoever has the files, a meeting, or a meeting by the stricter level.

    What the latter two may see is decided before anything is worked out (`cim_core.suppression`).
    """

    WORKING = "working"
    MEETING = "meeting"
    STRICT = "strict"

    @property
    def sees_everything(self) -> bool:
        """Whether nothing is hidden."""
        return self is Audience.WORKING


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What may be seen in a view, in a language."""

    view: Audience = Audience.WORKING
    language: str = "en"

    def number(self, quantity: Quantity) -> str:
        """A quantity as text, rounded half up, with its unit."""
        kind, written = quantity.kind, numbers.digits(quantity)
        if kind is Kind.ORDINAL:
            return messages.ordinal(written, self.language)
        if kind is Kind.STANDARD:
            side = (quantity.value > 0) - (quantity.value < 0)
            return messages.text(_STANDARD[side], self.language, n=written.removeprefix("−"))
        return f"{written}%" if kind in (Kind.RATE, Kind.PERCENTILE) else written

    def bare(self, quantity: Quantity | None) -> str:
        """The same without a unit, for table columns that name it; a dash where there is nothing."""
        return "–" if quantity is None else numbers.digits(quantity)

    def value(self, quantity: Quantity | None) -> float | None:
        """What a chart may plot and an export may hold; None where there is nothing."""
        if quantity is None:
            return None
        return float(rounding.half_away(quantity.value, quantity.decimals))

    def of_file(self, text: str) -> str:
        """What stands in a file, word by word: it may hold counts of students that nobody has read yet."""
        return text if self.view.sees_everything else _DIGIT.sub(_HIDDEN, text)

    def say(self, message: Message) -> str:
        """A message as text in this view's language."""
        return messages.render(message, self.number, self.language)

    def say_id(self, message_id: str, **values: str | messages.HowMany) -> str:
        """A message without numbers about students, by id."""
        return self.say(Message(message_id, values))


WORKING = Disclosure()
"""Everything may be seen: for the person who has the files."""
