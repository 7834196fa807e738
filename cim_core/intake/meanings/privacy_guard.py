"""Files about single students are told by their headers and refused before anything of them is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import person_words, persons

_ROWS = 100
_DIGIT = re.compile(r"\d")
_FEWEST_NAMES, _MOST_LISTS = 2, 50
"""What can be the header of a list further down, and so many of them are looked at."""
_LONGEST, _MOST_WORDS = 60, 6
"""What is longer explains something; it is no header."""
_S = r"[\W_]{0,3}"
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_OWN = r"(?:['’ʼ´`]?s)?['’]?"
_PERSON = rf"(?:student|pupil|child|learner|stdnt|stu){_OWN}"
_KIND = rf"(?:(?:legal|last|first|middle|full|preferred|state|statewide|local|unique|perm|permanent|sis){_S})"
_NUMBER = r"(?:number|num|nbr|no|nr|#)"
_ID = r"(?:ids?|identifiers?|identification)"
_SIGN = re.compile(
    _START
    + "(?:"
    + "|".join(
        (
            rf"(?:ssid|sasid|lasid|permid|ssn)(?:{_S}{_NUMBER})?",
            rf"social{_S}security{_S}{_NUMBER}",
            rf"{_KIND}?{_PERSON}{_S}{_KIND}*(?:{_ID}|names?|lastname|firstname|lname|fname|surname|initials)",
            rf"{_KIND}?(?:student|pupil|child|stu|perm|permanent)(?:['’]s)?{_S}(?:{_ID}{_S})?{_NUMBER}",
            rf"(?:names?|initials|{_ID}){_S}of{_S}(?:the{_S}|each{_S})?{_PERSON}",
            rf"(?:seis|calpads|aeries|perm|permanent|powerschool|synergy|welligent|sirras){_S}{_ID}",
            rf"statewide{_S}{_ID}",
            rf"(?:{_PERSON}{_S})?(?:dob|d\.o\.b|bdate|birth{_S}(?:dates?|dt|month|country|place|city|state))",
            rf"(?:date|dt|day|year|month|place){_S}of{_S}birth",
            rf"(?:{_PERSON}{_S})birth{_S}(?:day|year)",
            rf"first{_S}name{_S}(?:and{_S}|or{_S})?last{_S}(?:name)?",
            rf"last{_S}name{_S}(?:and{_S}|or{_S})?first{_S}(?:name)?",
            rf"name{_S}(?:last{_S}first|first{_S}last)",
            rf"(?:parent|guardian|mother|father){_OWN}{_S}(?:(?:first|last|full){_S})?(?:names?|phone|e-?mail)",
            rf"home{_S}address",
        )
    )
    + ")"
    + r"(?:(?<=#)|(?![^\W_]))",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"(?:local{_S}{_ID}|birth{_S}(?:day|year)|(?:student|pupil|stu){_S}(?:first|last))", re.IGNORECASE
)
"""Signs only as a whole header: every LEA has a `third birthday` among its indicators."""
_NO_SIGN = re.compile(
    rf"{_START}(?:were|was|are|removed|deleted|redacted|omitted|excluded|withheld|without|never"
    rf"|counts?|totals?|percent(?:age)?|pct|rates?|(?:number|#){_S}of){_END}|^no\b",
    re.IGNORECASE,
)
_FIRST = {"first name", "first", "legal first name", "given name", "fname", "firstname"}
_LAST = {"last name", "last", "legal last name", "surname", "family name", "lname", "lastname"}
_ATTRIBUTES = {
    "person": r"student|pupil|child",
    "name": r"name|(?:legal )?(?:first|last|middle) ?name|surname",
    "school": r"(?:home |current )?(?:school|school site|site)(?: name| of attendance| of residence)?",
    "grade": r"(?:current )?(?:grade|gr)(?: ?level)?",
    "gender": r"(?:gender|sex)(?: code)?",
    "ethnicity": r"(?:primary )?(?:race|ethnicity|race ethnicity|ethnicity race|ethnic group)(?: code)?",
    "disability": r"(?:primary |secondary )?(?:disability|eligibility)(?: (?:code|category|type|\d))?",
    "exit": r"(?:sped |program )?exit (?:date|dt|reason|code)|(?:date|reason)(?: of| for)? exit",
    "entry": r"(?:sped |program )?(?:entry|enrollment|start) (?:date|dt|code)|date of entry",
    "age": r"age",
    "language": r"(?:home|primary|native) language|ell?(?: status)?|english learner(?: status)?",
    "staff": r"case ?(?:manager|carrier)|teacher|provider|counselor",
    "meeting": r"\A(?:\w++ )?(?:iep|triennial|referral|consent|evaluation|eval|meeting) (?:date|dt)"
    r"|date of (?:\w+ )?(?:iep|triennial|referral|consent|evaluation)",
}
_COUNT = re.compile(
    r"[%#]|\b(?:counts?|n|num|numbers?|totals?|rates?|percent(?:age)?|pct|shares?|ratio|enrollment|enrolled"
    r"|students|pupils|children|swd|values?|numerator|denominator|den|average|mean|sum|cases|freq(?:uency)?"
    r"|headcount|size|result)\b"
)
_ENOUGH_ATTRIBUTES = 3
_SSID = re.compile(r"[1-9]\d{8,9}", re.ASCII)
_OTHER_NUMBERS = re.compile(
    r"phone|\bfax\b|\btel\b|\bcell\b|mobile|contact|budget|amount|dollar|\$|expen|revenue|fund|cost"
)
_CALLED = re.compile(rf"{_START}(?:{_ID}|{_NUMBER}|code|key){_END}", re.IGNORECASE)
_LOOKED_AT = 400
_ENOUGH_IDS = 2
_MOSTLY = 0.8
_NAMELESS = "##########"


def sign_of_students(table: Table, by_rows: str) -> str:
    """The header (never a value) by which a table is about single students; empty for none.

    An identifier, a birth date or a name in a header; a row that describes a person and counts nothing; or,
    whatever the header says, a column of identifiers of nine or ten digits (SSIDs), mostly once; or names
    and what describes a person in the cells themselves (`by_rows`, from `persons.look`).
    """
    for row in table.rows[:_ROWS]:
        told = _header_sign(row)
        if told:
            return told
    return _ids_in_columns(table) or by_rows or _further_down(table)


def _further_down(table: Table) -> str:
    """The sign in a list that begins far down on a sheet, below another table; empty for none."""
    looked = 0
    for at, row in enumerate(table.rows[_ROWS // 2 :], start=_ROWS // 2):
        if len(row) < _FEWEST_NAMES or _DIGIT.search("".join(row)) is not None:
            continue
        if sum(person_words.kind(cell) is not None for cell in row) < _FEWEST_NAMES:
            continue
        looked += 1
        told = _header_sign(row) or persons.look(replace(table, rows=table.rows[at : at + _ROWS]))[1]
        if told or looked > _MOST_LISTS:
            return told
    return ""


def _header_sign(row: Sequence[str]) -> str:
    short = [
        cell
        for cell in row
        if len(cell) < _LONGEST and len(cell.split()) <= _MOST_WORDS and any(map(str.isalpha, cell))
    ]
    for cell in short:
        told = _cell_sign(cell)
        if told:
            return told
    names = {_words(cell): cell for cell in short}
    first, last = sorted(names.keys() & _FIRST), sorted(names.keys() & _LAST)
    if first and last:
        return f"{names[first[0]]}, {names[last[0]]}"
    return _attributes(names)


def _parted(cell: str) -> str:
    """A header with the words of `StudentID` and `SSIDNumber` apart."""
    return re.sub(
        r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", unicodedata.normalize("NFKC", cell)
    )


def _words(cell: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"['’ʼ´`]", "", _parted(cell)).casefold()))


def _cell_sign(cell: str) -> str:
    """The words by which a cell heads a column about single students; a value beside them is left out."""
    parted = _parted(cell)
    for written in dict.fromkeys((cell, parted)):
        found = _WHOLE.fullmatch(written.strip()) or _SIGN.search(written)
        if found and not _NO_SIGN.search(parted):
            return found[0].strip()
    return ""


def _attributes(names: dict[str, str]) -> str:
    """The headers that describe one person, where there are several and no column counts anything."""
    kinds: dict[str, str] = {}
    others = []
    for words, cell in names.items():
        kind = next((kind for kind, known in _ATTRIBUTES.items() if re.fullmatch(known, words)), "")
        if kind:
            kinds.setdefault(kind, cell)
        else:
            others.append((words, cell))
    if len(kinds) < _ENOUGH_ATTRIBUTES:
        return ""
    counted = any(
        _COUNT.search(words) or re.search("[%#]", cell) or indicators.find(cell) for words, cell in others
    )
    return "" if counted else ", ".join(kinds.values())


def _ids_in_columns(table: Table) -> str:
    rows = [row for row in table.rows[:_LOOKED_AT] if any(row)]
    for place in range(max(map(len, rows), default=0)):
        column = [re.sub(r"""^(="?|')|"$|\.0$""", "", row[place]) for row in rows if row[place : place + 1]]
        above = _above_ids([cell for cell in column if cell])
        if above is not None and not any(_OTHER_NUMBERS.search(cell.casefold()) for cell in above):
            header = above[-1] if above else ""
            return header if _CALLED.search(_parted(header)) and not _DIGIT.search(header) else _NAMELESS
    return ""


def _above_ids(column: Sequence[str]) -> Sequence[str] | None:
    """What stands above the identifiers of a column; None where it holds no such, or each several times."""
    start = next((at for at, cell in enumerate(column) if _SSID.fullmatch(cell)), None)
    if start is None:
        return None
    found = [cell for cell in column[start:] if _SSID.fullmatch(cell)]
    others = len(column) - start - len(found)
    mostly_once = len(set(found)) >= _MOSTLY * len(found)
    if len(found) < _ENOUGH_IDS or not mostly_once or others > max(1, len(found) // 10):
        return None
    return column[max(0, start - 3) : start]
