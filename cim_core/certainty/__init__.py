"""How much of a placement is chance in this year's figures.

The rates behind the counts of performance indicators are drawn from their posterior (`rates`; chance once,
that of the year counted), the same placement code runs on every draw, and percentiles are ranked anew with
everybody drawn. Indicators are drawn independently of each other, although some share students (5a and 5b).
What is held fixed is listed with every answer (`held`), so the real uncertainty is larger. It says nothing
about other years (`next_year` does) and is not a ground for appeal. Ranks with their uncertainty: Goldstein &
Spiegelhalter 1996, Journal of the Royal Statistical Society A 159:385–443.
"""

from __future__ import annotations

from cim_core.certainty.drawn import DRAWS, SEED, Certainty, certainty
from cim_core.certainty.held_fixed import Held
from cim_core.certainty.intervals import Method
from cim_core.certainty.sentences import method_note
from cim_core.certainty.simulation import cells_to_redraw
from cim_core.certainty.summary import IndicatorCertainty, RowCertainty, summary_of

__all__ = [
    "DRAWS",
    "SEED",
    "Certainty",
    "Held",
    "IndicatorCertainty",
    "Method",
    "RowCertainty",
    "cells_to_redraw",
    "certainty",
    "method_note",
    "summary_of",
]
