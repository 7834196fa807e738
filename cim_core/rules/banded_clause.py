"""Clauses that hold for percents from the worst within a band."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from cim_core.rules.clause import Basis, Clause, Ladder
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.rules.sources import Status
from cim_core.rules.toml_table import TomlTable
from cim_core.words.messages import Message, message
from cim_core.words.numbers import plain

if TYPE_CHECKING:
    from cim_core.data.arrays import Bools, Floats
    from cim_core.rules.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class BandedClause(Clause):
    """A rule on percentiles, from `over` (exclusive) or `start` (inclusive) to `below` (exclusive) or `to`
    (inclusive)."""

    numbers: ClassVar[tuple[str, ...]] = ("over", "start", "below", "to")
    threshold: ClassVar[str]
    """The message that names an edge where a person may move it."""

    over: Decimal | None = None
    start: Decimal | None = None
    below: Decimal | None = None
    to: Decimal | None = None

    @classmethod
    def fields(cls, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """The evaluation, the first one where none is named, and the edges of the band."""
        table.asked |= set(cls.numbers)
        edges = {name: table.number(name) if table.has(name) else None for name in cls.numbers}
        first = next((name for name, one in evaluations.items() if one.first), next(iter(evaluations)))
        return {"evaluation": table.choice("evaluation", dict.fromkeys(evaluations), first), **edges}

    def check(self, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> None:
        """One upper edge, at most one lower edge, and something between them."""
        if (self.below is None) == (self.to is None):
            raise table.fail("to", "exactly one upper edge: to (included) or below (excluded)")
        for name, edge in self.given.items():
            if not 0 <= edge <= 100:
                raise table.fail(name, "a percent from 0 to 100")
        if self.over is not None and self.start is not None:
            raise table.fail("over", "at most one lower edge: over (excluded) or start (included)")
        if self._is_empty():
            raise table.fail("to" if self.to is not None else "below", "an upper edge above the lower one")

    def _is_empty(self) -> bool:
        lower = self.start if self.over is None else self.over
        upper = self.below if self.to is None else self.to
        if lower is None or upper is None:
            return False
        one_point = self.start is not None and self.to is not None
        return lower > upper if one_point else lower >= upper

    @property
    def edges(self) -> tuple[Decimal, ...]:
        """The percents at which its band begins and ends."""
        return tuple(edge for edge in (self.over, self.start, self.below, self.to) if edge is not None)

    @property
    def bounds(self) -> tuple[tuple[str, Decimal], ...]:
        """Its edges with their names, the upper one first."""
        each = (("to", self.to), ("below", self.below), ("over", self.over), ("start", self.start))
        return tuple((name, edge) for name, edge in each if edge is not None)

    @property
    def scope(self) -> str:
        """What its edges are shared with: all clauses of the same scope."""
        return self.evaluation

    def part(self, ladder: Ladder) -> Message:
        """Its band in words: `Lowest 10%`, `Next 10%` right after another one, else with both edges."""
        upper = self.to if self.below is None else self.below
        assert upper is not None
        if self.over is None and self.start is None:
            kind = "rung.lowest" if self.below is None else "rung.lowest_under"
            return message(kind, upper=plain(upper))
        if self.over is not None and self.to is not None and self._follows(ladder):
            return message("rung.next", width=plain(self.to - self.over))
        lower = self.start if self.over is None else self.over
        assert lower is not None
        kind = _BETWEEN[self.over is not None, self.below is not None]
        return message(kind, lower=plain(lower), upper=plain(upper))

    def _follows(self, ladder: Ladder) -> bool:
        """Whether a band for a more intensive placement ends where this one begins."""
        return any(
            isinstance(one, BandedClause)
            and (one.kind, one.scope, one.to) == (self.kind, self.scope, self.over)
            and one.placement > self.placement
            for one in ladder.clauses
        )

    def turns_at(self, name: str, known: Known) -> tuple[Floats, bool] | None:
        """At its own percentile, which an included upper or an excluded lower edge has passed."""
        own = self.own_numbers(known)
        return None if own is None else (own, name in ("to", "over"))

    def ranking_assumed(self, lea: OneLea) -> Assumed | None:
        """Whether no public text gives how its evaluation ranks."""
        evaluation = lea.known.percentiles[self.evaluation].evaluation
        return Assumed.RANKING if evaluation.provenance.status is Status.ASSUMED else None

    def inside(self, percents: Floats) -> Bools:
        """Whether each percent from the worst is within the band; NaN is in none."""
        return self.under_its_end(percents) & self.over_its_start(percents)

    def under_its_end(self, percents: Floats) -> Bools:
        """Whether each percent is on the inner side of the upper edge."""
        if self.to is not None:
            return percents <= float(self.to)
        return percents < (math.inf if self.below is None else float(self.below))

    def over_its_start(self, percents: Floats) -> Bools:
        """Whether each percent is on the inner side of the lower edge."""
        if self.over is not None:
            return percents > float(self.over)
        return percents >= (-math.inf if self.start is None else float(self.start))


_BETWEEN = {
    (False, False): "rung.from_to",
    (False, True): "rung.from_under",
    (True, False): "rung.over_to",
    (True, True): "rung.over_under",
}
"""By whether the lower edge is excluded, and whether the upper one is."""


def banded(clauses: Iterable[Clause], basis: Basis, evaluation: str = "") -> list[BandedClause]:
    """Those clauses that are bands of a basis, of one evaluation where it is named."""
    bands = [clause for clause in clauses if isinstance(clause, BandedClause) and clause.basis is basis]
    return [band for band in bands if evaluation in ("", band.evaluation)]
