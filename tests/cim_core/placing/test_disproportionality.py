from __future__ import annotations

import csv
import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import relative_risk

from cim_core.data.dataset import Facts, LeaYear
from cim_core.data.dataset import build as dataset_of
from cim_core.data.race_counts import AREAS, SEVEN, STATE, Area, Count, Group, build
from cim_core.placing import checked_files
from cim_core.placing.disproportionality import OPEN, RatioStatus, measure
from cim_core.placing.from_counts import bounds_of, filled, stated
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator, Disproportionality, Minimums
from tests.conftest import ROOT
from tests.oracles.disproportionality import Slow

RULES = Disproportionality()
FREE = replace(RULES, min_cell=0, min_n=0)
BOTH = replace(RULES, minimums=Minimums.BOTH)
LEA, OTHER = "99000010000000", "99000020000000"
YEARS = ("2022-23", "2023-24", "2024-25")
BOOK = rulebook_file.load()


def pair(group, others, area=Area.OSS_OVER_10, year="2024-25", lea=LEA):
    """Black students and everybody, so that all others come to what is asked for."""
    total = group[0] + others[0], group[1] + others[1]
    return [Count(lea, year, area, Group.BLACK, *group), Count(lea, year, area, Group.TOTAL, *total)]


def one(rows, rules=RULES, area=Area.OSS_OVER_10, group=Group.BLACK, lea=LEA, year="2024-25"):
    ratios = measure(build(rows), rules)
    place = ratios.place(lea, year)
    assert place is not None
    return ratios, (*place, int(area), int(group))


def test_published_ratio_and_interval():
    ratios, at = one(pair((73, 829), (14, 840)))
    assert f"{float(ratios.exact(at)):.4f}" == "5.2835"
    assert (f"{ratios.low[at]:.4f}", f"{ratios.high[at]:.4f}") == ("3.0067", "9.2843")
    assert ratios.over[at] == 1 and ratios.least[at] == 1 and ratios.most[at] == OPEN


def test_two_risks_in_percent():
    ratios, at = one(pair((508, 10_000), (198, 10_000)))
    assert f"{float(ratios.exact(at)):.2f}" == "2.57" and ratios.over[at] == 0


def test_exactly_on_the_threshold_does_not_exceed_it():
    ratios, at = one(pair((18, 120), (44, 880)))
    assert ratios.exact(at) == 3 and ratios.over[at] == 0
    assert one(pair((18, 120), (44, 880)), replace(RULES, comparator=Comparator.AT_LEAST))[0].over[at] == 1
    assert one(pair((19, 120), (44, 880)))[0].over[at] == 1


def test_alternate_ratio_against_the_rest_of_the_state():
    local = pair((18, 120), (1, 8))
    ratios, at = one(local)
    assert ratios.status[at] == RatioStatus.STATE_UNKNOWN and ratios.over[at] == -1
    ratios, at = one([*local, *pair((300, 2000), (5000, 100_000), lea=STATE)])
    assert ratios.status[at] == RatioStatus.ALTERNATE and ratios.exact(at) == 3
    assert (ratios.others_cell[at], ratios.others_total[at]) == (5000, 100_000)
    assert ratios.leas == (LEA,)
    ratios, at = one([*local, *pair((300, 2000), (9, 100_000), lea=STATE)])
    assert ratios.status[at] == RatioStatus.STATE_FEW and ratios.over[at] == 0


def test_other_uploaded_leas_never_stand_in_for_the_state():
    ratios, at = one([*pair((18, 120), (1, 8)), *pair((30, 2000), (500, 10_000), lea=OTHER)])
    assert ratios.status[at] == RatioStatus.STATE_UNKNOWN


