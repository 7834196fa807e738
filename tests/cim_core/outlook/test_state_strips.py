"""The state's distribution behind a rank: every LEA once, in the band of its own rank, worse first."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.data.indicators import get
from cim_core.outlook import state_strips
from cim_core.outlook.change_search import ground
from cim_core.placing.placement import Outcome, place
from cim_core.placing.ranking import WITHIN, Ranked
from cim_core.rules import rulebook_file
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis
from cim_core.why.clauses import percentile_of
from tests.conftest import examples, sample_placements
from tests.oracles import ranks

BOOKS = rulebook_file.available()


def deciding(book: str):
    """Every row that a band decides, with what it rests on."""
    placements = sample_placements(book)
    for year in placements.dataset.years:
        on = ground(placements, year)
        for row in placements.dataset.rows_of_year(year).tolist():
            clause = placements.clause(row)
            if isinstance(clause, BandedClause):
                yield on, row, clause, state_strips.evidence(on, row, clause)


@pytest.mark.parametrize("book", BOOKS)
def test_each_strip_holds_everybody_once_and_the_lea_in_it(book):
    found = list(deciding(book))
    strips = [(strip, seen) for _, _, _, seen in found for strip in seen.strips]
    assert strips
    for strip, seen in strips:
        worst, next_to, beyond = (sum(each[band] for each in strip.bins) for band in range(3))
        assert worst + next_to + beyond == strip.ranked and worst and beyond
        assert abs(100 * worst / strip.ranked - float(seen.edges[0])) < 100 / strip.ranked + 1e-9
        assert 0 <= strip.place(float(strip.value.value)) <= 1 and 1 <= strip.rank <= strip.ranked
    for _, _, _, seen in found:
        rates = [strip.rank / strip.ranked for strip in seen.strips]
        assert rates == sorted(rates), "the worst first"


@pytest.mark.parametrize("book", BOOKS)
def test_the_whole_is_what_the_ranking_says(book):
    for on, row, clause, found in deciding(book):
        alone = clause.basis is Basis.INDICATORS
        percent = percentile_of(on.placements, row, clause.evaluation)
        assert (found.percent is None) == alone
        given_by_file = on.placements.percentiles[clause.evaluation].state[row] == Ranked.FROM_FILE
        assert (found.rank is None) == (alone or given_by_file)
        if found.percent is not None:
            assert float(found.percent.value) == pytest.approx(float(percent.value))
        if found.rank is not None:
            assert 100 * found.rank / found.ranked == pytest.approx(float(percent.value))


@pytest.mark.parametrize(
    ("book", "clause", "edges"),
    [
        ("at-a-glance", "intensive", (10, 20)),
        ("at-a-glance", "level-3-percentile", (10, 20)),
        ("cde-2023", "intensive-3", (4, 8)),
        ("cde-2023", "intensive-2", (4, 8)),
        ("cde-2023", "intensive-1", (8, 10)),
        ("cde-2023", "level-3-percentile", (10, 20)),
        ("cde-2023", "level-3-preschool", (10, 20)),
        ("cde-2023", "level-3-lre", (10,)),
        ("cde-2022", "intensive-1", (8, 10)),
    ],
)
def test_the_bands_that_are_shaded(book, clause, edges):
    placements = sample_placements(book)
    rule = next(one for one in placements.rulebook.clauses if one.id == clause)
    shaded = state_strips.bands(ground(placements, "2024-25"), rule)
    assert [int(edge.value) for edge in shaded] == list(edges)


def lea(number: int, values: dict[str, int]) -> LeaYear:
    cells = {code: Cell(numerator=top, denominator=200) for code, top in values.items()}
    return LeaYear(f"99{number:05d}", "2023-24", f"LEA {number}", "S", Facts(swd=200), cells)


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=4, max_size=12))
def test_ranks_and_bands_agree_with_the_slow_version(pairs):
    rows = [lea(at, {"susp": susp, "chronic": chronic}) for at, (susp, chronic) in enumerate(pairs)]
    rules = rulebook_file.load()
    evaluation = replace(rules.first_evaluation, min_domains=1)
    rules = replace(rules, evaluations=(evaluation, *rules.evaluations[1:]))
    placements = place(build(rows), rules, WITHIN)
    on = ground(placements, "2023-24")
    clause = rules.clauses[0]
    _, each = ranks.percentiles(rows, "2023-24", evaluation, None)
    for row in range(len(rows)):
        found = state_strips.evidence(on, row, clause)
        code = str(placements.dataset.lea_code[row])
        assert {strip.indicator for strip in found.strips} == {"susp", "chronic"}
        for strip in found.strips:
            slow = each[strip.indicator]
            assert Fraction(strip.rank).limit_denominator(1000) == slow[code] * len(slow) / 100
            inside = [sum(percent <= edge for percent in slow.values()) for edge in (10, 20)]
            got = [sum(one[band] for one in strip.bins) for band in range(3)]
            assert got == [inside[0], inside[1] - inside[0], len(slow) - inside[1]]


def test_a_percent_that_a_file_gives_has_no_strips():
    row = replace(lea(1, {"susp": 20}), facts=Facts(swd=300, percentile=7))
    placements = place(build([row]), rulebook_file.load(), WITHIN)
    clause = placements.clause(0)
    assert clause is not None and placements.outcomes[0, 0] == Outcome.TRUE
    found = state_strips.evidence(ground(placements, "2023-24"), 0, clause)
    assert not found.strips and found.rank is None and found.percent.value == 7


def test_worse_is_first_whichever_way_is_better():
    for _, _, _, found in deciding("at-a-glance"):
        for strip in found.strips:
            assert (strip.first < strip.last) == get(strip.indicator).higher_is_better
            assert strip.place(strip.first) == 0 and strip.place(strip.last) == 1
