"""What a clause, or a yes-or-no fact, comes to: Kleene's three values."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from cim_core.data.dataset import Bools, Codes


class Outcome(IntEnum):
    """True, false, or unknown, which is never taken for false."""

    UNKNOWN = -1
    FALSE = 0
    TRUE = 1

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


def three_valued(holds: Bools, known: Bools) -> Codes:
    """`Outcome` codes: whether each holds where that is known, unknown elsewhere."""
    return np.where(known, holds, Outcome.UNKNOWN).astype(np.int8)
