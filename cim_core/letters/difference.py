"""Why CDE's letter and this tool's reading differ: by the letter's reasons, else by what decides here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cim_core.data.facts import Fact
from cim_core.data.indicators import get, in_order
from cim_core.letters.agreement import Agreement, agreement, letter_of
from cim_core.letters.stated import StatedReasons, stated
from cim_core.placing import settled
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.why.clauses import percentile_of, students
from cim_core.why.rungs import detail
from cim_core.words.messages import HowMany, Message, message

_AGREEMENT_SAID = {
    Agreement.AGREES: "lea_page.agrees",
    Agreement.POSSIBLE: "lea_page.possible",
    Agreement.UNREAD: "lea_page.unread",
    Agreement.DIFFERS: "lea_page.differs",
}


def agreement_said(placements: Placements, row: int) -> Message | None:
    """Whether letter and reading of a row agree, and why not; None without a letter."""
    way = agreement(placements, row)
    if way not in _AGREEMENT_SAID:
        return None
    why = because(placements, row)
    return message("lea_page.differs_why", why=why) if why else message(_AGREEMENT_SAID[way])


def because(placements: Placements, row: int) -> Message | None:
    """Why the letter of a row and the reading differ; None unless they do."""
    letter = letter_of(placements.dataset, row)
    if letter is None or agreement(placements, row) is not Agreement.DIFFERS:
        return None
    said = stated(letter.reasons)
    parts = (
        *_elements(placements, row, said),
        *_disproportionality(placements, row, said),
        *_rank(placements, row, said),
        *_findings(placements, row, said),
    )
    if parts:
        return message("letters.because", parts=parts)
    at = int(placements.deciding[row])
    less = letter.means[-1] < placements.placement(row)
    if at < 0:
        return message("letters.because_nothing", placement=letter.means[0].label)
    kind = "letters.because_less" if less else "letters.because_more"
    return message(kind, placement=letter.means[0].label, detail=detail(placements, row, at))


_BESIDE = {
    Agreement.UNREAD: "letters.beside_unread",
    Agreement.AGREES: "letters.beside_agrees",
    Agreement.POSSIBLE: "letters.beside_possible",
}


def beside(placements: Placements, row: int) -> Message:
    """The letter of a row and this tool's reading in one sentence, with the reason where they differ."""
    letter, reading = letter_of(placements.dataset, row), settled.said(placements, row)
    if letter is None:
        return message("letters.beside_none", reading=reading)
    why = because(placements, row)
    if why is not None:
        return message("letters.beside_differs", letter=letter.written, reading=reading, because=why)
    return message(_BESIDE[agreement(placements, row)], letter=letter.written, reading=reading)


def _elements(placements: Placements, row: int, said: StatedReasons) -> Iterator[Message]:
    """Elements that one of the two counts as missed and the other does not."""
    if not placements.rulebook.counts_targets:
        return
    ours = set(placements.elements(row, Result.MISSED))
    if said.missed is not None:
        for kind, codes in (
            ("letters.counts_as_met", ours - set(said.missed)),
            ("letters.counts_as_missed", set(said.missed) - ours),
        ):
            if codes and (kind == "letters.counts_as_missed" or said.count in (None, len(said.missed))):
                yield message(kind, each=tuple(get(code).label for code in in_order(codes)))
    elif said.count is not None and said.count != len(ours):
        yield message("letters.counts", n=HowMany(said.count), m=HowMany(len(ours)))


def _disproportionality(placements: Placements, row: int, said: StatedReasons) -> Iterator[Message]:
    if said.disproportionate is None:
        return
    of_fact = [clause.fact is Fact.DISPROPORTIONALITY for clause in placements.rulebook.clauses]
    outcomes = placements.outcomes[row][np.array(of_fact, np.bool_)]
    here = bool((outcomes == Outcome.TRUE).any())
    if said.disproportionate and not here:
        unknown = bool((outcomes == Outcome.UNKNOWN).any())
        yield message("letters.disproportionate_unknown" if unknown else "letters.disproportionate")
    elif here and not said.disproportionate:
        yield message("letters.not_disproportionate")


def _rank(placements: Placements, row: int, said: StatedReasons) -> Iterator[Message]:
    if said.band is None:
        return
    above, up_to = said.band
    names = {"above": str(above), "up_to": str(up_to)}
    kind = "letters.ranked_between" if above else "letters.ranked"
    evaluation = placements.rulebook.first_evaluation
    here = percentile_of(placements, row, evaluation.id)
    if here is None:
        yield message("letters.not_ranked", **names)
    elif not above < here.value <= up_to:
        yield message(kind, percentile=here, **names)


def _findings(placements: Placements, row: int, said: StatedReasons) -> Iterator[Message]:
    here = int(placements.dataset.minor_findings[row])
    if said.findings is not None and here >= 0 and bool(said.findings) != bool(here):
        yield message("letters.findings", n=HowMany(said.findings), here=students(here))
