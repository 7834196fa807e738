"""Why, in words: every sentence holds this LEA's own numbers."""

from __future__ import annotations

import pytest

from cim_core.data import shipped
from cim_core.data.facts import Fact
from cim_core.export import rows as export
from cim_core.outlook.margins import margins
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN
from cim_core.rules import rulebook_file
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure
from tests.conftest import ROOT

GATE = Disclosure()
HEAD = "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,percentile,"


def why(
    columns: str, values: str, book: str = "at-a-glance", against=NO_REFERENCE, head: str = HEAD, **options
):
    taken = checked_files.take(f"{head}{columns}\n{values}\n".encode(), "x.csv", **options)
    return explain(place(taken.dataset, rulebook_file.load(book), against), 0)


def said(told) -> str:
    return "\n".join(GATE.say(one) for one in (told.headline, *told.sentences))


def test_missed_targets_with_rate_fraction_target_vintage_and_distance():
    text = said(why("5a_n,5a_d,1,11_n,11_d,5b", "9900001,Oak,S,2018-19,250,0,0,50,500,1000,90.00,39,41,10"))
    assert "Oak is in Targeted Level 2 for 2018-19." in text
    assert "is assumed). Here: 3 targets missed, based on 4 of 25 elements (2 of these targets" in text
    assert "a missed 11 counts is assumed: as minor findings they would make" in text
    assert (
        "5a Regular class ≥ 80%: 50.0% (500 of 1,000), target ≥53.2% (2019-20, assumed), "
        "off by 3.2 points" in text
    )
    assert (
        "1 Graduation: 90.0%, exactly on the target of >90% "
        "(2019-20, four-year cohort rate, assumed), and it must be passed" in text
    )
    assert "11 Evaluation in 60 days: 95.1% (39 of 41), target ≥100% (every year), off by 4.9 points" in text
    assert "Not Intensive by “bottom 10% on the school-age evaluation”: lowest 50%" in text
    assert "not disproportionate (0 years)" in text


def test_what_is_unknown_and_what_it_could_change():
    text = said(why("5a", "9900001,Oak,S,2023-24,250,,0,50,60"))
    assert "Oak is at least Universal for 2023-24 – not settled." in text
    assert "It could be up to Targeted Level 3." in text
    assert "22 of 25 indicators are not in your files (3a ELA," in text
    assert "Not known: “disproportionate 2 or more years in a row”, because the file does not say" in text
    assert "If it applies, the placement could become Targeted Level 3." in text


def test_an_assumed_rule_is_never_shown_as_official():
    text = said(why("5a", "9900001,Oak,S,2023-24,250,0,0,7,60"))
    assert "(a rule that is assumed, not public). Here: lowest 7%, as the file states" in text


def test_rank_and_reference_are_named():
    state = reference.shipped()
    row = state.dataset.row_of("1964733", "2023-24")
    taken = checked_files.read_path(shipped.STATEWIDE)
    text = said(explain(place(taken.dataset, rulebook_file.load(), WITHIN), row))
    assert "not statewide" in text and "Ranks" not in text.split("\n")[0]
    assert "Illustration" in text


def test_small_leas():
    text = said(why("5a", "9900001,Oak,S,2023-24,61,0,0,,60"))
    assert "not ranked: 61 students with disabilities, and ranking starts above 100" in text
    assert "Flagged as a small LEA: 61 students with disabilities, the line is 100." in text
    track = said(why("5a", "9900001,Oak,S,2023-24,61,0,0,,60", "cde-2023"))
    assert "With 61 students with disabilities (the line is 100)" in track


def test_not_placed_says_what_is_lacking():
    text = said(why("5a", "9900001,Oak,S,2023-24,250,0,0,50,NC"))
    assert "Oak cannot be placed for 2023-24" in text and "None of the 25 elements has data" in text


def test_taken_as_none_is_said_beside_every_placement():
    head = "lea_code,lea_name,selpa,year,swd,percentile,"
    text = said(why("5a", "9900001,Oak,S,2023-24,250,50,60", head=head, assumed_none=list(Fact)))
    assert "taken as none because you said so" in text and "It met the target of the only element" in text


def test_every_rung_has_detail_source_and_status_for_every_lea_of_the_sample():
    sample = checked_files.read_path(ROOT / "sample_data" / "invented_selpa.csv").dataset
    for book in rulebook_file.available():
        for against in (NO_REFERENCE, WITHIN, reference.shipped()):
            placements = place(sample, rulebook_file.load(book), against)
            for row in range(len(sample)):
                told = export.explain_row(placements, row, GATE, margins(placements))
                assert len(told["clauses"]) == len(placements.rulebook.clauses)
                assert all(one["detail"] and one["source"] and one["status"] for one in told["clauses"])
                assert told["reasons"] and len(told["support"]) == 3
                assert "{" not in str(told["reasons"])


def test_the_sample_covers_every_placement_and_situation():
    sample = checked_files.read_path(ROOT / "sample_data" / "invented_selpa.csv").dataset
    placements = place(sample, rulebook_file.load(), reference.shipped())
    rows = sample.rows_of_year(sample.years[-1])
    assert len(rows) == 24 and len(sample.years) == 3
    assert {placements.placement(row).name for row in rows} == {
        one.name for one in placements.rulebook.placements
    }
    deciding = {placements.clause(row).id for row in rows if placements.clause(row)}
    assert deciding == {clause.id for clause in placements.rulebook.clauses}
    assert sum(0 <= sample.swd[row] < 100 for row in rows) == 2
    assert (placements.sig_dis[rows] == 1).any() and not placements.firm[rows].all()
    assert {"unified", "elementary", "high", "coe", "charter"} <= set(sample.lea_type.tolist())
    nested = [
        (sample.exact(row, a), sample.exact(row, b))
        for row in rows
        for a, b in (("14a", "14b"), ("14b", "14c"))
    ]
    assert all(low <= high for low, high in nested if low is not None)