@pytest.mark.parametrize(
    ("lea", "ratio", "low", "high"),
    [("19647330000000", 3.3518, 3.0593, 3.6723), ("01612590000000", 3.5511, 3.2418, 3.8900)],
)
def test_real_districts(lea, ratio, low, high):
    codes = {"RB": Group.BLACK, "RH": Group.HISPANIC, "RW": Group.WHITE, "RA": Group.ASIAN}
    codes |= {"RF": Group.FILIPINO, "RI": Group.AMERICAN_INDIAN, "RP": Group.PACIFIC_ISLANDER}
    codes |= {"RT": Group.TWO_OR_MORE, "RD": Group.NOT_REPORTED, "TA": Group.TOTAL}
    with (ROOT / "tests" / "fixtures" / "suspension_by_race_2024_25.csv").open() as file:
        rows = [
            Count(
                lea, "2024-25", Area.SUSPENDED_ALL, codes[row["reporting_category"]],
                int(row["students_suspended_unduplicated"]), int(row["cumulative_enrollment"]),
            )
            for row in csv.DictReader(file)
            if row["cds"] == lea and row["reporting_category"] in codes
        ]  # fmt: skip
    ratios, at = one(rows, area=Area.SUSPENDED_ALL, lea=lea)
    assert [round(float(each[at]), 4) for each in (ratios.ratio, ratios.low, ratios.high)] == [
        ratio,
        low,
        high,
    ]
    assert ratios.over[at] == 1
    assert ratios.years_least[0, 0] == 0 and not ratios.given[0, 0]


@pytest.mark.parametrize(
    ("group", "others", "rules", "status", "over"),
    [
        ((9, 100), (50, 900), RULES, RatioStatus.FEW_CELL, 0),
        ((10, 19), (50, 900), RULES, RatioStatus.FEW_N, 0),
        ((10, 20), (10, 20), RULES, RatioStatus.RATIO, 0),
        ((10, 20), (9, 900), RULES, RatioStatus.STATE_UNKNOWN, -1),
        ((10, 20), (0, 900), FREE, RatioStatus.UNDEFINED, -1),
        ((9, 100), (50, 900), BOTH, RatioStatus.RATIO, 0),
        ((10, 19), (50, 900), BOTH, RatioStatus.RATIO, 1),
        ((9, 19), (50, 900), BOTH, RatioStatus.FEW_N, 0),
        ((10, 20), (9, 900), BOTH, RatioStatus.RATIO, 1),
        ((10, 20), (9, 19), BOTH, RatioStatus.STATE_UNKNOWN, -1),
        ((0, 0), (5, 900), FREE, RatioStatus.UNDEFINED, -1),
        ((0, 20), (5, 900), FREE, RatioStatus.RATIO, 0),
    ],
)
def test_why_there_is_no_ratio(group, others, rules, status, over):
    ratios, at = one(pair(group, others), rules)
    assert ratios.status[at] == status and ratios.over[at] == over
    assert math.isfinite(ratios.ratio[at]) == RatioStatus(status).calculated
    assert math.isfinite(ratios.low[at]) == (RatioStatus(status).calculated and group[0] > 0)


def test_withheld_numbers_stay_missing_unless_the_rest_proves_them_few():
    rows = [Count(LEA, "2024-25", Area.AUTISM, group, 30, 300) for group in SEVEN[1:]]
    ratios, at = one([*rows, Count(LEA, "2024-25", Area.AUTISM, Group.HISPANIC, None, 300, True)], RULES,
                     Area.AUTISM, Group.HISPANIC)  # fmt: skip
    assert ratios.status[at] == RatioStatus.SUPPRESSED and ratios.over[at] == -1
    assert ratios.status[*at[:3], Group.BLACK] == RatioStatus.OTHERS_UNKNOWN
    everybody = Count(LEA, "2024-25", Area.AUTISM, Group.TOTAL, 185, 1815)
    ratios, at = one([*rows, everybody], RULES, Area.AUTISM, Group.HISPANIC)
    assert ratios.status[at] == RatioStatus.FEW_N and ratios.over[at] == 0
    assert ratios.status[*at[:3], Group.BLACK] == RatioStatus.RATIO


def test_filipino_is_folded_into_asian():
    held = {Group.ASIAN: (10, 100), Group.FILIPINO: (5, 50), Group.BLACK: (20, 200)}
    rows = [Count(LEA, "2024-25", Area.AUTISM, group, *pair) for group, pair in held.items()]
    made = build(rows)
    assert Group.FILIPINO not in made.group.tolist()
    asian = made.group.tolist().index(Group.ASIAN)
    assert (made.cell[asian], made.total[asian]) == (15, 150)


