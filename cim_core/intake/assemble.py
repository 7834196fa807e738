"""Raw records → LEA-years: every text becomes a number, a reason, or a problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from cim_core.dataset import NONE, Cell, Facts, LeaYear, Missing, lea_key
from cim_core.indicators import Unit, get
from cim_core.intake import cells
from cim_core.intake.layout import Raw, Reading, Record
from cim_core.intake.problems import Problem, Severity, shown

_COUNT_FACTS = ("swd", "disproportionate_years", "minor_findings")
_FLAG_FACTS = ("newly_disproportionate", "sig_dis")
_PERCENT_FACTS = ("percentile", "preschool_percentile")
_LARGEST = 10**8


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
    fractions: bool
    unanswered: bool = False
    problems: list[Problem] = field(default_factory=list)
    groups: dict[tuple[str, str], _Group] = field(default_factory=dict)

    def run(self) -> list[LeaYear]:
        for record in self.reading.records:
            group = self._group(record)
            if group is not None:
                self._texts(group, record)
                self._facts(group, record)
                self._cells(group, record)
        return [self._lea_year(group) for group in self.groups.values()]

    def _say(
        self,
        severity: Severity,
        kind: str,
        row: int | None,
        column: str = "",
        found: str = "",
        group: _Group | None = None,
        indicator: str = "",
        **values: str | int,
    ) -> None:
        table = self.reading.table
        code, year = (group.lea_code, group.year) if group else ("", "")
        self.problems.append(
            Problem(
                severity,
                kind,
                table.file,
                table.sheet,
                row,
                column,
                shown(found),
                values,
                code,
                year,
                indicator,
            )
        )

    def _group(self, record: Record) -> _Group | None:
        """The LEA and year of a row; None, with the reason reported, when the row cannot be assigned."""
        headers = self.reading.headers
        written, year_written = record.identity.get("lea_code", ""), record.identity.get("year", "")
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

    def _code(self, written: str, row: int) -> str | None:
        column = self.reading.headers.get("lea_code", "lea_code")
        if not written or re.fullmatch(r"[\d.]+E\+?\d+", written, re.IGNORECASE):
            self._say(Severity.ERROR, "no_code", row, column, written)
            return None
        if re.fullmatch(r"\d{6}|\d{13}", written, re.ASCII):
            self._say(Severity.NOTE, "code_zero_restored", row, column, written, code="0" + written)
            return "0" + written
        if re.fullmatch(r"\d+", written, re.ASCII) and len(written) not in (7, 14):
            self._say(Severity.WARNING, "code_length", row, column, written)
        return written

    def _texts(self, group: _Group, record: Record) -> None:
        for name in ("lea_name", "selpa"):
            written = record.identity.get(name, "")
            if not written:
                continue
            kept = group.texts.setdefault(name, written)
            if kept != written:
                column = self.reading.headers[name]
                self._say(Severity.WARNING, "texts_differ", record.row, column, written, group, kept=kept)

    def _facts(self, group: _Group, record: Record) -> None:
        for name, written in record.facts.items():
            column = self.reading.headers.get(name, name)
            value = self._fact(name, written)
            if isinstance(value, _Bad):
                self._say(Severity.ERROR, value.kind, record.row, column, written, group)
                continue
            if value is None or value == "":
                continue
            if name in group.facts and group.facts[name] != value:
                if group.facts[name] is not _CONFLICT:
                    first = group.fact_rows[name]
                    self._say(Severity.ERROR, "facts_differ", record.row, column, written, group, first=first)
                group.facts[name] = _CONFLICT
                continue
            group.facts[name] = value
            group.fact_rows.setdefault(name, record.row)

    def _fact(self, name: str, written: str) -> object:
        if name in _FLAG_FACTS:
            flag = cells.yes_no(written)
            return _Bad("bad_flag") if flag is None else None if isinstance(flag, Missing) else flag
        if name not in (*_COUNT_FACTS, *_PERCENT_FACTS):
            return written
        number = cells.number(written)
        if number is None:
            return _Bad("bad_percentile" if name in _PERCENT_FACTS else "bad_count")
        if isinstance(number, Missing):
            return None
        if name in _PERCENT_FACTS:
            return number if 0 <= number <= 100 else _Bad("bad_percentile")
        return int(number) if number == int(number) and 0 <= number < _LARGEST else _Bad("bad_count")

    def _cells(self, group: _Group, record: Record) -> None:
        for code, raw in record.cells.items():
            cell = self._cell(group, record.row, code, raw)
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

    def _cell(self, group: _Group, row: int, code: str, raw: Raw) -> Cell:
        indicator = get(code)
        numbers: list[Decimal | None] = []
        reason, refused = Missing.BLANK, False
        for part, (written, column) in enumerate(
            zip((raw.rate, raw.numerator, raw.denominator), raw.columns, strict=True)
        ):
            number = cells.number(written) if written is not None else Missing.BLANK
            kind = self._impossible(number, part, code)
            if kind:
                self._say(
                    Severity.ERROR, kind, row, column, written or "", group, code, label=indicator.label
                )
                refused, number = True, Missing.REFUSED
            if isinstance(number, Missing):
                reason = number if reason is Missing.BLANK else reason
                numbers.append(None)
            else:
                numbers.append(number)
        if refused:
            return Cell(missing=Missing.REFUSED)
        noted = cells.number(raw.reason) if raw.reason else None
        if reason is Missing.BLANK and isinstance(noted, Missing):
            reason = noted
        rate, top, bottom = numbers
        if rate is not None and indicator.has_numerator:
            if self.unanswered:
                rate, reason = None, Missing.REFUSED
            elif self.fractions:
                rate *= 100
        numerator, denominator = _whole(top), _whole(bottom)
        if rate is None and indicator.unit is Unit.COUNT and numerator is not None:
            rate, numerator = Decimal(numerator), None
        has_rate = rate is not None
        has_fraction = indicator.has_numerator and numerator is not None and denominator is not None
        if not has_rate and not has_fraction:
            return Cell(None, numerator, denominator, self._reason(group, row, code, raw, reason, numerator))
        return self._consistent(group, row, code, raw, Cell(rate, numerator, denominator))

    def _reason(
        self, group: _Group, row: int, code: str, raw: Raw, reason: Missing, numerator: int | None
    ) -> Missing:
        if numerator is not None and get(code).has_numerator:
            label = get(code).label
            self._say(
                Severity.WARNING,
                "no_denominator",
                row,
                raw.columns[2],
                str(numerator),
                group,
                code,
                label=label,
            )
        return reason

    def _impossible(self, number: Decimal | Missing | None, part: int, code: str) -> str:
        """The kind of problem with one number alone, or nothing."""
        if number is None:
            return "bad_number"
        if isinstance(number, Missing):
            return ""
        if abs(number) >= _LARGEST:
            return "bad_number"
        if part:
            return "bad_count" if number < 0 or number != int(number) else ""
        indicator = get(code)
        if indicator.unit is Unit.COUNT:
            return "bad_count" if number < 0 or number != int(number) else ""
        return "out_of_range" if indicator.has_numerator and not 0 <= number <= 100 else ""

    def _consistent(self, group: _Group, row: int, code: str, raw: Raw, cell: Cell) -> Cell:
        """Check rate, numerator and denominator against each other; infer the one that follows."""
        indicator = get(code)
        rate, top, bottom = cell.rate, cell.numerator, cell.denominator
        if not indicator.has_numerator:
            return cell
        if top is not None and bottom is not None:
            if top > bottom:
                found = f"{top} / {bottom}"
                label = indicator.label
                self._say(
                    Severity.ERROR, "more_than_all", row, raw.columns[1], found, group, code, label=label
                )
                return Cell(missing=Missing.REFUSED)
            if bottom == 0:
                self._say(
                    Severity.NOTE, "no_students", row, raw.columns[2], "0", group, code, label=indicator.label
                )
            elif rate is not None and not _agrees(rate, top, bottom):
                found = f"{rate} / {top} ÷ {bottom}"
                self._say(
                    Severity.WARNING,
                    "rate_differs",
                    row,
                    raw.columns[0],
                    found,
                    group,
                    code,
                    label=indicator.label,
                )
            return cell
        if rate is None:
            return cell
        return _inferred(cell, rate)

    def _lea_year(self, group: _Group) -> LeaYear:
        facts = {name: value for name, value in group.facts.items() if value is not _CONFLICT}
        made = Facts(**facts)  # type: ignore[arg-type]
        years, newly = made.disproportionate_years, made.newly_disproportionate
        contradiction = (newly is True and years not in (None, NONE, 1)) or (newly is False and years == 1)
        if contradiction:
            column = self.reading.headers.get("newly_disproportionate", "newly_disproportionate")
            row = group.fact_rows["newly_disproportionate"]
            found = "yes" if newly else "no"
            self._say(Severity.WARNING, "newly_contradicts", row, column, found, group, years=years or 0)
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


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _written(cell: Cell) -> str:
    if cell.rate is not None:
        return str(cell.rate)
    return (
        f"{cell.numerator} ÷ {cell.denominator}" if cell.numerator is not None else cell.missing.name.lower()
    )


def _agrees(rate: Decimal, top: int, bottom: int) -> bool:
    """Whether the printed rate is the fraction, rounded at the rate's own number of decimals."""
    slack = Fraction(1, 2 * 10 ** cells.decimals(rate))
    return abs(Fraction(rate) - Fraction(100 * top, bottom)) <= slack


def _inferred(cell: Cell, rate: Decimal) -> Cell:
    """Add the count that follows from the other two, only where exactly one whole number fits."""
    slack = Fraction(1, 2 * 10 ** cells.decimals(rate))
    if cell.denominator and cell.numerator is None:
        fits = list(
            _between(
                (Fraction(rate) - slack) * cell.denominator / 100,
                (Fraction(rate) + slack) * cell.denominator / 100,
            )
        )
        if len(fits) == 1 and 0 <= fits[0] <= cell.denominator:
            return Cell(rate, fits[0], cell.denominator, inferred=True)
    if cell.numerator and cell.denominator is None and Fraction(rate) > slack:
        low, high = Fraction(rate) - slack, Fraction(rate) + slack
        fits = list(_between(100 * cell.numerator / high, 100 * cell.numerator / low))
        if len(fits) == 1 and fits[0] >= cell.numerator:
            return Cell(rate, cell.numerator, fits[0], inferred=True)
    return cell


def _between(low: Fraction, high: Fraction) -> Iterator[int]:
    """At most the first two whole numbers in an interval: enough to tell one from several."""
    first = -(-low.numerator // low.denominator)
    for number in range(first, first + 2):
        if number <= high:
            yield number
