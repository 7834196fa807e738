"""Rows of other students never change a value: a file with them says the same as the file without."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core import intake
from cim_core.data.dataset import Dataset
from cim_core.placing import checked_files
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from tests import written
from tests.conftest import examples
from tests.strategies import lea_years

RULES = rulebook_file.load()
HEADERS = st.sampled_from(
    ["studentgroup", "Student Group", "Subgroup", "ReportingCategory", "Reporting Category", "STUDENT GROUP",
     "Group", "student_group", "Student Subgroup"]
)  # fmt: skip
OURS = st.sampled_from(
    ["SWD", "Students with Disabilities", "Special Education", "students with disabilities", "SWD "]
)
OTHERS = st.sampled_from(
    ["ALL", "AA", "EL", "HI", "WH", "SED", "HOM", "FOS", "All Students", "African American", "Hispanic",
     "English Learners", "Socioeconomically Disadvantaged", "White", "Homeless Youth", "Asian", "Filipino",
     "Students without Disabilities", "Foster Youth", "Two or More Races"]
)  # fmt: skip
CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def told(content: bytes) -> tuple[Dataset, dict[tuple[str, str], object]]:
    """The dataset of a file, and every value and placement by LEA code and year."""
    data = checked_files.take(content, "mine.csv").dataset
    placed = place(data, RULES, NO_REFERENCE)
    found = {}
    for row, key in enumerate(zip(data.lea_key.tolist(), data.year.tolist(), strict=True)):
        cells = (data.value_numerator[row], data.value_denominator[row], data.numerator[row])
        facts = (data.swd[row], data.minor_findings[row], data.disproportionate_years[row])
        values = tuple(tuple(one.tolist()) for one in (*cells, data.denominator[row], data.missing[row]))
        could_be = placed.placement(row).name, tuple(one.name for one in placed.could_be(row))
        found[key] = (values, *map(int, facts), *could_be)
    return data, found


@st.composite
def files(draw: st.DrawFn):
    """A wide or long file of students with disabilities with a column that says so, and the same with rows of
    others, each with numbers of its own, anywhere among them.

    The column `swd` is left alone: 0 and 1 of one LEA there are read as signs of whose row it is. None holds
    "yes": a column of yes and blanks beside names is a sign of persons, and then the whole file is refused.
    """
    rows = draw(lea_years(most=4))
    lines = (written.wide if draw(st.booleans()) else written.long)(rows)
    header, ours = draw(HEADERS), draw(OURS)
    at = draw(st.integers(2, len(lines[0])))
    lines = [[*one[:at], ours if number else header, *one[at:]] for number, one in enumerate(lines)]
    if len(lines) < 2:
        return lines, lines
    more = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        other = list(draw(st.sampled_from(lines[1:])))
        other[at] = draw(OTHERS)
        first = next((spot for spot, name in enumerate(lines[0]) if name == "rate"), 3)
        for spot in range(first, len(other)):
            if spot != at and lines[0][spot] != "swd" and draw(st.booleans()):
                other[spot] = draw(st.sampled_from(["", "1", "37.5", "60", "NC", "*"]))
        more.insert(draw(st.integers(1, len(more))), other)
    return lines, more


@settings(deadline=None, max_examples=30, suppress_health_check=CALM)
@given(files())
def test_in_wide_and_long_files(made):
    compare(*made)


@pytest.mark.full
@settings(deadline=None, max_examples=examples(1500), suppress_health_check=CALM)
@given(files())
def test_in_wide_and_long_files_for_longer(made):
    compare(*made)


def compare(lines, more) -> None:
    assert told(written.text(more))[1] == told(written.text(lines))[1]


GROUPS = {
    "dashboard": ("studentgroup", ["ALL", "AA", "EL", "HI", "WH", "SED", "HOM"]),
    "dataquest_suspension": ("Reporting Category", ["TA", "RB", "RH", "SE", "SS", "GM", "SH"]),
    "dataquest_chronic": ("Reporting Category", ["TA", "RB", "RH", "SE", "SS", "GF", "SM"]),
    "acgr": ("ReportingCategory", ["TA", "RB", "RH", "SE", "SS", "GM", "SH"]),
    "caaspp": ("Student Group ID", ["1", "3", "4", "31", "74", "160", "99"]),
}
"""For each layout of CDE's own that names groups: the column, and codes of other groups."""


@settings(deadline=None, max_examples=30, suppress_health_check=CALM)
@given(st.data(), st.sampled_from(sorted(GROUPS)))
def test_in_cdes_own_files(data, name):
    example = next(one for one in intake.LAYOUTS if one.id == name).example
    column, others = GROUPS[name]
    mark = next(one for one in "\t^," if one in example.splitlines()[0])
    lines = list(csv.reader(io.StringIO(example), delimiter=mark))
    at = lines[0].index(column)
    more = list(lines)
    for _ in range(data.draw(st.integers(1, 4))):
        other = list(data.draw(st.sampled_from(lines[1:])))
        other[at] = data.draw(st.sampled_from(others))
        for spot in range(at + 2, len(other)):
            if other[spot].replace(".", "", 1).lstrip("-").isdecimal() and data.draw(st.booleans()):
                other[spot] = str(data.draw(st.integers(11, 99)))
        more.insert(data.draw(st.integers(1, len(more))), other)
    content = ["\n".join(mark.join(line) for line in one).encode() for one in (lines, more)]
    assert told(content[1])[1] == told(content[0])[1]
    assert told(content[0])[1]
