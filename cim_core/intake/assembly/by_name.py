"""LEAs of a file that names them and gives no codes: sure names are taken, unsure ones asked about, unknown
ones get a code of their own, so that the file opens in any case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cim_core.data.dataset import Missing
from cim_core.data.race_counts import STATE
from cim_core.intake import known_leas
from cim_core.intake.assembly.identity import aside
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text, lea_names, spellings
from cim_core.intake.meanings.layout import HEADER_WITHIN, Reading, Record, canonical, code_like, plain
from cim_core.intake.meanings.lea_names import local_code
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import HowMany, Value

LOCAL = "local"
"""The answer that a name is none of the LEAs that are offered."""
LIKELIEST = "likeliest"
"""The answer to all such questions at once: each name is its only candidate."""
_SURE_NAME = 85
_LOOKED_AT = 200
_ANYBODY = {"name", "names"}
"""Headers that say nothing of whose names stand below."""
_WHOLE = re.compile(r"\d{7}|\d{13,14}|\d{2}-\d{5}(?:-\d{7})?", re.ASCII)
_LEA = re.compile(r"\b(?:unified|elementary|district|coe|office of education|[juehc]*sd)\b", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<![\d-])(\d{14}|\d{7}|\d{2}-\d{5}(?:-\d{7})?)(?![\d-])", re.ASCII)
_STATE = re.compile(r"state(?:wide)?|(?:state of )?california", re.IGNORECASE)
_ANY_CODE = "0000000"


class _Called(NamedTuple):
    """An LEA as rows call it: the name, with county and type where they give them."""

    name: str
    county: str = ""
    lea_type: str = ""


@dataclass
class _Found:
    """What the names of one reading turned out to be, each with its rows and the indices of its records."""

    sure: dict[_Called, str] = field(default_factory=dict)
    local: dict[_Called, str] = field(default_factory=dict)
    asked: dict[_Called, Question] = field(default_factory=dict)
    rows: dict[_Called, list[int]] = field(default_factory=lambda: defaultdict(list))
    places: dict[_Called, list[int]] = field(default_factory=lambda: defaultdict(list))

    def take(self, at: int, record: Record, name: str, nameless: bool) -> None:
        """The name of a record; where other rows have codes, only one that is surely an LEA's."""
        one = _Called(name, record.facts.get("county", ""), record.facts.get("lea_type", ""))
        if nameless or lea_names.match(*one).sure:
            self.rows[one].append(record.row)
            self.places[one].append(at)


def with_codes(table: Table) -> Iterator[tuple[Table, Table]]:
    """The table with an empty column of codes in front, for a header that names LEAs and has no codes.

    With it the same table with any codes in that column: by it a layout is recognised.
    """
    for at, row in enumerate(table.rows[:HEADER_WITHIN]):
        place = _place_of_names(row)
        below = table.rows[at + 1 :]
        if place is None or _has_codes(row, below, place):
            continue
        if (table.unsure or plain(row[place]) in _ANYBODY) and not about_leas(below, place):
            continue
        yield _coded(table, at, place)


def _coded(table: Table, at: int, place: int) -> tuple[Table, Table]:
    """The two tables of `with_codes`, for a header in row `at` with the names in column `place`."""
    head, below = table.rows[at], table.rows[at + 1 :]
    code, name = ("cds", "districtname") if "rtype" in map(plain, head) else ("lea_code", "lea_name")
    header = [code, *(name if column == place else cell for column, cell in enumerate(head))]
    above = [["", *row] if any(row) else row for row in table.rows[:at]]
    blank = [["", *row] if any(row) else row for row in below]
    coded = [[_ANY_CODE if place < len(row) and row[place] else "", *row] for row in below]
    made = replace(table, rows=[*above, header, *blank])
    return made, replace(made, rows=[*([[]] * at), header, *coded])


def _names_leas(header: str) -> bool:
    if canonical(header) == "lea_name":
        return True
    return any(our == "lea_name" and score >= _SURE_NAME for our, score in spellings.meanings(header))


def _place_of_names(header: Sequence[str]) -> int | None:
    """Where the names of LEAs stand: under one of our own spellings first."""
    places = [place for place, cell in enumerate(header) if cell and _names_leas(cell)]
    exact = [place for place in places if canonical(header[place]) == "lea_name"]
    return next(iter(exact or places), None)


