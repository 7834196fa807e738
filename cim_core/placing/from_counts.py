"""The facts that follow from counts by race and ethnicity, where files are silent about them.

Other numbers than those under which files spoke (a scenario's) change what counts say of some rows. There the
counts speak in the files' place, if they agreed with what the files state; everywhere else that stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cim_core.data.dataset import NONE, Bools, Codes, Dataset, Ints
from cim_core.data.race_counts import WorkedOut
from cim_core.placing.disproportionality import Ratios, measure
from cim_core.rules.rulebook import Disproportionality, Rulebook

_YES, _NO, _UNKNOWN = 1, 0, -1


def filled(dataset: Dataset, rulebook: Rulebook) -> Dataset:
    """The dataset with facts worked out from its counts, where its files are silent about them.

    The very same object when there are no counts of an area of the regulation. What was filled in by other
    rules before is taken out first. A number of years that is only bounded stays unknown; its bounds are in
    `worked_out`. Where a file says "newly" without years, they are filled in only if both agree.
    """
    counts = dataset.counts
    if counts is None or not counts.feeds:
        return dataset
    said = stated(dataset)
    bounds = bounds_of(dataset, measure(counts, rulebook.disproportionality))
    anew = _anew(dataset, said, bounds, rulebook.disproportionality.said_under)
    years, newly = np.where(anew[0], NONE, said[0]), np.where(anew[0], _UNKNOWN, said[1]).astype(np.int8)
    sig_dis = np.where(anew[1], _UNKNOWN, said[2]).astype(np.int8)
    exact = (bounds.least == bounds.most) & (bounds.least >= 0)
    silent = (years == NONE) & (newly == _UNKNOWN) & (bounds.least >= 0)
    agreeing = exact & (years == NONE) & ((newly == _YES) == (bounds.least == 1))
    takes_years = agreeing & (newly != _UNKNOWN) | silent & exact
    is_newly = np.where(exact & (bounds.least == 1), _YES, _UNKNOWN)
    is_newly = np.where((bounds.least >= 2) | (bounds.most == 0), _NO, is_newly)
    takes_newly = silent & (is_newly != _UNKNOWN)
    takes_sig_dis = (sig_dis == _UNKNOWN) & (bounds.sig_dis != _UNKNOWN) & ~contradicts(years, newly, bounds)
    of_use = silent | takes_years
    given = _given(dataset, bounds)
    return replace(
        dataset,
        disproportionate_years=np.where(takes_years, bounds.least, years),
        newly_disproportionate=np.where(takes_newly, is_newly, newly).astype(np.int8),
        sig_dis=np.where(takes_sig_dis, bounds.sig_dis, sig_dis).astype(np.int8),
        worked_out=WorkedOut(
            least=np.where(of_use, bounds.least, given[0]),
            most=np.where(of_use, bounds.most, given[1]),
            years=takes_years,
            newly=takes_newly,
            sig_dis=takes_sig_dis,
            excluded=contradicts(years, newly, bounds) | sig_dis_excluded(sig_dis, dataset.cceis, bounds),
            years_anew=anew[0],
            sig_dis_anew=anew[1],
            said_years=said[0],
            said_newly=said[1],
            said_sig_dis=said[2],
        ),
    )


def _anew(
    dataset: Dataset, said: tuple[Ints, Codes, Codes], bounds: Bounds, said_under: Disproportionality | None
) -> tuple[Bools, Bools]:
    """Rows in which counts speak in the place of what files state: of the years, and of Sig Dis."""
    no = np.zeros(len(dataset), np.bool_)
    if said_under is None or dataset.counts is None:
        return no, no
    before = bounds_of(dataset, measure(dataset.counts, said_under))
    agreed = (before.least >= 0) & ~contradicts(said[0], said[1], before)
    agreed &= ~sig_dis_excluded(said[2], dataset.cceis, before)
    years = (before.least != bounds.least) | (before.most != bounds.most)
    in_plan = dataset.cceis == _YES
    return agreed & years, agreed & (before.sig_dis != bounds.sig_dis) & ~in_plan


def _given(dataset: Dataset, bounds: Bounds) -> tuple[Ints, Ints]:
    """Bounds that files state of rows without counts: least and most, −1 where there are none."""
    worked = dataset.worked_out
    if worked is None:
        return np.full(len(dataset), NONE, np.int64), np.full(len(dataset), NONE, np.int64)
    return tuple(np.where(bounds.least < 0, each, NONE) for each in (worked.least, worked.most))  # type: ignore


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """For R rows of a dataset: the years in a row at least and at most (−1: no counts), and Sig Dis."""

    least: Ints
    most: Ints
    sig_dis: Codes


def bounds_of(dataset: Dataset, ratios: Ratios) -> Bounds:
    """What the ratios say about each row of a dataset."""
    lea_at = {lea: at for at, lea in enumerate(ratios.leas)}
    year_at = {year: at for at, year in enumerate(ratios.years)}
    least, most = np.full(len(dataset), NONE, np.int64), np.full(len(dataset), NONE, np.int64)
    sig_dis = np.full(len(dataset), _UNKNOWN, np.int8)
    for row, key in enumerate(zip(dataset.lea_key.tolist(), dataset.year.tolist(), strict=True)):
        at = lea_at.get(key[0], NONE), year_at.get(key[1], NONE)
        if min(at) >= 0 and ratios.given[at]:
            least[row], most[row] = ratios.years_least[at], ratios.years_most[at]
            sig_dis[row] = ratios.significant[at]
    return Bounds(least, most, sig_dis)


def contradicts(years: Ints, newly: Codes, bounds: Bounds) -> Bools:
    """Rows whose stated years or "newly" the counts exclude."""
    worked = bounds.least >= 0
    other_years = (years >= 0) & ((years < bounds.least) | (years > bounds.most))
    cannot_be_new = (newly == _YES) & ((bounds.least > 1) | (bounds.most < 1))
    must_be_new = (newly == _NO) & (bounds.least == 1) & (bounds.most == 1)
    return np.asarray(worked & (other_years | cannot_be_new | must_be_new))


def sig_dis_excluded(sig_dis: Codes, in_plan: Codes, bounds: Bounds) -> Bools:
    """Rows whose stated "significant" the counts exclude; a yes may also come from a plan still running."""
    cannot = (sig_dis == _YES) & (bounds.sig_dis == _NO) & (in_plan != _YES)
    return np.asarray(cannot | (sig_dis == _NO) & (bounds.sig_dis == _YES))


def unfilled(dataset: Dataset) -> Dataset:
    """The dataset with only what its files state; the very same object where nothing was filled in."""
    if dataset.worked_out is None:
        return dataset
    years, newly, sig_dis = stated(dataset)
    return replace(
        dataset,
        disproportionate_years=years,
        newly_disproportionate=newly,
        sig_dis=sig_dis,
        worked_out=None,
    )


def stated(dataset: Dataset) -> tuple[Ints, Codes, Codes]:
    """What the files themselves state: years, newly, significant; −1 where they are silent."""
    years, newly, sig_dis = dataset.disproportionate_years, dataset.newly_disproportionate, dataset.sig_dis
    worked = dataset.worked_out
    if worked is None:
        return years, newly, sig_dis
    years = np.where(worked.years_anew, worked.said_years, np.where(worked.years, NONE, years))
    newly = np.where(worked.years_anew, worked.said_newly, np.where(worked.newly, _UNKNOWN, newly))
    sig_dis = np.where(worked.sig_dis_anew, worked.said_sig_dis, np.where(worked.sig_dis, _UNKNOWN, sig_dis))
    return years, newly.astype(np.int8), sig_dis.astype(np.int8)
