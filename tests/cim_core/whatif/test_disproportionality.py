"""The numbers of disproportionality changed in a scenario: all are placed anew, as the dull version does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Cell, Facts, LeaYear
from cim_core.data.dataset import build as dataset_of
from cim_core.data.race_counts import Area, Count, Group, build
from cim_core.placing import ranking
from cim_core.placing.disproportionality import measure_anew
from cim_core.placing.from_counts import stated
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.placing.ratio_steps import ratio_steps
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.settings import RISK_RATIO, Setting
from cim_core.whatif import scenario
from cim_core.whatif.comparison import compare, severities
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.sentences import because
from cim_core.whatif.sweep import grid, sweep
from cim_core.words.disclosure import WORKING
from tests.changes import changes
from tests.cim_core.why.test_risk_ratios import BOTH
from tests.conftest import examples
from tests.oracles import placement as oracle
from tests.oracles.disproportionality import Slow

BASE = rulebook_file.load()
LEAS = ("99000010000000", "99000020000000")
YEARS = ("2022-23", "2023-24", "2024-25")
KEYS = ("threshold", "min_cell", "min_n", "years_significant")
THRESHOLDS = [one for one in thresholds.thresholds(BASE) if one.group.value == "disproportionality"]
MANY = 5
"""As many years in a row as the dull version tells apart."""

numbers = {
    "disproportionality.threshold": st.decimals(1, 6, places=2),
    "disproportionality.min_cell": st.integers(0, 30),
    "disproportionality.min_n": st.integers(0, 60),
    "disproportionality.minimums": st.sampled_from(["either", "both"]),
    "disproportionality.years_significant": st.integers(1, 3),
}


@st.composite
def counted(draw) -> list[Count]:
    """Black students against everybody in two areas, in some of three years, some of it withheld."""
    rows = []
    for lea in LEAS:
        for year in YEARS:
            for area in (Area.OSS_OVER_10, Area.AUTISM):
                if draw(st.integers(0, 4)) == 0:
                    continue
                total, others = draw(st.sampled_from([15, 20, 40, 120])), draw(st.sampled_from([25, 400]))
                cell, rest = draw(st.integers(0, total)), draw(st.integers(0, 25))
                hidden = draw(st.integers(0, 9)) == 0
                rows.append(Count(lea, year, area, Group.BLACK, None if hidden else cell, total, hidden))
                rows.append(Count(lea, year, area, Group.TOTAL, cell + rest, total + others))
    return rows


def rows_of(missed: int) -> list[LeaYear]:
    """So many targets missed, and nothing that files state of disproportionality."""
    late = {code: Cell(rate=Decimal(80)) for code in ("11", "12", "13")[:missed]}
    facts = Facts(swd=150, minor_findings=0)
    return [LeaYear(lea, year, lea, "S", facts, {"8": Cell(rate=Decimal(99)), **late}) for lea in LEAS
            for year in YEARS]  # fmt: skip


def slow(row: LeaYear, upload, rules, worked: Slow) -> set[str]:
    """Every placement that the years which the counts allow can give."""
    least, most = worked.lea_years(row.lea_code, row.year)
    if not worked.given(row.lea_code, row.year):
        return oracle.place(row, upload, rules, "none")["could_be"]
    found = set()
    for years in range(least, (MANY if most is None else min(most, MANY)) + 1):
        facts = Facts(
            swd=150, minor_findings=0, disproportionate_years=years, newly_disproportionate=years == 1
        )
        stated = LeaYear(row.lea_code, row.year, row.lea_name, "S", facts, row.cells)
        found |= oracle.place(stated, upload, rules, "none")["could_be"]
    return found


@given(rows=counted(), changed=st.fixed_dictionaries({}, optional=numbers), missed=st.integers(0, 3))
@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_changed_numbers_place_as_the_dull_version_does(rows, changed, missed):
    upload = rows_of(missed)
    data = dataset_of(upload, {code for row in upload for code in row.cells}, counts=build(rows))
    one = Scenario(changes=changes(changed))
    placed = scenario.run(one, BASE, data, NO_REFERENCE)
    rules = scenario.changed_rulebook(one, BASE)
    worked = Slow(rows, rules.disproportionality)
    for row in upload:
        at = data.row_of(row.lea_code, row.year)
        could_be = {placed.rulebook.placements[each].name for each in placed.possible[at].nonzero()[0]}
        assert could_be == slow(row, upload, rules, worked)


def brute(threshold, value, data):
    changed = scenario.changed_rulebook(Scenario(changes=threshold.changes(value)), BASE)
    return severities(place(data, changed, NO_REFERENCE))


@given(rows=counted(), name=st.sampled_from(KEYS), missed=st.integers(0, 2))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_value_along_a_range_is_brute_force(rows, name, missed):
    upload = rows_of(missed)
    data = dataset_of(upload, {code for row in upload for code in row.cells}, counts=build(rows))
    threshold = thresholds.find(BASE, Setting.parse(f"disproportionality.{name}"))
    found = sweep(threshold, BASE, data, NO_REFERENCE, ranking.evaluate(data, BASE, NO_REFERENCE))
    near = Decimal(1) if threshold.whole else Decimal("0.01")
    step = near if threshold.whole else Decimal("0.07")
    every = [threshold.least + step * at for at in range(int((threshold.most - threshold.least) / step) + 1)]
    every += [each.value + by for each in found.changes for by in (-near, 0)]
    for value in sorted({one for one in every if one >= threshold.least}):
        assert (found.severities_at(value) == brute(threshold, value, data)).all(), value


@pytest.mark.parametrize("threshold", THRESHOLDS, ids=KEYS)
def test_the_sample_along_each_range(threshold):
    data = BOTH.dataset
    found = sweep(threshold, BASE, data, NO_REFERENCE, ranking.evaluate(data, BASE, NO_REFERENCE))
    near = Decimal(1) if threshold.whole else Decimal("0.01")
    probes = {each.value + by for each in found.changes for by in (-near, 0, near)}
    for value in sorted({*probes, threshold.value, threshold.least, threshold.most}):
        if threshold.least <= value <= threshold.most:
            assert (found.severities_at(value) == brute(threshold, value, data)).all(), value
    if threshold.setting == RISK_RATIO:
        names = {str(data.lea_name[each.row]) for each in found.changes if each.value > 3}
        assert "Pine Summit Unified" in names


def test_steps_are_all_the_values_at_which_years_change():
    rules = BASE.disproportionality
    steps = ratio_steps(measure_anew(BOTH.dataset.counts, rules))
    assert steps == sorted(set(steps)) and len(steps) < 300

    def years(value):
        changed = scenario.changed_rulebook(Scenario(changes={RISK_RATIO: value}), BASE)
        found = measure_anew(BOTH.dataset.counts, changed.disproportionality)
        return found.years_least.tobytes() + found.years_most.tobytes()

    for step in [one for one in steps if 1 < one <= 10]:
        assert years(step) != years(step - Decimal("0.01"))


@pytest.mark.parametrize("years", [1, 2])
def test_what_is_significant_is_a_track_and_places_nobody(years):
    one = Scenario(changes=changes({"disproportionality.years_significant": years}))
    before, after = (scenario.run(each, BASE, BOTH.dataset, NO_REFERENCE) for each in (Scenario(), one))
    assert (before.placed == after.placed).all() and (before.possible == after.possible).all()
    assert (after.sig_dis == 1).sum() > (before.sig_dis == 1).sum()


def moved(**numbers):
    """The name, year, placement before and after, and the reasons of all who move on the sample."""
    one = Scenario(changes=changes({f"disproportionality.{name}": to for name, to in numbers.items()}))
    found = compare(*(scenario.run(each, BASE, BOTH.dataset, NO_REFERENCE) for each in (Scenario(), one)))
    names, years = BOTH.dataset.lea_name, BOTH.dataset.year
    return {
        (str(names[each.row]), str(years[each.row])): (
            each.before.name, each.after.name, " ".join(WORKING.say(said) for said in because(found, each))
        )
        for each in found.movers(range(len(BOTH.dataset)))
    }  # fmt: skip


def test_where_the_numbers_change_what_counts_say_the_counts_speak_for_the_file():
    """Nutmeg's file states its years; by the rules as they are its counts agree with it."""
    found = moved(threshold=Decimal("3.5"))
    before, after, why = found["Nutmeg Unified", "2024-25"]
    assert (before, after) == ("Targeted Level 3", "Targeted Level 1")
    assert "with the changed numbers, worked out from counts: no area and group" in why
    assert "contradicts" not in " ".join(each[2] for each in found.values())
    assert "not stated by the file" in found["Pine Summit Unified", "2024-25"][2]


