"""Risk ratios of one LEA as quantities and sentences; nothing is decided a second time here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from cim_core.data.dataset import NONE, Dataset
from cim_core.data.facts import Fact
from cim_core.data.race_counts import AREA_NAMED, AREAS, NOT_GIVEN, OPEN, SEVEN, STUDENTS_NAMED, Area, Group
from cim_core.placing.disproportionality import Ratios, RatioStatus, measure
from cim_core.placing.from_counts import stated
from cim_core.rules.rulebook import Comparator, Disproportionality, Minimums
from cim_core.rules.sources import Status
from cim_core.words import numbers
from cim_core.words.messages import HowMany, Kind, Message, MessageFamily, Quantity, message

_MOST_DECIMALS = 12
_ORDINALS = 6
"""Up to so many years in a row have words of their own."""
_NTH_YEAR = MessageFamily("disproportionality.years.{}", tuple(range(1, _ORDINALS + 1)))
_LEAST = {
    Minimums.EITHER: "disproportionality.least.either",
    Minimums.BOTH: "disproportionality.least.both",
}
SIGN_NAMED = {
    Comparator.GREATER: "disproportionality.sign.greater",
    Comparator.AT_LEAST: "disproportionality.sign.at_least",
}
_NEWLY_STATED = {
    1: "disproportionality.stated.newly",
    0: "disproportionality.stated.not_newly",
    NONE: "disproportionality.stated.nothing",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One area and group of one LEA and year. `over` is 1, 0 or −1 (unknown); `most` is `OPEN` without bound.

    `others_cell` and `others_total` are the comparison group that was used: the state's for an alternate
    ratio. `above` is how many students more than parity would give, as a fraction rounded to whole students.
    """

    area: Area
    group: Group
    status: RatioStatus
    cell: Quantity | None
    total: Quantity | None
    risk: Quantity | None
    others_cell: Quantity | None
    others_total: Quantity | None
    others_risk: Quantity | None
    ratio: Quantity | None
    low: Quantity | None
    high: Quantity | None
    above: Quantity | None
    over: int
    least: int
    most: int

    @property
    def years(self) -> Message | None:
        """Which year in a row it is, or at least how many; None where it is not over the threshold."""
        if not self.least:
            return None
        if self.most != self.least:
            return message("disproportionality.years.at_least", n=HowMany(self.least))
        if self.least > _ORDINALS:
            return message("disproportionality.years.many", n=HowMany(self.least))
        return message(_NTH_YEAR[self.least])


def ratios_of(dataset: Dataset, rules: Disproportionality) -> Ratios | None:
    """The risk ratios of a dataset's counts; None where it has none."""
    return None if dataset.counts is None else measure(dataset.counts, rules)


def findings(ratios: Ratios, lea_key: str, year: str) -> tuple[Finding, ...]:
    """Every area with any count of the LEA and year × the seven groups, in order; none without counts."""
    place = ratios.place(lea_key, year)
    if place is None:
        return ()
    given = _given(ratios, place, tuple(Area))
    return tuple(finding(ratios, (*place, int(area), int(group))) for area in given for group in SEVEN)


def _given(ratios: Ratios, place: tuple[int, int], areas: tuple[Area, ...]) -> list[Area]:
    """Which of some areas an LEA and year have any count of."""
    there = (ratios.status[place] != RatioStatus.NO_COUNTS).any(axis=-1)
    return [area for area in areas if there[area]]


def _counted(dataset: Dataset, row: int, rules: Disproportionality) -> tuple[Ratios, tuple[int, int]] | None:
    """The ratios, and where a row stands in them; None without counts of its LEA and year."""
    ratios = ratios_of(dataset, rules)
    if ratios is None:
        return None
    place = ratios.place(str(dataset.lea_key[row]), str(dataset.year[row]))
    return None if place is None else (ratios, place)


