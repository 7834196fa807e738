"""Where an LEA stands on single indicators of an evaluation (CDE, monitoring year 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from cim_core.data.arrays import Codes, Floats
from cim_core.data.indicators import POSITION
from cim_core.rules.banded_clause import BandedClause, evaluated
from cim_core.rules.clause import Basis
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.groups import Firsts, alone
from cim_core.rules.known import Known, RankedRows
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.rules.outcome import Outcome, three_valued
from cim_core.rules.toml_table import SchemaError, Table
from cim_core.words import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPercentile(BandedClause):
    """A band in which the percentile of any one of its `indicators` lies."""

    kind: ClassVar[str] = "indicator_percentile"
    basis: ClassVar[Basis] = Basis.INDICATORS
    threshold: ClassVar[str] = "threshold.indicator_band"

    @classmethod
    def fields(cls, table: Table, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """The band, and the indicators."""
        band = super(IndicatorPercentile, cls).fields(table, evaluations)
        return {**band, "indicators": table.codes("indicators")}

    def check(self, table: Table, evaluations: Mapping[str, Evaluation]) -> None:
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
        found = []
        for at, one in own.items():
            ranked = known.percentiles[one.evaluation]
            any_of_them = one._any_indicator(ranked)
            can, must = any_of_them != Outcome.FALSE, any_of_them == Outcome.TRUE
            found.append(evaluated(alone(at, total, can, must), [one], known, ranked, can & ~must))
        return found

    def _any_indicator(self, ranked: RankedRows) -> Codes:
        """True when any indicator is in the band, false when all are known and none is, else unknown."""
        columns = [POSITION[code] for code in self.indicators]
        low = ranked.indicator_low[:, columns]
        exact = ranked.indicator_low is ranked.indicator_high
        each = self._within(low, low if exact else ranked.indicator_high[:, columns])
        any_inside = np.asarray((each == Outcome.TRUE).any(axis=1))
        none_inside = np.asarray((each == Outcome.FALSE).all(axis=1))
        return three_valued(any_inside, any_inside | none_inside)

    def _within(self, low: Floats, high: Floats) -> Codes:
        """Whether percents between two ends are in the band: all of it, none of it, or not known."""
        known = ~np.isnan(low)
        if low is high:
            return three_valued(self.inside(low), known)
        known &= ~np.isnan(high)
        inside = self.inside(low) & self.inside(high)
        meets = self.over_its_start(high) & self.under_its_end(low)
        return three_valued(inside, known & (inside | ~meets))

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """Where the LEA stands on each of the indicators."""
        return lea.indicators_said(self.evaluation, self.indicators)

    def assumed(self, lea: OneLea) -> Assumed | None:
        """How CDE ranks."""
        return self.ranking_assumed(lea)

    @property
    def scope(self) -> str:
        """Its edges are its own."""
        return self.id


KIND = IndicatorPercentile