def test_a_source_that_counts_filipino_apart_is_incomplete_without_it():
    other = Count(OTHER, "2024-25", Area.AUTISM, Group.FILIPINO, 5, 50)
    asian = Count(LEA, "2024-25", Area.AUTISM, Group.ASIAN, 10, 100)
    black = Count(LEA, "2024-25", Area.AUTISM, Group.BLACK, 10, 100)
    made = build([other, asian, black])
    assert (made.cell[0], made.total[0]) == (-1, -1)
    everybody = Count(LEA, "2024-25", Area.AUTISM, Group.TOTAL, 20, 200)
    made = build([other, asian, black, everybody])
    assert (made.cell[0], made.total[0]) == (10, 100)


@pytest.mark.parametrize("bad", [(5, 4), (-1, 4), (1, 10**8)])
def test_counts_that_cannot_be(bad):
    with pytest.raises(ValueError, match="cannot be"):
        build([Count(LEA, "2024-25", Area.AUTISM, Group.BLACK, *bad)])
    same = Count(LEA, "2024-25", Area.AUTISM, Group.BLACK, 1, 2)
    with pytest.raises(ValueError, match="twice"):
        build([same, same])


def everything(over: set[tuple[str, Area, Group]], years=YEARS, lea=LEA) -> list[Count]:
    """All areas and groups of some years, none over the threshold but those named."""
    return [
        Count(lea, year, area, group, 400 if (year, area, group) in over else 50, 500 if area else 600)
        for year in years
        for area in AREAS
        for group in SEVEN
    ]


def facts_of(rows, rulebook=BOOK, years=YEARS, **stated_facts):
    rows_of_data = [LeaYear(LEA, year, facts=Facts(**stated_facts)) for year in years]
    return filled(replace(dataset_of(rows_of_data), counts=build(rows)), rulebook)


BLACK_OSS = (Area.OSS_OVER_10, Group.BLACK)


def test_years_in_a_row_become_facts():
    made = facts_of(everything({(year, *BLACK_OSS) for year in YEARS[1:]}))
    assert made.disproportionate_years.tolist() == [0, 1, 2]
    assert made.newly_disproportionate.tolist() == [0, 1, 0] and made.sig_dis.tolist() == [0, 0, 0]
    made = facts_of(everything({(year, *BLACK_OSS) for year in YEARS}))
    assert made.disproportionate_years.tolist() == [-1, -1, -1]
    assert made.worked_out.least.tolist() == [1, 2, 3] and set(made.worked_out.most.tolist()) == {OPEN}
    assert made.newly_disproportionate.tolist() == [-1, 0, 0] and made.sig_dis.tolist() == [-1, -1, 1]


def test_another_group_the_next_year_is_not_a_row():
    made = facts_of(everything({("2023-24", *BLACK_OSS), ("2024-25", Area.OSS_OVER_10, Group.WHITE)}))
    assert made.disproportionate_years.tolist() == [0, 1, 1]


def test_some_areas_without_a_finding_are_unknown_not_zero():
    made = facts_of([row for row in everything(set()) if row.area is not Area.AUTISM])
    assert made.disproportionate_years.tolist() == [-1, -1, -1] and made.worked_out.least.tolist() == [
        0,
        0,
        0,
    ]
    assert facts_of(everything(set())).disproportionate_years.tolist() == [0, 0, 0]


def test_a_year_that_is_missing_leaves_the_row_open():
    over = {("2022-23", *BLACK_OSS), ("2024-25", *BLACK_OSS)}
    made = facts_of([row for row in everything(over) if row.year != "2023-24"])
    assert made.worked_out.least.tolist() == [1, -1, 1]
    assert made.worked_out.most.tolist() == [OPEN, -1, OPEN]


