"""Invented files in the shapes of CDE's downloads, and what is asked of every reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cim_core.data.indicators import POSITION
from cim_core.intake.problems import Severity


def tsv(header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> bytes:
    """Tab-delimited with CRLF, and a trailing tab on every line, as CDE writes them."""
    lines = ["".join(f"{cell}\t" for cell in row) + "\r\n" for row in (header, *rows)]
    return "".join(lines).encode(encoding)


def split(example: str) -> list[list[str]]:
    """The rows of a layout's example, whatever divides their cells."""
    mark = next((mark for mark in "\t^" if mark in example), ",")
    return [line.split(mark) for line in example.splitlines()]


def kinds(taken) -> list[str]:
    return [problem.kind for problem in taken.problems]


def only(taken, kind: str):
    found = [problem for problem in taken.problems if problem.kind == kind]
    assert len(found) == 1, kinds(taken)
    assert found[0].sentence()
    return found[0]


def errors(taken) -> list[str]:
    return [problem.kind for problem in taken.problems if problem.severity is Severity.ERROR]


def question(taken, ask: str):
    found = [one for _, one in taken.questions if one.id == ask]
    assert len(found) == 1, taken.questions
    assert found[0].text() and all(found[0].option(option) for option in found[0].options)
    return found[0]


def three(taken, lea: str, code: str, year: str = "2023-24"):
    """Value, numerator and denominator of a cell; None for what is not there."""
    data = taken.dataset
    row = data.row_of(lea, year)
    assert row is not None, list(data.lea_code)
    at = POSITION[code]
    counts = (int(data.numerator[row, at]), int(data.denominator[row, at]))
    return data.exact(row, code), *(None if count < 0 else count for count in counts)


def missing(taken, lea: str, code: str, year: str = "2023-24") -> int:
    data = taken.dataset
    return int(data.missing[data.row_of(lea, year), POSITION[code]])
