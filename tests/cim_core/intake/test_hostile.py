"""Hostile files, read as the app reads them: a plain answer, never a traceback, and the next file is read."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from cim_core import intake
from cim_core.intake import Intake
from cim_core.intake.files import tables
from cim_core.placing import checked_files, reference
from cim_core.placing.apart import Apart
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from tests import hostile
from tests.conftest import ROOT

NO_ANSWER = {"too_costly", "unforeseen"}
"""What is said of a file that was not counted before it was parsed, and of a fault of ours."""
SAMPLE = [
    intake.Upload(f"{name}.csv", (ROOT / "sample_data" / f"invented_{name}.csv").read_bytes())
    for name in ("selpa", "counts")
]
IN_GATE = hostile.chosen(25)
FOR_FULL = [one for one in hostile.every() if one.id not in {own.id for own in IN_GATE}]


@pytest.fixture(scope="module")
def workers() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()


@pytest.fixture(scope="module")
def right(workers) -> str:
    return placed(workers.start_reading(SAMPLE).result())


def placed(taken: Intake) -> str:
    """Everything about the placements of what was read, as text."""
    made = place(taken.dataset, rulebook_file.load(rulebook_file.DEFAULT), reference.shipped())
    return repr(
        [
            made.placed.tolist(),
            made.outcomes.tolist(),
            made.dataset.lea_key.tolist(),
            made.dataset.year.tolist(),
        ]
    )


def looked_at(case: hostile.Case, workers: Apart, right: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        taken = workers.start_reading([case.upload()]).result()
    found = {one.kind for one in taken.problems}
    assert not caplog.records and not found & NO_ANSWER
    assert all(len(one.sentence()) < 5_000 for one in taken.problems[:50])
    assert not case.refused or found & set(case.refused), found
    assert len(taken.dataset) or not case.read
    assert placed(workers.start_reading(SAMPLE).result()) == right


@pytest.mark.parametrize("case", IN_GATE, ids=lambda one: ascii(one.id))
def test_a_hostile_file_gets_a_plain_answer(case, workers, right, caplog):
    looked_at(case, workers, right, caplog)


@pytest.mark.full
@pytest.mark.parametrize("case", FOR_FULL, ids=lambda one: ascii(one.id))
def test_each_hostile_file_gets_a_plain_answer(case, workers, right, caplog):
    looked_at(case, workers, right, caplog)


def test_there_are_many_and_the_gate_has_some_of_every_kind():
    cases = hostile.every()
    assert len(cases) >= 500 and len({one.id for one in cases}) == len(cases)
    assert {one.kind for one in IN_GATE} == {one.kind for one in cases}


@pytest.mark.parametrize("case", [one for one in hostile.small() if one.refused], ids=lambda one: one.file)
def test_a_small_file_that_costs_much_is_refused_before_it_is_parsed(case, monkeypatch):
    def never(*given, **named):
        raise AssertionError("it was parsed")

    for reader in ("cim_core.intake.files.workbook", "cim_core.intake.files.ods"):
        monkeypatch.setattr(f"{reader}.CalamineWorkbook.from_filelike", never, raising=False)
        monkeypatch.setattr(f"{reader}.CalamineWorkbook", never)
    taken = checked_files.take(case.make(), case.file)
    assert {one.kind for one in taken.problems} & set(case.refused)


def test_a_picture_as_letters_is_an_unknown_text_file():
    content = (hostile.FIXTURES / "svg_redos.csv").read_bytes()
    kinds = {one.kind for one in checked_files.take(content, "x.csv").problems}
    assert kinds <= {"unknown_layout", "lea_missing", "not_a_table"} and kinds


def test_one_cell_that_is_too_long_takes_its_row_only():
    content = (hostile.FIXTURES / "year_long.csv").read_bytes()
    taken = checked_files.take(content, "x.csv")
    assert [one.kind for one in taken.problems].count("row_aside") == 1
    assert any(tables.tables_of(content, "x.csv")[0].rows[1:])
