"""What is missing where nothing is settled: the rules that could still hold, and what to ask for."""

from __future__ import annotations

from html import escape

from cim_core.data.facts import Fact
from cim_core.data.indicators import INDICATORS, get
from cim_core.placing.placement import Outcome
from cim_core.placing.ranking import Ranked
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.tiers import NOT_PLACED
from cim_core.why.explanation import ClauseWhy, Explanation
from cim_core.words.messages import HowMany, Message, OneOf
from ui.shared import parts
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t

_MOST_NAMED = 6
_OF_FACT = {
    Fact.DISPROPORTIONALITY: "lea_page.open.ask_years",
    Fact.FINDINGS: "lea_page.open.ask_findings",
    Fact.PRESCHOOL: "lea_page.open.ask_preschool",
}


def missing(view: View, row: int, why: Explanation) -> str:
    """Heading, table of what each answer would give, and what to ask for, as HTML."""
    placed = why.placement != NOT_PLACED
    rungs = [
        one
        for one in why.clauses
        if one.outcome is Outcome.UNKNOWN and one.clause.placement in why.could_be
        and one.clause.placement != why.placement
    ]  # fmt: skip
    title = t("lea_page.open.title" if placed else "lea_page.open.title_placed")
    otherwise = why.placement if placed else why.could_be[0]
    under = t("lea_page.open.under", placement=otherwise.label)
    head = [t("lea_page.open.question"), t("lea_page.open.now"), t("lea_page.open.then")]
    table = parts.table(head, [_line(one) for one in rungs], css="cim-open-rules") if rungs else ""
    last = t("lea_page.open.otherwise", placement=otherwise.label) if rungs and placed else ""
    asks = _asks(view, row, [one.clause for one in rungs])
    items = "".join(f"<li>{escape(begun(one))}</li>" for one in asks)
    wanted = f'<h3 class="cim-head">{escape(t("lea_page.open.ask"))}</h3><ul class="cim-asks">{items}</ul>'
    below = f'<p class="cim-under">{escape(last)}</p>' if last else ""
    return parts.heading(title, under if rungs and placed else "") + table + below + (wanted if asks else "")


def _line(rung: ClauseWhy) -> list[parts.Cell]:
    label = escape(gate().say(rung.clause.placement.label))
    return [
        gate().say(rung.short),
        gate().say(rung.value),
        parts.Html(f"{parts.pill(rung.clause.placement)} {label}"),
    ]


def _asks(view: View, row: int, clauses: list[Clause]) -> list[str]:
    """What would answer the rules that are open, each thing once."""
    placements, said = view.placements, []
    lacking = [one.label for at, one in enumerate(INDICATORS) if placements.unsupplied[row, at]]
    if lacking:
        left = len(lacking) - _MOST_NAMED
        more: list[Message | str] = [t("lea_page.open.ask_more", n=HowMany(left))] if left > 0 else []
        each = (*lacking[:_MOST_NAMED], *more)
        said.append(t("lea_page.open.ask_elements", each=each))
    elif any(clause.basis is Basis.MISSED for clause in clauses):
        said.append(t("lea_page.open.ask_report"))
    for clause in clauses:
        if clause.fact in _OF_FACT:
            said.append(t(_OF_FACT[clause.fact]))
        elif clause.evaluation:
            said.append(_of_rank(view, row, clause))
    return list(dict.fromkeys(said))


def _of_rank(view: View, row: int, clause: Clause) -> str:
    ranked = view.placements.percentiles[clause.evaluation]
    if ranked.evaluation.fact in _OF_FACT and clause.basis is Basis.COMPOSITE:
        return t(_OF_FACT[ranked.evaluation.fact])
    if clause.basis is Basis.INDICATORS:
        return t("lea_page.open.ask_rank_on", each=OneOf(get(code).label for code in clause.indicators))
    unknown = ranked.state[row] == Ranked.SWD_UNKNOWN
    return t("lea_page.open.ask_swd" if unknown else "lea_page.open.ask_rank")
