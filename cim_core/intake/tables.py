"""Bytes → tables of text, with limits that are checked before anything is parsed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cim_core.intake.problems import Problem, Severity, UnreadableFileError, shown

MAX_BYTES = 25 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as text: all rows from the top, the first of them numbered `first_row` as a person counts."""

    file: str
    sheet: str
    rows: list[list[str]]
    first_row: int = 1

    def problem(self, kind: str, severity: Severity, found: str = "", **values: str | int) -> Problem:
        return Problem(severity, kind, self.file, self.sheet, found=shown(found), values=values)


def read(content: bytes, file: str) -> list[Table]:
    """The tables of a CSV or XLSX file. Raises UnreadableFileError with a plain reason."""
    if len(content) > MAX_BYTES:
        raise _refuse(file, "too_big", f"{len(content) / 2**20:.1f} MB", limit=MAX_BYTES // 2**20)
    if not content.strip(b"\x00\r\n\t ,;\xef\xbb\xbf"):
        raise _refuse(file, "empty")
    if content[:4] == b"PK\x03\x04":
        return _workbook(content, file)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refuse(file, "old_workbook", "XLS")
    if content[:4] in (b"\x89PNG", b"%PDF", b"GIF8", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08\x00"):
        raise _refuse(file, "not_a_table")
    return [_text(content, file)]


def _refuse(file: str, kind: str, found: str = "", **values: str | int) -> UnreadableFileError:
    return UnreadableFileError(Problem(Severity.ERROR, kind, file, found=shown(found), values=values))


def _text(content: bytes, file: str) -> Table:
    decoded = _decode(content, file)
    if "\x00" in decoded:
        raise _refuse(file, "not_a_table")
    first = next((line for line in decoded.splitlines() if line.strip()), "")
    delimiter = max(",\t;|", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=False):
            _check_size(len(rows) + 1, len(row), file)
            rows.append([_clean(cell) for cell in row])
    except csv.Error as error:
        raise _refuse(file, "not_a_table", str(error)) from error
    return Table(file, "", rows)


def _decode(content: bytes, file: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _refuse(file, "not_a_table") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _clean(cell: str) -> str:
    return cell.replace("\u00a0", " ").strip()


def _check_size(rows: int, columns: int, file: str) -> None:
    if rows > MAX_ROWS + 100:
        raise _refuse(file, "too_many_rows", limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise _refuse(file, "too_many_columns", str(columns), limit=MAX_COLUMNS)


def _workbook(content: bytes, file: str) -> list[Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            unpacked = sum(member.file_size for member in members)
            if unpacked > MAX_UNPACKED or len(members) > 2000:
                raise _refuse(
                    file, "unpacks_too_big", f"{unpacked / 2**20:.0f} MB", limit=MAX_UNPACKED // 2**20
                )
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise _refuse(file, "not_a_table", "ZIP")
        from openpyxl import load_workbook

        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it can be damaged
        raise _refuse(file, "damaged_workbook", type(error).__name__) from error
    try:
        return [Table(file, sheet.title, list(_sheet(sheet, file))) for sheet in workbook.worksheets]
    except UnreadableFileError:
        raise
    except Exception as error:
        raise _refuse(file, "damaged_workbook", type(error).__name__) from error
    finally:
        workbook.close()


def _sheet(sheet: Iterable[Iterable[object]], file: str) -> Iterator[list[str]]:
    blank = 0
    for number, row in enumerate(sheet, start=1):
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        _check_size(number - blank, len(cells), file)
        if number > 1_048_576:
            return
        blank = 0 if cells else blank + 1
        yield cells


def _cell(cell: object) -> str:
    """A workbook cell as a person reads it: percent-formatted numbers in percent, codes without `.0`."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        number = Decimal(format(value, ".15g")) if value == value and abs(value) < 1e300 else None
        if number is None:
            return str(value)
        if "%" in str(getattr(cell, "number_format", "")):
            number *= 100
        written = format(number, "f")
        return re.sub(r"\.?0+$", "", written) if "." in written else written
    return _clean(str(value)[: MAX_CELL * 2])
