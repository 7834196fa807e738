"""Every kind of clause stands in a file of its own name and has the words that it is shown with."""

from __future__ import annotations

from pathlib import Path

import pytest

from cim_core.rules import clauses, rulebook_file
from cim_core.rules.clause import Clause
from cim_core.words.messages import catalogue

FILES = sorted(path.stem for path in Path(clauses.__file__).parent.glob("*.py") if path.stem != "__init__")


def test_a_kind_is_called_as_its_file():
    assert sorted(clauses.kinds()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_kind_answers_for_itself_and_has_words(name):
    kind = clauses.kinds()[name]
    assert kind.groups.__func__ is not Clause.groups.__func__ and kind.detail is not Clause.detail
    assert {f"difference.kind.{name}", kind.threshold} <= set(catalogue())
    assert {f"difference.clause_{number}" for number in kind.numbers} <= set(catalogue())


def test_no_other_module_asks_for_a_kind_by_name():
    """Whoever needs to know what a clause rests on asks for its basis."""
    root = Path(clauses.__file__).parent.parent.parent.parent
    classes = [kind.__name__ for kind in clauses.kinds().values()]
    for folder in ("cim_core", "ui", "pages"):
        for path in (root / folder).rglob("*.py"):
            if path.parent.name != "clauses":
                text = path.read_text("utf-8")
                assert not [name for name in classes if name in text], path
                assert not [name for name in FILES if f'kind == "{name}"' in text], path


def test_all_shipped_rulebooks_together_use_every_kind():
    used = {clause.kind for one in rulebook_file.available() for clause in rulebook_file.load(one).clauses}
    assert used == set(FILES)
