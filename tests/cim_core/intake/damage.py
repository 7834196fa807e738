"""Good files to be damaged: what they hold, how they are written, whose rows are whose, what may be said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from cim_core import intake
from cim_core.data.dataset import FACT_COLUMNS, lea_key
from cim_core.data.indicators import POSITION
from cim_core.intake import Intake, Upload
from cim_core.intake.files import tables
from cim_core.intake.meanings import cell_text, ratio_words
from cim_core.intake.meanings.layout import IDENTITY
from cim_core.intake.tying.mapping import Mapping
from cim_core.placing import checked_files
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from tests.cim_core.intake.files import split
from tests.workbooks import ods

ROOT = Path(__file__).parent.parent.parent.parent
OLD_EXCEL = ROOT / "tests" / "fixtures" / "old_excel.xls"
RULES = rulebook_file.load()
Rows = list[list[str]]
Key = tuple[str, str]
TEXTS = {"lea_name", "selpa", "determination", "lea_type", "county", "note"}
FLAGS = {"newly_disproportionate", "sig_dis"}
KEYS = {"lea_code", "year", "indicator"}
ABOUT_THE_TABLE = {
    "fractions", "column_unused", "column_twice", "column_not_tied", "unknown_layout", "mapping_misfit",
    "mapping_incomplete", "year_asked", "no_rows", "other_file",
    "column_asked", "column_partner",
}  # fmt: skip
"""Problems of a sheet that explain why everybody on it may be placed elsewhere; no other note does."""
TALLIES = {
    "rows_level", "rows_group", "rows_charter", "rows_repeated", "charter_instead", "charter_unclear",
    *(f"caaspp_{kind}" for kind in ("schools", "charters", "areas", "test", "group", "grade")),
}  # fmt: skip
"""Rows set aside together, each named by the value for which it was, or by its LEA."""
ABOUT_THE_HEADER = ABOUT_THE_TABLE | {
    "beyond_header", "above_header", "year_from_title", "column_read", "columns_same", "columns_differ",
    "years_across",
}  # fmt: skip
XML_CANNOT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def as_csv(rows: Rows, delimiter: str = ",") -> bytes:
    """Also with lone surrogates, as a broken program would write them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_xlsx(rows: Rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([XML_CANNOT.sub("", cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods(rows: Rows) -> bytes:
    return ods([[XML_CANNOT.sub("", cell) or None for cell in row] for row in rows])


def as_written(cell: str, name: str) -> str:
    """What of a cell's text a file of this name can hold."""
    return XML_CANNOT.sub("", cell) if name in ("x.xlsx", "x.ods") else cell


WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "x.csv": as_csv,
    "x.tsv": lambda rows: as_csv(rows, "\t"),
    "x.xlsx": as_xlsx,
    "x.ods": as_ods,
}


@dataclass(frozen=True)
class Case:
    """A good file of some shape: `beside` is read with it, `header` is the index of its header.

    `whole`: all its rows are about one LEA; `named`: rows are an LEA's by its name, not by code and year.
    """

    id: str
    rows: Rows
    mapping: Mapping | None = None
    beside: tuple[Upload, ...] = ()
    header: int = 0
    whole: bool = False
    named: bool = False
    ours: tuple[str, ...] = field(default=())

    def read(self, content: bytes, name: str) -> Intake:
        return checked_files.read_all([*self.beside, Upload(name, content, mapping=self.mapping)])

    def rows_of(self, key: Key) -> set[int]:
        """The rows of an LEA and year in the good file."""
        if self.whole:
            return set(range(len(self.rows)))
        if self.named:
            name = names(self.id)[key]
            return {at for at, row in enumerate(self.rows) if name in row}
        return {at for at, row in enumerate(self.rows) if at and self.key(row) == key}

    def key(self, row: list[str]) -> Key:
        return lea_key(row[self.ours.index("lea_code")]), row[self.ours.index("year")]

    def takes_its_place(self, row: list[str], key: Key) -> bool:
        """Whether a damaged row now names another LEA and year."""
        return not self.named and not self.whole and self.key(row) == key

    def is_value(self, written: str, row: int, column: int) -> bool:
        """Whether a cell's text is a value of its column that may well change a placement."""
        text = tables.clean(written)
        if not self.ours:
            head = self.rows[self.header]
            called = head[column].casefold() if column < len(head) else ""
            numbers = cell_text.number(self.rows[row][column]) is not None
            keys = any(word in called for word in ("code", "cds", "year"))
            if called == "status":
                return ratio_words.state(text) is not None
            return numbers and not keys and cell_text.number(text) is not None
        ours = self.ours[column]
        if ours in FLAGS:
            return cell_text.yes_no(text) is not None
        return ours not in KEYS and (cell_text.number(text) is not None or ours in TEXTS)


def placed(taken: Intake) -> dict[Key, str]:
    found: Placements = place(taken.dataset, RULES, NO_REFERENCE)
    keys = zip(taken.dataset.lea_key.tolist(), taken.dataset.year.tolist(), strict=True)
    return {key: found.placement(row).name for row, key in enumerate(keys)}


def good_file(case: Case, name: str) -> bytes:
    """The good rows as a file; for XLS, which nothing here can write, the fixture."""
    return OLD_EXCEL.read_bytes() if name == "x.xls" else WRITERS[name](case.rows)


@cache
def good(id: str) -> Intake:
    return CASES[id].read(as_csv(CASES[id].rows), "x.csv")


@cache
def truth(id: str) -> dict[Key, str]:
    return placed(good(id))


@cache
def names(id: str) -> dict[Key, str]:
    data = good(id).dataset
    return {
        (key, year): str(name)
        for key, year, name in zip(
            data.lea_key.tolist(), data.year.tolist(), data.lea_name.tolist(), strict=True
        )
    }


def _wide_rows() -> Rows:
    """A wide file with counts, rates and facts, all of them deciding something."""
    path = ROOT / "sample_data" / "invented_selpa.csv"
    return list(csv.reader(path.read_text("utf-8").splitlines()))[:13]


def _long_rows(wide: Rows) -> Rows:
    head = wide[0]
    facts = [name for name in head if name in FACT_COLUMNS]
    out = [[*IDENTITY, "indicator", "numerator", "denominator", "rate", *facts]]
    for row in wide[1:]:
        told = dict(zip(head, row, strict=True))
        for code in POSITION:
            values = [told.get(f"{code}_n", ""), told.get(f"{code}_d", ""), told.get(code, "")]
            if any(values):
                identity, known = ([told[name] for name in some] for some in (IDENTITY, facts))
                out.append([*identity, code, *values, *known])
    return out


def _cases() -> dict[str, Case]:
    wide = _wide_rows()
    head = tuple(wide[0])
    theirs = tuple(f"our {name}" for name in head)
    long = _long_rows(wide[:6])
    base = [at for at, name in enumerate(head) if name in IDENTITY]
    others = [at for at in range(len(head)) if at not in base]
    first, second = (
        [[row[at] for at in (*base, *some)] for row in wide] for some in (others[:40], others[40:])
    )
    found = [
        Case("wide", wide, ours=head),
        Case(
            "mapped",
            [list(theirs), *wide[1:]],
            Mapping(theirs, dict(zip(theirs, head, strict=True))),
            ours=head,
        ),
        Case("long", long, ours=tuple(long[0])),
        Case("joined", second, beside=(Upload("a.csv", as_csv(first)),), ours=tuple(second[0])),
    ]
    for layout in intake.LAYOUTS:
        rows = split(layout.example)
        header = {"apr": 4, "across": 1}.get(layout.id, 0)
        whole = layout.id in ("apr", "across")
        found.append(Case(layout.id + " example", rows, header=header, whole=whole, named=True))
    return {case.id: case for case in found}


CASES = _cases()
