"""How many targets are missed (source: the flyer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from cim_core.data.facts import Fact
from cim_core.rules.clause import Basis
from cim_core.rules.counted_clause import CountedClause
from cim_core.rules.groups import Firsts
from cim_core.rules.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedTargets(CountedClause):
    """A number of elements whose target is missed."""

    kind: ClassVar[str] = "missed_targets"
    basis: ClassVar[Basis] = Basis.MISSED
    threshold: ClassVar[str] = "threshold.missed_targets"

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """From the missed targets to those and all that may be missed too; any number where too few count."""
        least = np.where(known.enough, known.missed, 0)
        return [cls.between(own, total, least, known.missed + known.may_be_missed, ~known.enough)]

    @property
    def fact(self) -> Fact | None:
        """Elements that no file has a column for may be missed too."""
        return Fact.ELEMENTS


KIND = MissedTargets
