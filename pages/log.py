"""Who did what, and when?"""

from __future__ import annotations

from ui.shared import frame

frame.enter("log")

from ui.log import log_panels  # noqa: E402
from ui.shared import address, parts  # noqa: E402
from ui.shared.words_on_screen import t  # noqa: E402

parts.title(t("log.title"), t("log.help"))
log_panels.show()
parts.show(parts.link(t("log.back"), address.to("library"), "cim-btn"))
