"""Are my data good enough to place LEAs?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("data")

from ui.data import data_panels, problem_panels, revision_panels, target_panels, upload_panels  # noqa: E402
from ui.lea import in_year_panels  # noqa: E402
from ui.shared import findings, html_parts, my_leas_panels, open_files, results, welcome  # noqa: E402
from ui.shared.words_on_screen import md, t  # noqa: E402

view = results.view()
st.title(t("data.title"), anchor=False)
if view is not None and len(view.intake.dataset):
    html_parts.lead(findings.data(view))
    st.caption(md(t("data.open_file", name=view.intake.dataset.name)))
elif view is not None:
    html_parts.lead(findings.not_yet(view))
elif open_files.link_is_lost():
    welcome.lost()
else:
    html_parts.lead(t("data.nothing"))

if view is None:
    upload_panels.upload(view)
    in_year_panels.hint()
    data_panels.templates()
    st.stop()

upload_panels.replaced()
my_leas_panels.question(view)
upload_panels.files(view)
upload_panels.upload(view)
target_panels.printed(view)
target_panels.sample_letter(view)
data_panels.ask_silent(view)
revision_panels.changes(view)
problem_panels.problems(view)
if len(view.intake.dataset):
    data_panels.unsure(view)
    data_panels.matrix(view)
in_year_panels.hint()
data_panels.templates()
