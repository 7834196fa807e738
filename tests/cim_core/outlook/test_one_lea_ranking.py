"""One LEA moved in a fixed field: the same percentiles as ranking everybody anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import build
from cim_core.data.indicators import POSITION
from cim_core.outlook.levers import Way, applied, levers
from cim_core.outlook.margins import margins
from cim_core.outlook.one_lea_ranking import field
from cim_core.placing import ranking
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN, Reference, ReferenceKind
from tests import strategies

RANKED = ("ela_dfs", "math_dfs", "5a", "5b", "susp", "chronic", "7A1", "6b")


@settings(deadline=None)
@given(
    st.data(),
    strategies.lea_years(most=7, codes=RANKED),
    strategies.lea_years(most=7, prefix="88", codes=RANKED),
    strategies.rulebooks(),
    st.sampled_from(["within", "state"]),
)
def test_as_ranking_everybody_anew(data, rows, others, rules, kind):
    dataset = build(rows)
    against = WITHIN if kind == "within" else Reference(ReferenceKind.STATEWIDE, build(others))
    placed = place(dataset, rules, against)
    margin = margins(placed)
    year = data.draw(st.sampled_from(dataset.years))
    for name, ranked in placed.percentiles.items():
        there = field(dataset, ranked, year)
        if there is None:
            continue
        for row in dataset.rows_of_year(year).tolist():
            way = data.draw(st.sampled_from(list(Way)))
            free = levers(placed, margin, row, way)
            codes = [code for code in there.codes(row) if code in free]
            if not codes:
                continue
            steps = {
                code: data.draw(st.integers(0, min(free[code].room, 2000)))
                for code in data.draw(st.sets(st.sampled_from(codes)))
            }
            changed = applied(dataset, {row: {code: (free[code], n) for code, n in steps.items()}})
            expected = ranking.evaluate(changed, rules, against)[name]
            values = {code: free[code].value(n) for code, n in steps.items()}
            assert there.percentile(row, values) == pytest.approx(
                100 * expected.rank[row] / expected.ranked[row], abs=1e-9
            )
            assert there.composite_with(row, values) == pytest.approx(expected.composite[row], abs=1e-9)
            for code, value in values.items():
                own = there.own(row, code, np.array([value]))[0]
                assert own == pytest.approx(expected.indicator[row, POSITION[code]], abs=1e-9)
