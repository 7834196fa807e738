"""What would move an LEA, how near, how sure, as plain rows for `explain`."""

from __future__ import annotations

from cim_core import edge_margins, outlook_words, smallest_change
from cim_core.change_search import Ground, ground
from cim_core.clause_words import students
from cim_core.disclosure import Disclosure
from cim_core.export import Plain
from cim_core.levers import Way
from cim_core.placement import Placements
from cim_core.smallest_change import Answer, Change, Plan

Rows = dict[str, object]


def outlook(placements: Placements, row: int, disclosure: Disclosure) -> Rows:
    """The parts of `explain` that look beyond the placement: `smallest_change` (less, more) and `edges`."""
    on = ground(placements, str(placements.dataset.year[row]))
    return {
        "smallest_change": {
            way.value: _answer(on, row, smallest_change.answer(on, row, way), disclosure) for way in Way
        },
        "edges": [
            {
                "evaluation": one.edge.evaluation,
                "edge": float(one.edge.value),
                "below": one.below,
                "places": one.places,
                "composite_points": None if one.points is None else round(one.points, 4),
                "borderline": one.borderline,
                "sentence": disclosure.say(outlook_words.edge(placements, one)),
                "alone": [disclosure.say(outlook_words.alone(placements, row, each)) for each in one.alone],
            }
            for one in edge_margins.edge_margins(on, row)
        ],
    }


def _answer(on: Ground, row: int, found: Answer, disclosure: Disclosure) -> Rows:
    """The best plan's own parts, and the others under `others`; without one, why."""
    if found.best is None:
        assert found.blocked is not None
        return {
            "students": None,
            "changes": [],
            "proven": None,
            "placement": None,
            "why_none": found.blocked.value,
            "clauses": [clause.id for clause in found.clauses],
            "sentence": disclosure.say(outlook_words.blocked(found)),
        }
    best, *others = (_plan(on, row, one, disclosure) for one in found.plans)
    return {**best, "others": others}


def _plan(on: Ground, row: int, one: Plan, disclosure: Disclosure) -> Rows:
    total = disclosure.value(students(one.students)) if one.counted else None
    return {
        "students": None if total is None else int(total),
        "changes": [_change(on, row, change, disclosure) for change in one.changes],
        "proven": one.proven,
        "placement": one.placement.label,
        "sentence": " ".join(disclosure.say(part) for part in outlook_words.plan(on, row, one)),
    }


def _change(on: Ground, row: int, one: Change, disclosure: Disclosure) -> dict[str, Plain]:
    before, after = outlook_words.before_after(on, row, one)
    counts = (one.numerator, one.numerator_after, one.denominator)
    told = [None if n is None else disclosure.value(students(n, one.denominator)) for n in counts]
    whole = [None if n is None else int(n) for n in told]
    moved = None if one.students is None else disclosure.value(students(one.students, one.denominator))
    return {
        "indicator": one.indicator,
        "students": None if moved is None else int(moved),
        "rate": disclosure.value(before),
        "rate_after": disclosure.value(after),
        "numerator": whole[0],
        "numerator_after": whole[1],
        "denominator": whole[2],
    }
