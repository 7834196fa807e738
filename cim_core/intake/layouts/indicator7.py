"""Preschool outcomes (indicator 7) as CDE publishes them: one row per LEA or SELPA and summary statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import agency
from cim_core.intake.meanings import years
from cim_core.intake.meanings.layout import (
    IDENTITY,
    Layout,
    Raw,
    Reading,
    Record,
    body,
    canonical,
    header_at,
    plain,
    unused,
)
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers
from cim_core.words import HowMany

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


def read(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the LEAs of a table; rows of SELPAs are set aside with one note, their targets are kept."""
    header, position = table.rows[at_row], columns(table.rows[at_row])
    kept = {at for name, at in position.items() if name != "selpa_result" or "result" not in position}
    problems: list[Problem] = [
        unused(table, cell, twice=False) for at, cell in enumerate(header) if cell and at not in kept
    ]
    told = years.Told("") if "year" in position else years.told(table, at_row, answers)
    problems += told.problems
    above = agency.read([agency.line(row) for row in table.rows[:at_row]])
    targets = Targets(
        table, *(header[position[name]] if name in position else "" for name in ("target", "met"))
    )
    result = position["result"] if "result" in position else position["selpa_result"]
    exited = position.get("exited")
    names = header[result], f"{header[result]}_n", header[exited] if exited is not None else "exited"
    records: list[Record] = []
    aside: list[int] = []
    homeless: list[int] = []
    for number, row in body(table, at_row):
        cells = {name: row[at] for name, at in position.items()}
        identity = {name: cells[name] for name in IDENTITY if name in position}
        identity["year"] = cells["year"] if "year" in position else told.year
        if "lea_code" not in position and above.lea_code:
            identity |= {"lea_code": above.lea_code, "lea_name": identity.get("lea_name") or above.lea_name}
        lea = not _is_selpa(cells, identity, "result" in position)
        written = cells["statement"]
        code = code_of(written)
        if code is None and (written or row[result]):
            where = table.file, table.sheet, number, header[position["statement"]]
            problems.append(Problem(Severity.ERROR, "unknown_indicator", *where, shown(written)))
        if code is not None:
            targets.add(
                number, code, identity["year"], cells.get("target", ""),
                met=cells.get("met", "") if lea else "",
                lea_code=identity.get("lea_code", "") if lea else "", rate=row[result],
            )  # fmt: skip
        if not lea:
            aside.append(number)
        elif "lea_code" not in identity:
            homeless.append(number)
        else:
            counted = row[exited] if exited is not None else None
            of_row = {} if code is None else {code: Raw(row[result], None, counted, names)}
            records.append(Record(number, identity, {}, of_row))
    problems += _set_aside(table, "indicator7_selpas", Severity.NOTE, aside)
    problems += _set_aside(table, "report_no_code", Severity.ERROR, homeless)
    headers = {name: header[at] for name, at in position.items() if name in IDENTITY}
    found = frozenset(code for record in records for code in record.cells)
    return Reading(
        table, "indicator7", records, found, headers, [*problems, *targets.problems], told.questions,
        tuple(targets.found), "indicator7", repeats=True,
    )  # fmt: skip


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

LAYOUT = Layout("indicator7", header_at(recognises), read, EXAMPLE)
