"""Rules that somebody makes on a page: kept and chosen at once, or why they cannot be."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cim_core.rules import rulebook_file
from cim_core.rules.toml_table import Raw
from ui.shared import results
from ui.shared.words_on_screen import md, t, why


def become(make: Callable[[], Raw]) -> None:
    """Go on by the rules that `make` gives; what is wrong with them is said in their place."""
    try:
        results.own_rulebook(rulebook_file.dumps(make()))
    except Exception as error:
        st.error(md(why(error, t("unexpected.rulebook"))))
        return
    st.rerun()
