"""How near and what would move it, on the pages: the numbers of the core, locks that change the answer."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.data.indicators import get
from cim_core.outlook import exposure
from cim_core.outlook.change_search import ground
from cim_core.outlook.levers import Way
from cim_core.outlook.sentences import short
from cim_core.outlook.smallest_change import answer, answers, nearest
from cim_core.words.disclosure import WORKING, Disclosure
from tests.conftest import sample_placements
from tests.ui.test_pages import app, fine, shown
from ui.shared import outlook
from ui.shared.words_on_screen import t

FIR = "9910035"


def test_start_lists_those_closest_to_moving_with_what_it_takes():
    placements = sample_placements()
    year = placements.dataset.years[-1]
    on = ground(placements, year)
    text = shown(fine(app(data="sample").run()))
    for way in Way:
        listed = nearest(answers(exposure.without(on)), way)
        students = [plan.students for _, plan in listed]
        assert students == sorted(students) and students[0] >= 1
        for row, plan in listed:
            assert Disclosure().say(short(on, row, plan)) in text
            assert f"lea={placements.dataset.lea_code[row]}" in text


def lea(code: str, **query: str):
    """The tab "What would move it" of an LEA."""
    query = {"tab": "moves"} | query
    return fine(fine(app(data="sample", lea=code, **query).run()).switch_page("pages/lea.py").run())


def test_locking_an_indicator_changes_the_answer():
    at = lea(FIR)
    lock = next(one for one in at.multiselect if str(one.key).startswith("lock_"))
    best = first_plan(at)
    on = ground(sample_placements(), "2024-25")
    row = on.placements.dataset.row_of(FIR, "2024-25")
    change = answer(on, row, Way.LESS).best.changes[0]
    title = WORKING.say(get(change.indicator).title)
    assert f"counted in “{title}”" in best
    at = fine(lock.set_value([change.indicator]).run())
    assert first_plan(at) != best and f"counted in “{title}”" not in first_plan(at)


def first_plan(at) -> str:
    return next(line for line in shown(at).splitlines() if "it would be" in line)


def test_trying_it_in_what_if_places_it_there():
    on = ground(sample_placements(), "2024-25")
    row = on.placements.dataset.row_of("9910112", "2024-25")
    to = answer(on, row, Way.LESS).best.placement.name
    at = lea("9910112")
    fine(next(one for one in at.button if one.key == "try_less").click().run())
    written = at.query_params["scenario"]
    at = lea("9910112", scenario=written if isinstance(written, str) else written[0], tab="")
    assert f"{to} because" in shown(at)
    assert "By CIM At-A-Glance: Targeted Level 1" in shown(at)


@pytest.mark.parametrize("order", ["less", "more"])
def test_the_region_sorts_by_what_would_move_them(order):
    placements = sample_placements()
    on = ground(placements, placements.dataset.years[-1])
    at = fine(fine(app(data="sample").run()).switch_page("pages/region.py").run())
    box = next(one for one in at.selectbox if one.key == "filter_order")
    at = fine(box.set_value(order).run())
    frame = at.dataframe[0].value
    expected = [
        str(placements.dataset.lea_name[row]) for row, _ in nearest(answers(exposure.without(on)), Way(order))
    ]
    assert frame["LEA"].tolist()[: len(expected)] == expected
    assert len(frame) == 24


def test_the_file_of_a_region_says_how_near_each_placement_is():
    at = AppTest.from_function(exported, default_timeout=60).run()
    assert not at.exception
    rows = json.loads(at.code[0].value)
    assert len(rows) == 24 and {"fragile", "close", "solid", "not_tested"} >= {
        one["closeness"] for one in rows
    }
    fragile = [one for one in rows if one["closeness"] == "fragile"]
    assert fragile and all(one["decides_students"] is not None for one in fragile)


def exported() -> None:
    import json

    import streamlit as st

    from ui.lea import margin_panels
    from ui.shared import open_files, results

    st.session_state["at_data"] = open_files.SAMPLE
    view = results.view()
    assert view is not None
    st.code(
        json.dumps(margin_panels.export_rows(view, view.placements.dataset.rows_of_year(view.year).tolist()))
    )


def test_with_very_many_leas_it_is_worked_out_when_somebody_asks(monkeypatch):
    monkeypatch.setattr(outlook, "_AT_SIGHT", 10)
    start = fine(app(data="sample").run())
    assert "is worked out when you ask" in shown(start)
    assert t("start.down") not in shown(start)
    region = fine(fine(app(data="sample").run()).switch_page("pages/region.py").run())
    assert [len(one.options) for one in region.selectbox if one.key == "filter_order"] == [1]
    asked = fine(start.button(key="outlook_start").click().run())
    assert "is worked out when you ask" not in shown(asked) and t("start.down") in shown(asked)
