"""How near and what would move it, on the pages: the numbers of the core, locks that change the answer."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs

from cim_core.data.indicators import get
from cim_core.outlook import closeness
from cim_core.outlook.change_search import ground
from cim_core.outlook.closeness_sentences import needed
from cim_core.outlook.levers import Way
from cim_core.outlook.smallest_change import answer
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
        near = closeness(on, placements.dataset.rows_of_year(year).tolist())
        listed = [(row, first) for row, one in near.items() if (first := one.fewest(way))]
        assert listed
        for row, first in listed:
            assert Disclosure().say(needed(on, row, first)) in text
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
    sent = " ".join(one.proto.body for one in at.get("html"))
    link = next(link for link in re.findall('href="(whatif[^"]*)"', sent) if "scenario=" in link)
    at = lea("9910112", scenario=parse_qs(unescape(link))["scenario"][0], tab="")
    assert f"{to} because" in shown(at)
    assert "By CIM At-A-Glance: Targeted Level 1" in shown(at)


def test_with_very_many_leas_it_is_worked_out_when_somebody_asks(monkeypatch):
    monkeypatch.setattr(outlook, "_AT_SIGHT", 10)
    start = fine(app(data="sample").run())
    assert "is worked out when you ask" in shown(start)
    assert t("start.down") not in shown(start)
    region = fine(fine(app(data="sample").run()).switch_page("pages/region.py").run())
    assert [len(one.options) for one in region.selectbox if one.key == "filter_order"] == [1]
    asked = fine(start.button(key="outlook_start").click().run())
    assert "is worked out when you ask" not in shown(asked) and t("start.down") in shown(asked)
