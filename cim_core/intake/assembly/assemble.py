"""Raw records → LEA-years: every text becomes a number, a reason, or a problem with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from cim_core.data.dataset import Cell, Facts, LeaYear, Missing, Origin, lea_key
from cim_core.data.indicators import INDICATORS, Unit, get
from cim_core.data.race_counts import STATE
from cim_core.intake.assembly import cell_checks, facts
from cim_core.intake.assembly.cell_checks import Scales
from cim_core.intake.assembly.gathering import GatheredRows, Key, Place
from cim_core.intake.assembly.identity import Identities
from cim_core.intake.assembly.race_gathering import Counted
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings.layout import Raw, Reading, Record, canonical
from cim_core.intake.problems import Problem, Severity, Values, shown
from cim_core.intake.questions import Answers, Question
from cim_core.words.messages import HowMany, Message, message

_LONGEST_TEXT = 200
_SPELLED_DIFFERENTLY = ("county", "lea_type")
"""Facts that public files word in their own ways; the first file's word stands."""
_EXAMPLE = "(replace this row)"
MOST_PROBLEMS = 20_000
_PERCENTAGES = frozenset(one.code for one in INDICATORS if one.unit is Unit.PERCENT)
_NO_FACTS = Facts()
_TAKEN = Record(0, {}, {}, {})
"""Stands for a record that was taken in: records and what they become are not held at the same time."""


