"""The why of an LEA is made once: a page that was seen before explains and places nothing again."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from cim_core.placing import placement
from cim_core.why import explanation, indicator_why
from tests.ui.sent import headline
from tests.ui.test_pages import app, fine
from ui.shared.kept import kept_results

WATCHED = {explanation.explain: "explain", placement.place: "place", indicator_why.one_indicator: "indicator"}


@pytest.fixture
def calls(monkeypatch) -> Counter[str]:
    """How often each of `WATCHED` is called, by whatever name a module has it."""
    found: Counter[str] = Counter()
    kept_results().clear()

    def counted(work, name):
        def call(*args, **given):
            found[name] += 1
            return work(*args, **given)

        return call

    replaced = {work: counted(work, name) for work, name in WATCHED.items()}
    for name, module in list(sys.modules.items()):
        if name.startswith(("cim_core", "ui")):
            for own, value in list(vars(module).items()):
                if callable(value) and value in replaced:
                    monkeypatch.setattr(module, own, replaced[value])
    return found


@pytest.mark.parametrize(
    ("page", "indicators"), [("start", 0), ("region", 0), ("lea", 3), ("movement", 3), ("whatif", 0)]
)
def test_a_warm_page_explains_nothing_again(calls, page, indicators):
    at = app(data="sample", lea="9910105")
    fine(fine(at.run()).switch_page(f"pages/{page}.py").run())
    if page == "lea":
        assert calls["explain"] == 1
    calls.clear()
    fine(at.run())
    assert (calls["explain"], calls["place"]) == (0, 0)
    assert calls["indicator"] <= indicators, "the rates of one line chart are looked up, not a region's"


def test_another_lea_is_explained_once(calls):
    at = app(data="sample", lea="9910105")
    fine(fine(at.run()).switch_page("pages/lea.py").run())
    calls.clear()
    fine(at.selectbox(key="pick_lea").set_value("9910112").run())
    assert headline(at) == "Quince Valley Elementary"
    assert calls["explain"] == 1
