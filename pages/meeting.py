"""What do I show, what do I hand out?"""

from __future__ import annotations

from ui.shared import frame

frame.enter("meeting")

from ui.meeting import editing, showing  # noqa: E402
from ui.shared import address  # noqa: E402

view = frame.need_data()
if address.chosen("card"):
    showing.show(view)
else:
    editing.page(view)
