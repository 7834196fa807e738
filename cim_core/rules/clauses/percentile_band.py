"""Where an LEA stands in an evaluation (source: the flyer; how CDE ranks is assumed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Self

from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis, Ladder
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.words.messages import Kind, Message, Quantity, message
from cim_core.words.numbers import plain

if TYPE_CHECKING:
    from cim_core.data.arrays import Floats
    from cim_core.rules.groups import Firsts
    from cim_core.rules.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentileBand(BandedClause):
    """A band of the percentile of all of an evaluation."""

    kind: ClassVar[str] = "percentile_band"
    basis: ClassVar[Basis] = Basis.COMPOSITE
    threshold: ClassVar[str] = "threshold.band"

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """The bands of each evaluation together."""
        names = dict.fromkeys(band.evaluation for band in own.values())
        return [cls._of_one(name, own, total, known) for name in names]

    @classmethod
    def _of_one(cls, evaluation: str, own: Mapping[int, Self], total: int, known: Known) -> Firsts:
        bands = {at: band for at, band in own.items() if band.evaluation == evaluation}
        edges = [float(edge) for band in bands.values() for edge in band.edges]

        def answers(percent: Floats) -> list[bool]:
            return [bool(band.inside(percent)[0]) for band in bands.values()]

        return known.by_percentile(list(bands), total, evaluation, edges, answers)

    def own_numbers(self, known: Known) -> Floats | None:
        """The percentiles, where none is only known to lie between two ends."""
        return known.exact_percentile(self.evaluation)

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """Where the LEA stands."""
        return lea.percentile_said(self.evaluation)

    def short(self, ladder: Ladder) -> Message:
        """Which part of all LEAs."""
        evaluation = ladder.evaluation(self.evaluation)
        if evaluation.first:
            return message("rung.short.band", part=self.part(ladder))
        return message("rung.short.band_of", part=self.part(ladder), evaluation=evaluation.title)

    def value(self, lea: OneLea, unknown: bool) -> Message:
        """The LEA's rank."""
        return lea.percentile_short(self.evaluation)

    def assumed(self, lea: OneLea) -> Assumed | None:
        """How CDE ranks, where the percentile is not the file's own."""
        return self.ranking_assumed(lea) if lea.ranked_here(self.evaluation) else None

    def margin(self, lea: OneLea) -> tuple[Message, ...]:
        """How far it is to the nearest edge."""
        percent = lea.percentile(self.evaluation)
        if percent is None or not self.edges:
            return ()
        edge = min(self.edges, key=lambda at: abs(percent.value - Fraction(at)))
        by = Quantity(abs(percent.value - Fraction(edge)), Kind.POINTS, 2)
        return (message("because.margin_edge", by=by, edge=plain(edge)),)


KIND = PercentileBand
