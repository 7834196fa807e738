"""Bytes → tables of text, with limits that are checked before anything is parsed."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from cim_core.data.outside import without_invisible
from cim_core.intake import limits
from cim_core.intake.files import archive, encoding, ods, workbook, xls
from cim_core.intake.files.sheets import Merged, Sheet, plain_cell, plain_titles
from cim_core.intake.problems import Problem, Severity, UnreadableFileError, refuse, shown
from cim_core.words.messages import HowMany, Value

SUFFIXES = ("csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xls", "ods")
_DELIMITERS = ",\t;|^"
csv.field_size_limit(limits.MAX_BYTES)
_BLANKS = re.compile(r"[ \u00a0]{2,}|\t")
_LOOKED_AT = 60
_MOST_ASIDE = 100
"""So many rows may be set aside for a cell that is too long; then it is another kind of file."""
_START = 200_000
_MOST_SHARED = 100_000
_NOT_TEXT = (
    b"\x89PNG", b"%PDF", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b\x08", b"SQLi", b"7z\xbc\xaf", b"Rar!", b"BM",
    b"II*\x00", b"MM\x00*", b"RIFF", b"\x00\x00\x00\x18ftyp", b"{\\rtf", b"PAR1", b"ARROW1",
)  # fmt: skip
_PICTURE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+|<!doctype\s+svg[^>]*>\s*+)*+<(?:svg:)?svg\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*+(?:<!doctype\s+html|<html|<table|<\?xml)", re.IGNORECASE)
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS = {"XLSX": ("xlsx", "xlsm"), "XLS": ("xls",), "ODS": ("ods",)}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as text: all rows from the top, the first of them numbered `first_row` as a person counts."""

    file: str
    sheet: str
    rows: list[list[str]]
    first_row: int = 1
    problems: tuple[Problem, ...] = ()
    hidden: bool = False
    merged: tuple[Merged, ...] = ()
    unsure: bool = False
    """Whether the rows may be persons: then no value of theirs is repeated anywhere."""

    def told(self, values: str) -> str:
        """A text made of values as far as it may be repeated: nothing where they may be persons'."""
        return "" if self.unsure else values

    def problem(self, kind: str, severity: Severity, found: str = "", **values: Value) -> Problem:
        """A problem of the sheet as a whole."""
        return Problem(severity, kind, self.file, self.sheet, found=shown(found), values=values)

    def problem_at(
        self, kind: str, severity: Severity, at: int, column: str = "", found: str = ""
    ) -> Problem:
        """A problem in the row at index `at`."""
        told = self.told(shown(found))
        return Problem(severity, kind, self.file, self.sheet, self.first_row + at, column, told)


