"""The parts that pages are made of, as HTML: badge, chip, tag, tile, trail, card, table; text is escaped.

Links are plain `<a href>`: `ui/shared/links.py` turns a click on one into a change of page without a reload.
Each part stands with its picture in `docs/design.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from cim_core.placing.placement import Result
from cim_core.rules.tiers import Placement
from ui.shared import tokens
from ui.shared.words_on_screen import gate, t

_FIT_A_PHONE = 3
MORE, LESS, OPEN, DIFFERS = "▲", "▼", "?", "≠"
"""The marks on a chip: more and less intensive than the year before, not settled, the letter differs."""
NOT_COMPARED, HIDDEN = "~", "*"
"""The marks of a result that is not compared, and of one that is not shown because the group is small."""
WENT = {"up": MORE, "down": LESS}
"""The mark of a way that a placement went; the others have none."""


def show(*html: str) -> None:
    """Put parts on the page; nothing for nothing."""
    whole = "".join(html)
    if whole:
        st.html(whole)


def title(sentence: str, lead: str = "") -> None:
    """The page's sentence, which is its heading, and one line under it."""
    under = f'<p class="cim-lead">{escape(lead)}</p>' if lead else ""
    st.html(f'<div class="cim-title"><h1>{escape(sentence)}</h1>{under}</div>')


def heading(text: str, under: str = "", level: int = 2, beside: str = "") -> str:
    """A section's heading with one line under it, or a few words at its right."""
    line = f'<p class="cim-under">{escape(under)}</p>' if under else ""
    right = f" <span>{escape(beside)}</span>" if beside else ""
    return f'<h{level} class="cim-head">{escape(text)}{right}</h{level}>{line}'


def asked(question: str, under: str = "") -> str:
    """The head of a card that asks something: the question, and what to know before answering."""
    line = f'<p class="cim-under">{escape(under)}</p>' if under else ""
    return f'<h2 class="cim-ask">{escape(question)}</h2>{line}'


def fill(placement: Placement, settled: bool = True) -> str:
    """The CSS classes of a placement's color: a tier, hatched for none, hatched over for not settled."""
    mark = tokens.tier(placement)
    if not mark:
        return "cim-hatch"
    return f"cim-on-{mark}" if settled else f"cim-on-{mark} cim-open"


def pill(placement: Placement, settled: bool = True) -> str:
    """The code of a placement on its color; its name for whoever cannot see it."""
    name = escape(gate().say(placement.label))
    return (
        f'<span class="cim-pill {fill(placement, settled)}" role="img" aria-label="{name}" title="{name}">'
        f"{escape(placement.code)}</span>"
    )


def badge(who: str, placement: Placement | None, said: str, ours: bool = False, settled: bool = True) -> str:
    """Who says it, and the placement on its color; a broken line for what CDE did not say."""
    color = "cim-hatch" if placement is None else fill(placement, settled)
    return (
        f'<span class="cim-badge{" cim-ours" if ours else ""}"><small>{escape(who)}</small>'
        f'<b class="{color}">{escape(said)}</b></span>'
    )


def tag(strong: str, rest: str = "") -> str:
    """One word in bold and a few after it, such as how solid a placement is."""
    after = f" {escape(rest)}" if rest else ""
    return f'<span class="cim-tag"><b>{escape(strong)}</b>{after}</span>'


@dataclass(frozen=True, slots=True)
class Chip:
    """An LEA's name on the color of its placement; `said` names the marks for whoever hears them."""

    name: str
    to: str
    placement: Placement
    settled: bool = True
    marks: Sequence[str] = ()
    said: str = ""


def chip(of: Chip) -> str:
    """A chip, which is a link to the LEA's page."""
    marks = "".join(
        f'<i class="cim-differs">{mark}</i>' if mark == DIFFERS else f"<i>{mark}</i>" for mark in of.marks
    )
    heard = f'<span class="cim-heard"> {escape(of.said)}</span>' if of.said else ""
    shown = f'<span aria-hidden="true">{marks}</span>' if marks else ""
    return (
        f'<a class="cim-chip {fill(of.placement, of.settled)}" href="{escape(of.to)}" target="_self">'
        f'<span class="cim-name" title="{escape(of.name)}">{escape(of.name)}</span>{shown}{heard}</a>'
    )


def chip_row(number: int, label: str, chips: Iterable[Chip], under: str = "") -> str:
    """One placement: how many LEAs, its name, `under` it a remark, a chip for each."""
    each = "".join(f"<li>{chip(item)}</li>" for item in chips)
    remark = f"<small>{escape(under)}</small>" if under else ""
    return (
        f'<div class="cim-row"><p class="cim-lab"><b>{number}</b> <span>{escape(label)}{remark}</span></p>'
        f'<ul class="cim-chips">{each}</ul></div>'
    )


def trail(years: Sequence[tuple[str, Placement, bool]]) -> str:
    """Where an LEA stood, year by year: (year, placement, whether that is settled)."""
    steps = "<s aria-hidden=true></s>".join(
        f'<span class="cim-step">{pill(placement, settled)}<span>{escape(year)}</span></span>'
        for year, placement, settled in years
    )
    return f'<div class="cim-trail">{steps}</div>'


