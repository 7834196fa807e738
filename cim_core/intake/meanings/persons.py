"""Tables whose rows are persons, told by their cells: names, identifiers, what describes one person.

A word that counts something in a header excuses nothing. What speaks for LEAs: names of districts and
schools, places of the state list, a code of its own in every row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cached_property

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import group_words, person_words
from cim_core.intake.meanings.layout import canonical, code_like
from cim_core.intake.meanings.person_columns import (
    LONGEST,
    UNIQUE,
    PersonColumn,
    by_values,
    first_last,
    in_days,
    is_id,
    is_personal,
    last_first,
    lea_like,
    lea_names,
    looks_like_data,
    of_state_list,
    one_word_each,
    plain_text,
)  # fmt: skip
from cim_core.intake.meanings.person_words import PersonWord

NAMELESS = "–"
"""Said where the sign is in values, which are never repeated."""
_HEAD, _BODY, _CELLS = 40, 100, 6_000


_TELLING = {PersonWord.BIRTH, PersonWord.CONTACT, PersonWord.DISABILITY, PersonWord.STAFF}
_DESCRIBING = {*_TELLING, PersonWord.GENDER, PersonWord.ETHNICITY, PersonWord.LANGUAGE}


class Verdict(Enum):
    """Whether the rows of a table are persons."""

    NO = "no"
    UNSURE = "unsure"
    YES = "yes"


def look(table: Table) -> tuple[Verdict, str]:
    """Whether the rows are persons, and the headers by which that is told (never a value)."""
    doubt = Verdict.NO
    readings = _readings(table)
    if any(header and (_of_leas(columns)[0] or _named_leas(columns)) for header, columns in readings):
        readings = [one for one in readings if one[0]]
    for header, columns in readings:
        verdict, told = _judge(columns)
        if verdict is Verdict.YES:
            return verdict, told if header and told else NAMELESS
        if verdict is Verdict.UNSURE:
            doubt = verdict
    return doubt, ""


def _readings(table: Table) -> list[tuple[bool, list[PersonColumn]]]:
    """The table under its likely headers: no header at all, the rows that name most, and two rows joined."""
    rows = [row for row in table.rows[: 4 * (_HEAD + _BODY)] if any(row)][: _HEAD + _BODY]
    width = max(map(len, rows), default=1) or 1
    rows = rows[: max(_CELLS // width, 12)]
    found = [(False, _columns([], rows)), (False, _columns([], rows[1:]))]
    heads: list[tuple[int, int, list[str]]] = []
    for at, row in enumerate(rows[:_HEAD]):
        heads.append((_named(row), at, row))
        if at + 1 < len(rows) and sum(map(bool, row)) > 1:
            both = _joined(row, rows[at + 1])
            heads.append((_named(both), at + 1, both))
    for named, at, row in sorted(heads, key=lambda one: (-one[0], one[1]))[:3]:
        if named:
            found.append((not looks_like_data(row), _columns(row, rows[at + 1 : at + 1 + _BODY])))
    return found


def _named(row: Sequence[str]) -> int:
    return sum(person_words.kind(cell) is not None for cell in row)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows as one header; a name in the upper one goes on to the right until the next."""
    out, last = [], ""
    for at, cell in enumerate(lower):
        last = upper[at] if at < len(upper) and upper[at] else last
        out.append(f"{last} {cell}".strip())
    return out


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[PersonColumn]:
    width = max([len(header), *map(len, rows)], default=0)
    found = []
    for at in range(width):
        values = tuple(row[at][:LONGEST] for row in rows if at < len(row) and row[at])
        name = header[at] if at < len(header) else ""
        found.append(PersonColumn(name, person_words.kind(name) if name else None, values))
    return found


