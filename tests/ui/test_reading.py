"""Start, Region and the page of an LEA can be read: the median sentence is at grade 9 or easier."""

from __future__ import annotations

from statistics import median

import pytest

from tests.ui.reading import grade, sentences
from tests.ui.test_pages import app, fine

GRADE = 9
HARD, FEW = 14, 0.15
"""A sentence beyond this grade is hard; on a first screen at most so many of them are."""
LEAS = ("9910112", "9910105", "9910140", "9910021", "9910091", "99101611300253")
TABS = ("moves", "history", "all", "method")


def read(name: str, **query: str) -> list[float]:
    """The grade of each different sentence of a page."""
    at = fine(app(data="sample", **query).run())
    if name != "start":
        at = fine(at.switch_page(f"pages/{name}.py").run())
    return [grade(one) for one in dict.fromkeys(sentences(at))]


@pytest.mark.parametrize(
    ("name", "query"),
    [("start", {}), ("region", {}), *(("lea", {"lea": lea}) for lea in LEAS)],
    ids=lambda value: value if isinstance(value, str) else value.get("lea", ""),
)
def test_a_first_screen_can_be_read(name, query):
    grades = read(name, **query)
    assert grades and median(grades) <= GRADE
    assert sum(one > HARD for one in grades) <= FEW * len(grades)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_an_lea_can_be_read(tab):
    grades = read("lea", lea="9910112", tab=tab)
    assert grades and median(grades) <= GRADE


def test_no_text_looks_easier_than_it_is():
    assert grade("It misses one target by one student.") < 6
    hard = "Disproportionality determinations necessitate comprehensive intervention by the county office."
    assert grade(hard) > 20
