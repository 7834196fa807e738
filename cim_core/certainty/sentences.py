"""What redrawing says in words: the sentence of an LEA, what must stand beside it, and how it was done."""

from __future__ import annotations

from cim_core.certainty import simulation
from cim_core.certainty.drawn import Certainty
from cim_core.data.indicators import POSITION, get
from cim_core.placing.ranking import Ranked
from cim_core.rules.clause import Basis
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, Message, Value, message

_NOT_DRAWN = (Basis.FINDINGS, Basis.YEARS)
_NOWHERE = {NOT_PLACED: "certainty.sentence.not_placed", SMALL_LEA: "certainty.sentence.small"}


def sentence(drawn: Certainty, row: int) -> Message:
    """One sentence for a row: in how many draws it is where it is, and where else most.

    Where what decides was held fixed, that chance was not tested there.
    """
    here, others, own = drawn.placements.placement(row), drawn.others(row), drawn.own(row)
    if drawn.placements.unseen[row]:
        return message("certainty.sentence.not_shown")
    if not drawn.told(row):
        return message(_NOWHERE.get(here, "certainty.sentence.untold"))
    values: dict[str, Value] = {"placement": here.label, "n": HowMany(own), "draws": HowMany(drawn.draws)}
    if others:
        values |= {"other": others[0][0].label, "m": HowMany(others[0][1])}
    said = message("certainty.sentence.drawn" if others else "certainty.sentence.always", **values)
    return message("certainty.held_too", said=said) if _decided_by_fixed(drawn, row) else said


def beside(drawn: Certainty, row: int) -> tuple[Message, ...]:
    """What must stand beside the sentence: what a draw is and that it is no forecast, that this is no
    ground for appeal, that the real uncertainty is larger; where the placement is provisional, that this
    is another kind of unsure.
    """
    always = (
        message("certainty.drawn"),
        message("certainty.no_appeal"),
        message("certainty.larger"),
    )
    return always if drawn.placements.firm[row] else (*always, message("certainty.provisional"))


def _decided_by_fixed(drawn: Certainty, row: int) -> bool:
    """Whether what decides is a fact that was not drawn."""
    clause = drawn.placements.clause(row)
    if clause is None:
        return False
    banded = clause.basis is Basis.COMPOSITE
    from_file = banded and drawn.placements.percentiles[clause.evaluation].state[row] == Ranked.FROM_FILE
    return bool(clause.basis in _NOT_DRAWN or from_file)


def method_note(drawn: Certainty) -> tuple[Message, ...]:
    """How it was done, with sources; the seed is in it, so that anybody can do it again."""
    codes = [code for code, at in POSITION.items() if drawn.redrawn[:, at].any()]
    known = simulation.priors(drawn.placements, drawn.year, codes)
    each = tuple(
        message(
            "certainty.method.prior",
            label=get(code).label,
            students=students(round(prior.students)),
            leas=HowMany(prior.leas),
        )
        for code, prior in known.items()
        if prior.leas
    )
    plain = tuple(get(code).label for code, one in known.items() if not one.leas)
    said = [message("certainty.method.shrunk", each=each)] if each else []
    said += [message("certainty.method.jeffreys", codes=plain)] if plain else []
    return (
        message("certainty.method.drawn", draws=HowMany(drawn.draws), seed=str(drawn.seed)),
        *said,
        message("certainty.method.independent"),
        message("certainty.method.intervals"),
        message("certainty.method.sources"),
    )
