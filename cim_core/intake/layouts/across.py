"""Tables that lie on their side: indicators down, and LEAs or school years across.

The first column names indicators (`5a`, `5a_n`, `Suspension Rate`), facts (`swd`) or what the LEA is called;
each further column is an LEA (`Meadow Unified (9900001)`), a school year, or both. Where only years stand
across, the LEA stands in a column of its own, or in the lines above the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import across_columns, agency, record_loop
from cim_core.intake.layouts.across_columns import TARGETS, Across
from cim_core.intake.layouts.apr import rows as apr_rows
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings import cell_text, header_years, our_columns, spellings, years
from cim_core.intake.meanings.layout import (
    HEADER_WITHIN,
    IDENTITY,
    Choice,
    Layout,
    Raw,
    Reading,
    Record,
    body,
    canonical,
    plain,
)
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers, Question

_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Label:
    """What a row holds: an identity or fact column of ours, or a part of an indicator."""

    name: str = ""
    code: str = ""
    part: int = 0
    year: str = ""


@dataclass
class Sides:
    """How a table lies: the column of labels, the columns of values, and the identity columns."""

    label_at: int
    across: list[Across]
    identity: dict[str, int] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


def label(written: str) -> Label | None:
    """What a row with this label holds, where that is beyond doubt."""
    year, rest = header_years.split(written)
    name = canonical(rest)
    if name is not None and (name in IDENTITY or name in FACT_COLUMNS):
        return Label(name=name, year=year)
    exact = our_columns.column(rest)
    if exact is not None:
        return Label(code=exact[0], part=exact[1], year=year)
    code, part = spellings.sure(rest)
    if code:
        return Label(code=code, part=part or 0, year=year)
    meant = spellings.meanings(rest)
    if meant and meant[0][1] == 100 and meant[0][0] in FACT_COLUMNS:
        return Label(name=meant[0][0], year=year)
    return None


def find(table: Table) -> int | None:
    """The row of the header of a table that lies on its side; None for any other, also a printed report."""
    for at in range(min(len(table.rows), HEADER_WITHIN)):
        if any(table.rows[at]) and sides(table, at) is not None:
            return None if _is_report(table) else at
    return None


def _is_report(table: Table) -> bool:
    printed = any("arget" in cell for row in table.rows for cell in row)
    return printed and any(map(apr_rows.is_header, table.rows))


def sides(table: Table, at_row: int) -> Sides | None:
    """How the table under a header lies; None where it does not lie on its side."""
    header = table.rows[at_row]
    below = [row for _, (_, row) in zip(range(_LOOKED_AT), body(table, at_row), strict=False)]
    label_at = next((at for at in range(min(3, len(header))) if _labels(below, at)), None)
    if label_at is None or isinstance(cell_text.number(header[label_at]), Decimal):
        return None
    coded = any(row[label_at] and canonical(row[label_at]) == "lea_code" for row in below)
    found, named = _sorted_out(header, label_at, coded=coded)
    known = named or coded or "lea_code" in found.identity or bool(_above(table, at_row).lea_code)
    first = bool(found.across) and label_at < found.across[0].at
    return found if first and known and _hold_anything(found.across, below) else None


def _sorted_out(header: Sequence[str], label_at: int, *, coded: bool) -> tuple[Sides, bool]:
    """What each column beside the labels is by its header; whether a header names an LEA."""
    called = canonical(header[label_at])
    found = Sides(label_at, [])
    for at, cell in enumerate(header):
        if at == label_at or not cell:
            continue
        column = across_columns.column(at, cell, called, coded)
        if column is not None:
            found.across.append(column)
        elif canonical(cell) in IDENTITY:
            _once(found, found.identity, str(canonical(cell)), at, cell)
        elif plain(cell) in TARGETS:
            _once(found, found.targets, TARGETS[plain(cell)], at, cell)
        else:
            found.unused.append(cell)
    named = any(column.code or column.name for column in found.across)
    places = across_columns.places(header, found.unused, label_at, named)
    if places:
        found.across = sorted((*found.across, *places), key=lambda column: column.at)
        found.unused = [cell for cell in found.unused if cell not in {header[one.at] for one in places}]
    return found, named or bool(places)


def _hold_anything(across: Sequence[Across], below: Sequence[Sequence[str]]) -> bool:
    return any(column.at < len(row) and row[column.at] for column in across for row in below)


def _once(found: Sides, places: dict[str, int], name: str, at: int, cell: str) -> None:
    if name in places:
        found.twice.append(cell)
    places.setdefault(name, at)


def _labels(below: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column names what its rows hold: most of its texts do, and not by numbers alone."""
    texts = list(dict.fromkeys(row[at] for row in below if row[at]))
    read = {text: label(text) for text in texts}
    known = [text for text in texts if read[text] is not None or spellings.likely(text)]
    spoken = [
        text
        for text, meant in read.items()
        if meant is not None and meant.code and not text.replace(".", "").isdigit()
    ]
    return bool(spoken) and 3 * len(known) >= 2 * len(texts)


