"""Movement: every reason by hand, the chain of swaps, and the slow per-LEA version."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Cell, Facts, LeaYear, Missing, build
from cim_core.export.rows import csv_text
from cim_core.movement import (
    CSV_COLUMNS,
    ORDER,
    Between,
    Movement,
    MoveReason,
    YearMover,
    because,
    changes,
    movement,
    mover_rows,
    sides,
    since,
    since_stages,
    traced,
)
from cim_core.movement.swaps import Stage
from cim_core.placing import reference
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Disclosure
from tests.conftest import sample_placements
from tests.oracles import movement as slow_movement
from tests.strategies import YEARS, lea_years, rulebooks

OLD, NEW = YEARS
BOOK = rulebook_file.load()
SMALL_BOOK = rulebook_file.load("cde-2023")
FACTS = frozenset(Facts.__dataclass_fields__)
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def lea(code: str, year: str, cells: dict[str, Cell] | None = None, **facts: object) -> LeaYear:
    known = {"swd": 300, "disproportionate_years": 0, "minor_findings": 0, **facts}
    return LeaYear(code, year, f"LEA {code}", "S", Facts(**known), cells or {})


def met(bottom: int = 100) -> Cell:
    return Cell(numerator=bottom * 19 // 20, denominator=bottom)


def missed(bottom: int = 100) -> Cell:
    return Cell(numerator=bottom * 4 // 10, denominator=bottom)


def moved(rows: list[LeaYear], against: Reference = NO_REFERENCE, book=BOOK, earlier_book=None) -> Movement:
    data = build(rows, FACTS | {code for row in rows for code in row.cells})
    after = place(data, book, against)
    before = after if earlier_book is None else place(data, earlier_book, against)
    return movement(before, after, OLD, NEW, against, against)


def only(found: Movement) -> YearMover:
    assert len(found.movers) == 1
    return found.movers[0]


def told(mover: YearMover) -> list[tuple[str, str]]:
    return [(step.reason.value, step.after.placement.name) for step in mover.steps]


def said(mover: YearMover) -> str:
    return Disclosure().say(because(mover))


def test_own_data():
    mover = only(moved([lea("1", OLD, {"5a": met()}), lea("1", NEW, {"5a": missed()})]))
    assert told(mover) == [("data", "Targeted Level 1")] and mover.direction == 1
    assert said(mover) == "5a Regular class ≥ 80% is now missed (95.0% → 40.0%)"
    (change,) = changes(mover.stages)
    assert (change.reason, change.name) == (MoveReason.DATA, "5a")
    words = [Disclosure().say(one) for one in (change.before, change.after)]
    assert words == ["95.0% (95 ÷ 100), meets ≥53.2%", "40.0% (40 ÷ 100), misses ≥53.2%"]


def test_a_fact_is_data_too():
    mover = only(moved([lea("1", OLD, {"5a": met()}), lea("1", NEW, {"5a": met()}, minor_findings=2)]))
    assert told(mover) == [("data", "Targeted Level 1")]
    assert said(mover) == "its minor compliance findings go from 0 to 2"


def test_a_rule():
    targets = tuple(replace(one, value=Decimal(30)) if one.indicator == "5a" else one for one in BOOK.targets)
    rows = [lea("1", year, {"5a": missed()}) for year in YEARS]
    mover = only(moved(rows, earlier_book=replace(BOOK, targets=targets)))
    assert told(mover) == [("rules", "Targeted Level 1")]
    assert "5a Regular class ≥ 80% is now missed (40.0%, target ≥30% → ≥53.2%)" in said(mover)
    assert "“1–2 targets missed” decides now" in said(mover)


def test_a_rule_and_then_data():
    clauses = tuple(replace(one, at_least=3) if one.id == "level-1-missed" else one for one in BOOK.clauses)
    assert clauses != BOOK.clauses
    rows = [
        lea("1", OLD, {"5a": missed(), "8": met(), "14a": met()}),
        lea("1", NEW, {"5a": missed(), "8": missed(), "14a": missed()}),
    ]
    mover = only(moved(rows, earlier_book=replace(BOOK, clauses=clauses)))
    assert told(mover) == [("rules", "Targeted Level 1"), ("data", "Targeted Level 2")]
    assert said(mover).startswith("the rules changed: “1–2 targets missed” decides now, then ")


@pytest.mark.parametrize("missing", [Missing.NOT_CALCULATED, Missing.FEWER_THAN_11, Missing.SUPPRESSED])
def test_too_few_students_as_the_file_says(missing):
    few = {"5a": Cell(missing=missing), "8": Cell(numerator=95, denominator=100)}
    enough = few | {"5a": missed()}
    down = only(moved([lea("1", OLD, enough), lea("1", NEW, few)]))
    assert told(down) == [("too_few", "Universal")]
    assert "5a Regular class ≥ 80%, missed before, is not counted now (40.0% → " in said(down)
    assert told(only(moved([lea("1", OLD, few), lea("1", NEW, enough)]))) == [("enough", "Targeted Level 1")]


def test_too_few_students_for_the_rules():
    book = replace(BOOK, minimum_n=30)
    others = {"8": Cell(numerator=95, denominator=100)}
    rows = [lea("1", OLD, others | {"5a": missed(30)}), lea("1", NEW, others | {"5a": missed(20)})]
    assert told(only(moved(rows, book=book))) == [("too_few", "Universal")]
    assert not moved(rows).movers


def test_students_with_disabilities_cross_the_small_lea_line():
    rows = [lea("1", OLD, {"5a": met()}, swd=101), lea("1", NEW, {"5a": met()}, swd=100)]
    mover = only(moved(rows, book=SMALL_BOOK))
    assert told(mover) == [("too_few", "Small LEA")] and mover.direction == 0
    assert said(mover) == "too few students now: its students with disabilities go from 101 to 100"
    rows = [replace(row, year=year) for row, year in zip(rows, (NEW, OLD), strict=True)]
    assert told(only(moved(rows, book=SMALL_BOOK))) == [("enough", "Universal")]


def test_a_value_or_a_fact_no_longer_given_or_now_given():
    blank = {"8": Cell(numerator=95, denominator=100)}
    full = blank | {"5a": missed()}
    assert told(only(moved([lea("1", OLD, full), lea("1", NEW, blank)]))) == [("not_given", "Universal")]
    assert told(only(moved([lea("1", OLD, blank), lea("1", NEW, full)]))) == [("given", "Targeted Level 1")]
    rows = [lea("1", OLD, blank, disproportionate_years=None), lea("1", NEW, blank, disproportionate_years=2)]
    mover = only(moved(rows))
    assert told(mover) == [("given", "Targeted Level 3")]
    assert "its years of disproportionality in a row go from not given to 2" in said(mover)


def test_a_percentile_in_the_file_is_own_data():
    rows = [lea("1", OLD, {"8": met()}, percentile=Decimal(30)), lea("1", NEW, {"8": met()})]
    rows[1] = replace(rows[1], facts=replace(rows[1].facts, percentile=Decimal("9.5")))
    mover = only(moved(rows))
    assert told(mover) == [("data", "Intensive")]
    assert said(mover) == "its own results take it from lowest 30% to lowest 9.5%"


def ranked(code: str, year: str, worth: int) -> LeaYear:
    names = ("ela_dfs", "math_dfs")
    cells = {name: Cell(rate=Decimal(worth), denominator=100) for name in names}
    return lea(code, year, cells | {"susp": Cell(rate=Decimal(100 - worth), denominator=100), "11": full()})


def full() -> Cell:
    return Cell(numerator=50, denominator=50)


def test_others_moved_the_rank():
    """Ten LEAs; the first has the same data in both years. It is second from the worst, then the worst."""
    same = [ranked("01", year, 20) for year in YEARS]
    others = [ranked(f"{at:02d}", year, 20 + at) for at in range(2, 10) for year in YEARS]
    rows = [*same, *others, ranked("10", OLD, 10), ranked("10", NEW, 90)]
    found = moved(rows, WITHIN)
    mover = next(
        one for one in found.movers if one.row_after == found.between.after.dataset.row_of("01", NEW)
    )
    assert told(mover) == [("others", "Intensive")]
    assert said(mover) == "other LEAs changed: its rank goes from lowest 20% to lowest 10%"
    assert not [one for one in changes(mover.stages) if one.reason is MoveReason.DATA]
    riser = next(one for one in found.movers if one is not mover and one.before.name == "Intensive")
    assert riser.reasons == (MoveReason.DATA,)
    assert found.by_reason()[-1][0] is MoveReason.OTHERS


def test_swaps_that_cancel_are_no_move():
    """Its own data get better by one rank, the others push it back: same placement, so nobody's mover."""
    others = [ranked(f"{at:02d}", year, 20 + at) for at in range(3, 10) for year in YEARS]
    rows = [ranked("01", OLD, 10), ranked("01", NEW, 21), ranked("02", OLD, 20), ranked("02", NEW, 22)]
    rows += [*others, *(ranked("10", year, 90) for year in YEARS)]
    found = moved(rows, WITHIN)
    assert not found.movers
    between = found.between
    row = between.after.dataset.row_of("01", NEW)
    stages = since_stages(between.after, WITHIN, row)
    assert [one.placement.name for one in stages][-3:] == ["Intensive", "Targeted Level 3", "Intensive"]
    assert Disclosure().say(since(between.after, WITHIN, row)) == "Since 2022-23: same placement, Intensive"


