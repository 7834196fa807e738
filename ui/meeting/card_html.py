"""A card as HTML: one sentence, one picture, where it comes from; sizes and places are in `meeting.css`."""

from __future__ import annotations

from html import escape

from cim_core.export.meeting.card import Bars, Card, Dots, Lines, Picture, Steps, TierRows, Trail
from cim_core.placing.settled import Standing
from cim_core.words.messages import HowMany, Message
from ui.meeting import dots_drawing
from ui.shared import parts
from ui.shared.words_on_screen import gate, t

_LONG = 900
"""Characters of lines, with their markup, from which they are set smaller."""


def card(of: Card, number: int, size: int) -> str:
    """The whole card; `number` of `size` stands at its foot."""
    asked, said = (escape(gate().say(each)) for each in (of.question, of.sentence))
    under = f'<p class="cim-mt-under">{escape(gate().say(of.under))}</p>' if of.under is not None else ""
    head = f'{_badges(of)}<p class="cim-mt-asked">{asked}</p><h1>{said}</h1>{under}'
    body = f'<div class="cim-mt-body">{_number(of)}{_picture(of.picture)}</div>'
    foot = _foot(of, number, size)
    return f'<article class="cim-mt">{_banner(of)}<header>{head}</header>{body}{foot}</article>'


def _banner(of: Card) -> str:
    return "" if of.banner is None else f'<p class="cim-banner">{escape(gate().say(of.banner))}</p>'


def _badges(of: Card) -> str:
    """Who says where the LEA is: CDE's letter, this tool's reading."""
    if of.reading is None:
        return ""
    letter = ""
    if of.letter is not None:
        letter = parts.badge(t("lea_page.cde"), of.letter_placement, gate().say(of.letter))
    settled = of.reading.settled
    said = gate().say(of.reading.placement.label)
    ours = parts.badge(t("lea_page.ours"), of.reading.placement, said, ours=True, settled=settled)
    return f'<div class="cim-badges">{letter}{ours}</div>'


def _number(of: Card) -> str:
    if of.number is None or of.number_said is None:
        return ""
    said = escape(gate().say(of.number_said))
    return f'<div class="cim-mt-number"><b>{escape(gate().number(of.number))}</b><p>{said}</p></div>'


def _picture(of: Picture | None) -> str:
    if isinstance(of, TierRows):
        return _rows(of)
    if isinstance(of, Bars):
        return _bars(of)
    if isinstance(of, Lines):
        return _lines(of)
    if isinstance(of, Steps):
        items = "".join(f"<li>{escape(gate().say(each))}</li>" for each in of.each)
        return f'<ol class="cim-mt-steps">{items}</ol>'
    if isinstance(of, Trail):
        return _trail(of)
    return dots_drawing.figure(of) if isinstance(of, Dots) else ""


def _rows(of: TierRows) -> str:
    """A row for each placement: how many, its name, and its LEAs by name."""
    lines = []
    for row in of.rows:
        fill = parts.fill(row.placement, True)
        chips = "".join(
            f'<li class="{fill}">{escape(name)}{f" <i>{escape(mark)}</i>" if mark else ""}</li>'
            for name, mark in row.names
        )
        label = f"{parts.pill(row.placement, True)} {escape(gate().say(row.placement.label))}"
        lines.append(f"<div><b>{row.count}</b><span>{label}</span><ul>{chips}</ul></div>")
    key = "".join(f"<span><b>{escape(mark)}</b> {escape(gate().say(said))}</span>" for mark, said in of.key)
    return f'<div class="cim-mt-rows">{"".join(lines)}<p>{key}</p></div>'


def _bars(of: Bars) -> str:
    items = "".join(
        f"<li><span>{'' if bar.placement is None else parts.pill(bar.placement, True)} "
        f"{escape(gate().say(bar.label))}</span>"
        f'<i style="--part:{bar.count / max(bar.of, 1):.4f}"></i><b>{escape(gate().say(bar.said))}</b></li>'
        for bar in of.each
    )
    return f'<ul class="cim-mt-bars">{items}</ul>'


def _lines(of: Lines) -> str:
    items = []
    for line in of.each:
        pill = "" if line.placement is None else parts.pill(line.placement, True)
        head = "" if line.head is None else f"<b>{escape(gate().say(line.head))}</b>"
        items.append(f"<li>{pill}<div>{head}<span>{escape(gate().say(line.said))}</span></div></li>")
    long = " cim-mt-long" if sum(map(len, items)) > _LONG else ""
    return f'<ul class="cim-mt-lines{long}">{"".join(items)}</ul>'


def _trail(of: Trail) -> str:
    steps = "<s aria-hidden=true></s>".join(_year(year, standing) for year, standing in of.years)
    return f'<div class="cim-mt-trail">{steps}</div>'


def _year(year: str, standing: Standing) -> str:
    fill = parts.fill(standing.placement, standing.settled)
    label: Message = standing.said
    return f'<div><b class="{fill}">{escape(gate().say(label))}</b><span>{escape(year)}</span></div>'


def _foot(of: Card, number: int, size: int) -> str:
    old = "" if of.lag is None else f"<p>{escape(gate().say(of.lag))}</p>"
    counted = escape(t("meeting.number", n=HowMany(number), all=HowMany(size)))
    return f"<footer><div><p>{escape(gate().say(of.source))}</p>{old}</div><span>{counted}</span></footer>"
