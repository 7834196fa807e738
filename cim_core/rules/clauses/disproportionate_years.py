"""How many years in a row of disproportionality there are, or that it is the first (source: the flyer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from cim_core.data.facts import Fact
from cim_core.rules.clause import Basis, Ladder
from cim_core.rules.counted_clause import CountedClause
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.one_lea import Assumed, OneLea
from cim_core.rules.outcome import Outcome
from cim_core.rules.toml_table import TomlTable
from cim_core.words.messages import HowMany, Message, message

if TYPE_CHECKING:
    from cim_core.data.arrays import Floats
    from cim_core.data.dataset import Dataset
    from cim_core.rules.groups import Firsts
    from cim_core.rules.known import Known, World


@dataclass(frozen=True, slots=True, kw_only=True)
class DisproportionateYears(CountedClause):
    """A number of years in a row, or `newly`: identified for the first time."""

    kind: ClassVar[str] = "disproportionate_years"
    basis: ClassVar[Basis] = Basis.YEARS
    threshold: ClassVar[str] = "threshold.disproportionate_years"

    newly: bool = False

    @classmethod
    def fields(cls, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
        """Its bounds, and whether it is about the first year."""
        return {**super(DisproportionateYears, cls).fields(table, evaluations), "newly": table.flag("newly")}

    def check(self, table: TomlTable, evaluations: Mapping[str, Evaluation]) -> None:
        """Either the first year or a number of them."""
        if self.newly == (self.at_least is not None):
            raise table.fail("at_least", "either newly = true or at_least = a number of years")
        self._check_order(table)

    @property
    def of_first_year(self) -> bool:
        """Those identified for the first time."""
        return self.newly

    @classmethod
    def most(cls, elements: int) -> int:
        """More than make it significant."""
        return 6

    @classmethod
    def groups(cls, own: Mapping[int, Self], total: int, known: Known) -> list[Firsts]:
        """In every world of years and of "newly" that what is known allows."""

        def answers(world: World) -> list[bool]:
            return [clause._in(world) for clause in own.values()]

        return [known.by_years(list(own), total, cls.starts(own), answers)]

    def _in(self, world: World) -> bool:
        return world.newly if self.newly else self.holds(world.years)

    def own_numbers(self, known: Known) -> Floats | None:
        """The years, where everybody's are stated and only one number of them is possible."""
        return known.exact_years()

    def detail(self, lea: OneLea, unknown: bool) -> Message:
        """For how many years, and who says so: the file, its counts, or an assumption."""
        data, row = lea.known.dataset, lea.row
        if lea.contradicted:
            return _contradicts(data, row)
        significant = data.sig_dis[row] == Outcome.TRUE and not _significant_from_counts(data, row)
        if significant and data.disproportionate_years[row] < 0 and not self.newly and not unknown:
            return message("clause.disproportionate.sig_dis")
        if data.assumed_at(row, Fact.DISPROPORTIONALITY) and not significant:
            return message("clause.disproportionate.assumed")
        newly = data.newly_disproportionate[row] == Outcome.TRUE
        by_file = self.newly and newly and not _newly_from_counts(data, row)
        if lea.years_worked_out and not by_file:
            return lea.years_from_counts
        return self._stated(data, row, unknown)

    def _stated(self, data: Dataset, row: int, unknown: bool) -> Message:
        """What the file says of years, or else of "newly"."""
        years, newly = int(data.disproportionate_years[row]), int(data.newly_disproportionate[row])
        if self.newly and newly == Outcome.TRUE and years >= 0 and years != 1:
            return message("clause.disproportionate.newly_although", years=HowMany(years))
        if years > 0:
            return message("clause.disproportionate.years", n=HowMany(years))
        if years == 0:
            return message("clause.disproportionate.none")
        if newly == Outcome.TRUE and unknown:
            return message("clause.disproportionate.newly_years_blank")
        if newly == Outcome.TRUE:
            return message("clause.disproportionate.newly")
        if newly == Outcome.FALSE and not unknown:
            return message("clause.disproportionate.not_newly")
        return message("clause.disproportionate.unknown")

    def short(self, ladder: Ladder) -> Message:
        """That it is the first year, or how many there are."""
        if self.newly:
            return message("rung.short.newly")
        if self.at_most is None:
            assert self.at_least is not None
            return message("rung.short.years", n=HowMany(self.at_least))
        if self.at_most == self.at_least == 1:
            return message("rung.short.year_one")
        return message("rung.short.years_bounded", many=self.how_many)

    def value(self, lea: OneLea, unknown: bool) -> Message:
        """The years; of the first one, whether it is."""
        data, row = lea.known.dataset, lea.row
        years, newly = int(data.disproportionate_years[row]), int(data.newly_disproportionate[row])
        significant = data.sig_dis[row] == Outcome.TRUE
        if lea.contradicted:
            return message("rung.value.contradicts")
        if significant and years < 0 and not unknown:
            return message("rung.value.significant")
        if data.assumed_at(row, Fact.DISPROPORTIONALITY) and not significant:
            return message("rung.value.none_assumed")
        if self.newly and not unknown:
            said = _newly_short(years, newly)
            if said is not None:
                return said
        if years >= 0:
            return message("rung.value.first_year" if years == 1 else "rung.value.years", n=HowMany(years))
        if lea.years_worked_out:
            return lea.years_short
        first = newly == Outcome.TRUE and not unknown
        return message("rung.value.first_year" if first else "rung.value.not_known")

    def assumed(self, lea: OneLea) -> Assumed | None:
        """That risk ratios stand for CDE's own finding, where it decides and no file states the finding."""
        data, row = lea.known.dataset, lea.row
        worked = data.worked_out
        if worked is None or self.id != lea.deciding or lea.contradicted:
            return None
        if self.newly:
            stated = data.newly_disproportionate[row] == Outcome.TRUE and not worked.newly[row]
        else:
            significant = data.sig_dis[row] == Outcome.TRUE and not _significant_from_counts(data, row)
            stated = data.disproportionate_years[row] < 0 and significant
        from_counts = bool(worked.newly[row]) or lea.years_worked_out
        return Assumed.COUNTS if from_counts and not stated else None

    @property
    def fact(self) -> Fact | None:
        """Files may be silent about disproportionality."""
        return Fact.DISPROPORTIONALITY


