"""Reading and checking 50,000 long rows, beside the readers alone: `python -m benchmarks.uploads`.

Every figure is the median of several runs in one process on the same bytes. Texts of numbers and names that
were parsed once are remembered by the core; they are forgotten before every run, so each run is a first one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from itertools import islice
from random import Random

import pandas as pd
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from benchmarks.__main__ import median_ms
from cim_core.data import indicators
from cim_core.data.indicators import INDICATORS
from cim_core.intake import known_leas
from cim_core.intake.meanings import cell_text, written_years
from cim_core.placing import checked_files

LEAS, YEARS, PER_LEA = 1_000, ("2022-23", "2023-24"), 25
HEAD = ("lea_code", "lea_name", "selpa", "year", "indicator", "numerator", "denominator", "rate", "note")


def rows() -> list[list[str | int | float]]:
    """50,000 rows: 1,000 LEAs of the state list × 2 years × 25 indicators, invented counts."""
    random = Random(6)
    codes = [one.code for one in INDICATORS if one.has_numerator][:PER_LEA]
    found: list[list[str | int | float]] = []
    for lea, name in islice(known_leas.names().items(), LEAS):
        share = {code: random.uniform(0.2, 0.8) for code in codes}
        for year in YEARS:
            for code in codes:
                students = random.randint(30, 3_000)
                top = round(students * share[code])
                rate = round(100 * top / students, 1)
                found.append([lea, name, "Invented SELPA", year, code, top, students, rate, ""])
    return found


def as_csv(table: list[list[str | int | float]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *table])
    return out.getvalue().encode()


def as_xlsx(table: list[list[str | int | float]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("data")
        for at, row in enumerate([HEAD, *table]):
            for place, value in enumerate(row):
                sheet.write(at, place, value)
    return out.getvalue()


def cells_by_openpyxl(content: bytes) -> int:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(len(row) for row in book.active.iter_rows(values_only=True))


def cells_by_calamine(content: bytes) -> int:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return sum(len(row) for row in book.get_sheet_by_index(0).to_python())


def first_run(content: bytes, name: str) -> None:
    """Read as if these texts had never been seen."""
    for remembered in (cell_text.number, cell_text.school_year, indicators.find, written_years.parse_year):
        remembered.cache_clear()
    checked_files.take(content, name)


def compare(
    title: str, ours: Callable[[], object], rivals: dict[str, Callable[[], object]], runs: int
) -> None:
    base = median_ms(ours, runs)
    print(title)
    print(f"  {'cim_core.intake':<34}{base:9.0f} ms   1.00 ×")
    for name, call in rivals.items():
        taken = median_ms(call, runs)
        print(f"  {name:<34}{taken:9.0f} ms {taken / base:6.2f} ×")


def main() -> None:
    table = rows()
    assert len(table) == 50_000
    text, book = as_csv(table), as_xlsx(table)
    for content, name in ((text, "x.csv"), (book, "x.xlsx")):
        taken = checked_files.take(content, name)
        assert len(taken.dataset) == LEAS * len(YEARS) and not taken.errors, taken.problems[:3]
    compare(
        f"Reading and checking 50,000 long rows as CSV ({len(text) / 2**20:.1f} MB)",
        lambda: first_run(text, "x.csv"),
        {"pandas.read_csv alone": lambda: pd.read_csv(io.BytesIO(text), dtype=str)},
        5,
    )
    compare(
        f"The same as XLSX ({len(book) / 2**20:.1f} MB)",
        lambda: first_run(book, "x.xlsx"),
        {
            "pandas.read_excel alone (openpyxl)": lambda: pd.read_excel(
                io.BytesIO(book), dtype=str, engine="openpyxl"
            ),
            "openpyxl alone, read only": lambda: cells_by_openpyxl(book),
            "calamine alone": lambda: cells_by_calamine(book),
        },
        3,
    )


if __name__ == "__main__":
    main()
