"""LEAs like this one: who they are, where the same rules place them, and their rates beside this LEA's.

"Like" is this project's own choice, not CDE's: the same type first, where both types are known; county
offices first for a county office and last for everybody else, by their names where no types are given; then
nearest in size. Size is compared on a ratio scale, |log(swd) − log(swd′)|, which orders exactly as the plain
factor larger ÷ smaller does; where both also give their enrollment, the larger of the two factors counts.
Ties go by name, then code. A median is that of the printed values; of an even number the mean of the two in
the middle.
"""

from __future__ import annotations

from cim_core.peers.region_quartiles import LEAST as LEAST_IN_A_REGION
from cim_core.peers.region_quartiles import Quartiles, quartiles
from cim_core.peers.search import (
    COUNT,
    LEAST_TO_STAND_OUT,
    Compared,
    Lacking,
    Peer,
    Peers,
    PeerSource,
    add,
    candidates,
    changed_to,
    drop,
    peers,
    place_pool,
    printed,
    statewide,
)
from cim_core.peers.sentences import finding, illustration, placed, size

__all__ = [
    "COUNT",
    "LEAST_IN_A_REGION",
    "LEAST_TO_STAND_OUT",
    "Compared",
    "Lacking",
    "Peer",
    "Peers",
    "Quartiles",
    "PeerSource",
    "add",
    "candidates",
    "changed_to",
    "drop",
    "finding",
    "illustration",
    "peers",
    "place_pool",
    "placed",
    "printed",
    "quartiles",
    "size",
    "statewide",
]
