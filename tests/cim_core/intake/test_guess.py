"""Proposals for unknown files: right, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.intake.files import tables
from cim_core.intake.meanings import spellings
from cim_core.intake.tying import mapping_as_toml
from cim_core.intake.tying.guess import By, propose
from cim_core.intake.tying.mapping import loads
from tests.cim_core.intake.test_mapping import LONG_FILE, SELPA, SELPA_FILE, table_of

SAMPLES = Path(__file__).parents[3] / "sample_data"


def guessed(text: str) -> dict[str, str]:
    return {guess.header: guess.column for guess in propose(table_of(text)).columns}


@pytest.mark.parametrize(
    "name",
    [
        "template_wide.csv",
        "template_wide.xlsx",
        "template_long.csv",
        "template_long.xlsx",
        "invented_selpa.csv",
    ],
)
def test_our_own_columns_are_guessed_exactly(name):
    table = tables.tables_of((SAMPLES / name).read_bytes(), name)[0]
    found = propose(table)
    assert found.row == 1 and [one.column for one in found.columns] == [one for one in table.rows[0] if one]


def test_a_spreadsheet_of_a_selpa():
    found = propose(table_of(SELPA_FILE.replace("fifty", "4.1")))
    assert (found.at_row, found.row) == (2, 3)
    assert found.mapping.columns == SELPA.columns and found.mapping.header == SELPA.header
    assert found.columns[1].examples == ("Alder Unified", "Birch Elementary")
    assert found.columns[-1].column == "" and found.columns[0].by is By.NAME


def test_names_of_indicators_in_a_column():
    found = propose(table_of(LONG_FILE))
    assert found.values == {"LRE > 80%": "5a"} and found.unknown == ("LCFF", "Wishes")
    assert "Base" not in found.mapping.columns and found.mapping.columns["Measure"] == "indicator"


@pytest.mark.parametrize(
    ("header", "value", "column"),
    [
        ("LRE 80% or more (pct)", "53.2", "5a"), ("LRE ≥ 80%", "53.2", "5a"), ("LRE\n<40%", "20.1", "5b"),
        ("LRE 40-79%", "20.1", ""), ("Number suspended", "12", "susp_n"), ("Grad Rate", "81.2", "1"),
        ("Total SWD", "640", "swd"), ("Chronic Absenteeism Rate", "21.3", "chronic"),
        ("Suspended > 10 days", "1.2", "4a"), ("All students suspension rate", "4.1", ""),
        ("ELA Distance from Standard", "-80.5", "ela_dfs"), ("Math DFS", "-80.5", "math_dfs"),
        ("Distance from Standard", "-80.5", ""), ("3b Math", "12", "3b_math"), ("5a Target", "58.2", ""),
        ("District Name", "Alder Unified", "lea_name"), ("Members", "Alder Unified", "lea_name"),
        ("Grad Rate", "many", ""), ("Graduation", "1,200", "1_n"), ("Sig Dis", "Yes", "sig_dis"),
        ("Sig Dis", "perhaps", ""), ("When", "2023-24", "year"), ("Sheet", "of paper", ""),
        ("Total", "5", ""),
        ("Grad Rate", "NC", "1"), ("Year", "2023", ""), ("Dropouts", "12", "2"), ("rtype", "D", ""),
    ],
)  # fmt: skip
def test_a_guess_is_right_or_there_is_none(header, value, column):
    text = f'"Dist Code","5c","{header}"\n9900001,4.2,"{value}"\n9900002,5.1,"{value}"\n'
    named = " ".join(header.split())
    assert guessed(text) == {"Dist Code": "lea_code", "5c": "5c", named: column}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("District,Rate\n9900001,1\n", ["lea_code", ""]),
        ("Dist Code,Co Code,Susp\n64733,19,1\n", ["district_code", "county_code", "susp"]),
        ("CDS,School Code,Susp\n19647330000000,0,1\n", ["lea_code", "", "susp"]),
        ("Code,1,2\n9900001,5,6\n", ["lea_code", "", ""]),
        ("CDS,Susp Rate,Suspension %\n9900001,5,6\n", ["lea_code", "susp", ""]),
        ("CDS,LRE >80 %,LRE >80\n9900001,5.5,6\n", ["lea_code", "5a", "5a_n"]),
        ("CDS,5a,5b,Total LRE\n9900001,5.5,6.1,80\n", ["lea_code", "5a", "5b", ""]),
        ("Any,thing\nat,all\n", ["", ""]),
        ("", []),
    ],
)
def test_columns_beside_each_other(text, columns):
    table = table_of(text) if text else tables.Table("x.csv", "", [])
    assert [guess.column for guess in propose(table).columns] == columns


def test_the_header_is_not_the_widest_title():
    text = (
        "Rates of all member districts of the Alder SELPA by indicator,,,\nRates,,LRE,LRE\nCDS,Name,5a,5b\n"
        "9900001,Alder,5.5,6\n9900002,Birch,7.5,8\n"
    )
    assert propose(table_of(text)).at_row == 2


def test_the_draft_is_the_mapping():
    for text in (SELPA_FILE, LONG_FILE):
        found = propose(table_of(text))
        written = mapping_as_toml.as_toml(found)
        assert loads(written) == found.mapping
        assert all(guess.header in written for guess in found.columns)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8))
def test_whatever_stands_in_a_table_ours_are_proposed_once_and_the_draft_can_be_read(rows):
    table = tables.Table("x.csv", "", [[tables.clean(cell) for cell in row] for row in rows])
    found = propose(table)
    used = [guess.column for guess in found.columns if guess.column]
    assert len(set(used)) == len(used)
    assert loads(mapping_as_toml.as_toml(found)) == found.mapping


def test_numbers_and_subjects_must_be_the_same():
    assert spellings.indicator("LRE > 80%")[0] == "5a" and spellings.indicator("LRE > 70%")[0] == ""
    assert spellings.indicator("proficiency")[0] == ""
    assert spellings.base("Total LRE N") == ("lre", 2)
