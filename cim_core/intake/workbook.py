"""XLSX workbooks → sheets of text. Sizes are checked on the archive before anything is unpacked."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cim_core.intake.problems import Problem, Severity, UnreadableFileError, refuse

MAX_UNPACKED = 100 * 2**20
MAX_MEMBERS = 200
MAX_SHEETS = 50
MAX_RATIO = 100
_MOST_FORMULAS = 200
_NO_RESULT = re.compile(
    rb'<(?:\w+:)?c\s(?![^>]*t="str")[^>]*?r="([A-Z]+)(\d+)"[^>]*>\s*'
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; a text (`t="str"`) without letters is a result like any other."""
_SMALL = 2**20
"""Archives that unpack to less than this may be as compressible as they like."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows as text from the top, empty lists for empty rows, to be read once and in turn."""

    title: str
    hidden: bool
    rows: Iterator[list[str]]
    problems: list[Problem]


def sheets(content: bytes, file: str) -> Iterator[Sheet]:
    """The sheets of a workbook in its own order. Raises UnreadableFileError with a plain reason."""
    _check_archive(content, file)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        if not book.worksheets or len(book.worksheets) > MAX_SHEETS:
            raise refuse(file, "no_sheet", str(len(book.worksheets)), limit=MAX_SHEETS)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            problems = _uncalculated(content, getattr(sheet, "_worksheet_path", ""), file, sheet.title)
            yield Sheet(sheet.title, sheet.sheet_state != "visible", _rows(sheet), problems)
    finally:
        book.close()


def _uncalculated(content: bytes, part: str, file: str, title: str) -> list[Problem]:
    """Cells that hold a formula and no result at all; an empty text is a result."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = part.lstrip("/")
        xml = archive.read(name) if name in archive.namelist() else b""
    return [
        Problem(Severity.ERROR, "formula", file, title, int(row), letters.decode())
        for letters, row in itertools.islice(_NO_RESULT.findall(xml), _MOST_FORMULAS)
    ]


def _check_archive(content: bytes, file: str) -> None:
    """Refuse archives that unpack too large or are no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members) or 1
            bomb = unpacked > _SMALL and unpacked / packed > MAX_RATIO
            if bomb or unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS:
                size = f"{unpacked / 2**20:.0f} MB"
                raise refuse(file, "unpacks_too_big", size, limit=MAX_UNPACKED // 2**20)
            names = {member.filename for member in members}
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise refuse(file, "not_a_table", "ZIP")
    except UnreadableFileError:
        raise
    except Exception as error:
        raise refuse(file, "damaged_workbook", type(error).__name__) from error


def _rows(sheet: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    for row in sheet:
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def text_of(cell: object) -> str:
    """A workbook cell as a person reads it: percent-formatted numbers as `53.2%`, codes without `.0`."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(value).strip()
    if value != value or abs(value) >= 1e300:
        return str(value)
    number = Decimal(format(value, ".15g"))
    percent = _shown_in_percent(str(getattr(cell, "number_format", "")), float(value))
    written = format(number * 100 if percent else number, "f")
    if "." in written:
        written = re.sub(r"\.?0+$", "", written)
    return written + ("%" if percent else "")


def _shown_in_percent(number_format: str, value: float) -> bool:
    """Whether a format scales by 100: a bare percent sign in the section that applies to the value."""
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.', "", number_format)
    sections = plain.split(";")
    for section in sections:
        condition = re.search(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]", section)
        if condition is None:
            continue
        edge = float(condition[2])
        holds = {
            "<": value < edge, ">": value > edge, "<=": value <= edge, ">=": value >= edge,
            "=": value == edge, "<>": value != edge,
        }[condition[1]]  # fmt: skip
        if holds:
            return "%" in section
    if any("[" in section and re.search(r"\[[<>=]", section) for section in sections):
        return "%" in sections[-1]
    if value < 0 and len(sections) > 1:
        return "%" in sections[1]
    if value == 0 and len(sections) > 2:
        return "%" in sections[2]
    return "%" in sections[0]
