"""Who moves if a rule or the data change?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("whatif")

from ui.letters import reconcile_panels  # noqa: E402
from ui.shared import html_parts, lag_strip  # noqa: E402
from ui.shared.words_on_screen import t  # noqa: E402
from ui.whatif import data_edit_panels, saved_panels, sweep_panels, whatif_panels  # noqa: E402

PARTS = {
    "thresholds": "whatif.parts.thresholds",
    "data": "whatif.parts.data",
    "sweep": "whatif.parts.sweep",
    "questions": "whatif.parts.questions",
    "saved": "whatif.parts.saved",
}

view = frame.need_data()
st.title(t("whatif.title"), anchor=False)
html_parts.unsettled(view)
reconcile_panels.unexplained(view)
part = st.segmented_control(
    t("whatif.part"), list(PARTS), default="thresholds", key="whatif_part", required=True,
    format_func=lambda one: t(PARTS[one]), label_visibility="collapsed",
)  # fmt: skip
if part == "thresholds":
    whatif_panels.tune()
elif part == "data":
    whatif_panels.summary_of(view)
    data_edit_panels.edit_data(view)
elif part == "sweep":
    sweep_panels.sweep_one(view)
elif part == "questions":
    sweep_panels.questions(view)
else:
    saved_panels.saved(view)
lag_strip.strip(view)
