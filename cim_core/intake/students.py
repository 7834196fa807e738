"""Files about single students are told by their headers and refused before anything of them is kept."""

from __future__ import annotations

import re

from cim_core.intake.layout import HEADER_WITHIN, plain
from cim_core.intake.tables import Table

_IDENTIFIERS = {
    "ssid", "sasid", "lasid", "statestudentid", "statestudentidentifier", "studentid", "studentidentifier",
    "studentnumber", "localstudentid", "localid", "pupilid", "permid", "studentname", "studentlastname",
    "studentfirstname", "studentlegallastname", "studentlegalfirstname", "pupilname", "childname",
    "nameofstudent",
}  # fmt: skip
_BIRTH = {"birthdate", "dateofbirth", "dob", "studentbirthdate", "birthday"}
_FIRST = {"firstname", "first", "legalfirstname", "givenname", "fname"}
_LAST = {"lastname", "last", "legallastname", "surname", "familyname", "lname"}
_SSID = re.compile(r"[1-9]\d{9}", re.ASCII)
_LOOKED_AT = 400
_ENOUGH = 5


def sign_of_students(table: Table) -> str:
    """The header (never a value) by which a table is about single students; empty for none.

    An identifier, a birth date, a first with a last name; or, whatever the header says, a column of
    ten-digit identifiers (SSIDs), each once.
    """
    for row in table.rows[:HEADER_WITHIN]:
        names = {plain(cell).replace("_", ""): cell for cell in row if cell and len(cell) < 60}
        for known in (_IDENTIFIERS, _BIRTH):
            named = sorted(names.keys() & known)
            if named:
                return names[named[0]]
        if names.keys() & _FIRST and names.keys() & _LAST:
            return f"{names[min(names.keys() & _FIRST)]}, {names[min(names.keys() & _LAST)]}"
    return _ids_in_columns(table)


def _ids_in_columns(table: Table) -> str:
    rows = [row for row in table.rows[:_LOOKED_AT] if any(row)]
    width = max(map(len, rows), default=0)
    for place in range(min(width, 60)):
        column = [row[place] for row in rows if place < len(row) and row[place]]
        found = [cell for cell in column if _SSID.fullmatch(cell)]
        if (
            len(found) >= _ENOUGH
            and 10 * len(found) >= 9 * len(column) - 10
            and len(set(found)) == len(found)
        ):
            return column[0] if not _SSID.fullmatch(column[0]) else "##########"
    return ""