_STATED: dict[int, str] = {
    Outcome.UNKNOWN: "clause.stated.unknown",
    Outcome.FALSE: "clause.stated.false",
    Outcome.TRUE: "clause.stated.true",
}


def _contradicts(data: Dataset, row: int) -> Message:
    years = int(data.disproportionate_years[row])
    flags = (int(data.newly_disproportionate[row]), int(data.sig_dis[row]))
    newly, sig_dis = (message(_STATED[flag]) for flag in flags)
    stated = (
        message("clause.stated.years", n=HowMany(years)) if years >= 0 else message("clause.stated.unknown")
    )
    return message("clause.disproportionate.contradicts", years=stated, newly=newly, sig_dis=sig_dis)


def _newly_short(years: int, newly: int) -> Message | None:
    """Whether it is the first year; None where only the years say it is not."""
    if newly == Outcome.TRUE:
        return message("rung.value.first_year" if years in (-1, 1) else "rung.value.yes")
    none = years == 0 or (years < 0 and newly == Outcome.FALSE)
    return message("rung.value.no") if none else None


def _newly_from_counts(data: Dataset, row: int) -> bool:
    """Whether "newly disproportionate" was worked out from counts, so that the file does not say it."""
    return data.worked_out is not None and bool(data.worked_out.newly[row])


def _significant_from_counts(data: Dataset, row: int) -> bool:
    """Whether significant disproportionality was worked out from counts, so that the file does not say it."""
    return data.worked_out is not None and bool(data.worked_out.sig_dis[row])


KIND = DisproportionateYears
