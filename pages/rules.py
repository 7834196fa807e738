"""Exactly which rules ran, on which data?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("rules")

from cim_core.rules import rulebook_file  # noqa: E402
from ui.rules import rulebook_panels, rules_panels  # noqa: E402
from ui.shared import html_parts, results  # noqa: E402
from ui.shared.words_on_screen import gate, md, t  # noqa: E402

view = results.view()
rules = view.rulebook if view is not None else results.rulebook()
st.title(md(gate().say(rules.title)), anchor=False)
html_parts.lead(rules_panels.finding(rules))
st.markdown(md(gate().say(rules.about)))

rules_panels.differences(view)
rules_panels.clauses(rules)
rules_panels.targets(rules)
rules_panels.counting(rules)
rules_panels.evaluations(rules, view)
rules_panels.disproportionality(rules)
rules_panels.lag(rules)
rules_panels.tracks(rules)
rules_panels.sources(rules)
raw = results.raw()
st.download_button(
    t("rules.download"),
    lambda: rulebook_file.dumps(raw).encode(),
    file_name="rulebook.toml",
    mime="application/toml",
    key="rules_export",
)
rulebook_panels.type_targets()
