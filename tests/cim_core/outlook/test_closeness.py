"""Fragile, close or solid: the fewest students or places that change a placement, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.data.facts import Fact
from cim_core.data.race_counts import AREAS, SEVEN, Area, Count, Group
from cim_core.data.race_counts import build as gathered
from cim_core.outlook import closeness_sentences, exposure, sentences, smallest_change
from cim_core.outlook.change_search import ground
from cim_core.outlook.closeness import Closeness, Untested, What, closeness
from cim_core.outlook.levers import Way, applied, levers
from cim_core.placing import checked_files
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Ranked
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Disclosure
from tests.conftest import sample_placements

P8 = Path(__file__).parent.parent.parent / "fixtures" / "cases" / "P8_many_targets_met_by_little.csv"
BOOK = rulebook_file.load()
SAY = Disclosure().say
CALM = Facts(swd=500, disproportionate_years=0, newly_disproportionate=False, minor_findings=0)
SETTLED = replace(CALM, percentile=Decimal(60), preschool_percentile=Decimal(60))
FULL = {code: Cell(numerator=40, denominator=40) for code in ("11", "12", "13")}
YEAR = "2023-24"


def counted(**each: tuple[int, int]) -> dict[str, Cell]:
    return {code.removeprefix("i"): Cell(numerator=n, denominator=d) for code, (n, d) in each.items()}


def one(cells: dict[str, Cell], facts: Facts = SETTLED, book=BOOK):
    """One LEA of which everything is known, unless its facts say otherwise."""
    data = build([LeaYear("9900001", YEAR, "Oak", "S", facts, cells)], assumed_none=[Fact.ELEMENTS])
    on = ground(place(data, book, NO_REFERENCE), YEAR)
    return on, closeness(on, [0])[0]


def said(on, found) -> str:
    return SAY(closeness_sentences.sentence(on, 0, found))


def test_many_targets_met_by_little_is_fragile_in_students_and_names_no_share():
    taken = (Fact.ELEMENTS, Fact.PRESCHOOL)
    placements = place(checked_files.read_path(P8, assumed_none=taken).dataset, BOOK)
    on = ground(placements, YEAR)
    found = closeness(on, range(len(placements.dataset)))
    lines = {
        str(placements.dataset.lea_name[row]): SAY(closeness_sentences.sentence(on, row, each))
        for row, each in found.items()
    }
    assert lines["typical"] == (
        "Fragile: 3 targets are met by two or three students each. Missing any one of these would make it "
        "Targeted Level 1."
    )
    assert lines["small_perfect"] == (
        "Fragile: 1 target is met by one student, 1 more by two or three. Missing any one of these would "
        "make it Targeted Level 1."
    )
    assert lines["edge1"] == (
        "Fragile: 1 student decides: 1 fewer student in “5a Regular class ≥ 80%” would make it "
        "Targeted Level 1."
    )
    assert lines["one_short"].endswith("1 more student in “5a Regular class ≥ 80%” would make it Universal.")
    assert lines["missed3"].startswith("Solid: up to 10 students or places change nothing")
    assert lines["far"].startswith("Solid: up to 10 students or places change nothing. The smallest")
    assert not any("1,000" in line or "Toss-up" in line for line in lines.values())


@pytest.mark.parametrize(
    ("spare", "level"), [(1, "fragile"), (3, "fragile"), (4, "close"), (10, "close"), (11, "solid")]
)
def test_up_to_three_is_fragile_and_up_to_ten_is_close(spare, level):
    on, found = one(counted(i5a=(531 + spare, 1000)))
    assert (found.count, found.closeness.value) == (spare, level)
    assert found.students == spare


def test_timelines_at_100_are_exposure_and_by_themselves_not_fragile():
    on, found = one(FULL | counted(i5a=(900, 1000)))
    assert found.closeness is Closeness.SOLID and found.exposure.indicators == ("11", "12", "13")
    assert closeness_sentences.beside(found) == ()
    more = smallest_change.answer(exposure.without(on), 0, Way.MORE)
    assert {change.indicator for plan in more.plans for change in plan.changes} == {"5a"}
    assert SAY(closeness_sentences.exposure(found.exposure)) == (
        "Exposure: one late result in 11, 12 or 13 (at 100% now) would make it Targeted Level 1. "
        "That alone is not counted as close."
    )
    assert not sentences.borderlines(on.placements, on.margins, 0)


def test_with_two_targets_missed_one_late_result_decides():
    on, found = one(FULL | counted(i5a=(100, 1000), i5b=(900, 1000)))
    assert found.closeness is Closeness.FRAGILE and found.first.what is What.EXPOSURE
    assert said(on, found) == (
        "Fragile: one late result in 11, 12 or 13, beside the 2 targets that it misses, "
        "would make it Targeted Level 2."
    )
    assert not closeness_sentences.beside(found)
    assert SAY(closeness_sentences.exposure(found.exposure)).endswith("would make it Targeted Level 2.")


def test_one_late_result_and_one_more_target_count_together():
    on, found = one(FULL | counted(i5a=(100, 1000), i5c=(39, 1000)))
    assert (found.count, found.first.what, found.first.others) == (3, What.EXPOSURE, ("5c",))
    assert said(on, found) == (
        "Fragile: one late result in 11, 12 or 13 and 2 students in 5c, beside what it misses, "
        "would make it Targeted Level 2."
    )


def test_a_timeline_that_is_missed_by_one_is_a_miss_like_any_other():
    _, found = one({"11": Cell(numerator=39, denominator=40)} | counted(i5a=(900, 1000)))
    assert found.closeness is Closeness.FRAGILE and found.first.placement.name == "Universal"


def test_a_typed_fact_that_decides_is_not_tested_but_what_is_near_is_said_all_the_same():
    newly = replace(SETTLED, disproportionate_years=1, newly_disproportionate=True)
    on, found = one(counted(i5a=(900, 1000)), newly)
    assert (found.closeness, found.untested) == (Closeness.NOT_TESTED, Untested.FACT)
    assert said(on, found).startswith("Not tested: what decides is a typed fact")
    _, low = one(counted(i5a=(900, 1000)), replace(SETTLED, percentile=Decimal(12)))
    assert low.untested is Untested.GIVEN_PERCENTILE
    finding = replace(SETTLED, minor_findings=1)
    cells = counted(i5a=(532, 1000), i5b=(206, 1000), i5c=(40, 1000))
    _, near = one(cells, finding)
    assert near.closeness is Closeness.FRAGILE and near.first.placement.name == "Targeted Level 2"


def test_nothing_counted_nothing_claimed():
    on, found = one({"5a": Cell(rate=Decimal(90))})
    assert (found.closeness, found.untested) == (Closeness.NOT_TESTED, Untested.NO_COUNTS)
    on, found = one({}, Facts())
    assert found.untested is Untested.NOT_PLACED


def test_what_is_not_settled_is_said_as_far_as_the_files_tell():
    on, found = one(counted(i5a=(532, 1000)), replace(SETTLED, minor_findings=None))
    assert not found.settled and SAY(closeness_sentences.word(found)) == "Fragile (as far as the files tell)"


def in_a_row() -> list[LeaYear]:
    """40 LEAs, each better on every measure than the one before."""
    return [
        LeaYear(f"99{at:05d}", YEAR, f"LEA {at}", "S", CALM, {
            "5a": Cell(numerator=700 + 5 * at, denominator=1000),
            "chronic": Cell(numerator=300 - 5 * at, denominator=1000),
            "susp": Cell(numerator=200 - 5 * at, denominator=1000),
        })
        for at in range(40)
    ]  # fmt: skip


def places_to_an_edge(rank: int) -> int:
    """How far the nearest edge of 10 % and 20 % of 40 LEAs is; 99 for further than is looked."""
    nearest = min(abs(rank - edge) + (1 if rank <= edge else 0) for edge in (4, 8))
    return nearest if nearest <= 10 else 99


def test_places_to_an_edge_count_only_where_crossing_it_changes_the_placement():
    """The fourth from the worst is one place inside the lowest 10%."""
    rows = in_a_row()
    placements = place(build(rows), BOOK, WITHIN)
    ranked = placements.percentiles["school_age"]
    assert (ranked.state == Ranked.COMPUTED).all()
    on = ground(placements, YEAR)
    found = closeness(on, range(40))
    order = {row: int(ranked.rank[row]) for row in range(40)}
    for row, each in found.items():
        near = [one.count for one in each.deciders if one.what is What.PLACES]
        assert min(near, default=99) == places_to_an_edge(order[row])
    worst = found[next(row for row, rank in order.items() if rank == 4)]
    assert worst.closeness is Closeness.FRAGILE
    newly = [replace(row, facts=replace(CALM, disproportionate_years=2)) for row in rows]
    on = ground(place(build(newly), BOOK, WITHIN), YEAR)
    again = closeness(on, [row for row, rank in order.items() if rank == 9])
    (each,) = again.values()
    assert not any(
        one.what is What.PLACES and one.placement.name == "Targeted Level 3" for one in each.deciders
    )


def ratio_case(cell: int, size: int = 240):
    """Black students' removals against all others; the ratio is exactly 3 at 36 of 240."""
    counts = []
    for year, area in product(("2022-23", YEAR), AREAS):
        here = (year, area) == (YEAR, Area.REMOVALS)
        groups = dict.fromkeys(SEVEN, (0, 0)) | {
            Group.WHITE: (44 * here, 880),
            Group.BLACK: (cell * here, size),
        }
        groups[Group.TOTAL] = ((44 + cell) * here, 880 + size)
        counts += [Count("99000010000000", year, area, group, *both) for group, both in groups.items()]
    facts = Facts(swd=1120, minor_findings=0, percentile=Decimal(60), preschool_percentile=Decimal(60))
    rows = [LeaYear("9900001", YEAR, "Oak", "S", facts, counted(i5a=(900, 1000)))]
    data = build(rows, counts=gathered(counts), assumed_none=[Fact.ELEMENTS])
    on = ground(place(data, BOOK, NO_REFERENCE), YEAR)
    return on, closeness(on, [0])[0]


