"""The example row of a template, left in an upload, is read and said."""

from __future__ import annotations

import pytest

from cim_core import intake
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.conftest import ROOT

SAMPLES = ROOT / "sample_data"
TEMPLATES = sorted(path.name for path in SAMPLES.glob("template_*"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_warns_once_of_its_own_example(name):
    taken = checked_files.read_path(SAMPLES / name)
    (found,) = [one for one in taken.problems if one.kind == "template_row"]
    assert found.severity is Severity.WARNING and found.row == 2 and found.lea_code == "9912345"
    said = found.sentence()
    assert name in said and "row 2" in said and "Example Unified (replace this row)" in said
    assert "Delete this row" in said
    assert not taken.errors and len(taken.dataset) == 1


@pytest.mark.parametrize("name", ["template_wide.csv", "template_long.csv", "template_counts.csv"])
def test_once_it_is_replaced_there_is_nothing_to_say(name):
    text = (SAMPLES / name).read_text("utf-8-sig")
    own = text.replace("Example Unified (replace this row)", "Oak Unified").replace("9912345", "9900001")
    assert "template_row" not in {one.kind for one in checked_files.take(own.encode(), name).problems}
    both = own + text.partition("\n")[2]
    (found,) = [one for one in checked_files.take(both.encode(), name).problems if one.kind == "template_row"]
    assert found.row == len(own.splitlines()) + 1


def test_a_file_of_counts_only_says_of_itself_that_it_is_one():
    names = ("template_counts.csv", "invented_counts.csv", "invented_selpa.csv", "template_wide.csv")
    only = [checked_files.read_path(SAMPLES / name).dataset.holds_only_counts for name in names]
    assert only == [True, True, False, False]
    both = checked_files.read_all(
        [intake.open_path(SAMPLES / name) for name in ("invented_counts.csv", "template_wide.csv")]
    )
    assert both.dataset.counts is not None and not both.dataset.holds_only_counts
