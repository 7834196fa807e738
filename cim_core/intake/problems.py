"""What was found wrong in a file: where, what was found, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cim_core.data.outside import MOST_QUOTED, quoted, shortened
from cim_core.words.disclosure import WORKING, Disclosure
from cim_core.words.messages import HowMany, Message, MessageFamily, Part, Value

_MOST_ROWS = 5
"""So many rows are named where one finding is in many."""
_LONGEST_FOUND = 200
"""More than any sentence of ours that stands for what was found; what a file holds is quoted shorter."""
_LONGEST_VALUE = 400
"""Characters of a list (of LEAs, of columns) within a sentence."""


Values = Mapping[str, Value]
"""What a sentence about a file holds: its text, names of ours, how many rows, numbers about students."""


class Severity(StrEnum):
    """ERROR: the value is not used. WARNING: it is used, look at it. NOTE: said so that nothing is silent."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_NAMED = MessageFamily("problem.severity.{}", tuple(Severity))
_TITLE: MessageFamily[str] = MessageFamily("problem.{}.title")
_EXPECTED: MessageFamily[str] = MessageFamily("problem.{}.expected")
_MEND: MessageFamily[str] = MessageFamily("problem.{}.mend")


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
    found: str | Message = ""
    values: Values = field(default_factory=dict)
    lea_code: str = ""
    year: str = ""
    indicator: str = ""
    also: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.found, str) and len(self.found) > _LONGEST_FOUND:
            object.__setattr__(self, "found", quoted(self.found))

    @property
    def key(self) -> str:
        """What tells this finding from every other, also after the file is read again."""
        place = "" if self.row is None else str(self.row)
        found = self.found if isinstance(self.found, str) else self.found.id
        return "|".join((self.kind, self.file, self.sheet, place, self.column, found))

    def expected(self, gate: Disclosure = WORKING) -> str:
        """What should have stood there."""
        return gate.say(Message(_EXPECTED[self.kind], of_file(self.values, gate)))

    def mend(self, gate: Disclosure = WORKING) -> str:
        """What to do about it."""
        return gate.say(Message(_MEND[self.kind], of_file(self.values, gate)))

    def shown(self, gate: Disclosure = WORKING) -> str:
        """What was found; empty where it stands in the other words."""
        if isinstance(self.found, str):
            return gate.of_file(_short(self.found))
        return gate.say(Message(self.found.id, of_file(self.found.values, gate)))

    def title(self, gate: Disclosure = WORKING) -> str:
        """What kind of problem it is, for grouping."""
        return gate.say_id(_TITLE[self.kind])

    def where(self, gate: Disclosure = WORKING) -> str:
        """File, sheet, row, column and LEA, as far as they are known."""
        parts = [quoted(self.file)]
        if self.sheet:
            parts.append(gate.say_id("problem.where.sheet", sheet=quoted(self.sheet)))
        if self.also:
            shown_rows = ", ".join(map(str, (self.row, *self.also[: _MOST_ROWS - 1])))
            more = len(self.also) + 1 - _MOST_ROWS
            kind = "problem.where.rows_more" if more > 0 else "problem.where.rows"
            parts.append(gate.say_id(kind, rows=shown_rows, more=HowMany(more)))
        elif self.row is not None:
            parts.append(gate.say_id("problem.where.row", row=str(self.row)))
        if self.column:
            parts.append(gate.say_id("problem.where.column", column=quoted(self.column)))
        if self.lea_code:
            parts.append(gate.say_id("problem.where.lea", code=quoted(self.lea_code)))
        return ", ".join(parts)

    def sentence(self, gate: Disclosure = WORKING) -> str:
        """All of it in one line, as `check` prints it."""
        values = {
            "severity": gate.say_id(SEVERITY_NAMED[self.severity]),
            "where": self.where(gate),
            "found": self.shown(gate),
            "expected": self.expected(gate),
            "mend": self.mend(gate),
        }
        return gate.say_id("problem.sentence" if self.found else "problem.sentence_bare", **values)


class UnreadableFileError(ValueError):
    """A file that cannot be read at all; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.sentence())


def refuse(file: str, kind: str, found: str = "", **values: Value) -> UnreadableFileError:
    """The exception for a file that cannot be read at all."""
    return UnreadableFileError(Problem(Severity.ERROR, kind, file, found=shown(found), values=values))


def shown(value: str, length: int = 60) -> str:
    """A cell's text for a problem, shortened so that a huge cell cannot flood the screen."""
    return value if len(value) <= length else value[: length - 1] + "…"


def of_file(values: Values, gate: Disclosure) -> dict[str, Value]:
    """Values of a sentence as `gate` lets them be seen, no word and no list without end."""
    return {
        name: type(value)(_of_file(part, gate) for part in value)
        if isinstance(value, tuple)
        else _of_file(value, gate)
        for name, value in values.items()
    }


def _of_file(value: Part, gate: Disclosure) -> Part:
    if isinstance(value, Message):
        return Message(value.id, of_file(value.values, gate))
    return gate.of_file(_short(value)) if isinstance(value, str) else value


def _short(text: str) -> str:
    return shortened(text, _LONGEST_VALUE) if len(text) > MOST_QUOTED else text
