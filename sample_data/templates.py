"""Templates (long and wide, CSV and XLSX) and the data dictionary, made from the indicator catalogue."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import xlsxwriter

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.data.indicators import INDICATORS, Unit
from cim_core.data.race_counts import SEVEN, Area, Group
from cim_core.intake.meanings.layout import IDENTITY
from cim_core.words import messages
from cim_core.words.disclosure import WORKING
from cim_core.words.messages import MessageFamily

LONG = [*IDENTITY, "indicator", "numerator", "denominator", "rate", "note", *FACT_COLUMNS]
COUNTS = ["lea_code", "lea_name", "year", "area", "group", "cell", "total", "note"]
"""The columns of a file of counts by race and ethnicity."""
EXAMPLE = ["9912345", "Example Unified (replace this row)", "Your SELPA", "2024-25"]
_COLUMNS = (*IDENTITY, *FACT_COLUMNS)
_HOLDS = MessageFamily("column.{}.holds", _COLUMNS)
_EXAMPLE = MessageFamily("column.{}.example", _COLUMNS)
_OF_COUNTS = tuple(COUNTS[3:7])
_COUNTS_HOLD = MessageFamily("column_of_counts.{}.holds", _OF_COUNTS)
_COUNTS_EXAMPLE = MessageFamily("column_of_counts.{}.example", _OF_COUNTS)


def wide_columns() -> list[str]:
    """Columns of the wide template in catalogue order."""
    columns = [*IDENTITY, *FACT_COLUMNS]
    for one in INDICATORS:
        parts = {Unit.PERCENT: ("", "_n", "_d"), Unit.POINTS: ("", "_d"), Unit.COUNT: ("",)}[one.unit]
        columns += [one.code + part for part in parts]
    return columns


def dictionary() -> list[list[str]]:
    """The data dictionary: one row per column that an upload may hold."""
    rows = [
        ["column", "what it holds", "unit", "better", "numerator counts", "denominator counts", "example"]
    ]
    for name in _COLUMNS:
        rows.append(
            [
                name,
                messages.text(_HOLDS[name]),
                "",
                "",
                "",
                "",
                messages.text(_EXAMPLE[name]),
            ]
        )
    for one in INDICATORS:
        example = {"percent": "53.2", "points": "-84.5", "count": "0"}[one.unit.value]
        name, label, numerator, denominator = map(
            WORKING.say, (one.name, one.label, one.numerator, one.denominator)
        )
        rows.append([one.code, name, one.unit.value, one.direction.value, numerator, denominator, example])
        if one.unit is Unit.PERCENT:
            rows.append([f"{one.code}_n", f"{label}: numerator", "students", "", numerator, "", "532"])
        if one.unit is not Unit.COUNT:
            rows.append([f"{one.code}_d", f"{label}: denominator", "students", "", "", denominator, "1000"])
    for name in _OF_COUNTS:
        about = (
            messages.text(_COUNTS_HOLD[name]),
            messages.text(_COUNTS_EXAMPLE[name]),
        )
        rows.append([name, about[0], "", "", "", "", about[1]])
    return rows


def counts() -> list[list[str]]:
    """The template for counts by race and ethnicity: one area with every group, for an LEA and the state."""
    cells = (30, 1, 2, 18, 1, 24, 4)
    totals = (520, 8, 90, 120, 6, 220, 36)
    rows = [COUNTS]
    for code, name, times in ((EXAMPLE[0], EXAMPLE[1], 1), ("state", "", 600)):
        numbers = [(cell * times, total * times) for cell, total in zip(cells, totals, strict=True)]
        numbers.append((sum(cell for cell, _ in numbers), sum(total for _, total in numbers)))
        rows += [
            [code, name, EXAMPLE[3], Area.OSS_OVER_10.code, group.code, str(cell), str(total), ""]
            for group, (cell, total) in zip((*SEVEN, Group.TOTAL), numbers, strict=True)
        ]
    return rows


def write_all(folder: Path) -> None:
    """Write the templates and the dictionary into a folder."""
    facts = [messages.text(_EXAMPLE[name]) for name in FACT_COLUMNS]
    wide = [wide_columns(), [*EXAMPLE, *facts]]
    long = [LONG, [*EXAMPLE, "5a", "532", "1000", "53.2", "", *facts]]
    _csv(folder / "template_wide.csv", wide)
    _csv(folder / "template_long.csv", long)
    _csv(folder / "template_counts.csv", counts())
    _csv(folder / "data_dictionary.csv", dictionary())
    _xlsx(folder / "template_wide.xlsx", wide)
    _xlsx(folder / "template_long.xlsx", long)
    _xlsx(folder / "template_counts.xlsx", counts())


def _csv(path: Path, rows: list[list[str]]) -> None:
    width = len(rows[0])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row + [""] * (width - len(row)) for row in rows)


def _xlsx(path: Path, rows: list[list[str]]) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True})
        for title, content in (("data", rows), ("dictionary", dictionary())):
            sheet = book.add_worksheet(title)
            sheet.set_column(0, 0, 16, text)
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(content):
                for column, value in enumerate(row):
                    sheet.write_string(at, column, value, bold if at == 0 else text)
