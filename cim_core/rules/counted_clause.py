"""Clauses that hold for whole numbers between two bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from cim_core.rules.clause import Basis, Clause
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.toml_table import TomlTable
from cim_core.words.messages import HowMany, Message, message

if TYPE_CHECKING:
    from cim_core.data.arrays import Bools, Floats, Ints
    from cim_core.rules.groups import Firsts
    from cim_core.rules.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedClause(Clause):
    """A rule on a number that is counted, from `at_least` to `at_most`."""

    numbers: ClassVar[tuple[str, ...]] = ("at_least", "at_most")
    threshold: ClassVar[str]
    """The message that names its least number where a person may move it."""

    at_least: int | None = None
    at_most: int | None = None

    @classmethod
    def most(cls, elements: int) -> int:
        """How far its least number may be moved, in rules with so many elements."""
        return elements

    @classmethod
    def fields(cls, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """Its bounds."""
        table.asked |= set(cls.numbers)
        return {name: table.whole(name, 1) if table.has(name) else None for name in cls.numbers}

    def check(self, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> None:
        """A least number, and none below it."""
        if self.at_least is None:
            raise table.fail("at_least", "the least count for which the clause holds")
        self._check_order(table)

    def _check_order(self, table: TomlTable) -> None:
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            raise table.fail("at_most", f"a number of {self.at_least} or more")

    @classmethod
    def starts(cls, own: Mapping[int, Self]) -> list[int]:
        """The numbers from which on the answers of some clauses differ."""
        least = [clause.at_least for clause in own.values() if clause.at_least is not None]
        above = [clause.at_most + 1 for clause in own.values() if clause.at_most is not None]
        return [*least, *above]

    @classmethod
    def between(
        cls, own: Mapping[int, Self], total: int, known: Known, least: Ints, most: Ints, no_limit: Bools
    ) -> Firsts:
        """The group of clauses on a number between two ends (R), without the upper one in some rows."""

        def answers(number: int) -> list[bool]:
            return [clause.holds(number) for clause in own.values()]

        return known.by_number(list(own), total, cls.starts(own), least, most, no_limit, answers)

    def turns_at(self, name: str, known: Known) -> tuple[Floats, bool] | None:
        """At its own number with `at_most`, one above it with `at_least`."""
        own = self.own_numbers(known)
        return None if own is None else (own if name == "at_most" else own + 1, True)

    @property
    def how_many(self) -> Message:
        """Its bounds in words: `3 or more`, `1 or 2`, `2 to 4`, `2`."""
        assert self.at_least is not None
        least, most = HowMany(self.at_least), self.at_most
        if most is None:
            return message("rung.from", least=least)
        if most == least:
            return message("rung.exactly", n=least)
        kind = "rung.either" if most == least + 1 else "rung.between"
        return message(kind, least=least, most=HowMany(most))

    def holds(self, number: int) -> bool:
        """Whether a number is within its bounds."""
        return number >= (self.at_least or 0) and (self.at_most is None or number <= self.at_most)


def counting(clauses: Iterable[Clause], basis: Basis) -> list[CountedClause]:
    """Those clauses that count something."""
    return [clause for clause in clauses if isinstance(clause, CountedClause) and clause.basis is basis]