def test_a_ratio_on_its_threshold_is_fragile_in_students():
    on, found = ratio_case(37)
    assert found.first.what is What.RATIO and found.count == 1 and found.first.ratio.change == -1
    assert "1 student fewer decides about a risk ratio" in said(on, found) and "ratio 3.08 now" in said(
        on, found
    )
    _, under = ratio_case(35)
    assert under.first.what is What.RATIO and under.first.ratio.change == 2
    _, far = ratio_case(200)
    assert not [one for one in far.deciders if one.what is What.RATIO]


def test_the_sample_is_consistent_with_what_would_move_it():
    placements = sample_placements()
    on = ground(placements, "2024-25")
    rows = placements.dataset.rows_of_year("2024-25").tolist()
    found = closeness(on, rows)
    answers = smallest_change.answers(exposure.without(on), rows)
    assert {each.closeness for each in found.values()} == set(Closeness)
    for row, each in found.items():
        best = [one.best for one in answers[row].values() if one.best is not None and one.best.counted]
        least = min((one.students for one in best), default=None)
        if each.untested is None and least is not None:
            assert each.count <= least
        assert SAY(closeness_sentences.sentence(on, row, each)) and SAY(closeness_sentences.short(each))
        counts = [one.count for one in each.deciders]
        assert counts == sorted(counts)
        assert all(one.placement != each.placement for one in each.deciders)
    ordered = sorted(found.values(), key=lambda each: each.order)
    assert ordered[-1].closeness is Closeness.NOT_TESTED and ordered[0].closeness is Closeness.FRAGILE


