"""LEA codes as files write them → CD or CDS codes, with what spreadsheets do to codes undone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from cim_core.intake import known_leas
from cim_core.intake.meanings import lea_names
from cim_core.intake.problems import Severity, Values
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import HowMany

_CODE = re.compile(r"\A[A-Za-z_-]*+\d[\w-]*+", re.ASCII)
_PIECES = re.compile(r"\A\d++(?: / \d++)++", re.ASCII)
"""County, district and school side by side, where they cannot be one code."""
_LONGEST = 60
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(1[23])", re.IGNORECASE | re.ASCII)
_DAMAGED = re.compile(r"\A[\d.]++E\+?\d++", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Code:
    """What a written code means: the code (None when it means none), and what to say about it."""

    code: str | None
    severity: Severity | None = None
    kind: str = ""
    values: Values = field(default_factory=dict)
    question: Question | None = None


def undone(written: str) -> str:
    """A code, or a piece of one, without what spreadsheets put around numbers that are text."""
    return re.sub(r"""^(="?|')|"$""", "", written).removesuffix(".0")


def parse_code(written: str, name: str, answers: Answers) -> Code:
    """An LEA code as text; `name` is the LEA's name in the same row, which may tell candidates apart.

    A zero lost in front is put back where the length leaves no other reading. A code that was shortened
    (`1.96473E+13`, a district's own five digits) is looked up in the state list: one candidate is taken and
    said, several are asked about.
    """
    if len(written) > _LONGEST:
        return Code(None, Severity.ERROR, "no_code")
    code = undone(written)
    if lea_names.is_local(code):
        return Code(code.casefold())
    if re.fullmatch(r"[\d -]+", code, re.ASCII):
        code = re.sub(r"[ -]", "", code)
    if _PIECES.fullmatch(code):
        return Code(None, Severity.ERROR, "code_pieces")
    short = _SCIENTIFIC.fullmatch(code)
    if short is not None:
        return _candidates(written, name, _rounding_to(short), answers)
    if not _CODE.fullmatch(code) or _DAMAGED.fullmatch(code):
        return Code(None, Severity.ERROR, "no_code")
    if re.fullmatch(r"\d{6}|\d{13}", code):
        return Code("0" + code, Severity.NOTE, "code_zero_restored", {"code": "0" + code})
    if re.fullmatch(r"\d{5}", code):
        same = [one for one in known_leas.names() if one[2:7] == code]
        if same:
            return _candidates(written, name, same, answers)
    if code != written:
        return Code(code, Severity.NOTE, "code_read_as", {"code": code})
    if not re.fullmatch(r"\d{7}|\d{14}", code):
        return Code(code, Severity.WARNING, "code_length")
    return Code(code)


def _rounding_to(short: re.Match[str]) -> list[str]:
    """The codes of the state list that a spreadsheet shows so: it rounds, so the digits may differ."""
    digits = len(short[2] or "")
    shown = f"{short[1]}{'.' if digits else ''}{short[2] or ''}E+{short[3]}"
    return [one for one in known_leas.names() if f"{int(one):.{digits}E}" == shown]


def _candidates(written: str, name: str, found: list[str], answers: Answers) -> Code:
    """One candidate, or the only one that has exactly this name; else the question which one is meant."""
    names = known_leas.names()
    question = Question(
        Ask.CODE, tuple(found), "", f"{written} {name}".strip(), {"code": written, "name": name or "–"}
    )
    answer = answers.get(question.id, "")
    if answer in found:
        said = {"code": answer, "name": names[answer]}
        return Code(answer, Severity.NOTE, "code_read_as", said, replace(question, taken=answer))
    likely = [one for one in found if lea_names.fits(name, names[one])] if name else found
    exact = [one for one in likely if lea_names.plain(names[one]) == lea_names.plain(name)]
    likely = exact if name and len(likely) > 1 else likely
    if len(likely) == 1:
        said = {"code": likely[0], "name": names[likely[0]]}
        taken = replace(question, taken=likely[0])
        return Code(likely[0], Severity.WARNING, "code_restored", said, taken)
    if not found:
        return Code(None, Severity.ERROR, "no_code")
    return Code(None, Severity.ERROR, "code_asked", {"n": HowMany(len(found))}, question)
