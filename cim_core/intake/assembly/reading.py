"""One upload → its readings: the sheet is chosen, the layout found, the header looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cim_core.data.outside import MOST_QUOTED
from cim_core.intake.assembly import by_name, pieces, said_years, selection, sheet_problems, twins
from cim_core.intake.assembly.columns_read import columns_read
from cim_core.intake.assembly.lea_years import LeaYears
from cim_core.intake.assembly.opening import Upload, open_tables, refuse_large_of_schools
from cim_core.intake.assembly.selection import Selected
from cim_core.intake.files import tables
from cim_core.intake.layouts import across, other_files
from cim_core.intake.meanings import cell_text, flags, schools, spellings, years
from cim_core.intake.meanings.layout import HEADER_WITHIN, Choice, Layout, PrintedTarget, Reading
from cim_core.intake.problems import Problem, Severity, UnreadableFileError, shown
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.intake.tying import guess, rewrite
from cim_core.intake.tying.mapping import Mapping, fits, their_names

ALL_SHEETS = "*"
_WHO = {"lea_code", "lea_name", "district_code"}
_OWN_PIECES = (
    "dataquest_suspension",
    "dataquest_chronic",
    "environment",
    "settings",
    "acgr",
    "caaspp",
    "apr",
)
"""Layouts that join the pieces of codes themselves."""
_OWN_COLUMNS = ("dashboard", "statewide", "across")
"""Layouts whose columns of identity are fixed, or stand across."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """What became of one file; `layout` is empty where none was recognised, `mapped` true with a mapping.

    `unused` are the file's columns that mean nothing to us; `sheets` those that hold data; `rows` how many
    rows were read, `headers` pairs of one of our columns and the file's own name of it.
    """

    file: str
    digest: str
    layout: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    targets: tuple[PrintedTarget, ...] = ()
    unused: tuple[str, ...] = ()
    in_question: tuple[str, ...] = ()
    mapped: bool = False
    rows: int = 0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of one file, read as its answers say, before they are joined with those of others."""

    about: FileRead
    answers: Answers
    readings: list[Reading]
    problems: list[Problem]


def read_rows(upload: Upload, layouts: Sequence[Layout]) -> FileRows:
    """Read one upload in the first layout that fits. Never raises for bad data."""
    nothing = FileRead(upload.file, upload.digest, mapped=upload.mapping is not None)
    try:
        return _rows(upload, nothing, layouts)
    except UnreadableFileError as error:
        return FileRows(nothing, upload.answers, [], [error.problem])


def _rows(upload: Upload, nothing: FileRead, layouts: Sequence[Layout]) -> FileRows:
    refuse_large_of_schools(upload)
    found = open_tables(upload)
    readable, why_not = _all_readable(upload, found, layouts)
    if not readable:
        asked = replace(nothing, questions=_which_sheet(found, upload.answers))
        return FileRows(asked, upload.answers, [], why_not)
    chosen, question = _sheets(readable, upload.answers)
    readings = _read_sheets(upload, chosen)
    readings, of_years = said_years.understood(readings, upload.answers)
    LeaYears().take(readings, upload.file)  # before names are looked up: that costs more
    readings, of_names = by_name.understood(readings, upload.answers)
    problems = [*_of_readings(chosen, readings), *_sheets_left(upload.file, found, chosen, readable)]
    questions = {asked.id: asked for reading in readings for asked in reading.questions}
    about = replace(
        nothing,
        layout=readings[0].layout,
        sheet=", ".join(reading.table.sheet for reading in readings),
        sheets=tuple(place.table.sheet for place in readable),
        questions=(*question, *of_years, *of_names, *questions.values()),
        targets=tuple(target for reading in readings for target in reading.targets),
        unused=tuple(said.shown() for said in problems if said.kind in ("column_unused", "column_not_tied")),
        rows=sum(len(reading.records) for reading in readings),
        headers=columns_read(readings),
    )
    return FileRows(about, upload.answers, readings, problems)


@dataclass(frozen=True, slots=True)
class _Readable:
    """A table with its layout and the row of its header; `selected` where its rows are chosen already.

    `nameless` is the table as it came, where it had no column of codes and was given one.
    """

    table: tables.Table
    layout: Layout
    at_row: int
    selected: Selected | None = None
    nameless: tables.Table | None = None


