"""How many years in a row of disproportionality there are, or that it is the first (source: the flyer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from cim_core.data.facts import Fact
from cim_core.rules.clause import Basis
from cim_core.rules.counted_clause import CountedClause
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.groups import Firsts, of_worlds
from cim_core.rules.known import SIGNIFICANT_YEARS, Known, World
from cim_core.rules.toml_table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DisproportionateYears(CountedClause):
    """A number of years in a row, or `newly`: identified for the first time."""

    kind: ClassVar[str] = "disproportionate_years"
    basis: ClassVar[Basis] = Basis.YEARS
    threshold: ClassVar[str] = "threshold.disproportionate_years"

    newly: bool = False

    @classmethod
    def fields(cls, table: Table, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """Its bounds, and whether it is about the first year."""
        return {**super(DisproportionateYears, cls).fields(table, evaluations), "newly": table.flag("newly")}

    def check(self, table: Table, evaluations: Mapping[str, Evaluation]) -> None:
        """Either the first year or a number of them."""
        if self.newly == (self.at_least is not None):
            raise table.fail("at_least", "either newly = true or at_least = a number of years")
        self._check_order(table)

    @classmethod
    def most(cls, elements: int) -> int:
        """More than make it significant."""
        return 6

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """In every world of years and of "newly" that what is known allows."""
        years = cls.classes(own, (1, 2, SIGNIFICANT_YEARS))
        each = [
            ([[one._in(world) for one in own.values()] for world in worlds], rows)
            for worlds, rows in known.worlds_of_years(years)
        ]
        return [of_worlds(list(own), total, len(known.dataset), each)]

    def _in(self, world: World) -> bool:
        return world.newly if self.newly else self.holds(world.years)

    @property
    def fact(self) -> Fact | None:
        """Files may be silent about disproportionality."""
        return Fact.DISPROPORTIONALITY


KIND = DisproportionateYears
