"""A kind of clause that is new: one module, one file of words, one of cases, and nothing else is touched."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from cim_core import words
from cim_core.movement.sentences import since
from cim_core.placing import checked_files
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import clauses, rulebook_file, thresholds
from cim_core.rules.settings import Setting
from cim_core.shell.main import main
from cim_core.whatif import sentences
from cim_core.words import messages
from cim_core.words.disclosure import Disclosure
from tests.cim_core.placing.test_cases import as_file, holds
from tests.conftest import whole_rulebook

NEW = Path(__file__).parent.parent / "fixtures" / "new_clause_kind"
CASES = tomllib.loads((NEW / "case.toml").read_text("utf-8"), parse_float=Decimal)
ID = "level-3-placed-apart"


@pytest.fixture
def rulebook(tmp_path, monkeypatch):
    """The default rulebook with a clause of the new kind, as a file; the kind is in its own folder."""
    for package, cached in ((clauses, clauses.kinds), (words, messages.catalogue)):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(NEW)])
        cached.cache_clear()
    path = tmp_path / "changed.toml"
    before = '[[clauses]]\nid = "level-3-percentile"'
    path.write_text(whole_rulebook().replace(before, f"{CASES['clause']}\n{before}", 1), "utf-8")
    yield path
    monkeypatch.undo()
    clauses.kinds.cache_clear()
    messages.catalogue.cache_clear()


@pytest.fixture
def shell(rulebook, tmp_path, capsys):
    """What a command prints about the first case."""
    data = tmp_path / "case.csv"
    data.write_bytes(as_file(CASES["case"][0]))

    def run(command: str, *more: str) -> str:
        main([command, str(data), "--rulebook", str(rulebook), "--assume-none", "elements", *more])
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("case", CASES["case"], ids=[case["sentence"] for case in CASES["case"]])
def test_it_places(rulebook, case):
    holds(case, rulebook_file.load(rulebook))


def test_it_is_checked_when_it_is_read(rulebook):
    content = rulebook.read_text("utf-8")
    for before, after, key in (
        ('["5a", "5b", "5c"]', "[]", f"clauses[{ID}].indicators"),
        ("at_least = 2\nsentence", "at_most = 2\nsentence", f"clauses[{ID}].at_least"),
        ("at_least = 2\nsentence", "at_least = 2\nnewly = true\nsentence", f"clauses[{ID}].newly"),
    ):
        with pytest.raises(rulebook_file.SchemaError) as error:
            rulebook_file.loads(content.replace(before, after, 1))
        assert error.value.key == key


def test_the_shell_places_and_explains_it_in_text_and_json(shell):
    assert json.loads(shell("place", "--format", "json"))[0]["deciding_clause"] == ID
    said = "2 of the named targets missed"
    assert said in shell("explain", "--lea", "9900001")
    why = json.loads(shell("explain", "--lea", "9900001", "--format", "json"))
    rung = next(one for one in why["clauses"] if one["id"] == ID)
    assert rung["outcome"] == "true" and "2 or more of the targets for time" in rung["sentence"]
    assert said in json.dumps(why)


def test_its_threshold_is_swept(shell, rulebook):
    threshold = thresholds.find(rulebook_file.load(rulebook), Setting.parse(f"clauses.{ID}.at_least"))
    assert (threshold.least, threshold.value) == (1, 2)
    assert Disclosure().say(threshold.label) == "Targeted Level 3 from this many of the named targets on"
    lines = shell("sweep", "--vary", f"clauses.{ID}.at_least").splitlines()
    assert [Decimal(line.split(",")[0]) for line in lines[1:]] == [3]
    assert "Targeted Level 3" in lines[1] and "Targeted Level 1" in lines[1]


def test_what_would_turn_it_is_not_searched_and_that_is_said(shell):
    why = json.loads(shell("explain", "--lea", "9900001", "--format", "json"))
    assert "is not searched here" in json.dumps(why["smallest_change"]["less"])
    said = shell("explain", "--lea", "9900001")
    assert "is not searched here" in said and "it is not searched what would turn it" in said


def test_what_moved_it_is_said_with_the_results_that_turned(rulebook):
    before, after = (
        as_file({**CASES["case"][at], "year": year}).decode().splitlines()
        for at, year in ((1, "2022-23"), (0, "2023-24"))
    )
    wanted = before[0].split(",")
    later = dict(zip(after[0].split(","), after[1].split(","), strict=True))
    content = "\n".join([*before, ",".join(later.get(name, "") for name in wanted)]) + "\n"
    data = checked_files.take(content.encode(), "years.csv", assumed_none=["elements"]).dataset
    placements = place(data, rulebook_file.load(rulebook))
    row = data.row_of(str(data.lea_key[0]), "2023-24")
    said = Disclosure().say(since(placements, NO_REFERENCE, row))
    assert "from Targeted Level 1 to Targeted Level 3" in said and "5b" in said


def test_a_change_of_its_number_has_a_name(rulebook):
    setting = Setting.parse(f"clauses.{ID}.at_least")
    label = Disclosure().say(sentences.label_of(rulebook_file.load(rulebook), setting))
    assert "named targets missed" in label
