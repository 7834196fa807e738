"""Letters beside readings: agrees, possible, differs, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cim_core.data.dataset import Dataset
from cim_core.letters.agreement import Agreement, agreement, fits, letter_of, rows_with_letters
from cim_core.letters.difference import because
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Placements, place
from cim_core.rules import rulebook_file
from cim_core.rules.tiers import PLACEMENTS
from cim_core.words.disclosure import WORKING

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data" / "invented_selpa.csv"
YEAR = "2024-25"


@pytest.fixture(scope="module")
def placed() -> Placements:
    taken = checked_files.read_path(SAMPLE)
    return place(taken.dataset, rulebook_file.load(), reference.shipped())


def row_of(placements: Placements, name: str) -> int:
    data = placements.dataset
    return int(np.flatnonzero((data.lea_name == name) & (data.year == YEAR))[0])


def lettered(placements: Placements, row: int, written: str, reasons: str = "") -> Placements:
    def put(column: str, value: str) -> np.ndarray:
        texts = getattr(placements.dataset, column).astype(object)
        texts[row] = value
        return texts.astype(np.str_)

    data: Dataset = replace(
        placements.dataset,
        cde_placement=put("cde_placement", written),
        cde_reasons=put("cde_reasons", reasons),
    )
    return replace(placements, dataset=data)


def said(placements: Placements, row: int) -> str:
    found = because(placements, row)
    return WORKING.say(found) if found is not None else ""


def expected_of(placements: Placements, row: int, letter) -> Agreement:
    """The slow way: the letter's are those of its tier and, as far as both have one, of its level."""
    possible = placements.could_be(row)
    same = [
        here
        for here in possible
        if here == letter or (here.tier and here.tier is letter.tier and None in (here.level, letter.level))
    ]
    if len(same) == len(possible):
        return Agreement.AGREES
    return Agreement.POSSIBLE if same else Agreement.DIFFERS


def test_every_letter_against_every_reading(placed):
    """A letter agrees with its own placement and no other, in any rulebook with or without levels."""
    letters = [placement for placement in PLACEMENTS.values() if placement.name != "Not placed"]
    for row in placed.dataset.rows_of_year(YEAR).tolist():
        assert agreement(placed, row) is Agreement.NO_LETTER and letter_of(placed.dataset, row) is None
        for placement in letters:
            with_letter = lettered(placed, row, placement.name)
            expected = expected_of(placed, row, placement)
            assert agreement(with_letter, row) is expected, (row, placement)
            assert rows_with_letters(with_letter.dataset).tolist() == [row]
            assert fits(with_letter, np.array([row])).tolist() == [expected is not Agreement.DIFFERS]
            assert bool(said(with_letter, row)) is (expected is Agreement.DIFFERS)


def test_words_that_name_nothing_are_neither(placed):
    with_letter = lettered(placed, 2, "Targeted Level 5")
    assert agreement(with_letter, 2) is Agreement.UNREAD and not said(with_letter, 2)
    assert not rows_with_letters(with_letter.dataset).size


@pytest.mark.parametrize(
    ("name", "written", "reasons", "expected"),
    [
        ("Fir Mountain Unified", "T1", "missed 3b_math, 5a", "the letter counts .* as met"),
        ("Cedar Flat Unified", "T2", "missed 5a, 5b, 5c", "counts .*5b.* as missed, and this"),
        ("Cedar Flat Unified", "T2", "3 targets missed", "counts 3 missed targets, and this tool 1"),
        ("Cedar Flat Unified", "T3", "disproportionality: autism", "names disproportionality, .*say none"),
        ("Hazel Ridge Elementary", "U", "not disproportionate", "not disproportionate, .*say that it is"),
        ("Juniper Springs Unified", "Intensive", "lowest 10 %", "lowest 10%, and this tool in .* 15.1%"),
        ("Elm Creek Elementary", "U", "no findings", "the letter has 0 findings, and the data here 1"),
        ("Elm Creek Elementary", "U", "", "what decides here is no reason in the letter: 1 minor finding"),
        ("Elm Creek Elementary", "T3", "", "nothing here leads to Targeted Level 3, .*: 1 minor finding"),
        ("Alder Valley Unified", "T1", "", "no rule for Targeted Level 1 applies here"),
    ],
)  # fmt: skip
def test_why_they_differ(placed, name, written, reasons, expected):
    import re

    row = row_of(placed, name)
    text = said(lettered(placed, row, written, reasons), row)
    assert text.startswith("because ") and re.search(expected, text), text


def test_reasons_that_agree_are_no_difference(placed):
    row = row_of(placed, "Cedar Flat Unified")
    missed = placed.elements(row, 3)
    text = said(lettered(placed, row, "T2", "missed " + ", ".join(missed)), row)
    assert "as met" not in text and "as missed" not in text and "nothing here leads to" in text
