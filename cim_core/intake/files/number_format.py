"""A spreadsheet's values → the text that a person reads in the cell."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache


def text_of(value: object, number_format: str = "") -> str:
    """A value as a person reads it: percent-formatted numbers as `53.2%`, codes without `.0`, ISO dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value).strip()


def _number(value: float, number_format: str) -> str:
    if value != value or abs(value) >= 1e300:
        return str(value)
    percent = "%" in number_format and _shown_in_percent(number_format, float(value))
    if not percent and float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    number = Decimal(format(value, ".15g"))
    written = format(number * 100 if percent else number, "f")
    if "." in written:
        written = written.rstrip("0").removesuffix(".")
    return written + ("%" if percent else "")


@lru_cache(maxsize=256)
def scales(number_format: str) -> bool:
    """Whether a format scales some values by 100: a percent sign that is neither quoted nor escaped."""
    return "%" in _bare(number_format)


def _bare(number_format: str) -> str:
    return re.sub(r'"[^"]*"|\\.|_.|\*.', "", number_format)


@lru_cache(maxsize=4096)
def _sections(number_format: str) -> tuple[tuple[str, str, float], ...]:
    """The sections of a format, each with its condition: sign and edge, an empty sign for none."""
    found = []
    for section in _bare(number_format).split(";"):
        condition = re.search(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]", section)
        found.append((section, condition[1], float(condition[2])) if condition else (section, "", 0.0))
    return tuple(found)


def _shown_in_percent(number_format: str, value: float) -> bool:
    """Whether a format scales by 100: a bare percent sign in the section that applies to the value."""
    told = _sections(number_format)
    sections = [section for section, _, _ in told]
    for section, sign, edge in told:
        if not sign:
            continue
        holds = {
            "<": value < edge, ">": value > edge, "<=": value <= edge, ">=": value >= edge,
            "=": value == edge, "<>": value != edge,
        }[sign]  # fmt: skip
        if holds:
            return "%" in section
    if any("[" in section and re.search(r"\[[<>=]", section) for section in sections):
        return "%" in sections[-1]
    if value < 0 and len(sections) > 1:
        return "%" in sections[1]
    if value == 0 and len(sections) > 2:
        return "%" in sections[2]
    return "%" in sections[0]
