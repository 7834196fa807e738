"""What a clause, or a yes-or-no fact, comes to: Kleene's three values."""

from __future__ import annotations

from enum import IntEnum


class Outcome(IntEnum):
    """True, false, or unknown, which is never taken for false."""

    UNKNOWN = -1
    FALSE = 0
    TRUE = 1

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()
