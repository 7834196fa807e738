"""What others may know: the same for all data that differ in what is hidden, and never more than is true."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Dataset, build
from cim_core.data.facts import Cell, Facts, LeaYear, Missing
from cim_core.data.indicators import CODES, POSITION
from cim_core.placing import reference
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Ranked
from cim_core.rules import rulebook_file
from cim_core.suppression import as_known, changed, public
from cim_core.words.disclosure import Audience
from tests.conftest import examples, sample_placements

OTHERS = (Audience.MEETING, Audience.STRICT)


def known(
    dataset: Dataset, audience: Audience, against=NO_REFERENCE, book: str = rulebook_file.DEFAULT
) -> Placements:
    rules = rulebook_file.load(book)
    return as_known(place(public(dataset, audience), rules, against), place(dataset, rules, against))


def same(first: object, second: object) -> bool:
    if isinstance(first, np.ndarray):
        return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")
    return bool(first == second)


@st.composite
def hidden_cells(draw) -> tuple[Cell, Cell]:
    """Two cells that both are hidden in a meeting."""

    def one() -> Cell:
        if draw(st.booleans()):
            return draw(st.sampled_from([Cell(missing=Missing.SUPPRESSED), Cell(denominator=0)]))
        size = draw(st.integers(1, 10))
        return Cell(numerator=draw(st.integers(0, size)), denominator=size)

    return one(), one()


ELEMENTS = ("1", "5a", "5b", "6a", "8", "11", "12", "13", "14a", "14b", "3b_ela")


@st.composite
def pairs(draw) -> tuple[Dataset, Dataset]:
    """Two files that differ in what a meeting does not see."""
    rows: tuple[list[LeaYear], list[LeaYear]] = [], []
    for lea in range(draw(st.integers(1, 3))):
        facts = Facts(swd=draw(st.sampled_from([8, 90, 400])), disproportionate_years=0, minor_findings=0)
        cells: tuple[dict[str, Cell], dict[str, Cell]] = {}, {}
        for code in ELEMENTS:
            if draw(st.booleans()):
                both = draw(hidden_cells())
            else:
                size = draw(st.integers(11, 60))
                both = (Cell(numerator=draw(st.integers(0, size)), denominator=size),) * 2
            for into, cell in zip(cells, both, strict=True):
                into[code] = cell
        for into, each in zip(rows, cells, strict=True):
            into.append(LeaYear(f"99100{lea:02}", "2024-25", facts=facts, cells=each))
    first, second = (
        build(each, columns=[*ELEMENTS, "swd", "disproportionate_years", "minor_findings"]) for each in rows
    )
    return first, second


@settings(max_examples=examples(400))
@given(pairs(), st.sampled_from(OTHERS))
def test_nothing_tells_two_apart_that_differ_in_what_is_hidden(both, audience):
    first, second = (public(one, audience) for one in both)
    assert [
        one.name for one in fields(Dataset) if not same(getattr(first, one.name), getattr(second, one.name))
    ] == []


@settings(max_examples=examples(400))
@given(pairs(), st.sampled_from(OTHERS), st.sampled_from(rulebook_file.available()))
def test_where_it_is_placed_is_true_and_possible_by_what_is_shown(both, audience, book):
    for one in both:
        whole, seen = place(one, rulebook_file.load(book)), known(one, audience, book=book)
        assert seen.placed.tolist() == whole.placed.tolist()
        assert (seen.possible == whole.possible).all()
        assert seen.seen is not None and (seen.seen | ~whole.possible).all(), (
            "what is shown never excludes the truth"
        )
        for row in np.flatnonzero(seen.unseen):
            clause = seen.clause(row)
            assert clause is None or clause.placement == whole.placement(row)


@pytest.mark.parametrize("audience", OTHERS)
@pytest.mark.parametrize("book", rulebook_file.available())
def test_the_sample_is_placed_as_it_is(audience, book):
    whole = sample_placements(book)
    seen = known(whole.dataset, audience, reference.shipped(), book)
    assert seen.placed.tolist() == whole.placed.tolist() and not seen.unseen.all()
    assert seen.seen is not None and (seen.seen | ~whole.possible).all()


def test_whoever_sees_everything_sees_the_very_same():
    data = sample_placements().dataset
    assert public(data, Audience.WORKING) is data
    assert not sample_placements().unseen.any()
    assert known(data, Audience.MEETING, reference.shipped()).unseen.any()


def one_lea(**cells: Cell) -> Dataset:
    facts = Facts(swd=400, disproportionate_years=0, minor_findings=0)
    whole = {code: Cell(numerator=95, denominator=100) for code in CODES if code[0].isdigit()} | cells
    return build([LeaYear("9910000", "2024-25", facts=facts, cells=whole)])


def test_a_small_group_may_be_met_or_missed():
    data = one_lea(**{"8": Cell(numerator=2, denominator=9)})
    seen = known(data, Audience.MEETING)
    assert (
        seen.known.may_be_missed_each[0, POSITION["8"]]
        and seen.known.missed[0] + 1 == place(data, rulebook_file.load()).missed[0]
    )


def test_a_late_evaluation_that_is_not_shown_leaves_findings_open():
    seen = known(one_lea(**{"11": Cell(numerator=8, denominator=9)}), Audience.MEETING, book="cde-2023")
    late = "11" in rulebook_file.load("cde-2023").elements.as_findings
    assert bool(seen.known.findings_exact[0]) is not late


@pytest.mark.parametrize("against", [reference.shipped(), WITHIN])
def test_a_rank_that_rests_on_a_small_count_is_not_shown(against):
    whole = sample_placements().dataset
    book = rulebook_file.load()
    ranked = place(public(whole, Audience.STRICT), book, against).percentiles[book.first_evaluation.id]
    hidden = (ranked.state == Ranked.WITHHELD) & (whole.year == "2024-25")
    assert hidden.any() and np.isnan(ranked.percentile[hidden]).all() and np.isnan(ranked.rank[hidden]).all()
    if against is WITHIN:
        assert not (ranked.state[whole.year == "2024-25"] == Ranked.COMPUTED).any()


def test_numbers_of_ten_children_or_fewer_are_hidden():
    data = replace(one_lea(), swd=np.array([10]), enrollment=np.array([9]))
    seen = public(data, Audience.MEETING)
    assert seen.swd.tolist() == seen.enrollment.tolist() == [-1]


def test_a_scenario_that_changes_nothing_of_what_is_seen_moves_nobody():
    whole = sample_placements()
    before = known(whole.dataset, Audience.STRICT, reference.shipped())
    again = changed(before, place(before.dataset, whole.rulebook, reference.shipped()))
    assert again.placed.tolist() == before.placed.tolist() and (again.possible == before.possible).all()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Targeted Level 2 - 4 of 9 parents", "Targeted Level 2 - * of * parents"),
        ("Target 8 missed: 44.4%, 5a", "Target * missed: *, 5a"),
        ("missed: 5a, 8, 11", "missed: 5a, 8, 11"),
        ("Intensive (2025-26)", "Intensive (2025-26)"),
        ("3 of the 7 preschoolers late; four students", "* of the * preschoolers late; * students"),
        ("33 percent of 3rd graders", "* * of * graders"),
        ("2 Black students; 5 (of 9); ratio 3:8", "* Black students; * (of *); ratio *:*"),
        ("Level 2, level 2 of 3", "Level 2, level 2 of *"),
        ("½ of them, ５ kids, twelve", "* of them, * kids, *"),
    ],
)
def test_numbers_of_students_in_the_words_of_a_letter_are_left_out(written, shown):
    data = replace(one_lea(), cde_placement=np.array([written]), cde_reasons=np.array([written]))
    seen = public(data, Audience.MEETING)
    assert seen.cde_placement.tolist() == seen.cde_reasons.tolist() == [shown]
    assert public(data, Audience.WORKING).cde_reasons.tolist() == [written]


def test_nobody_is_said_to_move_who_may_not():
    """By the whole data nobody may move whom the public ones call a mover."""
    whole = sample_placements()
    for audience in OTHERS:
        before = known(whole.dataset, audience, reference.shipped())
        for least in (1, 2, 4, 5):
            clauses = tuple(
                replace(one, at_least=least) if one.id == "level-2-missed" else one
                for one in whole.rulebook.clauses
            )
            other = replace(whole.rulebook, clauses=clauses)
            after = changed(before, place(before.dataset, other, reference.shipped()))
            truth = place(whole.dataset, other, reference.shipped())
            said, real = after.placed != before.placed, truth.placed != whole.placed
            assert not (said & ~real).any(), (audience, least)


def test_a_scenario_that_may_move_somebody_leaves_open_how_far():
    whole = sample_placements()
    before = known(whole.dataset, Audience.STRICT, reference.shipped())
    clauses = tuple(
        replace(one, at_least=1) if getattr(one, "at_least", None) == 3 else one
        for one in whole.rulebook.clauses
    )
    harder = replace(whole.rulebook, clauses=clauses)
    after = changed(before, place(before.dataset, harder, reference.shipped()))
    truth = place(whole.dataset, harder, reference.shipped())
    moved = after.placed != before.placed
    assert moved.any()
    assert after.possible[np.arange(len(truth.placed)), truth.placed][before.unseen & moved].all()