def test_a_rank_that_decides_is_said_to_be_assumed():
    placements = sample_placements()
    on = ground(placements, "2024-25")
    apart, seen = exposure.without(on), set()
    for row in placements.dataset.rows_of_year("2024-25").tolist():
        for way in Way:
            best = smallest_change.answer(apart, row, way).best
            if best is None:
                continue
            line = SAY(sentences.plan(on, row, best)[0])
            clause = placements.clause(row)
            if way is Way.LESS and clause is not None and clause.evaluation:
                assert "by the assumed ranking" in line
                seen.add("rank")
            if way is Way.MORE and best.placement.severity <= 2:
                assert "by the assumed ranking" not in line
                seen.add("targets")
    assert seen == {"rank", "targets"}


def test_a_percentile_known_only_as_an_interval_has_no_places():
    placements = sample_placements()
    school = placements.percentiles["school_age"]
    wide = replace(school, low=school.percentile - 1, high=school.percentile + 1)
    loose = replace(placements, percentiles=dict(placements.percentiles) | {"school_age": wide})
    on = ground(loose, "2024-25")
    rows = placements.dataset.rows_of_year("2024-25").tolist()
    found = closeness(on, rows)
    assert not any(one.what is What.PLACES for each in found.values() for one in each.deciders)
    assert np.isfinite(school.percentile[rows]).any()


def test_the_least_number_for_a_ratio_can_decide_as_well():
    """9 of 30 with the outcome: no ratio. One more, and it is 6.67; one fewer takes it away again."""
    on, found = ratio_case(9, 30)
    assert found.first.what is What.RATIO and found.count == 1 and found.first.ratio.ratio is None
    assert "1 student more decides about a risk ratio" in said(on, found)
    assert "too few to work out a ratio now" in said(on, found)
    on, found = ratio_case(10, 30)
    assert found.count == 1 and found.first.ratio.minimum and found.first.ratio.change == -1
    assert "too few are left to work one out" in said(on, found)
    _, low = ratio_case(9, 2000)
    assert not [one for one in low.deciders if one.what is What.RATIO]