def _over(ratios: Ratios, place: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Where an LEA and year are over the threshold in areas of the regulation, by area, then group."""
    return [
        (*place, area, group)
        for area, group in np.argwhere(ratios.over[place] == 1).tolist()
        if area in AREAS
    ]


def _worst_of(ratios: Ratios, place: tuple[int, int]) -> tuple[Finding, ...]:
    """The findings over the threshold alone, see `worst`; the many others need not be put in words for it."""
    return worst(finding(ratios, at) for at in _over(ratios, place))


def finding(ratios: Ratios, at: tuple[int, int, int, int]) -> Finding:
    """One place of the arrays as quantities."""
    cell, total = int(ratios.cell[at]), int(ratios.total[at])
    others_cell, others_total = int(ratios.others_cell[at]), int(ratios.others_total[at])
    above = ratios.above_parity(at)
    return Finding(
        area=Area(at[2]),
        group=Group(at[3]),
        status=RatioStatus(int(ratios.status[at])),
        cell=_count(cell, total),
        total=_count(total, total),
        risk=_risk(cell, total),
        others_cell=_count(others_cell, others_total),
        others_total=_count(others_total, others_total),
        others_risk=_risk(others_cell, others_total),
        ratio=_ratio(ratios, at),
        low=_bound(float(ratios.low[at]), total),
        high=_bound(float(ratios.high[at]), total),
        above=None if above is None else Quantity(above, Kind.COUNT, 0, total),
        over=int(ratios.over[at]),
        least=int(ratios.least[at]),
        most=int(ratios.most[at]),
    )


def _count(number: int, group: int) -> Quantity | None:
    known = group if group != NOT_GIVEN else None
    return None if number == NOT_GIVEN else Quantity(Fraction(number), Kind.COUNT, 0, known)


def _risk(cell: int, total: int) -> Quantity | None:
    return Quantity(Fraction(100 * cell, total), Kind.RATE, 2, total) if cell >= 0 and total > 0 else None


def _bound(value: float, group: int) -> Quantity | None:
    return None if value != value else Quantity(Fraction(Decimal(repr(value))), Kind.RATIO, 2, group)


def _ratio(ratios: Ratios, at: tuple[int, int, int, int]) -> Quantity | None:
    """The ratio with two decimals, or as many as keep it on its own side of the threshold."""
    exact = ratios.exact(at)
    if exact is None:
        return None
    limit = Fraction(ratios.rules.threshold)
    group = int(ratios.total[at])
    in_full = numbers.against(Quantity(exact, Kind.RATIO, _MOST_DECIMALS, group), limit)
    return replace(in_full, decimals=numbers.decimals(in_full))


def worst(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Areas of the regulation over the threshold, the longest run first, then the highest ratio."""
    over = [one for one in found if one.area.regulated and one.over == 1]
    return tuple(sorted(over, key=lambda one: (-one.least, -_value(one), one.area, one.group)))


def _value(one: Finding) -> Fraction:
    return Fraction(0) if one.ratio is None else one.ratio.value


def said(finding: Finding) -> Message:
    """One finding in words: who, how many times the risk of whom, which year in a row."""
    alternate, years = finding.status is RatioStatus.ALTERNATE, finding.years
    assert finding.ratio is not None
    group, area = message(STUDENTS_NAMED[finding.group]), message(AREA_NAMED[finding.area])
    if years is None:
        kind = "disproportionality.alternate" if alternate else "disproportionality.ratio"
        return message(kind, group=group, area=area, ratio=finding.ratio)
    kind = "disproportionality.alternate_years" if alternate else "disproportionality.ratio_years"
    return message(kind, group=group, area=area, ratio=finding.ratio, years=years)


def fewer_to_clear(
    dataset: Dataset, row: int, rules: Disproportionality
) -> tuple[tuple[tuple[int, int, int, int], int, int, int], ...]:
    """For each area and group over the threshold this year: its place, the children counted, how many fewer
    would clear it, and of how many."""
    counted = _counted(dataset, row, rules)
    if counted is None:
        return ()
    ratios, place = counted
    found = []
    for at in _over(ratios, place):
        fewer = ratios.fewer_to_clear(at)
        assert fewer is not None
        found.append((at, int(ratios.cell[at]), fewer, int(ratios.total[at])))
    return tuple(found)


def to_clear(dataset: Dataset, row: int, rules: Disproportionality) -> tuple[Message, ...]:
    """For each area and group over the threshold this year: how many children fewer would clear it."""
    cuts = []
    for at, cell, fewer, total in fewer_to_clear(dataset, row, rules):
        numbers = (cell, cell - fewer, total, fewer)
        before, after, of, cut = (Quantity(Fraction(one), Kind.COUNT, 0, total) for one in numbers)
        area, group = message(AREA_NAMED[Area(at[2])]), message(STUDENTS_NAMED[Group(at[3])])
        cuts.append(
            message("disproportionality.cut", n=cut, cut=cut, group=group, area=area,
                    before=before, after=after, of=of)
        )  # fmt: skip
    return tuple(cuts)


def least(rules: Disproportionality) -> Message:
    """Which groups are too small for a ratio."""
    return message(_LEAST[rules.minimums], cell=HowMany(rules.min_cell), n=HowMany(rules.min_n))


def limit(rules: Disproportionality) -> Message:
    """The threshold as people write it, marked where it is assumed."""
    number = numbers.ratio_limit(rules.threshold)
    assumed = rules.provenance.status is Status.ASSUMED
    kind = "disproportionality.limit_assumed" if assumed else "disproportionality.limit"
    return message(kind, sign=message(SIGN_NAMED[rules.comparator]), number=number)


def file_says(dataset: Dataset, row: int) -> Message:
    """What the files themselves state about an LEA and year, or that they are silent."""
    years, newly, _ = stated(dataset)
    if dataset.assumed_at(row, Fact.DISPROPORTIONALITY):
        return message("disproportionality.stated.assumed")
    if years[row] > 0:
        return message("disproportionality.stated.years", n=HowMany(int(years[row])))
    if years[row] == 0:
        return message("disproportionality.stated.none")
    return message(_NEWLY_STATED[int(newly[row])])


def headline(dataset: Dataset, row: int, rules: Disproportionality) -> Message:
    """The one sentence about an LEA and year: what the counts say, or that there are none."""
    year = str(dataset.year[row])
    counted = _counted(dataset, row, rules)
    if counted is None:
        return message("disproportionality.no_counts", year=year, stated=file_says(dataset, row))
    over = _worst_of(*counted)
    if over:
        kind = "disproportionality.head_more" if len(over) > 1 else "disproportionality.head"
        return message(kind, finding=said(over[0]), n=HowMany(len(over) - 1))
    ratios, place = counted
    if not _given(ratios, place, AREAS):
        return _beside(findings(ratios, str(dataset.lea_key[row]), year))
    return message("disproportionality.head_none", none=_none(ratios, place))


def _beside(found: tuple[Finding, ...]) -> Message:
    """Only suspension of all students is given, which is no area of the regulation."""
    known = [one for one in found if one.ratio is not None]
    if not known:
        return message("disproportionality.head_beside_none")
    return message("disproportionality.head_beside", finding=said(max(known, key=_value)))


def _none(ratios: Ratios, place: tuple[int, int]) -> Message:
    areas, bound = len(_given(ratios, place, AREAS)), limit(ratios.rules)
    unknown = len(AREAS) * len(SEVEN) - int((ratios.over[place][list(AREAS)] == 0).sum())
    if not unknown:
        return message("disproportionality.none", limit=bound)
    return message(
        "disproportionality.none_known",
        limit=bound,
        areas=HowMany(areas),
        all=HowMany(len(AREAS)),
        n=HowMany(unknown),
    )


def worked_out(dataset: Dataset, row: int) -> bool:
    """Whether the years of a row were worked out from counts, exactly or within bounds."""
    worked = dataset.worked_out
    if worked is None:
        return False
    bounded = worked.least[row] >= 0 and dataset.disproportionate_years[row] == NONE
    return bool(worked.years[row] or bounded)


_COUNTED = {
    (False, False): "clause.counted.over",
    (False, True): "clause.counted.open",
    (True, False): "clause.anew.over",
    (True, True): "clause.anew.open",
}
"""By whether a file states other years, said under other numbers; and whether the years are only bounded."""


def years_said(dataset: Dataset, row: int, rules: Disproportionality) -> Message:
    """Where the years of a row come from that were worked out: area, group, ratio, threshold.

    Without counts, a file has given ratios or statuses that only bound the years.
    """
    counted = _counted(dataset, row, rules)
    assert dataset.worked_out is not None
    if counted is None:
        least, most = int(dataset.worked_out.least[row]), int(dataset.worked_out.most[row])
        if most >= OPEN:
            return message("clause.given.open", n=HowMany(least))
        return message("clause.given.between", least=HowMany(least), most=HowMany(most))
    over = _worst_of(*counted)
    open_end = dataset.disproportionate_years[row] == NONE
    anew = bool(dataset.worked_out.years_anew[row]) and bool(stated(dataset)[0][row] >= 0)
    if not over:
        return message("clause.anew.none" if anew else "clause.counted.none", none=_none(*counted))
    kind = _COUNTED[anew, bool(open_end)]
    return message(kind, finding=said(over[0]), limit=limit(rules))


def years_short(dataset: Dataset, row: int) -> Message:
    """Years of a row that are known only to lie between two numbers, the upper one perhaps open."""
    assert dataset.worked_out is not None
    least, most = int(dataset.worked_out.least[row]), int(dataset.worked_out.most[row])
    if most >= OPEN and not least:
        return message("rung.value.not_known")
    if most >= OPEN:
        return message("rung.value.years_from", n=HowMany(least))
    return message("rung.value.years_between", least=HowMany(least), most=HowMany(most))


def sig_dis_said(dataset: Dataset, row: int, rules: Disproportionality) -> Message | None:
    """What to say about significant disproportionality that was worked out from counts; else None."""
    worked = dataset.worked_out
    if worked is None or not worked.sig_dis[row]:
        return None
    yes = dataset.sig_dis[row] == 1
    kind = "disproportionality.sig_dis_yes" if yes else "disproportionality.sig_dis_no"
    return message(kind, n=HowMany(rules.years_significant), limit=limit(rules))
