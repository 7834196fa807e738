"""Names of LEAs as people write them, compared with the state list: which LEA is meant, if one can be told.

A name is sure where exactly one LEA has it, after case, accents, order of words and usual short forms are
made alike; what is only similar is a candidate, for a person to confirm.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from cim_core.data import lea_types
from cim_core.data.lea_types import LOCAL, LeaType
from cim_core.intake import known_leas

_FITS = 85
"""From this likeness on (0–100) two names of places are taken for the same."""
_MOST_CANDIDATES = 8
_LONGEST_LOCAL = 48
_KINDS = {"unified", "elementary", "high", "county"}
"""What an LEA can be; one place often has several of them."""
_DISTRICT = {"school", "schools", "district", "districts", "of", "the", "and"}
_OFFICE = {"office", "education", "superintendent", "department"}
_NEUTRAL = {"union", "joint", "city", *_DISTRICT, *_OFFICE}
_SHORT = {
    "usd": "unified", "uusd": "union unified", "jusd": "joint unified", "juusd": "joint union unified",
    "cusd": "city unified", "esd": "elementary", "uesd": "union elementary", "jesd": "joint elementary",
    "juesd": "joint union elementary", "uhsd": "union high", "juhsd": "joint union high",
    "jhsd": "joint high", "hsd": "high", "uhs": "union high",
    "coe": "county office of education", "ocde": "orange county department of education",
    "elem": "elementary", "ele": "elementary", "el": "el", "elementry": "elementary", "hi": "high",
    "secondary": "high", "unif": "unified", "unifed": "unified", "un": "union", "jt": "joint",
    "jnt": "joint", "sd": "", "csd": "city", "dist": "district", "distr": "district", "dst": "district",
    "co": "county", "cnty": "county", "off": "office", "ofc": "office", "ed": "education",
    "educ": "education", "supt": "superintendent", "dept": "department", "sch": "school", "schl": "school",
    "schls": "schools", "schs": "schools", "st": "saint", "ste": "sainte", "mt": "mount", "mtn": "mountain",
    "ft": "fort", "vly": "valley", "hts": "heights", "spgs": "springs",
}  # fmt: skip
_BRACKETS = re.compile(r"\(([^()]*)\)")
_BEFORE_COUNTY = ",;–—-"
_INITIALS = re.compile(r"([a-z]{1,4}?)(j?u?[uehc]?sd|coe)", re.ASCII)


class ListedLea(NamedTuple):
    """An LEA of the state list: its code of 14 digits, name, county, type, and its name in two forms.

    `exact` keeps all that tells LEAs apart; `place` leaves out what is often left out (union, joint, city).
    """

    cds: str
    name: str
    county: str
    kind: LeaType | None
    exact: str
    place: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means: one LEA for `sure` (14 digits), else those that could be, the likeliest first."""

    sure: str = ""
    candidates: tuple[str, ...] = ()


def fits(name: str, known: str) -> bool:
    """Whether two names can be of one LEA: places that are spelled alike, not two different kinds of LEA."""
    return likeness(name, known) >= _FITS


def likeness(name: str, known: str) -> float:
    """How alike the places of two names are (0–100); 0 where they are of two different kinds of LEA.

    >>> likeness("Oak Bend USD", "Oak Bend Unified"), likeness("Oak Bend Elementary", "Oak Bend Unified")
    (100.0, 0.0)
    """
    first, second = plain(name), plain(known)
    kinds = _KINDS & set(first.split()), _KINDS & set(second.split())
    if all(kinds) and not kinds[0] & kinds[1]:
        return 0.0
    places = (_place(first), _place(second))
    return fuzz.token_sort_ratio(*places) if all(places) else 100.0 * (first == second)


def kinds(name: str) -> frozenset[str]:
    """What kinds of LEA a name says: unified, elementary, high, county."""
    return frozenset(_KINDS & set(plain(name).split()))


