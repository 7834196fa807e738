"""The rates behind counts, drawn: chance once, that of the year counted.

Method: the unknown rate behind x of n is drawn from its posterior Beta(x + a, n − x + b). Where the reference
holds the indicator, the prior Beta(a, b) is the state's own distribution of that year, by the method of
moments: the mean of the LEAs' rates, and their variance less what sampling adds to it (Kleinman 1973, Journal
of the American Statistical Association 68:46–54). So a small LEA's rate is drawn towards the state's, as in
Efron & Morris 1975, JASA 70:311–319, and for schools in Kane & Staiger 2002, Journal of Economic Perspectives
16(4):91–114. Elsewhere Jeffreys' prior, a = b = ½ (Brown, Cai & DasGupta 2001, Statistical Science
16(2):101–133).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cim_core.certainty.intervals import has_counts
from cim_core.data.dataset import NANO, Dataset, Floats, Ints
from cim_core.data.indicators import POSITION

LEAST_LEAS, LEAST_STUDENTS = 30, 30
"""So many LEAs of so many students make a distribution of the state."""
_AT_ONCE = 1 << 16
Rates = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prior:
    """Beta(`a`, `b`) of an indicator; `leas` of the state's LEAs stand behind it, 0 for Jeffreys' prior."""

    a: float = 0.5
    b: float = 0.5
    leas: int = 0

    @property
    def students(self) -> float:
        """How many students the prior weighs as much as."""
        return self.a + self.b


JEFFREYS = Prior()


def prior(state: Dataset | None, year: str, code: str) -> Prior:
    """The state's distribution of an indicator's rate in a year of a reference; Jeffreys where there is none.

    Without that year the newest earlier one. None too where the rates vary by no more than sampling gives.
    """
    years = [] if state is None else [one for one in state.closed_years if one <= year]
    if state is None or not years:
        return JEFFREYS
    rows, at = state.rows_of_year(years[-1]), POSITION[code]
    fit = has_counts(state, rows)[:, at] & (state.denominator[rows, at] >= LEAST_STUDENTS)
    rows = rows[fit]
    if len(rows) < LEAST_LEAS:
        return JEFFREYS
    bottoms = state.denominator[rows, at].astype(np.float64)
    rates = state.numerator[rows, at] / bottoms
    mean = float(rates.mean())
    between = float(rates.var(ddof=1) - (rates * (1 - rates) / (bottoms - 1)).mean())
    if between <= 0 or not 0 < mean < 1:
        return JEFFREYS
    students = mean * (1 - mean) / between - 1
    if students <= 0:
        return JEFFREYS
    return Prior(mean * students, (1 - mean) * students, len(rows))


def draw(numerator: Ints, denominator: Ints, known: Prior, draws: int, rng: np.random.Generator) -> Rates:
    """Rates between 0 and 1 (draws×C) for C cells of `numerator` of `denominator` students."""
    out = np.empty((len(numerator), draws))
    step = max(1, _AT_ONCE // draws)
    for begin in range(0, len(numerator), step):
        some = slice(begin, begin + step)
        tops, rest = numerator[some, np.newaxis], (denominator - numerator)[some, np.newaxis]
        out[some] = rng.beta(tops + known.a, rest + known.b, (tops.shape[0], draws))
    return np.ascontiguousarray(out.T)


def as_value(rates: Rates) -> Ints:
    """Rates as percent in whole billionths, the units in which a dataset holds a rate that is given."""
    return np.asarray(np.rint(100 * NANO * rates).astype(np.int64))


def as_percent(rates: Rates) -> Floats:
    """The same as a dataset's float value, so that ranking and comparing see one number."""
    return np.asarray(as_value(rates) / NANO)
