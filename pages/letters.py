"""What does CDE say, and which assumptions fit?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("letters")

from cim_core.export import letter_rows  # noqa: E402
from cim_core.export import rows as export  # noqa: E402
from cim_core.why import region as summary  # noqa: E402
from ui.letters import letter_entry, letter_table, reconcile_panels  # noqa: E402
from ui.shared import downloads, html_parts, lag_strip, letter_panels, parts  # noqa: E402
from ui.shared.words_on_screen import begun, gate, t  # noqa: E402

view = frame.need_data()
rows = summary.region(view.placements, view.year).rows
found = letter_panels.letters(view)

parts.title(f"{begun(letter_panels.line(view))}.")
letter_entry.doubled(view, rows)
letter_entry.unread(view, found.unread)

if found.any or found.unread:
    only = st.toggle(t("letters.only_differing"), key="letters_only", disabled=not found.differs)
    wanted = found.differs if only else [row for row in rows if row not in found.without]
    on_page = html_parts.page_of(wanted, f"letters_beside_{view.year}")
    parts.show(letter_table.beside_reading(view, on_page))
    downloads.button(
        t("letters.download"),
        lambda: export.csv_bytes(letter_rows.letter_rows(view.placements, wanted, gate())),
        file_name=f"letters_{view.year}.csv",
        mime="text/csv",
        key="letters_export",
    )

if found.any:
    reconcile_panels.panel(view)

with st.container(key="letters_entry"):
    parts.show(parts.heading(t("letters.enter_title"), t("letters.enter_help", year=view.year)))
    names = [t("letters.by_list"), t("letters.by_choice")]
    by_list, by_choice = st.tabs(names, key="letters_by", on_change="rerun")
    with by_list:
        letter_entry.pasting(view)
    if by_choice.open or st.session_state.get("letters_chosen"):
        st.session_state["letters_chosen"] = (
            True  # from then on, so that what is chosen and not saved is kept
        )
        with by_choice:
            letter_entry.typing(view, rows)
lag_strip.strip(view)
