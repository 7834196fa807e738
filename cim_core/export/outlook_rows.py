"""What would move an LEA, how near, how sure, as plain rows for `explain`."""

from __future__ import annotations

from fractions import Fraction

from cim_core.certainty import RowCertainty, certainty, summary_of
from cim_core.export import risk_ratio_rows
from cim_core.export.rows import whole
from cim_core.movement import previous, since, since_stages, step_said, steps
from cim_core.outlook import (
    CLOSENESS_NAMED,
    BaseRate,
    Ground,
    IndicatorChange,
    Plan,
    RowCloseness,
    Silent,
    Way,
    WayAnswer,
    base_rate,
    closeness,
    closeness_sentences,
    edge_margins,
    exposure,
    ground,
    margins,
    next_year,
    sentences,
    smallest_change,
    so_far,
)
from cim_core.peers import Peers, illustration, peers
from cim_core.peers import finding as peer_finding
from cim_core.peers import placed as peers_placed
from cim_core.peers import size as peer_size
from cim_core.placing.placement import Placements
from cim_core.why import risk_ratios
from cim_core.why.clauses import students
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Kind, Quantity

Rows = dict[str, object]
PARTS = ("smallest_change", "exposure", "edges", "certainty", "since", "disproportionality", "peers")
"""What is said beyond the placement of a year that is over."""


def outlook(placements: Placements, row: int, disclosure: Disclosure) -> Rows:
    """The parts of `explain` that look beyond the placement.

    `smallest_change` (less, more; timelines at 100 % left alone), `exposure` of those, `edges` of the
    ranking, `certainty`, `since` the year before, `disproportionality`, `peers`. In a year that is not over
    `so_far` alone: nothing is projected, and whole years are no measure for it.
    """
    if placements.dataset.in_progress[row]:
        return dict.fromkeys(PARTS) | {"so_far": _so_far(placements, row, disclosure)}
    on = ground(placements, str(placements.dataset.year[row]))
    apart = exposure.without(on)
    answers = {way: smallest_change.answer(apart, row, way) for way in Way}
    near = closeness(on, [row], {row: answers})[row]
    return {
        "smallest_change": {way.value: _answer(on, row, answers[way], disclosure) for way in Way},
        "exposure": _exposure(near, disclosure),
        "edges": [
            {
                "evaluation": edge.edge.evaluation,
                "indicator": edge.edge.indicator or None,
                "edge": float(edge.edge.value),
                "below": edge.below,
                "places": edge.places,
                "composite_points": None if edge.points is None else round(edge.points, 4),
                "borderline": edge.borderline,
                "stand_in": edge.stand_in or None,
                "sentence": disclosure.say(sentences.edge(placements, edge)),
                "alone": [disclosure.say(sentences.alone(placements, row, each)) for each in edge.alone],
            }
            for edge in edge_margins.edge_margins(on, row)
        ],
        "certainty": _closeness(on, row, near, disclosure)
        | _certainty(summary_of(certainty(placements, on.year), row), disclosure),
        "since": _since(on, row, disclosure),
        "disproportionality": _disproportionality(placements, row, disclosure),
        "peers": _peers(peers(placements, row, on.reference), disclosure),
        "so_far": None,
    }


def _so_far(placements: Placements, row: int, disclosure: Disclosure) -> list[Rows]:
    """Each indicator that has counts so far, and how many students more would make its target missed."""
    return [
        {
            "indicator": count.indicator.code,
            "result": count.why.result.word,
            "until_missed": None
            if count.until_missed is None
            else whole(disclosure, students(count.until_missed, count.group)),
            "course": count.course.value,
            "sentence": disclosure.say(count.said),
            "source": disclosure.say(so_far.source_said(so_far.definition(count.indicator.code))),
        }
        for count in so_far.so_far(placements, row, margins(placements))
    ]


