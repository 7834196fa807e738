"""LEA codes as files write them → CD or CDS codes, with what spreadsheets do to codes undone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from cim_core.dataset import lea_key
from cim_core.intake import state_list
from cim_core.intake.problems import Severity
from cim_core.intake.questions import Answers, Ask, Question

_CODE = re.compile(r"[\w -]*\d[\w -]*", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(1[23])", re.IGNORECASE | re.ASCII)
_DAMAGED = re.compile(r"[\d.]+E\+?\d+", re.IGNORECASE | re.ASCII)
_FITS = 80
"""From this likeness on (0–100) two names of LEAs are taken for the same."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a written code means: the code (None when it means none), and what to say about it."""

    code: str | None
    severity: Severity | None = None
    kind: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    question: Question | None = None


def read(written: str, name: str, answers: Answers) -> Code:
    """An LEA code as text; `name` is the LEA's name in the same row, which may tell candidates apart.

    A zero lost in front is put back where the length leaves no other reading. A code that was shortened
    (`1.96473E+13`, a district's own five digits) is looked up in the state list: one candidate is taken and
    said, several are asked about.
    """
    code = re.sub(r"""^(="?|')|"$""", "", written).removesuffix(".0")
    if re.fullmatch(r"[\d -]+", code, re.ASCII):
        code = re.sub(r"[ -]", "", code)
    answer = answers.get(f"{Ask.CODE.value}:{written}", "")
    if re.fullmatch(r"\d{7}|\d{14}", answer, re.ASCII):
        return Code(
            answer,
            Severity.NOTE,
            "code_read_as",
            {"code": answer},
            _question(written, name, (answer,), answer),
        )
    found = _SCIENTIFIC.fullmatch(code)
    if found is not None:
        prefix = ("0" if found[3] == "12" else "") + found[1] + (found[2] or "")
        return _candidates(written, name, [one for one in state_list.names() if one.startswith(prefix)])
    if not _CODE.fullmatch(code) or _DAMAGED.fullmatch(code):
        return Code(None, Severity.ERROR, "no_code")
    if re.fullmatch(r"\d{6}|\d{13}", code):
        return Code("0" + code, Severity.NOTE, "code_zero_restored", {"code": "0" + code})
    if re.fullmatch(r"\d{5}", code):
        same = [one for one in state_list.names() if one[2:7] == code]
        if same:
            return _candidates(written, name, same)
    if code != written:
        return Code(code, Severity.NOTE, "code_read_as", {"code": code})
    if not re.fullmatch(r"\d{7}|\d{14}", code):
        return Code(code, Severity.WARNING, "code_length")
    return Code(code)


def fits(name: str, known: str) -> bool:
    """Whether two names can be of one LEA, whatever the order and the endings of their words."""
    return fuzz.token_set_ratio(_plain(name), _plain(known)) >= _FITS


def county_of(code: str) -> str:
    """The first two digits of a code's full form."""
    return lea_key(code)[:2]


def _candidates(written: str, name: str, found: list[str]) -> Code:
    likely = [one for one in found if name and fits(name, state_list.names()[one])] or (
        found if not name else []
    )
    if len(likely) == 1:
        code = likely[0]
        said = {"code": code, "name": state_list.names()[code]}
        return Code(
            code, Severity.WARNING, "code_restored", said, _question(written, name, tuple(found), code)
        )
    if not found:
        return Code(None, Severity.ERROR, "no_code")
    return Code(
        None, Severity.ERROR, "code_asked", {"n": len(found)}, _question(written, name, tuple(found), "")
    )


def _question(written: str, name: str, options: tuple[str, ...], taken: str) -> Question:
    return Question(Ask.CODE, options, taken, written, {"code": written, "name": name or "–"})


def _plain(name: str) -> str:
    words = re.sub(r"[^\w ]+", " ", name.casefold())
    return (
        re.sub(
            r"\b(unified|union|elementary|high|joint|school|district|county|office|of|education|usd|sd|coe|city)\b",
            " ",
            words,
        ).strip()
        or words
    )
