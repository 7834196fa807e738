"""Bytes → tables of text, with limits that are checked before anything is parsed."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cim_core.intake import workbook
from cim_core.intake.problems import Problem, Severity, UnreadableFileError, refuse, shown

MAX_BYTES = 10 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 10_000
_DELIMITERS = ",\t;|"
_LOOKED_AT = 60
_NOT_TEXT = (b"\x89PNG", b"%PDF", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b\x08", b"SQLi")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as text: all rows from the top, the first of them numbered `first_row` as a person counts."""

    file: str
    sheet: str
    rows: list[list[str]]
    first_row: int = 1
    problems: tuple[Problem, ...] = ()
    hidden: bool = False

    def problem(self, kind: str, severity: Severity, found: str = "", **values: str | int) -> Problem:
        """A problem of the sheet as a whole."""
        return Problem(severity, kind, self.file, self.sheet, found=shown(found), values=values)

    def problem_at(
        self, kind: str, severity: Severity, at: int, column: str = "", found: str = ""
    ) -> Problem:
        """A problem in the row at index `at`."""
        return Problem(severity, kind, self.file, self.sheet, self.first_row + at, column, shown(found))


def read(content: bytes, file: str) -> list[Table]:
    """The tables of a CSV or XLSX file, visible sheets first. Raises UnreadableFileError, saying why."""
    if len(content) > MAX_BYTES:
        raise refuse(file, "too_big", f"{len(content) / 2**20:.1f} MB", limit=MAX_BYTES // 2**20)
    if not content.strip(b"\x00\r\n\t ,;\xef\xbb\xbf"):
        raise refuse(file, "empty")
    if content[:4] == b"PK\x03\x04":
        return _workbook(content, file)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refuse(file, "password" if _PASSWORD in content else "old_workbook", "XLS")
    if content.startswith(_NOT_TEXT):
        raise refuse(file, "not_a_table")
    return [_text(content, file)]


def _text(content: bytes, file: str) -> Table:
    decoded, problems = _decode(content, file)
    if "\x00" in decoded:
        raise refuse(file, "not_a_table")
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=_delimiter(decoded), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(_checked(row, len(rows) + 1, file))
    except csv.Error as error:
        kind = "cell_too_long" if "field limit" in str(error) else "open_quote"
        problem = Problem(Severity.ERROR, kind, file, row=len(rows) + 1, values={"limit": MAX_CELL})
        raise UnreadableFileError(problem) from error
    return Table(file, "", rows, problems=problems)


def _delimiter(decoded: str) -> str:
    """The sign that cuts most of the first rows into one and the same number of columns, more than one."""
    lines = decoded.splitlines(keepends=True)[:_LOOKED_AT]

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((often, width) for width, often in widths.items()), default=(0, 0))

    return max(_DELIMITERS, key=columns)


def _decode(content: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _utf_16(content, "utf-16", file), ()
    head = content[:200]
    if 3 * head.count(0) > len(head):
        return _utf_16(content, "utf-16-be" if content[0] == 0 else "utf-16-le", file), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        mostly = content.decode("utf-8-sig", "replace")
        damaged = mostly.count("\ufffd")
        if damaged <= sum(map(str.isalpha, re.findall(r"[^\x00-\x7f]", mostly))):
            row = content.count(b"\n", 0, error.start) + 1
            return mostly, (Problem(Severity.WARNING, "bad_bytes", file, row=row),)
    try:
        return content.decode("cp1252"), ()
    except UnicodeDecodeError:
        return content.decode("latin-1"), ()


def _utf_16(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(file, "not_a_table") from error


def clean(cell: str) -> str:
    """A cell as one line: control characters and line breaks become blanks, invisible marks go."""
    if cell.isprintable():
        return cell.strip()
    plain = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", cell)
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u00a0\u2028\u2029]+", " ", plain).strip()


def _checked(row: Iterable[str], number: int, file: str, counted: int | None = None) -> list[str]:
    """A row made clean; `counted` rows hold anything so far. Raises UnreadableFileError beyond the limits."""
    cells = list(row)
    if (number if counted is None else counted) > MAX_ROWS + 100:
        raise refuse(file, "too_many_rows", limit=MAX_ROWS)
    if len(cells) > MAX_COLUMNS:
        while len(cells) > MAX_COLUMNS and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise refuse(file, "too_many_columns", str(len(cells)), limit=MAX_COLUMNS)
    if any(len(cell) > MAX_CELL for cell in cells):
        problem = Problem(Severity.ERROR, "cell_too_long", file, row=number, values={"limit": MAX_CELL})
        raise UnreadableFileError(problem)
    return [clean(cell) for cell in cells]


def _workbook(content: bytes, file: str) -> list[Table]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [_sheet(sheet, file) for sheet in workbook.sheets(content, file)]
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it can be damaged
        raise refuse(file, "damaged_workbook", type(error).__name__) from error
    if sum(sum(map(bool, table.rows)) for table in found) > MAX_ROWS:
        raise refuse(file, "too_many_rows", limit=MAX_ROWS)
    return sorted(found, key=lambda table: table.hidden)


def _sheet(sheet: workbook.Sheet, file: str) -> Table:
    rows: list[list[str]] = []
    counted = 0
    for number, row in enumerate(sheet.rows, start=1):
        counted += bool(row)
        rows.append(_checked(row, number, file, counted) if row else row)
    return Table(file, sheet.title, rows, problems=tuple(sheet.problems), hidden=sheet.hidden)
