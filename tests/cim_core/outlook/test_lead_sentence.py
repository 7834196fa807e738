"""The one sentence of an LEA, its tag and its two cards, for every kind of clause that may decide."""

from __future__ import annotations

import pytest

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.outlook import exposure, lead_sentence, step_cards, tags
from cim_core.outlook.change_search import ground
from cim_core.outlook.closeness import closeness
from cim_core.outlook.levers import Way
from cim_core.outlook.smallest_change import answer
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import WORKING
from tests.conftest import RULEBOOKS, sample_placements

SAY = WORKING.say


def looked_at(book: str, code: str, year: str = "2024-25"):
    placements = sample_placements(book)
    on = ground(placements, year)
    row = placements.dataset.row_of(code, year)
    return on, row, closeness(on, [row])[row]


@pytest.mark.parametrize(
    ("book", "code", "said", "tag"),
    [
        ("at-a-glance", "9910112",
         "Targeted Level 1 because it misses 1 target: 5a, regular class, by one student.",
         ("Fragile", "one student decides")),
        ("at-a-glance", "9910042", "Targeted Level 2 because it misses 6 of 23 targets.",
         ("Solid", "143 students at least")),
        ("at-a-glance", "9910084",
         "Intensive because it ranks 8th lowest of 634 LEAs on ELA, math, suspension and chronic absence.",
         ("Solid", "56 places inside")),
        ("at-a-glance", "9910105",
         "Targeted Level 2 because it is newly disproportionate: Black students, "
         "disciplinary removals in total.", ("Fragile", "3 students decide")),
        ("at-a-glance", "9910091", "Targeted Level 3 because its file states 3 years of disproportionality.",
         ("Not tested", "rests on what the file states")),
        ("at-a-glance", "9910028", "Targeted Level 1 because of 1 minor compliance finding.",
         ("Close", "4 students decide")),
        ("at-a-glance", "9910098", "At least Universal, and not settled: it could be up to Targeted Level 1.",
         ("Not settled", "up to Targeted Level 1")),
        ("at-a-glance", "99101611300253", "Not placed because too little is known.",
         ("Not settled", "up to Intensive")),
        ("at-a-glance", "9910000",
         "Universal because it misses none of 23 targets and no other rule applies.",
         ("Close", "5 students decide")),
        ("cde-2022", "9910000", "Universal because no rule for a higher tier applies.",
         ("Solid", "nothing near would change it")),
        ("cde-2023", "9910133", "On the track for small LEAs, with 88 students with disabilities.",
         ("Not tested",)),
        ("cde-2023", "9910049",
         "Targeted Level 3 because its file puts it in the lowest 15% statewide.",
         ("Not tested", "the percent is the file's own")),
        ("cde-2023", "9910112",
         "at least Targeted Level 1 because it misses 1 target: 5a, regular class, by one student.",
         ("Not settled", "up to Targeted Level 3")),
    ],
)  # fmt: skip
def test_sentence_and_tag(book, code, said, tag):
    on, row, near = looked_at(book, code)
    assert SAY(lead_sentence.sentence(on, row)) == said
    assert tuple(SAY(one) for one in tags.tag(on, row, near) if one is not None) == tag


def alone(facts: Facts):
    row = LeaYear("9900001", "2023-24", "Oak", "S", facts, {"5a": Cell(rate=60)})
    return ground(place(build([row]), rulebook_file.load(), WITHIN), "2023-24")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(swd=300, percentile=50, newly_disproportionate=True),
         "Targeted Level 2 because its file states that it is newly disproportionate."),
        (Facts(swd=300, percentile=50, sig_dis=True),
         "because its file states significant disproportionality."),
        (Facts(swd=300, percentile=50, disproportionate_years=0, newly_disproportionate=False,
               minor_findings=2), "Targeted Level 1 because of 2 minor compliance findings."),
        (Facts(swd=300, percentile=7), "Intensive because its file puts it in the lowest 7% statewide."),
    ],
)  # fmt: skip
def test_what_files_state(facts, said):
    assert said in SAY(lead_sentence.sentence(alone(facts), 0))