def tables_of(content: bytes, file: str) -> list[Table]:
    """The tables of a text file or workbook, visible sheets first. Raises UnreadableFileError, saying why.

    What a file is, its bytes decide; an ending that says something else is a note.
    """
    if len(content) > limits.MAX_BYTES:
        raise refuse(
            file, "too_big", f"{len(content) / 2**20:.1f} MB", limit=HowMany(limits.MAX_BYTES // 2**20)
        )
    if not content.strip(b"\x00\r\n\t ,;\xef\xbb\xbf"):
        raise refuse(file, "empty")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _workbook(content, file)
    if content[:8] == _OLE:
        if _PASSWORD in content:
            raise refuse(file, "password", "XLS")
        return _sheets(lambda: xls.sheets(content, file), file, "XLS")
    if content.startswith(_NOT_TEXT) or _PICTURE.match(content[:4_000]):
        raise refuse(file, "not_a_table")
    if _MARKUP.match(content[:200]):
        raise refuse(file, "web_page")
    table = _text(content, file)
    if _ending(file) in {suffix for suffixes in _WORKBOOKS.values() for suffix in suffixes}:
        table = replace(table, problems=(*table.problems, _other_ending(file, "CSV")))
    return [table]


def _ending(file: str) -> str:
    return PurePath(file).suffix.lstrip(".").casefold()


def _other_ending(file: str, kind: str) -> Problem:
    return Problem(Severity.NOTE, "other_ending", file, found=kind, values={"ending": _ending(file) or "–"})


def _text(content: bytes, file: str) -> Table:
    decoded, problems = encoding.decode(content, file)
    if "\x00" in decoded:
        raise refuse(file, "not_a_table")
    delimiter = _delimiter(decoded)
    aside: list[Problem] = []
    if not delimiter:
        lines = (_BLANKS.split(line.strip()) for line in decoded.splitlines())
        return Table(
            file, "", [_checked(row, at, file, aside) for at, row in enumerate(lines, 1)],
            problems=(*problems, *aside),
        )  # fmt: skip
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    shared: dict[str, str] = {}
    cells = 0
    try:
        for row in reader:
            whole = "".join(row)
            if ("\n" in whole or "\r" in whole) and _swallowed(row, rows, delimiter):
                raise UnreadableFileError(Problem(Severity.ERROR, "open_quote", file, row=len(rows) + 1))
            rows.append(_once(_checked(row, len(rows) + 1, file, aside), shared))
            cells += len(row)
            if cells > limits.MAX_CELLS:
                raise refuse(file, "too_many_cells", limit=f"{limits.MAX_CELLS:,}")
    except csv.Error as error:
        kind = "cell_too_long" if "field limit" in str(error) else "open_quote"
        problem = Problem(
            Severity.ERROR, kind, file, row=len(rows) + 1, values={"limit": HowMany(limits.MAX_CELL)}
        )
        raise UnreadableFileError(problem) from error
    return Table(file, "", rows, problems=(*problems, *aside))


def _once(row: list[str], shared: dict[str, str]) -> list[str]:
    """The row with equal texts held once: most cells of a table are written in other rows as well."""
    if len(shared) > _MOST_SHARED:
        shared.clear()
    return [shared.setdefault(cell, cell) for cell in row]


def raw_rows(content: bytes, file: str) -> Iterator[list[str]]:
    """The rows of a delimited text as they stand, unchecked; none of a workbook or of anything else."""
    if content[:4] == b"PK\x03\x04" or content[:8] == _OLE or b"\x00" in content[:_START]:
        return
    decoded, _ = encoding.decode(content, file)
    delimiter = _delimiter(decoded)
    if delimiter:
        try:
            yield from csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
        except csv.Error:
            return


def _swallowed(row: list[str], rows: list[list[str]], delimiter: str) -> bool:
    """Whether a cell with line breaks holds further rows of the table, between two stray quotation marks."""
    width = max((len(one) for one in rows[:_LOOKED_AT]), default=0)
    lines = [line for cell in row for line in re.split(r"\r\n|\n|\r", cell)[1:]]
    as_wide = any(line.count(delimiter) == width - 1 for line in lines) if width > 2 else False
    return as_wide or any(re.match(rf'\s*"?\d{{6,14}}"?\s*{re.escape(delimiter)}', line) for line in lines)


def _delimiter(decoded: str) -> str:
    """The sign that cuts most of the first rows into one and the same number of columns, more than one.

    Empty when there is none, but blanks stand in columns: text copied from a page.
    """
    lines = first_lines(decoded)

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((often, width) for width, often in widths.items()), default=(0, 0))

    best = max(_DELIMITERS, key=columns)
    blanks = Counter(len(_BLANKS.split(line.strip())) for line in lines if _BLANKS.search(line.strip()))
    often = max(((count, width) for width, count in blanks.items()), default=(0, 0))
    return "" if often > columns(best) and "\t" not in "".join(lines) else best


def first_lines(decoded: str) -> list[str]:
    """The first lines of a text, whatever ends them, without splitting the rest of it."""
    return decoded[:_START].splitlines(keepends=True)[:_LOOKED_AT]


def clean(cell: str) -> str:
    """A cell as one line: control characters and line breaks become blanks, invisible marks go."""
    return plain_cell(cell)