def _above(table: Table, at_row: int) -> agency.Said:
    return agency.interpret([agency.line(row) for row in table.rows[:at_row] if any(row)])


def read_across(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the records of a table that lies on its side; every problem names its own row and column."""
    found = sides(table, at_row)
    assert found is not None
    gathered = _Gathered(table, at_row, found, answers)
    record_loop.read_rows(table, at_row, Whose(found.identity), gathered.take)
    return gathered.reading()


@dataclass
class _Slot:
    """One indicator of one LEA and year while its rows are gathered."""

    row: int
    column: str
    parts: list[str | None] = field(default_factory=lambda: [None, None, None])


class _Gathered:
    """Rows of a table on its side → records."""

    def __init__(self, table: Table, at_row: int, found: Sides, answers: Answers) -> None:
        self.table, self.found = table, found
        self.header = table.rows[at_row]
        self.above = _above(table, at_row)
        self.problems = [table.problem("column_unused", Severity.NOTE, one) for one in found.unused]
        self.problems += [table.problem("column_twice", Severity.WARNING, one) for one in found.twice]
        self.problems.append(table.problem("table_across", Severity.NOTE, self.header[found.label_at]))
        self.told = self._year(at_row, answers)
        self.columns: dict[int, dict[str, str]] = {one.at: self._of(one) for one in found.across}
        self.in_parts = any(one.part is not None for one in found.across)
        self.slots: list[tuple[dict[str, str], str, _Slot]] = []
        self.open: dict[tuple[object, ...], _Slot] = {}
        self.facts: list[Record] = []
        self.known: set[str] = set()
        self.unread: dict[str, None] = {}
        self.targets: dict[str, Targets] = {}

    def _year(self, at_row: int, answers: Answers) -> years.Told | None:
        """The year that holds where neither a header nor a row says one."""
        labels = [label(row[self.found.label_at]) for _, row in body(self.table, at_row)]
        dated = all(one.year for one in self.found.across) or "year" in self.found.identity
        rows = [one for one in labels if one is not None]
        dated = dated or any(one.name == "year" for one in rows)
        if dated or (rows and all(one.year for one in rows if one.code)):
            return None
        return years.told(self.table, at_row, answers)

    def _of(self, one: Across) -> dict[str, str]:
        """Who a column is about, as far as its header says it."""
        who = {"lea_code": one.code, "lea_name": one.name, "year": one.year}
        return {name: written for name, written in who.items() if written}

    def take(self, number: int, row: list[str], who: dict[str, str]) -> tuple[Record, ...]:
        """Take in one row; whose its values are is known only when all are."""
        self._beyond(number, row)
        written = row[self.found.label_at]
        filled = [column for column in self.found.across if column.at < len(row) and row[column.at]]
        meant = label(written) if written else None
        if meant is None:
            if filled:
                self._unknown(number, written)
        elif meant.name in IDENTITY:
            for column in filled:
                self.columns[column.at][meant.name] = row[column.at]
        else:
            own = {name: text for name, text in who.items() if text}
            self._values(number, row, own | ({"year": meant.year} if meant.year else {}), meant)
        return ()

    def _values(self, number: int, row: Sequence[str], own: Mapping[str, str], meant: Label) -> None:
        """The values of a row that holds a fact or a part of an indicator."""
        self.known.add(meant.name or meant.code)
        for column in self.found.across:
            value = row[column.at] if column.at < len(row) else ""
            if not meant.name:
                self._value(number, column, own, meant, value)
            elif value:
                self.facts.append(Record(number, {"at": str(column.at), **own}, {meant.name: value}, {}))
        if meant.code:
            self._target(number, row, own, meant.code)

    def _beyond(self, number: int, row: Sequence[str]) -> None:
        """Cells in columns without a name are said; the names of rows need none above them."""
        named = {at for at, cell in enumerate(self.header) if cell} | {self.found.label_at}
        nameless = [cell for at, cell in enumerate(row) if cell and at not in named]
        if nameless:
            at = number - self.table.first_row
            found = " ".join(nameless)
            self.problems.append(self.table.problem_at("beyond_header", Severity.WARNING, at, found=found))

    def _value(self, number: int, column: Across, own: Mapping[str, str], meant: Label, value: str) -> None:
        part = column.part if column.part is not None else meant.part
        who = {"at": str(column.at), **own}
        of = (column.code, column.name, column.year) if self.in_parts else (column.at,)
        key = (*of, *sorted(own.items()), meant.code)
        slot = self.open.get(key)
        if slot is None or slot.parts[part] is not None:
            slot = self.open[key] = _Slot(number, self.header[column.at])
            self.slots.append((who, meant.code, slot))
        slot.parts[part] = value

    def _target(self, number: int, row: Sequence[str], own: Mapping[str, str], code: str) -> None:
        """A target beside an indicator holds for the year of its row, or for the only one of the table."""
        at, met_at = self.found.targets.get("target"), self.found.targets.get("met")
        told = {
            own.get("year") or one.year or (self.told.year if self.told else "") for one in self.found.across
        }
        if at is None or not row[at] or len(told) != 1:
            return
        if "t" not in self.targets:
            self.targets["t"] = Targets(
                self.table, self.header[at], "" if met_at is None else self.header[met_at]
            )
        alone = self.found.across[0] if len(self.found.across) == 1 else None
        lea_code = self._who({"at": str(alone.at), **own}).get("lea_code", "") if alone else ""
        rate = row[alone.at] if alone else ""
        met = row[met_at] if met_at is not None and alone else ""
        self.targets["t"].add(number, code, told.pop(), row[at], met=met, lea_code=lea_code, rate=rate)

    def _unknown(self, number: int, written: str) -> None:
        likely = bool(spellings.likely(written))
        if likely:
            self.unread[written] = None
        table = self.table
        severity, kind = (Severity.ERROR, "unknown_indicator") if likely else (Severity.NOTE, "label_unused")
        column = self.header[self.found.label_at]
        self.problems.append(
            Problem(severity, kind, table.file, table.sheet, number, column, shown(written or "–"))
        )

    def _who(self, own: Mapping[str, str]) -> dict[str, str]:
        """The whole identity of a value: the lines above, its column, its row."""
        above = {"lea_code": self.above.lea_code, "lea_name": self.above.lea_name, "selpa": self.above.selpa}
        who = (
            above if not any("lea_code" in one or "lea_name" in one for one in self.columns.values()) else {}
        )
        who = {
            **who,
            **self.columns[int(own["at"])],
            **{name: text for name, text in own.items() if name != "at"},
        }
        if not who.get("year"):
            who["year"] = self.told.year if self.told else ""
        return {name: who.get(name, "") for name in IDENTITY}

    def reading(self) -> Reading:
        """All of it."""
        records = [
            Record(
                slot.row, self._who(own), {},
                {code: Raw(slot.parts[0], slot.parts[1], slot.parts[2], (slot.column,) * 3)},
            )
            for own, code, slot in self.slots
        ]  # fmt: skip
        records += self._facts()
        questions: tuple[Question, ...] = ()
        if self.told is not None:
            self.problems += self.told.problems
            questions = self.told.questions
        targets = [one for some in self.targets.values() for one in some.found]
        self.problems += [one for some in self.targets.values() for one in some.problems]
        name = self.header[self.found.label_at]
        headers = {"lea_code": name, "lea_name": name} | dict.fromkeys(self.known & set(FACT_COLUMNS), name)
        if self.told is None:
            headers["year"] = name
        return Reading(
            self.table, "across", records, frozenset(self.known), headers, self.problems, questions,
            tuple(targets), repeats=True, whole=True, unread=tuple(self.unread),
        )  # fmt: skip

    def _facts(self) -> Iterator[Record]:
        """Facts of an LEA; where years stand across and a fact's row has none, each value is its column's."""
        for record in self.facts:
            yield record._replace(identity=self._who(record.identity))


EXAMPLE = """\
School year 2023-24,,
Indicator,Meadow Unified (9900001),Brook Elementary (9900002)
swd,640,180
5a,53.2,NC
5a_n,532,
5a_d,1000,
11,100,100
"""

LAYOUT = Layout("across", find, read_across, EXAMPLE, chooses=Choice.EVERYTHING)
