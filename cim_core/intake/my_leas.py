"""Which LEAs of a file are looked at: all of some SELPAs and counties, single ones, a pasted list of them.

The others stay in every ranking, as reference and as peers (`cim_core.data.dataset.Dataset.looking_at`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from cim_core.data.dataset import Dataset, lea_key
from cim_core.data.outside import plain as visible
from cim_core.intake import known_leas
from cim_core.intake.meanings import codes, lea_names

MANY = 80
"""From more LEAs than this on a person is asked which are theirs, and pictures show sums in place of each."""
MOST_LINES = 2_000
"""Lines of a pasted list that are looked at; the state has half as many LEAs."""
_MOST_NEAR = 3
_LEAST_LIKE = 60
_BETWEEN = "~"
_NAME, _SELPA, _COUNTY = "n:", "s:", "c:"
_DISTRICT = re.compile(r"(\d{7})0{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose LEAs are looked at: SELPAs and counties by name, single LEAs by key (`lea_key`).

    `name` is what the region is called; without one it is called as the file calls it.
    """

    name: str = ""
    selpas: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    leas: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody is chosen, so that everybody is looked at."""
        return not (self.selpas or self.counties or self.leas)

    def in_link(self) -> str:
        """The choice as text: a whole SELPA stays as short as its name."""
        parts = [_NAME + self.name] if self.name else []
        parts += [_SELPA + selpa for selpa in self.selpas] + [_COUNTY + county for county in self.counties]
        parts += [_DISTRICT.sub(r"\1", key) for key in self.leas]
        return _BETWEEN.join(visible(part).replace(_BETWEEN, " ") for part in parts)


def from_link(text: str) -> Choice:
    """The choice that `in_link` wrote.

    >>> from_link(Choice("Foothill", ("Alder Valley",), (), ("01611190000000",)).in_link())
    Choice(name='Foothill', selpas=('Alder Valley',), counties=(), leas=('01611190000000',))
    """
    parts = [part for part in text.split(_BETWEEN) if part]
    named = {
        prefix: tuple(part.removeprefix(prefix) for part in parts if part.startswith(prefix))
        for prefix in (_NAME, _SELPA, _COUNTY)
    }
    single = tuple(lea_key(part) for part in parts if not part.startswith(tuple(named)))
    return Choice("".join(named[_NAME][:1]), named[_SELPA], named[_COUNTY], single)


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a pasted list: the LEA that it means, or those whose names are nearest."""

    written: str
    key: str = ""
    nearest: tuple[str, ...] = ()


class LeasOfFile:
    """The LEAs of a dataset by all that they can be chosen by."""

    def __init__(self, dataset: Dataset) -> None:
        columns = (dataset.lea_key, dataset.lea_name, dataset.selpa, dataset.county)
        self.names: dict[str, str] = {}
        self._of_selpa: dict[str, set[str]] = defaultdict(set)
        self._of_county: dict[str, set[str]] = defaultdict(set)
        self._county: dict[str, str] = {}
        for key, name, selpa, county in zip(*(each.tolist() for each in columns), strict=True):
            self.names[key] = name
            if selpa:
                self._of_selpa[selpa].add(key)
            if within := _county(key, county):
                self._of_county[within].add(key)
                self._county[key] = within

    @property
    def selpas(self) -> Mapping[str, Collection[str]]:
        """The keys of each SELPA's LEAs, by its name."""
        return dict(sorted(self._of_selpa.items()))

    @property
    def counties(self) -> Mapping[str, Collection[str]]:
        """The keys of each county's LEAs, by its name; by the state list where it knows the LEA."""
        return dict(sorted(self._of_county.items()))

    @property
    def are_many(self) -> bool:
        """Whether one may ask whose they are: more than a region has, or of several SELPAs."""
        return len(self.names) > MANY or len(self._of_selpa) > 1

    def keys(self, choice: Choice) -> frozenset[str]:
        """The keys of those that are chosen and in the file."""
        found = set(choice.leas) & set(self.names)
        for name in choice.selpas:
            found |= self._of_selpa.get(name, set())
        for name in choice.counties:
            found |= self._of_county.get(name, set())
        return frozenset(found)

    def asked(self, text: str) -> tuple[frozenset[str], tuple[ListLine, ...]]:
        """The keys of a SELPA, by its name in any case, or of a list; and the lines that mean nobody."""
        wanted = text.strip().casefold()
        for name, keys in self.selpas.items():
            if name.casefold() == wanted:
                return frozenset(keys), ()
        lines = self.read_list(text)
        return frozenset(line.key for line in lines if line.key), tuple(
            line for line in lines if not line.key
        )

    def described(self, key: str) -> str:
        """Name and code of an LEA as it is offered, with its county where another LEA has the name too."""
        name = self.names[key]
        county = self._county.get(key, "")
        twice = len(self._by_name[lea_names.plain(name)]) > 1
        code = _DISTRICT.sub(r"\1", key)
        return f"{name}, {county} ({code})" if twice and county else f"{name} ({code})"

    def read_list(self, text: str) -> tuple[ListLine, ...]:
        """What each line of a pasted list means; a line may hold code and name in cells of their own.

        Names are compared as those of files are (`cim_core.intake.meanings.lea_names`): what is only similar
        is offered, never taken.
        """
        lines = [line.strip() for line in re.split(r"[\n\r;]+", text) if line.strip()]
        read: list[ListLine] = []
        for line in lines[:MOST_LINES]:
            whole = self._line(line)
            parts = [part.strip() for part in line.split(",") if part.strip()]
            if whole.key or len(parts) < 2:
                read.append(whole)
                continue
            each = [self._line(part) for part in parts]
            read += each if any(part.key for part in each) else [whole]
        return tuple(read)

    def _line(self, line: str) -> ListLine:
        cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
        for cell in cells:
            code = codes.parse_code(cell, "", {}).code
            if code is not None and lea_key(code) in self.names:
                return ListLine(line, lea_key(code))
        near: list[str] = []
        for cell in cells:
            key, others = self._by_its_name(cell)
            if key:
                return ListLine(line, key)
            near += others
        return ListLine(" ".join(cells), "", tuple(dict.fromkeys(near))[:_MOST_NEAR])

    def _by_its_name(self, name: str) -> tuple[str, list[str]]:
        """The LEA of a name, or the nearest ones."""
        words = lea_names.plain(name)
        same = self._by_name.get(words, [])
        if len(same) == 1:
            return same[0], []
        meant = lea_names.match(name)
        if meant.sure in self.names:
            return meant.sure, []
        likely = [*same, *(one for one in meant.candidates if one in self.names)]
        scored = [(fuzz.token_sort_ratio(words, known), keys) for known, keys in self._by_name.items()]
        near = sorted((each for each in scored if each[0] >= _LEAST_LIKE), key=lambda each: -each[0])
        return "", likely + [key for _, keys in near[:_MOST_NEAR] for key in keys]

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, name in self.names.items():
            found[lea_names.plain(name)].append(key)
        return found


def _county(key: str, written: str) -> str:
    known = known_leas.leas().get(key)
    if known is not None:
        return known.county
    words = written.split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1].casefold() == "county" else words)
