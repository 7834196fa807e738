"""Indicators that count the same students: what is shown of one bounds another that is hidden.

Students in regular class, in little of it and in separate schools are different ones of the same group, so a
hidden count is at most what the shown ones leave; of students after school each count is part of the next.
Where fewer than `WIDTH` values would be possible, more of the family is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.data.arrays import Bools, Ints
from cim_core.data.indicators import POSITION
from cim_core.data.small_groups import WIDTH, hides
from cim_core.words.disclosure import Audience

APART = (("1", "2"), ("5a", "5b", "5c"), ("6a", "6b", "6c"))
"""Each counts other students of one group."""
WITHIN = (("14a", "14b", "14c"),)
"""Each counts those of the one before it, and more, of one group."""


def complementary(count: Ints, group: Ints, hidden: Bools, uncounted: Bools, audience: Audience) -> Bools:
    """What is hidden besides (R×K), so that the families do not give `hidden` back.

    `count` and `group` (R×K) are students, −1 where not given. It follows from what is shown alone: what is
    hidden of a family is taken for counts of the group that is shown. Shown rates without counts
    (`uncounted`) add up as well: they are hidden wherever one of their family is.
    """
    found = np.zeros_like(hidden)
    for family, nested in (*((one, False) for one in APART), *((one, True) for one in WITHIN)):
        at = np.array([POSITION[code] for code in family])
        found[:, at] |= uncounted[:, at] & ~hidden[:, at] & hidden[:, at].any(axis=1, keepdims=True)
        shown = (count[:, at] >= 0) & (group[:, at] >= 0) & ~hidden[:, at]
        for row in np.flatnonzero(hidden[:, at].any(axis=1) & shown.any(axis=1)):
            for size in np.unique(group[row, at[shown[row]]]):
                same = at[hidden[row, at] | (shown[row] & (group[row, at] == size))]
                some = _Family(count[row, same], int(size), hidden[row, same], nested, audience)
                found[row, same] |= some.more()
    return found


@dataclass(frozen=True, slots=True)
class _Family:
    """The indicators of a family that one LEA-year has for a group of the same size, in their order."""

    counts: Ints
    size: int
    hidden: Bools
    nested: bool
    audience: Audience

    def more(self) -> Bools:
        """Which of them to hide besides: always the smallest count that is shown."""
        added = np.zeros_like(self.hidden)
        while True:
            shown = ~self.hidden & ~added
            if not shown.any() or not self._is_told(shown):
                return added
            added[np.flatnonzero(shown)[self.counts[shown].argmin()]] = True

    def _is_told(self, shown: Bools) -> bool:
        """Whether some hidden count has fewer than `WIDTH` possible values."""
        numbers = np.arange(self.size + 1)
        values = numbers[hides(numbers, np.full_like(numbers, self.size), self.audience)]
        values = values if len(values) else numbers  # a file hides by rules of its own
        return any(self._possible(int(at), shown, values) < WIDTH for at in np.flatnonzero(self.hidden))

    def _possible(self, at: int, shown: Bools, values: Ints) -> int:
        """How many of the `values` that would be hidden the shown counts leave for one."""
        low, high = 0, self.size
        if self.nested:
            below, above = self.counts[:at][shown[:at]], self.counts[at + 1 :][shown[at + 1 :]]
            low, high = int(below.max(initial=0)), int(above.min(initial=self.size))
        else:
            others = int((self.hidden.sum() - 1) * values.min(initial=0))
            high = self.size - int(self.counts[shown].sum()) - others
        return int(((values >= low) & (values <= high)).sum())
