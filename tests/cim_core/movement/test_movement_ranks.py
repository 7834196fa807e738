"""Half-way percents from the worst are marked, and those that the LEA page shows stand beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from cim_core.data.dataset import Cell
from cim_core.movement import Movement, MoveReason, because, changes, movement, since, since_stages
from cim_core.movement.flows import Flows
from cim_core.movement.ranks import percentile_at
from cim_core.placing import reference
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.clause import Basis
from cim_core.rules.tiers import NO_TIER, PLACEMENTS
from cim_core.words.disclosure import Disclosure
from tests.cim_core.movement.test_movement import lea, moved, ranked
from tests.conftest import sample_placements

SAY = Disclosure().say
STATE = reference.shipped()
NUMBER = r"(lowest [\d.]+%|no rank)"


def of_sample(earlier: str, later: str, book: str | None = None) -> Movement:
    before = sample_placements(book) if book else sample_placements()
    return movement(before, sample_placements(), earlier, later, STATE, STATE)


def shown(stage) -> str:
    """What the page of an LEA shows for a year."""
    return SAY(percentile_at(stage, "school_age"))


def test_its_own_results_alone_are_half_way():
    """Kelp Harbor: 21.5% stands on no page; 13% is that of 2022-23, 6% that of 2024-25."""
    found = of_sample("2022-23", "2024-25")
    data = found.between.after.dataset
    mover = next(one for one in found.movers if "lowest 13%" in SAY(because(one)))
    assert SAY(because(mover)).startswith(
        "its own results alone would take it from lowest 13% to lowest 21.5% "
        "(with everybody's changes it is lowest 6%)"
    )
    assert (shown(mover.stages[0]), shown(mover.stages[-1])) == ("lowest 13%", "lowest 6%")
    change, _ = [one for one in changes(mover.stages) if one.basis is Basis.COMPOSITE]
    assert SAY(change.before) == "lowest 13%"
    assert SAY(change.after) == "lowest 21.5% (half-way, with everybody's changes it is lowest 6%)"
    row = mover.row_after
    assert str(data.year[row]) == "2024-25"
    assert "their changes take it to lowest 6%" in SAY(since(found.between.after, STATE, row))
    stages = since_stages(found.between.after, STATE, row)
    (last,) = (one for one in of_sample("2023-24", "2024-25").movers if one.row_after == row)
    assert any(SAY(one.said) in SAY(because(last)) for one in changes(stages))


def test_others_take_it_from_a_half_way_value():
    found = of_sample("2022-23", "2024-25")
    said = [SAY(because(one)) for one in found.movers if MoveReason.OTHERS in one.reasons]
    assert (
        "other LEAs changed: their changes take it to lowest 9.1%, where its own results alone "
        "would have given lowest 22.9% (it was lowest 16.1% in 2022-23)"
    ) in "\n".join(said)


@pytest.mark.parametrize("book", [None, *rulebook_file.available()])
@pytest.mark.parametrize("years", [("2022-23", "2023-24"), ("2023-24", "2024-25"), ("2022-23", "2024-25")])
def test_every_number_is_that_of_a_real_year_or_marked(years, book):
    found = of_sample(*years, book)
    for mover in found.movers:
        real = {shown(mover.stages[0]), shown(mover.stages[-1])}
        for change in changes(mover.stages):
            if change.basis is not Basis.COMPOSITE:
                continue
            said = SAY(change.said)
            for part in (SAY(change.before), SAY(change.after)):
                first, *rest = re.findall(NUMBER, part)
                assert first in real or "half-way" in part
                assert set(rest) <= real
            half = {one for one in re.findall(NUMBER, said) if one not in real}
            if half:
                assert "alone would" in said or "would then" in said
                assert "with everybody's changes it is" in said or "it was" in said


def test_where_nobody_else_changed_nothing_is_half_way():
    """Ten LEAs; the others stay, so what its own results give is what the page shows."""
    others = [ranked(f"{at:02d}", year, 20 + at) for at in range(2, 11) for year in ("2022-23", "2023-24")]
    rows = [ranked("01", "2022-23", 90), ranked("01", "2023-24", 10), *others]
    mover = next(one for one in moved(rows, WITHIN).movers if one.after.name == "Intensive")
    assert SAY(because(mover)) == "its own results take it from lowest 100% to lowest 10%"


def test_a_rank_on_one_indicator_is_marked_too():
    """2023: the bottom 10 % on one LRE indicator makes Level 3; another LEA falls even lower."""
    fallen = {10: 125, 15: 110}
    rows = []
    for at in range(1, 21):
        for year, top in (("2022-23", 140 + at), ("2023-24", fallen.get(at, 140 + at))):
            cells = {"5a": Cell(numerator=top, denominator=200)}
            rows.append(lea(f"{at:02d}", year, cells, percentile=Decimal(50)))
    found = moved(rows, WITHIN, rulebook_file.load("cde-2023"))
    data = found.between.after.dataset
    said = {str(data.lea_code[one.row_after]): SAY(because(one)) for one in found.movers}
    title = "5a Regular class ≥ 80%"
    assert said["10"] == (
        f"this alone would take its rank on {title} from lowest 50% to lowest 5% "
        "(with everybody's changes it is lowest 10%)"
    )
    assert said["15"] == f"its rank on {title} goes from lowest 75% to lowest 5%"
    assert said["02"].startswith("other LEAs changed: ") and "from lowest 10% to lowest 20%" in said["02"]


def test_moves_inside_what_a_picture_counts_together_are_told():
    places = tuple(sorted(PLACEMENTS.values(), reverse=True))
    at = {one.name: position for position, one in enumerate(places)}
    counts = np.eye(len(places), dtype=np.int64)
    levels = [label for label in at if label.startswith("Intensive Level")]
    counts[at[levels[0]], at[levels[1]]] = 2
    counts[at["Not placed"], at["Small LEA"]] = 3
    counts[at["Universal"], at["Not placed"]] = 4
    flows = Flows(places, counts)
    folded = flows.folded()
    assert flows.unseen() == ((PLACEMENTS["Intensive"], 2), (NO_TIER, 3))
    off = [int(one.counts.sum() - np.trace(one.counts)) for one in (flows, folded)]
    assert off[0] - off[1] == 5
    few = replace(flows, counts=np.zeros_like(counts))
    assert few.unseen() == ()
