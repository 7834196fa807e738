"""Lists of letters as people paste them: what can be taken is, what cannot stays with its problem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.data.dataset import Facts, LeaYear, build
from cim_core.intake.meanings.placement_words import placements_said
from cim_core.letters import entered
from cim_core.letters.entered import EnteredLetter
from cim_core.letters.pasted import MOST_LINES, take

NAMES = {
    "9900001": "Oak Bend Unified", "9900002": "Fir Mountain Unified", "9900003": "Elm Creek Elementary",
    "9900004": "Elm Creek Union High",
}  # fmt: skip
DATA = build(
    LeaYear(code, year, name, facts=Facts(swd=200))
    for code, name in NAMES.items()
    for year in ("2023-24", "2024-25")
)


def pasted(text: str, before=()):
    return take(text, DATA, "2024-25", "list", before)


def short(found):
    return [
        (letter.lea_code, letter.year, letter.cde_placement, letter.cde_reasons) for letter in found.letters
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Oak Bend Unified, T2, missed 5a, 5b",
        "Oak Bend Unified\tT2\tmissed 5a, 5b",
        "9900001; T2; missed 5a, 5b",
        "99-00001 | T2 | missed 5a, 5b",
        "1. Oak Bend Unified School District: T2 - missed 5a, 5b",
        "- Oak Bend USD, T2, missed 5a, 5b",
        "• Oak Bend Unified T2 missed 5a, 5b",
        'LEA,CIM tier,Reasons for selection\nOak Bend Unified,T2,"missed 5a, 5b"',
        "\n\nT2, Oak Bend Unified, missed 5a, 5b\n\n",
    ],
)  # fmt: skip
def test_usual_ways_of_writing_a_list(text):
    found = pasted(text)
    assert not found.problems and not found.left
    assert [letter.lea_code for letter in found.letters] == ["9900001"]
    assert found.letters[0].cde_placement == "T2" and found.letters[0].cde_reasons == "missed 5a, 5b"


@pytest.mark.parametrize(
    ("text", "placement"),
    [
        ("Oak Bend Unified (T2)", "T2"),
        ("Oak Bend Unified, Targeted, Level 2", "Targeted Level 2"),
        ("Oak Bend Unified; Targeted; 2; missed 5a", "Targeted 2"),
        ("LEA\tTier\nOak Bend Unified\tTargeted 2", "Targeted 2"),
        ("District,Placement\nOak Bend Unified,Targeted Level 2", "Targeted Level 2"),
        ("Name;Tier;Level\nOak Bend Unified;Targeted;2", "Targeted 2"),
        ("Oak Bend Unified = T2", "T2"),
        ("Oak Bend Unified Targeted Level 2 not met: 5a", "Targeted Level 2"),
    ],
)
def test_level_beside_tier_and_bare_heads(text, placement):
    found = pasted(text)
    assert not found.problems and [letter.cde_placement for letter in found.letters] == [placement]
    assert [one.name for one in placements_said(placement)] == ["Targeted Level 2"]


@pytest.mark.parametrize(
    "line",
    [
        "Oak Bend Unified, not Intensive", "Oak Bend Unified, no longer Targeted Level 2",
        "Oak Bend Unified was Targeted Level 1, now Universal", "Oak Bend Unified Intensive until 2024",
        "Oak Bend Unified: Universal or Targeted Level 1",
    ],
)  # fmt: skip
def test_words_that_may_say_the_opposite_are_asked_about(line):
    found = pasted(line)
    assert not found.letters and found.left == (line,)
    assert [problem.kind for problem in found.problems] == ["letter_placement_unknown"]


def test_two_leas_of_one_name_are_asked_for_the_code():
    data = build(LeaYear(code, "2024-25", "Pioneer Union") for code in ("9900001", "9900002"))
    found = take("Pioneer Union, T2\n9900002, T1", data, "2024-25", "list")
    assert [problem.kind for problem in found.problems] == ["letter_lea_several"]
    assert "9900001 and 9900002" in found.problems[0].sentence() and len(found.letters) == 1


@pytest.mark.parametrize(
    "line", ["Oak Bend Unified High, T2", "Oak Bend Unifiedville Charter, Targeted Level 2"]
)
def test_a_longer_name_is_another_lea(line):
    found = pasted(line)
    assert not found.letters and [problem.kind for problem in found.problems] == ["letter_lea_unknown"]


def test_what_stands_is_added_to_and_never_emptied():
    standing = EnteredLetter("9900001", "Oak", "2024-25", "T2", "missed 5a", "2026-06-30", "2026-27")
    (letter,) = pasted("Oak Bend Unified, Targeted Level 2", [standing]).letters
    assert letter == standing
    (more,) = pasted("Oak Bend Unified, T2, missed 14b\n9900001, T2, lowest 10 %", [standing]).letters
    assert more.cde_reasons == "missed 5a; missed 14b; lowest 10 %" and more.letter_date == "2026-06-30"


def test_cells_beyond_the_header_belong_to_its_last_column():
    (letter,) = pasted("LEA,Placement,Reasons\nOak Bend Unified,T2,missed 5a, 5b, 14b").letters
    assert letter.cde_reasons == "missed 5a, 5b, 14b"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LEA,Placement,Year\nOak Bend Unified,T2,2O24-25", "letter_year_unknown"),
        ("Oak Bend Unified, Targeted Level 1, Targeted Level 2", "letter_placement_unknown"),
    ],
)
def test_silent_guesses_are_asked_about(text, kind):
    found = pasted(text)
    assert [problem.kind for problem in found.problems] == [kind] and not found.letters


def test_a_header_stays_above_the_lines_that_are_left():
    found = pasted("District,Placement\nOak Bend Unified,T2\nNobody,T1")
    assert found.left == ("District,Placement", "Nobody,T1") and len(found.letters) == 1


def test_lines_beyond_the_limit_stay_in_the_box():
    found = pasted("\n".join(["Oak Bend Unified, T2"] * (MOST_LINES + 2)))
    assert len(found.left) == 2 and [problem.kind for problem in found.problems] == ["letters_too_many"]


def test_a_line_without_end_is_said():
    found = pasted("Oak Bend Unified, T2\n" + "x," * 200_000)
    assert len(found.letters) == 1 and len(found.left) == 1


def test_a_line_in_words():
    found = pasted(
        "Fir Mountain Unified – Targeted Tier, Level 3 (bottom 11-20 %)\nElm Creek Elementary Intensive"
    )
    assert short(found)[0][:3] == ("9900002", "2024-25", "Targeted Tier, Level 3")
    assert "11-20" in short(found)[0][3] and short(found)[1][2] == "Intensive"


def test_years_and_dates_of_a_line():
    found = pasted("Oak Bend Unified, 2023-24, T1, 6/30/2025, 2025-26\n")
    letter = found.letters[0]
    assert (letter.year, letter.letter_date, letter.monitoring_year) == ("2023-24", "2025-06-30", "2025-26")
    named = pasted(
        "lea_code,cde_placement,letter_date,monitoring_year\n9900001,U,June 30 2026,2026-27\n"
    ).letters[0]
    assert (named.year, named.letter_date, named.monitoring_year) == ("2024-25", "2026-06-30", "2026-27")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Oak Bend Unified, Targeted Level 5", "letter_placement_unknown"),
        ("Oak Bent Joint, T2", "letter_lea_unknown"),
        ("Elm Creek, T2", "letter_lea_several"),
        ("9900009, T2", "letter_lea_unknown"),
        ("Oak Bend Unified", "letter_without_placement"),
        ("1999999 2 3", "letter_lea_unknown"),
    ],
)
def test_bad_lines_are_said_and_kept_and_the_others_taken(line, kind):
    found = pasted(f"Fir Mountain Unified, T1\n{line}\n")
    assert [(problem.kind, problem.row) for problem in found.problems] == [(kind, 2)]
    assert found.left == (line,) and short(found) == [("9900002", "2024-25", "T1", "")]
    assert found.problems[0].sentence()


def test_the_nearest_names_are_offered():
    assert "Elm Creek Elementary" in pasted("Elm Crek, T2").problems[0].sentence()


def test_an_lea_without_data_of_the_year():
    data = build([LeaYear("9900001", "2023-24", "Oak"), LeaYear("9900002", "2024-25", "Fir")])
    found = take("Oak, T2", data, "2024-25", "list")
    assert [problem.kind for problem in found.problems] == ["letter_without_data"] and not found.letters


def test_two_letters_for_one_year_that_differ_are_both_kept_back():
    found = pasted("Oak Bend Unified, T2\nFir Mountain Unified, U\n9900001, T3")
    assert [(problem.kind, problem.row) for problem in found.problems] == [
        ("letter_twice", 1),
        ("letter_twice", 3),
    ]
    assert found.left == ("Oak Bend Unified, T2", "9900001, T3") and len(found.letters) == 1


def test_two_spellings_of_one_placement_are_one_letter():
    found = pasted("Oak Bend Unified, T2\n9900001, Targeted Level 2")
    assert not found.problems and short(found) == [("9900001", "2024-25", "T2", "")]


def test_a_letter_that_stands_is_not_replaced_without_a_word():
    standing = EnteredLetter("99-00001", "Oak", "2024-25", "T1")
    found = pasted("Oak Bend Unified, T2", [standing])
    assert [problem.kind for problem in found.problems] == ["letter_exists"] and not found.letters
    assert pasted("Oak Bend Unified, Targeted Level 1", [standing]).letters


@given(st.text(max_size=200))
def test_any_text_is_taken_or_said(text):
    found = pasted(text)
    assert len(found.problems) >= len(found.left)
    for letter in found.letters:
        assert placements_said(letter.cde_placement) and letter.lea_code in NAMES


@given(st.lists(st.tuples(st.sampled_from(sorted(NAMES)), st.text(max_size=20)), max_size=6))
def test_entered_letters_are_kept_as_they_are(each):
    letters = [EnteredLetter(code, NAMES[code], "2024-25", "T2", reasons) for code, reasons in each]
    of_key = {letter.key: letter for letter in letters}
    plain = {
        key: letter for key, letter in of_key.items() if not {"\r", "\n", "\0"} & set(letter.cde_reasons)
    }
    content = entered.with_letters(b"", plain.values())
    assert {letter.key: letter for letter in entered.loads(content)} == plain
    gone = entered.with_letters(content, [EnteredLetter(code, "", "2024-25", "") for code in NAMES])
    assert gone == b""