def test_too_few_students_to_be_ranked_does_not_touch_what_is_counted():
    """29 of the 30 students that the ranking needs: out of the ranking first."""
    others = [ranked(f"{at:02d}", year, 20 + at) for at in range(2, 11) for year in YEARS]
    mine = [ranked("01", year, 10) for year in YEARS]
    few = {name: Cell(rate=Decimal(10), denominator=29) for name in ("ela_dfs", "math_dfs")}
    mine[1] = replace(mine[1], cells=mine[1].cells | few)
    mover = next(one for one in moved([*mine, *others], WITHIN).movers if one.before.name == "Intensive")
    assert told(mover)[0] == ("too_few", "Universal")
    assert "its rank goes from lowest 10% to no rank" in said(mover)


def test_who_is_in_one_year_only_is_no_mover():
    rows = [lea("1", OLD, {"5a": met()}), lea("2", NEW, {"5a": missed()}), *(lea("3", y) for y in YEARS)]
    found = moved(rows)
    data = found.between.after.dataset
    assert [str(data.lea_code[row]) for row in found.only_before] == ["1"]
    assert [str(data.lea_code[row]) for row in found.only_after] == ["2"]
    assert len(found.rows) == 1 and not found.movers and found.flows.counts.sum() == 1
    with pytest.raises(ValueError, match="2019-20"):
        movement(found.between.before, found.between.after, "2019-20", NEW, WITHIN, WITHIN)