def _all_readable(
    upload: Upload, found: list[tables.Table], layouts: Sequence[Layout]
) -> tuple[list[_Readable], list[Problem]]:
    """The tables that can be read, by the file's mapping where it has one; and why there are none."""
    if upload.mapping is not None:
        return _mapped(upload.mapping, found, upload.answers, layouts)
    places = [_readable(table, layouts) for table in found]
    readable = [place for place in places if place is not None]
    return readable, [] if readable else _refused(upload, found)


def _read_sheets(upload: Upload, chosen: Sequence[_Readable]) -> list[Reading]:
    """The readings of the chosen sheets, each with the answers that were given for it."""
    readings = []
    for place in chosen:
        answers = upload.answers
        if len(chosen) > 1:
            answers = years.own_answers(answers, place.table.sheet)
        reading = _read_rows(place, answers)
        if len(chosen) > 1:
            reading = years.of_sheet(reading)
        if upload.mapping is not None:
            reading = rewrite.named(reading, their_names(upload.mapping))
        readings.append(reading)
    return readings


def _of_readings(chosen: Sequence[_Readable], readings: Sequence[Reading]) -> list[Problem]:
    """What there is to say of the sheets that are read."""
    problems: list[Problem] = []
    for place, reading in zip(chosen, readings, strict=True):
        around = [] if reading.whole else sheet_problems.around(reading.table, place.at_row)
        problems += [
            *reading.table.problems,
            *reading.problems,
            *around,
            *sheet_problems.blank_facts(reading),
        ]
    return problems


def _sheets_left(
    file: str, found: Sequence[tables.Table], chosen: Sequence[_Readable], readable: Sequence[_Readable]
) -> list[Problem]:
    """The sheets that hold something and are not read."""
    used = {place.table.sheet for place in chosen}
    data = {place.table.sheet for place in readable}
    values = {"used": ", ".join(sorted(used))}
    problems = []
    for table in found:
        if table.sheet not in used and any(map(any, table.rows)):
            second = table.sheet in data
            kind, severity = ("sheet_second", Severity.WARNING) if second else ("sheet_unused", Severity.NOTE)
            problems.append(Problem(severity, kind, file, table.sheet, values=values))
    return problems


def _readable(table: tables.Table, layouts: Sequence[Layout]) -> _Readable | None:
    """The table with its layout, also where it names LEAs and gives no codes; None for an unknown one."""
    layout = _layout(table, layouts)
    if layout is None or layout[0] is across.LAYOUT:
        for made, coded in by_name.with_codes(table):
            named = _layout(coded, layouts)
            if named is not None and named[0] is not across.LAYOUT:
                theirs = ["", *table.rows[named[1]]]
                return _Readable(twins.joined(made, named[1], theirs), *named, nameless=table)
    if layout is None:
        return None
    own = layout[0].id in _OWN_PIECES
    if not own:
        table = pieces.joined(table, layout[1])
    if not own and layout[0].id not in _OWN_COLUMNS:
        table = twins.joined(table, layout[1])
    return _Readable(table, *layout)


def _read_rows(readable: _Readable, answers: Answers) -> Reading:
    """The reading of the rows of LEAs and of students with disabilities; empty where there are none."""
    selected = readable.selected or selection.rows(
        readable.table, readable.at_row, answers, readable.layout.chooses
    )
    table = readable.table if readable.selected else selected.table
    if readable.layout.chooses is not Choice.NOTHING:
        table = replace(table, unsure=False)  # a public file of a shape of its own
    if not selected.usable:
        reading = Reading(table, readable.layout.id, [], frozenset(), {}, [])
    else:
        read_as = readable.layout.read(table, readable.at_row, answers)
        every = readable.table.rows[readable.at_row :] if selected.table is not readable.table else ()
        reading = flags.taken_out(read_as, every, selected.used)
        if readable.nameless is not None:
            reading = by_name.called(reading, readable.nameless, readable.at_row)
    return replace(
        reading,
        table=replace(table, problems=tuple(selected.without_used(table.problems))),
        problems=[*selected.problems, *selected.without_used(reading.problems)],
        questions=(*selected.questions, *reading.questions),
    )


def _which_sheet(found: list[tables.Table], answers: Answers) -> tuple[Question, ...]:
    """Which sheet of an unknown workbook is meant, where several hold anything."""
    names = tuple(table.sheet for table in found if any(map(any, table.rows)))
    answer = answers.get(Ask.SHEET.value, "")
    taken = answer if answer in names else ""
    return (Question(Ask.SHEET, names, taken, needed=False),) if len(names) > 1 else ()


