"""The fewest students across an edge of a rank: against every split of every total, each ranked anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.outlook import exact_split
from cim_core.outlook.change_search import ground
from cim_core.outlook.levers import Way, levers
from cim_core.outlook.one_lea_ranking import field
from cim_core.outlook.ranked_change import several
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.evaluations import Domain, TieRule
from tests.conftest import examples
from tests.oracles import smallest_change

YEAR = "2023-24"
CODES = ("5a", "5b", "5c", "susp", "chronic")
RULES = rulebook_file.load()


@st.composite
def rankings(draw: st.DrawFn):
    """LEAs with few students, ranked on up to five indicators with counts, in domains of any shape."""
    codes = CODES[: draw(st.integers(1, 5))]
    rows = []
    for at in range(draw(st.integers(2, 9))):
        cells = {}
        for code in codes:
            bottom = draw(st.integers(1, 6))
            if at == 0 or draw(st.integers(0, 4)):
                cells[code] = Cell(numerator=draw(st.integers(0, bottom)), denominator=bottom)
        rows.append(LeaYear(f"99{at:05d}", YEAR, "", "", Facts(swd=300), cells))
    cut = draw(st.integers(0, len(codes)))
    parts = [part for part in (codes[:cut], codes[cut:]) if part]
    weights = st.sampled_from([1, 1, 2, 3])
    domains = tuple(Domain(f"d{at}", part, draw(weights)) for at, part in enumerate(parts))
    one = replace(
        RULES.evaluations[0], domains=domains, min_domains=1, min_denominator=0, min_reference_values=1,
        ties=draw(st.sampled_from(list(TieRule))),
    )  # fmt: skip
    return rows, replace(RULES, evaluations=(one, *RULES.evaluations[1:]))


@settings(deadline=None, max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(rankings(), st.sampled_from(list(Way)), st.integers(5, 95), st.integers(0, 3))
def test_against_every_split(world, way, edge, begun):
    compare(world, way, edge, begun)


@pytest.mark.full
@settings(deadline=None, max_examples=examples(3000), suppress_health_check=[HealthCheck.too_slow])
@given(rankings(), st.sampled_from(list(Way)), st.integers(5, 95), st.integers(0, 3))
def test_against_every_split_for_longer(world, way, edge, begun):
    compare(world, way, edge, begun)


def compare(world, way, edge, begun) -> None:
    rows, rules = world
    placed = place(build(rows), rules, WITHIN)
    ranked = placed.percentiles[rules.evaluations[0].id]
    there = field(placed.dataset, ranked, YEAR)
    on = ground(placed, YEAR)
    free = levers(placed, on.margins, 0, way)
    start = {code: min(begun, one.room) for code, one in list(free.items())[:1] if begun}

    def fits(percents):
        return percents > edge if way is Way.LESS else percents <= edge

    if not there.codes(0) or fits(np.array([there.percentile(0, {})]))[0]:
        return
    found, least = several(there, 0, free, way, fits, start)
    rooms = [lever.room - start.get(code, 0) for code, lever in free.items()]

    def reaches(split) -> bool:
        values = {
            code: lever.value(start.get(code, 0) + n)
            for (code, lever), n in zip(free.items(), split, strict=True)
        }
        return bool(fits(np.array([there.percentile(0, values)]))[0])

    if found is None:
        assert not reaches(rooms)
        return
    assert found.proven and found.total == least
    assert reaches([found.steps.get(code, 0) for code in free])
    if found.total:
        assert not any(map(reaches, smallest_change.splits(rooms, found.total - 1)))


def test_where_there_are_too_many_splits_it_is_best_found(monkeypatch):
    """The answer stays right, only the word `proven` is lost; nothing below the bound is claimed."""
    rng = np.random.default_rng(3)
    rows = []
    for at in range(12):
        cells = {
            code: Cell(numerator=int(rng.integers(10, 40)) if at else 40, denominator=60) for code in CODES
        }
        rows.append(LeaYear(f"99{at:05d}", YEAR, "", "", Facts(swd=300), cells))
    placed = place(build(rows), RULES, WITHIN)
    on = ground(placed, YEAR)
    one = next(iter(on.fields.values()))
    free = levers(placed, on.margins, 0, Way.LESS)

    def fits(percents):
        return percents > 20

    whole, least = several(one, 0, free, Way.LESS, fits, {})
    assert whole.proven
    monkeypatch.setattr(exact_split, "MOST_SPLITS", 0)
    some, below = several(one, 0, free, Way.LESS, fits, {})
    assert below <= least == whole.total <= some.total
