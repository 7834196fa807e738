"""Which rows of a table are read: those that a mapping keeps, of LEAs, of students with disabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Texts
from dataclasses import dataclass, replace

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cde, group_words, schools, student_groups
from cim_core.intake.meanings.group_words import Meaning, words_of
from cim_core.intake.meanings.layout import Choice, body, canonical
from cim_core.intake.meanings.our_columns import WHOSE
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers, Question
from cim_core.intake.tying.mapping import Mapping, key, names

_FEWEST_COLUMNS = 3
_UNUSED = ("column_unused", "column_not_tied")


@dataclass(frozen=True, slots=True)
class Selected:
    """A table with the rows to read (row numbers stay true), what there is to ask and to say about others.

    `usable` is false where nothing of the table may be read; `problems` then say why.
    """

    table: Table
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    usable: bool = True
    used: frozenset[str] = frozenset()

    def without_used(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems without those that call a column unused by which rows were chosen."""
        return [one for one in problems if not (one.kind in _UNUSED and one.found in self.used)]


def rows(
    table: Table,
    at_row: int,
    answers: Answers,
    chooses: Choice = Choice.NOTHING,
    mapping: Mapping | None = None,
) -> Selected:
    """The rows to read. `chooses`: what the reader of the layout settles by itself."""
    header = table.rows[at_row]
    if chooses is Choice.EVERYTHING or sum(map(bool, header)) < _FEWEST_COLUMNS:
        return Selected(table)
    said: list[Problem] = []
    tied: dict[int, str] = {}
    settled: set[int] = set()
    if mapping is not None:
        tied = _tied(header, mapping)
        of_mapping, settled = _only(table, at_row, mapping)
        said += of_mapping.problems
        if not of_mapping.usable:
            return of_mapping
        table = of_mapping.table
    only_check = chooses is Choice.GROUPS_AND_LEVELS
    kept = schools.aside(table, at_row, answers, tied, only_check=only_check)
    said += kept.problems
    if not kept.usable or chooses is not Choice.NOTHING:
        return Selected(kept.table, kept.questions, tuple(said), kept.usable)
    codes = (at for at, cell in enumerate(header) if (tied.get(at) or canonical(cell)) == "lea_code")
    skipped = settled | {at for at, our in tied.items() if our in WHOSE}
    chosen = student_groups.choose(kept.table, at_row, answers, next(codes, None), skipped)
    questions = (*kept.questions, *chosen.questions)
    used = {*chosen.used, *(header[at] for at in settled)}
    names_used = frozenset(shown(name) for name in used)
    return Selected(chosen.table, questions, (*said, *chosen.problems), chosen.usable, names_used)


def _tied(header: list[str], mapping: Mapping) -> dict[int, str]:
    """Which of our columns each of the file's columns is, by its place."""
    ours = {key(theirs): our for theirs, our in mapping.columns.items()}
    return {at: ours[key(name)] for at, name in enumerate(names(header)) if name and key(name) in ours}


def _only(table: Table, at_row: int, mapping: Mapping) -> tuple[Selected, set[int]]:
    """The rows that meet every condition of a mapping, and the columns that they are about."""
    wanted = _wanted(table.rows[at_row], mapping)
    if not wanted:
        return Selected(table), set()
    filled = [found for found in body(table, at_row) if sum(map(bool, found[1])) >= _FEWEST_COLUMNS - 1]
    others = [found for found in filled if not _meets(found[1], wanted)]
    left = Counter(" / ".join(row[at] or "–" for at in wanted) for _, row in others)
    conditions = _conditions(mapping)
    if len(others) == len(filled):
        said = table.problem(
            "only_none", Severity.ERROR, table.told(cde.counts_of(left)), conditions=conditions
        )
        return Selected(table, problems=(said,), usable=False), set(wanted)
    problems = list(cde.set_aside(table, "rows_only", left, conditions=conditions))
    problems += [
        table.problem("only_others", Severity.WARNING, conditions)
        for at, values in wanted.items()
        if _other_students(table.rows[at_row][at], values)
    ]
    drop = {number - table.first_row for number, _ in others}
    rows = [[] if at in drop else row for at, row in enumerate(table.rows)]
    return Selected(replace(table, rows=rows), problems=tuple(problems)), set(wanted)


def _wanted(header: list[str], mapping: Mapping) -> dict[int, set[str]]:
    """The values that each conditioned column may have, by its place."""
    known = [key(name) for name in names(header)]
    return {
        known.index(key(column)): {words_of(value) for value in values}
        for column, values in mapping.only.items()
        if key(column) in known
    }


def _meets(row: list[str], wanted: Texts[int, set[str]]) -> bool:
    return all(words_of(row[at]) in values for at, values in wanted.items())


def _other_students(header: str, values: set[str]) -> bool:
    """Whether a condition on groups of students asks for others than those with disabilities."""
    kinds = {group_words.meaning(value) for value in values}
    others = Meaning.SWD not in kinds and bool(kinds & {Meaning.ALL, Meaning.OTHER})
    return others and group_words.names_groups(header)


def _conditions(mapping: Mapping) -> str:
    """The conditions of a mapping as they are written in its file."""
    texts: Texts[str, tuple[str, ...]] = mapping.only
    return "; ".join(f"{column} = {', '.join(values)}" for column, values in texts.items())
