"""A table of any file rewritten by a mapping, so that the ordinary layouts read it.

Row numbers stay true: rows are neither added nor removed.
"""

from __future__ import annotations

import re
from collections import abc
from dataclasses import replace

from cim_core.data.outside import MOST_QUOTED
from cim_core.intake.files.tables import Table, clean
from cim_core.intake.meanings import codes, years
from cim_core.intake.meanings.layout import IDENTITY, Raw, Reading
from cim_core.intake.meanings.our_columns import LONG, PIECES
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.tying.mapping import Mapping, key, names
from cim_core.words.messages import HowMany

_NOT_DATA = {*IDENTITY, *PIECES, "indicator", "target", "source"}
_OF_AN_INDICATOR = tuple(name for name in LONG if name not in ("target", "source"))
_OF_COLUMNS = ("column_unused", "column_twice")
"""Problems that are found in a header, and so name a column of ours as what was found."""


def apply(mapping: Mapping, table: Table, at_row: int) -> Table:
    """The table with our headers from `at_row` on; what is above stays.

    Columns that are not tied go, each said in `Table.problems`; cells that have no header stay without one.
    """
    header = names(table.rows[at_row])
    tied = {key(theirs): our for theirs, our in mapping.columns.items()}
    ours = [(at, tied[key(name)]) for at, name in enumerate(header) if name and key(name) in tied]
    plan = _Plan(mapping, ours, [at for at, name in enumerate(header) if not name], len(header))
    rows = [*table.rows[:at_row], plan.header]
    rows += [plan.row(row) if any(row) else [] for row in table.rows[at_row + 1 :]]
    left = (name for name in header if name and key(name) not in tied)
    problems = [table.problem("column_not_tied", Severity.NOTE, name) for name in left]
    return replace(table, rows=rows, problems=(*table.problems, *problems, *plan.problems(table)))


class _Pieces:
    """The pieces of a code, from columns of their own or the same for all rows."""

    def __init__(self, mapping: Mapping, position: dict[str, int]) -> None:
        self.columns = {piece: position[piece] for piece in PIECES if piece in position}
        self.fixed = {our: clean(text) for our, text in mapping.constants.items() if our in PIECES}
        self.known = [piece for piece in PIECES if piece in self.columns or piece in self.fixed]

    def code(self, row: list[str]) -> str:
        """The pieces as one code; whatever they cannot be one of stays to be seen, and is refused later."""
        in_row = {piece: row[at] for piece, at in self.columns.items()}
        if not any(in_row.values()):
            return ""
        written = {**dict.fromkeys(PIECES, ""), **self.fixed, **in_row}
        county, district, school = (_zeros(written[piece], digits) for piece, digits in PIECES.items())
        alone = "county_code" not in self.known
        whole = bool(district and (county or alone) and (school or not written["school_code"]))
        if whole and int(district):
            return county + district + school
        return " / ".join(written[piece] for piece in self.known)


class _Plan:
    """How one row becomes ours."""

    def __init__(
        self, mapping: Mapping, ours: list[tuple[int, str]], nameless: list[int], width: int
    ) -> None:
        self.nameless, self.width = nameless, width
        self.places = [(at, our) for at, our in ours if our not in PIECES]
        self.position = {our: at for at, our in ours}
        self.fixed = {our: clean(text) for our, text in mapping.constants.items() if our not in PIECES}
        self.pieces = _Pieces(mapping, self.position)
        self.values = {key(theirs): code for theirs, code in mapping.values.items()}
        self.unused = {text for text, code in self.values.items() if not code}
        self.skipped: dict[str, int] = {}
        self.header = (
            [our for _, our in self.places] + ["lea_code"] * bool(self.pieces.columns) + list(self.fixed)
        )
        self.data = [at for at, our in self.places if our not in _NOT_DATA]

    def row(self, row: list[str]) -> list[str]:
        row = row + [""] * (self.width - len(row))
        out = [row[at] for at, _ in self.places]
        code = row[self.position["lea_code"]] if "lea_code" in self.position else ""
        if self.pieces.columns:
            code = self.pieces.code(row)
            out.append(code)
        filled = years.holds_data(code, (row[at] for at in self.data))
        out += self.fixed.values() if filled else [""] * len(self.fixed)
        if self.values:
            self.rename(row, out)
        nameless = [row[at] for at in self.nameless] + row[self.width :]
        return out + nameless if any(nameless) else out

    def rename(self, row: list[str], out: list[str]) -> None:
        """The file's name of an indicator becomes ours; one that is not used takes its numbers with it."""
        at = next((at for at, (_, our) in enumerate(self.places) if our == "indicator"), None)
        if at is None:
            return
        written = key(out[at])
        if written in self.unused:
            self.skipped[out[at]] = self.skipped.get(out[at], 0) + 1
            for place, (_, our) in enumerate(self.places):
                if our in _OF_AN_INDICATOR:
                    out[place] = ""
        else:
            out[at] = self.values.get(written, out[at])

    def problems(self, table: Table) -> list[Problem]:
        """The names of indicators that are not used, each once."""
        return [
            table.problem("value_not_tied", Severity.NOTE, table.told(text), n=HowMany(rows))
            for text, rows in self.skipped.items()
        ]


def _zeros(written: str, digits: int) -> str:
    """A piece of a code with its leading zeros; empty where it cannot be one."""
    plain = codes.undone(written)
    return plain.zfill(digits) if re.fullmatch(rf"\d{{1,{digits}}}", plain, re.ASCII) else ""


def named(reading: Reading, theirs: abc.Mapping[str, str]) -> Reading:
    """A reading of a rewritten table in which everything is called as in the file itself."""

    def called(column: str) -> str:
        return theirs.get(column, column)

    renamed: dict[tuple[str, str, str], tuple[str, str, str]] = {}

    def cells(raws: abc.Mapping[str, Raw]) -> dict[str, Raw]:
        for raw in raws.values():
            if raw.columns not in renamed:
                rate, numerator, denominator = raw.columns
                renamed[raw.columns] = called(rate), called(numerator), called(denominator)
        return {code: raw._replace(columns=renamed[raw.columns]) for code, raw in raws.items()}

    return replace(
        reading,
        records=[record._replace(cells=cells(record.cells)) for record in reading.records],
        headers={our: called(header) for our, header in reading.headers.items()},
        problems=[
            replace(
                problem,
                column=called(problem.column),
                found=called(problem.shown()) if problem.kind in _OF_COLUMNS else problem.found,
            )
            for problem in reading.problems
        ],
        targets=tuple(replace(one, column=called(one.column)) for one in reading.targets),
    )


def misfit(table: Table, missing: abc.Iterable[str]) -> Problem:
    """The error for a file that lacks columns of its mapping."""
    lost = list(missing)
    found = shown(", ".join(lost), MOST_QUOTED)
    return Problem(
        Severity.ERROR,
        "mapping_misfit",
        table.file,
        table.sheet,
        found=found,
        values={"n": HowMany(len(lost))},
    )
