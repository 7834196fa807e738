"""A list of letters as somebody pastes it: a line per LEA, with or without a header → letters and problems.

Nothing is lost: lines that cannot be taken are handed back as they are, each with what is wrong with it.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process

from cim_core.data.dataset import Dataset
from cim_core.intake.meanings import cell_text, dates, lea_names
from cim_core.intake.meanings.layout import canonical
from cim_core.intake.meanings.placement_words import placements_said
from cim_core.intake.problems import Problem, Severity, Values
from cim_core.letters.entered import EnteredLetter

MOST_LINES = 2_000
_NEAREST = 3
_SAME = 100
_MARKER = re.compile(r"^\s*(?:[-–—•*·]|\d{1,3}[.)])\s+")
_CODE = re.compile(r"\d{7}|\d{13,14}|\d{2}-\d{5}(?:-\d{7})?", re.ASCII)
_PLACEMENT = re.compile(
    r"\b(?:universal|(?:targeted|intensive)(?:\s{1,3}tier)?"
    r"(?:[\s,:(–—-]{0,4}(?:level|lvl|l)?[\s.-]{0,3}(?:[123]|i{1,3})\b\)?)?"
    r"|t-?[123]|small\s{1,3}lea)\b\)?(?!\s{0,3}(?:level|lvl|l)?[\s.-]{0,3}\d\b(?!\s{0,3}\w))",
    re.IGNORECASE,
)
_BETWEEN = " \t,;:|–—-"
_SEPARATORS = ("\t", "|", ";", ",")
_BY_HEADER = (
    "lea_code",
    "lea_name",
    "year",
    "cde_placement",
    "cde_reasons",
    "letter_date",
    "monitoring_year",
)


@dataclass(frozen=True, slots=True)
class PastedLetters:
    """What a pasted list comes to: letters that can be taken, problems, and the lines that were not taken."""

    letters: tuple[EnteredLetter, ...]
    problems: tuple[Problem, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line in its parts: whose letter it is, which placement, and everything else."""

    number: int
    text: str
    who: str
    placement: str
    rest: tuple[str, ...]
    named: Mapping[str, str]


@dataclass
class _Leas:
    """The LEAs of a dataset by code and by name."""

    dataset: Dataset

    def __post_init__(self) -> None:
        pairs = zip(self.dataset.lea_name.tolist(), self.dataset.lea_code.tolist(), strict=True)
        self.names: dict[str, str] = dict(pairs)
        self.plain: dict[str, set[str]] = defaultdict(set)
        for name, code in self.names.items():
            self.plain[lea_names.plain(name)].add(code)

    def code(self, written: str) -> str:
        """The code that a text means: a code, or a name that only one LEA can have; empty for none."""
        if _CODE.fullmatch(written):
            found = [
                year for year in self.dataset.closed_years if self.dataset.row_of(written, year) is not None
            ]
            return written if found else ""
        exact = self.plain.get(lea_names.plain(written), set())
        like = exact or {
            code for name, code in self.names.items() if lea_names.likeness(written, name) == _SAME
        }
        return next(iter(like)) if len(like) == 1 else ""

    def begins(self, text: str) -> str:
        """The longest name that a text begins with; empty for none."""
        folded = text.casefold()
        found = [name for name in self.names if folded.startswith(name.casefold())]
        return max(found, key=len, default="")

    def nearest(self, written: str) -> tuple[str, ...]:
        """The names most like a text."""
        return tuple(name for name, *_ in process.extract(written, list(self.names), limit=_NEAREST))


def take(
    text: str, dataset: Dataset, year: str, file: str, before: Collection[EnteredLetter] = ()
) -> PastedLetters:
    """The letters of a pasted text for LEAs of a dataset; `year` is that of the data where a line says none.

    `file` is what problems call the list; `before` are letters that stand already and are not replaced.
    """
    leas = _Leas(dataset)
    problems: list[Problem] = []
    found: dict[tuple[str, str], list[tuple[_Line, EnteredLetter]]] = defaultdict(list)
    left: dict[int, str] = {}
    for line in _lines(text, leas):
        letter, kind, values = _letter(line, leas, dataset, year)
        if letter is None:
            shown = line.placement if kind == "letter_placement_unknown" else line.who or line.text
            problems.append(_problem(kind, file, line, shown, values))
            left[line.number] = line.text
        else:
            found[letter.key].append((line, letter))
    letters = []
    standing = {letter.key: letter for letter in before}
    for key, each in found.items():
        taken, kind, values = _agreed(each, standing.get(key))
        if taken is not None:
            letters.append(taken)
            continue
        for line, letter in each:
            problems.append(_problem(kind, file, line, letter.cde_placement, values))
            left[line.number] = line.text
    return PastedLetters(
        tuple(letters), tuple(sorted(problems, key=lambda problem: problem.row or 0)),
        tuple(left[number] for number in sorted(left)),
    )  # fmt: skip


