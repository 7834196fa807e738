"""What have I kept, and what changed?"""

from __future__ import annotations

from ui.shared import frame

frame.enter("library")

from ui.library import library_panels  # noqa: E402

library_panels.page()