def test_newly_beside_other_years_is_said_as_the_file_has_it():
    text = said(why("newly_disproportionate,5a", "9900001,Oak,S,2023-24,250,0,0,50,yes,60"))
    assert "at least Universal for 2023-24 – not settled." in text
    assert "contradicts itself (years: 0 years, newly: yes, significant: not said)" in text


@pytest.mark.parametrize(
    ("book", "p", "printed"),
    [
        ("at-a-glance", "10.0001", "10.0001%"),
        ("cde-2023", "3.999", "3.999%"),
        ("at-a-glance", "50", "lowest 50%"),
    ],
)
def test_a_percentile_is_never_printed_on_the_wrong_side_of_an_edge(book, p, printed):
    told = why("5a", f"9900001,Oak,S,2023-24,250,0,0,{p},60", book)
    assert printed in said(told)


def test_a_small_lea_with_a_percentile_of_its_own():
    text = said(why("5a", "9900001,Oak,S,2023-24,60,0,0,9,60"))
    assert "Intensive" in text and "The rank is the file's own" in text
    assert "It is not ranked statewide" not in text


def test_within_is_said_only_of_percentiles_that_were_computed():
    assert "ranks within this file" not in said(
        why("5a", "9900001,Oak,S,2023-24,250,0,0,7,60", against=WITHIN)
    )


def test_clauses_for_the_same_placement_are_not_called_more_intensive():
    told = why("5a", "9900001,Oak,S,2023-24,250,1,0,50,60")
    assert told.placement.name == "Targeted Level 2"
    assert "Not Targeted Level 2" not in said(told)
    unknown = why("5a", "9900001,Oak,S,2023-24,250,1,0,50,NC")
    assert "could become Targeted Level 2" not in said(unknown)


def test_an_assumed_ranking_behind_a_public_rule_is_said():
    columns = "ela_dfs,ela_dfs_d,math_dfs,math_dfs_d,susp_n,susp_d,5a"
    line = "9900001,Oak,S,2023-24,250,0,0,,-130,100,-150,100,20,260,60"
    told = why(columns, line, against=reference.shipped())
    assert told.placement.name == "Targeted Level 3"
    assert "how CDE ranks is assumed" in said(told)
    rung = next(one for one in told.clauses if one.deciding)
    assert "The ranking behind it is assumed" in GATE.say(rung.source)
    assert "ranks on ELA distance, Math distance, Suspension and Chronic absence only" in said(told)
    assert "Placement (least restrictive environment) domain (5a, 5b and 5c)" in said(told)
    from_file = why("5a", "9900001,Oak,S,2023-24,250,0,0,15,60", against=reference.shipped())
    assert "how CDE ranks" not in said(from_file)


def test_why_an_lre_indicator_is_not_ranked():
    def lre(columns: str, values: str, against) -> str:
        told = why(columns, values, "cde-2023", against)
        return GATE.say(next(one.detail for one in told.clauses if one.clause.id == "level-3-lre"))

    full = "5a_n,5a_d,5b_n,5b_d,5c_n,5c_d", "9900001,Oak,S,2023-24,250,0,0,50,60,100,10,100,1,100"
    assert "the reference lacks them" in lre(*full, reference.shipped())
    assert "no statewide reference" in lre(*full, NO_REFERENCE)
    assert "ranked within this file only" in lre(*full, WITHIN)
    assert "students with disabilities is not given" in lre(
        full[0], full[1].replace("24,250,", "24,,"), reference.shipped()
    )
    assert "30 or more students are needed" in lre(full[0], full[1].replace("100", "20"), WITHIN)


def test_the_preschool_percentile_is_shown_and_never_decides():
    told = why("preschool_percentile,5a", "9900001,Oak,S,2023-24,250,0,0,50,5,60")
    assert told.placement.name == "Universal"
    assert "preschool evaluation: lowest 5%, as the file states. In these rules it is shown" in said(told)


def test_where_missed_targets_do_not_decide_that_is_said():
    told = why("5a", "9900001,Oak,S,2023-24,250,0,0,50,40", "cde-2022")
    assert told.placement.name == "Universal" and told.foot.decided
    assert "missed targets do not decide" in said(told)


def test_the_small_lea_track_and_the_foot_of_the_ladder():
    small = why("5a", "9900001,Oak,S,2023-24,60,0,0,,40", "cde-2022")
    assert small.track is not None and small.track.decided and not small.foot.decided
    assert "is on the track for small LEAs for 2023-24, not in a tier" in said(small)
    nothing = why("5a", "9900001,Oak,S,2023-24,250,0,0,50,NC")
    assert nothing.foot.decided and nothing.foot.placement.name == "Not placed"


def test_significant_disproportionality_is_never_taken_as_none():
    told = why(
        "sig_dis,5a", "9900001,Oak,S,2023-24,250,0,50,yes,60",
        head="lea_code,lea_name,selpa,year,swd,minor_findings,percentile,",
        assumed_none=[Fact.DISPROPORTIONALITY],
    )  # fmt: skip
    assert [one.name for one in told.could_be] == ["Targeted Level 3"] and told.firm
    assert "significantly disproportionate, which means at least 3 years in a row" in said(told)
