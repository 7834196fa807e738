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
from cim_core.intake.meanings.layout import canonical, plain
from cim_core.intake.meanings.placement_words import placements_said
from cim_core.intake.problems import Problem, Severity, Values
from cim_core.letters.entered import EnteredLetter
from cim_core.words.messages import HowMany

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
_BETWEEN = " \t,;:|–—-=()"
_OTHERWISE = re.compile(
    r"\b(?:no|not|non|never|was|were|longer|former(?:ly)?|previous(?:ly)?|until|earlier|before|instead)\b",
    re.IGNORECASE,
)
"""Words around a placement that may say the opposite: such a line is asked about, never guessed."""
_PLAIN_NAMES = {
    **dict.fromkeys(("tier", "placement", "level", "cim", "letter"), "cde_placement"),
    **dict.fromkeys(("reasons", "reason", "why"), "cde_reasons"),
    "date": "letter_date",
}
"""What bare heads mean above a list of letters."""
_FILLERS = frozenset(
    "is are was were in at as the of placed tier school schools district districts no not longer".split()  # noqa: SIM905
)
"""Words that may stand between an LEA's name and its placement."""
_LONGEST_LINE = 2_000
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


_Found = dict[tuple[str, str], list[tuple[_Line, EnteredLetter]]]
"""Lines and the letters they give, by LEA and year."""


@dataclass
class _Leas:
    """The LEAs of a dataset by code and by name."""

    dataset: Dataset

    def __post_init__(self) -> None:
        self.names: dict[str, set[str]] = defaultdict(set)
        self.plain: dict[str, set[str]] = defaultdict(set)
        for name, code in zip(self.dataset.lea_name.tolist(), self.dataset.lea_code.tolist(), strict=True):
            self.names[name].add(code)
            self.plain[lea_names.plain(name)].add(code)

    def code(self, written: str) -> str:
        """The code that a text means: a code, or a name that only one LEA can have; empty for none."""
        if _CODE.fullmatch(written):
            years = self.dataset.closed_years
            return written if any(self.dataset.row_of(written, year) is not None for year in years) else ""
        meant = self.meant(written)
        return next(iter(meant)) if len(meant) == 1 else ""

    def meant(self, written: str) -> set[str]:
        """The codes of all LEAs that a name can mean."""
        exact = self.plain.get(lea_names.plain(written), set())
        same = (
            codes
            for name, codes in self.names.items()
            if lea_names.likeness(written, name) == _SAME
            and lea_names.kinds(written) <= lea_names.kinds(name)
        )
        return exact or set().union(*same)

    def is_all(self, written: str) -> bool:
        """Whether a text that means an LEA says nothing else: a name may hold a placement's word itself."""
        return written in self.names or _PLACEMENT.search(written) is None

    def begins(self, text: str) -> str:
        """The longest name that a text begins with; empty for none."""
        folded = text.casefold()
        found = [name for name in self.names if folded.startswith(name.casefold())]
        found = [name for name in found if not text[len(name) : len(name) + 1].isalnum()]
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
    written = [line for line in enumerate(text.splitlines(), 1) if line[1].strip()]
    lines, header = _lines(written[:MOST_LINES], leas)
    problems: list[Problem] = []
    found: _Found = {}
    for line in lines:
        letter, kind, values = _letter(line, leas, dataset, year)
        if letter is None:
            shown = line.placement if kind == "letter_placement_unknown" else line.who or line.text
            problems.append(_problem(kind, file, line, shown, values))
        else:
            found.setdefault(letter.key, []).append((line, letter))
    letters, again = _each(found, file, before)
    problems += [*again, *_beyond(written, file)]
    left = {problem.row for problem in problems} | {number for number, _ in written[MOST_LINES:]}
    not_taken = tuple(line for number, line in written if number in left)
    return PastedLetters(
        letters, tuple(sorted(problems, key=lambda problem: problem.row or 0)),
        (header, *not_taken) if header and not_taken else not_taken,
    )  # fmt: skip


def _beyond(written: Sequence[tuple[int, str]], file: str) -> list[Problem]:
    """That there are more lines than are taken at once."""
    if len(written) <= MOST_LINES:
        return []
    row, found = written[MOST_LINES][0], str(len(written))
    values = {"most": HowMany(MOST_LINES)}
    return [Problem(Severity.ERROR, "letters_too_many", file, row=row, found=found, values=values)]


def _each(
    found: _Found, file: str, before: Collection[EnteredLetter]
) -> tuple[tuple[EnteredLetter, ...], list[Problem]]:
    """One letter for each LEA and year, and what is wrong where lines or an earlier letter say otherwise."""
    standing = {letter.key: letter for letter in before}
    letters, problems = [], []
    for key, each in found.items():
        taken, kind, values = _agreed(each, standing.get(key))
        if taken is not None:
            letters.append(taken)
        else:
            problems += [_problem(kind, file, line, letter.cde_placement, values) for line, letter in each]
    return tuple(letters), problems


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
    said = [standing, *(letter for _, letter in each)] if standing is not None else [one for _, one in each]
    reasons = dict.fromkeys(letter.cde_reasons for letter in said if letter.cde_reasons)
    first = {
        name: next((value for letter in reversed(said) if (value := getattr(letter, name))), "")
        for name in ("letter_date", "monitoring_year")
    }
    return replace(standing or letter, cde_reasons="; ".join(reasons), **first), "", {}


