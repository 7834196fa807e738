"""How many LEAs stand in each placement, as one bar that is also the filter: each part is a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from cim_core.letters.summary import may_be
from cim_core.placing.placement import Placements
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import Placement, Tier
from cim_core.words.messages import HowMany
from ui.shared import address, parts
from ui.shared.words_on_screen import gate, t

ByPlacement = Sequence[tuple[Standing, Sequence[int]]]
_OPEN = "-open"


def key(standing: Standing) -> str:
    """A placement in the address: its word, and whether it is not settled."""
    return standing.placement.word if standing.settled else f"{standing.placement.word}{_OPEN}"


def chosen(groups: ByPlacement) -> frozenset[str]:
    """The placements that the address asks for; all where it asks for none that is here."""
    there = {key(standing) for standing, rows in groups if rows}
    return frozenset(there & set(address.chosen("show").split(","))) or frozenset(there)


def shown(groups: ByPlacement) -> list[int]:
    """The rows of the chosen placements, in their order."""
    wanted = chosen(groups)
    return [row for standing, rows in groups if key(standing) in wanted for row in rows]


def bar(placements: Placements, groups: ByPlacement) -> str:
    """The bar as HTML. Where some LEAs could be in a more intensive placement its number is a span: none of
    them may be denied."""
    more = may_be(placements, [row for _, rows in groups for row in rows])
    wanted = chosen(groups)
    whole = sum(bool(rows) for _, rows in groups) == len(wanted)
    items = [_part(standing, len(rows), more, wanted, whole) for standing, rows in groups]
    spans = f'<p class="cim-under">{escape(t("region.spans"))}</p>' if more else ""
    return f'<nav class="cim-seg" aria-label="{escape(t("region.counts"))}">{"".join(items)}</nav>{spans}'


def _part(
    standing: Standing, count: int, more: Counter[Placement], wanted: frozenset[str], whole: bool
) -> str:
    could = more[standing.placement] if standing.settled else 0
    if not count and not could:
        return ""
    number = t("region.span", low=HowMany(count), high=HowMany(count + could)) if could else str(count)
    name = _name(standing.placement)
    mark = "" if standing.settled else f" {parts.OPEN}"
    inner = f"<b>{escape(number)}</b><span>{escape(name)}{mark}</span>"
    said = gate().say(standing.said)
    css = parts.fill(standing.placement, standing.settled)
    style = f'style="flex-grow:{max(count, 1)}" title="{escape(said)}"'
    if not count:
        return f'<span class="{css}" {style}>{inner}</span>'
    here = key(standing)
    on = not whole and here in wanted
    after = wanted ^ {here} if not whole else {here}
    to = address.to("region", show=",".join(sorted(after)))
    label = t("region.without" if on else "region.only", n=number, placement=standing.said)
    faded = "" if whole or on else " cim-off"
    return (
        f'<a class="{css}{faded}" {style} href="{escape(to)}" target="_self" '
        f'aria-label="{escape(label)}"{" aria-current=true" if on else ""}>{inner}</a>'
    )


def _name(placement: Placement) -> str:
    """A placement in a word or two: the tier stands in the color."""
    if placement.tier is Tier.TARGETED and placement.level:
        return t("region.level", n=HowMany(placement.level))
    return gate().say(placement.label)
