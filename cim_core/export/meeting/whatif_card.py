"""A card of a scenario: who moves under other rules or data, always with its banner."""

from __future__ import annotations

from cim_core.export.meeting.card import ASKED, Bar, Bars, Card, CardSpec, Question
from cim_core.export.meeting.ground import Ground
from cim_core.whatif import compare
from cim_core.words.messages import HowMany, message


def card(spec: CardSpec, on: Ground) -> Card | None:
    """How many LEAs move, and how many are in each placement before and after."""
    changed = on.under(spec.scenario)
    if changed is None:
        return None
    found = compare(changed.before, changed.after)
    movers = found.movers(on.rows)
    tally, size = found.tally(movers), len(on.rows)
    bars = []
    for placement, before, after in found.counts(changed.before.dataset.rows_of_year(on.year)):
        said = message("meeting.whatif.from_to", before=HowMany(before), after=HowMany(after))
        bars.append(Bar(placement.label, after, size, said, placement))
    up, down = HowMany(tally.up), HowMany(tally.down)
    sentence = message("meeting.whatif.said", n=HowMany(len(movers)), up=up, down=down)
    return Card(
        spec,
        message(ASKED[Question.DOING]),
        sentence if movers else message("meeting.whatif.nobody"),
        picture=Bars(tuple(bars)),
        source=on.source(),
        lag=on.lag(),
        banner=message("meeting.whatif.banner", name=changed.scenario.name),
        notes=(message("meeting.whatif.note"),),
    )