def test_since_says_it_in_one_sentence():
    placements, against = sample_placements(), reference.shipped()
    say = Disclosure().say
    data = placements.dataset

    def of(code: str, year: str) -> str:
        return say(since(placements, against, data.row_of(code, year)))

    assert of("9910112", "2022-23") == "No earlier year in the data"
    assert of("9910112", "2024-25") == "Since 2023-24: same placement, Targeted Level 1"
    assert of("9910112", "2023-24") == (
        "Since 2022-23: moved from Universal to Targeted Level 1 because "
        "5a Regular class ≥ 80% is now missed (58.7% → 48.2%) and "
        "8 Parent involvement is now missed (96.6% → 89.3%)"
    )
    stages = since_stages(placements, against, data.row_of("9910112", "2024-25"))
    lines = {say(one.what): (say(one.before), say(one.after)) for one in sides(stages)}
    assert lines["Targets missed"] == ("2 of 19 with data", "1 of 19 with data")
    assert lines["Rank, school-age evaluation"] == ("lowest 22%", "lowest 23.8%")


def test_a_picture_has_at_most_six_placements_and_loses_nobody():
    after = sample_placements()
    for book in rulebook_file.available():
        found = movement(
            sample_placements(book), after, "2023-24", "2024-25", reference.shipped(), reference.shipped()
        )
        folded = found.flows.folded()
        assert len(folded.places) <= 6 and folded.counts.sum() == found.flows.counts.sum() == 24
        assert list(folded.places) == sorted(folded.places, reverse=True)


def test_movers_as_a_file_are_safe_text():
    rows = [lea("1", OLD, {"5a": met()}), lea("1", NEW, {"5a": missed()})]
    found = moved([replace(row, lea_name="=1+1") for row in rows])
    text = csv_text(mover_rows(found, found.movers, Disclosure()), CSV_COLUMNS)
    assert "'=1+1" in text and ",data,data: Targeted Level 1," in text


