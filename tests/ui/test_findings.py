"""What a page opens with: a file of counts only says what is lacking."""

from __future__ import annotations

from tests.ui.test_pages import ROOT, app, shown, step, upload


def test_counts_only_say_that_the_indicators_are_lacking():
    content = (ROOT / "sample_data" / "invented_counts.csv").read_bytes()
    text = shown(step(upload(app(), "counts.csv", content), "result"))
    assert (
        "This file has only counts by race and ethnicity. "
        "Add the file with the indicators, then LEAs can be placed."
    ) in text
    whole = (ROOT / "sample_data" / "invented_selpa.csv").read_bytes()
    assert "has only counts" not in shown(step(upload(app(), "all.csv", whole), "result"))
