"""The heads of a table that lies on its side: which LEA, school year and part a column of values is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cim_core.intake import known_leas
from cim_core.intake.meanings import header_years, lea_names
from cim_core.intake.meanings.layout import canonical, plain

_CODE = re.compile(r"(?<!\d)(?:\d{14}|\d{2}-\d{5}-\d{7}|\d{2}-\d{5}|\d{13}|\d{6,7})(?!\d)", re.ASCII)
_LEA = re.compile(
    r"\b(?:unified|elementary|union|high|district|usd|uusd|esd|uesd|hsd|uhsd|coe|"
    r"county office|charter|academy)\b",
    re.IGNORECASE,
)
_PARTS = {
    "": None, "rate": 0, "percent": 0, "%": 0, "pct": 0, "value": 0, "result": 0, "n": 1, "num": 1,
    "numerator": 1, "d": 2, "den": 2, "denominator": 2,
}  # fmt: skip
TARGETS = {
    "target": "target",
    "state_target": "target",
    "target_met": "met",
    "met": "met",
    "met_target": "met",
}


@dataclass(frozen=True, slots=True)
class Across:
    """A column of values: its LEA, year and part, each empty or None where its header does not say it."""

    at: int
    code: str = ""
    name: str = ""
    year: str = ""
    part: int | None = None


def column(at: int, cell: str, called: str | None, coded: bool) -> Across | None:
    """A column of values by its header; None where it is another."""
    year, rest = header_years.split(cell)
    part = plain(rest) if rest else ""
    if year and part in _PARTS:
        return Across(at, year=year, part=_PARTS[part])
    if canonical(rest) is not None or plain(rest) in TARGETS:
        return None
    code = _CODE.search(rest)
    if code is not None:
        name = re.sub(r"[(\[]\s*[)\]]", " ", rest[: code.start()] + " " + rest[code.end() :])
        return Across(at, code[0], " ".join(name.split()).strip(" ,;|–—-:()"), year)
    is_name = called == "lea_name" or coded or _LEA.search(rest) or rest.casefold() in _names()
    return Across(at, name=rest, year=year) if is_name and re.search(r"[^\W\d]{2}", rest) else None


def _names() -> frozenset[str]:
    return frozenset(name.casefold() for name in known_leas.names().values())


def places(header: Sequence[str], unread: Sequence[str], label_at: int, named: bool) -> list[Across]:
    """Columns headed by the place of an LEA (`Alameda`), where most of those that say nothing else are.

    Which LEA of a place is meant is found or asked about like any name without a code.
    """
    left = [at for at, cell in enumerate(header) if cell in unread and at != label_at]
    split = {at: header_years.split(header[at]) for at in left}
    of_leas = [at for at in left if lea_names.match(split[at][1]) != lea_names.Match()]
    if 2 * len(of_leas) <= len(left) or len(of_leas) + named < 2:
        return []
    return [Across(at, name=split[at][1], year=split[at][0]) for at in of_leas]
