"""How far ranks shift from one year to the next, as a statewide reference itself shows it.

Where the year of the data is not in the reference, an LEA is ranked among others of an earlier year, and the
state moves in between. For every LEA that the reference holds in two years running: its percentile in its own
year, less the percentile of the same results among the others of the year before (the others as they stand
there). From the 5th to the 95th percentile of that over all LEAs, and always with nought in it, since an
upload that holds much of the state brings its own year along; of several pairs of years the widest; for a gap
of more years that many times as wide. Quantiles by linear interpolation (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Floats, Ints
from cim_core.data.indicators import INDICATORS, POSITION
from cim_core.placing.pools import Pool, Reference, fit_to_rank, part, state_pool
from cim_core.placing.standing import SAME, RankStanding, composites, rank_among, stand
from cim_core.rules.evaluations import Evaluation

FROM, TO = 0.05, 0.95
"""Which quantiles of the shift bound an interval."""
FEWEST = 30
"""The fewest LEAs of one type whose shifts tell something of it."""
_DECIMALS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """Points to add to a percent from the worst that was found in an earlier year.

    `low` ≤ 0 ≤ `high` for the percentile; `indicator_low`, `indicator_high` (K) for each indicator by
    itself, NaN where too few LEAs tell; `mean` is the mean over `leas` LEAs, below nought where an earlier
    year makes ranks look better than they are; `pairs` are the years that were compared, `gap` how many
    years lie between data and reference.
    """

    low: float
    high: float
    indicator_low: Floats
    indicator_high: Floats
    mean: float
    leas: int
    pairs: tuple[tuple[str, str], ...]
    gap: int


def measured(
    reference: Reference, evaluation: Evaluation, stand_in: str, year: str, kind: str = ""
) -> Shift | None:
    """The shift to reckon with where `stand_in` stands for `year`; None where the reference cannot tell.

    It cannot where it holds no two years running with as many LEAs in both as an indicator needs to enter.
    Where each type is ranked by itself, the LEAs of that `kind` tell, and `FEWEST` of them are enough.
    """
    if reference.dataset is None or not (stand_in[:4].isdigit() and year[:4].isdigit()):
        return None
    gap = int(year[:4]) - int(stand_in[:4])
    return _over(reference.dataset, evaluation, gap, kind) if gap > 0 else None


@lru_cache(maxsize=32)
def _over(state: Dataset, evaluation: Evaluation, gap: int, kind: str) -> Shift | None:
    least = max(1, min(evaluation.min_reference_values, FEWEST) if kind else evaluation.min_reference_values)
    told = _told(state, evaluation, kind, least)
    if not told:
        return None
    ends = [_ends(whole, least) for whole, _ in told.values()]
    by_indicator = [[_ends(each[:, at], least) for _, each in told.values()] for at in range(len(POSITION))]
    everybody = np.concatenate([whole[np.isfinite(whole)] for whole, _ in told.values()])
    low, high = _widest(ends, gap)
    each_low, each_high = np.array([_widest(one, gap) for one in by_indicator]).T
    mean = gap * float(everybody.mean())
    return Shift(low, high, each_low, each_high, mean, len(everybody), tuple(told), gap)


def _told(
    state: Dataset, evaluation: Evaluation, kind: str, least: int
) -> dict[tuple[str, str], tuple[Floats, Floats]]:
    """The shifts between each two consecutive years in which at least so many LEAs are ranked."""
    years = [year for year in state.years if year[:4].isdigit()]
    found = {}
    for before, after in zip(years, years[1:], strict=False):
        shifts = _pair(state, evaluation, before, after, kind) if _next(before, after) else None
        if shifts is not None and np.isfinite(shifts[0]).sum() >= least:
            found[before, after] = shifts
    return found


def _next(before: str, after: str) -> bool:
    return int(after[:4]) - int(before[:4]) == 1


def _ends(shifts: Floats, least: int) -> tuple[float, float]:
    known = shifts[np.isfinite(shifts)]
    if len(known) < least:
        return np.nan, np.nan
    low, high = np.quantile(known, [FROM, TO])
    return min(0.0, float(low)), max(0.0, float(high))


def _widest(ends: list[tuple[float, float]], gap: int) -> tuple[float, float]:
    known = [one for one in ends if not np.isnan(one[0])]
    if not known:
        return np.nan, np.nan
    low, high = gap * min(one for one, _ in known), gap * max(one for _, one in known)
    return round(low, _DECIMALS), round(high, _DECIMALS)


def _pair(
    state: Dataset, evaluation: Evaluation, before: str, after: str, kind: str
) -> tuple[Floats, Floats] | None:
    """The shifts of everybody of the later year: of the percentile (n), and on each indicator (n×K)."""
    old, new = (part(state_pool(state, evaluation, year), kind) for year in (before, after))
    if not old.entered or not new.entered:
        return None
    there, here = stand(old), stand(new)
    key = {one: at for at, one in enumerate(state.lea_key[old.others].tolist())}
    own = np.array([key.get(one, -1) for one in state.lea_key[new.others].tolist()], np.int64)
    if not (own >= 0).any():
        return None
    each = {code: _stood(old, there, new, own, code) for code in old.entered}
    composite = composites(each, evaluation, (1, len(new.swd)))[0][0]
    composite[new.swd <= evaluation.swd_over] = np.nan
    fit = ~np.isnan(there.rank)
    percent = rank_among(composite, there.composite, fit, own, evaluation.ties, SAME)
    shifts = here.percentile - percent
    shifts[own < 0] = np.nan
    indicator = np.full((len(new.swd), len(POSITION)), np.nan)
    for code, percents in each.items():
        column = POSITION[code]
        indicator[:, column] = np.where(own >= 0, here.indicator[:, column] - percents[0], np.nan)
    return shifts, indicator


def _stood(old: Pool, there: RankStanding, new: Pool, own: Ints, code: str) -> Floats:
    column = POSITION[code]
    sign = 1.0 if INDICATORS[column].higher_is_better else -1.0
    fit: Bools = ~np.isnan(there.indicator[:, column])
    values = np.where(fit_to_rank(new, code), sign * new.value[:, column], np.nan)
    return rank_among(values, sign * old.value[:, column], fit, own, old.evaluation.ties, 0.0)[np.newaxis]


def bounds(
    percent: Floats, low: float | Floats, high: float | Floats, least: float | Floats
) -> tuple[Floats, Floats]:
    """The ends of the intervals around percents that were found in an earlier year, within `least`…100."""
    first, last = (np.clip(np.round(percent + one, _DECIMALS), least, 100.0) for one in (low, high))
    return first, last
