"""Exactly which rules ran, on which data?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("rules")

from cim_core.rules import rulebook_file  # noqa: E402
from ui.rules import rule_card, rules_panels  # noqa: E402
from ui.shared import downloads, parts, results  # noqa: E402
from ui.shared.words_on_screen import gate, md, t  # noqa: E402

view = results.view()
rules = view.rulebook if view is not None else results.rulebook()
parts.title(rules_panels.sentence(rules), rules_panels.finding(rules))
parts.show(rule_card.card(rules))
st.caption(md(f"{t('rules.ladder_help')} {gate().say(rules.about)}"))
rules_panels.differences(view, rules)
rules_panels.folds(rules, view)
raw = results.raw()
downloads.button(
    t("rules.download"),
    lambda: rulebook_file.dumps(raw).encode(),
    file_name="rulebook.toml",
    mime="application/toml",
    key="rules_export",
)