def test_one_indicator_that_is_ranked_by_itself():
    rows = [
        LeaYear(f"99{at:05d}", "2023-24", "", "", Facts(swd=300, preschool_percentile=50),
                {"5b": Cell(numerator=10 + at, denominator=300), "5a": Cell(numerator=200, denominator=300)})
        for at in range(40)
    ]  # fmt: skip
    on = ground(place(build(rows), rulebook_file.load("cde-2023"), WITHIN), "2023-24")
    row = on.placements.dataset.row_of("9900038", "2023-24")
    clause = on.placements.clause(row)
    assert clause is not None
    said = SAY(lead_sentence.sentence(on, row))
    assert "2nd lowest of 40 LEAs" in said


def cards(book: str, code: str):
    on, row, near = looked_at(book, code)
    apart = exposure.without(on)
    less, more = (answer(apart, row, way) for way in (Way.LESS, Way.MORE))
    return step_cards.down(on, row, less, near), step_cards.out(on, row, more), on, row


def texts(card) -> tuple[str, list[str], list[str]]:
    return SAY(card.title), [SAY(line.said) for line in card.lines], [SAY(note) for note in card.notes]


def test_one_more_student():
    down, out, _, _ = cards("at-a-glance", "9910112")
    assert texts(down) == (
        "To step down to Universal",
        ["1 more student in regular class for 80% of the day"],
        ["5a goes from 237 to 238 of 446."],
    )
    assert texts(out) == (
        "To stay out of Targeted Level 2",
        ["2 more misses would put it there"],
        ["7B2, 11 and 12 each hang on one student."],
    )
    assert down.plan.counted and out.plan.counted


def test_any_one_of_several_with_real_base_rates():
    down, out, on, row = cards("at-a-glance", "9910084")
    title, lines, notes = texts(down)
    assert title == "To step down to Targeted Level 3: any one of these" and len(lines) == 3
    assert lines[0] == "65 fewer suspended students" and lines[2].startswith("ELA up 37")
    assert [WORKING.bare(one) for one in down.lines[0].counts] == ["110", "45"]
    assert notes == ["Each is more than 9 in 10 LEAs of like size gained in one year.",
                     "If CDE ranks as assumed."]  # fmt: skip
    assert out is None and step_cards.by_rank(on, row) is None
    found = answer(exposure.without(on), row, Way.LESS)
    shares = [
        rate.made / rate.leas
        for plan in found.plans
        for change in plan.changes
        if (rate := step_cards.base_rate(on, row, change, Way.LESS)) is not None
    ]
    assert len(shares) == 3 and max(shares) < 0.1, "the claim is what the state's file shows"


def test_fewer_students_of_a_group_and_not_a_second_year():
    down, out, _, _ = cards("at-a-glance", "9910105")
    title, (line,), _ = texts(down)
    assert title == "To step down to Targeted Level 1"
    assert line == "3 fewer of the Black students removed for discipline"
    assert [WORKING.bare(one) for one in down.lines[0].counts] == ["19", "16"]
    assert texts(out)[:2] == ("To stay out of Targeted Level 3", ["Not a second year over 3.0"])


def test_where_nothing_can_it_says_so_shortly():
    down, out, _, _ = cards("at-a-glance", "9910028")
    assert texts(down) == ("To step down", [], ["No result can. What the file states stands."])
    assert texts(out)[1] == ["3 more misses would put it there"]
    down, out, _, _ = cards("at-a-glance", "99101611300253")
    assert down is None and out is None


def test_universal_has_its_rank_as_the_other_card():
    down, out, on, row = cards("at-a-glance", "9910000")
    assert down is None and texts(out)[1] == ["1 more miss would put it there"]
    title, (line,), _ = texts(step_cards.by_rank(on, row))
    assert title == "To stay out of Targeted Level 3" and "places away" in line


@pytest.mark.parametrize("book", RULEBOOKS)
def test_every_lea_of_the_sample_has_all_of_it(book):
    for year in sample_placements(book).dataset.years:
        placements = sample_placements(book)
        on = ground(placements, year)
        apart = exposure.without(on)
        for row in placements.dataset.rows_of_year(year).tolist():
            near = closeness(on, [row])[row]
            said = [lead_sentence.sentence(on, row), *filter(None, tags.tag(on, row, near))]
            each = (
                step_cards.down(on, row, answer(apart, row, Way.LESS), near),
                step_cards.out(on, row, answer(apart, row, Way.MORE)),
                step_cards.by_rank(on, row),
            )
            for card in filter(None, each):
                said += [card.title, *card.notes, *(line.said for line in card.lines)]
                assert card.lines or card.notes
            texts_said = [SAY(one) for one in said]
            assert all(texts_said) and not any(";" in one or "{" in one for one in texts_said)