def _closeness(on: Ground, row: int, found: RowCloseness, disclosure: Disclosure) -> Rows:
    """Fragile, close or solid: the fewest students or places, and everything else that would decide."""
    count = found.students
    return {
        "word": disclosure.say_id(CLOSENESS_NAMED[found.closeness]),
        "closeness": found.closeness.value,
        "untested": None if found.untested is None else found.untested.value,
        "settled": found.settled,
        "decides_students": None if count is None else whole(disclosure, students(count)),
        "decides": [
            {
                "what": decider.what.value,
                "count": decider.count,
                "placement": decider.placement.name,
                "settled": decider.settled,
                "proven": decider.proven,
                "indicators": [*(each.indicator for each in decider.plan.changes)]
                if decider.plan
                else [
                    *decider.indicators,
                    *decider.others,
                    *([decider.indicator] if decider.indicator else []),
                ],
                "evaluation": decider.evaluation or None,
            }
            for decider in found.deciders
        ],
        "sentence": disclosure.say(closeness_sentences.sentence(on, row, found)),
        "beside": [disclosure.say(one) for one in closeness_sentences.beside(found)],
        "next_year": _next_year(found, disclosure),
    }


def _next_year(found: RowCloseness, disclosure: Disclosure) -> Rows:
    """What became of real LEAs this close; `share` None where nothing is said, with the reason."""
    told, said = next_year(found), [disclosure.say(one) for one in closeness_sentences.later(found)]
    if isinstance(told, Silent):
        return {"share": None, "placements": None, "why_none": told.value, "sentences": said}
    return {"share": round(told.share, 3), "placements": sum(told.of), "why_none": None, "sentences": said}


def _exposure(found: RowCloseness, disclosure: Disclosure) -> Rows:
    """Timelines at 100 %, and what late results alone would do."""
    said = closeness_sentences.exposure(found.exposure)
    return {
        "indicators": list(found.exposure.indicators),
        "late": found.exposure.late or None,
        "placement": None if found.exposure.placement is None else found.exposure.placement.name,
        "sentence": None if said is None else disclosure.say(said),
    }


def _certainty(found: RowCertainty, disclosure: Disclosure) -> Rows:
    """How much chance moves, in how many draws each placement came up, and what was held fixed."""
    return {
        "share": found.share,
        "draws": found.draws,
        "seed": found.seed,
        "placements": {one.name: count for one, count in found.placements},
        "chance": disclosure.say(found.sentence),
        "notice": [disclosure.say(one) for one in found.beside],
        "held_fixed": [disclosure.say(one.said) for one in found.held],
        "indicators": [
            {
                "indicator": indicator.code,
                "redrawn": indicator.redrawn,
                "missed": indicator.missed,
                "wilson": _ends(indicator.wilson, indicator.denominator, disclosure),
                "clopper_pearson": _ends(indicator.clopper_pearson, indicator.denominator, disclosure),
            }
            for indicator in found.indicators
        ],
    }


def _ends(
    ends: tuple[float, float] | None, group: int | None, disclosure: Disclosure
) -> list[float | None] | None:
    """An interval in percent at two decimals."""
    if ends is None:
        return None
    return [disclosure.value(Quantity(Fraction(end), Kind.RATE, 2, group)) for end in ends]


def _since(on: Ground, row: int, disclosure: Disclosure) -> Rows:
    """What became of the LEA since the newest earlier year, with each swap that moved it."""
    stages = since_stages(on.placements, on.reference, row)
    said = since(on.placements, on.reference, row, stages)
    earlier = previous(on.placements, row)
    return {
        "sentence": disclosure.say(said),
        "year": None if earlier is None else str(on.placements.dataset.year[earlier]),
        "from": stages[0].placement.name if stages else None,
        "steps": [
            {
                "reason": step.reason.value,
                "placement": step.after.placement.name,
                "sentence": disclosure.say(step_said(step)),
            }
            for step in (steps(stages) if stages else ())
        ],
    }


def _disproportionality(placements: Placements, row: int, disclosure: Disclosure) -> Rows:
    """What the counts by race and ethnicity say, and every ratio behind it."""
    data, rules = placements.dataset, placements.rulebook.disproportionality
    said = risk_ratios.headline(data, row, rules)
    return {
        "sentence": disclosure.say(said),
        "ratios": list(risk_ratio_rows.rows(data, rules, disclosure, [row])),
    }