def _has_codes(header: Sequence[str], below: Sequence[Sequence[str]], names: int) -> bool:
    """Whether any column holds codes: then it is to be tied, and names decide nothing."""
    if any(canonical(cell) == "lea_code" for cell in header if cell):
        return True
    for place in range(len(header)):
        values = [row[place] for row in below[:_LOOKED_AT] if place < len(row) and row[place]]
        whole = sum(_WHOLE.fullmatch(one) is not None for one in values)
        if place != names and values and 2 * whole > len(values):
            return True
    return False


def about_leas(below: Sequence[Sequence[str]], names: int) -> bool:
    """Whether the names of a column are mostly those of LEAs; persons and schools have names too."""
    values = {row[names] for row in below[:_LOOKED_AT] if names < len(row) and row[names]}
    like = sum(lea_names.match(one) != lea_names.Match() or _LEA.search(one) is not None for one in values)
    return bool(values) and 2 * like > len(values)


def called(reading: Reading, table: Table, at_row: int) -> Reading:
    """A reading of a table that was given a column of codes, its columns called as in the file (`table`)."""
    place = _place_of_names(table.rows[at_row])
    theirs = "lea_name" if place is None else table.rows[at_row][place]
    return replace(reading, headers={**reading.headers, "lea_name": theirs, "lea_code": theirs})


def understood(readings: Sequence[Reading], answers: Answers) -> tuple[list[Reading], tuple[Question, ...]]:
    """The readings of one file with a code in every row whose name tells one, and what is to be asked.

    Rows whose name is in question are left out, each name reported once in the reading's problems.
    """
    done: list[Reading] = []
    questions: dict[str, Question] = {}
    for reading in readings:
        found, codes = _found(reading, answers)
        questions |= {one.id: one for one in found.asked.values()}
        done.append(_with_codes(reading, found, codes) if found.rows or codes else reading)
    alone = [one for one in questions.values() if one.open and len(one.options) == 2]
    if len(alone) > 1 or answers.get(Ask.LEA.value):
        taken = LIKELIEST if answers.get(Ask.LEA.value) == LIKELIEST else ""
        every = Question(Ask.LEA, (LIKELIEST,), taken, "", {"n": HowMany(len(alone))}, False, "leas")
        questions = {every.id: every, **questions}
    return done, tuple(questions.values())


def _found(reading: Reading, answers: Answers) -> tuple[_Found, dict[int, str]]:
    """The names of a reading, and the code of each record, by its index, that gets one."""
    found = _Found()
    written = {one.identity.get("lea_code", "") for one in reading.records}
    coded = {code for code in written if code_like(code)}
    if coded == written:
        return found, {}
    codes = _codes_within(reading, coded, found)
    for one in found.rows:
        _decide(one, found, answers)
    known = found.sure | found.local
    return found, codes | {
        at: known[one] for one, places in found.places.items() if one in known for at in places
    }


def _codes_within(reading: Reading, coded: Collection[str], found: _Found) -> dict[int, str]:
    """The codes of rows that have none in its column and tell it with the name; `found` takes other names."""
    codes: dict[int, str] = {}
    nameless = not coded
    for at, record in enumerate(reading.records):
        code, name = record.identity.get("lea_code", ""), record.identity.get("lea_name", "")
        if code in coded:
            continue
        if canonical(code) == "lea_code":
            break  # the header once more, or that of a second table
        name = _name_of(code, name, nameless)
        if not name:
            continue
        if record.counted is not None and _STATE.fullmatch(name):
            codes[at] = STATE
        elif not _is_aside(record, name):
            inside = name if code_like(name) else _code_in(name)
            if inside:
                codes[at] = inside
            else:
                found.take(at, record, name, nameless)
    return codes


def _name_of(code: str, name: str, nameless: bool) -> str:
    """The name by which a row without a code calls its LEA; nothing for a row that has some other code.

    Where no row has a code (`nameless`), the name may stand in the column of codes.
    """
    if isinstance(cell_text.number(code), Missing):
        code = ""
    if nameless and not name and not any(map(str.isdigit, code)):
        return code
    return "" if code else name


