"""The rows of a printed annual performance report, from a table with columns or from lines of plain text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import agency
from cim_core.intake.layouts.apr import doubt
from cim_core.intake.layouts.apr.doubt import is_heading
from cim_core.intake.meanings import targets
from cim_core.intake.meanings.layout import IDENTITY, canonical, plain

_SPELLINGS = {
    "number": ("no", "number", "indicator_no", "indicator_number", "ind", "ind_no", "sppi", "sppi_no"),
    "label": ("label", "indicator_name", "indicator_description", "description", "indicator_label"),
    "rate": ("rate", "lea_rate", "agency_rate", "district_rate", "result", "lea_result"),
    "target": ("target", "state_target", "target_rate"),
    "met": ("target_met", "met_target", "met", "target_met_yes_no"),
    "activities": ("monitoring_activities", "monitoring_activity", "activities"),
    "selpa_code": ("selpa_code",),
    "determination": ("annual_determination",),
}
_NAMES = {spelled: name for name, spellings in _SPELLINGS.items() for spelled in spellings}
_REASON = doubt.REASON
_MET = r"(?:yes|no|n/?a)"
_BARE = rf"(?:{targets.NUMBER}|N/?A|--)"
_NUMBER = doubt.NUMBER
_ENDS = r"(?=\s|\Z)"
_SIGNED = targets.SIGNED
_STAR = rf"\*(?!\s++(?:{targets.NUMBER}|{_REASON})\s++(?:{_SIGNED}|{_BARE})\s++{_MET}{_ENDS})"
"""Suppressed; a star with rate, target and met behind it is the label's footnote."""
_NEXT_LINE = rf"[ \t]*+\n\s*+(?!(?!4[ -]year){_NUMBER}\s)"
"""A break inside a row; a line that starts with a number of its own is the next row (4 Year is a label)."""
_BARE_SIGN = rf"{targets.SIGN_AND_NUMBER}{_ENDS}"
_IN_LABEL = rf"(?:{targets.SIGN})[ ]?\d++(?![.,]\d)[ ]?%?(?!\s+{_MET}{_ENDS}|\s*\Z){_ENDS}"
"""`> 80%` inside a label; a target has decimals or is followed by whether it is met."""
_WORD = (
    r"(?!(?:agency|cds|selpa|determination)\b|annual\s+performance|target\s+met"
    rf"|(?!{_IN_LABEL}){_BARE_SIGN})\S++"
)
_ROW = re.compile(
    rf"^[ \t]*(?:(?:indicator|sppi)[ ])?(?P<number>{_NUMBER})[.:)]?(?:[ \t]++|{_NEXT_LINE})"
    rf"(?P<label>{_WORD}(?:(?:[ \t]++|{_NEXT_LINE}){_WORD}){{0,40}}?)\s++"
    rf"(?P<rate>{targets.NUMBER}|{_REASON}|{_STAR})\s++"
    rf"(?:(?P<signed>{_SIGNED})(?:\s++(?P<met>{_MET}))?|(?P<bare>{_BARE})\s++(?P<met_bare>{_MET})){_ENDS}"
    rf"(?P<activities>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_LOST = re.compile(
    rf"(?<!\S)(?:{_BARE_SIGN}|{_SIGNED}\s+{_MET}{_ENDS})"
    rf"|^[ \t]*{_NUMBER}\s.*(?:\d%|\d\.\d|\bNC\b|\bNA\b|[^\W\d]\W*\s\d+$)|^[ \t]*\d\d?[a-d]\b"
    rf"|(?<!\S)(?:{targets.NUMBER}|{_REASON})\s+(?:yes|no)(?!\S)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"\A\s*+({_NUMBER})[.:)]?(?:\s(?!year)|$)", re.IGNORECASE)
