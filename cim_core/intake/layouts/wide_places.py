"""Where everything stands in a wide table: for each of our columns those of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cim_core.intake.layouts.wide_targets import PrintedInColumns
from cim_core.intake.meanings.layout import PrintedTarget
from cim_core.intake.meanings.our_columns import WIDE
from cim_core.intake.problems import Problem
from cim_core.intake.questions import Question

Dated = tuple[str, str]
"""An indicator or fact, and the school year in the header (empty where it has none)."""


@dataclass
class WideColumns:
    """Where everything stands in a wide table.

    `parts` holds for each indicator the columns of its rate, numerator and denominator: mostly one each;
    `unread` are headers that look like an indicator and are not used.
    """

    header: Sequence[str]
    identity: dict[str, int] = field(default_factory=dict)
    facts: dict[Dated, list[int]] = field(default_factory=dict)
    parts: dict[Dated, tuple[list[int], list[int], list[int]]] = field(default_factory=dict)
    targets: dict[Dated, PrintedInColumns] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def years(self) -> tuple[str, ...]:
        """The years that stand in headers, oldest first; undated columns are not among them."""
        dated = (*self.parts, *self.facts, *self.targets)
        return tuple(sorted({year for _, year in dated if year}))

    def printed(self) -> list[PrintedTarget]:
        """The targets that were gathered from all columns."""
        return [one for some in self.targets.values() if some.targets for one in some.targets.found]

    def put(self, ours: str, year: str, at: int) -> None:
        """Take a column for one of ours."""
        if ours in WIDE:
            code, part = WIDE[ours]
            self.put_part(code, part, year, at)
        else:
            self.facts.setdefault((ours, year), []).append(at)

    def put_part(self, code: str, part: int, year: str, at: int) -> None:
        """Take a column for a part of an indicator."""
        self.parts.setdefault((code, year), ([], [], []))[part].append(at)

    def take_away(self, at: int) -> None:
        """A column of an indicator is not used after all."""
        for places in self.parts.values():
            for some in places:
                if at in some:
                    some.remove(at)
        self.parts = {one: places for one, places in self.parts.items() if any(places)}

    def named(self, code: str, year: str) -> tuple[str, str, str]:
        """The file's own names of the three columns of an indicator."""
        places = self.parts[code, year]
        ours = (code, f"{code}_n", f"{code}_d")
        rate, numerator, denominator = (
            self.header[some[0]] if some else name for some, name in zip(places, ours, strict=True)
        )
        return rate, numerator, denominator
