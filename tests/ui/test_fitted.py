"""Rules that were fitted to letters say so in what stands above every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Fitted
from cim_core.rules.rulebook_values import as_raw
from cim_core.words.messages import given
from tests.ui.test_pages import app, fine, shown
from ui.shared import shelf

BANNER = (
    "Rules fitted to your letters: they explain 11 of 12, and 3 other settings that were tried do so equally "
    "well. Not CDE's rules."
)


@pytest.fixture
def rulebook_id() -> str:
    rules = replace(
        rulebook_file.load(), id="fitted", official=False, title=given("Ours"), fitted=Fitted(12, 11, 3)
    )
    text = rulebook_file.dumps(as_raw(rules))
    return shelf.shelf().put("Ours", text.encode(), shelf.OWN)


def test_the_banner_stands_above_the_page(rulebook_id):
    at = fine(app(data="sample", rulebook=rulebook_id).run())
    assert shown(at).count(BANNER) == 1 and "Rules: Ours (not CDE's)" in shown(at)
    empty = fine(app(rulebook=rulebook_id).run())
    assert shown(empty).count(BANNER) == 1


def test_the_shipped_rules_have_none():
    assert "Rules fitted" not in shown(fine(app(data="sample").run()))