def test_what_the_file_states_stands():
    rows = everything({(year, *BLACK_OSS) for year in YEARS[1:]})
    made = facts_of(rows, disproportionate_years=0, newly_disproportionate=False, sig_dis=False)
    assert made.disproportionate_years.tolist() == [0, 0, 0] and not made.worked_out.years.any()
    made = facts_of(rows, newly_disproportionate=True)
    assert made.disproportionate_years.tolist() == [-1, 1, -1]
    assert made.newly_disproportionate.tolist() == [1, 1, 1]


def test_other_rules_start_again_from_what_the_file_states():
    rows = everything({(year, *BLACK_OSS) for year in YEARS[1:]})
    made = facts_of(rows)
    strict = replace(BOOK, disproportionality=replace(RULES, threshold=Decimal(50)))
    again = filled(made, strict)
    assert again.disproportionate_years.tolist() == [0, 0, 0] and again.sig_dis.tolist() == [0, 0, 0]
    assert [each.tolist() for each in stated(again)] == [[-1] * 3] * 3
    assert filled(again, BOOK).disproportionate_years.tolist() == [0, 1, 2]


def test_without_counts_of_an_area_it_is_the_same_object():
    plain = dataset_of([LeaYear(LEA, "2024-25")])
    assert filled(plain, BOOK) is plain
    beside = replace(plain, counts=build(pair((73, 829), (14, 840), Area.SUSPENDED_ALL)))
    assert filled(beside, BOOK) is beside


numbers = st.one_of(st.none(), st.sampled_from([0, 1, 9, 10, 11, 19, 20, 21, 60, 150, 880]))


@st.composite
def rows_of_counts(draw):
    areas = draw(st.sampled_from([(Area.AUTISM,), (Area.AUTISM, Area.SUSPENDED_ALL)]))
    rows = []
    for lea in (LEA, OTHER, STATE):
        for year in draw(st.sampled_from([YEARS, YEARS[::2], YEARS[2:]])):
            for area in areas:
                held = draw(st.sampled_from([SEVEN, SEVEN, (*SEVEN, Group.TOTAL), SEVEN[2:]]))
                total_cell, total_all = 0, 0
                for group in held:
                    cell, total = draw(numbers), draw(numbers)
                    if group is Group.TOTAL:
                        cell, total = (
                            total_cell + draw(st.integers(-1, 12)),
                            total_all + draw(st.integers(0, 30)),
                        )
                        cell = min(max(cell, 0), total)
                    elif cell is not None and total is not None:
                        cell, total = min(cell, total), max(cell, total)
                    total_cell += cell or 0
                    total_all += total or 0
                    withheld = None in (cell, total) and draw(st.booleans())
                    rows.append(Count(lea, year, area, group, cell, total, withheld))
    return rows


@given(
    rows_of_counts(),
    st.sampled_from(
        [
            RULES,
            BOTH,
            FREE,
            replace(BOTH, threshold=Decimal("0.5")),
            replace(RULES, threshold=Decimal("1.25"), comparator=Comparator.AT_LEAST),
        ]
    ),  # fmt: skip
)
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_the_dull_version(rows, rules):
    slow = Slow(rows, rules)
    ratios = measure(build(rows), rules)
    for lea_at, lea in enumerate(ratios.leas):
        for year_at, year in enumerate(ratios.years):
            for area in (Area.AUTISM, Area.SUSPENDED_ALL):
                for group in SEVEN:
                    at = lea_at, year_at, int(area), int(group)
                    word, exact = slow.ratio(lea, year, area, group)
                    assert (RatioStatus(int(ratios.status[at])).word, ratios.exact(at)) == (word, exact)
                    over = slow.over(lea, year, area, group)
                    assert ratios.over[at] == (-1 if over is None else over)
                    least, most = slow.run(lea, year, area, group)
                    assert (ratios.least[at], ratios.most[at]) == (least, OPEN if most is None else most)
            least, most = slow.lea_years(lea, year)
            assert ratios.years_least[lea_at, year_at] == least
            assert ratios.years_most[lea_at, year_at] == (OPEN if most is None else most)
            assert ratios.given[lea_at, year_at] == slow.given(lea, year)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 500), st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_the_interval_is_scipys(cell, rest, others, others_rest):
    ratios, at = one(pair((cell, cell + rest), (others, others + others_rest)), FREE)
    theirs = relative_risk(cell, cell + rest, others, others + others_rest)
    interval = theirs.confidence_interval(0.95)
    assert math.isclose(ratios.ratio[at], theirs.relative_risk, rel_tol=1e-12)
    assert math.isclose(ratios.low[at], interval.low, rel_tol=1e-9)
    assert math.isclose(ratios.high[at], interval.high, rel_tol=1e-9)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 400), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_parity_and_scale(cell, rest, others, others_rest):
    """Ten times the children, the same ratio; at parity nobody is above it; fewer than parity is below 0."""
    ratios, at = one(pair((cell, cell + rest), (others, others + others_rest)), FREE)
    tenfold, _ = one(pair((10 * cell, 10 * (cell + rest)), (10 * others, 10 * (others + others_rest))), FREE)
    assert ratios.exact(at) == tenfold.exact(at)
    above = ratios.above_parity(at)
    assert (above > 0) == (ratios.exact(at) > 1) and (above == 0) == (ratios.exact(at) == 1)
    assert Fraction(cell) - above == ratios.total[at] * Fraction(others, others + others_rest)