def test_late_evaluations_that_count_as_findings_are_exposure_too():
    kept = tuple(code for code in BOOK.elements.indicators if code not in ("11", "12"))
    book = replace(BOOK, elements=replace(BOOK.elements, indicators=kept, as_findings=("11", "12")))
    _, found = one(FULL | counted(i5a=(900, 1000)), book=book)
    assert found.exposure.indicators == ("11", "12", "13") and found.exposure.late == 1
    assert found.exposure.placement.name == "Targeted Level 1" and found.closeness is Closeness.SOLID
    _, found = one(FULL | counted(i5a=(100, 1000), i5b=(900, 1000)), book=book)
    assert found.first.what is What.EXPOSURE and found.first.indicators == ("13",)


def test_what_an_exposure_leads_to_is_what_placing_it_gives():
    """One late result and the few students beside it, put into the data and placed again."""
    placements = sample_placements()
    on = ground(placements, "2024-25")
    tried = 0
    for row, each in closeness(on, placements.dataset.rows_of_year("2024-25").tolist()).items():
        for decider in each.deciders:
            if decider.what is not What.EXPOSURE:
                continue
            worse = levers(placements, on.margins, row, Way.MORE)
            codes = (decider.indicators[0], *decider.others)
            moves = {row: {code: (worse[code], worse[code].flip) for code in codes}}
            after = place(applied(placements.dataset, moves), placements.rulebook, on.reference)
            assert after.placement(row) >= decider.placement
            assert sum(worse[code].flip for code in codes) == decider.count
            tried += 1
    assert tried >= 3


def test_the_edge_of_a_band_on_a_single_indicator_counts_in_places():
    """20 LEAs: with a place less on 5a the third from the worst is in its bottom 10%, which is Level 3."""
    book = rulebook_file.load("cde-2023")
    rows = [
        LeaYear(
            f"99{at:05d}", YEAR, f"LEA {at}", "S", CALM, {"5a": Cell(numerator=700 + at, denominator=1000)}
        )
        for at in range(20)
    ]
    on = ground(place(build(rows), book, WITHIN), YEAR)
    found = closeness(on, range(20))
    places = {
        row: [(one.count, one.placement.name) for one in each.deciders if one.what is What.PLACES]
        for row, each in found.items()
    }
    assert places[2] == [(1, "Targeted Level 3")] and places[5] == [(4, "Targeted Level 3")]
    assert places[1] == [(1, "Universal")] and places[15] == []
    assert found[2].closeness is Closeness.FRAGILE and found[2].first.indicator == "5a"


def test_what_is_not_settled_is_never_solid_and_leads_to_at_least():
    """Findings unknown: 369 students would make it Level 1 at least, which up to 10 do not."""
    loose = replace(SETTLED, minor_findings=None)
    on, found = one(counted(i5a=(900, 1000)), loose)
    assert (found.closeness, found.untested) == (Closeness.NOT_TESTED, Untested.NOT_SETTLED)
    assert said(on, found) == (
        "Not tested: the placement is not settled. Up to 10 students or places do not move the least that it "
        "can be (Universal), as far as that could be tested."
    )
    on, found = one(counted(i5a=(532, 1000)), replace(SETTLED, disproportionate_years=None))
    assert said(on, found).endswith("would make it at least Targeted Level 1 – not settled.")
    _, late = one(FULL | counted(i5a=(100, 1000), i5b=(900, 1000)), replace(SETTLED, percentile=None))
    assert late.first.what is What.EXPOSURE and not late.first.settled
    exposed = SAY(closeness_sentences.exposure(late.exposure))
    assert exposed.endswith("would make it at least Targeted Level 2.")


def test_a_result_that_settles_the_placement_is_said_to():
    """Findings unknown is at most Level 1; one more student missed is Level 1 either way."""
    on, found = one(counted(i5a=(532, 1000)), replace(SETTLED, minor_findings=None))
    assert not found.settled and found.first.settled
    assert said(on, found).endswith("would make it Targeted Level 1.")


def test_years_from_counts_that_decide_are_not_called_a_fact_that_is_typed():
    on, found = ratio_case(200)
    assert (found.closeness, found.untested) == (Closeness.NOT_TESTED, Untested.FACT_FROM_COUNTS)
    assert "comes from counts by race and ethnicity (newly" in said(on, found)
