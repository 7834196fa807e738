"""Which LEA and year each row of a reading is about, with what there is to say about codes and years."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from cim_core.intake import cells, codes
from cim_core.intake.layout import Reading, Record
from cim_core.intake.problems import Severity
from cim_core.intake.questions import Answers, Question

_TOTAL = re.compile(r"\b(?:sub)?totals?\b|\b(?:state|county)wide\b|\baverage\b", re.IGNORECASE)
_ONLY_TOTAL = re.compile(r"(?:\w+ )?(?:sub)?totals?", re.IGNORECASE)
_WHOLE_CODE = re.compile(r"\d{6,7}|\d{13,14}", re.ASCII)
_SELPA_CODE = re.compile(r"\d{4}", re.ASCII)
_SELPA = re.compile(r"\bselpa\b", re.IGNORECASE)


class Say(Protocol):
    """How something about a row is reported."""

    def __call__(
        self,
        severity: Severity,
        kind: str,
        row: int | None,
        column: str = "",
        found: str = "",
        *,
        values: Mapping[str, str | int] | None = None,
    ) -> None:
        """Report one finding."""


class Who(NamedTuple):
    """The LEA, by the code that is used, and the school year of a row."""

    code: str
    year: str


class Identities:
    """The identities of the rows of one reading. What is wrong with a code or a year is reported by `say`."""

    def __init__(self, reading: Reading, answers: Answers, say: Say) -> None:
        self.reading, self.answers, self.say = reading, answers, say
        self.codes: dict[tuple[str, str], codes.Code] = {}
        self.said: set[tuple[str, str]] = set()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the codes and years of the rows leave open."""
        return tuple(code.question for code in self.codes.values() if code.question is not None)

    def of(self, record: Record) -> Who | None:
        """The LEA and year of a row; None, with the reason reported, when it cannot be assigned."""
        identity = record.identity
        written, year_written = identity.get("lea_code", ""), identity.get("year", "")
        if self._set_aside(record, written, year_written):
            return None
        code = self._code(written, identity.get("lea_name", ""), record.row)
        year = self.year(record)
        return Who(code, year) if code is not None and year is not None else None

    def year(self, record: Record) -> str | None:
        """The school year of a row; None, with the reason reported, when it cannot be read."""
        written = record.identity.get("year", "")
        year = cells.school_year(written)
        if year is None and (written or "year" in self.reading.headers):
            self.say(Severity.ERROR, "bad_year", record.row, self._header("year"), written)
        return year

    def _header(self, name: str) -> str:
        return self.reading.headers.get(name, name)

    def _set_aside(self, record: Record, code: str, year: str) -> bool:
        """Whether a row is no LEA at all: a note below the table, a total, a SELPA; said, and no error."""
        name = record.identity.get("lea_name", "")
        column = self._header("lea_code")
        text = f"{code} {name}".strip()
        whole = _WHOLE_CODE.fullmatch(code)
        if _ONLY_TOTAL.fullmatch(name) or (not whole and _TOTAL.search(text)):
            self.say(Severity.NOTE, "total_row", record.row, column, text)
            return True
        if _SELPA.search(name) or _SELPA.search(code) or _SELPA_CODE.fullmatch(code):
            self.say(Severity.NOTE, "selpa_row", record.row, column, text)
            return True
        if any(map(str.isdigit, code[:1])) or cells.school_year(year) is not None:
            return False
        if not any(raw.rate or raw.numerator or raw.denominator for raw in record.cells.values()):
            self.say(Severity.NOTE, "row_without_lea", record.row, column, code or name)
            return True
        return False

    def _code(self, written: str, name: str, row: int) -> str | None:
        """The code that is meant; what there is to say is said once a spelling, refusals always."""
        read = self.codes.get((written, name))
        if read is None:
            read = self.codes[written, name] = codes.read(written, name, self.answers)
        if read.severity is not None and (read.code is None or (read.kind, written) not in self.said):
            self.said.add((read.kind, written))
            found = written or name
            self.say(read.severity, read.kind, row, self._header("lea_code"), found, values=read.values)
        return read.code
