"""Raw records → LEA-years: every text becomes a number, a reason, or a problem with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cim_core.dataset import NONE, Cell, Facts, LeaYear, Missing, lea_key
from cim_core.indicators import get
from cim_core.intake import cells, values
from cim_core.intake.layout import Reading, Record
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.values import Scales

_COUNT_FACTS = ("swd", "disproportionate_years", "minor_findings")
_FLAG_FACTS = ("newly_disproportionate", "sig_dis")
_PERCENT_FACTS = ("percentile", "preschool_percentile")
_LARGEST = 10**8
_LONGEST_TEXT = 200
_CODE = re.compile(r"[\w -]*\d[\w -]*", re.ASCII)
_TOTAL = re.compile(r"\b(sub)?totals?\b", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[\d.]+E\+?\d+$", re.IGNORECASE)
MOST_PROBLEMS = 20_000


@dataclass
class _Group:
    """One LEA and year while its rows are being gathered."""

    lea_code: str
    year: str
    row: int
    texts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    fact_rows: dict[str, int] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    cell_rows: dict[str, int] = field(default_factory=dict)


@dataclass
class Assembly:
    """Gathers the readings of a file; `problems` grows as it goes."""

    reading: Reading
    scales: Scales
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    groups: dict[tuple[str, str], _Group] = field(default_factory=dict)

    def run(self) -> list[LeaYear]:
        """The LEA-years of the file; call it once."""
        for record in self.reading.records:
            group = self._group(record)
            if group is not None:
                self._texts(group, record)
                self._facts(group, record)
                self._cells(group, record)
        rows = [self._lea_year(group) for group in self.groups.values()]
        if self.unlisted:
            found = f"{len(self.problems) + self.unlisted:,}"
            self.problems.append(self.reading.table.problem("more_problems", Severity.ERROR, found))
        return rows

    def _say(
        self,
        severity: Severity,
        kind: str,
        row: int | None,
        column: str = "",
        found: str = "",
        group: _Group | None = None,
        indicator: str = "",
        **more: str | int,
    ) -> None:
        table = self.reading.table
        code, year = (group.lea_code, group.year) if group else ("", "")
        if len(self.problems) >= MOST_PROBLEMS:
            self.unlisted += 1
            return
        self.problems.append(
            Problem(
                severity,
                kind,
                table.file,
                table.sheet,
                row,
                column,
                shown(found),
                more,
                code,
                year,
                indicator,
            )
        )

    def _reporter(self, group: _Group, row: int, code: str) -> values.Say:
        """How the reading of one indicator's cell reports what it finds."""
        label = get(code).label

        def say(severity: Severity, kind: str, column: str, found: str) -> None:
            self._say(severity, kind, row, column, found, group, code, label=label)

        return say

    def _group(self, record: Record) -> _Group | None:
        """The LEA and year of a row; None, with the reason reported, when the row cannot be assigned."""
        headers = self.reading.headers
        written, year_written = record.identity.get("lea_code", ""), record.identity.get("year", "")
        if self._set_aside(record, written, year_written):
            return None
        code = self._code(written, record.row)
        year = cells.school_year(year_written)
        if year is None:
            self._say(Severity.ERROR, "bad_year", record.row, headers.get("year", "year"), year_written)
        if code is None or year is None:
            return None
        key = lea_key(code), year
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = _Group(code, year, record.row)
        elif self.reading.layout != "long":
            first = group.row
            self._say(
                Severity.ERROR, "lea_twice", record.row, headers["lea_code"], written, group, first=first
            )
            return None
        return group

    def _set_aside(self, record: Record, code: str, year: str) -> bool:
        """Whether a row is no LEA at all: a note below the table, or a total; said, and not an error."""
        name = record.identity.get("lea_name", "")
        column = self.reading.headers.get("lea_code", "lea_code")
        figures = any(raw.rate or raw.numerator or raw.denominator for raw in record.cells.values())
        if _TOTAL.search(code) or _TOTAL.search(name):
            self._say(Severity.WARNING, "total_row", record.row, column, f"{code} {name}".strip())
            return True
        if not figures and not any(map(str.isdigit, code[:1])) and cells.school_year(year) is None:
            self._say(Severity.NOTE, "row_without_lea", record.row, column, code or name)
            return True
        return False

    def _code(self, written: str, row: int) -> str | None:
        """An LEA code as text, with what spreadsheets do to codes undone; None, reported, when it is none."""
        column = self.reading.headers.get("lea_code", "lea_code")
        code = re.sub(r"""^(="?|')|"$""", "", written).removesuffix(".0")
        if re.fullmatch(r"[\d -]+", code, re.ASCII):
            code = re.sub(r"[ -]", "", code)
        if not _CODE.fullmatch(code) or _SCIENTIFIC.match(code):
            self._say(Severity.ERROR, "no_code", row, column, written)
            return None
        if re.fullmatch(r"\d{6}|\d{13}", code):
            code = "0" + code
            self._say(Severity.NOTE, "code_zero_restored", row, column, written, code=code)
        elif code != written:
            self._say(Severity.NOTE, "code_read_as", row, column, written, code=code)
        elif not re.fullmatch(r"\d{7}|\d{14}", code):
            self._say(Severity.WARNING, "code_length", row, column, written)
        return code

    def _texts(self, group: _Group, record: Record) -> None:
        for name in ("lea_name", "selpa"):
            written = record.identity.get(name, "")
            if not written:
                continue
            written = self._short(written, name, group, record.row)
            kept = group.texts.setdefault(name, written)
            if kept != written:
                column = self.reading.headers[name]
                self._say(Severity.WARNING, "texts_differ", record.row, column, written, group, kept=kept)

    def _short(self, written: str, name: str, group: _Group, row: int) -> str:
        if len(written) <= _LONGEST_TEXT:
            return written
        column = self.reading.headers.get(name, name)
        self._say(Severity.WARNING, "text_too_long", row, column, written, group, limit=_LONGEST_TEXT)
        return written[:_LONGEST_TEXT]

    def _facts(self, group: _Group, record: Record) -> None:
        for name, written in record.facts.items():
            column = self.reading.headers.get(name, name)
            value = self._fact(name, written)
            if isinstance(value, _Bad):
                self._say(Severity.ERROR, value.kind, record.row, column, written, group)
                continue
            if value is None or value == "":
                continue
            if isinstance(value, str):
                value = self._short(value, name, group, record.row)
            if name in group.facts and group.facts[name] != value:
                if group.facts[name] is not _CONFLICT:
                    first = group.fact_rows[name]
                    self._say(Severity.ERROR, "facts_differ", record.row, column, written, group, first=first)
                group.facts[name] = _CONFLICT
                continue
            group.facts[name] = value
            group.fact_rows.setdefault(name, record.row)

    def _fact(self, name: str, written: str) -> object:
        if name in self.scales.unanswered:
            return None
        if name in _FLAG_FACTS:
            flag = cells.yes_no(written)
            return _Bad("bad_flag") if flag is None else None if isinstance(flag, Missing) else flag
        if name not in (*_COUNT_FACTS, *_PERCENT_FACTS):
            return written
        number = cells.number(written)
        if number is None or (name in _COUNT_FACTS and "%" in written):
            return _Bad("bad_percentile" if name in _PERCENT_FACTS else "bad_count")
        if isinstance(number, Missing):
            return None
        if name in _PERCENT_FACTS:
            number = number.scaleb(2) if name in self.scales.fractions else number
            return number if 0 <= number <= 100 else _Bad("bad_percentile")
        return int(number) if number == int(number) and 0 <= number < _LARGEST else _Bad("bad_count")

    def _cells(self, group: _Group, record: Record) -> None:
        for code, raw in record.cells.items():
            cell = values.cell(code, raw, self.scales, self._reporter(group, record.row, code))
            before = group.cells.get(code)
            if before is not None and before != cell:
                first = group.cell_rows[code]
                shown_values = f"{_written(before)} / {_written(cell)}"
                column = raw.columns[0]
                self._say(
                    Severity.ERROR, "cell_twice", record.row, column, shown_values, group, code, first=first
                )
                cell = Cell(missing=Missing.REFUSED)
            group.cells[code] = cell
            group.cell_rows.setdefault(code, record.row)

    def _lea_year(self, group: _Group) -> LeaYear:
        facts = {name: value for name, value in group.facts.items() if value is not _CONFLICT}
        made = Facts(**facts)  # type: ignore[arg-type]
        years, newly = made.disproportionate_years, made.newly_disproportionate
        too_late = newly is True and years not in (None, NONE, 1)
        if too_late or (newly is False and years == 1):
            column = self.reading.headers.get("newly_disproportionate", "newly_disproportionate")
            row = group.fact_rows["newly_disproportionate"]
            found = "yes" if newly else "no"
            kind = "newly_contradicts" if too_late else "newly_expected"
            self._say(Severity.WARNING, kind, row, column, found, group, years=years or 0)
        texts = group.texts
        return LeaYear(
            group.lea_code,
            group.year,
            texts.get("lea_name", ""),
            texts.get("selpa", ""),
            made,
            group.cells,
        )


@dataclass(frozen=True)
class _Bad:
    kind: str


_CONFLICT = _Bad("facts_differ")


def _written(cell: Cell) -> str:
    if cell.rate is not None:
        return str(cell.rate)
    return (
        f"{cell.numerator} ÷ {cell.denominator}" if cell.numerator is not None else cell.missing.name.lower()
    )
