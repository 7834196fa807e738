"""A link after a restart: which files are no longer open, and that the same files bring it back."""

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


def test_lost_files_are_named_and_the_same_files_bring_the_link_back():
    link = linked(upload(opened(), "oak.csv", SILENT))
    assert link["files"].endswith(":oak.csv")
    shelf.shelf.clear()
    lost = fine(opened(**link).run())
    assert "oak.csv" in shown(lost) and "No longer open" in shown(lost)
    upload(opened(), "oak.csv", SILENT)
    back = fine(opened(**link).run())
    assert "My SELPA" in shown(back)


def test_what_was_answered_does_not_change_which_files_a_link_names():
    at = upload(opened(), "oak.csv", SILENT)
    before = linked(at)["files"]
    at.radio(key="silent_elements").set_value("none").run()
    assert linked(fine(at))["files"] == before
