"""What a letter can say, as choices instead of text: placements, and reasons one by one."""

from __future__ import annotations

from collections.abc import Iterable

from cim_core.data.indicators import CODES, get, in_order
from cim_core.data.race_counts import AREA_NAMED, GROUP_NAMED, SEVEN, Area
from cim_core.letters.stated import StatedReasons
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.tiers import NOT_PLACED, PLACEMENTS, Placement
from cim_core.words.messages import Message, given, message

BANDS = ((0, 10), (10, 20))
"""The bands of the flyer, in percent from the lowest."""
_MISSED, _AREA, _GROUP, _BAND, _REST = "missed:", "area:", "group:", "band:", "text:"
DISPROPORTIONATE, FINDINGS = "disproportionate", "findings"


def placements() -> tuple[Placement, ...]:
    """Every placement that a letter can name, from the least to the most intensive."""
    return tuple(sorted(placement for placement in PLACEMENTS.values() if placement is not NOT_PLACED))


def of_rules(rules: Rulebook) -> tuple[str, ...]:
    """Every reason that can be chosen: elements, disproportionality with area and group, bands, findings."""
    elements = in_order({*rules.elements.indicators, *rules.elements.as_findings})
    return (
        *(_MISSED + code for code in elements),
        *(f"{_BAND}{above}-{up_to}" for above, up_to in BANDS),
        FINDINGS,
        DISPROPORTIONATE,
        *(_AREA + area.code for area in Area if area.regulated),
        *(_GROUP + group.code for group in SEVEN),
    )


def label(choice: str) -> Message:
    """A reason in words."""
    kind, _, rest = choice.partition(":")
    if choice in (FINDINGS, DISPROPORTIONATE):
        return message("letters.reason.findings" if choice == FINDINGS else "letters.reason.disproportionate")
    if kind + ":" == _MISSED and rest in CODES:
        return message("letters.reason.missed", title=get(rest).title)
    if kind + ":" == _BAND:
        above, _, up_to = rest.partition("-")
        return message("letters.reason.band", above=str(int(above) + 1), up_to=up_to)
    areas = {area.code: Message(AREA_NAMED[area]) for area in Area}
    groups = {group.code: Message(GROUP_NAMED[group]) for group in SEVEN}
    named = areas.get(rest) if kind + ":" == _AREA else groups.get(rest) if kind + ":" == _GROUP else None
    return named or given(rest)


def chosen(reasons: StatedReasons) -> tuple[str, ...]:
    """The choices that a letter's reasons come to; what is none of them stays as its text."""
    found = [_MISSED + code for code in reasons.missed or ()]
    if reasons.band is not None:
        found.append(f"{_BAND}{reasons.band[0]}-{reasons.band[1]}")
    found += [FINDINGS] if reasons.findings == 1 else []
    found += [DISPROPORTIONATE] if reasons.disproportionate else []
    found += [_AREA + area.code for area in reasons.areas] + [_GROUP + group.code for group in reasons.groups]
    return (*found, *(_REST + text for text in (*_no_choice(reasons), *reasons.rest)))


def _no_choice(reasons: StatedReasons) -> list[str]:
    """What a letter says that no choice stands for: counts, and what it denies."""
    said = []
    if reasons.count:
        said.append(f"{reasons.count} targets missed")
    if reasons.missed == ():
        said.append("no targets missed")
    if reasons.disproportionate is False:
        said.append("not disproportionate")
    if reasons.findings not in (None, 1):
        said.append(f"{reasons.findings} findings" if reasons.findings else "no findings")
    return said


def reasons(choices: Iterable[str]) -> StatedReasons:
    """The reasons that some choices stand for."""
    every = set(choices)
    areas = tuple(area for area in Area if _AREA + area.code in every)
    groups = tuple(group for group in SEVEN if _GROUP + group.code in every)
    edges = [int(edge) for band in _of(every, _BAND) for edge in band.split("-")]
    return StatedReasons(
        missed=in_order(_of(every, _MISSED)) or None,
        disproportionate=bool(areas or groups or DISPROPORTIONATE in every) or None,
        areas=areas,
        groups=groups,
        band=(min(edges), max(edges)) if edges else None,
        findings=1 if FINDINGS in every else None,
        rest=tuple(_of(every, _REST)),
    )


def _of(every: Iterable[str], kind: str) -> list[str]:
    """What stands behind the choices of one kind, in order."""
    return sorted(choice.removeprefix(kind) for choice in every if choice.startswith(kind))
