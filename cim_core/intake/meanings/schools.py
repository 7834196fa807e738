"""Rows about single schools: an LEA is a district, a county office, or a charter school that is its own LEA.

Signs of a school: a level that says so, a school's name or code, a CDS code whose last seven digits are not
zeros. Signs of a charter school of its own: a charter column or number, the word in its name or type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice

from cim_core.intake.files import tables
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import codes
from cim_core.intake.meanings.group_words import compact, words_of
from cim_core.intake.meanings.layout import HEADER_WITHIN, body, canonical
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import HowMany

ASIDE, LEAS = "aside", "leas"
_HEADERS = {
    "level": "rtype|recordtype|aggregatelevel|aggregationlevel|agglevel|reportinglevel|entitylevel|entitytype"
    "|level",
    "school_code": "schoolcode|schcode|schoolnumber|schoolnum|schoolid|schoolcd|sitecode|sitenumber|siteid"
    "|school7digitcode",
    "school_name": "schoolname|school|schname|sname|nameofschool|schoolsite|schoolsitename|site|sitename"
    "|campus|escuela|schoolorsite|schooltitle",
    "charter": "charter|charterflag|charterschool|charteryn|charterschoolyn|ischarter|charterstatus"
    "|charterind|charterindicator|chartertype|charterfunding|charterfundingtype|fundingtype",
    "charter_number": "charternumber|charternum|charterno|charterschoolnumber|charterid|charterschoolnum",
    "lea_name": "districtname|district|leaname|lea|agencyname|agency|nameofdistrict|dname|distname",
}
_NAMES = {spelled: name for name, known in _HEADERS.items() for spelled in known.split("|")}
_CODES = {"cds", "cdscode", "countydistrictschoolcode", "schoolcds", "schoolcdscode", "cdsschoolcode"}
_NO_NAME = {
    "", "all", "all schools", "district", "district total", "districtwide", "district wide",
    "district level",
    "lea", "lea total", "n a", "na", "none", "null", "total", "no school", "0", "not applicable", "lea wide",
    "district office", "county office", "all sites",
}  # fmt: skip
_OF_DISTRICT = re.compile(
    r"\b(?:unified|district|office of education|county (?:office|superintendent|department)|[a-z]*usd"
    r"|[a-z]*esd|[a-z]*hsd|coe|union (?:elementary|high)|joint union)\b"
)
_YES = re.compile(
    r"\A(?:y(?:es)?|true|1(?: 0)?|si|charter.*|(?!non|not).*\bcharter"
    r"|direct(?:ly)?(?: funded)?|local(?:ly)?(?: funded)?|d|l|x)"
)
_NO_CODE = ("", "n a", "na", "none", "all")
_LARGE, _HEAD, _FEW = 2**20, 300, 2
_CDS = re.compile(r"\d{13,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class WithoutSchools:
    """A table without the rows of schools; `usable` false where it holds nothing else."""

    table: Table
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    usable: bool = True


@dataclass(frozen=True, slots=True)
class _Where:
    """Where the columns stand that tell schools."""

    at: Mapping[str, int]
    codes_at: tuple[int, ...]

    def text(self, row: Sequence[str], name: str) -> str:
        """A cell in words; empty where there is no such column."""
        return words_of(row[self.at[name]]) if name in self.at else ""

    def may_hold_schools(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether anything in the columns that tell schools could be one: a quick look for large tables."""
        names = [self.at[one] for one in ("level", "school_code", "school_name") if one in self.at]
        if any(len(row) > place and row[place] for place in names for row in rows):
            return True
        written = {row[place] for place in self.codes_at for row in rows if place < len(row)}
        return any(map(_school_part, written))

    def is_school(self, row: Sequence[str]) -> bool:
        """Whether a row is about a school, charter or not."""
        level = self.text(row, "level")
        if level in ("s", "school", "sch", "site", "schools"):
            return True
        if level in ("d", "district", "lea", "a", "c", "county", "t", "state", "x"):
            return False
        code = row[self.at["school_code"]].strip() if "school_code" in self.at else ""
        if code.strip("0") and (
            code.isdigit() or words_of(code.removesuffix(".0")).strip("0 ") not in _NO_CODE
        ):
            return True
        if any(_school_part(row[at]) for at in self.codes_at):
            return True
        name = self.text(row, "school_name")
        return not (name in _NO_NAME or name == self.text(row, "lea_name") or _OF_DISTRICT.search(name))

    def is_charter(self, row: Sequence[str]) -> bool:
        """Whether a row of a school shows a sign of a charter school that is an LEA of its own."""
        return (
            _YES.fullmatch(self.text(row, "charter")) is not None
            or self.text(row, "charter_number").strip("0 ") not in _NO_CODE
            or "charter" in self.text(row, "lea_type")
            or "charter" in self.text(row, "school_name" if "school_name" in self.at else "lea_name")
        )

    def codes(self, row: Sequence[str]) -> set[str]:
        """The codes of a row; none where it has a column of school codes, which tells schools apart."""
        return set() if "school_code" in self.at else {row[at] for at in self.codes_at if row[at]}


