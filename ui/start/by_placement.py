"""Start's picture: a row for each placement with the names of its LEAs; bars where there are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from cim_core.data.indicators import get
from cim_core.intake.my_leas import MANY
from cim_core.letters import summary as by_letters
from cim_core.letters.agreement import Agreement, agreement
from cim_core.letters.over_years import moved
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import Placement
from cim_core.why.region import Region
from cim_core.words.messages import HowMany, OneOf
from ui.shared import html_parts, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_MOST_MISSED = 3


def are_many(region: Region) -> bool:
    """Whether these are too many for a name each."""
    return len(region.rows) > MANY


def picture(view: View, region: Region, names: Mapping[int, str]) -> str:
    """Every LEA by name in the row of its placement, most intensive first, and what the marks mean."""
    groups = _groups(view, region)
    if are_many(region):
        size = len(region.rows)
        each = [
            (gate().say(placement.label), len(rows), size, str(len(rows)))
            for placement, rows in groups.items()
        ]
        return parts.bars(each)
    marks = _marks(view, region)
    lines = []
    for placement, rows in groups.items():
        chips = [_chip(view, region, row, names[row], marks[row]) for row in rows]
        if chips:
            least = sum(not standing(view, row).settled for row in rows)
            under = t("start.at_least", n=HowMany(least)) if least and placement.tier is not None else ""
            lines.append(parts.chip_row(len(rows), gate().say(placement.label), chips, under))
    nobody = OneOf(placement.label for placement, rows in groups.items() if not rows)
    empty = f'<p class="cim-nobody">{escape(t("start.nobody", each=nobody))}</p>' if nobody else ""
    return f'<div class="cim-rows">{"".join(lines)}</div>{_key(region, marks)}{empty}'


def standing(view: View, row: int) -> Standing:
    """Where an LEA stands: by its letter where there is one, else as this tool reads."""
    return by_letters.standing(view.placements, row)


def _groups(view: View, region: Region) -> Mapping[Placement, Sequence[int]]:
    """The rows of each placement, most intensive first; the tiers that nobody is in stand with none."""
    groups: dict[Placement, list[int]] = {
        placement: [] for placement in view.rulebook.placements if placement.tier is not None
    }
    for row in region.rows:
        groups.setdefault(standing(view, row).placement, []).append(row)
    return {placement: groups[placement] for placement in sorted(groups, reverse=True)}


def _marks(view: View, region: Region) -> Mapping[int, Sequence[str]]:
    """What stands on each name: moved since last year, not settled, the letter differs."""
    found = {}
    for row in region.rows:
        went = parts.WENT.get(moved(view.placements, row), "")
        way = agreement(view.placements, row)
        unsure = parts.OPEN if not standing(view, row).settled else ""
        differs = parts.DIFFERS if way is Agreement.DIFFERS else ""
        found[row] = [mark for mark in (went, unsure, differs) if mark]
    return found


def _said(mark: str, region: Region) -> str:
    year = region.previous_year or ""
    if mark == parts.MORE:
        return t("start.key_more", year=year)
    if mark == parts.LESS:
        return t("start.key_less", year=year)
    return t("start.key_open") if mark == parts.OPEN else t("start.key_differs")


def _chip(view: View, region: Region, row: int, name: str, marks: Sequence[str]) -> parts.Chip:
    where = standing(view, row)
    heard = ", ".join(_said(mark, region) for mark in marks)
    to = tables.lea_link(view.placements, row).to
    return parts.Chip(name, to, where.placement, where.settled, marks, heard)


def _key(region: Region, marks: Mapping[int, Sequence[str]]) -> str:
    """What the marks on the names mean, of those that are there."""
    there = {mark for each in marks.values() for mark in each}
    items = [
        f'<span><b aria-hidden="true">{mark}</b> {escape(_said(mark, region))}</span>'
        for mark in (parts.MORE, parts.LESS, parts.OPEN, parts.DIFFERS)
        if mark in there
    ]
    return f'<p class="cim-key">{"".join(items)}</p>' if items else ""


def missed_most(region: Region) -> str:
    """The indicators that most LEAs miss, of those with data."""
    each = [
        (
            gate().say(get(code).title),
            missed,
            counted,
            t("start.of", n=HowMany(missed), counted=HowMany(counted)),
        )
        for code, missed, counted in region.most_missed[:_MOST_MISSED]
    ]
    return parts.heading(t("start.missed_most")) + parts.bars(each) if each else ""


def names_by_page(view: View, region: Region) -> None:
    """With very many LEAs: each placement with the names of those on the page that is chosen."""
    on_page = set(html_parts.page_of(region.rows, f"many_page_{region.year}"))
    elsewhere = {False: "–", True: t("many.elsewhere")}
    lines = [
        [
            gate().say(placement.label),
            str(len(rows)),
            [tables.marked_link(view.placements, row) for row in rows if row in on_page]
            or elsewhere[bool(rows)],
        ]
        for placement, rows in _groups(view, region).items()
    ]
    html_parts.table([t("head.placement"), t("head.leas"), t("head.which")], lines, (1,), css="cim-first")
