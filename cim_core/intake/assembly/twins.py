"""Two columns that both say which LEA or year a row is about: they count where they agree.

Where two codes or two years differ, the row is left out; two names that differ leave the LEA nameless.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from cim_core.data.dataset import lea_key
from cim_core.intake.assembly import by_name
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import codes, lea_names, written_years
from cim_core.intake.meanings.layout import IDENTITY, canonical, unused
from cim_core.intake.meanings.written_years import Rule
from cim_core.intake.problems import Problem, Severity

_LOOKED_AT = 200
_DECIDING = ("lea_code", "year")
"""Without these nobody knows whose row it is."""
_SHORTEST_CODE, _DISTRICT_ALONE = 4, 5
Cell = tuple[str, str]
"""What a cell says, and the header above it, which may tell how it is meant."""


def joined(table: Table, at_row: int, called: Sequence[str] = ()) -> Table:
    """The table with one column for each identity of its rows; what differs is said with its rows.

    `called` are the file's own names of the columns, where the header has others.
    """
    header = table.rows[at_row]
    places: dict[str, list[int]] = defaultdict(list)
    for at, cell in enumerate(header):
        name = canonical(cell) if cell else None
        if name in IDENTITY:
            places[str(name)].append(at)
    for name, some in places.items():
        if len(some) > 1:
            told = [at for at in some if _can_be(name, table, at_row, at)]
            if told:
                table = _one_column(table, at_row, name, some, told, called or header)
    return table


def _can_be(name: str, table: Table, at_row: int, place: int) -> bool:
    """Whether the values of a column are what its name says; `Code` and `Name` head many columns."""
    below = table.rows[at_row + 1 :][:_LOOKED_AT]
    values = [row[place] for row in below if place < len(row) and row[place]]
    if name == "lea_code":
        return any(len(one) >= _SHORTEST_CODE and one[:1].isdigit() for one in map(_digits, values))
    if name == "year":
        return any(written_years.parse_year(one) is not None for one in values)
    return by_name.about_leas(below, place) if name == "lea_name" else bool(values)


def _one_column(
    table: Table, at_row: int, name: str, some: Sequence[int], told: Sequence[int], called: Sequence[str]
) -> Table:
    """The table with the first of several columns for all of them; the others are emptied."""
    header = table.rows[at_row]
    keep, others = told[0], [at for at in some if at != told[0]]
    apart: dict[tuple[bool, str], list[int]] = defaultdict(list)
    rows = list(table.rows)
    for at in range(at_row, len(rows)):
        if not any(rows[at]):
            continue
        row = rows[at] = rows[at] + [""] * (len(header) - len(rows[at]))
        if at > at_row and len(told) > 1:
            said = _said(name, _cells(row, header, told))
            if said is None:
                lost = _is_lost(name, header, row)
                apart[lost, _side_by_side(row, told)].append(at)
                if lost:
                    rows[at] = []
                    continue
            row[keep] = said or ""
        for place in others:
            row[place] = ""
    unread = [unused(table, called[at], twice=False) for at in some if at not in told]
    problems = _said_of(table, [called[at] for at in told], apart)
    return replace(table, rows=rows, problems=(*table.problems, *unread, *problems))


def _said_of(
    table: Table, told: Sequence[str], apart: Mapping[tuple[bool, str], Sequence[int]]
) -> Iterator[Problem]:
    """Where columns of one name differ, or that they are the same."""
    both = " / ".join(told)
    for how, rows in apart.items():
        yield _differ(table, both, *how, rows)
    if len(told) > 1 and not apart:
        yield table.problem("columns_same", Severity.NOTE, both)


def _side_by_side(row: Sequence[str], places: Sequence[int]) -> str:
    return " / ".join(row[place] or "–" for place in places)


def _cells(row: Sequence[str], header: Sequence[str], places: Sequence[int]) -> list[Cell]:
    return [(row[place], header[place]) for place in places if row[place]]


def _is_lost(name: str, header: Sequence[str], row: Sequence[str]) -> bool:
    """Whether nobody knows whose row it is where columns of a name differ."""
    return name in _DECIDING or (name == "lea_name" and not _has_code(header, row))


def _has_code(header: Sequence[str], row: Sequence[str]) -> bool:
    return any(row[at] and canonical(cell) == "lea_code" for at, cell in enumerate(header))


def _differ(table: Table, both: str, lost: bool, written: str, rows: Sequence[int]) -> Problem:
    kind = "identity_differs" if lost else "names_differ"
    severity = Severity.ERROR if lost else Severity.WARNING
    first = table.problem_at(kind, severity, rows[0], both, written)
    return replace(first, also=tuple(table.first_row + at for at in rows[1:]))


def _said(name: str, cells: Sequence[Cell]) -> str | None:
    """What the cells of one row say together; None where they differ. A blank agrees with anything."""
    if len({written for written, _ in cells}) < 2 and name != "year":
        return cells[0][0] if cells else ""
    return _TOGETHER[name](cells)


def _digits(written: str) -> str:
    return re.sub(r"[ -]", "", codes.undone(written))


def _code(cells: Sequence[Cell]) -> str | None:
    """The longest of several codes, where the others are parts of it or the same with lost zeros."""
    kept = max((written for written, _ in cells), key=lambda one: len(_digits(one)))
    whole = _digits(kept)
    whole = "0" + whole if len(whole) in (6, 13) else whole
    for written, _ in cells:
        own = _digits(written)
        own = "0" + own if len(own) in (6, 13) else own
        of_district = own.isdecimal() and len(own) <= _DISTRICT_ALONE
        same = lea_key(own) == lea_key(whole) or (len(own) == 7 and whole.startswith(own))
        if not same and not (of_district and whole[2:7] == own.zfill(_DISTRICT_ALONE)):
            return None
    return kept


def _year(cells: Sequence[Cell]) -> str | None:
    """The school year that all texts can mean: `2024` and `2023-24` are 2023-24."""
    possible: list[set[str]] = []
    for written, header in cells:
        read = written_years.parse_year(written)
        if read is None:
            return None if len({one for one, _ in cells}) > 1 else written
        rule = written_years.rule_of(header)
        if read.year or not read.number:
            possible.append({read.year})
        else:
            possible.append({one.year(read.number) for one in ([rule] if rule else Rule)})
    both = set.intersection(*possible) if possible else {""}
    return both.pop() if len(both) == 1 else cells[0][0] if both else None


def _name(cells: Sequence[Cell]) -> str | None:
    names = [written for written, _ in cells]
    sure = {lea_names.match(one).sure or lea_names.plain(one) for one in names}
    return names[0] if len(sure) == 1 else None


def _text(cells: Sequence[Cell]) -> str | None:
    return cells[0][0] if len({written.casefold() for written, _ in cells}) == 1 else None


_TOGETHER: dict[str, Callable[[Sequence[Cell]], str | None]] = {
    "lea_code": _code,
    "lea_name": _name,
    "selpa": _text,
    "year": _year,
}
