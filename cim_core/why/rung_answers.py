"""What a rung of the ladder answers, in a word or two: yes, no, not known, or that it could be."""

from __future__ import annotations

from enum import StrEnum

from cim_core.placing.placement import Outcome, Placements
from cim_core.words.messages import MessageFamily


class Answer(StrEnum):
    """The answers; only one rung decides, and where the placement is not settled it is a least one."""

    DECIDING = "deciding"
    DECIDING_OPEN = "deciding_open"
    DECIDING_UNKNOWN = "deciding_unknown"
    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    COULD_BE = "could_be"


ANSWER: MessageFamily[str] = MessageFamily("rung.answer.{}", tuple(Answer))
_PLAIN = {Outcome.TRUE: Answer.TRUE, Outcome.FALSE: Answer.FALSE, Outcome.UNKNOWN: Answer.UNKNOWN}


def answer(placements: Placements, row: int, at: int) -> Answer:
    """What clause `at` answers for a row. It could be where it is not known and would be more intensive."""
    outcome = Outcome(int(placements.outcomes[row, at]))
    unseen = bool(placements.unseen[row])
    if int(placements.deciding[row]) == at:
        if outcome is Outcome.UNKNOWN and not unseen:
            return Answer.DECIDING_UNKNOWN
        return deciding(placements, row)
    clause = placements.rulebook.clauses[at]
    more = clause.placement > placements.placement(row)
    if unseen and more and clause.placement not in placements.could_be(row):
        return Answer.FALSE  # where it is placed is known
    if outcome is Outcome.UNKNOWN and more and clause.placement in placements.could_be(row):
        return Answer.COULD_BE
    return _PLAIN[outcome]


def deciding(placements: Placements, row: int) -> Answer:
    """What the rung, track or foot answers that decides."""
    return Answer.DECIDING if placements.firm[row] else Answer.DECIDING_OPEN
