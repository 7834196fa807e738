"""County and district codes in columns of their own, joined to LEA codes where a table has both."""

from __future__ import annotations

import re
from dataclasses import replace

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings.codes import undone
from cim_core.intake.meanings.layout import plain

_COUNTY = {"county_code", "co_code", "county_cd", "co_cd", "county_number", "county_no", "cnty_code"}
_DISTRICT = {
    "district_code",
    "district_cd",
    "dist_code",
    "district_number",
    "district_no",
    "lea_code",
    "code",
}
_SCHOOL = {"school_code", "school_cd", "school_number", "sch_code"}
_JOINS = " / "


def joined(table: Table, at_row: int) -> Table:
    """The table with whole codes in place of the district's own digits, and without the county's column.

    Pieces that cannot be one code stand side by side (`01 / 0010`), and are refused with their row later.
    """
    header = [plain(cell) for cell in table.rows[at_row]]
    county, district, school = (_place(header, names) for names in (_COUNTY, _DISTRICT, _SCHOOL))
    if county is None or district is None:
        return table
    rows = list(table.rows)
    for at in range(at_row, len(rows)):
        row = list(rows[at])
        if at > at_row and district < len(row) and county < len(row):
            own = row[school] if school is not None and school < len(row) else ""
            row[district] = _code(row[county], row[district], own)
        rows[at] = row[:county] + row[county + 1 :]
    return replace(table, rows=rows)


def _place(header: list[str], names: set[str]) -> int | None:
    return next((at for at, cell in enumerate(header) if cell in names), None)


def _code(county: str, district: str, school: str) -> str:
    """One code of its pieces; the district's as it stands where that is whole, or the county says nothing."""
    first, second, third = (undone(one) for one in (county, district, school))
    if not re.fullmatch(r"\d{1,5}", second, re.ASCII) or not re.fullmatch(r"\d+", first, re.ASCII):
        return district
    if len(first) > 2 or len(second) < 5:
        return f"{first}{_JOINS}{second}"
    own = third if re.fullmatch(r"\d{7}", third, re.ASCII) and third.strip("0") else ""
    return first.zfill(2) + second + own
