"""Where an LEA stands in an evaluation (source: the flyer; how CDE ranks is assumed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

import numpy as np

from cim_core.rules.banded_clause import BandedClause, evaluated
from cim_core.rules.clause import Basis
from cim_core.rules.groups import Firsts, Percents, of_classes
from cim_core.rules.known import Known, RankedRows
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.words import Kind, Message, Quantity, message


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentileBand(BandedClause):
    """A band of the percentile of all of an evaluation."""

    kind: ClassVar[str] = "percentile_band"
    basis: ClassVar[Basis] = Basis.COMPOSITE
    threshold: ClassVar[str] = "threshold.band"

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """The bands of each evaluation together."""
        found = []
        for name in dict.fromkeys(one.evaluation for one in own.values()):
            ranked = known.percentiles[name]
            bands = {at: one for at, one in own.items() if one.evaluation == name}
            group = cls._of_one(bands, total, ranked)
            found.append(evaluated(group, bands.values(), known, ranked, np.isnan(ranked.percentile)))
        return found

    @classmethod
    def _of_one(cls, bands: Mapping[int, Self], total: int, ranked: RankedRows) -> Firsts:
        """Everywhere between the ends of what is known; anywhere where nothing is."""
        classes = Percents.of(float(edge) for one in bands.values() for edge in one.edges)
        anywhere = np.isnan(ranked.low) | np.isnan(ranked.high)
        low = np.where(anywhere, 0, classes.of_numbers(np.nan_to_num(ranked.low)))
        high = np.where(anywhere, len(classes) - 1, classes.of_numbers(np.nan_to_num(ranked.high)))

        def truth(number: int) -> list[bool]:
            percent = np.array([classes.inside(number)])
            return [bool(one.inside(percent)[0]) for one in bands.values()]

        return of_classes(list(bands), total, len(classes), low, high, truth)

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """Where the LEA stands."""
        return lea.percentile_said(self.evaluation)

    def assumed(self, lea: OneLea) -> Assumed | None:
        """How CDE ranks, where the percentile is not the file's own."""
        return self.ranking_assumed(lea) if lea.ranked_here(self.evaluation) else None

    def margin(self, lea: OneLea) -> tuple[Message, ...]:
        """How far it is to the nearest edge."""
        percent = lea.percentile(self.evaluation)
        if percent is None or not self.edges:
            return ()
        edge = min(self.edges, key=lambda at: abs(percent.value - Fraction(at)))
        by = Quantity(abs(percent.value - Fraction(edge)), Kind.PERCENTILE, 2)
        return (message("because.margin_edge", by=by, edge=f"{edge.normalize():f}"),)


KIND = PercentileBand
