"""What is missing where nothing is settled: the rules that could still hold, and what to ask for."""

from __future__ import annotations

from collections.abc import Sequence
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
    rungs = [rung for rung in why.clauses if _could_hold(rung, why)]
    asks = _wanted(_asks(view, row, [rung.clause for rung in rungs]))
    if why.placement == NOT_PLACED:
        return parts.heading(t("lea_page.open.title_placed")) + _table(rungs) + asks
    if len(rungs) == 1:
        only = t(
            "lea_page.open.only",
            then=rungs[0].clause.placement.label, rule=rungs[0].short, placement=why.placement.label,
        )  # fmt: skip
        return parts.heading(t("lea_page.open.title"), only) + asks
    under = t("lea_page.open.under", placement=why.placement.label) if rungs else ""
    last = t("lea_page.open.otherwise", placement=why.placement.label)
    below = f'<p class="cim-under">{escape(last)}</p>' if rungs else ""
    return parts.heading(t("lea_page.open.title"), under) + _table(rungs) + below + asks


def _could_hold(rung: ClauseWhy, why: Explanation) -> bool:
    """Whether a rule is not known and would place the LEA elsewhere than it is shown."""
    placement = rung.clause.placement
    return rung.outcome is Outcome.UNKNOWN and placement in why.could_be and placement != why.placement


def _table(rungs: Sequence[ClauseWhy]) -> str:
    head = [t("lea_page.open.question"), t("lea_page.open.now"), t("lea_page.open.then")]
    return parts.table(head, [_line(rung) for rung in rungs], css="cim-open-rules") if rungs else ""


def _wanted(asks: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(begun(ask))}</li>" for ask in asks)
    head = f'<h3 class="cim-head">{escape(t("lea_page.open.ask"))}</h3>'
    return f'{head}<ul class="cim-asks">{items}</ul>' if asks else ""


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