class _Signs:
    """What the columns of a table show, of persons and of LEAs."""

    def __init__(self, columns: Sequence[PersonColumn]) -> None:
        self.columns = columns
        self.attributes = [
            column for column in columns if column.kind in person_words.ATTRIBUTES and is_personal(column)
        ]
        self.kinds = {column.kind for column in self.attributes}
        unnamed = [column for column in columns if column.kind is None or not column.header]
        self.valued = {kind for column in unnamed for kind in by_values(column)}
        own, self.coded = _of_leas(columns)
        self.of_leas = own or _named_leas(columns)

    @property
    def strong(self) -> bool:
        """Whether something is told that only a person has."""
        return bool(self.kinds & person_words.STRONG)

    @property
    def told(self) -> set[PersonWord | None]:
        """Everything that describes a person, by headers and by values."""
        return self.kinds | self.valued

    @cached_property
    def by_names(self) -> list[tuple[Verdict, PersonColumn]]:
        """What each column says by the names in its cells."""
        return [(_by_names(column, self), column) for column in self.columns]

    @cached_property
    def ids(self) -> list[PersonColumn]:
        """The columns of identifiers."""
        return [column for column in self.columns if is_id(column)]


def _judge(columns: Sequence[PersonColumn]) -> tuple[Verdict, str]:
    """The verdict by the surest of the rules that holds, and the headers that it rests on."""
    signs = _Signs(columns)
    for rule in _RULES:
        telling = rule(signs)
        if telling is not None:
            return Verdict.YES, _told(telling)
    described = not signs.of_leas and (len(signs.kinds) > 1 or bool(signs.ids))
    doubtful = described or any(verdict is Verdict.UNSURE for verdict, _ in signs.by_names)
    return Verdict.UNSURE if doubtful else Verdict.NO, ""


def _parts_of_names(signs: _Signs, kind: PersonWord) -> list[PersonColumn]:
    """The columns of first or of last names."""
    return [column for column in signs.columns if column.kind is kind and not lea_like(column)]


def _first_and_last(signs: _Signs) -> list[PersonColumn] | None:
    """First and last names stand in columns of their own."""
    first, last = _parts_of_names(signs, PersonWord.FIRST), _parts_of_names(signs, PersonWord.LAST)
    return [first[0], last[0], *signs.attributes] if first and last else None


def _half_a_name(signs: _Signs) -> list[PersonColumn] | None:
    """First or last names stand beside what describes a person."""
    if not signs.kinds:
        return None
    halves = [*_parts_of_names(signs, PersonWord.FIRST), *_parts_of_names(signs, PersonWord.LAST)]
    return next(([column, *signs.attributes] for column in halves if plain_text(column)), None)


def _names_in_cells(signs: _Signs) -> list[PersonColumn] | None:
    """The cells of a column are names of persons."""
    named = (column for verdict, column in signs.by_names if verdict is Verdict.YES)
    return next(([column, *signs.attributes] for column in named), None)


def _by_names(column: PersonColumn, signs: _Signs) -> Verdict:
    """What the names in the cells of one column say, with what stands beside them."""
    strong, weak = last_first(column), first_last(column)
    person = column.kind in (PersonWord.PERSON, PersonWord.NAME)
    candidate = strong or weak or (person and not lea_like(column))
    if not candidate or _of_others(column, signs, person=person):
        return Verdict.NO
    told = (
        (strong and _last_first_is_person(column, signs, person=person))
        or (weak and _first_last_is_person(column, signs))
        or (person and _text_is_person(column, signs))
    )
    if told:
        return Verdict.YES
    return Verdict.UNSURE if strong or weak or signs.kinds else Verdict.NO


def _of_others(column: PersonColumn, signs: _Signs, *, person: bool) -> bool:
    """Whether names are those of staff, or of LEAs that have a row each."""
    return column.kind in person_words.STAFF or (signs.of_leas and not (person and signs.kinds))


def _last_first_is_person(column: PersonColumn, signs: _Signs, *, person: bool) -> bool:
    """Whether `Last, First` names persons: a header says so, others describe them, or most occur once."""
    return person or bool(signs.told) or (column.unique and len(column.values) >= 5)


