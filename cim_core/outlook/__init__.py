"""How near another placement is, and what would move an LEA there."""

from __future__ import annotations

from cim_core.outlook.base_rates import BaseRate, base_rate
from cim_core.outlook.change_search import Ground, ground
from cim_core.outlook.closeness import (
    FRAGILE_TO,
    Closeness,
    Decider,
    RowCloseness,
    Untested,
    What,
    closeness,
)
from cim_core.outlook.closeness_sentences import CLOSENESS_NAMED
from cim_core.outlook.edge_margins import EdgeMargin
from cim_core.outlook.levers import Way
from cim_core.outlook.margins import Borderline, Margins, margins
from cim_core.outlook.next_year import BINS, TABLE, NextYearTable, Silent, bin_of, next_year
from cim_core.outlook.sentences import WAY_TITLED
from cim_core.outlook.smallest_change import IndicatorChange, Plan, WayAnswer
from cim_core.outlook.state_strips import RankEvidence, StateStrip
from cim_core.outlook.target_rooms import TargetRoom

__all__ = [
    "BINS",
    "BaseRate",
    "Borderline",
    "CLOSENESS_NAMED",
    "Closeness",
    "Decider",
    "EdgeMargin",
    "FRAGILE_TO",
    "Ground",
    "IndicatorChange",
    "Margins",
    "NextYearTable",
    "Plan",
    "RankEvidence",
    "RowCloseness",
    "Silent",
    "StateStrip",
    "TABLE",
    "TargetRoom",
    "Untested",
    "WAY_TITLED",
    "Way",
    "WayAnswer",
    "What",
    "base_rate",
    "bin_of",
    "closeness",
    "ground",
    "margins",
    "next_year",
]
