"""How many minor compliance findings there are (source: the flyer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from cim_core.data.facts import Fact
from cim_core.rules.clause import Basis, Ladder
from cim_core.rules.counted_clause import CountedClause
from cim_core.rules.one_lea import OneLea
from cim_core.words.messages import HowMany, Message, message

if TYPE_CHECKING:
    from cim_core.data.arrays import Floats
    from cim_core.rules.groups import Firsts
    from cim_core.rules.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceFindings(CountedClause):
    """A number of minor findings, those of the file and late evaluations that count as such."""

    kind: ClassVar[str] = "compliance_findings"
    numbers: ClassVar[tuple[str, ...]] = ("at_least",)
    basis: ClassVar[Basis] = Basis.FINDINGS
    threshold: ClassVar[str] = "threshold.compliance_findings"

    @classmethod
    def most(cls, elements: int) -> int:
        """More than anybody has."""
        return 20

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """From those that are sure to any number, unless there are exactly so many."""
        return [cls.between(own, total, known, known.findings, known.findings, ~known.findings_exact)]

    def own_numbers(self, known: Known) -> Floats | None:
        """The findings, where everybody's are known."""
        return known.exact_findings()

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """How many there are, and which of them are late evaluations."""
        data, late = lea.known.dataset, lea.late_findings
        given = int(data.minor_findings[lea.row])
        if late and unknown:
            return message("clause.findings.late_unsaid", labels=late)
        if late:
            return message("clause.findings.late", n=HowMany(max(given, len(late))), labels=late)
        if unknown and given >= 0:
            return message("clause.findings.not_shown")
        if unknown:
            return message("clause.findings.unknown")
        if data.assumed(Fact.FINDINGS):
            return message("clause.findings.assumed")
        return message("clause.findings.known", n=HowMany(given))

    def short(self, ladder: Ladder) -> Message:
        """From how many on."""
        if self.at_least == 1:
            return message("rung.short.findings_any")
        return message("rung.short.findings", many=self.how_many)

    def value(self, lea: OneLea, unknown: bool) -> Message:
        """How many there are."""
        data, late = lea.known.dataset, len(lea.late_findings)
        given = int(data.minor_findings[lea.row])
        if unknown and late:
            return message("rung.value.at_least", n=HowMany(late))
        if unknown:
            return message("rung.value.not_known")
        if not late and given < 0:
            return message("rung.value.none_assumed")
        return message("rung.value.number", n=HowMany(max(given, late)))

    @property
    def fact(self) -> Fact | None:
        """Files may be silent about findings."""
        return Fact.FINDINGS


KIND = ComplianceFindings
