"""A new version against the one before: nothing changed is left out, nothing else is said."""

from __future__ import annotations

from cim_core import intake
from cim_core.movement import revision
from cim_core.placing import checked_files
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Disclosure

RULES = rulebook_file.load()
HEAD = "lea_code,lea_name,year,swd,percentile,disproportionate_years,minor_findings,5a_n,5a_d,8\n"
FIRST = "9900001,Meadow,2023-24,300,50,0,0,600,1000,95\n"
SECOND = "9900002,Brook,2023-24,300,50,0,0,600,1000,95\n"


def placed(*rows: str) -> Placements:
    return place(checked_files.take((HEAD + "".join(rows)).encode(), "x.csv").dataset, RULES, NO_REFERENCE)


def said(found: revision.Revision) -> list[tuple[str, str, str, str]]:
    say = Disclosure().say
    return [
        (
            one.lea_code,
            one.column if isinstance(one.column, str) else say(one.column),
            say(one.before),
            say(one.after),
        )
        for one in found.cells
    ]


def test_the_same_data_are_no_change():
    assert revision.revise(placed(FIRST, SECOND), placed(SECOND, FIRST)).is_empty


def test_cells_facts_and_placements():
    after = placed(FIRST.replace(",600,1000,95", ",500,1000,NC").replace("300,50,0", "310,50,"), SECOND)
    found = revision.revise(placed(FIRST, SECOND), after)
    assert said(found) == [
        ("9900001", "5a", "600 of 1,000 (60.0%)", "500 of 1,000 (50.0%)"),
        ("9900001", "8", "95.0%", Disclosure().say_id("missing.not_calculated")),
        ("9900001", "swd", "300", "310"),
        ("9900001", "disproportionate_years", "0", "unknown"),
    ]
    assert [(code, before.name, now.name) for code, _, _, before, now in found.moved] == [
        ("9900001", "Universal", "Targeted Level 1")
    ]


def test_new_and_lost_leas():
    found = revision.revise(placed(FIRST), placed(SECOND))
    assert [one[0] for one in found.added] == ["9900002"] and [one[0] for one in found.removed] == ["9900001"]
    assert not found.cells and not found.moved
    assert not revision.shares_leas(placed(FIRST).dataset, placed(SECOND).dataset)


COUNTS = "lea_code,year,area,group,cell,group_total\n"


def with_counts(*rows: str) -> Placements:
    files = [intake.Upload("x.csv", (HEAD + FIRST.replace(",50,0,0,", ",50,,0,")).encode())]
    files.append(
        intake.Upload("counts.csv", (COUNTS + "".join(f"9900001,2023-24,{row}\n" for row in rows)).encode())
    )
    return place(checked_files.read_all(files).dataset, RULES, NO_REFERENCE)


def test_counts_are_compared_and_what_they_work_out_is_no_cell_of_the_file():
    before = with_counts("removals_total,black,20,100", "removals_total,white,30,700")
    after = with_counts("removals_total,black,60,100", "removals_total,white,30,700")
    assert before.dataset.counts is not None
    found = revision.revise(before, after)
    assert [(column, old, new) for _, column, old, new in said(found)] == [
        ("Black, disciplinary removals in total", "20 of 100", "60 of 100")
    ]


def test_only_those_who_are_looked_at_are_told_of():
    third = SECOND.replace("9900002,Brook", "9900003,Cedar")
    before, after = (
        placed(FIRST, SECOND),
        placed(*(row.replace(",600,", ",500,") for row in (FIRST, SECOND, third))),
    )
    assert {row[0] for row in said(revision.revise(before, after))} == {"9900001", "9900002"}
    mine = {str(before.dataset.lea_key[0])}
    found = revision.revise(before.looking_at(mine), after.looking_at(mine))
    assert {row[0] for row in said(found)} == {"9900001"} and not found.added
    assert [code for code, *_ in found.moved] == ["9900001"]
