"""Tables whose rows are persons, told by their cells: names, identifiers, what describes one person.

A word that counts something in a header excuses nothing. What speaks for LEAs: names of districts and
schools, places of the state list, a code of its own in every row.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from cim_core.intake import known_leas
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import codes, group_words, person_words, race_names
from cim_core.intake.meanings.layout import canonical, code_like
from cim_core.intake.meanings.person_words import NOT_A_PERSON, Kind

NAMELESS = "–"
"""Said where the sign is in values, which are never repeated."""
_HEAD, _BODY, _CELLS = 40, 100, 6_000
_MOST = 0.6
_UNIQUE = 0.8
_WORD = r"[^\W\d_]++(?:['’-][^\W\d_]++)*+\.?+"
_LAST_FIRST = re.compile(rf"\A{_WORD}(?: {_WORD}){{0,3}}+ ?, ?(?!CA$){_WORD}(?: {_WORD}){{0,2}}+")
_FIRST_LAST = re.compile(rf"\A{_WORD}(?: {_WORD}){{1,3}}+")
_TITLED = re.compile(r"(?:mr|mrs|ms|miss|dr|sr|sra|prof)\.? \w", re.IGNORECASE)
_ONE_WORD = re.compile(_WORD)
_NUMBER_ID = re.compile(r"\d{4,10}|[A-Za-z]{1,4}-?\d{3,10}", re.ASCII)
_PARTICLES = {"de", "la", "del", "los", "las", "van", "von", "der", "y", "da", "dos", "bin", "al", "di", "le"}
_LONGEST = 80


_TELLING = {Kind.BIRTH, Kind.CONTACT, Kind.DISABILITY, Kind.STAFF}
_IN_WORDS = {Kind.LANGUAGE, Kind.STATUS, Kind.ETHNICITY, Kind.GENDER, Kind.DISABILITY, Kind.FAMILY}
_DESCRIBING = {*_TELLING, Kind.GENDER, Kind.ETHNICITY, Kind.LANGUAGE}


class Verdict(Enum):
    """Whether the rows of a table are persons."""

    NO = "no"
    UNSURE = "unsure"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column under a likely header: its header, what that says, and its values."""

    header: str
    kind: Kind | None
    values: tuple[str, ...]

    def share(self, told: re.Pattern[str]) -> float:
        """Which share of the values is written like this."""
        return sum(told.fullmatch(one) is not None for one in self.values) / max(len(self.values), 1)

    @property
    def unique(self) -> bool:
        """Whether nearly every value occurs once, and there are several."""
        return len(self.values) > 1 and len(set(self.values)) >= _UNIQUE * len(self.values)


def look(table: Table) -> tuple[Verdict, str]:
    """Whether the rows are persons, and the headers by which that is told (never a value)."""
    doubt = Verdict.NO
    readings = _readings(table)
    if any(header and (_of_leas(columns)[0] or _named_leas(columns)) for header, columns in readings):
        readings = [one for one in readings if one[0]]
    for header, columns in readings:
        verdict, told = _judge(columns)
        if verdict is Verdict.YES:
            return verdict, told if header and told else NAMELESS
        if verdict is Verdict.UNSURE:
            doubt = verdict
    return doubt, ""