def against_of(kind: str, state: list[LeaYear]) -> tuple[Reference, str | list[LeaYear]]:
    if kind == "state":
        return Reference(ReferenceKind.STATEWIDE, build(state, FACTS, name="state")), state
    return (WITHIN if kind == "within" else NO_REFERENCE), kind


@SLOW
@given(
    uploads=st.tuples(lea_years(most=5), lea_years(most=5)),
    state=st.sampled_from(["98", "99"]).flatmap(lambda prefix: lea_years(most=5, prefix=prefix)),
    books=st.tuples(rulebooks(), rulebooks()),
    kinds=st.tuples(*[st.sampled_from(["none", "within", "within", "state"])] * 2),
    data=st.data(),
)
def test_the_slow_version_agrees_on_every_stage(uploads, state, books, kinds, data):
    one_file, one_book, one_kind = (data.draw(st.booleans()) for _ in range(3))
    uploads = (uploads[0], uploads[0]) if one_file else uploads
    books = (books[1], books[1]) if one_book else books
    agree(uploads, books, (kinds[1], kinds[1]) if one_kind else kinds, state)


@st.composite
def ranked_rows(draw: st.DrawFn, prefix: str) -> list[LeaYear]:
    """LEAs that are nearly all ranked, by few values, so that they push each other."""
    rows = []
    for at in range(draw(st.integers(3, 9))):
        for year in draw(st.sampled_from([YEARS, YEARS, YEARS, YEARS[1:]])):
            cells = {}
            for code in ("ela_dfs", "susp", "5a"):
                worth = Decimal(draw(st.integers(0, 9)))
                cells[code] = Cell(rate=worth, denominator=draw(st.sampled_from([100, 100, 100, 30, 29])))
            swd = draw(st.sampled_from([300, 300, 300, 101, 100]))
            rows.append(lea(f"{prefix}{at:05d}", year, cells, swd=swd))
    return rows


@pytest.mark.full
@SLOW
@given(
    upload=ranked_rows("99"),
    state=st.sampled_from(["98", "99"]).flatmap(ranked_rows),
    book=st.sampled_from(rulebook_file.available()),
    kind=st.sampled_from(["within", "state"]),
)
def test_the_slow_version_agrees_where_ranks_move(upload, state, book, kind):
    rules = rulebook_file.load(book)
    rules = replace(
        rules, evaluations=tuple(replace(one, min_reference_values=1) for one in rules.evaluations)
    )
    agree((upload, upload), (rules, rules), (kind, kind), state)


def agree(uploads, books, kinds, state) -> None:
    """The stages of every LEA are those of the slow version, and movers follow from them."""
    codes = FACTS | {code for rows in uploads for row in rows for code in row.cells}
    both: list[tuple[Placements, Reference, tuple]] = []
    for rows, book, kind, year in zip(uploads, books, kinds, YEARS, strict=True):
        against, plain = against_of(kind, state)
        both.append((place(build(rows, codes), book, against), against, (rows, year, book, plain)))
    (before, against, slow), (after, against_after, slow_after) = both
    if OLD not in before.dataset.years or NEW not in after.dataset.years:
        return
    between = Between(before, after, OLD, NEW, against, against_after)
    found = movement(before, after, OLD, NEW, against, against_after)
    movers = {one.row_after: one for one in found.movers}
    assert found.flows.counts.sum() == len(found.rows)
    for old, new in found.rows:
        stages = traced(between, old, new)
        expected = slow_movement.chain(str(before.dataset.lea_code[old]), slow, slow_after)
        assert [one.placement.name for one in stages] == expected
        assert (new in movers) == (expected[0] != expected[-1])
        check_reasons(stages)
        if new in movers:
            check_mover(movers[new], expected)


def check_reasons(stages: tuple[Stage, ...]) -> None:
    assert [each.reason for each in stages] in ([None, *ORDER], [None, *ORDER[:-1], MoveReason.STAND_IN])
    for change in changes(stages):
        assert all(Disclosure().say(part) for part in (change.what, change.before, change.after))


def check_mover(mover: YearMover, expected: list[str]) -> None:
    assert [one.placement.name for one in mover.stages] == expected
    chain = [mover.before, *(step.after.placement for step in mover.steps)]
    assert chain == [*(step.before.placement for step in mover.steps), mover.after]
    assert mover.reasons and said(mover)