def _peers(found: Peers, disclosure: Disclosure) -> Rows:
    """LEAs like this one, where they are placed, and the medians of their rates."""
    every = illustration(found), peer_size(found), peers_placed(found)
    remarks = [one for one in every if one is not None]
    return {
        "sentence": disclosure.say(peer_finding(found)),
        "remarks": [disclosure.say(one) for one in remarks],
        "source": found.source.value,
        "year": found.year,
        "leas": [
            {
                "lea_code": peer.lea_code,
                "lea_name": peer.lea_name,
                "swd": disclosure.value(peer.swd),
                "lea_type": peer.lea_type or None,
                "placement": disclosure.say(peer.placed),
                "firm": peer.firm,
                "elements_with_data": peer.counted,
            }
            for peer in found.each
        ],
        "medians": [
            {
                "indicator": compared.indicator.code,
                "here": disclosure.value(compared.here),
                "median": disclosure.value(compared.median),
                "leas": len(compared.each),
            }
            for compared in found.compared
        ],
    }


def _answer(on: Ground, row: int, found: WayAnswer, disclosure: Disclosure) -> Rows:
    """The best plan's own parts, and the others under `others`; without one, why."""
    if found.best is None:
        assert found.blocked is not None
        return {
            "students": None,
            "changes": [],
            "proven": None,
            "placement": None,
            "settled": None,
            "why_none": found.blocked.value,
            "clauses": [clause.id for clause in found.clauses],
            "sentence": disclosure.say(sentences.blocked(on, row, found)),
        }
    best, *others = (_plan(on, row, one, disclosure) for one in found.plans)
    return {**best, "others": others}


def _plan(on: Ground, row: int, plan: Plan, disclosure: Disclosure) -> Rows:
    total = disclosure.value(students(plan.students)) if plan.counted else None
    return {
        "students": None if total is None else int(total),
        "changes": [_change(on, row, change, plan.way, disclosure) for change in plan.changes],
        "proven": plan.proven,
        "placement": plan.placement.name,
        "settled": plan.settled,
        "why_none": None,
        "sentence": " ".join(_sentences(on, row, plan, disclosure)),
        "base_rates": [disclosure.say(each) for each in sentences.base_rates(on, row, plan)],
    }


def _sentences(on: Ground, row: int, plan: Plan, disclosure: Disclosure) -> list[str]:
    """What a plan says; the changes of a long one after its first sentence."""
    first, *rest = (disclosure.say(part) for part in sentences.plan(on, row, plan))
    if sentences.is_long(plan):
        changes = (disclosure.say(sentences.change(on, row, each, plan.way)) for each in plan.changes)
        first = f"{first} {'; '.join(changes)}."
    return [first, *rest]


def _change(on: Ground, row: int, change: IndicatorChange, way: Way, disclosure: Disclosure) -> Rows:
    before, after = sentences.before_after(on, row, change)
    counts = (change.numerator, change.numerator_after, change.denominator)
    told = [None if n is None else disclosure.value(students(n, change.denominator)) for n in counts]
    whole = [None if n is None else int(n) for n in told]
    moved = (
        None if change.students is None else disclosure.value(students(change.students, change.denominator))
    )
    return {
        "indicator": change.indicator,
        "students": None if moved is None else int(moved),
        "rate": disclosure.value(before),
        "rate_after": disclosure.value(after),
        "numerator": whole[0],
        "numerator_after": whole[1],
        "denominator": whole[2],
        "base_rate": _base_rate(base_rate(on, row, change, way)),
    }


def _base_rate(known: BaseRate | None) -> Rows | None:
    """How many real LEAs of like size made a change; None where that is not known."""
    if known is None:
        return None
    return {
        "made": known.made,
        "leas": known.leas,
        "from_students": known.smallest,
        "to_students": known.largest,
        "median_points": round(known.median, 2),
        "years": [known.before, known.after],
    }
