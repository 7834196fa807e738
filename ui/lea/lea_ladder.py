"""The ladder of an LEA: each rule on one line, what decided in a box; a line opens to its source."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cim_core.rules.tiers import Placement
from cim_core.why.explanation import ClauseWhy, Ending, Explanation
from cim_core.words.messages import Message
from ui.shared import parts
from ui.shared.words_on_screen import begun, gate, t


def ladder(why: Explanation) -> str:
    """All rungs between track and foot as HTML; what stands under the one that decides is faded."""
    rungs, decided = [], False
    if why.track is not None:
        rungs.append(_ending(why.track, past=False))
        decided = True
    for rung in why.clauses:
        rungs.append(_clause(rung, past=decided))
        decided = decided or rung.deciding
    rungs.append(_ending(why.foot, past=decided and not why.foot.decided))
    head = parts.heading(t("lea_page.ladder.title"), t("lea_page.ladder.under"))
    return f'{head}<ol class="cim-ladder">{"".join(rungs)}</ol>'


def _clause(rung: ClauseWhy, past: bool) -> str:
    texts = (rung.clause.said, rung.detail, rung.source)
    short = gate().say(rung.short)
    mark = (
        f' <small class="cim-assumed">{escape(t("lea_page.ladder.assumed"))}</small>' if rung.assumed else ""
    )
    line = _line(rung.clause.placement, f"{escape(short)}{mark}", rung.value, rung.answer)
    return _rung(line, texts, rung.deciding, past)


def _ending(ending: Ending, past: bool) -> str:
    line = _line(
        ending.placement,
        escape(gate().say(ending.short)),
        ending.value,
        ending.answer if ending.decided else None,
    )
    return _rung(line, (ending.detail,), ending.decided, past)


def _line(placement: Placement, rule: str, value: Message | None, answer: Message | None) -> str:
    said, told = ("" if one is None else escape(gate().say(one)) for one in (value, answer))
    return (
        f'{parts.pill(placement)}<span class="cim-rule">{rule}</span><span class="cim-value">{said}</span>'
        f'<span class="cim-answer">{told}</span>'
    )


def _rung(line: str, texts: Sequence[Message], decided: bool, past: bool) -> str:
    kind = "cim-decided" if decided else "cim-past" if past else ""
    more = "".join(f"<p>{escape(begun(gate().say(one)))}</p>" for one in texts)
    return f'<li class="{kind}"><details><summary>{line}</summary><div>{more}</div></details></li>'