def _sheets(readable: list[_Readable], answers: Answers) -> tuple[list[_Readable], tuple[Question, ...]]:
    """The sheets to read: those that a person chose, or the first visible one, which is offered."""
    names = [one.table.sheet for one in readable]
    if len(names) == 1:
        return readable, ()
    answer = answers.get(Ask.SHEET.value, names[0])
    if answer == ALL_SHEETS:
        chosen = readable
    else:
        chosen = [one for one in readable if one.table.sheet == answer] or readable[:1]
        answer = chosen[0].table.sheet
    return chosen, (Question(Ask.SHEET, (*names, ALL_SHEETS), answer),)


def header_of(mapping: Mapping, table: tables.Table) -> tuple[int, tuple[str, ...]]:
    """The row of a table that a mapping fits best, and the columns that are missing there."""
    head = table.rows[:HEADER_WITHIN] or [[]]
    missing = [fits(mapping, row) for row in head]
    best = min(range(len(head)), key=lambda at: len(missing[at]))
    return best, missing[best]


def _mapped(
    mapping: Mapping, found: list[tables.Table], answers: Answers, layouts: Sequence[Layout]
) -> tuple[list[_Readable], list[Problem]]:
    """The tables that a mapping fits, rewritten, each with its layout; or why there is none."""
    answer = answers.get(Ask.SHEET.value, "")
    asked = [table for table in found if table.sheet == answer] or found
    places = [(table, *header_of(mapping, table)) for table in asked]
    fitting = [(table, at) for table, at, missing in places if not missing]
    if not fitting:
        table, _, missing = min(places, key=lambda place: len(place[2]))
        return [], [*table.problems, rewrite.misfit(table, missing)]
    readable = []
    for table, at in fitting:
        selected = selection.rows(table, at, answers, mapping=mapping)
        ours = rewrite.apply(mapping, selected.table, at)
        below = replace(ours, rows=[[] for _ in ours.rows[:at]] + ours.rows[at:])
        place = _readable(below, layouts)
        if place is not None:
            whole = ours if place.nameless is None else place.table
            readable.append(replace(place, table=whole, selected=selected))
    table = fitting[0][0]
    return readable, [*table.problems, table.problem("mapping_incomplete", Severity.ERROR)]


def _layout(table: tables.Table, layouts: Sequence[Layout]) -> tuple[Layout, int] | None:
    """The layout whose header stands highest in the table, and its row."""
    best: tuple[Layout, int] | None = None
    for layout in layouts:
        at = layout.find(table)
        if at is not None and (best is None or at < best[1]):
            best = layout, at
        if best is not None and best[1] == 0:
            break  # none stands higher, and of two in one row the first is taken
    return best


def _refused(upload: Upload, found: list[tables.Table]) -> list[Problem]:
    """Why no table of a file can be read."""
    if other_files.is_fixed_width(found[0]):
        return [found[0].problem("fixed_width", Severity.ERROR)]
    known = [other_files.problem(table, name) for table in found if (name := other_files.named(table))]
    return known or [*found[0].problems, *_unrecognised(upload, found)]


def _unrecognised(upload: Upload, found: list[tables.Table]) -> tuple[Problem, ...]:
    """Why nothing can be read: a table of schools only is named as such."""
    for table in found:
        of_schools = schools.aside(table, guess.header_row(table), upload.answers, {})
        if not of_schools.usable:
            return of_schools.problems
    first = next((row for table in found for row in table.rows if any(row)), [])
    names = not any(
        isinstance(cell_text.number(cell), Decimal) or re.search(r"\d[/-]\d", cell) for cell in first
    )
    shown_names = names and not any(table.unsure for table in found)
    written = ", ".join(cell for cell in first[:12] if cell) if shown_names else ""
    unknown = Problem(
        Severity.ERROR, "unknown_layout", upload.file, found[0].sheet, found=shown(written, MOST_QUOTED)
    )
    nobody = [table.problem("lea_missing", Severity.ERROR) for table in found if _names_no_lea(table)]
    return (unknown, *nobody[:1])


def _names_no_lea(table: tables.Table) -> bool:
    """Whether a table surely names indicators, across or down, and nothing in it could be an LEA."""
    if not table.rows:
        return False
    header = table.rows[guess.header_row(table)]
    if any(our in _WHO for cell in header for our, _ in spellings.meanings(cell)):
        return False
    down = (row[0] for row in table.rows[:HEADER_WITHIN] if row)
    return any(spellings.codes_in(cell) and across.label(cell) for cell in (*header, *down) if cell)
