"""The meeting view: the switch on every page, its levels, pages that are closed, code names, their key."""

from __future__ import annotations

import csv
import io
import re

import pytest

from cim_core.placing import reference
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Audience
from tests.ui.sent import everything, own, texts_of
from tests.ui.test_library import home
from tests.ui.test_pages import FOLDED, app, fine, shown, tab
from ui.shared import address, meeting_view, placed

SAMPLE_NAMES = ("Birch Hollow", "Quince Valley", "Kelp Harbor", "9910")
"""Some names, and how the codes of all of them begin."""
OPEN = ("start", "region", "lea", "movement", "whatif", "rules")


def switch_of(at) -> dict[str, str]:
    """The links of the switch: label and address; the chosen one has a mark."""
    text = "".join(one.proto.body for one in at.get("html"))
    group = re.search(r'<span class="cim-switch".*?</span>', text)
    assert group is not None
    found = re.findall(r'<a href="([^"]*)"[^>]*?( aria-current="true")?>(\w+)</a>', group[0])
    return {label + ("*" if current else ""): to for to, current, label in found}


def test_the_switch_is_on_the_page_and_says_which_view_it_is():
    at = home(app(data="sample"))
    assert switch_of(at) == {"Working*": "./?data=sample", "Meeting": "./?data=sample&amp;view=meeting"}
    at = home(app(data="sample", view="strict"))
    assert switch_of(at) == {"Working": "./?data=sample", "Meeting*": "./?data=sample&amp;view=strict"}
    assert "counts of 1 to 10, are left out" in shown(at)


def test_without_data_there_is_no_switch():
    at = fine(app().run())
    assert 'class="cim-switch"' not in "".join(one.proto.body for one in at.get("html"))


def test_a_view_that_is_mistyped_is_that_of_a_meeting():
    at = home(app(data="sample", view="Meetng"))
    assert "Meeting*" in switch_of(at) and "left out here" in shown(at)


def test_by_rules_that_are_not_official_nobody_is_where_hidden_numbers_put_them():
    """Else a rulebook of one's own would tell each hidden number, one question after the other."""
    working, strict = (placed.Seen(audience) for audience in (Audience.WORKING, Audience.STRICT))
    where = placed.SAMPLE, ""
    for book in rulebook_file.available():
        for kind in reference.CHOICES:
            found = placed.placements(*where, book, kind, strict)
            official = (book, kind) == (rulebook_file.DEFAULT, reference.STATEWIDE)
            assert (found.seen is not None) is official
            if official:
                assert (found.placed == placed.placements(*where, book, kind, working).placed).all()


def test_the_level_is_chosen_in_the_header():
    at = app(data="sample", view="meeting")
    at.session_state["bar_change"] = True
    home(at)
    fine(at.radio(key="pick_view").set_value(meeting_view.LEVELS[1]).run())
    assert at.session_state["at_view"] == "strict" and "counts of 1 to 10" in shown(at)


@pytest.mark.parametrize("page", meeting_view.CLOSED)
def test_pages_of_the_files_are_closed_with_a_way_back(page):
    at = fine(app(data="sample", view="meeting").run())
    fine(at.switch_page(f"pages/{page}.py").run())
    assert "Not shown in a meeting" in shown(at)
    fine(at.button(key="leave_meeting").click().run())
    assert "Not shown in a meeting" not in shown(at) and not at.session_state["at_view"]


@pytest.mark.parametrize("page", [*OPEN, "moves", "history", "indicators", "method"])
def test_no_name_of_an_lea_is_sent_with_code_names(downloads, page):
    at = fine(app(data="sample", view="meeting", codes="1").run())
    if page in ("moves", "history", "indicators", "method"):
        tab(at, page)
    else:
        for name in FOLDED:
            at.session_state[name] = True
        fine(at.switch_page(f"pages/{page}.py").run())
    sent = [*everything(at), *(text for each in own(downloads).values() for text in texts_of(each))]
    assert not [name for name in SAMPLE_NAMES for text in sent if name in text]
    assert page in ("rules",) or re.search(r"LEA [B-Z]{3}", " ".join(sent))


def test_code_names_are_for_a_meeting_and_their_key_is_in_the_library(downloads):
    at = fine(app(data="sample", codes="1").run())
    assert "Quince Valley" in "".join(everything(at))
    at.session_state["library_away"] = True
    fine(at.switch_page("pages/library.py").run())
    (text,) = texts_of(downloads["code_names.csv"])
    key = {line["lea_name"]: line["code"] for line in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert len(set(key.values())) == 24
    at.query_params["view"] = at.session_state["at_view"] = "meeting"
    fine(at.switch_page("pages/region.py").run())
    assert f"LEA {key['Quince Valley Elementary']}" in "".join(everything(at))


def test_a_link_brings_the_view_along():
    at = fine(app(data="sample", view="strict", codes="1").run())
    fine(at.switch_page("pages/region.py").run())
    assert at.session_state["at_view"] == "strict" and "view" in address.KEYS and "codes" in address.KEYS