def tiles(each: Iterable[tuple[Placement, str, str, bool]]) -> str:
    """A tile for each placement: (placement, its name, its number, whether that is not settled)."""
    items = "".join(
        f'<li class="{fill(placement, not hatched)}"><b>{escape(number)}</b><span>{escape(label)}</span></li>'
        for placement, label, number, hatched in each
    )
    return f'<ul class="cim-tiles">{items}</ul>'


def link(text: str, to: str, css: str = "") -> str:
    """A link to a page of the app; `to` is relative to the address of the app."""
    named = f' class="{css}"' if css else ""
    return f'<a{named} href="{escape(to)}" target="_self">{escape(text)}</a>'


def mark(result: Result, by_one: bool = False, hidden: bool = False) -> str:
    """Met and missed in ink: a filled square, an outlined one where one student decides, a dot, a dash; a
    star for what is not shown because the group is small."""
    if hidden:
        kind, sign, said = "none", HIDDEN, t("mark.hidden")
    elif result is Result.MISSED:
        kind, sign = "by-one" if by_one else "missed", "×"
        said = t("mark.by_one") if by_one else t("mark.missed")
    elif result in (Result.MET, Result.MET_NOT_CALCULATED):
        kind, sign, said = "met", "·", t("mark.met")
    elif result is Result.TOO_FEW:
        kind, sign, said = "none", "◌", t("mark.few")
    elif result is Result.NO_TARGET:
        kind, sign, said = "none", "–", t("mark.no_target")
    elif result is Result.OTHER_MEASURE:
        kind, sign, said = "none", NOT_COMPARED, t("mark.other")
    else:
        kind, sign, said = "none", "–", t("mark.none")
    return f'<i class="cim-mark cim-{kind}" role="img" aria-label="{escape(said)}">{sign}</i>'


def card(head: str, body: str, right: str = "", css: str = "") -> str:
    """One question as a small head, its answer as HTML, and what stands at the right of the head."""
    beside = f"<span>{right}</span>" if right else ""
    return f'<section class="cim-card {css}"><h2>{escape(head)}{beside}</h2>{body}</section>'


def listed(items: Iterable[tuple[str, str]]) -> str:
    """Lines of a card: a pill as HTML before each, and what is said as HTML."""
    lines = "".join(f"<li>{before}<div>{said}</div></li>" for before, said in items)
    return f'<ul class="cim-listed">{lines}</ul>'


def bars(each: Iterable[tuple[str, int, int, str]]) -> str:
    """Bars of ink: (name, how many, of how many, what stands at the right)."""
    lines = "".join(
        f'<li><span>{escape(name)}</span><span class="cim-bar" aria-hidden="true">'
        f'<u style="width:{100 * part // max(1, whole)}%"></u></span><span>{escape(right)}</span></li>'
        for name, part, whole, right in each
    )
    return f'<ul class="cim-bars">{lines}</ul>'


def banner(text: str, strong: str = "") -> str:
    """What must not be overlooked, announced to screen readers too."""
    bold = f"<b>{escape(strong)}</b> " if strong else ""
    return f'<p class="cim-banner" role="status">{bold}{escape(text)}</p>'


def side_by_side(*html: str) -> str:
    """Parts beside each other where there is room."""
    return f'<div class="cim-beside">{"".join(f"<div>{part}</div>" for part in html if part)}</div>'


def plain_lines(each: Iterable[str]) -> str:
    """A few lines of body text."""
    return "".join(f'<p class="cim-line">{escape(text)}</p>' for text in each)


def notes(each: Iterable[str]) -> str:
    """Short remarks, one to a line."""
    items = "".join(f"<li>{escape(text)}</li>" for text in each)
    return f'<ul class="cim-notes">{items}</ul>' if items else ""


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a page of this app; `to` is relative to the address of the app."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Html:
    """A cell that is made of parts: their text is escaped already."""

    html: str


Cell = str | Link | Html


def cell(content: Cell) -> str:
    """A cell as HTML."""
    if isinstance(content, Html):
        return content.html
    return link(content.text, content.to) if isinstance(content, Link) else escape(content)


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[Cell | Sequence[Cell]]],
    numbers: Iterable[int] = (),
    css: str = "",
    caption: str = "",
) -> str:
    """A plain table that prints whole and reads aloud; `numbers` are the right-aligned columns.

    A cell may be text, a link, parts, or several of them, set apart by commas. With many columns each row
    becomes a block of named lines where the screen is narrow.
    """
    right = set(numbers)
    if len(head) > _FIT_A_PHONE:
        css = f"cim-many {css}"

    def made(tag_name: str, at: int, content: Cell | Sequence[Cell]) -> str:
        named = "scope=col" if tag_name == "th" else f'data-head="{escape(head[at])}"'
        each = [content] if isinstance(content, str | Link | Html) else content
        inner = ", ".join(map(cell, each))
        return f"<{tag_name} {named}{' class=number' if at in right else ''}>{inner}</{tag_name}>"

    def cells(tag_name: str, row: Sequence[Cell | Sequence[Cell]]) -> str:
        return "".join(made(tag_name, at, content) for at, content in enumerate(row))

    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="cim-wrap {css}" tabindex="0"><table class="cim">{said}'
        f"<thead><tr>{cells('th', head)}</tr></thead><tbody>{body}</tbody></table></div>"
    )