def _code_in(name: str) -> str:
    """The code that stands within a name."""
    cut = _IN_NAME.search(name)
    return cut[1] if cut else ""


def _is_aside(record: Record, name: str) -> bool:
    """Whether a row is about no LEA (a total, a SELPA), by the name alone."""
    named = record._replace(identity={**record.identity, "lea_code": "", "lea_name": name})
    return bool(aside(named, record.identity.get("year", "")))


def _decide(called: _Called, found: _Found, answers: Answers) -> None:
    match = lea_names.match(*called)
    if match.sure:
        found.sure[called] = _short(match.sure)
        return
    if not match.candidates:
        found.local[called] = local_code(called.name)
        return
    about = f"{called.name}, {called.county}" if called.county else called.name
    options = (*map(_short, match.candidates), LOCAL)
    question = Question(Ask.LEA, options, "", about, {"name": about}, wording="lea")
    answer = re.sub(r"[ -]", "", answers.get(question.id, "")).casefold()
    if not answer and len(match.candidates) == 1 and answers.get(Ask.LEA.value) == LIKELIEST:
        answer = options[0]
    whole = answer + "0000000" if len(answer) == 7 else answer
    if answer == LOCAL:
        found.local[called] = local_code(called.name)
        question = replace(question, taken=LOCAL)
    elif whole in known_leas.names():
        found.sure[called] = _short(whole)
        question = replace(question, taken=_short(whole))
    found.asked[called] = question


def _short(cds: str) -> str:
    """A district's code without the zeros of its schools, as files write it."""
    return cds[:7] if len(cds) == 14 and cds.endswith("0000000") else cds


def _with_codes(reading: Reading, found: _Found, codes: Mapping[int, str]) -> Reading:
    known = found.sure | found.local
    lost = {at for one, places in found.places.items() if one not in known for at in places}
    of_row = {reading.records[at].row: code for at, code in codes.items()}
    no_row = {reading.records[at].row for at in lost}
    changed: dict[tuple[int, str], dict[str, str]] = {}

    def who(at: int, record: Record) -> Record:
        code = codes.get(at)
        if code is None:
            return record
        key = id(record.identity), code
        if key not in changed:
            identity = dict(record.identity)
            name = identity.get("lea_name", "") or identity.get("lea_code", "")
            bare = "" if code_like(name) else _IN_NAME.sub("", name).strip(" ()[]-–—:,")
            changed[key] = {**identity, "lea_code": code, "lea_name": bare}
        return record._replace(identity=changed[key])

    return replace(
        reading,
        records=[who(at, record) for at, record in enumerate(reading.records) if at not in lost],
        targets=tuple(
            replace(one, lea_code=one.lea_code or of_row.get(one.row, ""))
            for one in reading.targets
            if one.lea_code or one.row not in no_row
        ),
        problems=[*reading.problems, *_problems(reading, found)],
        by_name=frozenset(codes.values()),
    )


def _problems(reading: Reading, found: _Found) -> Iterator[Problem]:
    table, column = reading.table, reading.headers.get("lea_name", "lea_name")
    where = table.file, table.sheet
    for kind, severity, known in (
        ("names_matched", Severity.NOTE, found.sure), ("names_local", Severity.WARNING, found.local),
    ):  # fmt: skip
        if known:
            listed = "; ".join(f"{shown(one.name)} → {code}" for one, code in known.items())
            values: dict[str, Value] = {"n": HowMany(len(known)), "names": listed}
            yield Problem(severity, kind, *where, None, column, values=values)
    for called, question in found.asked.items():
        if question.open:
            rows = found.rows[called]
            offered = "; ".join(_offered(code) for code in question.options if code != LOCAL)
            choice: dict[str, Value] = {"offered": offered, "n": HowMany(len(question.options) - 1)}
            yield Problem(
                Severity.ERROR,
                "name_asked",
                *where,
                rows[0],
                column,
                shown(called.name),
                choice,
                also=tuple(rows[1:]),
            )


def _offered(code: str) -> str:
    return f"{code} {known_leas.described(code if len(code) == 14 else code + '0000000')}"
