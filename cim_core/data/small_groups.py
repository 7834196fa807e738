"""Which counts of students are too small to be shown outside of the working view.

A group (denominator) of 10 or fewer is not shown: the rule of CDE's DataQuest. The stricter level hides
counts of 1 to 10 as well, and those of the others of their group. In groups of 11 to 20 nobody, one and two
are not told apart, nor everybody and everybody but one or two: 0 % and 100 % would say something of each
student (top and bottom coding, as in U.S. Department of Education, NCES 2011-603, Statewide Longitudinal Data
Systems Technical Brief 3; its bands are wider).
"""

from __future__ import annotations

from cim_core.data.arrays import Bools, Ints
from cim_core.words.disclosure import Audience

SMALL = 10
"""A group of so many or fewer is not shown; so is, at the stricter level, a count of one to so many."""
BANDED_TO = 20
"""In groups of up to so many the `WIDTH` lowest and highest counts are hidden."""
WIDTH = 3
"""So many values are possible at least for a hidden count, for whoever has everything that is shown."""


def small(counts: Ints) -> Bools:
    """Counts of 1 to 10."""
    return (counts >= 1) & (counts <= SMALL)


def hides(count: Ints, group: Ints, audience: Audience) -> Bools:
    """Whether a count of a group's students is hidden (arrays of one shape, both known)."""
    at_an_end = (count < WIDTH) | (group - count < WIDTH)
    found = (group <= SMALL) | (group <= BANDED_TO) & at_an_end
    if audience is Audience.STRICT:
        found = found | small(count) | small(group - count)
    return found


def hides_group_of(least: int, audience: Audience) -> bool:
    """Whether a value of a group of at least so many students may be hidden."""
    return audience is Audience.STRICT or (audience is Audience.MEETING and least <= BANDED_TO)
