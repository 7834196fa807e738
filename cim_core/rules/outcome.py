"""What a clause, or a yes-or-no fact, comes to: Kleene's three values."""

from __future__ import annotations

from enum import IntEnum

from cim_core.words.messages import MessageFamily


class Outcome(IntEnum):
    """True, false, or unknown, which is never taken for false."""

    UNKNOWN = -1
    FALSE = 0
    TRUE = 1

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


OUTCOME_NAMED: MessageFamily[Outcome] = MessageFamily("outcome.{}", tuple(Outcome))
FLAG_NAMED: dict[int, str] = {
    Outcome.UNKNOWN: "revision.flag.unknown",
    Outcome.FALSE: "revision.flag.no",
    Outcome.TRUE: "revision.flag.yes",
}
"""The message that says a yes-or-no fact."""
