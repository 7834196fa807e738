"""Other rules and other data: scenarios, who moves, and at which value."""

from __future__ import annotations

from cim_core.whatif.change_points import ChangePoint
from cim_core.whatif.comparison import (
    SIZE_GROUPS,
    Comparison,
    GroupShare,
    Mover,
    MoverTally,
    compare,
    helped_and_hurt,
    size_of,
)
from cim_core.whatif.control_groups import ControlGroup
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.sentences import because, ratio, written
from cim_core.whatif.shortly import shortly
from cim_core.whatif.stacking import Conflict, Stack, stacked
from cim_core.whatif.sweep import Sweep, grid, sweep

__all__ = [
    "ChangePoint",
    "Comparison",
    "Conflict",
    "ControlGroup",
    "GroupShare",
    "Mover",
    "MoverTally",
    "SIZE_GROUPS",
    "Scenario",
    "Stack",
    "Sweep",
    "because",
    "compare",
    "grid",
    "helped_and_hurt",
    "ratio",
    "shortly",
    "size_of",
    "stacked",
    "sweep",
    "written",
]