def _checked(
    cells: list[str], number: int, file: str, aside: list[Problem], counted: int | None = None
) -> list[str]:
    """A row made clean; `counted` rows hold anything so far. Raises UnreadableFileError beyond the limits.

    A row with a cell that is too long is left blank, with a problem in `aside`.
    """
    if (number if counted is None else counted) > limits.MAX_ROWS + 100:
        raise refuse(file, "too_many_rows", limit=HowMany(limits.MAX_ROWS))
    if len(cells) > limits.MAX_COLUMNS:
        _cut_blank_end(cells, file)
    whole = "".join(cells)
    if len(whole) > limits.MAX_CELL and any(len(cell) > limits.MAX_CELL for cell in cells):
        if len(aside) >= _MOST_ASIDE:
            raise refuse(file, "cell_too_long", limit=HowMany(limits.MAX_CELL))
        values = {"limit": HowMany(limits.MAX_CELL)}
        aside.append(Problem(Severity.ERROR, "row_aside", file, row=number, values=values))
        return []
    if whole.isprintable() and without_invisible(whole) == whole:
        return [cell.strip() for cell in cells] if " " in whole else cells
    return [clean(cell) for cell in cells]


def _cut_blank_end(cells: list[str], file: str) -> None:
    """Drop blank cells at the end of a row that is too wide. Raises UnreadableFileError where it still is."""
    while len(cells) > limits.MAX_COLUMNS and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.MAX_COLUMNS:
        raise refuse(file, "too_many_columns", str(len(cells)), limit=HowMany(limits.MAX_COLUMNS))


def _workbook(content: bytes, file: str) -> list[Table]:
    packed = archive.unpack(content, file)
    if packed.member("xl/workbook.xml"):
        return _sheets(lambda: workbook.sheets(packed, file), file, "XLSX")
    if b"opendocument.spreadsheet" in packed.member("mimetype") and packed.member("content.xml"):
        return _sheets(lambda: ods.sheets(packed, file), file, "ODS")
    raise refuse(file, "not_a_table", "ZIP")


def _sheets(opened: Callable[[], Iterable[Sheet]], file: str, kind: str) -> list[Table]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = _Held(file)
            found = _titled([_sheet(sheet, file, held) for sheet in opened()])
    except UnreadableFileError:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a damaged workbook fails in many ways; Rust's panics are no Exception
        raise refuse(file, "damaged_workbook", type(error).__name__) from error
    if sum(sum(map(bool, table.rows)) for table in found) > limits.MAX_ROWS:
        raise refuse(file, "too_many_rows", limit=HowMany(limits.MAX_ROWS))
    if _ending(file) not in _WORKBOOKS[kind] and found:
        found[0] = replace(found[0], problems=(*found[0].problems, _other_ending(file, kind)))
    return sorted(found, key=lambda table: table.hidden)


def _titled(found: list[Table]) -> list[Table]:
    """The tables of a workbook under names that a person can read and tell apart."""
    titles = plain_titles([table.sheet for table in found])
    return [
        table
        if title == table.sheet
        else replace(
            table, sheet=title, problems=tuple(replace(problem, sheet=title) for problem in table.problems)
        )
        for table, title in zip(found, titles, strict=True)
    ]


@dataclass(slots=True)
class _Held:
    """How many cells and letters the sheets of a workbook hold, repeated texts as often as they are shown."""

    file: str
    cells: int = 0
    letters: int = 0

    def add(self, row: list[str]) -> None:
        """Count a row in. Raises UnreadableFileError beyond the limits."""
        self.cells += len(row)
        self.letters += sum(map(len, row))
        if self.cells > limits.MAX_CELLS:
            raise refuse(self.file, "too_many_cells", limit=f"{limits.MAX_CELLS:,}")
        if self.letters > limits.MAX_LETTERS:
            raise refuse(self.file, "unpacks_too_big", limit=HowMany(limits.MAX_UNPACKED // 2**20))


def _sheet(sheet: Sheet, file: str, held: _Held) -> Table:
    rows: list[list[str]] = []
    counted = 0
    aside: list[Problem] = []
    shared: dict[str, str] = {}
    for number, row in enumerate(sheet.rows, start=1):
        counted += bool(row)
        rows.append(_once(_checked(row, number, file, aside, counted), shared) if row else row)
        if row:
            held.add(row)
    problems = *sheet.problems, *(replace(one, sheet=sheet.title) for one in aside)
    return Table(file, sheet.title, rows, problems=problems, hidden=sheet.hidden, merged=sheet.merged)