_ASSESSMENT = re.compile(r"\A\s*+(?:assessment\b|ela\b|english\b|math)", re.IGNORECASE)
_WHOLE = re.compile(
    rf"\s(?:{targets.NUMBER}|{_REASON}|\*)\s+(?:{_SIGNED}|{_BARE})\s+{_MET}{_ENDS}", re.IGNORECASE
)
"""Rate, target and met, one behind the other on one line."""
_LOOKED_AT = 200
_MORE = (*IDENTITY, *FACT_COLUMNS, "selpa_code")


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are no rows of the table: titles, agencies, footnotes; each with its row."""

    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of the table as written; `more` are identity and fact columns where the file has them."""

    row: int
    number: str
    label: str
    rate: str
    target: str
    met: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a table in order. `headers` are the file's names of our columns, `unused` the other columns.

    `beyond` are cells of rows in columns without a name, `furniture` lines of the page (its number, a date),
    `lost` rows that could not be read; each with its row.
    """

    parts: list[Lines | ReportRow]
    headers: Mapping[str, str]
    unused: tuple[str, ...] = ()
    beyond: tuple[tuple[int, str], ...] = ()
    furniture: tuple[tuple[int, str], ...] = ()
    lost: tuple[tuple[int, str], ...] = ()


def columns(header: Sequence[str]) -> dict[str, int]:
    """Where our columns stand in a row of header names; of two columns of one name the first."""
    position: dict[str, int] = {}
    named = {plain(cell).replace(".", "").strip("_") for cell in header}
    for at, cell in enumerate(header):
        written = "no" if cell.strip() == "#" else plain(cell).replace(".", "").strip("_")
        name = _NAMES.get(written) or canonical(cell)
        if written == "indicator":
            name = "number" if named & set(_SPELLINGS["label"]) else "label"
        if cell and name is not None:
            position.setdefault(name, at)
    return position


def is_header(row: Sequence[str]) -> bool:
    """Whether a row is the header of a printed report: a label, rate, target and whether it is met.

    A long table may have these too; a label beside the number, or no code and year in the row, tells them.
    """
    found = columns(row)
    if not {"label", "rate", "target", "met"} <= set(found):
        return False
    of_long = {plain(cell) for cell in row} & {"numerator", "denominator", "comparator", "source"}
    return not of_long and ("number" in found or not {"lea_code", "year"} <= set(found))


def is_text(table: Table) -> int | None:
    """The index of the first row of a report in plain text; None when the table holds none."""
    text, starts, _ = _joined(table.rows[:_LOOKED_AT])
    found = list(_ROW.finditer(text))
    said = "\n".join(map(agency.line, table.rows[:_LOOKED_AT]))
    told = re.search(r"target\s+met|performance\s+report", said, re.IGNORECASE)
    if not found or not (told or (len(found) > 1 and any(one["signed"] for one in found))):
        return None
    return bisect_right(starts, found[0].start("number")) - 1


def split(table: Table, at_row: int) -> Parts:
    """The parts of a table whose header, or first row where it is plain text, stands at `at_row`."""
    return _columned(table, at_row) if is_header(table.rows[at_row]) else _plain_text(table)


def lost(line: str) -> bool:
    """Whether a line looks like a row of the table though it could not be read as one."""
    return bool(_LOST.search(line)) and not is_heading(line)


def _columned(table: Table, at_row: int) -> Parts:
    header, position = table.rows[at_row], columns(table.rows[at_row])
    named = {place for place, cell in enumerate(header) if cell}
    parts: list[Lines | ReportRow] = []
    lines: list[tuple[int, str]] = []
    beyond: list[tuple[int, str]] = []
    for number, row in enumerate(table.rows, table.first_row):
        below = number - table.first_row >= at_row
        if below and any("arget" in cell for cell in row) and is_header(row):
            position = columns(row)
            continue
        cells = {name: row[place] if place < len(row) else "" for name, place in position.items()}
        if not below or not _is_row(cells):
            lines += [(number, agency.line(row))] if any(row) else []
            continue
        parts += _as_part(lines)
        lines = []
        beyond += _nameless(number, row, named)
        parts.append(_row(number, cells))
    parts += _as_part(lines)
    first = columns(header)
    headers = {name: header[at] for name, at in first.items()}
    return Parts(parts, headers, _unused(header, first), tuple(beyond))


def _as_part(lines: Sequence[tuple[int, str]]) -> list[Lines]:
    return [Lines(tuple(lines))] if lines else []


def _row(number: int, cells: Mapping[str, str]) -> ReportRow:
    label, rate, target, met = (cells[name] for name in ("label", "rate", "target", "met"))
    more = {name: cells[name] for name in _MORE if name in cells}
    return ReportRow(number, cells.get("number", ""), label, rate, target, met, more)


def _nameless(number: int, row: Sequence[str], named: Collection[int]) -> list[tuple[int, str]]:
    """What a row holds in columns without a name."""
    cells = [cell for place, cell in enumerate(row) if cell and place not in named]
    return [(number, " ".join(cells))] if cells else []


def _unused(header: Sequence[str], position: Mapping[str, int]) -> tuple[str, ...]:
    """The columns that are not read, monitoring activities among them."""
    used = {place for name, place in position.items() if name != "activities"}
    return tuple(cell for place, cell in enumerate(header) if cell and place not in used)


def _is_row(cells: Mapping[str, str]) -> bool:
    """Whether cells are a row of the report: named, with a rate or a target, and no line about an agency."""
    names = cells.get("number", ""), cells["label"]
    return any(names) and bool(cells["rate"] or cells["target"]) and not agency.names(agency.line(names))


def _plain_text(table: Table) -> Parts:
    text, starts, furniture = _joined(table.rows)
    parts: list[Lines | ReportRow] = []
    lost: list[tuple[int, str]] = []
    end, activities, stacked = 0, False, False
    for found in _ROW.finditer(text):
        before = list(_between(table, text, starts, end, found.start(), stacked))
        parts += before
        number = table.first_row + bisect_right(starts, found.start("number")) - 1
        rate = doubt.rate_of(found)
        lines = (line for part in before for _, line in part.lines)
        if rate is None or doubt.continues_another(found, lines):
            lost.append((number, " ".join(found[0].split())))
        else:
            parts.append(_row_of_text(number, found, rate))
            if rate != found["rate"]:
                furniture.append((bisect_right(starts, found.start("rate")) - 1, found["rate"]))
        end = found.end()
        activities = activities or bool(found["activities"].strip())
        stacked = "\n" in found[0].strip() and not found["activities"].strip()
    parts += _between(table, text, starts, end, len(text), stacked)
    lost += _rows_lost(part for part in parts if isinstance(part, Lines))
    aside = tuple((table.first_row + at, line) for at, line in furniture)
    return Parts(parts, {}, ("Monitoring Activities",) if activities else (), (), aside, tuple(lost))


def _row_of_text(number: int, found: re.Match[str], rate: str) -> ReportRow:
    met = found["met"] or found["met_bare"] or ""
    label = " ".join(found["label"].split())
    return ReportRow(number, found["number"], label, rate, found["signed"] or found["bare"], met)


def _rows_lost(parts: Iterable[Lines]) -> Iterator[tuple[int, str]]:
    """Rows whose cells stand as lines of their own, and that were not put together."""
    for part in parts:
        cells = doubt.row_lost([line for _, line in part.lines])
        if cells:
            yield part.lines[0][0], cells


def _between(
    table: Table, text: str, starts: list[int], start: int, end: int, stacked: bool
) -> Iterator[Lines]:
    """The lines between two rows; a row with every cell on a line of its own owns the line after it."""
    lines: list[tuple[int, str]] = []
    at = start
    for one in text[start:end].split("\n"):
        if one.strip():
            lines.append((table.first_row + bisect_right(starts, at) - 1, one.strip()))
        at += len(one) + 1
    if stacked and lines and not agency.interpret([lines[0][1]]).used and not lost(lines[0][1]):
        lines = lines[1:]
    if lines:
        yield Lines(tuple(lines))


def _carry_number(lines: list[str]) -> None:
    """Put the number of the assessment rows before those without: it may be printed once for several."""
    carried = ""
    for at, line in enumerate(lines):
        numbered = _NUMBERED.match(line)
        if numbered is not None:
            carried = numbered[1] if numbered[1][0] == "3" and _WHOLE.search(line) else ""
        elif carried and _ASSESSMENT.match(line) and _WHOLE.search(line):
            lines[at] = f"{carried} {line.lstrip()}"


def _joined(rows: Sequence[Sequence[str]]) -> tuple[str, list[int], list[tuple[int, str]]]:
    """The rows as lines of one text, where each starts, and the lines of the page, which are left blank.

    Cells that a delimiter cut are put together.
    """
    lines = [agency.line(row) for row in rows]
    furniture = [
        (at, line) for at, line in enumerate(lines) if line and doubt.of_page(line, like_row=lost(line))
    ]
    for at, _ in furniture:
        lines[at] = ""
    _carry_number(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return "\n".join(lines), starts[:-1], furniture
