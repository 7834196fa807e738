"""What does CDE say, and which assumptions fit?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("letters")

from cim_core.export import letter_rows  # noqa: E402
from cim_core.export import rows as export  # noqa: E402
from cim_core.why import region as summary  # noqa: E402
from ui.letters import letter_entry, reconcile_panels  # noqa: E402
from ui.shared import html_parts, lag_strip, letter_panels  # noqa: E402
from ui.shared.words_on_screen import begun, gate, t  # noqa: E402

view = frame.need_data()
rows = summary.region(view.placements, view.year).rows
found = letter_panels.letters(view)

st.title(t("letters.title"), anchor=False)
html_parts.lead(f"{begun(letter_panels.line(view))}.")
letter_entry.doubled(view, rows)
letter_entry.unread(view, found.unread)

if found.any or found.unread:
    st.header(t("letters.beside_title"), anchor=False)
    only = st.toggle(t("letters.only_differing"), key="letters_only", disabled=not found.differs)
    wanted = found.differs if only else [row for row in rows if row not in found.without]
    letter_panels.beside_reading(view, html_parts.page_of(wanted, f"letters_beside_{view.year}"))
    st.download_button(
        t("letters.download"),
        lambda: export.csv_bytes(letter_rows.letter_rows(view.placements, wanted, gate())),
        file_name=f"letters_{view.year}.csv",
        mime="text/csv",
        key="letters_export",
    )

if found.any:
    reconcile_panels.panel(view)

st.header(t("letters.enter_title"), anchor=False)
st.caption(t("letters.enter_help", year=view.year))
by_list, by_choice = st.tabs([t("letters.by_list"), t("letters.by_choice")])
with by_list:
    letter_entry.pasting(view)
with by_choice:
    letter_entry.typing(view, rows)
lag_strip.strip(view)
