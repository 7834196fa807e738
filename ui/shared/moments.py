"""Times as a person reads them: in the time of this machine."""

from __future__ import annotations

from datetime import datetime

from cim_core.words.dates import day_said
from ui.shared.words_on_screen import gate, t


def clock(moment: datetime) -> str:
    """The time of day: `10:42`."""
    return moment.astimezone().strftime("%H:%M")


def said(moment: datetime) -> str:
    """Day and time: `29 Nov 2026, 10:42`."""
    return t("moment.said", day=day(moment), time=clock(moment))


def day(moment: datetime) -> str:
    """The day: `29 Nov 2026`."""
    return gate().say(day_said(moment.astimezone().date()))
