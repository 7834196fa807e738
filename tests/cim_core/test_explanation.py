"""Why, in words: every sentence holds this LEA's own numbers."""

from __future__ import annotations

from cim_core import export, intake, reference, rulebook_file
from cim_core.disclosure import Disclosure
from cim_core.explanation import explain
from cim_core.placement import place
from cim_core.ranking import NO_REFERENCE, WITHIN
from cim_core.rulebook import Fact

GATE = Disclosure()
HEAD = "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,percentile,"


def why(
    columns: str, values: str, book: str = "at-a-glance", against=NO_REFERENCE, head: str = HEAD, **options
):
    taken = intake.read(f"{head}{columns}\n{values}\n".encode(), "x.csv", **options)
    return explain(place(taken.dataset, rulebook_file.load(book), against), 0)


def said(told) -> str:
    return "\n".join(GATE.say(one) for one in (told.headline, *told.sentences))


def test_missed_targets_with_rate_fraction_target_vintage_and_distance():
    text = said(why("5a_n,5a_d,1,11_n,11_d,5b", "9900001,Oak,S,2023-24,250,0,0,50,500,1000,90.00,39,41,10"))
    assert "Oak is placed in Targeted Level 2 for 2023-24." in text
    assert "3 or more targets missed. Here: 3 targets missed, based on 4 of 25 elements" in text
    assert (
        "5a Regular class ≥ 80 %: 50.00 % (500 of 1,000), target ≥53.2 % (2019-20, assumed), "
        "off by 3.20 points" in text
    )
    assert (
        "1 Graduation: 90.00 %, exactly on the target of >90 % (2019-20, assumed), which must be passed"
        in text
    )
    assert (
        "11 Evaluation in 60 days: 95.12 % (39 of 41), target ≥100 % (every year), off by 4.88 points" in text
    )
    assert (
        "Not Intensive by “bottom 10 % statewide on the school-age evaluation”: 50.00 % from the worst"
        in text
    )
    assert "disproportionate for 0 years in a row" in text


def test_what_is_unknown_and_what_it_could_change():
    text = said(why("5a", "9900001,Oak,S,2023-24,250,,0,50,60"))
    assert (
        "provisionally: with what is not known it could also be Targeted Level 2 and Targeted Level 3" in text
    )
    assert "Unknown: “disproportionate 2 or more years in a row”, because the file does not say" in text
    assert "If it holds, the placement becomes Targeted Level 3." in text


def test_an_assumed_rule_is_never_shown_as_official():
    text = said(why("5a", "9900001,Oak,S,2023-24,250,0,0,7,60"))
    assert "(a rule that is assumed, not public). Here: 7.00 % from the worst, as the file states" in text


def test_rank_and_reference_are_named():
    state = reference.shipped()
    row = state.dataset.row_of("1964733", "2023-24")
    taken = intake.read_path(reference.SHIPPED)
    text = said(explain(place(taken.dataset, rulebook_file.load(), WITHIN), row))
    assert "not statewide" in text and "Ranks" not in text.split("\n")[0]
    assert "Illustration" in text


def test_small_leas():
    text = said(why("5a", "9900001,Oak,S,2023-24,61,0,0,,60"))
    assert "not evaluated: 61 students with disabilities, and ranking starts above 100" in text
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
    sample = intake.read_path(reference.SHIPPED.parent / "invented_selpa.csv").dataset
    for book in rulebook_file.available():
        for against in (NO_REFERENCE, WITHIN, reference.shipped()):
            placements = place(sample, rulebook_file.load(book), against)
            for row in range(len(sample)):
                told = export.explain_row(placements, row, GATE)
                assert len(told["clauses"]) == len(placements.rulebook.clauses)
                assert all(one["detail"] and one["source"] and one["status"] for one in told["clauses"])
                assert told["reasons"] and len(told["support"]) == 3
                assert "{" not in str(told["reasons"])


def test_the_sample_covers_every_placement_and_situation():
    sample = intake.read_path(reference.SHIPPED.parent / "invented_selpa.csv").dataset
    placements = place(sample, rulebook_file.load(), reference.shipped())
    rows = sample.rows_of_year(sample.years[-1])
    assert len(rows) == 24 and len(sample.years) == 3
    assert {placements.placement(row).label for row in rows} == {
        one.label for one in placements.rulebook.placements
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
