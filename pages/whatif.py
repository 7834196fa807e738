"""Who moves if a rule or the data change?"""

from __future__ import annotations

from ui.shared import frame

frame.enter("whatif")

from cim_core.export.meeting import CardKind  # noqa: E402
from ui.shared import html_parts, lag_strip, letter_panels, meeting_view  # noqa: E402
from ui.whatif import whatif_panels  # noqa: E402

view = frame.need_data()
whatif_panels.tune()
html_parts.unsettled(view)
meeting_view.caveat()
letter_panels.unexplained(view)
lag_strip.strip(view, cards=() if view.scenario.is_empty else (CardKind.WHATIF,))
