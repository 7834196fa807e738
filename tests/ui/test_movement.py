"""The page Movement and the panel since last year: findings, steps, reasons, one year only, safe text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.movement import movement
from cim_core.placing import reference
from tests.conftest import RULEBOOKS, sample_placements
from tests.ui.sent import headline
from tests.ui.test_pages import app, fine, shown, upload
from ui.movement import flows_drawing

ROOT = Path(__file__).parent.parent.parent
EVIL = "**Oak** <img src=x onerror=alert(1)> =1+1"
TWO_YEARS = (
    "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,5a\n"
    f'9900001,"{EVIL}",S,2022-23,300,0,0,60\n'
    f'9900001,"{EVIL}",S,2023-24,300,0,0,40\n'
    "9900002,Elm,S,2023-24,300,0,0,70\n"
).encode()
PANEL = """
from ui.shared import frame, results, since_last_year
frame.begin()
view = results.view()
since_last_year.since_last_year(view, view.placements.dataset.row_of("{lea}", view.year))
"""


def page(**query: str) -> AppTest:
    return fine(fine(app(**query).run()).switch_page("pages/movement.py").run())


def test_the_page_opens_with_who_moved_and_why():
    at = page(data="sample")
    assert headline(at) == "11 of 24 LEAs moved between 2023-24 and 2024-25."
    text = shown(at)
    ways = "7 to a more intensive placement, 2 to a less intensive one, 1 perhaps (not settled) and 1 into or"
    assert ways in text
    assert "Most often because an LEA's own data changed (8 of 11)." in text
    assert (
        "Other LEAs changed: their changes take it to lowest 6%, where its own results alone "
        "would have given lowest 10.3% (it was lowest 11.1% in 2023-24)" in text
    )
    assert "Too few students now: its targets with data go from 11 to 0" in text
    assert "lea?data=sample&year=2024-25&lea=9910077" in text.replace("&amp;", "&")


def pictures(at: AppTest) -> list[str]:
    return [one.value for one in at.markdown if "<svg" in one.value]


def test_the_picture_names_who_moved_and_holds_the_numbers_of_the_table():
    wide, phone = re.split("cim-phone|cim-sheet", pictures(page(data="sample"))[0])[:2]
    assert "11 of 24 LEAs moved" in wide and "The same numbers are in the table." in wide
    texts = re.findall(r">([^<>]+)</text>", wide)
    assert "Kelp Harbor, Laurel Gate" in texts and "5 stayed" in texts
    numbers = [int(text) for text in texts if text.isdigit()]
    assert sum(numbers) == 2 * 24, "each year's placements hold all LEAs"
    assert "Kelp Harbor" not in phone and "T1" in phone


def test_a_move_that_the_picture_cannot_show_is_said():
    at = page(data="sample")
    assert "so it looks as if it stayed" not in shown(at)
    at.toggle(key="movement_constant").set_value(False).run()
    at.selectbox(key="movement_book").set_value("cde-2022").run()
    text = shown(fine(at))
    assert at.query_params["earlier"] == "cde-2022"
    assert "1 LEA moved within “Intensive”, which stands for several placements in this picture" in text


@pytest.mark.parametrize("layout", [flows_drawing.WIDE, flows_drawing.PHONE, flows_drawing.PAPER])
@pytest.mark.parametrize("book", RULEBOOKS)
def test_placements_never_overlap_and_stay_inside(book, layout):
    against = reference.shipped()
    found = movement(sample_placements(book), sample_placements(), "2022-23", "2024-25", against, against)
    drawn = flows_drawing.drawn(found.flows.folded(), ("2022-23", "2024-25"), {}, "said", layout)
    bars = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="14" height="([\d.]+)"', drawn.svg())
    assert 2 <= len(bars) <= 12
    for x in {x for x, _, _ in bars}:
        column = sorted((float(y), float(y) + float(height)) for at, y, height in bars if at == x)
        assert all(low < top for (_, low), (top, _) in zip(column, column[1:], strict=False))
        assert column[-1][1] <= drawn.height
    counts = [float(height) for _, _, height in bars]
    assert sum(counts) == pytest.approx(2 * 24 * min(15, layout.tall / 24), abs=1)


def test_years_and_rules_can_be_chosen_and_a_link_restores_them():
    at = page(data="sample")
    at.selectbox(key="movement_from").set_value("2022-23").run()
    assert headline(fine(at)).endswith("between 2022-23 and 2024-25.")
    assert at.query_params["from"] == "2022-23"
    at.selectbox(key="movement_to").set_value("2023-24").run()
    assert headline(fine(at)).endswith("between 2022-23 and 2023-24.")
    link = dict(at.query_params)
    assert headline(page(**link)) == headline(at)
    at.selectbox(key="movement_from").set_value("2023-24").run()
    assert headline(fine(at)).endswith("between 2023-24 and 2024-25."), "the later year stays later"
    at.toggle(key="movement_constant").set_value(False).run()
    assert at.selectbox(key="movement_book").options == [
        "2023-24 by CDE monitoring 2023",
        "2023-24 by CDE monitoring 2022",
    ]
    at.selectbox(key="movement_book").set_value("cde-2022").run()
    text = shown(fine(at))
    assert "Most often because a rule or target changed" in text
    assert "The rules changed: “" in text and "Rule or target changed (to " in text
    at.toggle(key="movement_constant").set_value(True).run()
    assert "earlier" not in fine(at).query_params


def test_years_of_a_link_that_are_not_there_are_left_aside():
    expected = headline(page(data="sample"))
    for wrong in ({"from": "1999-00"}, {"to": "2022-23"}, {"from": "2024-25"}, {"earlier": "nope"}):
        assert headline(page(data="sample", **wrong)) == expected
    assert headline(page(data="sample", to="2023-24")).endswith("between 2022-23 and 2023-24.")


def test_only_one_reason_at_a_time():
    at = page(data="sample")
    at.multiselect[0].set_value(["too_few"]).run()
    text = shown(fine(at))
    assert "Zinnia Online Charter" in text and ">Kelp Harbor Unified</a>" not in text


def test_a_line_over_the_years_has_its_table():
    at = page(data="sample", lea="9910112")
    text = shown(at)
    assert "Quince Valley Elementary" in text
    at.selectbox(key="movement_indicator_" + str(at.selectbox[-1].key).rsplit("_", 1)[1]).set_value(
        "5a"
    ).run()
    text = shown(fine(at))
    assert "5a Regular class ≥ 80%: missed in 2023-24 and 2024-25 and met in 2022-23." in text
    assert "237 ÷ 446" in text


def test_one_year_of_data_says_so_and_helps():
    content = b"lea_code,lea_name,selpa,year,swd,5a\n9900001,Oak,S,2023-24,300,40\n"
    at = upload(app(), "one.csv", content)
    fine(at.switch_page("pages/movement.py").run())
    assert "Only one year of data is open (2023-24)" in headline(at)
    assert not pictures(at)


def test_text_of_an_upload_never_becomes_markup_and_who_is_new_is_said():
    at = upload(app(), "two.csv", TWO_YEARS)
    fine(at.switch_page("pages/movement.py").run())
    text = shown(at)
    assert "1 LEA is in 2023-24 only and is not compared." in text
    assert "1 of 1 LEAs moved" in text and "60.0% → 40.0%" in text
    for one in at.get("html"):
        assert "<img" not in one.proto.body
    for one in (*at.markdown, *at.caption, *at.title):
        if one.value.startswith("<figure"):
            continue  # HTML all through, in which nothing is Markdown
        assert "**Oak**" not in one.value and "<img src=x" not in one.value.replace("\\<img", "")
    for picture in pictures(at):
        assert "<img" not in picture


def test_since_last_year_is_folded_under_its_sentence():
    at = AppTest.from_string(PANEL.replace("{lea}", "9910035"), default_timeout=30)
    at.query_params["data"], at.query_params["year"] = "sample", "2023-24"
    fine(at.run())
    label = at.expander[0].label.replace("\\", "")
    assert label.startswith("Since 2022-23: moved from Targeted Level 1 to Targeted Level 2 because 8 Parent")
    text = shown(at)
    assert "96.7% (356 ÷ 368), meets >94%" in text and "3 or more targets missed" in text
    assert text.count("no change") == 6 and "in this order" in text
    at.query_params["year"] = "2022-23"
    assert "No earlier year in the data." in shown(fine(at.run()))
