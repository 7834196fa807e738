"""The ladder in short: a rule in about four words, this LEA's value, and the answer."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from cim_core.data.dataset import Facts, build
from cim_core.data.facts import Fact
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.whatif.scenario import Scenario, changed_rulebook
from cim_core.why.explanation import Explanation, explain
from cim_core.words.disclosure import WORKING
from tests.changes import changes
from tests.conftest import examples, sample_placements
from tests.oracles import placement
from tests.strategies import lea_years, rulebooks

FACTS = frozenset(Facts.__dataclass_fields__)
HEAD = "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,percentile,"
say = WORKING.say


def labels(rulebook: Rulebook) -> list[str]:
    return [say(one.short(rulebook)) for one in rulebook.clauses]


def why(columns: str, values: str, book="at-a-glance", against=NO_REFERENCE, head=HEAD, **options):
    taken = checked_files.take(f"{head}{columns}\n{values}\n".encode(), "x.csv", **options)
    rulebook = book if isinstance(book, Rulebook) else rulebook_file.load(book)
    return explain(place(taken.dataset, rulebook, against), 0)


def rungs(told: Explanation) -> dict[str, tuple[str, str]]:
    """Value and answer of each rung by the clause's id."""
    return {one.clause.id: (say(one.value), say(one.answer)) for one in told.clauses}


def test_the_rules_of_every_shipped_rulebook():
    assert labels(rulebook_file.load("at-a-glance")) == [
        "Lowest 10% statewide",
        "Next 10% statewide",
        "Disproportionate 2+ years",
        "3 or more targets missed",
        "Newly disproportionate",
        "1 or 2 targets missed",
        "Minor compliance findings",
    ]
    assert labels(rulebook_file.load("cde-2022")) == [
        "Lowest under 4% statewide",
        "4% to under 8% statewide",
        "8% to 10% statewide",
        "Disproportionate 2+ years",
        "Newly disproportionate",
    ]
    assert labels(rulebook_file.load("cde-2023")) == [
        "Lowest under 4% statewide",
        "4% to under 8% statewide",
        "8% to 10% statewide",
        "Next 10% statewide",
        "Over 10% to 20%, preschool evaluation",
        "Lowest 10% on 5a, 5b or 5c",
        "Disproportionate 2+ years",
        "3 or more targets missed",
        "1 or 2 targets missed",
    ]


@pytest.mark.parametrize(
    ("key", "value", "label"),
    [
        ("intensive.to", Decimal("12.5"), "Lowest 12.5% statewide"),
        ("level-3-percentile.to", Decimal("25"), "Next 15% statewide"),
        ("level-3-percentile.over", Decimal("12"), "Over 12% to 20% statewide"),
        ("level-3-disproportionate.at_least", 3, "Disproportionate 3+ years"),
        ("level-3-disproportionate.at_least", 1, "Disproportionate 1+ year"),
        ("level-2-missed.at_least", 5, "5 or more targets missed"),
        ("level-2-missed.at_least", 1, "Any target missed"),
        ("level-1-missed.at_most", 4, "1 to 4 targets missed"),
        ("level-1-missed.at_most", 1, "1 target missed"),
        ("level-1-missed.at_least", 2, "2 targets missed"),
        ("level-1-findings.at_least", 3, "3 or more minor findings"),
    ],
)
def test_a_rule_is_said_with_its_own_numbers(key, value, label):
    rulebook = changed_rulebook(
        Scenario("at-a-glance", changes=changes({f"clauses.{key}": value})), rulebook_file.load()
    )
    at = [one.id for one in rulebook.clauses].index(key.split(".")[0])
    assert labels(rulebook)[at] == label


def test_labels_are_about_four_words():
    for book in rulebook_file.available():
        assert all(len(label.split()) <= 7 for label in labels(rulebook_file.load(book)))
    assert all(len(label.split()) <= 5 for label in labels(rulebook_file.load()))


def test_a_settled_placement_has_one_rung_that_is_why():
    told = why("5a,5b", "9900001,Oak,S,2018-19,250,0,0,50,50,10", assumed_none=[Fact.ELEMENTS])
    assert rungs(told) == {
        "intensive": ("lowest 50%", "No"),
        "level-3-percentile": ("lowest 50%", "No"),
        "level-3-disproportionate": ("0 years", "No"),
        "level-2-missed": ("1 of 2", "No"),
        "level-2-disproportionate": ("no", "No"),
        "level-1-missed": ("1 of 2", "Yes, this is why"),
        "level-1-findings": ("0", "No"),
    }
    assert (say(told.foot.short), told.foot.value, say(told.foot.answer)) == ("None of the above", None, "No")
    assert [one.clause.id for one in told.clauses if one.assumed] == ["intensive"]