def _readings(table: Table) -> list[tuple[bool, list[_Column]]]:
    """The table under its likely headers: no header at all, the rows that name most, and two rows joined."""
    rows = [row for row in table.rows[: 4 * (_HEAD + _BODY)] if any(row)][: _HEAD + _BODY]
    width = max(map(len, rows), default=1) or 1
    rows = rows[: max(_CELLS // width, 12)]
    found = [(False, _columns([], rows)), (False, _columns([], rows[1:]))]
    heads: list[tuple[int, int, list[str]]] = []
    for at, row in enumerate(rows[:_HEAD]):
        heads.append((_named(row), at, row))
        if at + 1 < len(rows) and sum(map(bool, row)) > 1:
            both = _joined(row, rows[at + 1])
            heads.append((_named(both), at + 1, both))
    for named, at, row in sorted(heads, key=lambda one: (-one[0], one[1]))[:3]:
        if named:
            found.append((not looks_like_data(row), _columns(row, rows[at + 1 : at + 1 + _BODY])))
    return found


def _named(row: Sequence[str]) -> int:
    return sum(person_words.kind(cell) is not None for cell in row)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows as one header; a name in the upper one goes on to the right until the next."""
    out, last = [], ""
    for at, cell in enumerate(lower):
        last = upper[at] if at < len(upper) and upper[at] else last
        out.append(f"{last} {cell}".strip())
    return out


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[_Column]:
    width = max([len(header), *map(len, rows)], default=0)
    found = []
    for at in range(width):
        values = tuple(row[at][:_LONGEST] for row in rows if at < len(row) and row[at])
        name = header[at] if at < len(header) else ""
        found.append(_Column(name, person_words.kind(name) if name else None, values))
    return found


def _judge(columns: Sequence[_Column]) -> tuple[Verdict, str]:
    """The rules, the surest first; each names the headers that it rests on."""
    by_header = [one for one in columns if one.kind is not None]
    attributes = [one for one in by_header if one.kind in person_words.ATTRIBUTES and _is_personal(one)]
    kinds = {one.kind for one in attributes}
    valued = {kind for one in columns if one.kind is None or not one.header for kind in _by_values(one)}
    of_leas, coded = _of_leas(columns)
    first = [one for one in by_header if one.kind is Kind.FIRST and not _lea_like(one)]
    last = [one for one in by_header if one.kind is Kind.LAST and not _lea_like(one)]
    if first and last:
        return Verdict.YES, _told([first[0], last[0], *attributes])
    for one in [*first, *last]:
        if kinds and _plain_text(one):
            return Verdict.YES, _told([one, *attributes])
    of_leas = of_leas or _named_leas(columns)
    doubt = Verdict.NO
    for one in columns:
        person = one.kind in (Kind.PERSON, Kind.NAME)
        strong, weak = _last_first(one), _first_last(one)
        if not (strong or weak) and (not person or _lea_like(one)):
            continue
        if one.kind in person_words.STAFF or (of_leas and not (person and kinds)):
            continue
        if strong and (person or kinds or valued or (one.unique and len(one.values) >= 5)):
            return Verdict.YES, _told([one, *attributes])
        alone = sum(bool(other.values) for other in columns) == 1
        told = kinds | valued
        if weak and (
            one.kind is Kind.PERSON or (person and kinds) or len(told) > 1 or valued & _TELLING or alone
        ):
            return Verdict.YES, _told([one, *attributes])
        enough = len(kinds) > (one.kind is Kind.NAME) or kinds & person_words.STRONG
        if person and _plain_text(one) and enough:
            return Verdict.YES, _told([one, *attributes])
        if strong or weak or kinds:
            doubt = Verdict.UNSURE
    headless = all(one.values and re.search(r"\d", one.values[0]) is not None for one in columns[-1:])
    least = 0 if headless and not any(one.header for one in columns) else 1
    if not of_leas and _two_names(columns) and len(kinds | valued) > least:
        return Verdict.YES, _told(attributes)
    ids = [one for one in columns if _is_id(one)]
    if ids and (len(kinds) > 1 or (len(attributes) > 1 and kinds & person_words.STRONG)):
        return Verdict.YES, _told([ids[0], *attributes])
    if any(_is_id(one, unnamed=True) for one in columns) and len(kinds | valued) > 2 and not of_leas:
        return Verdict.YES, _told(attributes)
    if not coded and len(valued & _DESCRIBING) > 2:
        return Verdict.YES, _told(attributes)
    strong_kinds = kinds & person_words.STRONG or any(_in_days(one) for one in attributes)
    if not coded and not of_leas and len(kinds) > 2 and strong_kinds:
        counted = any(person_words.counts_people(one.header) for one in columns)
        return (Verdict.UNSURE, "") if counted else (Verdict.YES, _told(attributes))
    return (Verdict.UNSURE if not of_leas and (len(kinds) > 1 or ids) else doubt), ""


def _in_days(column: _Column) -> bool:
    """Whether a column tells days or periods that somebody missed."""
    words = person_words.words_of(column.header)
    return column.kind is Kind.ABSENCE and re.search(r"\b(?:days?|dias|periods)\b", words) is not None


def _told(columns: Sequence[_Column]) -> str:
    return ", ".join(dict.fromkeys(one.header for one in columns if one.header))


@lru_cache(maxsize=2**14)
def _place_or_lea(written: str) -> bool:
    """Whether a text names a district, a school, a county, or a place of the state list."""
    if NOT_A_PERSON.search(written):
        return True
    return _folded(written) in _places()


def _folded(written: str) -> str:
    letters = unicodedata.normalize("NFKD", written.casefold())
    return " ".join(
        re.findall(r"[a-z0-9]+", "".join(one for one in letters if not unicodedata.combining(one)))
    )


@cache
def _places() -> frozenset[str]:
    names = [_folded(name) for name in known_leas.names().values()]
    short = (" ".join(word for word in name.split() if not NOT_A_PERSON.search(word)) for name in names)
    return frozenset((*names, *filter(None, short)))


def _lea_like(column: _Column) -> bool:
    """Whether most values name districts, schools or places."""
    known = sum(_place_or_lea(one) for one in column.values)
    return bool(column.values) and known >= 0.5 * len(column.values)


def _named_leas(columns: Sequence[_Column]) -> bool:
    """Whether a column of names holds those of districts or schools."""
    return any(one.kind is Kind.NAME and _lea_names(one) for one in columns)


def _lea_names(column: _Column) -> bool:
    """Whether nearly all values name districts, schools or places, several of them."""
    known = sum(_place_or_lea(one) for one in column.values)
    return len(set(column.values)) > 1 and known >= _UNIQUE * len(column.values) and _spoken(column)


def _spoken(column: _Column) -> bool:
    return sum(len(re.findall(r"[^\W\d_]", one)) > 3 for one in column.values) >= _UNIQUE * len(column.values)


def looks_like_data(row: Sequence[str]) -> bool:
    """Whether a row that was taken for a header may hold a person's own values."""
    return any(
        re.fullmatch(r"[\d./-]+", cell)
        or (
            (_LAST_FIRST.fullmatch(cell) or _FIRST_LAST.fullmatch(cell))
            and person_words.kind(cell) is None
            and not _other_thing(cell)
        )
        for cell in row
        if cell and len(cell) <= _LONGEST
    )


@lru_cache(maxsize=2**14)
def _other_thing(written: str) -> bool:
    """Whether a text is a group, a race, an outcome or another thing that tables list, or a place."""
    known = group_words.meaning(written) is not group_words.Meaning.UNKNOWN
    return known or race_names.area(written) is not None or _place_or_lea(written)


def _last_first(column: _Column) -> bool:
    """Whether most values are written as `Last, First`."""
    names = [one for one in column.values if _LAST_FIRST.fullmatch(one) and not _other_thing(one)]
    return len(names) > 1 - (len(column.values) == 1) and len(names) >= _MOST * len(column.values)


def _first_last(column: _Column) -> bool:
    """Whether most values are two to four words such as a name has."""
    names = [
        one
        for one in column.values
        if _FIRST_LAST.fullmatch(one)
        and all(word[:1].isupper() or word in _PARTICLES for word in one.split())
        and not _other_thing(one)
        and not _TITLED.match(one)
    ]
    return (
        bool(names)
        and (column.unique or len(column.values) == 1)
        and len(names) >= _MOST * len(column.values)
    )


def _plain_text(column: _Column) -> bool:
    """Whether most values are words that name no district, group or other thing."""
    words = [one for one in column.values if re.search(r"[^\W\d_]", one) and not _other_thing(one)]
    return (
        bool(words)
        and len(words) >= _MOST * len(column.values)
        and (column.unique or len(column.values) == 1)
    )


def _two_names(columns: Sequence[_Column]) -> bool:
    """Two neighbors with one word each, nearly each its own, and none of a place or a group."""

    def one_word(column: _Column) -> bool:
        names = [
            one
            for one in column.values
            if _ONE_WORD.fullmatch(one) and len(one) > 1 and not _other_thing(one)
        ]
        return (
            len(names) > 1
            and len(names) >= _MOST * len(column.values)
            and not _by_values(column)
            and column.unique
        )

    told = [one_word(one) for one in columns]
    return any(map(all, zip(told, told[1:], strict=False)))


def _is_personal(column: _Column) -> bool:
    """Whether an attribute is one person's: a span of grades, a total or a list of groups is not."""
    if column.kind in _IN_WORDS and _are_counts(column):
        return False
    if column.kind is Kind.GRADE:
        return not any(
            re.search(r"\d\s?[-–]\s?\d|k\s?[-–]\s?\d+|all|total|span", one, re.I) for one in column.values
        )
    return not any(_folded(one) in ("all", "total", "ta", "all students") for one in column.values)


def _are_counts(column: _Column) -> bool:
    """Whether all values are numbers, some above 1, and none a code of a disability: numbers of people."""
    told = [one for one in column.values if one not in ("*", "–", "-", "NC", "NA")]
    numbers = [one for one in told if re.fullmatch(r"[\d,]+(?:\.\d+)?%?", one)]
    coded = all(re.fullmatch(r"[23]\d0", one) for one in numbers)
    return bool(numbers) and len(numbers) == len(told) and not coded and not set(numbers) <= {"0", "1"}


def _of_leas(columns: Sequence[_Column]) -> tuple[bool, bool]:
    """Whether nearly every row has an LEA of its own (a code, a district's name); whether any has one."""
    own = coded = False
    for one in columns:
        if not one.values:
            continue
        codes_like = sum(map(code_like, one.values)) >= _UNIQUE * len(one.values)
        ours = canonical(one.header) if one.header else None
        known = sum(map(_of_state_list, one.values))
        of_lea = known >= 0.5 * len(one.values) or (ours == "lea_code" and codes_like)
        coded = coded or of_lea or group_words.compact(one.header) in ("districtcode", "countycode")
        named = ours == "lea_name" and _lea_like(one)
        own = own or ((of_lea or named) and (one.unique or len(one.values) == 1))
    return own, coded


@lru_cache(maxsize=2**14)
def _of_state_list(written: str) -> bool:
    return codes.undone(written).ljust(14, "0") in known_leas.names()


def _is_id(column: _Column, *, unnamed: bool = False) -> bool:
    """Whether a column holds an identifier of each row, under a name for one."""
    named = unnamed or (column.kind is Kind.ID)
    if not named or not column.unique or canonical(column.header) is not None:
        return False
    pattern = _NUMBER_ID if not unnamed else re.compile(r"\d{5,6}|\d{8,10}|[A-Z]{1,3}-?\d{4,9}", re.ASCII)
    return column.share(pattern) >= _UNIQUE


def _by_values(column: _Column) -> set[Kind]:
    """What a column without a telling header is by its values."""
    if len(column.values) < 2:
        return set()
    counted = Counter(kind for one in column.values for kind in person_words.kinds_of_value(one))
    return {kind for kind, often in counted.items() if often >= _UNIQUE * len(column.values)}
