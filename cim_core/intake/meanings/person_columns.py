"""What one column of a table holds, as far as it tells persons: names, identifiers, what describes them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from cim_core.intake import known_leas
from cim_core.intake.meanings import codes, group_words, person_words, race_names
from cim_core.intake.meanings.layout import canonical
from cim_core.intake.meanings.person_words import NOT_A_PERSON, PersonWord

_MOST = 0.6
UNIQUE = 0.8
_WORD = r"[^\W\d_]++(?:['’-][^\W\d_]++)*+\.?+"
_LAST_FIRST = re.compile(rf"\A{_WORD}(?: {_WORD}){{0,3}}+ ?, ?(?!CA$){_WORD}(?: {_WORD}){{0,2}}+")
_FIRST_LAST = re.compile(rf"\A{_WORD}(?: {_WORD}){{1,3}}+")
_ONE_WORD = re.compile(_WORD)
_TITLED = re.compile(r"(?:mr|mrs|ms|miss|dr|sr|sra|prof)\.? \w", re.IGNORECASE)
_NUMBER_ID = re.compile(r"\d{4,10}|[A-Za-z]{1,4}-?\d{3,10}", re.ASCII)
_PARTICLES = {"de", "la", "del", "los", "las", "van", "von", "der", "y", "da", "dos", "bin", "al", "di", "le"}
LONGEST = 80
_IN_WORDS = {
    PersonWord.LANGUAGE,
    PersonWord.STATUS,
    PersonWord.ETHNICITY,
    PersonWord.GENDER,
    PersonWord.DISABILITY,
    PersonWord.FAMILY,
}


@dataclass(frozen=True, slots=True)
class PersonColumn:
    """One column under a likely header: its header, what that says, and its values."""

    header: str
    kind: PersonWord | None
    values: tuple[str, ...]

    def share(self, told: re.Pattern[str]) -> float:
        """Which share of the values is written like this."""
        return sum(told.fullmatch(one) is not None for one in self.values) / max(len(self.values), 1)

    @property
    def unique(self) -> bool:
        """Whether nearly every value occurs once, and there are several."""
        return len(self.values) > 1 and len(set(self.values)) >= UNIQUE * len(self.values)


def in_days(column: PersonColumn) -> bool:
    """Whether a column tells days or periods that somebody missed."""
    words = person_words.words_of(column.header)
    return column.kind is PersonWord.ABSENCE and re.search(r"\b(?:days?|dias|periods)\b", words) is not None


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


def lea_like(column: PersonColumn) -> bool:
    """Whether most values name districts, schools or places."""
    known = sum(_place_or_lea(one) for one in column.values)
    return bool(column.values) and known >= 0.5 * len(column.values)


def lea_names(column: PersonColumn) -> bool:
    """Whether nearly all values name districts, schools or places, several of them."""
    known = sum(_place_or_lea(one) for one in column.values)
    return len(set(column.values)) > 1 and known >= UNIQUE * len(column.values) and _spoken(column)


def _spoken(column: PersonColumn) -> bool:
    return sum(len(re.findall(r"[^\W\d_]", one)) > 3 for one in column.values) >= UNIQUE * len(column.values)


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
        if cell and len(cell) <= LONGEST
    )


@lru_cache(maxsize=2**14)
def _other_thing(written: str) -> bool:
    """Whether a text is a group, a race, an outcome or another thing that tables list, or a place."""
    known = group_words.meaning(written) is not group_words.Meaning.UNKNOWN
    return known or race_names.area(written) is not None or _place_or_lea(written)


def last_first(column: PersonColumn) -> bool:
    """Whether most values are written as `Last, First`."""
    names = [one for one in column.values if _LAST_FIRST.fullmatch(one) and not _other_thing(one)]
    return len(names) > 1 - (len(column.values) == 1) and len(names) >= _MOST * len(column.values)


def first_last(column: PersonColumn) -> bool:
    """Whether most values are two to four words such as a name has."""
    names = [
        value
        for value in column.values
        if _FIRST_LAST.fullmatch(value)
        and all(word[:1].isupper() or word in _PARTICLES for word in value.split())
        and not _other_thing(value)
        and not _TITLED.match(value)
    ]
    return (
        bool(names)
        and (column.unique or len(column.values) == 1)
        and len(names) >= _MOST * len(column.values)
    )


def plain_text(column: PersonColumn) -> bool:
    """Whether most values are words that name no district, group or other thing."""
    words = [one for one in column.values if re.search(r"[^\W\d_]", one) and not _other_thing(one)]
    return (
        bool(words)
        and len(words) >= _MOST * len(column.values)
        and (column.unique or len(column.values) == 1)
    )


def one_word_each(column: PersonColumn) -> bool:
    """Whether most values are one word, nearly each its own, and none of a place or a group."""
    names = [
        one for one in column.values if _ONE_WORD.fullmatch(one) and len(one) > 1 and not _other_thing(one)
    ]
    return (
        len(names) > 1
        and len(names) >= _MOST * len(column.values)
        and not by_values(column)
        and column.unique
    )


def is_personal(column: PersonColumn) -> bool:
    """Whether an attribute is one person's: a span of grades, a total or a list of groups is not."""
    if column.kind in _IN_WORDS and _are_counts(column):
        return False
    if column.kind is PersonWord.GRADE:
        return not any(
            re.search(r"\d\s?[-–]\s?\d|k\s?[-–]\s?\d+|all|total|span", one, re.I) for one in column.values
        )
    return not any(_folded(one) in ("all", "total", "ta", "all students") for one in column.values)


def _are_counts(column: PersonColumn) -> bool:
    """Whether all values are numbers, some above 1, and none a code of a disability: numbers of people."""
    told = [one for one in column.values if one not in ("*", "–", "-", "NC", "NA")]
    numbers = [one for one in told if re.fullmatch(r"[\d,]+(?:\.\d+)?%?", one)]
    coded = all(re.fullmatch(r"[23]\d0", one) for one in numbers)
    return bool(numbers) and len(numbers) == len(told) and not coded and not set(numbers) <= {"0", "1"}


@lru_cache(maxsize=2**14)
def of_state_list(written: str) -> bool:
    """Whether a code is that of an LEA of the state list."""
    return codes.undone(written).ljust(14, "0") in known_leas.names()


def is_id(column: PersonColumn, *, unnamed: bool = False) -> bool:
    """Whether a column holds an identifier of each row, under a name for one."""
    named = unnamed or (column.kind is PersonWord.ID)
    if not named or not column.unique or canonical(column.header) is not None:
        return False
    pattern = _NUMBER_ID if not unnamed else re.compile(r"\d{5,6}|\d{8,10}|[A-Z]{1,3}-?\d{4,9}", re.ASCII)
    return column.share(pattern) >= UNIQUE


def by_values(column: PersonColumn) -> set[PersonWord]:
    """What a column without a telling header is by its values."""
    if len(column.values) < 2:
        return set()
    counted = Counter(kind for one in column.values for kind in person_words.kinds_of_value(one))
    return {kind for kind, often in counted.items() if often >= UNIQUE * len(column.values)}
