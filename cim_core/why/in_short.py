"""A placement in a few words, for lists: which rule decided, and what to ask for where it is not settled."""

from __future__ import annotations

from cim_core.placing.placement import Outcome, Placements
from cim_core.rules.clause import Clause
from cim_core.rules.clauses import kinds
from cim_core.why.rungs import RungLea
from cim_core.words.messages import Message, MessageFamily, message

_ASK: MessageFamily[str] = MessageFamily("ask.{}", tuple(sorted(kinds())))


def decided(placements: Placements, row: int) -> tuple[Message, Message] | None:
    """The rule that decides in about four words, and what it looked at; None where no clause decides."""
    at = int(placements.deciding[row])
    if at < 0:
        return None
    clause = placements.rulebook.clauses[at]
    unknown = placements.outcomes[row, at] == Outcome.UNKNOWN
    return clause.short(placements.rulebook), clause.value(RungLea(placements, row), bool(unknown))


def _open(placements: Placements, row: int) -> list[Clause]:
    """The clauses that are not known and would place an LEA more intensively than it is shown."""
    clauses, found = placements.rulebook.clauses, []
    for at, outcome in enumerate(placements.outcomes[row].tolist()):
        if at == int(placements.deciding[row]):
            break
        if outcome == Outcome.UNKNOWN and clauses[at].placement > placements.placement(row):
            found.append(clauses[at])
    return found


def ask(placements: Placements, row: int) -> Message | None:
    """What would settle a row, as something to ask for: one thing for each kind of rule that is open.

    None for a row that is settled, or where nothing that can be asked for would settle it.
    """
    each = dict.fromkeys(clause.kind for clause in _open(placements, row))
    asks = tuple(message(_ASK[kind]) for kind in each)
    return message("ask.supply", each=asks) if asks else None
