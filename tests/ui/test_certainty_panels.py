"""How sure: near in students on top, chance in the fold with its table, and a long wait is asked for."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.certainty.intervals import Method
from cim_core.rules.tiers import NOT_PLACED
from cim_core.words import messages
from tests.conftest import sample_placements
from ui.lea import certainty_panels


def page(lea: str = "9910112") -> None:
    import streamlit as st

    from ui.lea import certainty_panels
    from ui.shared import open_files, results

    st.session_state["at_data"] = open_files.SAMPLE
    st.session_state["at_lea"] = lea
    view = results.view()
    assert view is not None
    row = view.placements.dataset.row_of(view.lea, view.year)
    assert row is not None
    certainty_panels.how_sure(view, row)


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


@pytest.fixture
def fresh():
    import streamlit as st

    st.cache_resource.clear()
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["certainty"] = True
    return app


def test_folded_it_is_not_worked_out(monkeypatch):
    monkeypatch.setattr(certainty_panels.chance, "certainty", None)
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception and app.expander[0].label == messages.text("certainty.title")
    assert not app.radio


def test_how_near_is_the_headline_and_no_share_is(fresh):
    app = fresh.run()
    assert not app.exception
    said = next(plain(one.value) for one in app.markdown if one.value.startswith("**How sure:**"))
    assert said.startswith("**How sure:** Fragile: 1 student decides: ")
    label = plain(app.expander[0].label)
    assert label == messages.text("certainty.title") and "1,000" not in label + said
    assert messages.text("certainty.no_appeal") in plain(" ".join(one.value for one in app.caption))
    inside = " ".join(one.value for one in app.expander[0].markdown)
    assert "counts of areas" in inside and "findings" in inside
    assert app.radio(key="certainty_interval").value == "wilson"
    app.radio(key="certainty_interval").set_value(Method.CLOPPER_PEARSON).run()
    assert not app.exception and plain(app.expander[0].label) == label


def test_what_is_not_placed_in_any_year_is_kept_short():
    placements = sample_placements()
    rows = placements.dataset.rows_of_year("2024-25").tolist()
    nowhere = next(row for row in rows if placements.placement(row) == NOT_PLACED)
    lea = str(placements.dataset.lea_code[nowhere])
    app = AppTest.from_function(page, args=(lea,), default_timeout=30).run()
    assert not app.exception and not app.expander and not app.get("plotly_chart")
    said = plain(app.markdown[0].value)
    assert said == "**How sure:** Not tested: it is not placed, because too little is known."


def test_rates_stand_closest_to_even_first(fresh):
    app = fresh.run()
    told = plain(" ".join(one.value for one in app.caption))
    assert "closest to even first" in told and "least sure" not in told
    table = next(one.proto.body for one in app.get("html") if "Target missed in" in one.proto.body)
    cells = re.findall(r"([\d,]+) of 1,000|(kept fixed)", table)
    even = [-1 if held else min(int(n.replace(",", "")), 1000 - int(n.replace(",", ""))) for n, held in cells]
    assert even == sorted(even, reverse=True) and len(set(even)) > 3 and even[-1] == -1


def test_where_it_takes_long_it_is_asked_for_once(fresh, monkeypatch):
    monkeypatch.setattr(certainty_panels, "_AT_SIGHT", 10)
    app = fresh.run()
    assert not app.radio
    app.button(key="certainty_start").click().run()
    assert not app.exception
    assert len(app.button) == 0 and len(app.expander) == 1
    assert "of 1,000" in plain(" ".join(one.value for one in app.expander[0].markdown))
