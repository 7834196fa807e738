"""Which rows of a table are about students with disabilities as a whole, where it names groups of students.

Never the first row of several: rows of other groups are set aside and counted. A table that names groups and
none of students with disabilities is not used at all, unless a person says which rows are about them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cde, group_words, person_words
from cim_core.intake.meanings.group_words import Meaning, words_of
from cim_core.intake.meanings.layout import body, canonical
from cim_core.intake.meanings.person_words import PersonWord
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question

EVERY_ROW = cde.SWD
"""The answer that every row is about students with disabilities, whatever the column says."""
_LOOKED_AT = 2_000
_MOST_OPTIONS = 30
_MOST_VALUES = 200
_NO_NAMES = frozenset({"lea_code", "lea_name", "selpa", "year", "county"})
_FILLED = 2
_CUTS = {
    PersonWord.GRADE,
    PersonWord.GENDER,
    PersonWord.ETHNICITY,
    PersonWord.LANGUAGE,
    PersonWord.DISABILITY,
    PersonWord.AGE,
    PersonWord.STATUS,
}
_EVERYBODY = re.compile(r"(?:all|total|totals|combined|both|overall|ta)(?: \w+){0,2}")
_TITLE = re.compile(
    r"\A\W*+((?:student |pupil )?(?:sub)?groups?|reporting category|students|population)\s*+[:=]"
    r"\s*+(\S(?:.*\S)?)\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """Which values of a column mean students with disabilities, what there is to ask and to say.

    `kept` is empty where nothing may be used.
    """

    kept: frozenset[str]
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    usable: bool = True


@dataclass(frozen=True, slots=True)
class ChosenGroup:
    """A table with the rows of students with disabilities only; `usable` false where there are none."""

    table: Table
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    usable: bool = True
    used: tuple[str, ...] = ()
    """The columns by which rows were chosen."""


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    header: str
    means: dict[str, Meaning]

    def of(self, row: Sequence[str]) -> Meaning | None:
        """What a row says here; None where it says nothing."""
        written = row[self.place]
        return self.means[written] if written else None


def decide(table: Table, column: str, counted: Counter[str], answers: Answers) -> Decision:
    """Which of the values of a column that names groups are students with disabilities.

    Values that are known to be others only: refused, with the reason. Values that may be: asked.
    """
    means = group_words.meanings([one for one in counted if one])
    kept = frozenset(one for one, kind in means.items() if kind is Meaning.SWD)
    if kept or not counted:
        return Decision(kept)
    return _asked(table, column, counted, Meaning.UNKNOWN in means.values(), answers)


def of_level(table: Table, at_row: int, columns: cde.CdeColumns, level: str, answers: Answers) -> Decision:
    """Which groups in the rows of one level of a CDE file are students with disabilities, as written.

    In a file without a column for groups a person says whom it is about.
    """
    if "group" not in columns.at:
        questions, problems, usable = cde.group(table, answers)
        return Decision(frozenset({""}), questions, problems, usable)
    return decide(table, columns.header("group"), groups_of(table, at_row, columns, (level,)), answers)


def groups_of(table: Table, at_row: int, columns: cde.CdeColumns, at_levels: Collection[str]) -> Counter[str]:
    """How often each group is named in the rows of some levels, as written."""
    if "group" not in columns.at:
        return Counter()
    rows = (cells for _, cells in body(table, at_row))
    return Counter(
        columns.text(cells, "group") for cells in rows if columns.text(cells, "level").upper() in at_levels
    )


def _asked(table: Table, column: str, counted: Counter[str], unsure: bool, answers: Answers) -> Decision:
    written = [one for one, _ in counted.most_common(_MOST_OPTIONS) if one]
    answer = answers.get(Ask.GROUP.value, "")
    every = (EVERY_ROW, *written)
    taken = next((one for one in every if words_of(one) == words_of(answer)), "") if answer else ""
    options = tuple(one for one in every if table.told(one) or one in (EVERY_ROW, taken))
    question = Question(Ask.GROUP, options, taken, values={"column": column})
    found = table.told(cde.counts_of(counted))
    if taken:
        kept = frozenset(counted) if taken == EVERY_ROW else frozenset({taken})
        said = table.problem("group_said", Severity.WARNING, found, column=column, value=taken)
        return Decision(kept, (question,), (said,))
    kind = "group_unsure" if unsure else "group_none"
    problem = table.problem(kind, Severity.ERROR, found, column=column)
    return Decision(frozenset(), (question,), (problem,), usable=False)


def columns(table: Table, at_row: int, codes_at: int | None, settled: Collection[int] = ()) -> list[_Column]:
    """The columns of a table that name groups of students, by their headers or by their values."""
    header = table.rows[at_row]
    found = []
    values = distinct(table, at_row)
    for place, cell in enumerate(header):
        given = values.get(place)
        if not cell or not given or place in settled or canonical(cell) in _NO_NAMES:
            continue
        status = group_words.is_status(cell)
        means = group_words.meanings(given, status)
        if group_words.names_groups(cell) or (
            _flags(table, at_row, place, given, codes_at)
            if status
            else _by_values(means, group_words.may_name_groups(cell))
        ):
            found.append(_Column(place, cell, means))
    return found


def distinct(
    table: Table, at_row: int, wanted: Callable[[str], bool] = lambda header: True
) -> dict[int, list[str]]:
    """The distinct texts of each column whose header is wanted; of columns with very many of them none."""
    header = table.rows[at_row]
    places = [place for place, cell in enumerate(header) if cell and wanted(cell)]
    if not places:
        return {}
    rows = [row for row in table.rows[at_row + 1 :] if row]
    found = {}
    narrowest = min(map(len, rows), default=0)
    for place in places:
        filled = rows if place < narrowest else [row for row in rows if place < len(row)]
        texts = _texts_below(header, filled, place)
        if 0 < len(texts) <= _MOST_VALUES:
            found[place] = texts
    return found


def _texts_below(header: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """The distinct texts of a column; none where the first rows show that they are very many.

    The header itself is none of them where it stands there only because the whole header is repeated.
    """
    of_row = itemgetter(place)
    if len(set(map(of_row, rows[:_LOOKED_AT]))) > _MOST_VALUES:
        return []
    if place == 0:  # notes below a table stand in its first column alone
        rows = [row for row in rows if any(row[1:])]
    texts = [text for text in dict.fromkeys(map(of_row, rows)) if text]
    name = header[place]
    if name in texts and all(_again(row, header) for row in rows if of_row(row) == name):
        texts.remove(name)
    return texts


def _by_values(means: dict[str, Meaning], likely: bool) -> bool:
    """Whether the values of a column without a telling name are groups: all known, students with
    disabilities among others; under a likely name, all known and no number."""
    kinds = set(means.values())
    if Meaning.UNKNOWN in kinds or any(one.isdigit() or len(words_of(one)) < 2 for one in means):
        return False
    return (Meaning.SWD in kinds and len(kinds) > 1) or (likely and bool(kinds & {Meaning.SWD, Meaning.ALL}))


def _flags(table: Table, at_row: int, place: int, given: Sequence[str], codes_at: int | None) -> bool:
    """Whether a column such as `SWD` or `Special Education Status` says of each row whose it is.

    0 and 1 are such signs only under a name that says so, or where one LEA has rows of both kinds: else the
    column claims to be a count.
    """
    header = group_words.compact(table.rows[at_row][place])
    if group_words.zero_or_one(given):
        named = header.endswith(("status", "flag", "indicator", "ind", "yn", "yesno", "code"))
        return named or _both_of_one_lea(table, at_row, place, codes_at)
    if group_words.yes_or_no(given):
        return True
    kinds = {group_words.meaning(one, True) for one in given if not one.isdigit()}
    return (
        not any(words_of(one).replace(" ", "").isdigit() for one in given)
        and bool(kinds & {Meaning.SWD, Meaning.ALL, Meaning.OTHER})
        and not (Meaning.UNKNOWN in kinds and Meaning.SWD not in kinds and header.startswith("disab"))
    )


def _both_of_one_lea(table: Table, at_row: int, place: int, codes_at: int | None) -> bool:
    if codes_at is None:
        return False
    kinds: dict[str, set[str]] = defaultdict(set)
    for _, row in body(table, at_row):
        if row[place]:
            kinds[row[codes_at]].add(words_of(row[place])[:1])
    return any(len(one) > 1 for code, one in kinds.items() if code)


def choose(
    table: Table, at_row: int, answers: Answers, codes_at: int | None, settled: Collection[int] = ()
) -> ChosenGroup:
    """The table without the rows of other groups than students with disabilities.

    A row counts where one column says so and no other says that it is only a part of them (a race, a
    language). `settled` are columns of which a person has already said which rows to use.
    """
    found = columns(table, at_row, codes_at, settled)
    if not found:
        above = _above(table, at_row, answers)
        return _of_everybody(table, at_row, {}, settled) if above is None else above
    rows = _told(table, at_row)
    parted = _parted(found, rows, table.rows[at_row])
    others, drop = parted.others, parted.drop
    decided = Decision(frozenset())
    if not parted.swd:
        names = " / ".join(column.header for column in found)
        decided = _asked(table, names, others, parted.unsure, answers)
        if not decided.kept:
            return ChosenGroup(table, decided.questions, decided.problems, usable=False, used=_headers(found))
        drop = drop - {at for at, row in rows if _name(found, row) in decided.kept}
        others = Counter({name: n for name, n in others.items() if name not in decided.kept})
    table = _without(table, drop)
    whole = _of_everybody(table, at_row, others, {*settled, *(column.place for column in found)})
    return replace(
        whole,
        questions=decided.questions,
        problems=(*decided.problems, *whole.problems),
        used=(*_headers(found), *whole.used),
    )


class _Parted(NamedTuple):
    """Rows by what their columns say: the indexes of those to drop, how often each other group is named.

    `swd`: there are rows of students with disabilities; `unsure`: there are groups that nobody knows.
    """

    drop: set[int]
    others: Counter[str]
    swd: bool
    unsure: bool


def _parted(
    found: Sequence[_Column], rows: Sequence[tuple[int, list[str]]], header: Sequence[str]
) -> _Parted:
    drop: set[int] = set()
    others: Counter[str] = Counter()
    swd = unsure = False
    for at, row in rows:
        if _again(row, header):
            continue
        kinds = {column.of(row) for column in found} - {None}
        if Meaning.SWD in kinds and kinds <= {Meaning.SWD, Meaning.ALL}:
            swd = True
            continue
        drop.add(at)
        others[_name(found, row)] += 1
        unsure = unsure or Meaning.UNKNOWN in kinds
    return _Parted(drop, others, swd, unsure)


def _without(table: Table, drop: Collection[int]) -> Table:
    """The table with some rows emptied, so that the numbers of the others stay true."""
    if not drop:
        return table
    return replace(table, rows=[[] if at in drop else row for at, row in enumerate(table.rows)])


def _of_everybody(table: Table, at_row: int, others: Mapping[str, int], skip: Collection[int]) -> ChosenGroup:
    """The table with the row of everybody only, where a column cuts each LEA's students by grade, gender, …

    `others` are rows that were set aside before, to be said together.
    """
    header = table.rows[at_row]
    counted = Counter(others)
    cuts = _everybody(table, at_row, skip)
    rows = [(at, row) for at, row in _told(table, at_row) if not _again(row, header)] if cuts else []
    drop: set[int] = set()
    for place, everybody in cuts.items():
        for at, row in rows:
            if at not in drop and row[place] not in everybody:
                drop.add(at)
                counted[f"{header[place]}: {row[place] or '–'}"] += 1
    said = cde.set_aside(table, "rows_group", counted)
    return ChosenGroup(_without(table, drop), (), said, used=tuple(header[place] for place in cuts))


def _everybody(table: Table, at_row: int, skip: Collection[int]) -> dict[int, set[str]]:
    """Columns that cut students by something else than their group, each with its values for everybody."""
    found = {}
    for place, values in distinct(table, at_row, _cuts).items():
        everybody = {text for text in values if _EVERYBODY.fullmatch(words_of(text))}
        if place not in skip and len(values) > 1 and everybody:
            found[place] = everybody
    return found


def _cuts(header: str) -> bool:
    """Whether a column cuts students by something else than their group."""
    charter = group_words.compact(header).startswith(("charter", "dass"))
    return charter or person_words.kind(header) in _CUTS


def _above(table: Table, at_row: int, answers: Answers) -> ChosenGroup | None:
    """What a line above the table says about its students, where that is not students with disabilities."""
    for row in table.rows[:at_row]:
        told = _TITLE.match(" ".join(filter(None, row)))
        if told is None or group_words.meaning(told[2]) in (Meaning.SWD, Meaning.UNKNOWN):
            continue
        decided = _asked(table, told[1], Counter({told[2]: 1}), False, answers)
        return ChosenGroup(table, decided.questions, decided.problems, decided.usable)
    return None


def _headers(found: Sequence[_Column]) -> tuple[str, ...]:
    return tuple(one.header for one in found)


def conditions(
    table: Table, at_row: int, codes_at: int | None, settled: Collection[int] = ()
) -> dict[int, tuple[str, ...]]:
    """By which values of which columns the rows of students with disabilities can be told; none if by none.

    Beside a column that says so, one that names other groups too is held to its row of everybody.
    """
    found = columns(table, at_row, codes_at, settled)
    wanted: dict[int, tuple[str, ...]] = {}
    for kind in (Meaning.SWD, Meaning.ALL):
        for one in found:
            values = tuple(written for written, means in one.means.items() if means is kind)
            if values and one.place not in wanted:
                wanted[one.place] = values
        if not wanted:
            return {}
    return wanted


def _told(table: Table, at_row: int) -> list[tuple[int, list[str]]]:
    """The rows that can be about a group, by index: not the notes below a table."""
    return [
        (number - table.first_row, row)
        for number, row in body(table, at_row)
        if sum(map(bool, row)) >= _FILLED
    ]


def _again(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row is the header once more."""
    return all(cell == name for cell, name in zip(row, header, strict=False) if cell)


def _name(found: Sequence[_Column], row: Sequence[str]) -> str:
    """How a row names its group, in words."""
    return " / ".join(row[one.place] for one in found if row[one.place])