def test_years_from_counts_are_not_laid_at_the_files_door():
    why = moved(min_cell=1)["Pine Summit Unified", "2024-25"][2]
    assert "worked out from counts" in why and "the file calls it" not in why


def test_what_counts_do_not_change_stays_as_the_file_states_it():
    stays = place(BOTH.dataset, BASE, NO_REFERENCE)
    one = Scenario(changes=changes({"disproportionality.threshold": Decimal("3.1")}))
    after = scenario.run(one, BASE, BOTH.dataset, NO_REFERENCE)
    assert (after.placed == stays.placed).all() and (after.possible == stays.possible).all()
    for name, before in zip(("years", "newly", "sig_dis"), stated(BOTH.dataset), strict=True):
        assert (stated(after.dataset)[("years", "newly", "sig_dis").index(name)] == before).all()
    again = place(scenario.run(Scenario(changes=changes({"disproportionality.threshold": Decimal(5)})), BASE,
                               BOTH.dataset, NO_REFERENCE).dataset, BASE, NO_REFERENCE)  # fmt: skip
    assert (again.placed == stays.placed).all()


def test_without_counts_nothing_turns():
    upload = rows_of(1)
    data = dataset_of(upload, {code for row in upload for code in row.cells})
    ranked = ranking.evaluate(data, BASE, NO_REFERENCE)
    for threshold in THRESHOLDS:
        assert not sweep(threshold, BASE, data, NO_REFERENCE, ranked).changes


def test_the_threshold_together_with_another_number():
    first, second = (thresholds.find(BASE, Setting.parse(key)) for key in
                     ("disproportionality.threshold", "clauses.level-2-missed.at_least"))  # fmt: skip
    data, ranked = BOTH.dataset, ranking.evaluate(BOTH.dataset, BASE, NO_REFERENCE)
    rows = data.rows_of_year("2024-25")
    values = [Decimal(2), Decimal("3.5"), Decimal(5)], [Decimal(2), Decimal(3), Decimal(5)]
    found = grid(first, second, BASE, data, NO_REFERENCE, ranked, rows, values)
    now = severities(place(data, BASE, NO_REFERENCE))[rows]
    for x, ratio in enumerate(values[0]):
        for y, missed in enumerate(values[1]):
            both = Scenario(changes={**first.changes(ratio), **second.changes(missed)})
            there = severities(place(data, scenario.changed_rulebook(both, BASE), NO_REFERENCE))[rows]
            assert found[x, y] == (there != now).sum()
