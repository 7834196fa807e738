"""Where an LEA stands on single indicators of an evaluation (CDE, monitoring year 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis, Ladder
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.rules.toml_table import SchemaError, TomlTable
from cim_core.words.messages import Message, OneOf, message

if TYPE_CHECKING:
    from cim_core.rules.groups import Firsts
    from cim_core.rules.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPercentile(BandedClause):
    """A band in which the percentile of any one of its `indicators` lies."""

    kind: ClassVar[str] = "indicator_percentile"
    basis: ClassVar[Basis] = Basis.INDICATORS
    threshold: ClassVar[str] = "threshold.indicator_band"

    @classmethod
    def fields(cls, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """The band, and the indicators."""
        band = super(IndicatorPercentile, cls).fields(table, evaluations)
        return {**band, "indicators": table.codes("indicators")}

    def check(self, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> None:
        """Indicators that the evaluation ranks."""
        super(IndicatorPercentile, self).check(table, evaluations)
        if not self.indicators:
            raise table.fail("indicators", "at least one indicator code")
        ranked = evaluations[self.evaluation].indicators
        strange = [code for code in self.indicators if code not in ranked]
        if strange:
            expected = f"indicators of the evaluation {self.evaluation}: {', '.join(ranked)}"
            raise SchemaError(table.file, table.key("indicators"), repr(strange[0]), expected)

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """Each clause by itself."""
        return [
            known.by_any_percentile(at, total, band.evaluation, band.indicators, band)
            for at, band in own.items()
        ]

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """Where the LEA stands on each of the indicators."""
        return lea.indicators_said(self.evaluation, self.indicators)

    def short(self, ladder: Ladder) -> Message:
        """Which part of all LEAs, on which indicators."""
        return message("rung.short.band_on", part=self.part(ladder), codes=OneOf(self.indicators))

    def value(self, lea: OneLea, unknown: bool) -> Message:
        """Where the LEA stands on the one on which it stands worst."""
        return lea.worst_short(self.evaluation, self.indicators, unknown)

    def assumed(self, lea: OneLea) -> Assumed | None:
        """How CDE ranks."""
        return self.ranking_assumed(lea)

    @property
    def scope(self) -> str:
        """Its edges are its own."""
        return self.id


KIND = IndicatorPercentile