@dataclass
class Assembly:
    """Gathers the readings of one or several files; `problems` grows as it goes.

    `taken` counts the rows that were assigned to an LEA and year; `told` are the facts that any row holds.
    """

    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    taken: int = 0
    groups: dict[Key, GatheredRows] = field(default_factory=dict)
    last: Table | None = None
    counted: Counted = field(default_factory=Counted)
    told: set[str] = field(default_factory=set)

    def report(self, problem: Problem) -> None:
        """Keep a problem; beyond `MOST_PROBLEMS` they are only counted."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.unlisted += 1
        else:
            self.problems.append(problem)

    def add(
        self, reading: Reading, scales: Scales, answers: Answers, collections: Mapping[str, str]
    ) -> tuple[Question, ...]:
        """Take in one reading; returns the questions that its codes raise.

        `collections` names the public collection of single indicators, where the reading does not.
        """
        self.last = reading.table
        return _Part(self, reading, scales, answers, collections).run()

    def finish(self) -> Iterator[LeaYear]:
        """The LEA-years of everything that was added, once: the groups give away their cells."""
        for group in self.groups.values():
            yield self._lea_year(group)

    def tally(self) -> None:
        """Say how many problems there are where not all of them are listed."""
        if self.unlisted and self.last is not None:
            found = f"{len(self.problems) + self.unlisted:,}"
            self.problems.append(self.last.problem("more_problems", Severity.ERROR, found))

    def _lea_year(self, group: GatheredRows) -> LeaYear:
        kept = {name: value for name, value in group.facts.items() if value is not _CONFLICT}
        made = Facts(**kept) if kept else _NO_FACTS  # type: ignore[arg-type]
        runs = group.runs if made.disproportionate_years is None else None
        return LeaYear(
            group.lea_code, group.year, group.lea_name, group.selpa,
            made, group.given_away(), group.unread, runs,
        )  # fmt: skip


class _Part:
    """One reading on its way into the assembly."""

    def __init__(
        self,
        whole: Assembly,
        reading: Reading,
        scales: Scales,
        answers: Answers,
        collections: Mapping[str, str],
    ) -> None:
        self.whole, self.reading, self.scales = whole, reading, scales
        self.collections = collections
        self.table = reading.table
        self.who = Identities(reading, answers, self._say)
        self.groups: dict[tuple[str, str, str], GatheredRows | None] = {}
        self.mine: dict[Key, int] = {}
        """The row in which each LEA and year stands first; one row may be about a year twice."""
        self.said: set[tuple[str, str]] = set()
        self.origins: dict[str, Origin] = {}
        self.columns: dict[str, str] = {}
        """The column in which each indicator stands first; all groups of this part share it."""
        self.rates = _PERCENTAGES - scales.fractions - scales.unanswered
        """Indicators whose rates stand as they are."""
        self.made: dict[tuple[str, int], Cell | None] = {}
        self.once = not reading.repeats
        self.differ: dict[str, str | Message] | None = None
        """Columns in which a further row for one LEA and year differs; None in any other row."""

    def run(self) -> tuple[Question, ...]:
        records = self.reading.records
        for at, record in enumerate(records):
            records[at] = _TAKEN
            if self._is_header(record):
                if self._same_header(record):
                    continue
                left = len(records) - at
                self._say(Severity.ERROR, "second_table", record.row, values={"n": HowMany(left)})
                break
            if record.counted is not None and record.identity.get("lea_code") == STATE:
                self._count_of_state(record)
                continue
            group = self._group(record)
            if group is not None:
                if record.counted is not None:
                    self._count(lea_key(group.lea_code), group.lea_code, group.year, record)
                self.whole.taken += 1
                group.unread = group.unread or bool(self.reading.unread)
                self._texts(group, record)
                if record.facts:
                    self._facts(group, record)
                group.runs = record.runs or group.runs
                if record.cells:
                    self._cells(group, record)
                if self.differ is not None:
                    self._twice(group, record)
        questions = self.who.questions
        del self.who  # it reports through this object: a ring that would keep every record until collected
        return questions

    def _count_of_state(self, record: Record) -> None:
        year = self.who.year(record)
        if year is not None:
            self.whole.taken += 1
            self._count(STATE, STATE, year, record)

    def _count(self, key: str, lea_code: str, year: str, record: Record) -> None:
        assert record.counted is not None
        place = Place(self.table, record.row, record.counted.columns[0])
        for problem in self.whole.counted.add(key, lea_code, year, record.counted, place):
            self.whole.report(problem)

    def _is_header(self, record: Record) -> bool:
        """Whether a row names columns: the header once more, or that of a second table below."""
        written = record.identity.get("lea_code", "")
        return bool(written) and not written[0].isdigit() and canonical(written) == "lea_code"

    def _same_header(self, record: Record) -> bool:
        """Whether the row is the header once more, which is said; the rows below it are read on."""
        row = self.table.rows[record.row - self.table.first_row]
        above = islice(self.table.rows, record.row - self.table.first_row)
        again = any(row == one for one in above)
        if again:
            self._say(Severity.NOTE, "header_again", record.row)
        return again

    def _say(
        self,
        severity: Severity,
        kind: str,
        row: int | None,
        column: str = "",
        found: str | Message = "",
        group: GatheredRows | None = None,
        indicator: str = "",
        values: Values | None = None,
    ) -> None:
        code, year = (group.lea_code, group.year) if group else ("", "")
        table = self.table
        if isinstance(found, str):
            found = table.told(shown(found))
        self.whole.report(
            Problem(
                severity, kind, table.file, table.sheet, row, column, found, values or {}, code, year,
                indicator,
            )
        )  # fmt: skip

    def _header(self, name: str) -> str:
        return self.reading.headers.get(name, name)

    def _group(self, record: Record) -> GatheredRows | None:
        """The LEA and year of a row; None, with the reason reported, when the row cannot be assigned."""
        identity = record.identity
        written = identity.get("lea_code", "")
        seen = written, identity.get("lea_name", ""), identity.get("year", "")
        if not self.once and (known := self.groups.get(seen)) is not None:
            return known
        who = self.who.of(record)
        if who is None:
            return None
        code, year = who
        key = lea_key(code), year
        group = self.whole.groups.get(key)
        first = self.mine.setdefault(key, record.row)
        self.differ = {} if self.once and first != record.row else None
        if group is None:
            group = self.whole.groups[key] = GatheredRows(
                code, year, Place(self.table, record.row), self.reading.headers, self.columns
            )
        if _EXAMPLE in seen[1].casefold():
            self._say(Severity.WARNING, "template_row", record.row, self._header("lea_name"), seen[1], group)
        group.by_name |= code in self.reading.by_name
        if not self.once:
            self.groups[seen] = group
        return group

    def _twice(self, group: GatheredRows, record: Record) -> None:
        """Say that a further row is about an LEA and year: rows count together, and nothing that differs."""
        columns = tuple((self.differ or {}).values())
        kind, severity = ("lea_twice", Severity.ERROR) if columns else ("lea_repeated", Severity.WARNING)
        values: Values = {"first": group.place.said(self.table), "columns": columns}
        code = record.identity.get("lea_code", "")
        self._say(severity, kind, record.row, self._header("lea_code"), code, group, values=values)

    def _texts(self, group: GatheredRows, record: Record) -> None:
        for name in ("lea_name", "selpa"):
            written = record.identity.get(name, "")
            kept = getattr(group, name)
            if not written or kept == written:
                continue
            written = self._short(written, name, group, record.row)
            if written.startswith("="):
                self._say(Severity.WARNING, "formula_text", record.row, self._header(name), written, group)
            if not kept:
                setattr(group, name, written)
            elif kept != written and not self._another_file_names_it(name, group):
                self._say(
                    Severity.WARNING,
                    "texts_differ",
                    record.row,
                    self._header(name),
                    written,
                    group,
                    values={"kept": self.table.told(kept)},
                )

    def _another_file_names_it(self, name: str, group: GatheredRows) -> bool:
        """Names differ between public files as a matter of course; codes join them."""
        return name == "lea_name" and group.place.table is not self.table

    def _short(self, written: str, name: str, group: GatheredRows, row: int) -> str:
        if len(written) <= _LONGEST_TEXT:
            return written
        limit = {"limit": HowMany(_LONGEST_TEXT)}
        self._say(Severity.WARNING, "text_too_long", row, self._header(name), written, group, values=limit)
        return written[:_LONGEST_TEXT]

    def _facts(self, group: GatheredRows, record: Record) -> None:
        self.whole.told.update(name for name, written in record.facts.items() if written)
        before = frozenset(group.facts)
        for name, written in record.facts.items():
            value = self._fact(group, record.row, name, written)
            if value in (None, ""):
                continue
            differs = name in group.facts and not facts.same(name, group.facts[name], value)
            if differs and not self._gives_way(name, group, record.row):
                if not self._yields(name, group):
                    self._facts_differ(name, written, group, record.row)
                continue
            group.put_fact(name, value if differs else group.facts.get(name, value))
            if not self._its_own(group, record.row) and name not in group.places and name not in before:
                group.put_place(name, Place(self.table, record.row))
            if name in self.reading.implied:
                group.implied |= {name}

    def _fact(self, group: GatheredRows, row: int, name: str, written: str) -> object:
        """The value of a fact, None or an empty text for unknown; what cannot be read is said."""
        value = facts.value_of(name, written, self.scales)
        if isinstance(value, facts.Bad):
            self._say(Severity.ERROR, value.kind, row, self._header(name), written, group)
            value = value.kept
        return self._short(value, name, group, row) if isinstance(value, str) else value

    def _facts_differ(self, name: str, written: str, group: GatheredRows, row: int) -> None:
        """Two values for one fact: neither counts, said once."""
        if self.differ is not None:
            self.differ[name] = self._header(name)
        elif group.facts[name] is not _CONFLICT:
            first = {"first": group.place_of_fact(name).said(self.table)}
            self._say(Severity.ERROR, "facts_differ", row, self._header(name), written, group, values=first)
        group.put_fact(name, _CONFLICT)

    def _yields(self, name: str, group: GatheredRows) -> bool:
        """Whether a fact that differs from another file's is left out without being a conflict.

        Names of counties and types differ between files as a matter of course. A fact that a file only
        implies (enrollment for the number of students) yields to one that a file states.
        """
        other_file = group.place_of_fact(name).table.file != self.table.file
        implied = name in self.reading.implied and name not in group.implied
        return other_file and (name in _SPELLED_DIFFERENTLY or implied)

    def _gives_way(self, name: str, group: GatheredRows, row: int) -> bool:
        """Whether the fact that is there was only implied, and gives way to the one that a file states."""
        if name not in group.implied or name in self.reading.implied:
            return False
        group.implied -= {name}
        group.put_place(name, Place(self.table, row))
        return True

    def _its_own(self, group: GatheredRows, row: int) -> bool:
        """Whether a row is the one that a group's place names."""
        return group.place.row == row and group.place.table is self.table

    def _cells(self, group: GatheredRows, record: Record) -> None:
        for code, raw in record.cells.items():
            origin = self._origin(raw.collection or self.collections.get(code, ""))
            group.unread = group.unread or raw.refused
            cell = self._plain(code, raw, origin)
            if cell is None:
                cell = cell_checks.cell(
                    code, raw, self.scales, self._reporter(group, record.row, code), origin
                )
            before = group.cells.get(code)
            if before is not None and before != cell:
                elsewhere = group.place_of_cell(code).table is not self.table
                joined = cell_checks.joined(before, cell, elsewhere)
                if joined is None or code in group.conflicts:
                    self._conflict(group, record.row, code, raw, before, cell)
                    continue
                if joined is before:
                    continue
                cell = joined
            group.cells[code] = cell
            if before is None or before != cell:
                column = raw.columns[0]
                if not self._its_own(group, record.row) or self.columns.setdefault(code, column) != column:
                    group.put_place(code, Place(self.table, record.row, column))
                elif before is not None:
                    group.places.pop(code, None)

    def _plain(self, code: str, raw: Raw, origin: Origin) -> Cell | None:
        """A cell that needs no closer look; equal ones are made once."""
        if raw.numerator or raw.denominator:
            return cell_checks.plainly_right(code, raw, origin)
        if raw.reason or raw.refused or code not in self.rates:
            return None
        key = raw.rate or "", id(origin)
        if key not in self.made:
            self.made[key] = cell_checks.only_rate(key[0], origin)
        return self.made[key]

    def _conflict(self, group: GatheredRows, row: int, code: str, raw: Raw, before: Cell, cell: Cell) -> None:
        """Two different values for one cell: neither is used, and it is said once."""
        if code in group.conflicts:
            return
        group.conflicts |= {code}
        group.unread = True
        said: Values = {"first": group.place_of_cell(code).said(self.table), "label": get(code).label}
        both = message("both", first=cell_checks.in_words(before), second=cell_checks.in_words(cell))
        if self.differ is not None:
            self.differ[code] = get(code).label
        else:
            self._say(Severity.ERROR, "cell_twice", row, raw.columns[0], both, group, code, values=said)
        group.cells[code] = Cell(missing=Missing.REFUSED, origin=before.origin)

    def _origin(self, collection: str) -> Origin:
        collection = collection or self.reading.collection
        found = self.origins.get(collection)
        if found is None:
            found = self.origins[collection] = Origin(self.table.file, collection)
        return found

    def _reporter(self, group: GatheredRows, row: int, code: str) -> cell_checks.Say:
        """How the reading of one indicator's cell reports what it finds."""

        def say(severity: Severity, kind: str, column: str, found: str) -> None:
            self._say(severity, kind, row, column, found, group, code, values={"label": get(code).label})

        return say


_CONFLICT = facts.Bad("facts_differ")
