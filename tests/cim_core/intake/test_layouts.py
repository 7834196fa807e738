from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core import intake
from cim_core.intake.questions import Ask
from cim_core.placing import checked_files
from cim_core.words import messages
from tests.cim_core.intake.files import errors, split
from tests.conftest import examples


@pytest.mark.parametrize("layout", intake.LAYOUTS, ids=lambda layout: layout.id)
def test_every_example_reads_in_its_own_layout(layout):
    taken = checked_files.take(layout.example.encode(), "example.txt")
    assert taken.layout == layout.id
    assert not errors(taken) and len(taken.dataset) >= 1
    assert all(str(code)[:2] == "99" for code in taken.dataset.lea_code)


@pytest.mark.parametrize("layout", intake.LAYOUTS, ids=lambda layout: layout.id)
def test_every_collection_has_its_words(layout):
    taken = checked_files.take(layout.example.encode(), "example.txt")
    for origin in taken.dataset.origins:
        assert not origin.collection or messages.text(f"collection.{origin.collection}")


@pytest.mark.parametrize("ask", [Ask.INDICATOR, Ask.GROUP, Ask.CHARTER, Ask.LEVEL])
def test_the_questions_about_cde_files_have_their_words(ask):
    assert messages.text(f"question.{ask.value}.text", file="x.txt")


@pytest.mark.parametrize("layout", intake.LAYOUTS, ids=lambda layout: layout.id)
@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=12), st.integers(1, 40), st.data())
def test_damaged_cells_never_raise(layout, junk, at, data):
    lines = split(layout.example)
    row = lines[data.draw(st.integers(0, len(lines) - 1))]
    row[at % len(row)] = junk
    taken = checked_files.take("\n".join("\t".join(line) for line in lines).encode(), "example.txt")
    assert all(problem.sentence() for problem in taken.problems)
