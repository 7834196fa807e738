"""Good files damaged at random: no traceback, no hang, and no placement that changes without a word.

The words are problems: whenever a placement differs from the good file's, something was said that is about
that LEA, about its row, or about the file as a whole.
"""

from __future__ import annotations

import csv
import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cim_core import intake, rulebook_file
from cim_core.dataset import lea_key
from cim_core.intake import Intake, cells, tables
from cim_core.intake.problems import Severity
from cim_core.placement import Placements, place
from cim_core.ranking import NO_REFERENCE
from tests.workbooks import ods

SAMPLES = Path(__file__).parent.parent.parent.parent / "sample_data"
LONGEST = 10
RULES = rulebook_file.load()
ODD = [
    "", " ", "NC", "*", "--", "nan", "1_0", "1e3", "=1+1", "@SUM(1)", "-3", "101", "0", "1.9E+13", "９", "½",
    "2023-25", "2024", "\x00", "\u202e", "<b>x</b>", "Total", "9" * 70, "x" * 11_000, "0.5", "50 %", "1,2",
    "–",
]  # fmt: skip


@cache
def good_rows() -> tuple[tuple[str, ...], ...]:
    """A wide file with counts, rates and facts, all of them deciding something."""
    lines = csv.reader((SAMPLES / "invented_selpa.csv").read_text("utf-8").splitlines())
    return tuple(tuple(line) for line in lines)[:13]


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


def as_csv(rows, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(["".join(letter for letter in cell if letter.isprintable()) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods(rows) -> bytes:
    clean = [["".join(letter for letter in cell if letter.isprintable()) for cell in row] for row in rows]
    return ods([[cell or None for cell in row] for row in clean])


TEXTS = ("lea_name", "selpa", "determination", "lea_type", "county")
WRITERS = {"x.csv": as_csv, "x.tsv": lambda rows: as_csv(rows, "\t"), "x.xlsx": as_xlsx, "x.ods": as_ods}


def placed(taken: Intake) -> dict[tuple[str, str], str]:
    found: Placements = place(taken.dataset, RULES, NO_REFERENCE)
    keys = zip(taken.dataset.lea_key.tolist(), taken.dataset.year.tolist(), strict=True)
    return {key: found.placement(row).label for row, key in enumerate(keys)}


@cache
def truth() -> dict[tuple[str, str], str]:
    return placed(intake.read(as_csv(good_rows()), "x.csv"))


def look(content: bytes, name: str) -> Intake:
    """Read, place, and say everything that there is to say."""
    with at_most(LONGEST):
        taken = intake.read(content, name)
        placed(taken)
        for problem in taken.problems:
            assert problem.sentence() and problem.key
    return taken


@st.composite
def damaged_cells(draw: st.DrawFn) -> tuple[list[list[str]], set[tuple[int, int]]]:
    """Some cells replaced by odd ones; which they were."""
    rows = [list(row) for row in good_rows()]
    where = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows[0]) - 1))
    places = draw(st.sets(where, min_size=1, max_size=4))
    for row, column in sorted(places):
        rows[row][column] = draw(st.sampled_from(ODD) | st.text(max_size=12))
    return rows, places


def check_cells(damaged: tuple[list[list[str]], set[tuple[int, int]]], name: str) -> None:
    """Whoever is placed elsewhere has a damaged row of its own, and the damage is a value or was said."""
    rows, places = damaged
    taken = look(WRITERS[name](rows), name)
    if not len(taken.dataset):
        assert taken.errors
        return
    found = placed(taken)
    said = [one for one in taken.problems if one.row is None or one.severity is not Severity.NOTE]
    anywhere = any(one.row is None for one in said)
    for at, key in enumerate(truth(), start=1):
        if found.get(key) == truth()[key]:
            continue
        if any(row == 0 for row, _ in places):
            assert taken.problems, (key, rows[0])
            continue
        mine = [column for row, column in places if row == row_of(key)]
        about = anywhere or any(one.row == row_of(key) + 1 for one in taken.problems)
        assert mine or _takes_its_place(rows, places, key), (at, key, found.get(key))
        assert about or all(_is_value(rows[row_of(key)][column], column) for column in mine), (key, mine)


@cache
def row_of(key: tuple[str, str]) -> int:
    """The row of an LEA and year among the good rows."""
    head = good_rows()[0]
    code, year = head.index("lea_code"), head.index("year")
    return next(at for at, row in enumerate(good_rows()) if (lea_key(row[code]), row[year]) == key)


def _takes_its_place(rows, places, key) -> bool:
    """Whether a damaged code or year now names another row's LEA and year."""
    head = good_rows()[0]
    code, year = head.index("lea_code"), head.index("year")
    return any((lea_key(rows[row][code]), rows[row][year]) == key for row, _ in places)


def _is_value(written: str, column: int) -> bool:
    """Whether a cell's text is a value of its column that may well change a placement."""
    text = tables.clean(written)
    if good_rows()[0][column] in ("newly_disproportionate", "sig_dis"):
        return cells.yes_no(text) is not None
    if good_rows()[0][column] in ("lea_code", "year"):
        return False
    return cells.number(text) is not None or good_rows()[0][column] in TEXTS


def check_bytes(content: bytes, name: str, at: int, cut: int, junk: bytes) -> None:
    at %= len(content)
    look(content[:at] + junk + content[at + cut :], name)


def good_file(name: str) -> bytes:
    """The good rows as a file; for XLS, which nothing here can write, the fixture."""
    return OLD_EXCEL.read_bytes() if name == "x.xls" else WRITERS[name](good_rows())


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
OLD_EXCEL = SAMPLES.parent / "tests" / "fixtures" / "old_excel.xls"
BYTES = (
    st.sampled_from([*sorted(WRITERS), "x.xls"]),
    st.integers(0, 10**6),
    st.integers(0, 300),
    st.binary(max_size=60),
)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(damaged_cells(), st.sampled_from(sorted(WRITERS)))
def test_damaged_cells(damaged, name):
    check_cells(damaged, name)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(*BYTES)
def test_damaged_bytes(name, at, cut, junk):
    check_bytes(good_file(name), name, at, cut, junk)


@pytest.mark.full
@settings(max_examples=1_500, deadline=None, suppress_health_check=SLOW)
@given(damaged_cells(), st.sampled_from(sorted(WRITERS)))
def test_many_damaged_cells(damaged, name):
    check_cells(damaged, name)


@pytest.mark.full
@settings(max_examples=1_500, deadline=None, suppress_health_check=SLOW)
@given(*BYTES)
def test_many_damaged_bytes(name, at, cut, junk):
    check_bytes(good_file(name), name, at, cut, junk)
