"""Margins and smallest changes in words: the right numbers, the right way round."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.data.facts import Fact
from cim_core.data.race_counts import Area, Group
from cim_core.export.outlook_rows import outlook
from cim_core.outlook import sentences, smallest_change
from cim_core.outlook.change_search import ground
from cim_core.outlook.levers import Way
from cim_core.outlook.margins import margins
from cim_core.placing.from_counts import unfilled
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.shell.main import main
from cim_core.words.disclosure import Disclosure
from tests.conftest import sample_placements

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data" / "invented_selpa.csv"
RULES = rulebook_file.load()
SAY = Disclosure().say
CALM = Facts(
    swd=300, disproportionate_years=0, newly_disproportionate=False, minor_findings=0, percentile=Decimal(60)
)


def placed(**counts: tuple[int, int]):
    cells = {code.removeprefix("i"): Cell(numerator=n, denominator=d) for code, (n, d) in counts.items()}
    rows = [LeaYear("9900001", "2023-24", "Oak", "S", CALM, cells)]
    return place(build(rows, assumed_none=tuple(Fact)), RULES)


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
    assert SAY(sentences.to_target(one, margins(one), 0, code)) == said


def test_no_margin_no_words_and_nothing_that_would_do():
    one = placed(i5a=(50, 100))
    assert sentences.to_target(one, margins(one), 0, "5b") is None
    assert sentences.to_target(one, margins(one), 0, "9") is None


def test_borderline_is_said_with_its_reason():
    one = placed(i5a=(54, 100), i5b=(18, 100), i8=(400, 400))
    margin = margins(one)
    said = {code: SAY(sentences.borderline(one, margin, 0, code)) for code in ("5a", "5b", "8")}
    assert said == {
        "5a": "fragile: one student decides",
        "5b": "close: within one standard error (± 3.8 points)",
        "8": "not close",
    }
    assert [SAY(line) for line in sentences.borderlines(one, margin, 0)] == [
        "Fragile: one student decides about 5a Regular class ≥ 80%.",
        "Within one standard error of its target: 5b Regular class < 40%.",
    ]


def test_a_plan_says_what_changes_where_to_and_whether_less_would_do():
    on = ground(placed(i5a=(50, 100), i5b=(30, 100), i5c=(3, 100)), "2023-24")
    best = smallest_change.answer(on, 0, Way.LESS).best
    said = [SAY(one) for one in sentences.plan(on, 0, best)]
    assert said == [
        "With 4 more students counted in “5a Regular class ≥ 80%” (50 → 54 of 100) and 10 fewer students "
        "counted in “5b Regular class < 40%” (30 → 20 of 100) it would be Universal.",
        "No smaller number would do, each indicator counted by itself.",
        "One and the same student can count in more than one of 5a and 5b, so fewer children may be meant "
        "than the numbers add up to.",
    ]
    assert SAY(sentences.short(on, 0, best)) == (
        "4 more students in “5a Regular class ≥ 80%” and 10 fewer students in “5b Regular class < 40%”"
    )


def test_a_plan_of_many_changes_is_a_list():
    on = ground(placed(i5a=(50, 100), i5b=(30, 100), i5c=(6, 100)), "2023-24")
    best = replace(
        smallest_change.answer(on, 0, Way.LESS).best,
        changes=tuple(
            change
            for locked in (("5b", "5c"), ("5a", "5c"), ("5a", "5b"))
            for change in smallest_change.answer(on, 0, Way.LESS, locked).best.changes
        ),
        students=16,
    )
    assert sentences.is_long(best)
    first = SAY(sentences.plan(on, 0, best)[0])
    assert first == "With 16 results of students changed in 3 indicators it would be Targeted Level 1:"


def test_years_from_counts_say_what_the_counts_would_take_and_it_does_it():
    """Pine Summit: 19 of 72 Black students removed against 63 of 821 others; 16 of 72 is not over 3 times."""
    placements = sample_placements()
    data = placements.dataset
    row = data.row_of("9910105", "2024-25")
    on = ground(placements, "2024-25")
    said = SAY(sentences.blocked(on, row, smallest_change.answer(on, row, Way.LESS)))
    assert "worked out from this year's counts" in said
    assert "3 fewer of the Black students counted in disciplinary removals in total (19 → 16 of 72)" in said
    for cell, newly in ((17, True), (16, False)):
        mine = (data.counts.lea_key == data.lea_key[row]) & (data.counts.year == "2024-25")
        mine &= (data.counts.area == Area.REMOVALS) & (data.counts.group == Group.BLACK)
        total = (data.counts.lea_key == data.lea_key[row]) & (data.counts.year == "2024-25")
        total &= (data.counts.area == Area.REMOVALS) & (data.counts.group == Group.TOTAL)
        cells = np.where(mine, cell, data.counts.cell) - np.where(total, 19 - cell, 0)
        changed = replace(unfilled(data), counts=replace(data.counts, cell=cells))
        after = place(changed, placements.rulebook)
        held = {one.id for at, one in enumerate(after.rulebook.clauses) if after.outcomes[row, at] == 1}
        assert ("level-2-disproportionate" in held) is newly


def test_why_nothing_moves_it():
    on = ground(placed(i5a=(50, 100), i5b=(10, 100)), "2023-24")
    locked = smallest_change.answer(on, 0, Way.LESS, ("5a",))
    said = SAY(sentences.blocked(on, 0, locked, ("5a",)))
    assert said == "No change would do it without 5a, which you keep fixed."
    nowhere = ground(placed(), "2023-24")
    assert "not placed" in SAY(sentences.blocked(nowhere, 0, smallest_change.answer(nowhere, 0, Way.LESS)))


def test_what_was_not_tried_is_only_owned_up_to_where_a_rank_matters():
    """Quince Valley is held by a count: 5a locked, nothing would do. Kelp Harbor is held by its rank."""
    on = ground(sample_placements(), "2024-25")
    for code, locked, said in (
        ("9910112", ("5a",), "No change would do it without 5a, which you keep fixed."),
        ("9910070", ("susp", "chronic"), "No change was found that would do it. "),
    ):
        row = on.placements.dataset.row_of(code, "2024-25")
        found = smallest_change.answer(on, row, Way.LESS, locked)
        if found.best is None:
            assert SAY(sentences.blocked(on, row, found, locked)).startswith(said)
        else:
            assert code == "9910070" and not found.best.counted


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


def test_explain_prints_it_as_json(capsys):
    assert main(["explain", str(SAMPLE), "--lea", "9910112", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    five_a = next(one for one in told["indicators"] if one["indicator"] == "5a")
    assert (five_a["students_to_target"], five_a["borderline"]) == (1, "one_student")
    assert told["smallest_change"]["less"]["students"] == 1 and told["edges"]
    near = told["certainty"]
    assert (near["closeness"], near["decides_students"]) == ("fragile", 1)
    assert sum(told["certainty"]["placements"].values()) == told["certainty"]["draws"] == 1000
    assert told["certainty"]["held_fixed"] and "appeal" in " ".join(told["certainty"]["notice"])
    assert told["since"]["year"] == "2023-24" and told["since"]["sentence"].startswith("Since 2023-24")
    assert len(told["peers"]["leas"]) == 10 and told["peers"]["source"] == "statewide"


def test_explain_prints_it_as_text(capsys):
    assert main(["explain", str(SAMPLE), "--lea", "9910112"]) == 0
    text = capsys.readouterr().out
    assert "What would move it:" in text and "(237 → 238 of 446) it would be Universal" in text
    for part in (
        "How sure: Fragile: 1 student decides: ",
        "How much of this is chance in this year's figures: ",
        "Since 2023-24: ",
        "10 LEAs of like size in the state: ",
        "Edges of the ranking:",
    ):
        assert part in text
    lines = [line.strip() for line in text.splitlines()]
    assert any(line.startswith("5a") and "(fragile: one student decides)" in line for line in lines)
    assert any(line.startswith("5a") and "plausible range 48.5–57.7%" in line for line in lines)
    assert sum(", median " in line and line.endswith("LEAs") for line in lines) == 4
    assert any(line.startswith("alone: 10 more students in “Suspension rate”") for line in lines)


def test_a_value_without_students_that_turns_a_target_is_not_said_to_work_by_rank():
    """Points worse until the target is missed make it Level 1, whatever the ranking says."""
    cells = {"5a": Cell(rate=Decimal(60), denominator=100)}
    rows = [LeaYear("9900001", "2023-24", "Oak", "S", CALM, cells)]
    on = ground(place(build(rows, assumed_none=tuple(Fact)), RULES), "2023-24")
    best = smallest_change.answer(on, 0, Way.MORE).best
    assert not best.counted and best.placement.name == "Targeted Level 1"
    assert SAY(sentences.plan(on, 0, best)[0]).endswith("it would be Targeted Level 1.")
    far = replace(best, changes=(replace(best.changes[0], after=best.changes[0].before),))
    assert "by the assumed ranking" in SAY(sentences.plan(on, 0, far)[0])
