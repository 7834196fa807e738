"""The rules as the flyer lists them: one line each, worded like the rungs of an LEA, with its source."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cim_core.rules.rulebook import Rulebook
from cim_core.rules.sources import STATUS_NAMED, Provenance, Status
from cim_core.rules.tiers import UNIVERSAL, Placement
from cim_core.words.messages import message
from ui.shared import parts
from ui.shared.words_on_screen import begun, gate, t


def card(rules: Rulebook) -> str:
    """From the most to the least intensive rule, and what is left where none applies, as HTML."""
    lines = []
    for clause in rules.clauses:
        source, status = provenance(rules, clause.provenance)
        told = t("rules.line", title=source, status=status)
        short = gate().say(clause.short(rules))
        ways = [clause.provenance]
        if clause.evaluation:
            ways.append(rules.evaluation(clause.evaluation).provenance)
        assumed = any(way.status is Status.ASSUMED for way in ways)
        lines.append(_line(clause.placement, short, assumed, (begun(gate().say(clause.said)), told)))
    lines.append(_line(UNIVERSAL, gate().say(message("rung.short.none")), False, (t("rules.otherwise"),)))
    return f'<ol class="cim-ladder cim-rules">{"".join(lines)}</ol>'


def _line(placement: Placement, short: str, assumed: bool, texts: Sequence[str]) -> str:
    mark = escape(t(STATUS_NAMED[Status.ASSUMED])) if assumed else ""
    more = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return (
        f"<li><details><summary>{parts.pill(placement)}"
        f'<span class="cim-rule">{escape(short)}</span>'
        f'<span class="cim-value">{escape(gate().say(placement.label))}</span>'
        f'<span class="cim-answer">{mark}</span></summary><div>{more}</div></details></li>'
    )


def provenance(rules: Rulebook, of: Provenance) -> tuple[str, str]:
    """Where something comes from, and whether that is confirmed or assumed."""
    title, note = rules.source(of.source).title, of.note
    source = t("rules.source_note", title=title, note=note) if note else t("rules.source", title=title)
    return source, t(STATUS_NAMED[of.status])
