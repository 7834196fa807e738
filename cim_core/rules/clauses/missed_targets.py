"""How many targets are missed (source: the flyer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from cim_core.data.facts import Fact
from cim_core.rules.clause import Basis, Ladder
from cim_core.rules.counted_clause import CountedClause
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.words.messages import HowMany, Message, OneOf, message

if TYPE_CHECKING:
    from cim_core.data.arrays import Floats
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
        least, most = known.missed * known.enough, known.missed + known.may_be_missed
        return [cls.between(own, total, known, least, most, ~known.enough)]

    def own_numbers(self, known: Known) -> Floats | None:
        """The targets missed, where everybody's count is known."""
        return known.exact_missed()

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """How many are missed of how many, and what of that is assumed or open."""
        known, row = lea.known, lea.row
        if unknown and not known.enough[row]:
            return message("clause.missed.unknown", n=HowMany(lea.counted), least=HowMany(lea.min_elements))
        missed, more, assumed = int(known.missed[row]), int(known.may_be_missed[row]), lea.missed_assumed
        values = {"n": HowMany(missed), "k": HowMany(lea.counted), "m": HowMany(lea.elements)}
        said = message("clause.missed.known", **values)
        if assumed:
            said = message("clause.missed.assumed", **values, a=HowMany(assumed))
        if more and unknown:
            kind = "clause.missed.open_so_far" if known.dataset.in_progress[row] else "clause.missed.open"
            if not known.dataset.audience.sees_everything:
                kind = "clause.missed.not_shown"
            said = message(
                kind,
                said=said,
                n=HowMany(more),
                low=HowMany(missed),
                high=HowMany(missed + more),
            )
        measured = lea.missed_otherwise_measured
        if measured:
            said = message("clause.missed.measured", said=said, labels=measured)
        if self.assumed(lea) is None:
            return said
        assert lea.late_otherwise is not None
        otherwise = lea.late_otherwise.label
        return message("clause.missed.late", said=said, labels=OneOf(lea.late), otherwise=otherwise)

    def short(self, ladder: Ladder) -> Message:
        """How many."""
        if self.at_least == 1 and self.at_most is None:
            return message("rung.short.missed_any")
        if self.at_least == self.at_most == 1:
            return message("rung.short.missed_one")
        return message("rung.short.missed", many=self.how_many)

    def value(self, lea: OneLea, unknown: bool) -> Message:
        """How many are missed of those with data."""
        known, row = lea.known, lea.row
        if not known.enough[row]:
            return message("rung.value.not_known")
        missed, more, counted = int(known.missed[row]), int(known.may_be_missed[row]), lea.counted
        if unknown and more:
            return message(
                "rung.value.from_to_of",
                low=HowMany(missed),
                high=HowMany(missed + more),
                all=HowMany(counted + more),
            )
        return message("rung.value.of", n=HowMany(missed), all=HowMany(counted))

    def assumed(self, lea: OneLea) -> Assumed | None:
        """That late evaluations count, where it decides and they make a difference."""
        return Assumed.LATE if self.id == lea.deciding and lea.late_otherwise is not None else None

    def margin(self, lea: OneLea) -> tuple[Message, ...]:
        """How many beyond the least."""
        if self.at_least is None:
            return ()
        beyond = int(lea.known.missed[lea.row]) - self.at_least
        return (message("because.margin_count", n=HowMany(beyond), least=HowMany(self.at_least)),)

    @property
    def fact(self) -> Fact | None:
        """Elements that no file has a column for may be missed too."""
        return Fact.ELEMENTS


KIND = MissedTargets
