"""Words that no reader of a page meets, and no semicolon: every template is looked at."""

from __future__ import annotations

import re

import pytest

from cim_core.rules import rulebook_file
from cim_core.words.disclosure import WORKING
from cim_core.words.messages import catalogue

FORBIDDEN = {
    "from the worst": r"from the worst",
    "percentile": r"percentiles?\b",
    "holds, does not hold": r"\b(?:holds?|holding|held)\b",
    "provisional": r"provisional",
    "firm": r"\bfirm\b",
    "toss-up": r"toss-?up",
    "redrawn": r"redrawn",
    "borderline": r"borderline",
    "mend": r"\bmend(?:s|ed|ing)?\b",
    "tie": r"\b(?:ties?|tied|tying)\b",
    "vintage": r"vintage",
    "a semicolon": r";",
    "a blank before %": r"[\d}] %",
}
NAMES = {
    "column.percentile.holds": "the dictionary's line on the column of that name, CDE's own term",
    "mapping.target.percentile": "what a column can be matched to: the column of that name",
    "mapping.target.preschool_percentile": "what a column can be matched to: the column of that name",
    "problem.bad_percentile.title": "what is wrong with a cell of the column of that name",
}
"""Templates that name a column of files, and may say its name."""
_VALUE = re.compile(r"\{\w+\}")


def templates() -> list[tuple[str, str]]:
    """Every text by its id, each plural form by itself."""
    return [
        (name, text)
        for name, found in catalogue().items()
        for text in (found.values() if isinstance(found, dict) else [found])
    ]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_template_says(word):
    shaped = re.compile(FORBIDDEN[word], re.IGNORECASE)
    named = "percentile" in word
    met = [
        (name, text)
        for name, text in templates()
        if shaped.search(text if "%" in word else _VALUE.sub("", text)) and not (named and name in NAMES)
    ]
    assert not met


def test_exceptions_are_still_needed():
    texts = dict(templates())
    assert all(re.search(FORBIDDEN["percentile"], texts[name], re.IGNORECASE) for name in NAMES)


@pytest.mark.parametrize("book", rulebook_file.available())
def test_no_rulebook_says_it_either(book):
    rules = rulebook_file.load(book)
    noted = (*rules.clauses, *rules.evaluations)
    said = [
        WORKING.say(rules.about),
        WORKING.say(rules.small_lea.said),
        *(WORKING.say(clause.said) for clause in rules.clauses),
        *(WORKING.say(clause.short(rules)) for clause in rules.clauses),
        *(WORKING.say(one.provenance.note) for one in noted if one.provenance.note),
    ]
    for word, shape in FORBIDDEN.items():
        assert not [text for text in said if re.search(shape, text, re.IGNORECASE)], word
