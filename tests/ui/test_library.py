"""The Library and the log: what is kept is listed, opened, renamed, compared, deleted and taken back."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

from sqlalchemy import make_url
from streamlit.testing.v1 import AppTest

from cim_core.intake.bundle import Bundle
from cim_core.rules import rulebook_file
from cim_core.store import ids, takeaway
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from cim_core.whatif import scenario
from tests.changes import changes
from tests.ui.sent import bar, headline
from tests.ui.test_pages import SILENT, app, fine, shown, upload
from ui.shared import saved_scenarios, shelf

CASES = Path(__file__).parent.parent / "fixtures" / "cases"
HEAD = "lea_code,lea_name,selpa,year,swd,disproportionate_years,sig_dis,5a\n"
LOW = f"{HEAD}9900001,Oak,My SELPA,2023-24,90,0,no,40\n".encode()
HIGH = f"{HEAD}9900001,Oak,My SELPA,2023-24,90,0,no,70\n".encode()


def library(at: AppTest) -> AppTest:
    return fine(at.switch_page("pages/library.py").run())


def home(at: AppTest) -> AppTest:
    """Start, with the header that stands on every page."""
    at._page_hash = at._finished_page_script_hash = ""
    return fine(at.run())


def press(at: AppTest, key: str) -> AppTest:
    (found,) = (button for button in at.button if button.key.startswith(key))
    return fine(found.click().run())


def kept() -> AppTest:
    return library(upload(app(), "oak.csv", SILENT))


def test_nothing_is_kept_at_first():
    at = library(fine(app().run()))
    assert headline(at) == "Nothing is kept here yet."
    assert "No dataset here." in shown(at) and "No rulebook here." in shown(at)


def test_a_dataset_is_opened_as_it_was_left():
    at = upload(app(), "oak.csv", SILENT)
    fine(at.radio(key="silent_elements").set_value("none").run())
    was = at.query_params["data"]
    other = library(fine(app(data="sample").run()))
    assert headline(other) == "Kept here: 1 dataset."
    assert "· 2 versions, saved" in shown(other)
    press(other, "open_dataset")
    assert other.query_params["data"] == was and other.query_params["assume"] == "elements"
    assert "My SELPA" in bar(home(other))


def test_name_and_note_are_found_by_the_search():
    at = kept()
    (of,) = shelf.shelf().datasets()
    at.session_state[f"rename_dataset_{of.id}"] = True
    fine(at.run())
    at.text_input(key=f"new_name_dataset_{of.id}").set_value("Region 2024")
    at.text_area(key=f"new_note_dataset_{of.id}").set_value("to ask CDE")
    press(at, "do_rename_dataset")
    assert "Region 2024" in shown(at) and "to ask CDE" in shown(at)
    fine(at.text_input(key="library_search").set_value("ask cde").run())
    assert "Region 2024" in shown(at)
    fine(at.text_input(key="library_search").set_value("OAK region").run())
    assert "to ask CDE" in shown(at), "by the name of its file too, in any order"
    fine(at.text_input(key="library_search").set_value("elsewhere").run())
    assert "Nothing fits what you search for." in shown(at)


def test_a_name_given_to_what_was_renamed_meanwhile_is_refused_and_said():
    at = kept()
    (of,) = shelf.shelf().datasets()
    at.session_state[f"rename_dataset_{of.id}"] = True
    fine(at.run())
    fine(at.text_input(key=f"new_name_dataset_{of.id}").set_value("Mine").run())
    ours = next(button for button in at.button if button.key.startswith("do_rename_dataset"))
    shelf.shelf().write(lambda store: store.describe_dataset(of.id, of.version, "Theirs", ""))
    fine(ours.click().run())
    assert [one.name for one in shelf.shelf().datasets()] == ["Theirs"]
    assert "changed in another window meanwhile" in shown(at) and "Mine" in shown(at)


def test_a_copy_is_a_dataset_of_its_own():
    at = press(kept(), "duplicate_dataset")
    assert headline(at) == "Kept here: 2 datasets." and "oak.csv (copy)" in shown(at)
    first, second = shelf.shelf().datasets()
    assert first.newest != second.newest


def test_what_is_deleted_is_taken_back_and_a_link_says_so():
    at = kept()
    link = at.query_params["data"]
    press(at, "delete_dataset")
    assert headline(at) == "Nothing is kept here yet."
    assert "“oak.csv” is deleted (dataset). It can be restored until" in shown(at)
    lost = fine(app(data=link).run())
    assert "“oak.csv” was deleted on" in shown(lost)
    press(lost, "lost_undo")
    assert "My SELPA" in bar(home(lost))
    assert "Deleted" not in [one.value for one in library(lost).header]


def test_versions_say_what_was_done_and_whose_placement_it_changed():
    at = upload(app(), "oak.csv", LOW)
    at = upload(at, "oak.csv", HIGH)
    at = library(at)
    at.session_state["library_versions"] = True
    fine(at.run())
    assert "oak.csv is another file now" in shown(at) and "oak.csv was added" in shown(at)
    fine(at.toggle(key="library_compare").set_value(True).run())
    assert "1 value changed" in shown(at)
    assert "Version 1" in shown(at) and "Version 2" in shown(at)
    assert "version 1 of 2" not in shown(home(at))


def test_scenarios_and_own_rulebooks_are_opened_doubled_and_deleted():
    raw = rulebook_file.read_raw(rulebook_file.DEFAULT)[0]
    made = scenario.new(rulebook_file.DEFAULT, raw).changed(changes({"targets.5a.value": Decimal(60)}))
    written = scenario.dumps(made)
    shelf.shelf().write(lambda store: store.keep_text(Thing.SCENARIO, "Lower", written))
    key = shelf.shelf().put("Ours", rulebook_file.dumps(raw).encode(), shelf.OWN)
    at = library(fine(app(data="sample").run()))
    assert headline(at) == "Kept here: 1 scenario and 1 rulebook of your own."
    press(at, "duplicate_0")
    assert "Lower (copy)" in shown(at)
    press(at, "delete_1")
    press(at, "duplicate_rulebook")
    assert "Ours (copy)" in shown(at)
    press(at, f"open_rulebook_{key.removeprefix(shelf.OWN)}")
    assert at.query_params["rulebook"] == key
    library(at)
    press(at, f"delete_rulebook_{key.removeprefix(shelf.OWN)}")
    assert "“Ours”, was deleted on" in shown(home(at))
    library(at)
    press(at, "open_0")
    assert "scenario" in at.query_params


def test_an_own_rulebook_has_its_new_name_everywhere():
    raw = rulebook_file.read_raw(rulebook_file.DEFAULT)[0]
    key = shelf.shelf().put("Ours", rulebook_file.dumps(raw).encode(), shelf.OWN)
    at = library(fine(app(data="sample", rulebook=key).run()))
    at.session_state[f"rename_rulebook_{key.removeprefix(shelf.OWN)}"] = True
    fine(at.run())
    at.text_input(key=f"new_name_rulebook_{key.removeprefix(shelf.OWN)}").set_value("Better")
    press(at, "do_rename_rulebook")
    assert list(shelf.shelf().titles(shelf.OWN).values()) == ["Better"]
    assert "Better" in headline(fine(at.switch_page("pages/rules.py").run()))


def test_typed_letters_are_found_by_the_name_of_the_lea():
    at = upload(app(), "oak.csv", SILENT)
    fine(at.switch_page("pages/letters.py").run())
    fine(at.text_area(key="letters_text").set_value("9900001, Universal").run())
    press(at, "letters_take")
    library(at)
    fine(at.text_input(key="library_search").set_value("oak").run())
    assert "letter" in [line.kind for line in shelf.shelf().read(lambda store: store.log())]
    assert "No typed letter here." not in shown(at) and "/letters?" in shown(at).replace(
        '"letters?', "/letters?"
    )


def test_the_log_says_what_was_done_and_is_chosen_from(downloads):
    at = kept()
    press(at, "delete_dataset")
    fine(at.switch_page("pages/log.py").run())
    assert "4 lines" in shown(at) or "3 lines" in shown(at)
    fine(at.selectbox(key="log_what").set_value(Deed.DELETED).run())
    assert "1 line" in shown(at) and "oak.csv" in shown(at)
    csv = downloads["log.csv"]().decode("utf-8-sig")
    assert csv.splitlines()[0] == "number,time_utc,who,from,what,kind,name,id"
    assert len(csv.splitlines()) == 2 and ",deleted,dataset,oak.csv," in csv
    assert shelf.shelf().read(lambda store: store.log())[0].what is Deed.EXPORTED


def test_a_new_start_offers_to_go_on():
    at = home(upload(app(), "oak.csv", SILENT))
    new = fine(app().run())
    assert "Go on with oak.csv" in shown(new) and f"home?data={at.query_params['data']}" in shown(new)


def test_everything_is_taken_away_and_in(downloads, own_store, monkeypatch, tmp_path_factory):
    at = kept()
    link = at.query_params["data"]
    at.session_state["library_away"] = True
    fine(at.run())
    packed = next(made for name, made in downloads.items() if name.endswith(".zip"))()
    monkeypatch.setenv("CIM_DATA", str(tmp_path_factory.mktemp("other")))
    shelf.of_workspace.clear()
    other = library(fine(app().run()))
    assert headline(other) == "Nothing is kept here yet."
    other.session_state["library_away"] = True
    fine(other.run())
    other.file_uploader[0].set_value(("all.zip", packed, "application/zip")).run()
    assert "New datasets: 1" in " ".join(one.value for one in fine(other).success).replace("\\", "")
    assert "My SELPA" in bar(fine(app(data=link).run()))
    other.file_uploader[0].set_value(("all.zip", b"no ZIP", "application/zip")).run()
    assert "Nothing was taken in" in fine(other).error[0].value


def test_an_older_version_says_so_and_leads_to_the_newest():
    at = upload(app(), "oak.csv", LOW)
    first = at.query_params["data"]
    upload(at, "oak.csv", HIGH)
    old = shown(fine(app(data=first).run()))
    assert "You are looking at version 1 of 2, saved" in old
    assert f"home?data={at.query_params['data']}" in old and "Go to the newest" in old


def test_what_is_typed_and_clicked_at_once_is_saved_under_that_name():
    at = fine(app(data="sample").run())
    made = scenario.Scenario(name="X", changes=changes({"targets.5a.value": Decimal(60)}))
    at.session_state["at_scenario"] = scenario.encode(made)
    at.session_state["save_popover"] = True
    fine(at.switch_page("pages/whatif.py").run())
    (name,) = (box for box in at.text_input if box.key.startswith("save_name"))
    name.set_value("For the board")
    (note,) = (box for box in at.text_area if box.key.startswith("save_note"))
    note.set_value("asked in June")
    press(at, "save_scenario")
    (kept_now,) = saved_scenarios.saved().values()
    assert (kept_now.name, kept_now.note) == ("For the board", "asked in June")


def test_a_file_about_single_students_is_not_taken_in():
    content = (CASES / "R1_roster_room_number.csv").read_bytes()
    digest = ids.digest(content)
    elsewhere = Store(Database(make_url("sqlite://")))
    elsewhere.keep_version("x", Bundle().with_file("x.csv", digest).dumps(), {digest: ("x.csv", content)})
    packed = io.BytesIO()
    takeaway.export(elsewhere, packed)
    at = library(fine(app().run()))
    at.session_state["library_away"] = True
    fine(at.run())
    at.file_uploader[0].set_value(("all.zip", packed.getvalue(), "application/zip")).run()
    said = fine(at).error[0].value.replace("\\", "")
    assert "x.csv" in said and "about single students" in said and "Nothing was taken in" in said
    assert not shelf.shelf().has(digest) and not shelf.shelf().datasets()