def test_what_is_not_known_could_be_where_it_would_be_more_intensive():
    told = why("5a", "9900001,Oak,S,2023-24,250,,,50,50")
    assert told.placement.name == "Targeted Level 1"
    assert rungs(told) == {
        "intensive": ("lowest 50%", "No"),
        "level-3-percentile": ("lowest 50%", "No"),
        "level-3-disproportionate": ("not known", "Could be"),
        "level-2-missed": ("1 to 23 of 23", "Could be"),
        "level-2-disproportionate": ("not known", "Could be"),
        "level-1-missed": ("1 to 23 of 23", "At least this"),
        "level-1-findings": ("not known", "Not known"),
    }


def test_the_foot_and_the_track():
    open_foot = why("5a", "9900001,Oak,S,2023-24,250,,0,50,60").foot
    assert (open_foot.value, say(open_foot.answer)) == (None, "At least this")
    firm = why("5a", "9900001,Oak,S,2023-24,250,0,0,50,60", assumed_none=[Fact.ELEMENTS]).foot
    assert say(firm.answer) == "Yes, this is why"
    nothing = why("5a", "9900001,Oak,S,2023-24,250,0,0,50,NC").foot
    assert nothing.value is not None
    assert (say(nothing.short), say(nothing.value)) == ("Too few elements", "0 of 1 needed")
    small = why("5a", "9900001,Oak,S,2023-24,60,0,0,,40", "cde-2022")
    assert small.track is not None and small.track.value is not None
    said = [say(one) for one in (small.track.short, small.track.value, small.track.answer)]
    assert said == ["100 or fewer students", "60 students", "Yes, this is why"]
    assert rungs(small)["intensive-3"] == ("not ranked", "No") and say(small.foot.answer) == "No"


def test_a_placement_that_is_not_settled_is_never_said_as_if_it_were():
    told = why("5a,5b,5c", "9900001,Oak,S,2018-19,250,,0,50,50,30,10", assumed_none=[Fact.ELEMENTS])
    assert not told.firm and told.placement.name == "Targeted Level 2"
    assert rungs(told)["level-2-missed"] == ("3 of 3", "Yes, at least this")
    assert rungs(told)["level-3-disproportionate"] == ("not known", "Could be")


@pytest.mark.parametrize(
    ("facts", "years", "newly"),
    [
        ("disproportionate_years=0", "0 years", "no"),
        ("disproportionate_years=1", "first year", "first year"),
        ("disproportionate_years=2", "2 years", "2 years"),
        ("newly_disproportionate=yes", "not known", "first year"),
        ("newly_disproportionate=no", "not known", "no"),
        ("newly_disproportionate=yes disproportionate_years=3", "3 years", "yes"),
        ("newly_disproportionate=yes disproportionate_years=0", *["file contradicts itself"] * 2),
        ("sig_dis=yes", "significant", "not known"),
        ("", "not known", "not known"),
    ],
)
def test_disproportionality(facts, years, newly):
    stated = dict(one.split("=") for one in facts.split())
    columns = ",".join(["5a", *stated])
    values = ",".join(["9900001,Oak,S,2023-24,250,0,50,60", *stated.values()])
    told = rungs(why(columns, values, head="lea_code,lea_name,selpa,year,swd,minor_findings,percentile,"))
    assert (told["level-3-disproportionate"][0], told["level-2-disproportionate"][0]) == (years, newly)


def test_what_a_person_took_as_none_is_marked():
    head = "lea_code,lea_name,selpa,year,swd,percentile,"
    told = rungs(why("5a", "9900001,Oak,S,2023-24,250,50,60", head=head, assumed_none=list(Fact)))
    assert told["level-3-disproportionate"] == ("none, assumed", "No")
    assert told["level-1-findings"] == ("none, assumed", "No")


def test_a_percent_stays_on_its_side_of_every_edge():
    for given_p, printed in (("7", "7%"), ("10.0001", "10.0001%"), ("0.2", "0.2%"), ("9.97", "9.97%")):
        told = rungs(why("5a", f"9900001,Oak,S,2023-24,250,0,0,{given_p},60"))
        assert told["intensive"][0] == f"lowest {printed}"


