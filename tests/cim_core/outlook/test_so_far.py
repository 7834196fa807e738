"""A year that is not over: placed as if it closed today, never ranked, compared or projected."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from cim_core.data.dataset import Dataset, build
from cim_core.data.facts import Cell, Fact, Facts, LeaYear
from cim_core.data.indicators import CODES
from cim_core.export import outlook_rows, texts
from cim_core.export import rows as export
from cim_core.movement import movement, previous
from cim_core.outlook import Closeness, base_rate, base_rates, closeness, ground, margins, so_far
from cim_core.outlook.closeness import Untested
from cim_core.outlook.levers import Way
from cim_core.outlook.next_year import Silent, next_year
from cim_core.outlook.smallest_change import IndicatorChange
from cim_core.outlook.so_far import ENTERED_MONTHLY, Course
from cim_core.peers import peers
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Placements, Result, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Ranked
from cim_core.rules import rulebook_file
from cim_core.why import region
from cim_core.why.explanation import explain
from cim_core.why.years import row_year_said, year_said
from cim_core.words.disclosure import Disclosure

DAY = "2026-11-15"
GATE = Disclosure()
HEAD = "lea_code,lea_name,selpa,year,indicator,numerator,denominator,as_of\n"


def cell(numerator: int, denominator: int) -> Cell:
    return Cell(Decimal(100 * numerator) / denominator, numerator, denominator)


def climate(suspended: int, absent: int) -> dict[str, Cell]:
    return {"susp": cell(suspended, 400), "chronic": cell(absent, 400)}


def one_row(as_of: str = DAY, year: str = "2026-27", **cells: Cell) -> Placements:
    named = {name.removeprefix("i"): value for name, value in cells.items()}
    rows = [LeaYear("9900001", year, "Oak", facts=Facts(swd=400, as_of=as_of), cells=named)]
    return place(build(rows), rulebook_file.load(), NO_REFERENCE)


def told(placements: Placements) -> dict[str, so_far.SoFar]:
    return {one.indicator.code: one for one in so_far.so_far(placements, 0, margins(placements))}


def two_years(**cells: Cell) -> Dataset:
    """Forty LEAs with a closed year, and the first of them with a year in progress."""
    rows = [
        LeaYear(
            f"99000{at:02d}", "2024-25", facts=Facts(swd=400, county="X"),
            cells=climate(at + 4, 60 + at) | {"ela_dfs": Cell(Decimal(-at), None, 300)},
        )
        for at in range(40)
    ]  # fmt: skip
    now = {"susp": cell(30, 400), "chronic": cell(90, 400), "ela_dfs": Cell(Decimal(-99), None, 300)} | cells
    rows.append(LeaYear("9900000", "2025-26", facts=Facts(swd=400, as_of=DAY), cells=now))
    return build(rows)


def test_the_newest_year_that_is_over_comes_first():
    data = two_years()
    assert data.years == ("2024-25", "2025-26") and data.closed_years == ("2024-25",)
    assert data.newest_year == "2024-25"
    assert one_row(i4a=cell(1, 400)).dataset.newest_year == "2026-27"


@pytest.mark.parametrize("against", [WITHIN, reference.shipped()], ids=["within", "statewide"])
def test_a_year_in_progress_is_never_ranked(against):
    placements = place(two_years(), rulebook_file.load(), against)
    row = placements.dataset.row_of("9900000", "2025-26")
    for ranked in placements.percentiles.values():
        assert ranked.state[row] == Ranked.IN_PROGRESS
        assert ranked.percentile[row] != ranked.percentile[row]
    assert len(placements.could_be(row)) > 1
    said = " ".join(GATE.say(one.detail) for one in explain(placements, row).clauses)
    assert "not ranked, because the year is not over" in said


def test_nobody_is_ranked_among_counts_so_far():
    whole = Facts(swd=400)
    rows = [LeaYear(f"99000{at:02d}", "2025-26", facts=whole, cells=climate(at, at)) for at in range(30)]
    closed = place(build(rows), rulebook_file.load(), WITHIN)
    late = LeaYear("9900090", "2025-26", facts=Facts(swd=400, as_of=DAY), cells=climate(399, 399))
    both = place(build([*rows, late]), rulebook_file.load(), WITHIN)
    for one, other in zip(closed.percentiles.values(), both.percentiles.values(), strict=True):
        assert one.percentile.tolist()[:30] == pytest.approx(other.percentile.tolist()[:30], nan_ok=True)


def test_what_is_not_given_so_far_is_unknown_never_met():
    files = [
        (
            "closed.csv",
            "lea_code,lea_name,selpa,year,swd,5a,5a_n,5a_d,8\n9900001,Oak,S,2024-25,300,60,180,300,99\n",
        ),
        ("so_far.csv", HEAD + f"9900001,Oak,S,2025-26,4a,2,300,{DAY}\n"),
    ]
    uploads = [checked_files.Upload(name, text.encode()) for name, text in files]
    for assumed in ((), (Fact.ELEMENTS,)):
        data = checked_files.read_all(uploads, assumed_none=assumed).dataset
        placements = place(data, rulebook_file.load(), NO_REFERENCE)
        row = data.row_of("9900001", "2025-26")
        lacking = {
            code for code, open_still in zip(CODES, placements.unsupplied[row], strict=True) if open_still
        }
        assert {"5a", "8", "11", "12"} <= lacking and "4a" not in lacking
        assert placements.may_be_missed[row] == len(lacking) > 3
        assert not placements.firm[row]
        said = [GATE.say(one) for one in explain(placements, row).sentences]
        assert any("are not given so far" in one for one in said) and not any(
            "taken as met" in one for one in said
        )


def test_a_year_in_progress_is_no_step_of_movement():
    placements = place(two_years(), rulebook_file.load(), WITHIN)
    row = placements.dataset.row_of("9900000", "2025-26")
    assert previous(placements, row) is None
    with pytest.raises(ValueError, match="that is over"):
        movement(placements, placements, "2024-25", "2025-26", WITHIN, WITHIN)
    assert region.region(placements, "2025-26").previous_year is None


def test_a_closed_year_does_not_look_back_to_one_that_is_open():
    rows = [
        LeaYear("9900001", "2023-24", cells={"5a": Cell(Decimal(60))}),
        LeaYear("9900001", "2024-25", facts=Facts(as_of="2025-01-01"), cells={"5a": Cell(Decimal(60))}),
        LeaYear("9900001", "2025-26", cells={"5a": Cell(Decimal(60))}),
    ]
    placements = place(build(rows), rulebook_file.load(), NO_REFERENCE)
    assert previous(placements, 2) == 0
    assert region.region(placements, "2025-26").previous_year == "2023-24"


def test_next_year_and_base_rates_are_silent():
    placements = place(two_years(), rulebook_file.load(), reference.shipped())
    on = ground(placements, "2025-26")
    row = placements.dataset.row_of("9900000", "2025-26")
    near = closeness(on, [row])[row]
    assert (near.closeness, near.untested) == (Closeness.NOT_TESTED, Untested.IN_PROGRESS)
    assert next_year(near) is Silent.UNTESTED
    change = IndicatorChange("susp", Fraction(30, 4), Fraction(20, 4), 10, 30, 20, 400)
    assert base_rate(on, row, change, Way.LESS) is None
    assert base_rates.consecutive(two_years()) is None


@pytest.mark.parametrize(
    ("code", "now", "result", "more", "words"),
    [
        (
            "4a",
            cell(5, 400),
            Result.MET,
            7,
            "7 more students would make it missed, and the number only grows",
        ),
        (
            "11",
            cell(40, 40),
            Result.MET,
            1,
            "1 more late one would make it missed, and a late one stays late",
        ),
        ("11", cell(39, 40), Result.MISSED, None, "a late one stays late"),
        ("4a", cell(20, 400), Result.MISSED, None, "only if more students enroll"),
        ("13", cell(39, 40), Result.MISSED, None, "1 student would turn it"),
        ("5a", cell(220, 400), Result.MET, 8, "8 fewer students would make it missed"),
        ("5a", Cell(Decimal(60)), Result.MET, None, "Without its counts nobody can say"),
        ("5a", Cell(Decimal(40)), Result.MISSED, None, "Without its counts nobody can say"),
        ("susp", cell(20, 400), Result.NO_TARGET, None, "No target"),
        ("chronic", cell(20, 400), Result.NO_TARGET, None, "No target"),
    ],
)
def test_how_many_more_students_make_a_target_missed(code, now, result, more, words):
    here = told(one_row(**{f"i{code}": now}))[code]
    assert (here.why.result, here.until_missed) == (result, more)
    assert words in GATE.say(here.said)


def test_so_many_more_indeed_miss_and_one_less_does_not():
    at = told(one_row(i4a=cell(5, 400)))["4a"].until_missed
    results = [told(one_row(i4a=cell(5 + more, 400)))["4a"].why.result for more in (at - 1, at)]
    assert results == [Result.MET, Result.MISSED]


def test_each_indicator_says_what_its_count_can_still_do_and_where_that_is_from():
    for code in CODES:
        here = so_far.definition(code)
        assert GATE.say_id(so_far.COURSE_NAMED[here.course]) and GATE.say(so_far.source_said(here))
    assert so_far.definition("susp").course is so_far.definition("4a").course is Course.GROWS
    assert so_far.definition("chronic").course is so_far.definition("overdue").course is Course.BOTH_WAYS
    assert so_far.definition("11").course is Course.LATE_STAYS
    assert "(assumed)" in GATE.say(so_far.source_said(so_far.definition("13")))
    assert set(ENTERED_MONTHLY) <= set(CODES)


def test_a_closed_year_has_nothing_so_far():
    assert told(one_row(as_of="", i4a=cell(5, 400))) == {}


def test_the_year_is_named_with_its_day_everywhere_it_leaves():
    placements = one_row(i4a=cell(5, 400))
    data = placements.dataset
    named = "2026-27 so far (to 15 Nov 2026)"
    assert GATE.say(year_said(data, "2026-27")) == GATE.say(row_year_said(data, 0)) == named
    why = explain(placements, 0)
    line = export.place_row(placements, 0, GATE)
    assert line["as_of"] == DAY and line["notice"][0].startswith("So far this year: counts to 15 Nov 2026")
    assert sum("So far this year" in one for one in line["reasons"]) == 1
    assert all(
        each["as_of"] == DAY for each in export.why_rows(why, placements, 0, GATE, margins(placements))
    )
    written = next(csv.DictReader(io.StringIO(export.csv_text([line], export.COLUMNS))))
    assert written["as_of"] == DAY


def test_explain_tells_what_is_so_far_and_projects_nothing():
    placements = one_row(i4a=cell(5, 400))
    row = export.explain_row(placements, 0, GATE, margins(placements)) | outlook_rows.outlook(
        placements, 0, GATE
    )
    assert {row[part] for part in outlook_rows.PARTS} == {None}
    assert row["so_far"][0]["until_missed"] == 7 and row["so_far"][0]["course"] == "grows"
    json.dumps(row)
    text = texts.text(row, GATE)
    assert "If the year closed today" in text and "7 more students" in text


def test_two_days_of_one_year_are_both_said():
    rows = [
        LeaYear(f"990000{at}", "2026-27", facts=Facts(as_of=day), cells={"4a": cell(1, 400)})
        for at, day in enumerate((DAY, "2026-11-20"))
    ]
    assert GATE.say(year_said(build(rows), "2026-27")) == "2026-27 so far (to 15 Nov 2026 to 20 Nov 2026)"


def test_a_jump_to_counts_so_far_is_no_problem():
    lines = [
        f"9900001,Oak,S,2024-25,susp,200,400,\n9900001,Oak,S,2025-26,susp,2,400,{day}\n" for day in ("", DAY)
    ]
    kinds = [
        {
            one.kind
            for one in checked_files.read_all(
                [checked_files.Upload("a.csv", (HEAD + text).encode())]
            ).problems
        }
        for text in lines
    ]
    assert "jump" in kinds[0] and "jump" not in kinds[1]


def test_masked_no_number_of_students_is_left(monkeypatch):
    placements = one_row(**{"i4a": cell(4113, 400_000), "i13": cell(3997, 4001)})
    for name in ("number", "bare"):
        monkeypatch.setattr(Disclosure, name, lambda self, quantity, decimals=None: "▒")
    monkeypatch.setattr(Disclosure, "value", lambda self, quantity: None)
    rows = outlook_rows.outlook(placements, 0, Disclosure())["so_far"]
    assert {row["until_missed"] for row in rows} == {None}
    assert all("▒" in row["sentence"] and not set("0123456789") & set(row["sentence"]) for row in rows)


@pytest.mark.parametrize(
    ("day", "found"), [("2026-11-15", False), ("2026-06-30", True), ("2027-07-01", True)]
)
def test_a_day_outside_of_its_year_is_said(day, found):
    text = HEAD + f"9900001,Oak,S,2026-27,susp,2,400,{day}\n"
    taken = checked_files.read_all([checked_files.Upload("a.csv", text.encode())])
    said = [one for one in taken.problems if one.kind == "as_of_outside"]
    assert bool(said) is found
    if found:
        assert said[0].column == "as_of" and "1 July to 30 June of 2026-27" in said[0].expected(GATE)
    assert taken.dataset.as_of.tolist() == [day]


def test_no_lea_so_far_is_a_peer_of_a_whole_year():
    whole = [
        LeaYear(f"99000{at:02d}", "2025-26", facts=Facts(swd=400 + at), cells=climate(at, at))
        for at in range(9)
    ]
    late = LeaYear("9900090", "2025-26", facts=Facts(swd=400, as_of=DAY), cells=climate(9, 9))
    placements = place(build([*whole, late]), rulebook_file.load(), WITHIN)
    found = peers(placements, 0, WITHIN)
    assert found.year == "2025-26" and len(found.each) == 8
    assert "9900090" not in {peer.lea_code for peer in found.each}


def test_the_nearest_to_a_miss_comes_first_and_only_elements_in_progress_count():
    near, far = {"4a": cell(5, 400), "susp": cell(1, 400)}, {"4a": cell(1, 400)}
    rows = [
        LeaYear("9900001", "2026-27", facts=Facts(as_of=DAY), cells=far),
        LeaYear("9900002", "2026-27", facts=Facts(as_of=DAY), cells=near),
        LeaYear("9900003", "2026-27", cells=near),
        LeaYear("9900004", "2026-27", facts=Facts(as_of=DAY), cells={"4a": cell(40, 400)}),
    ]
    placements = place(build(rows), rulebook_file.load(), NO_REFERENCE)
    found = so_far.nearest(placements, range(4), margins(placements))
    assert [(row, one.indicator.code, one.until_missed) for row, one in found] == [
        (1, "4a", 7),
        (0, "4a", 11),
    ]
