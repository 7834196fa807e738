"""Which LEA and year each row of a reading is about, with what there is to say about codes and years."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from cim_core.intake.meanings import cell_text, codes
from cim_core.intake.meanings.layout import Reading, Record
from cim_core.intake.problems import Severity, Values
from cim_core.intake.questions import Answers, Question

_TOTAL = re.compile(r"\b(?:sub)?totals?\b|\b(?:state|county)wide\b|\baverage\b", re.IGNORECASE)
_ONLY_TOTAL = re.compile(r"\A(?:\w++ )?(?:sub)?totals?", re.IGNORECASE)
_ONLY_STATE = re.compile(
    r"state(?:wide)?|(?:state of )?california|all (?:leas|districts)|mean|median|(?:region|county)[- ]?wide",
    re.IGNORECASE,
)
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
        values: Values | None = None,
    ) -> None:
        """Report one finding."""


def aside(record: Record, year: str, of_selpas: bool = False) -> str:
    """Why a row is about no LEA at all, as the kind of its note: a total, a SELPA, a note below the table.

    Empty for the row of an LEA; `year` is its year where that can be read. Four digits are a SELPA's code
    only where the row, or the header of the column (`of_selpas`), says so: a district's may have lost some.
    """
    code, name = record.identity.get("lea_code", ""), record.identity.get("lea_name", "")
    text = f"{code} {name}"
    if (
        _ONLY_TOTAL.fullmatch(name)
        or (not code and _ONLY_STATE.fullmatch(name))
        or (not _WHOLE_CODE.fullmatch(code) and _TOTAL.search(text))
    ):
        return "total_row"
    if _SELPA.search(text) or (of_selpas and _SELPA_CODE.fullmatch(code)):
        return "selpa_row"
    if any(map(str.isdigit, code[:1])) or cell_text.school_year(year) is not None:
        return ""
    filled = any(raw.rate or raw.numerator or raw.denominator for raw in record.cells.values())
    return "" if filled else "row_without_lea"


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
        self.of_selpas = any(_SELPA.search(self._header(name)) for name in ("lea_code", "lea_name"))

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the codes and years of the rows leave open."""
        return tuple(code.question for code in self.codes.values() if code.question is not None)

    def of(self, record: Record) -> Who | None:
        """The LEA and year of a row; None, with the reason reported, when it cannot be assigned."""
        identity = record.identity
        written, year_written = identity.get("lea_code", ""), identity.get("year", "")
        kind = aside(record, year_written, self.of_selpas)
        if kind:
            text = f"{written} {identity.get('lea_name', '')}".strip()
            self.say(Severity.NOTE, kind, record.row, self._header("lea_code"), text)
            return None
        code = self._code(written, identity.get("lea_name", ""), record.row)
        year = self.year(record)
        return Who(code, year) if code is not None and year is not None else None

    def year(self, record: Record) -> str | None:
        """The school year of a row; None, with the reason reported, when it cannot be read."""
        written = record.identity.get("year", "")
        year = cell_text.school_year(written)
        if year is None and (written or "year" in self.reading.headers):
            self.say(Severity.ERROR, "bad_year", record.row, self._header("year"), written)
        return year

    def _header(self, name: str) -> str:
        return self.reading.headers.get(name, name)

    def _code(self, written: str, name: str, row: int) -> str | None:
        """The code that is meant; what there is to say is said once a spelling, refusals always."""
        read = self.codes.get((written, name))
        if read is None:
            read = self.codes[written, name] = codes.parse_code(written, name, self.answers)
        if read.severity is not None and (read.code is None or (read.kind, written) not in self.said):
            self.said.add((read.kind, written))
            found = written or name
            self.say(read.severity, read.kind, row, self._header("lea_code"), found, values=read.values)
        return read.code
