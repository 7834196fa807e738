"""Write docs/what-you-can-upload.md from the readers themselves: `python -m docs.make`."""

from __future__ import annotations

from pathlib import Path

from cim_core.intake import LAYOUT_ABOUT, LAYOUT_TITLED, LAYOUTS, limits
from cim_core.intake.files import tables
from cim_core.intake.meanings.layout import Layout
from cim_core.intake.questions import Ask
from cim_core.placing.apart import Limits
from cim_core.words import messages
from cim_core.words.messages import MessageFamily

PATH = Path(__file__).parent / "what-you-can-upload.md"
_ASKED = MessageFamily("guide.asked.{}", tuple(Ask))


def page() -> str:
    """The whole page as Markdown."""
    most: dict[str, str | int] = {
        "megabytes": limits.MAX_BYTES // 2**20,
        "unpacked": limits.MAX_UNPACKED // 2**20,
        "rows": limits.MAX_ROWS,
        "leas": limits.MAX_LEAS,
        "lea_years": limits.MAX_LEA_YEARS,
        "columns": limits.MAX_COLUMNS,
        "cells": limits.MAX_CELLS,
        "characters": limits.MAX_CELL,
        "sheets": limits.MAX_SHEETS,
        "strings": limits.MAX_STRINGS,
        "letters": limits.MAX_LETTERS // 2**20,
        "blocks": limits.MAX_BLOCKS,
        "repeated": limits.MAX_REPEATED,
        "blanks": limits.MAX_BLANKS,
        "unplaced": limits.MAX_UNPLACED,
        "depth": limits.MAX_DEPTH,
        "members": limits.MAX_MEMBERS,
        "ratio": limits.MAX_RATIO,
        "format": limits.MAX_FORMAT,
        "styles": limits.MAX_STYLES,
        "records": limits.MAX_RECORDS,
        "processor": Limits().processor,
        "deadline": Limits().deadline,
        "memory": Limits().memory // 2**30,
        "at_once": Limits().at_once,
        "endings": ", ".join(one.upper() for one in tables.SUFFIXES),
    }
    parts = [
        messages.text("guide.intro"),
        messages.text("guide.limits", **most),
        messages.text("guide.students"),
    ]
    parts += [messages.text("guide.layouts"), *(_layout(one) for one in LAYOUTS)]
    parts += [messages.text("guide.headers"), messages.text("guide.other"), messages.text("guide.so_far")]
    asked = "\n".join(f"- {messages.text(_ASKED[one])}" for one in Ask)
    parts += [messages.text("guide.questions"), asked, messages.text("guide.problems")]
    return "\n\n".join(parts) + "\n"


def _layout(one: Layout) -> str:
    title, about = messages.text(LAYOUT_TITLED[one.id]), messages.text(LAYOUT_ABOUT[one.id])
    return f"### {title}\n\n{about}\n\n```\n{one.example.rstrip()}\n```"


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
