"""Margins and smallest changes in words: the right numbers, the right way round."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cim_core import outlook_words, rulebook_file, smallest_change
from cim_core.__main__ import main
from cim_core.change_search import ground
from cim_core.dataset import Cell, Facts, LeaYear, build
from cim_core.disclosure import Disclosure
from cim_core.levers import Way
from cim_core.margins import margins
from cim_core.outlook_export import outlook
from cim_core.placement import place

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "invented_selpa.csv"
RULES = rulebook_file.load()
SAY = Disclosure().say
CALM = Facts(swd=300, disproportionate_years=0, minor_findings=0)


def placed(**counts: tuple[int, int]):
    cells = {code.removeprefix("i"): Cell(numerator=n, denominator=d) for code, (n, d) in counts.items()}
    return place(build([LeaYear("9900001", "2023-24", "Oak", "S", CALM, cells)]), RULES)


@pytest.mark.parametrize(
    ("code", "top", "said"),
    [
        ("5a", 50, "4 more students"),
        ("5a", 54, "1 fewer student"),
        ("5b", 25, "5 fewer students"),
        ("5b", 18, "3 more students"),
    ],
)
def test_more_for_some_and_fewer_for_others(code, top, said):
    one = placed(**{f"i{code}": (top, 100)})
    assert SAY(outlook_words.to_target(one, margins(one), 0, code)) == said


def test_no_margin_no_words_and_nothing_that_would_do():
    one = placed(i5a=(50, 100))
    assert outlook_words.to_target(one, margins(one), 0, "5b") is None
    assert outlook_words.to_target(one, margins(one), 0, "9") is None


def test_borderline_is_said_with_its_reason():
    one = placed(i5a=(54, 100), i5b=(18, 100), i8=(400, 400))
    margin = margins(one)
    said = {code: SAY(outlook_words.borderline(one, margin, 0, code)) for code in ("5a", "5b", "8")}
    assert said == {
        "5a": "borderline: one student decides",
        "5b": "borderline: within one standard error (± 3.8 points)",
        "8": "–",
    }
    assert SAY(outlook_words.borderlines(one, margin, 0)) == "2 results are borderline: 5a and 5b."


def test_a_plan_says_what_changes_where_to_and_whether_less_would_do():
    on = ground(placed(i5a=(50, 100), i5b=(30, 100), i5c=(3, 100)), "2023-24")
    best = smallest_change.answer(on, 0, Way.LESS).best
    said = [SAY(one) for one in outlook_words.plan(on, 0, best)]
    assert said == [
        "With 4 more students counted in 5a Regular class ≥ 80 % (50 → 54 of 100) and 10 fewer students "
        "counted in 5b Regular class < 40 % (30 → 20 of 100) it would be Universal.",
        "No smaller number of students would do.",
        "One and the same student can count in more than one of 5a and 5b; each is counted by itself here.",
    ]
    assert SAY(outlook_words.short(on, 0, best)) == "4 more students in 5a and 10 fewer students in 5b"


def test_why_nothing_moves_it():
    on = ground(placed(i5a=(50, 100), i5b=(10, 100)), "2023-24")
    locked = smallest_change.answer(on, 0, Way.LESS, ("5a",))
    assert (
        SAY(outlook_words.blocked(locked, ("5a",)))
        == "No change would do it without 5a, which you hold fixed."
    )
    held = smallest_change.answer(ground(placed(), "2023-24"), 0, Way.LESS)
    assert "not placed" in SAY(outlook_words.blocked(held))


def test_plain_rows_hold_the_plan_and_the_others():
    told = outlook(placed(i5a=(50, 100), i5b=(30, 100), i5c=(6, 100)), 0, Disclosure())["smallest_change"]
    less = told["less"]
    assert (less["students"], less["proven"], less["placement"]) == (2, True, "Targeted Level 1")
    change = less["changes"][0]
    assert (change["indicator"], change["students"], change["rate"], change["rate_after"]) == (
        "5c",
        2,
        6.0,
        4.0,
    )
    assert (change["numerator"], change["numerator_after"], change["denominator"]) == (6, 4, 100)
    assert [one["students"] for one in less["others"]] == [4]
    assert told["more"]["students"] is None and told["more"]["why_none"] == "not_enough"


def test_explain_prints_it_as_text_and_json(capsys):
    assert main(["explain", str(SAMPLE), "--lea", "9910112", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    five_a = next(one for one in told["indicators"] if one["indicator"] == "5a")
    assert (five_a["students_to_target"], five_a["borderline"]) == (1, "one_student")
    assert told["smallest_change"]["less"]["students"] == 1 and told["edges"]
    assert sum(told["certainty"]["placements"].values()) == told["certainty"]["draws"] == 1000
    assert told["certainty"]["held_fixed"] and "appeal" in " ".join(told["certainty"]["notice"])
    assert told["since"]["year"] == "2023-24" and told["since"]["sentence"].startswith("Since 2023-24")
    assert len(told["peers"]["leas"]) == 10 and told["peers"]["source"] == "statewide"
    assert main(["explain", str(SAMPLE), "--lea", "9910112"]) == 0
    text = capsys.readouterr().out
    assert "What would move it:" in text and "(237 → 238 of 446) it would be Universal" in text
    for part in (
        "How sure: ",
        "Since 2023-24: ",
        "10 LEAs of like size in the state: ",
        "Edges of the ranking:",
    ):
        assert part in text
