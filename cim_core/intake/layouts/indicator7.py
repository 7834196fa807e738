"""Preschool outcomes (indicator 7) as CDE publishes them: one row per LEA or SELPA and summary statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import agency, record_loop
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings.layout import (
    IDENTITY,
    Layout,
    Raw,
    Reading,
    Record,
    canonical,
    header_at,
    pick,
    plain,
)
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers
from cim_core.words.messages import HowMany

_SPELLINGS = {
    "statement": ("summary_statement", "summary_statements", "statement", "indicator_7"),
    "exited": (
        "children_exited", "number_of_children_exited", "number_exited", "exited", "no_exited", "n_exited",
        "children_exiting", "number_of_children_exiting", "number_of_children",
    ),
    "result": (
        "result", "result_pct", "result_percent", "lea_result", "lea_result_pct", "lea_rate", "rate",
        "district_result", "agency_result",
    ),
    "selpa_result": ("selpa_result", "selpa_result_pct", "selpa_rate"),
    "target": ("target", "state_target", "state_target_pct", "target_pct", "state_target_percent"),
    "met": ("target_met", "met_target", "met"),
    "level": ("level", "agency_level", "reporting_level"),
    "selpa_code": ("selpa_code",),
}  # fmt: skip
_NAMES = {spelled: name for name, spellings in _SPELLINGS.items() for spelled in spellings}
_STATEMENT = re.compile(r"\A(?:outcome\s*+)?([abc])\b[^12\n]*+([12])", re.IGNORECASE)


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: a summary statement and a result."""
    found = columns(header)
    long = "indicator" in {plain(cell) for cell in header}
    return not long and "statement" in found and bool({"result", "selpa_result"} & set(found))


def columns(header: Sequence[str]) -> dict[str, int]:
    """Where our columns stand; of two columns of one name the first."""
    position: dict[str, int] = {}
    for at, cell in enumerate(header):
        name = _NAMES.get(plain(cell).replace(".", "").strip("_")) or canonical(cell)
        if cell and name in (*_SPELLINGS, *IDENTITY):
            position.setdefault(name, at)
    return position


def code_of(written: str) -> str | None:
    """The indicator of a summary statement: `7A.1`, `A1`, `Outcome A, Summary Statement 1`."""
    found = indicators.find(written) or indicators.find(f"7{written}")
    if found is not None:
        return found if found.startswith("7") else None
    parts = _STATEMENT.match(written.strip())
    return f"7{parts[1].upper()}{parts[2]}" if parts else None


def read_outcomes(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the LEAs of a table; rows of SELPAs are set aside with one note, their targets are kept."""
    header, position = table.rows[at_row], columns(table.rows[at_row])
    used = {at for name, at in position.items() if name != "selpa_result" or "result" not in position}
    told = record_loop.year_of_all(table, at_row, answers, "year" in position)
    rows = _Rows(table, at_row, position)
    identity = {name: at for name, at in position.items() if name in IDENTITY}
    records = record_loop.read_rows(table, at_row, Whose(identity, told), rows.read_row)
    problems = record_loop.columns_unused(table, at_row, used)
    problems += [*(told.problems if told else ()), *rows.said()]
    found = frozenset(code for record in records for code in record.cells)
    return Reading(
        table, "indicator7", records, found, {name: header[at] for name, at in identity.items()}, problems,
        told.questions if told else (), tuple(rows.targets.found), "indicator7", repeats=True,
    )  # fmt: skip


class _Rows:
    """Rows of summary statements → records of LEAs, and the targets beside them."""

    def __init__(self, table: Table, at_row: int, position: Mapping[str, int]) -> None:
        header = table.rows[at_row]
        self.table, self.position = table, position
        self.above = agency.interpret([agency.line(row) for row in table.rows[:at_row]])
        names = {name: header[at] for name, at in position.items()}
        self.targets = Targets(table, names.get("target", ""), names.get("met", ""))
        self.result = "result" if "result" in position else "selpa_result"
        self.statement_header = names["statement"]
        result = names[self.result]
        self.columns = result, f"{result}_n", names.get("exited", "exited")
        self.problems: list[Problem] = []
        self.aside: list[int] = []
        self.homeless: list[int] = []

    def read_row(self, number: int, row: list[str], who: dict[str, str]) -> tuple[Record, ...]:
        """The record of one row; none where it is no LEA's."""
        cells = pick(row, self.position)
        if "lea_code" not in self.position and self.above.lea_code:
            name = who.get("lea_name") or self.above.lea_name
            who = who | {"lea_code": self.above.lea_code, "lea_name": name}
        lea = not _is_selpa(cells, who, self.result == "result")
        code = self._code(number, cells)
        if code is not None:
            self.targets.add(
                number, code, who["year"], cells.get("target", ""),
                met=cells.get("met", "") if lea else "",
                lea_code=who.get("lea_code", "") if lea else "", rate=cells[self.result],
            )  # fmt: skip
        if not lea or "lea_code" not in who:
            (self.homeless if lea else self.aside).append(number)
            return ()
        raw = Raw(cells[self.result], None, cells.get("exited"), self.columns)
        return (Record(number, who, {}, {} if code is None else {code: raw}),)

    def _code(self, number: int, cells: Mapping[str, str]) -> str | None:
        """The indicator of a row; one that is not known is reported where there is anything in it."""
        written = cells["statement"]
        code = code_of(written)
        if code is None and (written or cells[self.result]):
            where = self.table.file, self.table.sheet, number, self.statement_header
            self.problems.append(Problem(Severity.ERROR, "unknown_indicator", *where, shown(written)))
        return code

    def said(self) -> list[Problem]:
        """What is wrong with rows and targets, and which rows were set aside."""
        return [
            *self.problems,
            *_set_aside(self.table, "indicator7_selpas", Severity.NOTE, self.aside),
            *_set_aside(self.table, "report_no_code", Severity.ERROR, self.homeless),
            *self.targets.problems,
        ]


def _is_selpa(cells: Mapping[str, str], identity: Mapping[str, str], has_result: bool) -> bool:
    """A row is of a SELPA (or the state) where its level says so, or its result or name is a SELPA's."""
    level = cells.get("level", "").casefold()
    if level:
        return level.startswith(("selpa", "state"))
    if re.search(r"\d{5}", identity.get("lea_code", "")):
        return not has_result
    return not has_result or bool(re.search(r"\bselpa\b", identity.get("lea_name", ""), re.IGNORECASE))


def _set_aside(table: Table, kind: str, severity: Severity, rows: list[int]) -> list[Problem]:
    if not rows:
        return []
    return [Problem(severity, kind, table.file, table.sheet, rows[0], values={"n": HowMany(len(rows))})]


EXAMPLE = """\
level,selpa_code,cd_code,name,school_year,summary_statement,children_exited,result_pct,state_target_pct
LEA,9901,9900001,Meadow Unified,2023-24,7A.1,34,85.71,84.20
LEA,9901,9900001,Meadow Unified,2023-24,7A.2,34,--,80.50
SELPA,9901,,My SELPA,2023-24,7A.1,336,83.75,84.20
"""

LAYOUT = Layout("indicator7", header_at(recognises), read_outcomes, EXAMPLE)
