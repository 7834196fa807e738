"""Lines above a printed table: which agency, SELPA, determination and school year it is of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cim_core.data.dataset import Missing
from cim_core.intake.meanings import cell_text, years

_KEYS = {
    "code": r"(?:cds|cd|lea|agency|district)(?:\s*/\s*(?:cds|cd|lea))?[ ]code",
    "selpa_code": r"selpa[ ]code",
    "selpa": r"selpa(?:[ ]name)?",
    "determination": r"(?:(?:annual|lea)[ ])?determination(?:[ ]level)?",
    "year": r"(?:(?:school|reporting|academic|fiscal|data)[ ])?year",
    "agency": r"(?:local[ ]educational[ ])?agency(?:[ ]name)?|(?:lea|district)(?:[ ]name)?",
}
_NAMES = "|".join(f"(?P<{name}>{spelled})" for name, spelled in _KEYS.items())
_KEY = re.compile(rf"(?<![\w/])(?:{_NAMES})\s*:", re.IGNORECASE)
_ALONE = re.compile(rf"(?:{_NAMES})", re.IGNORECASE)
_LEA_CODE = re.compile(r"(?<!\d)(?:\d{14}|\d{13}|\d{2}-\d{5}-\d{7}|\d{2}[- ]\d{5}|\d{6,7})(?!\d)", re.ASCII)
_SELPA_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_IN_BRACKETS = re.compile(r"^(?P<name>[^\d:()]{0,60})\((?P<code>\d{14}|\d{7})\)", re.ASCII)
_SELPA_IN_BRACKETS = re.compile(
    r"^(?P<name>[^\d:()]{0,60}?)\s*\bSELPA\s*\((?P<code>\d{4})\)", re.ASCII | re.IGNORECASE
)
_TITLE = re.compile(r"\b(?:report|apr|year|measures?|indicator)\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\*|note|source|data\b", re.IGNORECASE)
_REPORT = re.compile(r"performance report", re.IGNORECASE)
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What some lines say, each empty where they do not.

    `years` stand in titles, not as years of monitoring; `used` are the lines that say any of it; `leading` is
    the determination where it stands before the agency: under one table and above the next it may be of
    either.
    """

    lea_code: str = ""
    lea_name: str = ""
    selpa: str = ""
    selpa_code: str = ""
    determination: str = ""
    leading: str = ""
    years: tuple[str, ...] = ()
    used: frozenset[int] = field(default_factory=frozenset)

    @property
    def names_agency(self) -> bool:
        """Whether another report starts here."""
        return bool(self.lea_code or self.lea_name or self.selpa or self.selpa_code)


def line(row: Sequence[str]) -> str:
    """The cells of a row as one line; a cell that is nothing but a key (`SELPA`) gets its colon back."""
    return " ".join(f"{cell}:" if _ALONE.fullmatch(cell) else cell for cell in row if cell)


def names(text: str) -> bool:
    """Whether a line holds one of the keys, such as `Agency:`."""
    return _KEY.search(text) is not None


def interpret(lines: Sequence[str]) -> Said:
    """What lines say about the report below them; a value may stand on the line after its key."""
    text = "\n".join(lines)
    starts = [0]
    for one in lines:
        starts.append(starts[-1] + len(one) + 1)

    def line_of(at: int) -> int:
        return min(bisect_right(starts, at), len(lines)) - 1

    plain = years.plain_years(text)
    told: dict[str, str] = {}
    used: set[int] = set()
    named: list[str] = []
    keys = list(_KEY.finditer(text))
    for key, following in zip(keys, [*keys[1:], None], strict=False):
        rest = text[key.end() : following.start() if following else len(text)]
        value = rest.lstrip().split("\n")[0]
        used.add(line_of(key.start()))
        if value:
            used.add(line_of(key.end() + len(rest) - len(rest.lstrip())))
        _take(str(key.lastgroup), value.strip(" ,;|–—-\t"), told, named)
    for number, text_of_line in enumerate(lines):
        in_brackets = {} if number in used else _in_brackets(text_of_line, told)
        told |= in_brackets
        titled = _title_years(text_of_line)
        named += titled
        if in_brackets or titled or _REPORT.search(text_of_line):
            used.add(number)
    said = tuple(year for year in dict.fromkeys(named) if year in plain)
    return Said(**told, years=said, used=frozenset(used))


def _in_brackets(written: str, told: Mapping[str, str]) -> dict[str, str]:
    """The agency or the SELPA at the start of a line, its code in brackets, where none is told yet."""
    found = None if "lea_code" in told else _IN_BRACKETS.match(written)
    if found is not None:
        return {"lea_code": found["code"], "lea_name": found["name"].strip(" ,–—-")}
    region = None if told.keys() & {"selpa", "selpa_code"} else _SELPA_IN_BRACKETS.match(written)
    if region is not None:
        return {"selpa": region["name"].strip(" ,–—-"), "selpa_code": region["code"]}
    return {}


def _title_years(written: str) -> list[str]:
    """The year of a line that is a title, and no footnote."""
    found = years.years_in(written)
    title = _TITLE.search(written) or len(written.split()) <= _SHORT
    return list(found) if len(found) == 1 and title and not _FOOTNOTE.match(written) else []


def _take(key: str, value: str, told: dict[str, str], named: list[str]) -> None:
    """Put the value of one key where it belongs: codes stand in names, in brackets or before them."""
    if key == "year":
        named += years.years_in(value)
        return
    if key == "determination":
        place = key if told.keys() & {"lea_code", "lea_name", "selpa", "selpa_code"} else "leading"
        told[place] = "" if isinstance(cell_text.number(value), Missing) else value
        return
    pattern = _SELPA_CODE if key.startswith("selpa") else _LEA_CODE
    found = pattern.search(value)
    if key in ("agency", "code") and found is None and (selpa := _SELPA_CODE.search(value)):
        told["selpa_code"] = selpa[0]
        found = selpa
    elif found is not None:
        told["selpa_code" if key.startswith("selpa") else "lea_code"] = found[0]
    name = value if found is None else value[: found.start()] + value[found.end() :]
    name = re.sub(r"\(\s*\)", "", name).strip(" ,;|–—-:")
    if name and key in ("agency", "selpa"):
        told["lea_name" if key == "agency" else "selpa"] = name