@lru_cache(maxsize=2**14)
def plain(name: str) -> str:
    """A name without case, accents, punctuation, brackets and short forms.

    >>> plain("La Cañada U.S.D."), plain("ALAMEDA CITY UNIF. SCH DIST (Alameda County)")
    ('la canada unified', 'alameda city unified school district')
    """
    letters = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", name.casefold()).replace("ı", "i"))
    text = "".join(one for one in letters if not unicodedata.combining(one))
    text = re.sub(r"['’‘`´]", "", text)
    text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text)
    tokens = re.findall(r"[a-z0-9]+", re.sub(r"^\s*\d+\s*[.):]\s*", "", text))
    return " ".join(filter(None, (_SHORT.get(one, one) for one in tokens)))


def local_code(name: str) -> str:
    """A code for an LEA that the state list does not hold: the same for the same name, and never digits.

    >>> local_code("Green Valley Charter"), local_code("GREEN VALLEY  CHARTER")
    ('local-green-valley-charter', 'local-green-valley-charter')
    """
    slug = "-".join(plain(name).split())
    if not slug or len(slug) > _LONGEST_LOCAL:
        digest = hashlib.sha256(
            " ".join(name.casefold().split()).encode("utf-8", "surrogatepass")
        ).hexdigest()
        slug = f"{slug[:_LONGEST_LOCAL]}-{digest[:8]}".strip("-")
    return LOCAL + slug


def is_local(code: str) -> bool:
    """Whether a code was made by `local_code`, also as the key of an LEA, which has no hyphens."""
    return code.casefold().startswith((LOCAL, LOCAL.strip("-")))


def match(name: str, county: str = "", lea_type: str = "") -> Match:
    """Which LEA a name means; its county and type, where a file gives them, tell LEAs of one name apart."""
    return _match(name, *_without_county(name, county), lea_types.parse_type(lea_type))


@lru_cache(maxsize=2**12)
def _match(written: str, name: str, county: str, kind: LeaType | None) -> Match:
    words = plain(name)
    said = _kind(words) or kind
    exact = _index().exact.get(_exact(words), ())
    place = _place(words)
    same = _index().place.get(_sorted(place), ())
    of_kind = [one for one in same if said is not None and one.kind is said]
    for found in (exact, of_kind):
        here = _among(found, county, kind)
        if len(here) == 1 and not _like_a_school(written, words):
            return Match(here[0].cds)
        if here:
            return Match(candidates=tuple(one.cds for one in here))
    scored = {lea.cds: 100.0 for lea in (*exact, *same)}
    for cds, likeness in (*_similar(place, said), *((lea.cds, 90.0) for lea in _by_initials(written))):
        scored.setdefault(cds, likeness)
    return Match(candidates=_likeliest(scored, county))


def _likeliest(scored: dict[str, float], county: str) -> tuple[str, ...]:
    """The codes with the highest likeness: those of the county where it has any, county offices last."""
    within = {cds: score for cds, score in scored.items() if county and _index().of[cds].county == county}
    ranked = sorted(
        (within or scored).items(), key=lambda one: (-one[1], _index().of[one[0]].kind is LeaType.COE, one[0])
    )
    return tuple(cds for cds, _ in ranked[:_MOST_CANDIDATES])


def _similar(place: str, kind: LeaType | None) -> Iterator[tuple[str, float]]:
    """LEAs whose place is spelled much like a name's, of its kind where that is told; with the likeness."""
    for lea in _index().every if place else ():
        likeness = fuzz.token_sort_ratio(place, lea.place)
        if likeness >= _FITS and (kind is None or kind is lea.kind):
            yield lea.cds, likeness


def _among(
    found: tuple[ListedLea, ...] | list[ListedLea], county: str, kind: LeaType | None
) -> list[ListedLea]:
    """Those of a county and a type, as far as these are told; a type counts only where it decides."""
    here = [one for one in found if not county or one.county == county]
    of_kind = [one for one in here if one.kind is kind]
    return of_kind if len(here) > 1 and of_kind else here


