"""What was found wrong in a file: where, what was found, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cim_core import words
from cim_core.data.outside import MOST_QUOTED, quoted, shortened

_MOST_ROWS = 5
"""So many rows are named where one finding is in many."""
_LONGEST_FOUND = 200
"""More than any sentence of ours that stands for what was found; what a file holds is quoted shorter."""
_LONGEST_VALUE = 400
"""Characters of a list (of LEAs, of columns) within a sentence."""


class Severity(StrEnum):
    """ERROR: the value is not used. WARNING: it is used, look at it. NOTE: said so that nothing is silent."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one place in a file; `kind` names its words (`problem.<kind>`).

    `also` are further rows with the same finding.
    """

    severity: Severity
    kind: str
    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    lea_code: str = ""
    year: str = ""
    indicator: str = ""
    also: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.found) > _LONGEST_FOUND:
            object.__setattr__(self, "found", quoted(self.found))

    @property
    def key(self) -> str:
        """What tells this finding from every other, also after the file is read again."""
        place = "" if self.row is None else str(self.row)
        return "|".join((self.kind, self.file, self.sheet, place, self.column, self.found))

    def expected(self, language: str = "en") -> str:
        """What should have stood there."""
        return words.text(f"problem.{self.kind}.expected", language, **short(self.values))

    def mend(self, language: str = "en") -> str:
        """What to do about it."""
        return words.text(f"problem.{self.kind}.mend", language, **short(self.values))

    def title(self, language: str = "en") -> str:
        """What kind of problem it is, for grouping."""
        return words.text(f"problem.{self.kind}.title", language)

    def where(self, language: str = "en") -> str:
        """File, sheet, row, column and LEA, as far as they are known."""
        parts = [quoted(self.file)]
        if self.sheet:
            parts.append(words.text("problem.where.sheet", language, sheet=quoted(self.sheet)))
        if self.also:
            shown_rows = ", ".join(map(str, (self.row, *self.also[: _MOST_ROWS - 1])))
            more = len(self.also) + 1 - _MOST_ROWS
            kind = "rows_more" if more > 0 else "rows"
            parts.append(words.text(f"problem.where.{kind}", language, rows=shown_rows, more=more))
        elif self.row is not None:
            parts.append(words.text("problem.where.row", language, row=str(self.row)))
        if self.column:
            parts.append(words.text("problem.where.column", language, column=quoted(self.column)))
        if self.lea_code:
            parts.append(words.text("problem.where.lea", language, code=quoted(self.lea_code)))
        return ", ".join(parts)

    def sentence(self, language: str = "en") -> str:
        """All of it in one line, as `check` prints it."""
        values = {
            "severity": words.text(f"problem.severity.{self.severity.value}", language),
            "where": self.where(language),
            "found": self.found,
            "expected": self.expected(language),
            "mend": self.mend(language),
        }
        return words.text("problem.sentence" if self.found else "problem.sentence_bare", language, **values)


class UnreadableFileError(ValueError):
    """A file that cannot be read at all; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.sentence())


def refuse(file: str, kind: str, found: str = "", **values: str | int) -> UnreadableFileError:
    """The exception for a file that cannot be read at all."""
    return UnreadableFileError(Problem(Severity.ERROR, kind, file, found=shown(found), values=values))


def shown(value: str, length: int = 60) -> str:
    """A cell's text for a problem, shortened so that a huge cell cannot flood the screen."""
    return value if len(value) <= length else value[: length - 1] + "…"


def short(values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Values of a sentence with no word longer than a quotation and no list without end."""
    return {
        name: shortened(one, _LONGEST_VALUE) if isinstance(one, str) and len(one) > MOST_QUOTED else one
        for name, one in values.items()
    }
