"""Two cards: what would take the LEA a step down, and what it takes to stay out of the tier above."""

from __future__ import annotations

from html import escape

from cim_core.outlook import Way, step_cards
from cim_core.rules.tiers import NOT_PLACED, Tier
from cim_core.why.explanation import Explanation
from ui.lea import tried
from ui.shared import address, outlook, parts
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t


def cards(view: View, row: int, why: Explanation) -> str:
    """Both of them as HTML; in the most intensive placement the second says what it asks for."""
    on, near = outlook.ground(view), outlook.closeness_of(view, row)
    down = step_cards.down(on, row, outlook.answer(view, row, Way.LESS), near)
    out = step_cards.out(on, row, outlook.answer(view, row, Way.MORE))
    by_rank = step_cards.by_rank(on, row) if down is None else None
    each = [_card(view, row, one) for one in (down, out, by_rank) if one is not None]
    if len(each) < 2 and why.placement.tier is not Tier.UNIVERSAL and why.placement != NOT_PLACED:
        each.append(_asks(why))
    return f'<div class="cim-steps">{"".join(each)}</div>' if each else ""


def _card(view: View, row: int, card: step_cards.StepCard) -> str:
    notes = " ".join(gate().say(one) for one in card.notes)
    body = _lines(card.lines) + (f"<p>{escape(notes)}</p>" if notes else "")
    if card.plan is not None and card.plan.counted:
        body += tried.button(view, row, card.plan)
    return parts.card(gate().say(card.title), body)


def _lines(lines: tuple[step_cards.CardLine, ...]) -> str:
    if len(lines) == 1:
        return f'<p class="cim-big">{escape(_said(lines[0]))}</p>'
    items = "".join(
        f"<li><b>{escape(_said(one))}</b><span>{escape(_values(one))}</span></li>" for one in lines
    )
    return f'<ul class="cim-ways">{items}</ul>' if items else ""


def _said(line: step_cards.CardLine) -> str:
    said = gate().say(line.said)
    if line.counts is None:
        return said
    before, after = line.counts
    return f"{said} {t('lea_page.counts', before=before, after=after)}"


def _values(line: step_cards.CardLine) -> str:
    if line.values is None:
        return ""
    before, after = line.values
    return t("card.from_to", before=before, after=after)


def _asks(why: Explanation) -> str:
    """What the placement brings: its label, and what it asks of the LEA."""
    label, asks, helps = (gate().say(part) for part in why.support)
    body = f'<p class="cim-big">{escape(label)}</p><p>{escape(asks)} {escape(helps)}</p>'
    body += _button(t("lea_page.expect"), address.to("lea", tab="method"))
    return parts.card(t("card.asks", placement=why.placement.label), body)


def _button(label: str, to: str) -> str:
    return f'<p class="cim-acts">{parts.link(label, to, "cim-btn")}</p>'