def test_bounds_are_found_by_any_order_of_rows():
    rows = everything({("2024-25", *BLACK_OSS)})
    data = dataset_of([LeaYear(LEA, year) for year in YEARS] + [LeaYear(OTHER, "2024-25")])
    bounds = bounds_of(data, measure(build(rows[::-1]), RULES))
    assert bounds.least.tolist() == [0, 0, 1, -1] and bounds.most.tolist() == [0, 0, 1, -1]


def test_filipino_missing_in_one_year_leaves_asian_unknown_there():
    """The LEA counts Filipino students apart in one year; in the next the row is missing everywhere."""
    rows = [Count(LEA, "2023-24", Area.OSS_OVER_10, group, *both) for group, both in (
        (Group.ASIAN, (12, 60)), (Group.FILIPINO, (12, 20)), (Group.TOTAL, (64, 1000)))]  # fmt: skip
    rows += [Count(LEA, "2024-25", Area.OSS_OVER_10, group, *both) for group, both in (
        (Group.ASIAN, (9, 60)), (Group.TOTAL, (64, 1000)))]  # fmt: skip
    found = build(rows).by_place()
    assert found[LEA, "2023-24", Area.OSS_OVER_10, Group.ASIAN] == (24, 80)
    assert found[LEA, "2024-25", Area.OSS_OVER_10, Group.ASIAN] == (-1, -1)


def test_minimums_joined_by_and_let_more_real_districts_exceed():
    """Suspension of Black students against all others, 95 LEAs with both numbers."""
    taken = checked_files.read_path(ROOT / "tests" / "fixtures" / "suspension_black_2024_25.csv")
    over = {}
    for rules in (RULES, BOTH):
        ratios = measure(taken.dataset.counts, rules)
        known = ratios.cell[:, 0, Area.SUSPENDED_ALL, Group.BLACK] >= 0
        over[rules.minimums] = int((ratios.over[:, 0, Area.SUSPENDED_ALL, Group.BLACK] == 1).sum())
    assert known.sum() == 95 and over == {Minimums.EITHER: 27, Minimums.BOTH: 37}


@pytest.mark.parametrize("rules", [RULES, BOTH])
@pytest.mark.parametrize("group", [(60, 120), (18, 19), (12, 15)])
def test_so_many_fewer_clear_the_threshold(rules, group):
    others = (40, 900)
    ratios, at = one(pair(group, others), rules)
    if ratios.over[at] != 1:
        assert ratios.fewer_to_clear(at) is None
        return
    fewer = ratios.fewer_to_clear(at)
    for less, left in ((fewer, 0), (fewer - 1, 1)):
        again, place_ = one(pair((group[0] - less, group[1]), others), rules)
        assert again.over[place_] == left
