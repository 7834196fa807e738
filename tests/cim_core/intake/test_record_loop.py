"""One loop for the rows of all layouts: whose a row is, and for which rows a year that is told holds."""

from __future__ import annotations

from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import record_loop
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings.layout import Record
from cim_core.intake.meanings.years import Told

HEADER = ["lea_code", "lea_name", "5a"]
FOUND = {"lea_code": 0, "lea_name": 1}


def whole(number: int, row: list[str], who: dict[str, str]) -> tuple[Record]:
    return (Record(number, who, {"5a": row[2]}, {}),)


def test_numbers_are_those_a_person_counts_and_blank_rows_are_no_rows() -> None:
    table = Table("x.csv", "", [["Title"], HEADER, ["9900001", "Meadow", "50"], [], ["9900002"]], first_row=3)
    records = record_loop.read_rows(table, 1, Whose(FOUND), whole)
    assert [(one.row, one.identity["lea_code"], one.facts["5a"]) for one in records] == [
        (5, "9900001", "50"), (7, "9900002", ""),
    ]  # fmt: skip


def test_rows_of_one_lea_behind_each_other_share_its_identity() -> None:
    rows = [HEADER, ["9900001", "Meadow", "50"], ["9900001", "Meadow", "51"], ["9900002", "Brook", "1"]]
    first, second, third = record_loop.read_rows(Table("x.csv", "", rows), 0, Whose(FOUND), whole)
    assert first.identity is second.identity and third.identity["lea_name"] == "Brook"


def test_a_year_for_all_rows_does_not_hold_for_a_note_below_the_table() -> None:
    rows = [HEADER, ["9900001", "Meadow", ""], ["", "Brook", "50"], ["Source: somebody", "", ""]]
    whose = Whose(FOUND, Told("2023-24"), record_loop.cells_at([2]))
    records = record_loop.read_rows(Table("x.csv", "", rows), 0, whose, whole)
    assert [one.identity["year"] for one in records] == ["2023-24", "2023-24", ""]