def _problem(kind: str, file: str, line: _Line, found: str, values: Values) -> Problem:
    return Problem(Severity.ERROR, kind, file, row=line.number, found=found, values=values)


def _letter(
    line: _Line, leas: _Leas, dataset: Dataset, year: str
) -> tuple[EnteredLetter | None, str, Values]:
    """The letter of a line, or the kind of its problem with the values of the sentence."""
    code = leas.code(line.who) if line.who else ""
    several = leas.meant(line.who) if line.who and not code else set()
    if len(several) > 1:
        return None, "letter_lea_several", {"codes": tuple(sorted(several))}
    if not code:
        return None, "letter_lea_unknown", {"nearest": leas.nearest(line.who or line.text)}
    if line.named.get("year") and cell_text.school_year(line.named["year"]) is None:
        return None, "letter_year_unknown", {"written": line.named["year"]}
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


def _lines(written: Sequence[tuple[int, str]], leas: _Leas) -> tuple[list[_Line], str]:
    """The lines of a pasted text in their parts, and its header, empty for none."""
    separator = next((sign for sign in _SEPARATORS if any(sign in line for _, line in written)), "")
    header = _header(_cells(written[0][1], separator), leas) if written else []
    if not header:
        return [_by_looks(number, line, separator, leas) for number, line in written], ""
    lines = [_by_header(number, line, _cells(line, separator), header) for number, line in written[1:]]
    return lines, written[0][1]


def _header(cells: Sequence[str], leas: _Leas) -> list[str]:
    """What the columns below a header hold; nothing where a line is none. On a list of letters a bare `Tier`,
    `Placement` or `Level` is CDE's; where two of them stand, both say it together."""
    names = [_PLAIN_NAMES.get(plain(cell)) or canonical(cell) or "" for cell in cells]
    is_letter = any(placements_said(cell) or leas.code(cell) for cell in cells)
    return names if "cde_placement" in names and {"lea_code", "lea_name"} & {*names} and not is_letter else []


def _cells(line: str, separator: str) -> list[str]:
    if not separator or len(line) > _LONGEST_LINE:
        return [line.strip()]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]


def _by_header(number: int, text: str, cells: Sequence[str], header: Sequence[str]) -> _Line:
    of: dict[str, str] = {}
    if len(cells) > len(header):
        cells = [*cells[: len(header) - 1], ", ".join(cells[len(header) - 1 :])]
    for name, cell in zip(header, cells, strict=False):
        if name in _BY_HEADER:
            of[name] = f"{of[name]} {cell}" if name == "cde_placement" and of.get(name) else cell
    who = of.pop("lea_code", "") or of.get("lea_name", "")
    named = {name: value for name, value in of.items() if name not in ("lea_name", "cde_placement")}
    named["letter_date"] = dates.date(named.get("letter_date", "")) or named.get("letter_date", "")
    return _Line(number, text, who, of.get("cde_placement", "").strip(), (), named)


def _by_looks(number: int, text: str, separator: str, leas: _Leas) -> _Line:
    """A line without a header: the first part that is an LEA, the first that is a placement, the rest."""
    cells = [cell for cell in _cells(_MARKER.sub("", text), separator) if cell]
    who = next((cell for cell in cells if leas.code(cell) and leas.is_all(cell)), "")
    if who:
        cells.remove(who)
    else:
        who, cells = _apart(", ".join(cells), leas)
    for at, cell in enumerate(cells):
        if placements_said(cell):
            if any(placements_said(other) for other in cells[at + 1 :]):
                return _Line(number, text, who, ", ".join(cells), (), {})
            both = " ".join(cells[at : at + 2])
            taken = 2 if len(cells[at : at + 2]) > 1 and placements_said(both) else 1
            rest = (*cells[:at], *cells[at + taken :])
            return _Line(number, text, who, " ".join(cells[at : at + taken]), rest, {})
    placement, rest = _within(", ".join(cells))
    return _Line(number, text, who, placement, rest, {})


def _within(remains: str) -> tuple[str, tuple[str, ...]]:
    """The placement within words, and what stands around it; all of them where they may say otherwise."""
    phrases = list(_PLACEMENT.finditer(remains))
    if len(phrases) != 1:
        return remains, ()
    before, after = remains[: phrases[0].start()], remains[phrases[0].end() :].strip(_BETWEEN)
    if _OTHERWISE.search(before) or _OTHERWISE.match(after) and not after.casefold().startswith("not met"):
        return remains, ()
    rest = tuple(part.strip(_BETWEEN) for part in (before, after) if part.strip(_BETWEEN))
    return phrases[0][0].strip(_BETWEEN), rest


def _apart(line: str, leas: _Leas) -> tuple[str, list[str]]:
    """Name and remainder of a line that begins with a name, or has one before its placement."""
    phrase = _PLACEMENT.search(line)
    at = phrase.start() if phrase else 0
    if not leas.code(line[:at].strip(_BETWEEN)):
        name = len(leas.begins(line))
        between = re.findall(r"\w+", line[name:at].casefold())
        at = name if name and _FILLERS.issuperset(between) else at
    remains = line[at:].strip(_BETWEEN)
    return line[:at].strip(_BETWEEN), [remains] if remains else []
