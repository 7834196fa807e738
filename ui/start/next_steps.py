"""Start's cards, what to do next: closest to stepping down, newly more intensive, what to settle first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from cim_core.letters.agreement import letter_of
from cim_core.letters.over_years import moved
from cim_core.outlook import Way, closeness_sentences
from cim_core.why import in_short
from cim_core.why.region import Region
from cim_core.words.messages import HowMany
from ui.shared import letter_panels, outlook, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t
from ui.start import by_placement

_AT_SIGHT = 4
_NEAR = {Way.LESS: "start.down", Way.MORE: "start.closest_up"}
_NEAR_NONE = {Way.LESS: "start.down_none", Way.MORE: "start.closest_up_none"}
_MOST = 60


def cards(view: View, region: Region, names: Mapping[int, str]) -> None:
    """The three cards; the first waits for a button where there are very many LEAs."""
    if outlook.waits(view):
        outlook.ask(view)
    else:
        parts.show(_near(view, Way.LESS, names))
    parts.show(_up(view, region, names), _settle(view, region, names))


def closest_up(view: View, names: Mapping[int, str]) -> str:
    """The card of those whom the fewest students would move to a more intensive placement, or nothing."""
    return "" if outlook.waits(view) else _near(view, Way.MORE, names)


def _near(view: View, way: Way, names: Mapping[int, str]) -> str:
    """Whom the fewest students, or places in a ranking, would move one way."""
    on, found = outlook.ground(view), outlook.nearest(view, way)
    lines = []
    for row, first in found[:_MOST]:
        needed = gate().say(closeness_sentences.needed(on, row, first))
        said = t("start.step", needed=needed, placement=first.standing.said)
        lines.append(_line(view, row, names[row], said))
    return _card(t(_NEAR[way]), lines, len(found), t(_NEAR_NONE[way]))


def _up(view: View, region: Region, names: Mapping[int, str]) -> str:
    """Who is more intensive than the year before, and by which rule now."""
    if region.previous_year is None:
        return ""
    rows = [row for row in region.rows if moved(view.placements, row) == "up"]
    lines = [_line(view, row, names[row], _why_now(view, row)) for row in rows[:_MOST]]
    year = region.previous_year
    return _card(t("start.up", year=year), lines, len(rows), t("start.up_none", year=year))


def _why_now(view: View, row: int) -> str:
    """The rule that decides now, and what it looked at."""
    decided = in_short.decided(view.placements, row)
    if decided is None:
        return gate().say(view.placements.placement(row).label)
    rule, value = decided
    return t("start.now", rule=rule, value=value)


def _settle(view: View, region: Region, names: Mapping[int, str]) -> str:
    """Who is not settled, with what to ask for, and whose letter says something else."""
    placements, letters = view.placements, letter_panels.letters(view)
    lines = []
    open_rows = [row for row in region.provisional if not by_placement.standing(view, row).settled]
    for row in open_rows[:_MOST]:
        most = placements.could_be(row)[-1]
        wanted = in_short.ask(placements, row)
        said = gate().say(most.label) if wanted is None else t("start.ask", ask=wanted, placement=most.label)
        lines.append(_line(view, row, names[row], said))
    for row in letters.differs[:_MOST]:
        letter = letter_of(placements.dataset, row)
        meant = letter.means[0].label if letter is not None and letter.means else ""
        said = t("start.letter", letter=meant, reading=placements.placement(row).label)
        lines.append(_line(view, row, names[row], said))
    none = t("start.settle_letters") if letters.any else t("start.settle_none")
    return _card(t("start.settle"), lines, len(open_rows) + len(letters.differs), none)


def _line(view: View, row: int, name: str, said: str) -> tuple[str, str]:
    """A pill and what is said behind it, as HTML."""
    where = by_placement.standing(view, row)
    to = tables.lea_link(view.placements, row).to
    pill = parts.pill(where.placement, where.settled)
    return pill, f"{parts.link(name, to)}: {escape(said)}"


def _card(head: str, lines: Sequence[tuple[str, str]], number: int, none: str) -> str:
    """A card with the first lines in view and the others folded behind how many there are."""
    if not lines:
        return parts.card(head, f"<p>{escape(none)}</p>")
    first = parts.listed(lines[:_AT_SIGHT])
    rest = lines[_AT_SIGHT:]
    if rest:
        more = number - len(lines)
        beyond = f"<p>{escape(t('start.more_not_shown', n=HowMany(more)))}</p>" if more > 0 else ""
        all_of_them = escape(t("start.all", n=HowMany(number)))
        first += (
            f'<details class="cim-more"><summary>{all_of_them}</summary>'
            f"{parts.listed(rest)}{beyond}</details>"
        )
    return parts.card(head, first)
