"""The step that ties columns also says which rows are read; lists of persons never get so far."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cim_core.intake import bundle
from cim_core.intake.tying import mapping
from tests.ui.test_pages import app, fine, shown, upload
from ui.shared import shelf

CASES = Path(__file__).parent.parent / "fixtures" / "cases"
HEAD = b"CDS Number,Yr,Segment,Level,Inside regular class 80 pct\n"
ROWS = b"".join(
    f"9900001,2023-24,{group},{level},{at}0\n".encode()
    for at, (group, level) in enumerate(
        [("Everyone", "x"), ("SWD", "x"), ("SWD", "y"), ("English learners", "y")], 1
    )
)


def part(at):
    (one,) = bundle.loads(shelf.shelf().get(at.session_state["at_data"])[1].decode()).parts
    return one


def multi(at, label: str):
    (one,) = [box for box in at.multiselect if box.label == label]
    return one


def test_rows_are_chosen_by_clicking():
    at = upload(app(), "ours.csv", HEAD + ROWS)
    assert multi(at, "Only rows where …").value == ["Segment"]
    assert multi(at, "Segment is").value == ["SWD"] and "English learners" in multi(at, "Segment is").options
    multi(at, "Only rows where …").set_value(["Segment", "Level"]).run()
    multi(fine(at), "Level is").set_value(["y"]).run()
    (use,) = [one for one in at.button if one.label == "Read the file this way"]
    use.click().run()
    ties = mapping.loads(part(fine(at)).mapping)
    assert ties.only == {"Segment": ("SWD",), "Level": ("y",)}
    assert multi(at, "Level is").value == ["y"]


def test_a_list_of_persons_is_neither_kept_nor_shown():
    for name in ("R1_roster_room_number.csv", "R2_roster_percent.csv", "R4_roster_absences.csv"):
        content = (CASES / name).read_bytes()
        at = upload(app(), name, content)
        said = shown(at) + " ".join(str(one.value) for one in at.error)
        assert "single students" in said.casefold() and "Zzyx" not in said and "Quill" not in said
        assert not at.multiselect and not at.get("arrow_data_frame")
        assert shelf.shelf().get(hashlib.sha256(content).hexdigest()) is None
