"""The block of LEAs like this one: its finding, its list, changes that are kept for each LEA."""

from __future__ import annotations

import hashlib
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cim_core import peers
from cim_core.data.dataset import lea_key
from cim_core.intake import bundle
from cim_core.placing import reference
from cim_core.rules import rulebook_file
from cim_core.whatif import scenario
from tests.changes import changes
from tests.conftest import sample_placements
from ui.shared import shelf

APP = Path(__file__).parent.parent.parent / "app.py"
LEA, OTHER = "9910112", "9910000"
SIZELESS = (
    b"lea_code,lea_name,selpa,year,5a\n9900001,Oak,My SELPA,2023-24,60\n9900002,*Elm*,My SELPA,2023-24,50\n"
)


def script() -> None:
    from ui.shared import address, peers_panels, results

    address.sync_address()
    view = results.view()
    assert view is not None
    row = view.placements.dataset.row_of(view.lea, view.year)
    assert row is not None
    peers_panels.peers(view, row)


def block(**query: str) -> AppTest:
    at = AppTest.from_function(script, default_timeout=30)
    at.session_state["peers"] = True
    for key, value in {"data": "sample", "lea": LEA, **query}.items():
        at.query_params[key] = value
    return run(at)


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


def label(at: AppTest) -> str:
    return str(at.expander[0].label).replace("\\", "")


def shown(at: AppTest) -> str:
    html = [one.proto.body for one in at.get("html")]
    return unescape("\n".join([*html, *(one.value for one in (*at.markdown, *at.caption))])).replace("\\", "")


def expected(**changes):
    placements = sample_placements()
    row = placements.dataset.row_of(LEA, "2024-25")
    return peers.peers(placements, row, reference.shipped(), **changes)


def test_finding_list_and_method_stand_in_the_block():
    at = block()
    assert label(at).startswith("10 LEAs of like size in the state: ")
    text = shown(at)
    for peer in expected().each:
        assert peer.lea_name in text
    assert "Illustration, not CDE's placement. " in text and "too little to place" in text
    assert "not CDE's" in text and "0 of 25 elements" in text and "2024-25" in text
    at.toggle(key="peers_each").set_value(True)
    assert run(at) and shown(at).count("<table") == 3


@pytest.mark.parametrize("kind", ["within", "none"])
def test_from_the_file_it_is_labeled(kind):
    at = block(reference=kind)
    assert "in this file" in label(at) and "in the state" not in label(at)
    assert "Illustration" not in shown(at) and "from this file only" in shown(at) and "lea?" in shown(at)


def test_changes_are_kept_for_each_lea_and_can_be_taken_back():
    at = block()
    at.toggle(key="peers_edit").set_value(True)
    run(at)
    found = [lea_key(code) for code in expected().found]
    box = at.multiselect(key="peers_list")
    assert box.value == found
    wanted = [*found[1:], "01612590000000"]
    box.set_value(wanted)
    run(at)
    assert "as you changed the list" in label(at) and "Oakland Unified (added by you)" in shown(at)
    assert sorted(at.multiselect(key="peers_list").value) == sorted(wanted)
    at.query_params["lea"] = OTHER
    run(at)
    assert "as you changed" not in label(at) and len(at.multiselect(key="peers_list").value) == 10
    at.query_params["lea"] = LEA
    run(at)
    assert "as you changed" in label(at)
    at.button(key="peers_back").click()
    run(at)
    assert at.multiselect(key="peers_list").value == found and "as you changed" not in label(at)
    at.multiselect(key="peers_list").set_value([])
    assert "all of them were taken off" in label(run(at))


def test_a_scenario_places_the_state_by_its_own_rules():
    raw = rulebook_file.read_raw(rulebook_file.DEFAULT)[0]
    everybody = {"clauses.intensive.to": 90, "clauses.level-3-percentile.over": 90,
                 "clauses.level-3-percentile.to": 95}  # fmt: skip
    changed = scenario.new(rulebook_file.DEFAULT, raw).changed(changes(everybody))
    before, after = shown(block()), shown(block(scenario=scenario.encode(changed)))
    assert "9 with too little to place" in before and "9 with too little to place" not in after
    assert "Intensive by the ranking alone" in after


def test_without_students_it_says_why_and_names_stay_plain():
    digest = hashlib.sha256(SIZELESS).hexdigest()
    files = bundle.Bundle().with_file("x.csv", digest)
    key = shelf.shelf().put_version(shelf.NewVersion("x", files.dumps(), {digest: ("x.csv", SIZELESS)}))
    read_by_the_app = AppTest.from_file(str(APP), default_timeout=30)  # workers start from its script
    read_by_the_app.query_params["data"] = key
    run(read_by_the_app)
    at = block(data=key, lea="9900001", reference="within")
    assert label(at) == "No LEAs like this one: its number of students with disabilities is not given"
    at.toggle(key="peers_edit").set_value(True)
    run(at)
    at.multiselect(key="peers_list").set_value(["99000020000000"])
    run(at)
    assert "1 LEA of this file that you chose" in label(at) and "*Elm* (added by you)" in shown(at)
