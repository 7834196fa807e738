"""The one sentence of an LEA: where it is placed, and because of what, with its own numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

from cim_core.data.indicators import CODES, POSITION, get
from cim_core.data.race_counts import AREA_NAMED, STUDENTS_NAMED
from cim_core.outlook.change_search import Ground
from cim_core.outlook.target_rooms import rooms
from cim_core.placing.placement import Outcome, Placements
from cim_core.placing.ranking import Ranked
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.outcome import Outcome as Flag
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA
from cim_core.why import ratio_evidence
from cim_core.why.clauses import percentile_of, students
from cim_core.why.rank_short import rank_said
from cim_core.why.risk_ratios import worked_out
from cim_core.why.target_sentences import late_findings
from cim_core.why.years import row_year_said
from cim_core.words.messages import HowMany, Message, MessageFamily, Part, message

SPOKEN = MessageFamily("spoken.{}", CODES)
"""An indicator as it is said within a sentence."""
_NAMED_TARGETS = 3
_NAMED_MEASURES = 4
Because = Callable[[Ground, int, Clause, Part], Message]


def sentence(on: Ground, row: int) -> Message:
    """Why the LEA is where it is; "at least" where that is not settled."""
    placements = on.placements
    placement = placements.placement(row)
    if placements.dataset.in_progress[row]:
        missed, counted = HowMany(placements.missed[row]), HowMany(placements.counted[row])
        return message("lead.so_far", year=row_year_said(placements.dataset, row), n=missed, k=counted)
    if placements.unseen[row]:
        return message("lead.not_shown", placement=placement.label)
    if placement == NOT_PLACED:
        return message("lead.not_placed")
    if placement == SMALL_LEA:
        return message("lead.small", swd=students(int(placements.dataset.swd[row])))
    clause = placements.clause(row)
    if clause is None:
        return _nothing_decides(placements, row)
    said: Part = placement.label
    if not placements.firm[row]:
        said = message("lead.at_least", placement=said)
    if placements.outcomes[row, placements.rulebook.clauses.index(clause)] == Outcome.UNKNOWN:
        return message("lead.open_clause", placement=said, said=clause.said)
    return _BECAUSE.get(clause.basis, _other)(on, row, clause, said)


def named(code: str) -> Message:
    """An indicator with its code, in a list."""
    return message("lead.named", label=get(code).label, name=message(SPOKEN[code]))


def _nothing_decides(placements: Placements, row: int) -> Message:
    if not placements.firm[row]:
        return message("lead.universal_open", most=placements.could_be(row)[-1].label)
    if placements.rulebook.counts_targets and not placements.missed[row]:
        return message("lead.universal_met", n=HowMany(placements.counted[row]))
    return message("lead.universal")


def _missed(on: Ground, row: int, clause: Clause, placement: Part) -> Message:
    missed = [one for one in rooms(on.placements, on.margins, row) if one.missed]
    count = HowMany(on.placements.missed[row])
    if len(missed) > _NAMED_TARGETS or len(missed) != count:
        return message(
            "lead.missed_many", placement=placement, n=count, k=HowMany(on.placements.counted[row])
        )
    if count > 1 or missed[0].turns is None:
        each = tuple(named(one.code) for one in missed)
        return message("lead.missed", placement=placement, n=count, each=each)
    alone, group = missed[0], missed[0].why.denominator
    turns = students(alone.turns or 0, None if group is None else int(group.value))
    return message(
        "lead.missed_by",
        placement=placement,
        label=get(alone.code).label,
        name=message(SPOKEN[alone.code]),
        by=message("lead.by", n=turns, students=turns),
    )


def _ranked(on: Ground, row: int, clause: Clause, placement: Part) -> Message:
    ranked = on.placements.percentiles[clause.evaluation]
    if ranked.state[row] == Ranked.FROM_FILE:
        percent = percentile_of(on.placements, row, clause.evaluation, few=0)
        assert percent is not None
        return message("lead.ranked_given", placement=placement, p=percent)
    rank = rank_said(float(ranked.rank[row]), int(ranked.ranked[row]))
    there = on.fields_of(row).get(clause.evaluation)
    codes = there.codes(row) if there is not None else ()
    if len(codes) > _NAMED_MEASURES or not codes:
        return message("lead.ranked_many", placement=placement, rank=rank, n=HowMany(len(codes)))
    each = tuple(message(SPOKEN[code]) for code in codes)
    return message("lead.ranked", placement=placement, rank=rank, each=each)


def _ranked_alone(on: Ground, row: int, clause: Clause, placement: Part) -> Message:
    """The named indicator on which it stands worst."""
    ranked = on.placements.percentiles[clause.evaluation].indicator[row]
    known = {code: float(ranked[POSITION[code]]) for code in clause.indicators}
    code = min((one for one in known if not math.isnan(known[one])), key=known.__getitem__)
    size = len(on.fields_of(row)[clause.evaluation].ranked[code].who)
    rank = rank_said(known[code] * size / 100, size)
    return message(
        "lead.ranked_one", placement=placement, rank=rank, label=get(code).label, name=message(SPOKEN[code])
    )


def _disproportionate(on: Ground, row: int, clause: Clause, placement: Part) -> Message:
    data, rules = on.placements.dataset, on.placements.rulebook.disproportionality
    found = ratio_evidence.of_row(data, row, rules) if worked_out(data, row) else None
    if found is None:
        return _stated(on.placements, row, clause, placement)
    group = message(STUDENTS_NAMED[found.finding.group])
    area = message(AREA_NAMED[found.finding.area])
    years = found.finding.years
    if found.finding.least <= 1 or years is None:
        return message("lead.newly", placement=placement, group=group, area=area)
    return message("lead.years", placement=placement, years=years, group=group, area=area)


def _stated(placements: Placements, row: int, clause: Clause, placement: Part) -> Message:
    """What the file itself states of disproportionality."""
    data = placements.dataset
    years = int(data.disproportionate_years[row])
    if placements.contradicted[row]:
        return message("lead.contradicted", placement=placement)
    if years > 1 or (
        years == 1 and data.newly_disproportionate[row] != Flag.TRUE and not clause.of_first_year
    ):
        return message("lead.years_stated", placement=placement, n=HowMany(years))
    if years < 0 and not clause.of_first_year:
        return message("lead.sig_dis", placement=placement)
    return message("lead.newly_stated", placement=placement)


def _findings(on: Ground, row: int, clause: Clause, placement: Part) -> Message:
    late = late_findings(on.placements, row)
    given = int(on.placements.dataset.minor_findings[row])
    if late and given <= 0:
        return message("lead.late", placement=placement, each=late)
    return message("lead.findings", placement=placement, n=HowMany(max(given, len(late))))


def _other(on: Ground, row: int, clause: Clause, placement: Part) -> Message:
    return message("lead.other", placement=placement, clause=clause.said)


_BECAUSE: dict[Basis, Because] = {
    Basis.MISSED: _missed,
    Basis.COMPOSITE: _ranked,
    Basis.INDICATORS: _ranked_alone,
    Basis.YEARS: _disproportionate,
    Basis.FINDINGS: _findings,
}
