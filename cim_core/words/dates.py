"""Days as messages: `15 Nov 2026`."""

from __future__ import annotations

from datetime import date

from cim_core.words.messages import Message, MessageFamily, given, message

_MONTHS = MessageFamily("date.month.{}", tuple(range(1, 13)))


def day_said(day: date) -> Message:
    """A day as a reader writes it."""
    return message("date.day", day=str(day.day), month=message(_MONTHS[day.month]), year=str(day.year))


def day_and_month(day: int, month: int) -> Message:
    """A day of every year."""
    return message("date.every_year", day=str(day), month=message(_MONTHS[month]))


def written_day(written: str) -> Message:
    """A day that data hold as `2026-11-15`; what is no such day stays as it is written."""
    try:
        return day_said(date.fromisoformat(written))
    except ValueError:
        return given(written)
