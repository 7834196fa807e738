"""The printed annual performance report (APR) of LEAs: as a table, pasted from Word, or as text from a PDF.

Columns: No., Indicator, Rate, Target, Target Met?, Monitoring Activities; the agency, its SELPA, its
determination and the school year stand in lines above. A file may hold several reports, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cim_core.data import indicators
from cim_core.data.dataset import FACT_COLUMNS
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import agency
from cim_core.intake.layouts.agency import Said
from cim_core.intake.layouts.apr import rows as apr_rows
from cim_core.intake.layouts.apr.doubt import is_heading
from cim_core.intake.layouts.apr.rows import Parts, ReportRow
from cim_core.intake.meanings import cell_text, years
from cim_core.intake.meanings.indicator_names import IndicatorNames
from cim_core.intake.meanings.layout import IDENTITY, Layout, Raw, Reading, Record, header_at
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import HowMany

_NUMBER = re.compile(
    r"\A(?:indicator\s++|sppi\s++)?(\d{1,2}(?:[a-d](?:[.\-]?[12])?)?)\b[.:)]?\s++(.*+)", re.IGNORECASE
)
_THIRD = {
    "3c": re.compile(r"alternat", re.IGNORECASE),
    "3d": re.compile(r"\bgap\b", re.IGNORECASE),
    "3a": re.compile(r"participation|participated", re.IGNORECASE),
    "3b": re.compile(r"achievement|proficien", re.IGNORECASE),
}
_SELPA = re.compile(r"\bselpa\b", re.IGNORECASE)
_ELA, _MATH = (re.compile(one, re.IGNORECASE) for one in (r"\bela\b|english|reading|literacy", r"\bmath"))


@dataclass
class _Report:
    """One report while it is being gathered: what the lines above it say, and its rows."""

    said: Said = field(default_factory=Said)
    year: str = ""
    rows: list[ReportRow] = field(default_factory=list)


def find(table: Table) -> int | None:
    """The row of a report's header, else the first row of a report in plain text."""
    at = header_at(apr_rows.is_header)(table)
    return apr_rows.is_text(table) if at is None else at


def code_of(number: str, label: str) -> str | None:
    """The indicator of a printed row: by its number, and for number 3 by what its label says is measured."""
    found = indicators.find(number)
    part = re.fullmatch(
        r"\A(?:indicator|sppi)?\s*+3([a-d]?)", number.strip().removesuffix(".0"), re.IGNORECASE
    )
    if found is not None or part is None:
        return found
    subjects = [name for name, said in (("ela", _ELA), ("math", _MATH)) if said.search(label)]
    kinds = (
        [f"3{part[1].lower()}"] if part[1] else [kind for kind, said in _THIRD.items() if said.search(label)]
    )
    return f"{kinds[0]}_{subjects[0]}" if kinds and len(subjects) == 1 else None


