"""Why is this LEA here, and how sure is that?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("lea")

from cim_core.export.meeting import CardKind  # noqa: E402
from ui.lea import lea_head, lea_picker, lea_report, lea_tabs  # noqa: E402
from ui.shared import explained, lag_strip  # noqa: E402

view = frame.need_data()
row = lea_picker.pick(view)
if row is None:
    st.stop()
view = view.around(row)
why = explained.explanation(view, row)
lea_head.show(view, row, why)
lea_tabs.show(view, row, why)
lag_strip.strip(view, (row,), cards=(CardKind.LEA_WHY, CardKind.LEA_NEAR))
lea_report.button(view, row)