def _text_is_person(column: PersonColumn, signs: _Signs) -> bool:
    """Whether a column under a name for persons holds words that nothing else explains."""
    return plain_text(column) and (len(signs.kinds) > (column.kind is PersonWord.NAME) or signs.strong)


def _first_last_is_person(column: PersonColumn, signs: _Signs) -> bool:
    """Whether `First Last` names persons: its header says so, others describe them, or it stands alone."""
    return (
        column.kind is PersonWord.PERSON
        or (column.kind is PersonWord.NAME and bool(signs.kinds))
        or len(signs.told) > 1
        or bool(signs.valued & _TELLING)
        or sum(bool(other.values) for other in signs.columns) == 1
    )


def _two_words(signs: _Signs) -> list[PersonColumn] | None:
    """Two columns of single words beside what describes a person; without any header less is enough."""
    last = signs.columns[-1:]
    headless = all(column.values and re.search(r"\d", column.values[0]) is not None for column in last)
    least = 0 if headless and not any(column.header for column in signs.columns) else 1
    found = not signs.of_leas and _two_names(signs.columns) and len(signs.told) > least
    return signs.attributes if found else None


def _id_and_attributes(signs: _Signs) -> list[PersonColumn] | None:
    """An identifier stands beside several things that describe a person."""
    several = len(signs.kinds) > 1 or (len(signs.attributes) > 1 and signs.strong)
    return [signs.ids[0], *signs.attributes] if several and signs.ids else None


def _unnamed_id(signs: _Signs) -> list[PersonColumn] | None:
    """Something like an identifier stands beside much that describes a person."""
    found = len(signs.told) > 2 and not signs.of_leas
    return signs.attributes if found and any(is_id(one, unnamed=True) for one in signs.columns) else None


def _described_by_values(signs: _Signs) -> list[PersonColumn] | None:
    """The cells alone describe persons."""
    return signs.attributes if not signs.coded and len(signs.valued & _DESCRIBING) > 2 else None


def _much_described(signs: _Signs) -> list[PersonColumn] | None:
    """Headers describe a person thrice, once strongly, and no column counts people."""
    if signs.coded or signs.of_leas or len(signs.kinds) <= 2:
        return None
    strong = signs.strong or any(in_days(column) for column in signs.attributes)
    counted = any(person_words.counts_people(column.header) for column in signs.columns)
    return signs.attributes if strong and not counted else None


_RULES: tuple[Callable[[_Signs], list[PersonColumn] | None], ...] = (
    _first_and_last, _half_a_name, _names_in_cells, _two_words, _id_and_attributes, _unnamed_id,
    _described_by_values, _much_described,
)  # fmt: skip
"""The signs of persons, the surest first; each gives the columns that it rests on, or None."""


def _told(columns: Sequence[PersonColumn]) -> str:
    return ", ".join(dict.fromkeys(one.header for one in columns if one.header))


def _named_leas(columns: Sequence[PersonColumn]) -> bool:
    """Whether a column of names holds those of districts or schools."""
    return any(one.kind is PersonWord.NAME and lea_names(one) for one in columns)


def _two_names(columns: Sequence[PersonColumn]) -> bool:
    """Two neighbors with one word each, nearly each its own, and none of a place or a group."""

    told = [one_word_each(one) for one in columns]
    return any(map(all, zip(told, told[1:], strict=False)))


def _of_leas(columns: Sequence[PersonColumn]) -> tuple[bool, bool]:
    """Whether nearly every row has an LEA of its own (a code, a district's name); whether any has one."""
    own = coded = False
    for column in columns:
        if not column.values:
            continue
        codes_like = sum(map(code_like, column.values)) >= UNIQUE * len(column.values)
        ours = canonical(column.header) if column.header else None
        known = sum(map(of_state_list, column.values))
        of_lea = known >= 0.5 * len(column.values) or (ours == "lea_code" and codes_like)
        coded = coded or of_lea or group_words.compact(column.header) in ("districtcode", "countycode")
        named = ours == "lea_name" and lea_like(column)
        own = own or ((of_lea or named) and (column.unique or len(column.values) == 1))
    return own, coded
