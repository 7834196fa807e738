"""Special education enrollment by program setting: indicators 5a, 5b and 5c by LEA.

Structure: cde.ca.gov/ds/ad/fsspedps.asp, tab-delimited. Students in preschool settings are not of school age
(indicator 5 is about kindergarten to 21), so they are taken out of the denominator; that is our assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cim_core.data.dataset import Missing
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import cde_breakdowns
from cim_core.intake.meanings import cde, cell_text, group_words, student_groups
from cim_core.intake.meanings.cde import CdeColumns
from cim_core.intake.meanings.group_words import Meaning
from cim_core.intake.meanings.layout import Choice, Layout, Raw, Reading, Record, body, header_at
from cim_core.intake.problems import Severity
from cim_core.intake.questions import Answers, Ask, Question

_SETTINGS = {"5a": "psrcgt80n", "5b": "psrcl40n", "5c": "psssosn"}
_KNOWN = {
    **cde_breakdowns.KNOWN,
    **{header: code for code, header in _SETTINGS.items()},
    "spedenrn": "swd",
    "pspssn": "preschool",
}
_LEVELS = (cde_breakdowns.ACCOUNTABLE, cde_breakdowns.DISTRICT)


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this file's header: levels, categories, enrollment and the settings' counts."""
    needed = {"reportingcategory", "spedenrn", "pspssn", *_SETTINGS.values()}
    names = {cde.compact(cell) for cell in header}
    return cde_breakdowns.told(names) and needed <= names


def read_environment(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the rows of LEAs for all students with disabilities, one breakdown of each."""
    columns = cde.columns(table, at_row, _KNOWN, lambda name: name.startswith("ps"))
    question = _level(table, at_row, columns, answers)
    given = student_groups.groups_of(table, at_row, columns, _LEVELS)
    groups = frozenset(filter(_of_everybody, given))
    chosen = cde_breakdowns.choose(table, at_row, columns, question.taken, groups, answers)
    records = []
    for row in chosen.rows:
        facts = {"county": columns.text(row.cells, "county"), "swd": columns.text(row.cells, "swd")}
        settings = {code: _cell(columns, row.cells, code) for code in _SETTINGS}
        records.append(Record(row.number, row.identity, facts, settings))
    problems = [
        *columns.problems,
        *cde.passed_over(table, columns.passed),
        table.problem("preschool_taken_out", Severity.NOTE),
        *chosen.problems,
    ]
    return Reading(
        table, "environment", records, frozenset({*_SETTINGS, "swd", "county"}),
        {**columns.headers, "lea_code": cde_breakdowns.code_header(columns)}, problems,
        (question, *chosen.questions), collection="environment", repeats=True,
        implied=frozenset({"swd"}),
    )  # fmt: skip


def _level(table: Table, at_row: int, columns: CdeColumns, answers: Answers) -> Question:
    """CIM looks at the LEA that is accountable; where the file has none of those rows, the reporting one."""
    given = {columns.text(row, "level").upper() for _, row in body(table, at_row)}
    answer = answers.get(Ask.LEVEL.value, "")
    default = cde_breakdowns.ACCOUNTABLE if cde_breakdowns.ACCOUNTABLE in given else cde_breakdowns.DISTRICT
    return Question(Ask.LEVEL, _LEVELS, answer if answer in given and answer in _LEVELS else default)


def _of_everybody(category: str) -> bool:
    """Whether a category is all students with disabilities, about whom the whole file is."""
    return group_words.meaning(category) in (Meaning.ALL, Meaning.SWD)


def _cell(columns: CdeColumns, row: list[str], code: str) -> Raw:
    """A setting's count over school-age enrollment; suppressed when any of the three counts is."""
    count, enrolled, preschool = (columns.text(row, name) for name in (code, "swd", "preschool"))
    of_enrolled, of_preschool = columns.header("swd"), columns.header("preschool")
    names = columns.header(code), columns.header(code), f"{of_enrolled} − {of_preschool}"
    if any(cell_text.number(written) is Missing.SUPPRESSED for written in (count, enrolled, preschool)):
        return Raw(None, None, None, names, "*")
    of_all, of_few = _whole(enrolled), _whole(preschool)
    if of_all is None or of_few is None:
        # Handed on as it stands, so that the number that cannot be used is reported under its own column.
        written, header = (enrolled, of_enrolled) if of_all is None else (preschool, of_preschool)
        return Raw(None, count, written, (*names[:2], header))
    return Raw(None, count, str(of_all - of_few), names)


def _whole(written: str) -> int | None:
    number = cell_text.number(written)
    fits = isinstance(number, Decimal) and number >= 0 and number == int(number) and "%" not in written
    return int(number) if fits and isinstance(number, Decimal) else None


EXAMPLE = """\
Academic Year\tAggregate Level\tCounty Code\tDistrict Code\tSchool Code\tCounty Name\tDistrict Name\t\
School Name\tCharter School\tReportingCategory\tSPED_ENR_N\tPS_RCGT80_N\tPS_RC4079_N\tPS_RCL40_N\t\
PS_SSOS_N\tPS_PSS_N\tPS_MUK_N
2023-24\tA\t99\t00001\t\tExample\tMeadow Unified\t\tAll\tTA\t1100\t560\t200\t210\t30\t100\t0
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tAll\tTA\t1080\t550\t198\t205\t27\t100\t0
2023-24\tA\t99\t00002\t\tExample\tBrook Elementary\t\tAll\tTA\t180\t90\t*\t*\t*\t20\t0
"""

LAYOUT = Layout("environment", header_at(recognises), read_environment, EXAMPLE, Choice.GROUPS_AND_LEVELS)
