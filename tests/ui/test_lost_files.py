"""A link after a restart: it opens what it opened; where that was deleted, or never was here, it says so."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import APP, SILENT, fine, shown, upload
from ui.shared import shelf


def linked(at: AppTest) -> dict[str, str]:
    found = {key: at.query_params[key] for key in at.query_params}
    return {key: one if isinstance(one, str) else one[0] for key, one in found.items()}


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    return at


def test_a_link_opens_its_version_after_a_restart():
    at = upload(opened(), "oak.csv", SILENT)
    first = linked(at)
    fine(at.radio(key="silent_elements").set_value("none").run())
    second = linked(at)
    assert first["data"] != second["data"] and second["assume"] == "elements"
    shelf.of_workspace.clear()
    back = fine(opened(**first).run())
    assert "My SELPA" in shown(back) and "assume" not in linked(back)
    later = fine(opened(**second).run())
    assert "My SELPA" in shown(later) and linked(later)["assume"] == "elements"


def test_a_link_to_what_is_not_here_says_so():
    lost = fine(opened(data="set-AAAAAAAAAAAAAAAA").run())
    assert "not here" in shown(lost)
