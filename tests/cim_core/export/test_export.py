"""Files hold what the screen says: unknown stays unknown, and no cell runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from cim_core.data.dataset import Facts, LeaYear, build
from cim_core.export import rows as export
from cim_core.outlook.margins import margins
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure
from tests.conftest import sample_placements

FACTS = frozenset(Facts.__dataclass_fields__)


def test_unknown_is_not_no_and_not_zero():
    rows = [LeaYear("9900001", "2023-24", "=cmd()", "", Facts())]
    placements = place(build(rows, FACTS), rulebook_file.load(), NO_REFERENCE)
    plain = export.place_row(placements, 0, Disclosure())
    assert (plain["sig_dis"], plain["missed"], plain["percentile"], plain["swd"]) == (None,) * 4
    written = next(csv.DictReader(io.StringIO(export.csv_text([plain], export.COLUMNS))))
    assert (written["sig_dis"], written["missed"], written["swd"]) == ("unknown", "", "")
    assert written["lea_name"] == "'=cmd()"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert export.safe(text) == "'" + text


def test_every_row_of_the_sample_says_the_same_as_its_explanation():
    placements = sample_placements()
    for row in range(len(placements.dataset)):
        plain, why = (
            export.explain_row(placements, row, Disclosure(), margins(placements)),
            explain(placements, row),
        )
        assert plain["placement"] == why.placement.name
        assert plain["could_be"] == [one.name for one in why.could_be]
        missed = [one["indicator"] for one in plain["indicators"] if one["result"] == "missed"]
        assert set(plain["missed_indicators"]) <= set(missed)
        deciding = [one["id"] for one in plain["clauses"] if one["deciding"]]
        assert deciding == ([plain["deciding_clause"]] if plain["deciding_clause"] else [])


def test_head_and_rows_of_place_have_the_same_columns():
    placements = sample_placements()
    rows = export.place_rows(placements, range(len(placements.dataset)), Disclosure())
    assert all(tuple(row) == export.COLUMNS for row in rows)
    head, *lines = csv.reader(io.StringIO(export.csv_text(rows, export.COLUMNS)))
    assert tuple(head) == export.COLUMNS and {len(line) for line in lines} == {len(head)}


def test_what_leaves_says_how_old_its_data_are():
    placements, today = sample_placements(), date(2026, 11, 29)
    margin, row = margins(placements), len(placements.dataset) - 1
    told = export.explain_row(placements, row, Disclosure(), margin, today)
    year = placements.dataset.year[row]
    assert f"Measured {year}" in told["lag"] and "2026-27 data" in told["lag"]
    assert told["lag_steps"]["running"] == "2026-27" and told["lag_steps"]["today"] == "2026-11-29"
    assert "letter" in told["lag_steps"]["assumed"]
    on_a_page = export.why_rows(explain(placements, row), placements, row, Disclosure(), margin)
    assert all(f"Measured {year}" in line["lag"] for line in on_a_page)
    assert "lag" in export.COLUMNS
