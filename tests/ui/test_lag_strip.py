"""Whose data, how old: the last line of every page that shows placements of a year."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.ui.test_pages import app, fine, unfolded, upload
from ui.shared import lag_strip

LETTER = (
    b"lea_code,lea_name,selpa,year,swd,percentile,5a,cde_placement,letter_date,monitoring_year\n"
    b"9900001,Oak,My SELPA,2023-24,300,50,60,Universal,2025-07-15,2025\n"
)


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr(lag_strip, "today", lambda: date(2026, 11, 29))


def last_line(at) -> str:
    """The strip as text; it stands after everything else that is not a download."""
    strips = [
        one.proto.body for one in at.get("html") if "cim-lag" in one.proto.body and "<ol>" in one.proto.body
    ]
    assert len(strips) == 1
    return re.sub(r"<[^>]*>", " ", strips[0])


@pytest.mark.parametrize("page", ["start", "region", "lea", "movement", "whatif"])
def test_each_page_of_a_year_ends_with_the_strip(page):
    at = app(data="sample", year="2023-24", lea="9910112")
    said = " ".join(last_line(fine(fine(at.run()).switch_page(f"pages/{page}.py").run())).split())
    assert said.startswith("Whose data, how old? Measured 2023-24 Published 2024-25 (assumed)")
    assert "CDE’s letter 2025-26 (assumed)" in said
    assert said.endswith("Today’s work changes 2026-27 data, letter 2028-29 (assumed)")


def test_movement_speaks_of_its_later_year():
    at = fine(fine(app(data="sample", year="2022-23").run()).switch_page("pages/movement.py").run())
    later = next(one.value for one in at.selectbox if str(one.key).startswith("movement_to"))
    assert f"Measured {later} " in " ".join(last_line(at).split())


def test_an_entered_letter_says_its_own_year_and_day():
    at = upload(app(), "mine.csv", LETTER)
    said = " ".join(last_line(fine(at.switch_page("pages/start.py").run())).split())
    assert "CDE’s letter 2025, of 15 Jul 2025 Today’s" in said


def test_the_rules_say_where_the_steps_come_from():
    at = unfolded(app(data="sample"), "rules")
    text = "\n".join(one.value for one in at.markdown).replace("\\", "")
    assert "published 1 year later. Source: Assumption of this project" in text
    assert "begins on 1 Jul. Source: California Education Code 37200" in text
