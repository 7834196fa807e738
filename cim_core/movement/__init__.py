"""Who moved between two years, and for which reason: found by swapping one thing at a time.

Method (this project's own; the idea of swapping one factor at a time in a stated order is the standardization
of demography, Kitagawa 1955, J. Am. Stat. Assoc. 50, and Das Gupta 1993, U.S. Census Bureau P23-186). The
LEA of the earlier year is turned into that of the later year in a fixed order, see `MoveReason`, and placed
again by the real placement code after each swap. A swap at which the placement changes is a reason. Another
order could give other reasons, so the order is part of every answer.
"""

from __future__ import annotations

from cim_core.movement.flows import Flows, Movement, YearMover, movement, previous, steps, traced
from cim_core.movement.revision import CellChange, Revision
from cim_core.movement.sentences import (
    CSV_COLUMNS,
    FactorChange,
    Side,
    because,
    changes,
    mover_rows,
    sides,
    since,
    since_stages,
    step_said,
)
from cim_core.movement.swaps import ORDER, Between, MoveReason, Stage, SwapStep

__all__ = [
    "CSV_COLUMNS",
    "ORDER",
    "Between",
    "CellChange",
    "FactorChange",
    "Flows",
    "Movement",
    "MoveReason",
    "Revision",
    "Side",
    "Stage",
    "SwapStep",
    "YearMover",
    "because",
    "changes",
    "movement",
    "mover_rows",
    "previous",
    "sides",
    "since",
    "since_stages",
    "step_said",
    "steps",
    "traced",
]
