"""What every clause has, whatever its kind: the protocol that the files of `cim_core.rules.clauses` fill in.

A kind is a class, a clause of a rulebook an object of it. Two shapes serve most kinds: whole numbers between
two bounds (`counted_clause`) and percents from the worst in a band (`banded_clause`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from cim_core.data.facts import Fact
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.rules.sources import Provenance
from cim_core.rules.tiers import Placement
from cim_core.rules.toml_table import TomlTable
from cim_core.words.messages import Message, given

if TYPE_CHECKING:  # rulebooks can be listed without what computes
    from cim_core.data.arrays import Floats
    from cim_core.rules.groups import Firsts
    from cim_core.rules.known import Known


class Basis(StrEnum):
    """Which of an LEA's numbers a clause rests on; of others nobody knows what would turn it."""

    MISSED = "missed"
    FINDINGS = "findings"
    YEARS = "years"
    COMPOSITE = "composite"
    INDICATORS = "indicators"
    OTHER = "other"


class Ladder(Protocol):
    """The rules that a clause stands among: a rulebook."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses, from the most to the least intensive."""

    def evaluation(self, evaluation_id: str) -> Evaluation:
        """Raises KeyError when there is no such evaluation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule that leads to a placement.

    `evaluation` is the ranking that it looks at, empty for none; `indicators` are those that it names.
    """

    kind: ClassVar[str]
    """Its name in rulebooks and message ids."""
    numbers: ClassVar[tuple[str, ...]] = ()
    """The fields with numbers that its sentence may hold and a scenario may change."""
    basis: ClassVar[Basis] = Basis.OTHER

    id: str
    placement: Placement
    sentence: str
    provenance: Provenance
    evaluation: str = ""
    indicators: tuple[str, ...] = ()

    @classmethod
    def fields(cls, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """The kind's own fields from a clause's table. Raises SchemaError."""
        return {}

    def check(self, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> None:
        """Raises SchemaError where its numbers do not fit together."""

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """Its clauses in groups that vary independently of each other, over all rows.

        `own` are a rulebook's clauses of the kind by their place in it, `total` is how many it has of any.
        """
        raise NotImplementedError

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """Why it came out as it did for an LEA, with the LEA's own numbers; `unknown` where it did not."""
        raise NotImplementedError

    def short(self, ladder: Ladder) -> Message:
        """The rule in about four words, with its own numbers in them."""
        raise NotImplementedError

    def value(self, lea: OneLea, unknown: bool) -> Message:
        """What it looks at for an LEA in a few words: a rank, a count, yes or no, or that it is not known."""
        raise NotImplementedError

    def assumed(self, lea: OneLea) -> Assumed | None:
        """What of it is assumed for an LEA although its rule is public."""
        return None

    def margin(self, lea: OneLea) -> tuple[Message, ...]:
        """How far inside its bounds an LEA is for which it holds, where that can be said."""
        return ()

    def own_numbers(self, known: Known) -> Floats | None:
        """Each row's number (R) that its bounds are held against, NaN for none; None where that is not one
        exact number in every row."""
        return None

    def turns_at(self, name: str, known: Known) -> tuple[Floats, bool] | None:
        """The value (R) of one of its numbers at which each row turns, and whether it has turned at that
        value; None where a row may turn more than once."""
        return None

    @property
    def fact(self) -> Fact | None:
        """The kind of fact without which it is unknown; None where files cannot be silent about it."""
        return None

    @property
    def edges(self) -> tuple[Decimal, ...]:
        """The percents at which its band begins and ends."""
        return ()

    @property
    def of_first_year(self) -> bool:
        """Whether it asks for the first year of a row, and not for how many there are."""
        return False

    @property
    def given(self) -> dict[str, int | Decimal]:
        """Its numbers, by name, without those that are not set."""
        each = {name: getattr(self, name) for name in self.numbers}
        return {name: value for name, value in each.items() if value is not None}

    @property
    def said(self) -> Message:
        """The clause's sentence with its own numbers in it."""
        return given(self.sentence.format(**self.given))
