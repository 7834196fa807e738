"""LEAs by indicators as one table of real links: numbers first, then missed targets as marks.

A phone gets a list of the same lines with the missed indicators by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from cim_core.data.arrays import Bools, Codes
from cim_core.data.facts import Missing
from cim_core.data.indicators import POSITION, get
from cim_core.letters.over_years import YearStanding, year_before
from cim_core.outlook import Borderline
from cim_core.placing.placement import Result
from cim_core.rules.tiers import Placement
from cim_core.why.indicator_why import rate_of
from cim_core.words.messages import HowMany
from ui.region import lines as region_lines
from ui.region.lines import Line
from ui.shared import letter_panels, outlook, parts
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_WIDE = ((430, 26), (620, 48))
"""The least and the most width: of what stands before the indicators, and of each indicator."""
Beside = tuple[str, Sequence[str]] | None
"""The numbers that a chosen order goes by: their head, and one for each line."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """What is drawn: lines, columns, results (lines × columns), which of them one student decides, which
    are not shown because the group is small, and how many LEAs miss each (of all that are chosen, not of one
    page)."""

    lines: Sequence[Line]
    codes: Sequence[str]
    results: Codes
    by_one: Bools
    hidden: Bools
    missed: Sequence[int]
    finding: str
    rank_head: str
    years_head: str
    beside: Beside = None
    divided: bool = True

    def _placement(self, at: int) -> Placement:
        return self.lines[at].standing.placement

    def divides(self, at: int) -> bool:
        """Whether a line begins another placement."""
        return bool(at) and self.divided and self._placement(at) != self._placement(at - 1)


def matrix(
    view: View,
    chosen: Sequence[int],
    on_page: Sequence[int],
    codes: Sequence[str],
    finding: str,
    beside: Beside,
    divided: bool,
) -> Matrix:
    """The matrix of the rows of one page, with sums over all that are chosen."""
    placements, columns = view.placements, [POSITION[code] for code in codes]
    every = placements.results[np.ix_(list(chosen), columns)]
    near = outlook.ground(view).margins.borderline[np.ix_(list(on_page), columns)]
    years = region_lines.years_shown(view)
    return Matrix(
        lines=region_lines.lines(view, on_page),
        codes=codes,
        results=placements.results[np.ix_(list(on_page), columns)],
        by_one=near == Borderline.ONE_STUDENT,
        hidden=placements.dataset.missing[np.ix_(list(on_page), columns)] == Missing.SUPPRESSED,
        missed=(every == Result.MISSED).sum(axis=0).tolist(),
        finding=finding,
        rank_head=region_lines.rank_head(view, on_page),
        years_head=t("region.years", n=HowMany(years)) if years > 1 else "",
        beside=beside,
        divided=divided,
    )


def key(view: View) -> str:
    """What the marks mean, in one line."""
    before, letters = year_before(view.placements, view.year), letter_panels.letters(view).any
    moved = (f"<b>{parts.MORE} {parts.LESS}</b>", t("region.since", year=before)) if before else ("", "")
    each = [
        (parts.mark(Result.MISSED), t("mark.missed")),
        (parts.mark(Result.MISSED, by_one=True), t("region.by_one")),
        ("<b>·</b>", t("mark.met")),
        ("<b>–</b>", t("mark.none")),
        ("", "") if view.seen.audience.sees_everything else (f"<b>{parts.HIDDEN}</b>", t("mark.hidden")),
        (f"<b>{parts.NOT_COMPARED}</b>", t("mark.not_compared")),
        moved,
        (f"<b>{parts.OPEN}</b>", t("region.open")),
        (f'<i class="cim-differs">{parts.DIFFERS}</i>', t("region.differs")) if letters else ("", ""),
    ]
    items = "".join(f"<span aria-hidden=true>{mark} {escape(said)}</span>" for mark, said in each if said)
    return f'<p class="cim-key cim-region-key">{items}</p>'


def table(view: View, of: Matrix) -> str:
    """The matrix as HTML."""
    head = [
        f'<th scope="col" class="cim-pl"><span class="cim-heard">{escape(t("head.placement"))}</span></th>',
        f'<th scope="col" class="cim-lea">{escape(t("head.lea"))}</th>',
        f'<th scope="col" class="cim-n">{escape(t("region.missed"))}</th>',
        f'<th scope="col" class="cim-n">{escape(of.rank_head)}</th>',
    ]
    if of.beside:
        head.append(f'<th scope="col" class="cim-n cim-wider">{escape(of.beside[0])}</th>')
    if of.years_head:
        head.append(f'<th scope="col" class="cim-yrs">{escape(of.years_head)}</th>')
    head.append(
        f'<th scope="col" class="cim-mk"><span class="cim-heard">{escape(t("region.marks"))}</span></th>'
    )
    facts = len(head)
    titles = [gate().say(get(code).title) for code in of.codes]
    head += [
        f'<th scope="col" class="cim-v"><span title="{escape(title)}">{escape(title)}</span></th>'
        for title in titles
    ]
    rows = "".join(_row(view, of, at, titles) for at in range(len(of.lines)))
    sums = "".join(f"<td>{number or ''}</td>" for number in of.missed)
    caption = t("region.caption", finding=of.finding)
    least, most = (facts_wide + each * len(of.codes) for facts_wide, each in _WIDE)
    style = f"min-width:{least}px;max-width:{most}px"
    return (
        f'<div class="cim-matrix-wrap" tabindex="0"><table class="cim-mx" style="{style}">'
        f'<caption class="cim-heard">{escape(caption)}</caption>'
        f"<thead><tr>{''.join(head)}</tr></thead><tbody>{rows}</tbody>"
        f'<tfoot><tr><td></td><th scope="row" class="cim-lea" colspan="{facts - 1}">'
        f"{escape(t('region.miss_it'))}</th>{sums}</tr></tfoot></table></div>"
    )


def _row(view: View, of: Matrix, at: int, titles: Sequence[str]) -> str:
    line = of.lines[at]
    cells = [
        f"<td>{parts.pill(line.standing.placement, line.standing.settled)}</td>",
        f'<th scope="row" class="cim-lea">{_link(line)}</th>',
        f'<td class="cim-n"><b>{line.missed}</b><span>/{line.counted}</span></td>',
        f'<td class="cim-n">{escape(line.rank)}</td>',
    ]
    if of.beside:
        cells.append(f'<td class="cim-n">{escape(of.beside[1][at])}</td>')
    if of.years_head:
        cells.append(f'<td class="cim-yrs">{_years(line.years)}</td>')
    cells.append(f'<td class="cim-mk">{marks(line)}</td>')
    for column, result in enumerate(of.results[at].tolist()):
        if result == Result.MISSED:
            by_one = bool(of.by_one[at, column])
            cells.append(f"<td>{_missed(view, line, of.codes[column], titles[column], by_one)}</td>")
        else:
            cells.append(f"<td>{parts.mark(Result(result), hidden=bool(of.hidden[at, column]))}</td>")
    css = ' class="cim-next"' if of.divides(at) else ""
    return f"<tr{css}>{''.join(cells)}</tr>"


def _link(line: Line) -> str:
    return f'<a href="{escape(line.to)}" target="_self" title="{escape(line.name)}">{escape(line.short)}</a>'


def _missed(view: View, line: Line, code: str, title: str, by_one: bool) -> str:
    """A missed target as a mark that leads to its LEA, with the numbers as a tip; a keyboard has the name."""
    rate, target = rate_of(view.placements, line.row, code), view.rulebook.target(code)
    written = target.written if target is not None and target.written else t("lea.no_target")
    told = title if rate is None else t("region.cell", title=title, rate=rate, target=written)
    mark = parts.mark(Result.MISSED, by_one)
    return f'<a href="{escape(line.to)}" target="_self" tabindex="-1" title="{escape(told)}">{mark}</a>'


def _years(years: Sequence[YearStanding]) -> str:
    return "".join(
        f'<i class="cim-sq {parts.fill(each.standing.placement, each.standing.settled)}" role="img" '
        f'aria-label="{escape(said)}" title="{escape(said)}"></i>'
        for each in years
        for said in (region_lines.year_said(each),)
    )


def marks(line: Line) -> str:
    """The marks of an LEA, with their meaning for whoever hears them."""
    if not line.marks:
        return ""
    each = "".join(
        f'<i class="cim-differs">{mark}</i>' if mark == parts.DIFFERS else f"<b>{mark}</b>"
        for mark in line.marks
    )
    said = escape(line.said)
    return f'<span aria-hidden="true" title="{said}">{each}</span><span class="cim-heard">{said}</span>'


def listed(of: Matrix) -> str:
    """The same lines as a list, for a phone."""
    items = "".join(_item(of, at) for at in range(len(of.lines)))
    return f'<ul class="cim-region-list">{items}</ul>'


def _item(of: Matrix, at: int) -> str:
    line = of.lines[at]
    chips = "".join(
        f'<i class="cim-code{" cim-one" if of.by_one[at, column] else ""}">'
        f"{escape(gate().say(get(of.codes[column]).label))}</i>"
        for column, result in enumerate(of.results[at].tolist())
        if result == Result.MISSED
    )
    if not chips:
        some = line.counted != "0"
        chips = f"<span>{escape(t('region.none') if some else t('mark.few'))}</span>"
    rank = t("region.no_rank") if line.rank == "–" else t("region.rank_said", rank=line.rank)
    beside = f"<small>{escape(of.beside[1][at])}</small>" if of.beside else ""
    return (
        f"<li>{parts.pill(line.standing.placement, line.standing.settled)}<div>{_link(line)} {marks(line)}"
        f"<p>{chips}</p></div><div class=cim-n><b>{line.missed}</b>/{line.counted}"
        f"<small>{escape(rank)}</small>{beside}</div></li>"
    )
