"""Who may sign in?"""

from __future__ import annotations

from ui.shared import frame

frame.enter("people")

from ui.people import people_panels  # noqa: E402

people_panels.show()