def test_ranks_of_the_sample_as_they_are_read():
    placements = sample_placements()
    row = placements.dataset.row_of("99100210000000", "2024-25")
    told = explain(placements, row)
    values = {say(one.value) for one in told.clauses if one.clause.evaluation}
    assert all(re.fullmatch(r"\d+(st|nd|rd|th) lowest of \d+", one) for one in values), values
    assert {one.assumed for one in told.clauses if one.clause.evaluation} == {True}


def test_single_indicators_are_said_by_the_worst_of_them():
    rows = "".join(
        f"\n99000{at:02d},L{at},S,2023-24,250,0,0,50,{60 - at},100,{at},100,1,100" for at in range(1, 41)
    )
    columns = "5a_n,5a_d,5b_n,5b_d,5c_n,5c_d"
    rulebook = rulebook_file.load("cde-2023")
    taken = checked_files.take(f"{HEAD}{columns}{rows}\n".encode(), "x.csv")
    placements = place(taken.dataset, rulebook, WITHIN)
    row = placements.dataset.row_of("9900039", "2023-24")
    told = rungs(explain(placements, row))
    assert told["level-3-lre"] == ("5a: lowest 5% in this file", "Yes, this is why")


@settings(
    max_examples=examples(300),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(upload=lea_years(), state=lea_years(most=6, prefix="98"), rulebook=rulebooks())
def test_values_and_answers_are_what_the_oracle_finds(upload, state, rulebook):
    columns = FACTS | {code for row in upload for code in row.cells}
    against = Reference(ReferenceKind.STATEWIDE, build(state, FACTS, name="state"))
    placements = place(build(upload, columns), rulebook, against)
    by_key = {(row.lea_code, row.year): row for row in upload}
    for at in range(len(placements.dataset)):
        row = by_key[str(placements.dataset.lea_code[at]), str(placements.dataset.year[at])]
        expected = placement.place(row, upload, rulebook, state, columns)
        told = explain(placements, at)
        for rung, outcome in zip(told.clauses, expected["outcomes"], strict=True):
            assert say(rung.answer) in answers(rung.clause, outcome, expected)
            fits(rung, outcome, expected, row, rulebook)
        decides = [say(one.answer) for one in (*told.clauses, told.foot, *filter(None, [told.track]))]
        assert sum("this" in one for one in decides) == 1


def answers(clause, outcome: bool | None, expected: dict) -> set[str]:
    settled = len(expected["could_be"]) == 1
    if clause.id == expected["deciding"]:
        known = "Yes, this is why" if settled else "Yes, at least this"
        return {"At least this" if outcome is None else known}
    if outcome is not None:
        return {"Yes" if outcome else "No"}
    name = clause.placement.name
    return {"Could be" if name in expected["could_be"] and name != expected["placement"] else "Not known"}


def fits(rung, outcome: bool | None, expected: dict, row, rulebook: Rulebook) -> None:
    """Whether a value is the oracle's own number."""
    value = say(rung.value)
    if rung.clause.kind == "missed_targets" and outcome is not None and value != "not known":
        assert value == f"{expected['missed']} of {expected['counted']}"
    if rung.clause.kind == "percentile_band":
        percent = expected["p"][rung.clause.evaluation]
        if ranked := re.match(r"(\d+)\D+?(?:(\d+)\D+?)? lowest of (\d+)", value):
            first, last, size = (int(one) if one else None for one in ranked.groups())
            middle = Fraction(first + (last or first), 2)
            assert abs(middle * 100 / size - percent) < Fraction(1, 10**6)
        elif value.startswith("lowest"):
            assert outcome is not None and row_percent(row, rung.clause.evaluation) == percent
        else:
            assert percent is None


def row_percent(row, evaluation: str) -> Fraction | None:
    stated = row.facts.preschool_percentile if evaluation == "preschool" else row.facts.percentile
    return None if stated is None else Fraction(stated)


def test_every_rung_of_the_sample_has_its_three_words():
    for book in rulebook_file.available():
        for against in (NO_REFERENCE, WITHIN, reference.shipped()):
            placements = place(sample_placements().dataset, rulebook_file.load(book), against)
            for row in range(len(placements.dataset)):
                told = explain(placements, row)
                parts = [part for one in told.clauses for part in (one.short, one.value, one.answer)]
                assert all(0 < len(say(part)) <= 40 for part in parts)
