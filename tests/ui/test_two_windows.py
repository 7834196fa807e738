"""Two windows on one dataset, and clicks faster than a save: nobody's change is lost or told otherwise."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from cim_core.intake import bundle as bundles
from cim_core.intake.bundle import Bundle
from cim_core.store.logbook import Thing
from cim_core.store.troubles import StoreError, Trouble
from tests.ui.test_library import home
from tests.ui.test_lost_files import linked, opened
from tests.ui.test_pages import SILENT, app, fine, shown, step, upload
from tests.ui.test_saving import answer, newest
from ui.shared import open_files, shelf

ELM = SILENT.replace(b"9900001", b"9900002").replace(b"Oak", b"Elm")
ASH = SILENT.replace(b"9900001", b"9900003").replace(b"Oak", b"Ash")


def newest_bundle() -> Bundle:
    held = shelf.shelf().get(newest())
    assert held is not None
    return bundles.loads(held[1].decode())


def apart() -> tuple[AppTest, AppTest]:
    """Two windows: the second has said that elements are none, the first has added a file and is told."""
    at = upload(app(), "oak.csv", SILENT)
    other = fine(opened(**linked(at)).run())
    answer(other, "none")
    upload(at, "elm.csv", ELM)
    assert open_files.CONFLICT in home(at).session_state
    return at, other


def pressed_meanwhile(monkeypatch) -> None:
    """Something else is pressed while a version is saved."""
    real = shelf.Shelf.put_version

    def put(self, new):
        try:
            return real(self, new)
        finally:
            get_script_run_ctx().script_requests.request_rerun(RerunData(widget_states=None))

    monkeypatch.setattr(shelf.Shelf, "put_version", put)


def test_the_version_of_the_others_is_taken_as_they_left_it():
    at, _ = apart()
    fine(at.button(key="keep_theirs").click().run())
    assert linked(at)["assume"] == "elements"
    upload(at, "elm.csv", ELM)
    assert newest_bundle().assume == "elements"


def test_ours_is_not_put_over_a_third_version_that_nobody_saw():
    at, other = apart()
    upload(fine(opened(**linked(other)).run()), "ash.csv", ASH)
    fine(at.button(key="keep_ours").click().run())
    assert "ash.csv was added" in shown(home(at))
    assert [part.file for part in newest_bundle().parts] == ["oak.csv", "ash.csv"]
    fine(at.button(key="keep_ours").click().run())
    assert [part.file for part in newest_bundle().parts] == ["oak.csv", "elm.csv"]
    assert open_files.CONFLICT not in at.session_state


def test_what_is_not_saved_stays_while_the_store_cannot_be_read():
    at, _ = apart()
    way = shelf.shelf()._reading
    way.trouble, way.until = StoreError(Trouble.LOCKED, "here"), float("inf")
    assert "has locked" in shown(home(at))
    way.until = 0.0
    assert "In yours: elm.csv was added" in shown(home(at))


def test_the_same_done_in_both_windows_is_one_version():
    at = upload(app(), "oak.csv", SILENT)
    other = fine(opened(**linked(at)).run())
    answer(other, "none")
    answer(at, "none")
    assert open_files.CONFLICT not in at.session_state
    assert at.query_params["data"] == newest()


def test_what_is_typed_for_data_that_were_deleted_does_not_join_the_sample():
    at = upload(app(), "oak.csv", SILENT)
    (of,) = shelf.shelf().datasets()
    shelf.shelf().write(lambda store: store.delete(Thing.DATASET, of.id))

    def typed() -> None:
        from cim_core.letters import entered
        from ui.shared import typed_files

        typed_files.put(
            entered.FILE, b"lea_code,lea_name,year,cde_placement\n9900001,Oak,2023-24,universal\n"
        )

    late = AppTest.from_function(typed)
    late.session_state["at_data"] = at.query_params["data"]
    fine(late.run())
    assert late.session_state["at_data"] == at.query_params["data"]
    assert not shelf.shelf().datasets()


def test_a_click_while_something_is_saved_does_not_part_the_session_from_it(monkeypatch):
    at = step(upload(app(), "oak.csv", SILENT), "questions")
    pressed_meanwhile(monkeypatch)
    fine(at.radio(key="silent_elements").set_value("none").run())
    assert at.query_params["data"] == newest() and linked(at)["assume"] == "elements"


def test_a_click_while_a_conflict_is_found_does_not_hide_it(monkeypatch):
    at = upload(app(), "oak.csv", SILENT)
    upload(fine(opened(**linked(at)).run()), "elm.csv", ELM)
    step(at, "questions")
    pressed_meanwhile(monkeypatch)
    fine(at.radio(key="silent_elements").set_value("none").run())
    assert open_files.CONFLICT in at.session_state


def test_a_click_while_an_upload_is_saved_does_not_lose_it(monkeypatch):
    at = step(fine(app().run()), "file")
    pressed_meanwhile(monkeypatch)
    fine(at.file_uploader[0].set_value(("oak.csv", SILENT, "text/csv")).run())
    assert at.query_params["data"] == newest()