def _agreed(
    each: Sequence[tuple[_Line, EnteredLetter]], standing: EnteredLetter | None
) -> tuple[EnteredLetter | None, str, Values]:
    """The one letter that all lines about an LEA and year give; else why there is none."""
    meanings = {placements_said(letter.cde_placement) for _, letter in each}
    if len(meanings) > 1:
        return None, "letter_twice", {"rows": tuple(str(line.number) for line, _ in each)}
    letter = each[0][1]
    if standing is not None and placements_said(standing.cde_placement) not in meanings:
        return None, "letter_exists", {"before": standing.cde_placement}
    return letter, "", {}


def _problem(kind: str, file: str, line: _Line, found: str, values: Values) -> Problem:
    return Problem(Severity.ERROR, kind, file, row=line.number, found=found, values=values)


def _letter(
    line: _Line, leas: _Leas, dataset: Dataset, year: str
) -> tuple[EnteredLetter | None, str, Values]:
    """The letter of a line, or the kind of its problem with the values of the sentence."""
    code = leas.code(line.who) if line.who else ""
    if not code:
        return None, "letter_lea_unknown", {"nearest": leas.nearest(line.who or line.text)}
    if not line.placement:
        return None, "letter_without_placement", {}
    if not placements_said(line.placement):
        return None, "letter_placement_unknown", {}
    letter = _with_rest(EnteredLetter(code, "", year, line.placement), line, dataset.years)
    row = dataset.row_of(code, letter.year)
    if row is None:
        return None, "letter_without_data", {"year": letter.year}
    names = {"lea_code": str(dataset.lea_code[row]), "lea_name": str(dataset.lea_name[row])}
    return replace(letter, **names), "", {}


def _with_rest(letter: EnteredLetter, line: _Line, years: Collection[str]) -> EnteredLetter:
    """A letter with what else its line says: by the header's names, else by what it looks like."""
    said: dict[str, str] = {}
    reasons = []
    for part in line.rest:
        school_year = cell_text.school_year(part)
        if school_year in years:
            said.setdefault("year", str(school_year))
        elif school_year is not None:
            said.setdefault("monitoring_year", school_year)
        elif day := dates.date(part):
            said.setdefault("letter_date", day)
        else:
            reasons.append(part)
    said |= {name: value for name, value in line.named.items() if value}
    if reasons:
        said.setdefault("cde_reasons", ", ".join(reasons))
    given = cell_text.school_year(said.get("year", "")) or letter.year
    return replace(letter, **{**said, "year": given})


def _lines(text: str, leas: _Leas) -> list[_Line]:
    """The lines of a pasted text that say anything, in their parts."""
    written = [line for line in enumerate(text.splitlines(), 1) if line[1].strip()][:MOST_LINES]
    if not written:
        return []
    separator = next((sign for sign in _SEPARATORS if any(sign in line for _, line in written)), "")
    header = [canonical(cell) or "" for cell in _cells(written[0][1], separator)]
    if "cde_placement" in header and {"lea_code", "lea_name"} & set(header):
        return [_by_header(number, line, _cells(line, separator), header) for number, line in written[1:]]
    return [_by_looks(number, line, separator, leas) for number, line in written]


def _cells(line: str, separator: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=separator)) if separator else [line]
    return [cell.strip() for cell in cells]


def _by_header(number: int, text: str, cells: Sequence[str], header: Sequence[str]) -> _Line:
    of = {name: cell for name, cell in zip(header, cells, strict=False) if name in _BY_HEADER}
    who = of.pop("lea_code", "") or of.get("lea_name", "")
    named = {name: value for name, value in of.items() if name not in ("lea_name", "cde_placement")}
    named["letter_date"] = dates.date(named.get("letter_date", "")) or named.get("letter_date", "")
    return _Line(number, text, who, of.get("cde_placement", ""), (), named)


def _by_looks(number: int, text: str, separator: str, leas: _Leas) -> _Line:
    """A line without a header: the first part that is an LEA, the first that is a placement, the rest."""
    cells = [cell for cell in _cells(_MARKER.sub("", text), separator) if cell]
    who = next((cell for cell in cells if leas.code(cell)), "")
    if who:
        cells.remove(who)
    else:
        who, cells = _apart(", ".join(cells), leas)
    placement = next((cell for cell in cells if placements_said(cell)), "")
    if placement:
        rest = [cell for cell in cells if cell is not placement]
        return _Line(number, text, who, placement, tuple(rest), {})
    remains = ", ".join(cells)
    phrase = _PLACEMENT.search(remains)
    if phrase is None:
        return _Line(number, text, who, cells[0] if cells else "", tuple(cells[1:]), {})
    around = (remains[: phrase.start()], remains[phrase.end() :])
    rest = [part.strip(_BETWEEN) for part in around if part.strip(_BETWEEN)]
    return _Line(number, text, who, phrase[0].strip(_BETWEEN), tuple(rest), {})


def _apart(line: str, leas: _Leas) -> tuple[str, list[str]]:
    """Name and remainder of a line that begins with a name, or has one before its placement."""
    phrase = _PLACEMENT.search(line)
    at = phrase.start() if phrase else 0
    if not leas.code(line[:at].strip(_BETWEEN)):
        at = len(leas.begins(line)) or at
    remains = line[at:].strip(_BETWEEN)
    return line[:at].strip(_BETWEEN), [remains] if remains else []
