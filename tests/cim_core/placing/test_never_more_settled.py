"""What says nothing settles nothing: a blank column or a blank row never makes an LEA's placement surer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.data.indicators import INDICATORS
from cim_core.intake.meanings.layout import spellings
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN
from cim_core.words.disclosure import WORKING
from tests import written
from tests.conftest import examples
from tests.strategies import YEARS, lea_years, rulebooks

CODES = [one.code for one in INDICATORS]
HEADERS = st.one_of(
    st.sampled_from(CODES),
    st.sampled_from(CODES).flatmap(
        lambda code: st.sampled_from(
            [f"{code}_n", f"{code}_d", f"{code} %", f"Indicator {code}", f"{code} rate", f"{code} (percent)",
             f"{code.upper()} Numerator", f"{code} Target", f"{code} Met", f"2023-24 {code}"]
        )
    ),
    st.sampled_from([WORKING.say(one.title) for one in INDICATORS]),
    st.sampled_from(sorted(set(spellings()) - {"lea_code", "year"})),
    st.sampled_from(
        ["5a (LRE >80%)", "Regular Class 80% or more", "Suspension Rate", "Graduation", "Findings",
         "Student Group", "Subgroup", "School Name", "Percentile", "Sig Dis", "Years Disproportionate",
         "Remarks", "Zip", "Total", "x", "2022-23", "6", "Notes (5a)"]
    ),
    st.text("abcdefgh 0123456789%_", min_size=1, max_size=12),
)  # fmt: skip
REFERENCES = st.sampled_from([NO_REFERENCE, WITHIN, WITHIN, reference.shipped()])


def possible(lines, rules, against):
    """What each LEA and year could be, by code and year."""
    dataset = checked_files.take(written.text(lines), "mine.csv").dataset
    placed = place(dataset, rules, against)
    keys = zip(dataset.lea_key.tolist(), dataset.year.tolist(), strict=True)
    return {key: {one.name for one in placed.could_be(row)} for row, key in enumerate(keys)}


def not_surer(lines, changed, rules, against) -> None:
    before, after = possible(lines, rules, against), possible(changed, rules, against)
    for key, could_be in after.items():
        if key in before:
            assert before[key] <= could_be, (key, before[key], could_be)
        else:
            assert len(could_be) > 1, (key, could_be)


@st.composite
def files(draw: st.DrawFn):
    rows = draw(lea_years(most=4))
    kind = draw(st.sampled_from(["wide", "long"]))
    return kind, (written.wide if kind == "wide" else written.long)(rows)


def with_column(lines, header, at):
    at = min(at, len(lines[0]))
    return [[*line[:at], header if not number else "", *line[at:]] for number, line in enumerate(lines)]


def with_row(lines, lea, year, indicator, at):
    """A blank row of an LEA and a year that the file does not have yet."""
    code = lines[lea][0] if 0 < lea < len(lines) else "9977777"
    known = {(line[0], line[2]) for line in lines[1:]}
    if (code, year) in known:
        return lines
    name = next((line[1] for line in lines[1:] if line[0] == code), "A new LEA")
    blank = [code, name, year, *([""] * (len(lines[0]) - 3))]
    if lines[0][3:4] == ["indicator"]:
        blank[3] = indicator
    at = 1 + min(at, len(lines) - 1)
    return [*lines[:at], blank, *lines[at:]]


ROWS = (st.integers(0, 6), st.sampled_from([*YEARS, "2024-25"]), st.sampled_from(CODES), st.integers(0, 9))
CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(deadline=None, max_examples=40, suppress_health_check=CALM)
@given(files(), rulebooks(), REFERENCES, HEADERS, st.integers(0, 12))
def test_a_blank_column_settles_nothing(file, rules, against, header, at):
    not_surer(file[1], with_column(file[1], header, at), rules, against)


@settings(deadline=None, max_examples=40, suppress_health_check=CALM)
@given(files(), rulebooks(), REFERENCES, *ROWS)
def test_a_blank_row_settles_nothing(file, rules, against, lea, year, indicator, at):
    not_surer(file[1], with_row(file[1], lea, year, indicator, at), rules, against)


@pytest.mark.full
@settings(deadline=None, max_examples=examples(1500), suppress_health_check=CALM)
@given(files(), rulebooks(), REFERENCES, HEADERS, st.integers(0, 12), *ROWS)
def test_blank_columns_and_rows_settle_nothing_for_longer(
    file, rules, against, header, column, lea, year, indicator, at
):
    changed = with_column(with_row(file[1], lea, year, indicator, at), header, column)
    not_surer(file[1], changed, rules, against)
