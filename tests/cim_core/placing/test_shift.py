"""Ranked against another year: an interval, measured in the reference itself, never a firm wrong band."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest

from cim_core import movement
from cim_core.data.dataset import Dataset
from cim_core.movement import MoveReason
from cim_core.placing import checked_files, ranking, reference, shift
from cim_core.placing.placement import Outcome, Placements, place
from cim_core.placing.ranking import Reference, ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.why import clauses, rank_sentences
from cim_core.words.disclosure import Disclosure
from tests.conftest import ROOT

BOOK = rulebook_file.load()
STATE = reference.shipped().dataset
assert STATE is not None
SAY = Disclosure().say
CASES = ROOT / "tests" / "fixtures" / "cases"


def rows(data: Dataset, which: np.ndarray) -> Dataset:
    """Some rows of a dataset."""
    arrays = {
        one.name: getattr(data, one.name)[which]
        for one in fields(data)
        if isinstance(getattr(data, one.name), np.ndarray)
    }
    return replace(data, **arrays)


def years(*wanted: str) -> Reference:
    return Reference(ReferenceKind.STATEWIDE, rows(STATE, np.isin(STATE.year, wanted)), "state")


def band(percent: float) -> int:
    return int(percent > 10) + int(percent > 20)


def settled(placements: Placements, row: int) -> bool:
    """Whether every band of the school-age evaluation is known to hold or not to hold."""
    of = [at for at, one in enumerate(placements.rulebook.clauses) if one.evaluation == "school_age"]
    return all(placements.outcomes[row, at] != Outcome.UNKNOWN for at in of)


def wrong_though_settled(upload: Dataset, against: Reference) -> tuple[int, int, int]:
    """Of each LEA uploaded by itself: how many are ranked, settled, and settled in a band that is another."""
    own = ranking.evaluate(upload, BOOK, reference.shipped())["school_age"]
    ranked = sure = wrong = 0
    for row in range(len(upload)):
        if np.isnan(own.percentile[row]):
            continue
        placements = place(rows(upload, np.array([row])), BOOK, against)
        found = placements.percentiles["school_age"]
        if np.isnan(found.percentile[0]):
            continue
        ranked += 1
        if settled(placements, 0):
            sure += 1
            wrong += band(own.percentile[row]) != band(float(found.low[0]))
    return ranked, sure, wrong


def of_year(year: str, every: int = 1) -> Dataset:
    return rows(STATE, np.flatnonzero((STATE.year == year) & (STATE.swd > 100))[::every])


def test_a_reference_of_one_year_settles_nothing():
    assert wrong_though_settled(of_year("2023-24", 12), years("2022-23"))[1:] == (0, 0)


def test_nobody_is_settled_in_a_band_that_is_another():
    ranked, sure, wrong = wrong_though_settled(of_year("2024-25", 6), years("2022-23", "2023-24"))
    assert wrong == 0 and 0.6 * ranked < sure < ranked


@pytest.mark.full
def test_nobody_of_the_state_is_settled_in_a_band_that_is_another():
    assert wrong_though_settled(of_year("2023-24"), years("2022-23"))[1:] == (0, 0)
    ranked, sure, wrong = wrong_though_settled(of_year("2024-25"), years("2022-23", "2023-24"))
    assert ranked == 613 and wrong == 0 and sure == 514


@pytest.mark.parametrize("against", [years("2022-23"), years("2022-23", "2023-24")])
def test_the_whole_state_at_once_is_not_settled_wrongly_either(against):
    year = "2023-24" if against.dataset.years == ("2022-23",) else "2024-25"
    upload = of_year(year)
    own = ranking.evaluate(upload, BOOK, reference.shipped())["school_age"].percentile
    placements = place(upload, BOOK, against)
    low = placements.percentiles["school_age"].low
    sure = [row for row in range(len(upload)) if settled(placements, row) and not np.isnan(low[row])]
    assert all(band(own[row]) == band(low[row]) for row in sure)


def test_the_shift_is_that_of_ranking_each_lea_anew():
    evaluation = BOOK.evaluations[0]
    found = shift.measured(years("2023-24", "2024-25"), evaluation, "2024-25", "2025-26")
    upload = of_year("2024-25")
    own = ranking.evaluate(upload, BOOK, reference.shipped())["school_age"].percentile
    stood = []
    for row in range(0, len(upload), 10):
        only = rows(upload, np.array([row]))
        p = ranking.evaluate(only, BOOK, years("2023-24"))["school_age"].percentile[0]
        stood.append(own[row] - p)
    assert found.leas == 613 and -5.2 < found.mean < -4.4
    assert np.nanmin(stood) < found.low < -8 and 0 <= found.high < 0.1
    assert abs(np.nanmean(stood) - found.mean) < 1


def test_two_years_apart_is_twice_as_far():
    evaluation = BOOK.evaluations[0]
    one, two = (shift.measured(reference.shipped(), evaluation, "2024-25", y) for y in ("2025-26", "2026-27"))
    assert (two.low, two.high, two.mean) == pytest.approx((2 * one.low, 2 * one.high, 2 * one.mean))
    assert one.pairs == (("2022-23", "2023-24"), ("2023-24", "2024-25"))


def test_new_data_against_an_old_reference_are_not_settled_and_with_the_new_one_are(tmp_path):
    data = checked_files.read_path(CASES / "P7_new_year_old_reference.csv").dataset
    old, new = (place(data, BOOK, one) for one in (years("2022-23", "2023-24"), reference.shipped()))
    now = new.percentiles["school_age"]
    for row in range(len(data)):
        assert settled(new, row) and not settled(old, row)
        found = old.percentiles["school_age"]
        assert found.low[row] < now.percentile[row] < found.percentile[row] <= found.high[row] + 1e-9
    used = old.percentiles["school_age"].used(0)
    assert "come out about 6.3 points too good" in SAY(rank_sentences.older(used))


def test_an_interval_is_said_where_it_is_judged():
    data = checked_files.read_path(CASES / "P7_new_year_old_reference.csv").dataset
    old = place(data, BOOK, years("2022-23", "2023-24"))
    said = SAY(clauses.band(old, 0, "school_age"))
    assert "in 2023-24, state, which is an older year" in said and "points too good" in said
    one = place(data, BOOK, years("2023-24"))
    assert "settles nothing" in SAY(clauses.band(one, 0, "school_age"))


def test_no_move_is_laid_to_others_where_a_year_stands_in():
    data = rows(STATE, np.isin(STATE.year, ("2023-24", "2024-25")) & (STATE.swd > 100))
    data = rows(data, np.arange(len(data))[: 2 * 60])
    against = years("2022-23", "2023-24")
    placements = place(data, BOOK, against)
    found = movement.movement(placements, placements, "2023-24", "2024-25", against, against)
    reasons = {reason for one in found.movers for reason in one.reasons}
    assert MoveReason.OTHERS not in reasons and MoveReason.STAND_IN in reasons
    mover = next(one for one in found.movers if MoveReason.STAND_IN in one.reasons)
    assert "cannot be told" in SAY(movement.because(mover))


def test_per_indicator_bands_are_not_settled_by_another_year_either():
    book = rulebook_file.load("cde-2023")
    clause = next(at for at, one in enumerate(book.clauses) if one.indicators)
    one = replace(book.clauses[clause], indicators=("susp",), to=Decimal(10))
    book = replace(book, clauses=tuple(one if at == clause else each for at, each in enumerate(book.clauses)))
    upload = of_year("2024-25", 6)
    exact, stands, nothing = (
        place(upload, book, against).outcomes[:, clause]
        for against in (reference.shipped(), years("2022-23", "2023-24"), years("2023-24"))
    )
    sure = stands != Outcome.UNKNOWN
    assert 0 < sure.sum() < len(sure) and (stands[sure] == exact[sure]).all()
    assert (nothing[exact == Outcome.TRUE] == Outcome.UNKNOWN).all()