def read_report(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the reports of a table; every row and line that is set aside is reported."""
    parts = apr_rows.split(table, at_row)
    problems = _around(table, parts)
    reports = _reports(parts, table, problems)
    in_column = "year" in parts.headers
    questions: tuple[Question, ...] = ()
    if not in_column:
        told = _years(reports, table, at_row, answers)
        questions = told.questions
        problems += told.problems
    gathered = _Gathered(table, parts, problems)
    for report in reports:
        gathered.add(report)
    headers = {name: parts.headers.get(name, "Agency") for name in ("lea_code", "lea_name")}
    headers |= {name: parts.headers[name] for name in _MORE if name in parts.headers}
    facts = {name for record in gathered.records for name in record.facts}
    codes = {code for record in gathered.records for code in record.cells}
    return Reading(
        table, "apr", gathered.records, frozenset(facts | codes), headers,
        [*problems, *gathered.by_name.said(table), *gathered.targets.problems], questions,
        tuple(gathered.targets.found), "apr", whole=True, repeats=True, unread=gathered.by_name.unread,
    )  # fmt: skip


_MORE = (*IDENTITY, *FACT_COLUMNS)


class _Gathered:
    """Rows of reports → records and targets."""

    def __init__(self, table: Table, parts: Parts, problems: list[Problem]) -> None:
        self.table, self.problems = table, problems
        self.names = [parts.headers.get(name, name.title()) for name in ("number", "rate")]
        self.targets = Targets(
            table, parts.headers.get("target", "Target"), parts.headers.get("met", "Target Met?")
        )
        self.records: list[Record] = []
        self.homeless: dict[tuple[str, str, str], list[ReportRow]] = {}
        self.by_name = IndicatorNames()

    def add(self, report: _Report) -> None:
        self.homeless = {}
        above = ""
        for row in report.rows:
            number, label = row.number, row.label
            split = None if number else _NUMBER.fullmatch(label)
            if split is not None:
                number, label = split[1], split[2]
            elif not number and re.match(r"3", above):
                number = above
            above = number
            code = code_of(number, label) or self._by_name(number, label)
            if code is None:
                self._say("unknown_indicator", row.row, self.names[0], f"{number} {label}".strip())
            self._add(report, row, code)
        for (_, selpa, name), rows in self.homeless.items():
            kind, severity = ("report_no_code", Severity.ERROR)
            if selpa and (_SELPA.search(name) or not name):
                kind, severity = "report_selpa", Severity.WARNING
            found = f"{name} {selpa}".strip()
            problem = Problem(
                severity, kind, self.table.file, self.table.sheet, rows[0].row, found=shown(found)
            )
            self.problems.append(replace(problem, values={"n": HowMany(len(rows))}))

    def _add(self, report: _Report, row: ReportRow, code: str | None) -> None:
        identity = _identity(report, row)
        lea_code, name = identity["lea_code"], identity["lea_name"]
        no_code = re.fullmatch(r"\d{0,4}", lea_code, re.ASCII) is not None
        if code is not None:
            self.targets.add(
                row.row, code, identity["year"], row.target, met="" if no_code else row.met,
                lea_code="" if no_code else lea_code, rate=row.rate,
            )  # fmt: skip
        named = not lea_code and name and not _SELPA.search(name)
        if no_code and not named:
            self._without_lea(report.said, row, identity)
            return
        columns = self.names[1], f"{self.names[1]}_n", f"{self.names[1]}_d"
        read = {} if code is None else {code: Raw(row.rate, None, None, columns)}
        self.records.append(Record(row.row, identity, _facts(report.said, row), read))

    def _without_lea(self, said: Said, row: ReportRow, identity: Mapping[str, str]) -> None:
        """Keep a row that is no LEA's, by the region or name that it has instead."""
        selpa = identity["lea_code"] or row.more.get("selpa_code", "") or said.selpa_code
        name = identity["lea_name"] or identity["selpa"] * (not said.selpa_code)
        self.homeless.setdefault((identity["lea_code"], selpa, name), []).append(row)

    def _by_name(self, number: str, label: str) -> str | None:
        """The indicator that number and label together name without doubt, where the number is no code."""
        return None if indicators.find(number) else self.by_name.code(f"{number} {label}".strip())

    def _say(self, kind: str, row: int, column: str, found: str) -> None:
        table = self.table
        self.problems.append(
            Problem(Severity.ERROR, kind, table.file, table.sheet, row, column, shown(found))
        )


def _identity(report: _Report, row: ReportRow) -> dict[str, str]:
    """Whose a row is: by its own columns, else by the lines above."""
    said, more = report.said, row.more
    return {
        "lea_code": more.get("lea_code", "") or said.lea_code,
        "lea_name": more.get("lea_name", "") or said.lea_name,
        "selpa": more.get("selpa", "") or said.selpa,
        "year": more.get("year", "") or report.year,
    }


def _facts(said: Said, row: ReportRow) -> dict[str, str]:
    """The facts of a row; a determination also from the lines above."""
    facts = {name: row.more[name] for name in FACT_COLUMNS if name in row.more}
    determination = facts.get("determination", "") or said.determination
    if determination:
        facts["determination"] = "" if cell_text.number(determination) is not None else determination
    return facts


def _around(table: Table, parts: Parts) -> list[Problem]:
    problems = [table.problem("column_unused", Severity.NOTE, name) for name in parts.unused]
    for row, found in parts.beyond:
        problems.append(
            Problem(Severity.WARNING, "beyond_header", table.file, table.sheet, row, found=shown(found))
        )
    return problems


def _reports(parts: Parts, table: Table, problems: list[Problem]) -> list[_Report]:
    """Rows under the lines that they belong to; lines that say nothing to us are reported."""
    reports = [_Report()]
    aside = [(row, text) for row, text in parts.furniture if not is_heading(text)]
    for row, text in parts.lost:
        where = table.file, table.sheet, row
        problems.append(Problem(Severity.ERROR, "report_row", *where, found=shown(text)))
    for part in parts.parts:
        if isinstance(part, ReportRow):
            reports[-1].rows.append(part)
            continue
        said = agency.interpret([text for _, text in part.lines])
        _start(reports, said)
        for at, (row, text) in enumerate(part.lines):
            if apr_rows.lost(text) and at not in said.used:
                where = table.file, table.sheet, row
                problems.append(Problem(Severity.ERROR, "report_row", *where, found=shown(text)))
            elif at not in said.used and not is_heading(text):
                aside.append((row, text))
    if aside:
        row, first = min(aside)
        note = Problem(Severity.NOTE, "report_lines", table.file, table.sheet, row, found=shown(first))
        problems.append(replace(note, values={"n": HowMany(len(aside))}))
    return [report for report in reports if report.rows]


def _start(reports: list[_Report], said: Said) -> None:
    """Begin the next report where lines name an agency; else they add to the one that they follow.

    A determination before the next agency is of the report above where that has none yet.
    """
    now = reports[-1]
    if said.leading and now.rows and not now.said.determination:
        now.said = replace(now.said, determination=said.leading)
        said = replace(said, leading="")
    if (now.rows or now.said.names_agency) and not said.names_agency and not said.years:
        if not now.rows and not now.said.determination:
            now.said = replace(now.said, determination=said.determination or said.leading)
        return
    said = replace(said, determination=said.determination or said.leading)
    following = _Report(said, said.years[0] if len(said.years) == 1 else now.year)
    if now.rows:
        reports.append(following)
    else:
        reports[-1] = following


def _years(reports: Sequence[_Report], table: Table, at_row: int, answers: Answers) -> years.Told:
    """Give each report its year: from its own title, or one for all where a title or a person says so."""
    own = {report.year for report in reports}
    answered = cell_text.school_year(answers.get(Ask.YEAR.value, "")) is not None
    if own and "" not in own and (len(own) > 1 or not answered):
        if len(own) > 1:
            return years.Told("")
        year = own.pop()
        note = table.problem("year_from_title", Severity.NOTE, year)
        return years.Told(year, (Question(Ask.YEAR, (year,), year),), (note,))
    told = years.told(table, at_row, answers)
    for report in reports:
        if not report.year or (answered and len(own) == 1):
            report.year = told.year
    return told


EXAMPLE = """\
2023-24 Annual Performance Report
Agency: Meadow Unified (9900001)
SELPA: My SELPA (9901)
Annual Determination: Meets Requirements
No.\tIndicator\tRate\tTarget\tTarget Met?\tMonitoring Activities
5a\tLRE Rate: In Regular Class more than 80%\t66.57%\t≥51.2%\tYes\tNA
5c\tSeparate Schools\tNC\t≤4.0%\tNA\tNA
"""

LAYOUT = Layout("apr", find, read_report, EXAMPLE)
