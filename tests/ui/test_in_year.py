"""If the year closed today: counts so far are typed or uploaded, marked everywhere, never a whole year."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from tests.ui.sent import bar, headline, texts_of
from tests.ui.test_pages import app, fine, shown, step, tab, upload
from ui.shared import lag_strip

LEA = "99101120000000"
NAMED = "2026-27 so far (to 29 Nov 2026)"
CLOSED = (
    b"lea_code,lea_name,selpa,year,swd,5a,5a_n,5a_d\n"
    b"9900001,Oak,My SELPA,2024-25,300,60,180,300\n9900002,Elm,My SELPA,2024-25,300,60,180,300\n"
)
SO_FAR = (
    b"lea_code,lea_name,selpa,year,indicator,numerator,denominator,as_of\n"
    b"9900001,Oak,My SELPA,2025-26,4a,2,300,2026-01-15\n9900001,Oak,My SELPA,2025-26,11,40,40,2026-01-15\n"
    b"9900002,Elm,My SELPA,2025-26,4a,9,300,2026-01-15\n"
)


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr(lag_strip, "today", lambda: date(2026, 11, 29))


def on_lea():
    return fine(fine(app(data="sample", lea="9910112", tab="moves").run()).switch_page("pages/lea.py").run())


def typed(at, **counts: tuple[int | None, int | None]):
    """Type counts, and show them."""
    for code, pair in counts.items():
        for part, value in zip("nd", pair, strict=True):
            at.number_input(key=f"so_far_{part}_{code.removeprefix('i')}_{LEA}").set_value(value)
    return fine(at.button(key="so_far_show").click().run())


def test_typed_counts_become_the_year_so_far():
    at = typed(on_lea(), i4a=(11, 446), susp=(30, 460), i11=(39, 40))
    said = shown(at) + shown(tab(at, "")) + shown(tab(at, "method"))
    assert at.query_params["year"] == "2026-27" and headline(at) == "Quince Valley Elementary"
    assert NAMED in said and "So far this year: counts to 29 Nov 2026" in said
    assert "2 more students would make it missed, and the number only grows" in said
    assert "Missed so far, and a late one stays late." in said
    assert "at least" in said and "are not given so far" in said
    assert "not ranked, because the year is not over" in said
    assert "What would move it" not in said


def test_what_was_typed_is_there_again_and_can_be_taken_away():
    at = typed(on_lea(), susp=(30, 460))
    assert at.number_input(key=f"so_far_n_susp_{LEA}").value == 30
    at = typed(at, susp=(31, 460))
    assert "31 ÷ 460" in shown(at) and "30 ÷ 460" not in shown(at)
    at = fine(at.button(key="so_far_take_away").click().run())
    assert NAMED not in shown(at) and at.query_params["data"] == "sample"
    assert at.number_input(key=f"so_far_n_susp_{LEA}").value is None


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "Type at least one count"),
        ({"susp": (3, None)}, "type both numbers, or neither"),
        ({"susp": (5, 4)}, "more students than the group has"),
        ({"susp": (0, 0)}, "the group is 0"),
    ],
)
def test_counts_that_cannot_be_are_said_with_what_to_do(counts, said):
    at = typed(on_lea(), **counts)
    assert said in shown(at) and NAMED not in shown(at)


def test_a_day_of_a_year_that_is_over_is_refused():
    at = on_lea()
    at.date_input(key=f"so_far_day_{LEA}").set_value(date(2025, 3, 1))
    at = typed(at, susp=(5, 400))
    assert "your files have 2024-25 as a whole year" in shown(at)


def opened(at, **more: str):
    """The whole app, with the bar on top, at the address of a page."""
    return fine(app(data=str(at.query_params["data"]), **more).run())


def test_a_year_in_progress_is_not_the_one_that_is_shown_first():
    at = opened(upload(upload(app(), "closed.csv", CLOSED), "so_far.csv", SO_FAR))
    assert "so far (to" not in bar(at) and "2024-25" in bar(at)
    at.session_state["bar_change"] = True
    assert fine(at.run()).selectbox(key="pick_year").options == ["2025-26 so far (to 15 Jan 2026)", "2024-25"]


def test_where_it_is_chosen_it_is_marked_on_every_page_and_in_what_leaves(downloads):
    uploaded = upload(upload(app(), "closed.csv", CLOSED), "so_far.csv", SO_FAR)
    at, named = opened(uploaded, year="2025-26"), "2025-26 so far (to 15 Jan 2026)"
    assert named in bar(at)
    for page in ("start", "region", "lea", "whatif", "data"):
        said = shown(fine(at.switch_page(f"pages/{page}.py").run()))
        assert re.sub(r"<[^>]*>", "", said).count(named) or page == "whatif", page
        if page in ("start", "region"):
            assert named in said and "are said of whole years only" in said
    for page, file in (("region", "placements_2025-26.csv"), ("lea", "why_9900002_2025-26.csv")):
        downloads.clear()
        at.query_params["tab"] = at.session_state["at_tab"] = "method"
        fine(at.switch_page(f"pages/{page}.py").run())
        text = "".join(texts_of(downloads[file])).removeprefix("\ufeff")
        lines = list(csv.DictReader(io.StringIO(text)))
        assert lines and {line["as_of"] for line in lines} == {"2026-01-15"}
        assert all("So far this year" in line["notice"] for line in lines)


def test_start_names_who_is_nearest_to_a_further_miss():
    at = opened(upload(upload(app(), "closed.csv", CLOSED), "so_far.csv", SO_FAR), year="2025-26")
    said = shown(at)
    assert "Nearest to a further miss" in said
    (table,) = [
        one.proto.body for one in at.get("html") if "1 more late one would make it missed" in one.proto.body
    ]
    assert "Oak" in table and "Elm" not in table, "Elm has missed all that is given so far"
    assert "Nearest to a further miss" not in shown(opened(at))


def test_movement_knows_whole_years_only():
    at = upload(upload(app(), "closed.csv", CLOSED), "so_far.csv", SO_FAR)
    at = fine(at.switch_page("pages/movement.py").run())
    assert not at.get("selectbox") or all("movement" not in str(one.key) for one in at.selectbox)


def test_the_data_page_says_how_a_file_does_the_same():
    at = step(fine(app(data="sample").run()), "file")
    assert "add a column as_of with the day" in shown(at)


def test_a_region_of_one_lea_so_far_is_not_set_beside_whole_years():
    alone = SO_FAR.rsplit(b"9900002", 1)[0]
    at = opened(upload(upload(app(), "closed.csv", CLOSED), "so_far.csv", alone), year="2025-26")
    said = shown(fine(at.switch_page("pages/region.py").run()))
    assert "So far this year" in said and ">Why Oak is here</a>" in said, "its counts stand on its own page"
    assert not [head.value for head in at.header if "like" in head.value]
