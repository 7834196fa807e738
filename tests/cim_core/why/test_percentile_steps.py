"""The steps of a percentile can be redone with a pencil from what they print."""

from __future__ import annotations

import pytest

from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Ranked
from cim_core.rules import rulebook_file
from cim_core.why import percentile_steps
from cim_core.words.disclosure import Disclosure
from tests.conftest import ROOT

GATE = Disclosure()
SAMPLE = ROOT / "sample_data" / "invented_selpa.csv"
DATA = checked_files.read_path(SAMPLE).dataset
BOOK = rulebook_file.load()


@pytest.mark.parametrize("against", [reference.shipped(), WITHIN], ids=["statewide", "within"])
@pytest.mark.parametrize("evaluation", ["school_age", "preschool"])
def test_every_step_follows_from_the_ones_above(against, evaluation):
    placements = place(DATA, BOOK, against)
    checked = 0
    for row in range(len(DATA)):
        each, domains = [], []
        for step in percentile_steps.steps(placements, row, evaluation):
            percent = GATE.value(step.percent)
            if step.rank is not None:
                rank, ranked = GATE.value(step.rank), GATE.value(step.ranked)
                assert percent == pytest.approx(100 * rank / ranked, abs=0.00501)
                assert (2 * rank) % 1 == 0
            if step.label.id == "steps.indicator":
                each.append(percent)
            elif step.label.id == "steps.domain":
                assert percent == pytest.approx(sum(each) / len(each), abs=0.0101)
                domains.append(percent)
                each = []
            elif step.label.id == "steps.composite":
                assert percent == pytest.approx(sum(domains) / len(domains), abs=0.0101)
            else:
                assert percent == pytest.approx(placements.percentiles[evaluation].percentile[row], abs=0.006)
                checked += 1
    computed = placements.percentiles[evaluation].state == Ranked.COMPUTED
    assert checked == computed.sum()
    assert checked or (evaluation == "preschool" and against is not WITHIN)


def test_no_steps_without_a_computed_percentile():
    assert percentile_steps.steps(place(DATA, BOOK, NO_REFERENCE), 0, "school_age") == ()
    told = checked_files.take(b"lea_code,year,swd,percentile,5a\n9900001,2023-24,300,7,50\n", "x.csv").dataset
    assert percentile_steps.steps(place(told, BOOK, reference.shipped()), 0, "school_age") == ()
