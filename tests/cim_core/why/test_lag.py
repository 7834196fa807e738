from __future__ import annotations

from dataclasses import replace
from datetime import date

from cim_core.data.dataset import build
from cim_core.data.facts import Cell, Facts, LeaYear
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from cim_core.rules.sources import Provenance, Status
from cim_core.why import lag
from cim_core.words.disclosure import Disclosure

NOVEMBER = date(2026, 11, 29)


def placed(*facts: Facts, year: str = "2024-25") -> Placements:
    rows = [LeaYear(f"990000{at}", year, facts=one, cells={"5a": Cell(60)}) for at, one in enumerate(facts)]
    return place(build(rows), rulebook_file.load(), NO_REFERENCE)


def said(placements: Placements, *rows: int, day: date = NOVEMBER) -> list[str]:
    year = str(placements.dataset.year[rows[0]])
    old = lag.aged(placements, year, rows, day)
    assert old is not None
    return [Disclosure().say(step) for step in lag.steps(old)]


def test_the_chain_of_a_year_with_what_is_assumed_marked():
    assert said(placed(Facts()), 0) == [
        "Measured 2024-25",
        "Published 2025-26 (assumed)",
        "CDE’s letter 2026-27 (assumed)",
        "Today’s work changes 2026-27 data, letter 2028-29 (assumed)",
    ]


def test_todays_work_goes_with_the_day():
    before, after = (said(placed(Facts()), 0, day=date(2026, month, 1))[3] for month in (6, 7))
    assert "2025-26 data" in before and "2027-28" in before
    assert "2026-27 data" in after and "2028-29" in after


def test_a_letter_goes_before_what_is_assumed():
    both = Facts(cde_placement="Targeted", letter_date="2026-06-30", monitoring_year="2026")
    assert said(placed(both), 0)[2] == "CDE’s letter 2026, of 30 Jun 2026"
    assert said(placed(Facts(monitoring_year="2025-26")), 0)[2] == "CDE’s letter 2025-26"
    assert said(placed(Facts(letter_date="2026-06-30")), 0)[2] == "CDE’s letter of 30 Jun 2026"
    assert said(placed(Facts(letter_date="in June")), 0)[2] == "CDE’s letter of in June"


def test_letters_of_several_leas_are_named_once_each():
    of_two = placed(*(Facts(monitoring_year=year) for year in ("2026", "2025", "2026", "")))
    assert said(of_two, 0, 1, 2)[2] == "CDE’s letter 2025 and 2026"
    assert said(of_two, 0, 1, 2, 3)[2] == "CDE’s letter 2025 and 2026 (assumed)"  # one LEA has no letter
    assert said(of_two, 3)[2] == "CDE’s letter 2026-27 (assumed)"


def test_what_is_still_to_come_is_said_so_and_what_is_no_year_says_nothing():
    assert said(placed(Facts(), year="2026-27"), 0)[1] == "To be published 2027-28 (assumed)"
    placements = placed(Facts())
    assert lag.aged(placements, "2024", (0,), NOVEMBER) is None


def test_confirmed_steps_carry_no_mark():
    placements = placed(Facts())
    rules, sure = placements.rulebook, Provenance("flyer", Status.CONFIRMED)
    steps = rules.lag
    confirmed = replace(
        steps,
        published=replace(steps.published, provenance=sure),
        letter=replace(steps.letter, provenance=sure),
    )
    placements = place(placements.dataset, replace(rules, lag=confirmed), NO_REFERENCE)
    assert not [step for step in said(placements, 0) if "assumed" in step]


def test_one_sentence_for_documents_names_the_day():
    old = lag.aged(placed(Facts()), "2024-25", (0,), NOVEMBER)
    assert old is not None
    told = Disclosure().say(lag.sentence(old))
    assert told.startswith("Measured 2024-25 → Published") and told.endswith("(today is 29 Nov 2026).")
