"""What one line of the region says of an LEA: numbers first, then its years and its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cim_core.letters.agreement import Agreement, agreement
from cim_core.letters.over_years import YearStanding, moved, over_years, year_before
from cim_core.letters.summary import standing
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.placing.settled import Standing
from cim_core.why import rank_short
from cim_core.words.messages import HowMany
from ui.shared import parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_YEARS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One LEA; `short` is its name where there is little room.

    `standing` is by its letter where it has one, and then `reading` is ours if it differs; `missed` and
    `counted` are numbers of targets, a dash where they are not known.
    """

    row: int
    name: str
    short: str
    to: str
    standing: Standing
    reading: Standing | None
    missed: str
    counted: str
    rank: str
    years: tuple[YearStanding, ...]
    marks: tuple[str, ...]
    said: str


def lines(view: View, rows: Sequence[int]) -> list[Line]:
    """The lines of some rows, in their order."""
    placements, data = view.placements, view.placements.dataset
    before = year_before(placements, view.year)
    short = tables.short_names_of(placements, data.rows_of_year(view.year).tolist())
    found = []
    for row in rows:
        differs = agreement(placements, row) is Agreement.DIFFERS
        stands = standing(placements, row)
        marks = _marks(placements, row, stands, differs)
        found.append(
            Line(
                row=row,
                name=str(data.lea_name[row]),
                short=short[row],
                to=tables.lea_link(placements, row).to,
                standing=stands,
                reading=settled.of(placements, row) if differs else None,
                missed=str(int(placements.missed[row])) if placements.count_known[row] else "–",
                counted=str(int(placements.counted[row])),
                rank=rank(placements, row),
                years=over_years(placements, row, _YEARS),
                marks=marks,
                said=", ".join(mark_said(mark, before) for mark in marks),
            )
        )
    return found


def rank(placements: Placements, row: int) -> str:
    """The rank in the first evaluation, a dash for none."""
    found = rank_short.place_of(placements, row, placements.rulebook.first_evaluation.id)
    return "–" if found is None else gate().say(found)


def rank_head(view: View, rows: Sequence[int]) -> str:
    """The head over ranks: of how many, where that is one number for all."""
    among = rank_short.ranked_of(view.placements, rows, view.rulebook.first_evaluation.id)
    return t("region.rank") if among is None else t("region.rank_of", n=HowMany(among))


def years_shown(view: View) -> int:
    """How many years a line can show."""
    return min(_YEARS, sum(year <= view.year for year in view.placements.dataset.years))


def year_said(of: YearStanding) -> str:
    """One year of an LEA in words."""
    kind = "region.year_letter" if of.by_letter else "region.year_read"
    return t(kind, year=of.year, placement=of.standing.said)


def mark_said(mark: str, before: str) -> str:
    """What a mark means, in words."""
    if mark == parts.MORE:
        return t("region.more", year=before)
    if mark == parts.LESS:
        return t("region.less", year=before)
    return t("region.open") if mark == parts.OPEN else t("region.differs")


def _marks(placements: Placements, row: int, stands: Standing, differs: bool) -> tuple[str, ...]:
    each = (
        parts.DIFFERS if differs else "",
        "" if stands.settled else parts.OPEN,
        parts.WENT.get(moved(placements, row), ""),
    )
    return tuple(filter(None, each))