def _like_a_school(written: str, words: str) -> bool:
    """`Jefferson Elementary School` may be a school as well as a district."""
    return words.split()[-1:] == ["school"] and _kind(words) in (None, LeaType.ELEMENTARY, LeaType.HIGH)


def _by_initials(written: str) -> list[ListedLea]:
    """LEAs whose initials a name is: `LAUSD`."""
    found = _INITIALS.fullmatch(written.casefold().strip())
    if found is None:
        return []
    kind = _kind(_SHORT.get(found[2], found[2]))
    return [
        one
        for one in _index().every
        if one.kind is kind and "".join(word[0] for word in one.place.split()) == found[1]
    ]


def _without_county(name: str, county: str) -> tuple[str, str]:
    """A name without a county in brackets or at its end, and the county: the one that its row gives first."""
    given = [county, *_BRACKETS.findall(name)]
    after = _county_after(name)
    if after is not None and _county(after[1]):
        name, given = after[0], [*given, after[1]]
    return name, next(filter(None, map(_county, given)), "")


def _county_after(name: str) -> tuple[str, str] | None:
    """What stands before and in a county at the end of a name: `Jefferson, Santa Clara County`."""
    last = "".join(name.split()[-1:])
    if last.lower() not in ("county", "co", "co.") or not name.endswith(last):
        return None
    stem = name.removesuffix(last)
    at = max(map(stem.rfind, _BEFORE_COUNTY))
    if at > 0 and at == len(stem) - 2 and stem[at] not in ",;":
        at = max(stem.rfind(one, 0, at) for one in _BEFORE_COUNTY)
    before, county = stem[:at].rstrip() if at > 0 else "", stem[at + 1 :].strip()
    return (before, county) if before and county else None


def _county(written: str) -> str:
    known = " ".join(one for one in plain(written).split() if one != "county")
    return _index().counties.get(known, "")


def _kind(words: str) -> LeaType | None:
    tokens = set(words.split())
    if _OFFICE & tokens and "county" in tokens or "office" in tokens:
        return LeaType.COE
    for kind in (LeaType.UNIFIED, LeaType.ELEMENTARY, LeaType.HIGH):
        if kind.value in tokens:
            return kind
    return None


def _place(words: str) -> str:
    tokens = words.split()
    kept = [one for one in tokens if one not in _KINDS | _NEUTRAL]
    return " ".join(kept or [one for one in tokens if one not in _KINDS | _DISTRICT])


def _exact(words: str) -> str:
    return _sorted(" ".join(one for one in words.split() if one not in _DISTRICT))


def _sorted(words: str) -> str:
    return " ".join(sorted(words.split()))


class _Index(NamedTuple):
    every: tuple[ListedLea, ...]
    of: dict[str, ListedLea]
    exact: dict[str, tuple[ListedLea, ...]]
    place: dict[str, tuple[ListedLea, ...]]
    counties: dict[str, str]


@cache
def _index() -> _Index:
    exact: dict[str, list[ListedLea]] = defaultdict(list)
    place: dict[str, list[ListedLea]] = defaultdict(list)
    every: list[ListedLea] = []
    counties: dict[str, str] = {}
    for cds, known in known_leas.leas().items():
        counties[plain(known.county)] = known.county
        if known.name.isdigit():
            continue
        words = plain(known.name)
        kind = _kind(words) or lea_types.parse_type(known.lea_type)
        lea = ListedLea(cds, known.name, known.county, kind, _exact(words), _place(words))
        every.append(lea)
        exact[lea.exact].append(lea)
        place[_sorted(lea.place)].append(lea)
    return _Index(
        tuple(every),
        {one.cds: one for one in every},
        {key: tuple(found) for key, found in exact.items()},
        {key: tuple(found) for key, found in place.items()},
        counties,
    )