@lru_cache(maxsize=2**12)
def _school_part(written: str) -> bool:
    """Whether a code is that of a school: 14 digits of which the last seven are not all zeros."""
    code = re.sub(r"[ -]", "", codes.undone(written))
    return _CDS.fullmatch(code) is not None and code[-7:] != "0000000"


def _where(table: Table, at_row: int, tied: Mapping[int, str]) -> _Where | None:
    at: dict[str, int] = {}
    coded: list[int] = []
    for place, cell in enumerate(table.rows[at_row] if at_row < len(table.rows) else []):
        if not cell:
            continue
        ours, spelled = tied.get(place) or canonical(cell), compact(cell)
        if ours == "lea_code" or spelled in _CODES:
            coded.append(place)
        elif ours == "lea_type":
            at.setdefault("lea_type", place)
        elif spelled in _NAMES:
            at.setdefault(_NAMES[spelled], place)
        elif ours == "lea_name":
            at.setdefault("lea_name", place)
    telling = coded or at.keys() & {"level", "school_code", "school_name"}
    return _Where(at, tuple(coded)) if telling else None


def aside(
    table: Table, at_row: int, answers: Answers, tied: Mapping[int, str], *, only_check: bool = False
) -> WithoutSchools:
    """The table without rows of schools that show no sign of a charter, in one message with their count.

    A table that holds nothing else is refused by name. `tied` gives our names of columns that a person has
    tied; `only_check`: the rows stay, since the reader itself chooses among levels.
    """
    where = _where(table, at_row, tied)
    if where is None or not where.may_hold_schools(table.rows[at_row + 1 :]):
        return WithoutSchools(table)
    found, others = _sorted_out(table, at_row, where)
    if not found:
        return WithoutSchools(table)
    answer = answers.get(Ask.SCHOOLS.value, "")
    taken = answer if answer in (ASIDE, LEAS) else ASIDE
    questions = (Question(Ask.SCHOOLS, (ASIDE, LEAS), taken, needed=False),)
    found_here, n = _examples(table, where, found), HowMany(len(found))
    if not others and taken == ASIDE:
        said = table.problem("schools_only", Severity.ERROR, found_here, n=n)
        return WithoutSchools(table, questions, (said,), usable=False)
    if only_check:
        return WithoutSchools(table)
    if taken == LEAS:
        return WithoutSchools(table, questions)
    drop = set(found)
    said = table.problem("schools_aside", Severity.WARNING, found_here, n=n)
    kept = [[] if at in drop else row for at, row in enumerate(table.rows)]
    return WithoutSchools(replace(table, rows=kept), questions, (said,))


def _sorted_out(table: Table, at_row: int, where: _Where) -> tuple[list[int], bool]:
    """The rows of schools that are no LEAs, by index, and whether there is a row of an LEA."""
    header = table.rows[at_row]
    rows = [(number, row, where.is_school(row)) for number, row in body(table, at_row)]
    # a charter school with the code of an LEA has none of its own
    of_leas = {code for _, row, of_school in rows if not of_school for code in where.codes(row)}
    found: list[int] = []
    others = False
    for number, row, of_school in rows:
        if not of_school or row[: len(header)] == header:
            others = others or _about_lea(row)
        elif where.is_charter(row) and not of_leas.intersection(where.codes(row)):
            others = True
        else:
            found.append(number - table.first_row)
    return found, others


def quickly(content: bytes, file: str, answers: Answers) -> Table | None:
    """The head of a large text of schools only, told without reading all of it in; None for any other file.

    Every row is looked at until one is not a school's: of most files that is the first.
    """
    if len(content) < _LARGE or answers.get(Ask.SCHOOLS.value) == LEAS:
        return None
    rows = tables.raw_rows(content, file)
    head = [[tables.clean(cell) for cell in row] for row in islice(rows, _HEAD)]
    table = Table(file, "", head)
    for at in range(min(len(head) - 1, HEADER_WITHIN)):
        where = _where(table, at, {})
        if where is None:
            continue
        width = len(head[at])
        below = (row for row in chain(head[at + 1 :], rows) if sum(map(bool, row)) > _FEW)
        padded = (row if len(row) >= width else row + [""] * (width - len(row)) for row in below)
        if all(where.is_school(row) and not where.is_charter(row) for row in padded):
            return table
        return None
    return None


def _about_lea(row: Sequence[str]) -> bool:
    """Whether a row names an LEA: not a note or a title below the table."""
    return sum(map(bool, row)) > 2


def _examples(table: Table, where: _Where, found: Sequence[int]) -> str:
    """The first names or codes of schools."""
    at = where.at.get("school_name", where.at.get("school_code", where.codes_at[0] if where.codes_at else 0))
    names = dict.fromkeys(table.rows[one][at] for one in found[:200] if at < len(table.rows[one]))
    return table.told(", ".join([name for name in names if name][:3]))
