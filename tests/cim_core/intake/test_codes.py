"""Codes that spreadsheets have damaged: restored where only one LEA can be meant, else asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from cim_core.intake import known_leas
from cim_core.intake.meanings import codes, lea_names
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"


@pytest.mark.parametrize(
    ("written", "name", "code", "kind"),
    [
        ("1964733", "", "1964733", ""),
        ("110017", "", "0110017", "code_zero_restored"),
        ("1100170000000", "", "01100170000000", "code_zero_restored"),
        ("1.964733E+13", "Los Angeles Unified", "19647330000000", "code_restored"),
        ("1.96473E+13", "Los Angeles Unified", "19647330000000", "code_restored"),
        ("1.10017E+12", "", "01100170000000", "code_restored"),
        ("64733", "", "19647330000000", "code_restored"),
        ("1.9E+13", "", None, "code_asked"),
        ("1.96473E+13", "Nowhere Unified", None, "code_asked"),
        ("9.9E+13", "", None, "no_code"),
        ("1.9E+20", "", None, "no_code"),
        ("12345", "", "12345", "code_length"),
        ("nan", "", None, "no_code"),
    ],
)
def test_what_a_written_code_means(written, name, code, kind):
    found = codes.parse_code(written, name, {})
    assert (found.code, found.kind) == (code, kind)


def test_an_answer_decides_which_lea_is_meant():
    found = codes.parse_code("1.9E+13", "", {"code:1.9E+13": "19101990000000"})
    assert found.code == "19101990000000" and found.question is not None
    named = codes.parse_code("1.9E+13", "Some LEA", {"code:1.9E+13": "19101990000000"})
    assert named.code is None and named.question.id == "code:1.9E+13 Some LEA"
    assert codes.parse_code("1.9E+13", "", {"code:1.9E+13": "nonsense"}).code is None


def test_the_question_offers_every_candidate():
    found = codes.parse_code("1.9647E+13", "", {})
    assert found.question is not None and found.question.open
    assert found.question.options and all(f"{int(one):.4E}" == "1.9647E+13" for one in found.question.options)


def test_a_rounded_code_never_becomes_another_lea():
    for code, name in known_leas.names().items():
        for digits in (4, 5, 6):
            found = codes.parse_code(f"{int(code):.{digits}E}", name, {})
            assert found.code in (code, None), (code, name, found.code)
            assert found.question is None or code in found.question.options


def test_a_note_about_a_code_is_said_once_for_a_spelling():
    rows = "".join(f"110017,2023-24,{code},5,10\n" for code in ("5a", "5b", "5c"))
    taken = checked_files.take(f"lea_code,year,indicator,numerator,denominator\n{rows}".encode(), "x.csv")
    restored = [one for one in taken.problems if one.kind == "code_zero_restored"]
    assert len(restored) == 1 and restored[0].severity is Severity.NOTE


@pytest.mark.parametrize(
    ("name", "known", "same"),
    [
        ("La Canada Unified", "La Canada Unified", True),
        ("LA CANADA USD", "La Canada Unified", True),
        ("Los Angeles USD", "Los Angeles Unified", True),
        ("Pasadena Unified", "Los Angeles Unified", False),
        ("Meadow Unified", "Los Angeles Unified", False),
        ("Anaheim Elementary", "Anaheim Union High", False),
        ("Los Angeles County Office of Education", "Los Angeles Unified", False),
        ("Pasadena Unified", "South Pasadena Unified", False),
    ],
)
def test_names_fit_whatever_their_endings(name, known, same):
    assert lea_names.fits(name, known) is same


def test_every_name_of_the_state_list_fits_itself():
    assert all(lea_names.fits(name, name) for name in known_leas.names().values())


def pieces(*rows: str, header: str = "County Code,District Code,District Name,School Year,5a"):
    return checked_files.take("\n".join([header, *rows, ""]).encode(), "x.csv")


def test_county_and_district_codes_beside_each_other_are_one_code():
    taken = pieces("01,61119,Alameda Unified,2023-24,60", "1,61143,Berkeley,2023-24,61")
    assert taken.dataset.lea_code.tolist() == ["0161119", "0161143"] and not taken.problems
    whole = pieces("01,0161259,Oakland Unified,2023-24,60")
    assert whole.dataset.lea_code.tolist() == ["0161259"]


def test_pieces_of_wrong_length_are_named_and_no_selpa():
    taken = checked_files.read_path(CASES / "E1_four_digit_codes.csv")
    said = [one for one in taken.problems if one.kind == "code_pieces"]
    assert [(one.row, one.found, one.column) for one in said] == [
        (2, "01 / 0010", "District Code"), (3, "01 / 0020", "District Code"),
    ]  # fmt: skip
    assert "2 digits and a district code of 5" in said[0].sentence() and "00010" in said[0].mend()
    assert "selpa_row" not in {one.kind for one in taken.problems} and not len(taken.dataset)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("lea_code,lea_name,year,5a\n1912,Long Beach,2023-24,50\n", "code_length"),
        ("lea_code,lea_name,year,5a\n1912,Long Beach SELPA,2023-24,50\n", "selpa_row"),
        ("Code,SELPA Name,LEA,year,5a\n1912,Our SELPA,Long Beach,2023-24,50\n", "code_length"),
    ],
)
def test_four_digits_are_a_selpa_only_where_the_row_says_so(text, kind):
    kinds = {one.kind for one in checked_files.take(text.encode(), "x.csv").problems}
    assert kinds & {"code_length", "selpa_row"} == {kind}
