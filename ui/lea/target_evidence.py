"""The targets that decide: those that are missed, and those nearest to it, each with its students."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cim_core.outlook import TargetRoom, target_rooms
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, message
from ui.shared import address, outlook, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

MOST = 6
FEW = 5
_MOST_MISSED = 6
_NEAR = 1
"""With so many students to spare a met target is near."""
_REACH = 15
"""Points that a strip reaches to either side of its target."""


def table(view: View, row: int, most: int = MOST) -> str:
    """Heading, table and what is left, as HTML."""
    every = target_rooms.rooms(view.placements, outlook.ground(view).margins, row)
    if not every:
        return parts.heading(t("lea_page.targets.none"))
    missed = [one for one in every if one.missed]
    met = [one for one in every if not one.missed]
    near = [one for one in met if one.spare is not None and one.spare <= _NEAR]
    first = missed[: min(_MOST_MISSED, most)]
    then = met[: max(min(len(near), most - len(first)), FEW - len(first), 0)]
    kind = "lea_page.targets.near_more" if missed else "lea_page.targets.near"
    under = t(kind, n=HowMany(len(near))) if near else t("lea_page.targets.near_one")
    return (
        parts.heading(_title(missed, len(every)), under)
        + _table([*first, *then])
        + _left(len(missed) - len(first), len(met) - len(then), len(every))
    )


def _title(missed: Sequence[TargetRoom], counted: int) -> str:
    if not missed:
        return t("lea_page.targets.met", k=HowMany(counted))
    alone = missed[0]
    if len(missed) > 1 or alone.turns is None:
        return t("lea_page.targets.missed", n=HowMany(len(missed)), k=HowMany(counted))
    group = alone.why.denominator
    turns = students(alone.turns, None if group is None else int(group.value))
    return t("lea_page.targets.missed_by", k=HowMany(counted), by=message("lead.by", n=turns, students=turns))


def _left(missed: int, met: int, counted: int) -> str:
    said = [t("lea_page.targets.rest_missed", n=HowMany(missed))] if missed else []
    said += [t("lea_page.targets.rest", n=HowMany(met))] if met else []
    everything = parts.link(t("lea_page.targets.all", n=HowMany(counted)), address.to("lea", tab="all"))
    return f'<p class="cim-under cim-rest">{escape(" ".join(said))} {everything}</p>'


def _table(shown: Sequence[TargetRoom]) -> str:
    heads = (
        ("indicator", t("lea_page.targets.indicator")), ("rate number", t("lea_page.targets.rate")),
        ("target number", t("lea_page.targets.target")), ("way", t("lea_page.targets.worse")),
        ("room", t("lea_page.targets.students")),
    )  # fmt: skip
    head = "".join(f'<th scope="col" class="{css}">{escape(text)}</th>' for css, text in heads)
    return (
        f'<table class="cim cim-rooms"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(map(_row, shown))}</tbody></table>"
    )


def _row(target: TargetRoom) -> str:
    cells = tables.indicator_cells(target.why)
    title, room = escape(gate().say(target.why.indicator.title)), escape(gate().say(target.said))
    css = ' class="cim-short"' if target.missed else ""
    return (
        f'<tr{css}><th scope="row" class="indicator">{title}</th>'
        f'<td class="rate number">{escape(cells.rate)}</td>'
        f'<td class="target number">{escape(cells.target)}</td><td class="way">{_strip(target)}</td>'
        f'<td class="room">{room}</td></tr>'
    )


def _strip(target: TargetRoom) -> str:
    """How far the value is from its target, better to the right."""
    away = gate().value(target.why.difference)
    if away is None or not target.why.indicator.has_numerator:
        return ""
    at = 50 + 48 * max(-_REACH, min(_REACH, away)) / _REACH
    kind = "cim-square" if target.missed else "cim-round"
    here = f'<u class="{kind}" style="left:{at:.1f}%"></u>'
    return f'<span class="cim-way" aria-hidden="true"><i></i>{here}</span>'
