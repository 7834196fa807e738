"""Everything for a council in one ZIP, tables with their dictionary, the cover sheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from functools import cache

import openpyxl
import pypdf
import pytest
from pptx import Presentation

from cim_core.export import documents
from cim_core.export.documents import Origin, council, making
from cim_core.export.documents.tables import TableName, tables
from cim_core.words.disclosure import WORKING, Audience, Disclosure
from tests.cim_core.export.test_lea_report import ground

NUTMEG = "9910091"


@cache
def packed(audience: Audience = Audience.WORKING) -> bytes:
    return pack(audience)


def pack(audience: Audience = Audience.WORKING) -> bytes:
    on = ground(audience=audience)
    return council.zipped(council.everything(on, Disclosure(audience), Origin(key="secret")), on)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_holds_all_of_it_and_every_part_opens():
    on = ground()
    with zipfile.ZipFile(io.BytesIO(packed())) as of:
        names = set(of.namelist())
        pages = {f"leas/{code}.pdf" for code in on.placements.dataset.lea_code[on.rows].tolist()}
        tables_ = {f"{name}.csv" for name in TableName}
        assert names == pages | tables_ | {"region.pptx", "cover_sheet.txt", "receipt.json"}
        assert len(Presentation(io.BytesIO(of.read("region.pptx"))).slides) >= 8
        assert all(len(pypdf.PdfReader(io.BytesIO(of.read(name))).pages) == 1 for name in pages)
        assert json.loads(of.read("receipt.json"))["document"] == "council"
        assert "leas/" in of.read("cover_sheet.txt").decode()


def test_the_same_data_give_the_same_bytes():
    assert pack() == packed()


def test_what_was_stopped_leaves_nothing():
    on, told = ground(), []

    class StopError(Exception):
        pass

    def stop(done: int, of: int, name: str) -> None:
        told.append((done, of, name))
        if done == 3:
            raise StopError

    with pytest.raises(StopError):
        council.zipped(council.everything(on, WORKING, Origin()), on, stop)
    assert [done for done, _, _ in told] == [0, 1, 2, 3] and told[0][2] == "region.pptx"
    assert len({of for _, of, _ in told}) == 1


@pytest.mark.parametrize("audience", Audience)
def test_the_dictionary_has_every_column_of_every_table(audience):
    on = ground(audience=audience)
    made = {table.name: table for table in tables(on, on.rows, Disclosure(audience))}
    told = {(line["table"], line["column"]): line["holds"] for line in made[TableName.DICTIONARY].rows}
    for name in set(TableName) - {TableName.DICTIONARY}:
        for line in made[name].rows:
            assert tuple(line) == made[name].columns
        assert lines(made[name].csv()) or not made[name].rows
        assert all(told[name, column] for column in made[name].columns)


def test_the_tables_say_what_the_command_place_says():
    on = ground()
    made = {table.name: table for table in tables(on, on.rows, WORKING)}
    placed = lines(made[TableName.PLACEMENTS].csv())
    assert len(placed) == 24 and {line["year"] for line in placed} == {"2024-25"}
    for line, row in zip(placed, on.rows, strict=True):
        assert line["placement"] == on.placements.placement(row).name
    evidence = lines(made[TableName.EVIDENCE].csv())
    assert {line["lea_code"] for line in evidence} == {line["lea_code"] for line in placed}
    movers = lines(made[TableName.MOVERS].csv())
    assert movers and all(line["year_before"] == "2023-24" and line["because"] for line in movers)


def test_a_workbook_has_each_table_as_a_sheet_with_numbers_as_numbers():
    of = openpyxl.load_workbook(io.BytesIO(making.tables_workbook(ground(), None, WORKING, Origin())))
    assert of.sheetnames == [*TableName, "receipt"]
    head, first, *_ = of["evidence"].iter_rows(values_only=True)
    assert isinstance(dict(zip(head, first, strict=True))["target"], int | float)
    assert of["placements"].max_row == 25


@pytest.mark.parametrize("lea", [None, NUTMEG, "9910112"])
def test_a_cover_sheet_has_the_parts_of_a_board_item(lea):
    on = ground()
    row = None if lea is None else on.row_of(lea)
    text = documents.cover_sheet(on, row, WORKING)
    heads = [line for line in text.splitlines() if line.isupper()]
    assert heads == ["ACTION REQUESTED", "BACKGROUND", "RECOMMENDATION", "FISCAL IMPACT", "PREVIOUS ACTION",
                     "ATTACHMENTS", "PREPARED BY"]  # fmt: skip
    fiscal = text.partition("FISCAL IMPACT")[2].partition("PREVIOUS")[0]
    assert ("15%" in fiscal) == (lea != "9910112")
    assert on.selpa in text and "(invented)" in text


def test_every_text_of_a_meeting_is_made_of_what_a_meeting_sees():
    on = ground(audience=Audience.STRICT)
    made = {table.name: table for table in tables(on, on.rows, Disclosure(Audience.STRICT))}
    for line in made[TableName.EVIDENCE].rows:
        group, count = line["denominator"], line["numerator"]
        assert group is None or group > 10
        assert count is None or count > 10 or count == 0 or line["inferred"], line


def test_the_day_is_that_of_the_ground():
    on = ground()
    assert on.today == date(2026, 11, 29)
    assert documents.cover_sheet(on, None, WORKING).splitlines()[1] == "29 Nov 2026"
