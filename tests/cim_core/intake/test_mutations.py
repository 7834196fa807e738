"""Good files damaged at random: no traceback, no hang, and no placement that changes without a word.

The words are problems: whenever a placement differs from the good file's, something was said that is about
that LEA, about its row, or about the header or the table as a whole.
"""

from __future__ import annotations

import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cim_core.intake import Intake
from cim_core.intake.files import tables
from cim_core.intake.problems import Problem
from tests.cim_core.intake.damage import (
    ABOUT_THE_HEADER,
    ABOUT_THE_TABLE,
    CASES,
    TALLIES,
    WRITERS,
    XML_CANNOT,
    Case,
    Key,
    Rows,
    as_written,
    good,
    good_file,
    placed,
    truth,
)
from tests.conftest import examples

LONGEST = 10
ODD = [
    "", " ", "NC", "*", "--", "nan", "1_0", "1e3", "=1+1", "@SUM(1)", "-3", "101", "0", "1.9E+13", "９", "½",
    "2023-25", "2024", "\x00", "\u202e", "<b>x</b>", "Total", "9" * 70, "x" * 11_000, "0.5", "50 %", "1,2",
    "9" * 5_000, "1e309", "-0", "−", "\u2013", "\u200f50", "\u202b7\u202c", "\ud800", "5\udfff",
]  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """A good file, and what is written into some of its cells."""

    case: str
    cells: dict[tuple[int, int], str]

    def rows(self) -> Rows:
        rows = [list(row) for row in CASES[self.case].rows]
        for (row, column), text in self.cells.items():
            rows[row][column] = text
        return rows


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """A hang becomes a failure."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def look(case: Case, content: bytes, name: str) -> Intake:
    """Read, place, and say everything that there is to say."""
    with at_most(LONGEST):
        taken = case.read(content, name)
        placed(taken)
        for problem in taken.problems:
            assert problem.sentence() and problem.key
    return taken


@st.composite
def damaged_cells(draw: st.DrawFn) -> Damage:
    """Some cells of a good file replaced by odd ones."""
    name = draw(st.sampled_from(list(CASES)))
    rows = CASES[name].rows
    every = st.integers(0, len(rows) - 1)
    where = every.flatmap(lambda row: st.tuples(st.just(row), st.integers(0, len(rows[row]) - 1)))
    texts = st.sampled_from(ODD) | st.text(max_size=12)
    return Damage(name, draw(st.dictionaries(where, texts, min_size=1, max_size=4)))


@dataclass(frozen=True)
class Seen:
    """What was read of a damaged file."""

    case: Case
    name: str
    rows: Rows
    places: Collection[tuple[int, int]]
    taken: Intake

    def problems(self) -> list[Problem]:
        return [one for one in self.taken.problems if one.file == self.name]

    def told_of_header(self) -> bool:
        """Whether something is asked that the good file does not ask, or said about the header."""
        asked = self.taken.questions != good(self.case.id).questions
        return asked or any(one.kind in ABOUT_THE_HEADER for one in self.problems())

    def told_of_table(self) -> bool:
        return any(one.row is None and one.kind in ABOUT_THE_TABLE for one in self.problems())

    def explains(self, key: Key) -> bool:
        """Whether it is no wonder that an LEA is placed elsewhere, by the damage and by what was said."""
        own, damaged, header = self.case.rows_of(key), {row for row, _ in self.places}, self.case.header
        of_header, told = min(damaged) <= header, self.told_of_header()
        if of_header and (told or max(own & damaged, default=header) <= header):
            return told
        if self.told_of_table():
            return True
        here = [(row, column) for row, column in self.places if row in own]
        elsewhere = any(self.case.takes_its_place(self.rows[row], key) for row, _ in self.places)
        told_of_row = own & {one.row - 1 for one in self.taken.problems if one.row is not None}
        return bool(here or elsewhere) and (bool(told_of_row) or self._is_as_written(key, here))

    def _is_as_written(self, key: Key, here: list[tuple[int, int]]) -> bool:
        """Whether the damaged cells are values in their turn; in an example one that explains it is enough.

        It may be there under another valid code, or have been set aside with others.
        """
        written = {at: self.rows[at[0]][at[1]] for at in here}
        values = [self.case.is_value(as_written(cell, self.name), *at) for at, cell in written.items()]
        if not self.case.named:
            return all(values)
        moved = bool(set(placed(self.taken)) - set(truth(self.case.id)))
        return moved or any(values) or any(_tallied(cell, key, self.problems()) for cell in written.values())


def check_cells(damage: Damage, name: str) -> None:
    """Whoever is placed elsewhere has a damaged row of its own, and the damage is a value or was said."""
    case, rows = CASES[damage.case], damage.rows()
    taken = look(case, WRITERS[name](rows), name)
    if not len(taken.dataset) or not taken.files[-1].layout:
        assert taken.errors
        return
    seen, found = Seen(case, name, rows, damage.cells, taken), placed(taken)
    for key, before in truth(case.id).items():
        now = found.get(key)
        assert now == before or seen.explains(key), (case.id, key, before, now, seen.problems())


def _tallied(written: str, key: Key, problems: list[Problem]) -> bool:
    """Whether rows with such a value, or of this LEA, were set aside together, and that was said."""
    encoded = written.encode("utf-8", "surrogatepass")
    encodings = ("utf-8", "cp1252", "latin-1", "mac_roman", "cp850")
    read_as = (encoded.decode(encoding, "replace") for encoding in encodings)
    values = {
        (tables.clean(one) or "–").casefold()[:30] for one in (written, XML_CANNOT.sub("", written), *read_as)
    }
    found = [one.found for one in problems if one.kind in TALLIES]
    return any(key[0] in one or any(value in one.casefold() for value in values) for one in found)


def check_bytes(case: Case, name: str, at: int, cut: int, junk: bytes) -> None:
    content = good_file(case, name)
    at %= len(content)
    look(case, content[:at] + junk + content[at + cut :], name)


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
BYTES = (
    st.sampled_from(list(CASES)),
    st.sampled_from([*sorted(WRITERS), "x.xls"]),
    st.integers(0, 10**6),
    st.integers(0, 300),
    st.binary(max_size=60),
)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_undamaged_files_are_placed_alike(case, name):
    assert truth(case.id) and placed(look(case, good_file(case, name), name)) == truth(case.id)
    assert all(case.rows_of(key) for key in truth(case.id))


@settings(max_examples=examples(100), deadline=None, suppress_health_check=SLOW)
@given(damaged_cells(), st.sampled_from(sorted(WRITERS)))
@example(Damage("wide example", {(0, 9): "4A"}), "x.csv")
@example(Damage("wide example", {(0, 9): "5a_n"}), "x.csv")
@example(Damage("wide example", {(0, 10): "5c"}), "x.xlsx")
@example(Damage("wide example", {(0, 6): "5b"}), "x.csv")
@example(Damage("wide example", {(0, 6): "5 a %"}), "x.csv")
def test_damaged_cells(damage, name):
    check_cells(damage, name)


@settings(max_examples=examples(100), deadline=None, suppress_health_check=SLOW)
@given(*BYTES)
def test_damaged_bytes(case, name, at, cut, junk):
    check_bytes(CASES[case], name, at, cut, junk)


@pytest.mark.full
@settings(max_examples=2_000, deadline=None, suppress_health_check=SLOW)
@given(damaged_cells(), st.sampled_from(sorted(WRITERS)))
def test_many_damaged_cells(damage, name):
    check_cells(damage, name)


@pytest.mark.full
@settings(max_examples=1_500, deadline=None, suppress_health_check=SLOW)
@given(*BYTES)
def test_many_damaged_bytes(case, name, at, cut, junk):
    check_bytes(CASES[case], name, at, cut, junk)
