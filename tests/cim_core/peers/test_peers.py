"""LEAs like this one: the nearest by size, the same type first, never the LEA itself, redone by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core import peers
from cim_core.data import dataset
from cim_core.data.dataset import Cell, Facts, LeaYear, lea_key
from cim_core.peers import Lacking, PeerSource
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Disclosure
from tests.conftest import sample_placements
from tests.oracles import peers as slow_peers
from tests.strategies import lea_years, rulebooks

BOOK = rulebook_file.load()
SAY = Disclosure().say
STATE = reference.shipped()
NOW = "2023-24"


def lea(at, swd, name="", kind="", enrollment=None, year=NOW, **rates):
    cells = {code: Cell(rate=Decimal(str(rate)), denominator=100) for code, rate in rates.items()}
    facts = Facts(swd=swd, lea_type=kind, enrollment=enrollment)
    return LeaYear(f"99{at:05d}", year, name or f"LEA {at}", "S", facts, cells)


def found(one, *others, count=10, kind=ReferenceKind.STATEWIDE, **edits):
    """The peers of the first LEA among the others, as a statewide reference or beside it in its file."""
    if kind is not ReferenceKind.STATEWIDE:
        data = dataset.build([one, *others])
        placements = place(data, BOOK, Reference(kind))
        return peers.peers(placements, data.row_of(one.lea_code, one.year), Reference(kind), count, **edits)
    state = Reference(kind, dataset.build(others))
    return peers.peers(place(dataset.build([one]), BOOK, state), 0, state, count, **edits)


def names(one):
    return [peer.lea_name for peer in one.each]


@st.composite
def schools(draw):
    """LEA-years with ties in size, several types and enrollments, and names that repeat."""
    sizes = st.sampled_from([None, 0, 1, 50, 99, 100, 101, 200, 202, 400, 10_007, 20_014])
    kinds = st.sampled_from(["", "unified", "Unified ", "coe"])

    def changed(row):
        enrollment = draw(st.sampled_from([None, 0, 900, 1800]))
        facts = replace(row.facts, swd=draw(sizes), lea_type=draw(kinds), enrollment=enrollment)
        return replace(row, facts=facts, lea_name=draw(st.sampled_from("ABC")))

    return [changed(row) for row in draw(lea_years(most=9))]


def check_gaps(one: peers.Peers, data: dataset.Dataset, row: int) -> None:
    """Each gap is the LEA's own value less the median, where it has one."""
    for each in one.compared:
        exact = data.exact(row, each.indicator.code)
        assert (each.here is None) == (exact is None) == (each.gap is None)
        if each.gap is not None:
            assert each.gap.value == each.here.value - each.median.value


@settings(deadline=None)
@given(schools(), schools(), rulebooks(), st.booleans(), st.integers(1, 12))
def test_the_slow_way_finds_the_same(mine, state, book, within, count):
    data = dataset.build(mine)
    against = WITHIN if within else Reference(ReferenceKind.STATEWIDE, dataset.build(state))
    placements = place(data, book, against)
    placed = peers.place_pool(placements, against)
    for row in range(len(data)):
        one = peers.peers(placements, row, against, count, pool=placed)
        pool = one.pool.dataset
        expected = slow_peers.nearest(data, row, pool, count)
        assert [lea_key(peer.lea_code) for peer in one.each] == expected
        assert lea_key(str(data.lea_code[row])) not in expected
        assert (one.lacking is None) == bool(expected)
        medians = slow_peers.medians(data, pool, [peer.row for peer in one.each], book.precision)
        assert {each.indicator.code: each.median.value for each in one.compared} == medians
        check_gaps(one, data, row)
        for peer in one.each:
            assert pool.year[peer.row] == one.year <= data.year[row]
            assert peer.placement == one.pool.placement(peer.row)
        for text in (peers.finding(one), peers.size(one), peers.placed(one)):
            assert text is None or SAY(text)


def test_half_as_many_is_as_far_as_twice_and_ties_go_by_name_then_code():
    here = lea(1, 100)
    others = [lea(2, 200, "B"), lea(3, 50, "C"), lea(4, 50, "A"), lea(6, 200, "A"), lea(5, 150, "Z")]
    one = found(here, *others)
    assert [(peer.lea_name, peer.lea_code) for peer in one.each] == [
        ("Z", "9900005"), ("A", "9900004"), ("A", "9900006"), ("B", "9900002"), ("C", "9900003"),
    ]  # fmt: skip
    assert [peer.like_size for peer in one.each] == [True] * 5
    assert names(found(here, *others, count=2)) == ["Z", "A"]
    far = found(here, lea(2, 201), lea(3, 49))
    assert [peer.like_size for peer in far.each] == [False, False]
    assert "nearest in size" in SAY(peers.finding(far)) and "0 of 2" in SAY(peers.size(far))


def test_the_lea_itself_is_never_a_peer_however_its_code_is_written():
    others = [replace(lea(1, 100, "Itself"), lea_code="99000010000000"), lea(2, 5000)]
    one = found(lea(1, 100), *others)
    assert names(one) == ["LEA 2"]
    with pytest.raises(ValueError, match="9900001"):
        found(lea(1, 100), *others, added=["99-00001"])


def test_the_same_type_comes_first_and_an_unknown_one_prefers_nobody_but_county_offices_stand_last():
    others = [
        lea(2, 100, kind="elementary"),
        lea(3, 101),
        lea(4, 900, kind=" UNIFIED"),
        lea(5, 100, kind="coe"),
    ]
    one = found(lea(1, 100, kind="unified"), *others)
    assert names(one) == ["LEA 4", "LEA 2", "LEA 3", "LEA 5"]
    assert [peer.same_type for peer in one.each] == [True, False, None, False]
    assert names(found(lea(1, 100), *others)) == ["LEA 2", "LEA 3", "LEA 4", "LEA 5"]


def test_names_tell_county_offices_where_types_are_not_given():
    offices = [
        lea(2, 900, "Sierra County Office of Education"),
        lea(3, 400, "Tuolumne County Superintendent of Schools"),
        lea(4, 200, "Orange County Department of Education"),
        lea(5, 5000, "Kern COE"),
    ]
    districts = [lea(6, 100, "Mariposa County Unified"), lea(7, 101, "Office Hills Elementary")]
    here = lea(1, 100, "Alpine County Office of Education")
    one = found(here, *districts, *offices, count=5)
    assert [peer.lea_code[-1] for peer in one.each] == ["4", "3", "2", "5", "6"]
    assert "nearest in size" in SAY(peers.finding(one))
    only = found(here, *districts, *offices, count=2)
    assert SAY(peers.finding(only)).startswith("The 2 county offices nearest in size in the state")
    near = found(here, lea(4, 150, "Orange County Department of Education"), kind=ReferenceKind.WITHIN)
    assert SAY(peers.finding(near)).startswith("1 county office of like size in this file")
    district = found(lea(1, 900, "Oak Unified"), *districts, *offices, count=3)
    assert [peer.lea_code[-1] for peer in district.each] == ["7", "6", "2"]
    typed = found(lea(1, 100, "Alpine", kind="County Office of Education"), *districts, *offices, count=1)
    assert names(typed) == ["Orange County Department of Education"]


def test_enrollment_counts_only_where_both_have_it():
    others = [lea(2, 101, enrollment=9000), lea(3, 120), lea(4, 150, enrollment=1000)]
    assert names(found(lea(1, 100, enrollment=1000), *others)) == ["LEA 3", "LEA 4", "LEA 2"]
    assert names(found(lea(1, 100), *others)) == ["LEA 2", "LEA 3", "LEA 4"]


def test_a_file_may_say_how_many_students_are_enrolled():
    text = b"lea_code,year,swd,enrollment,5a\n9900001,2023-24,100,1200,50\n9900002,2023-24,90,x,50\n"
    taken = checked_files.take(text, "x.csv")
    assert taken.dataset.enrollment.tolist() == [1200, -1]
    assert [one.kind for one in taken.errors] == ["bad_count"]


@pytest.mark.parametrize(
    ("here", "others", "why"),
    [
        (lea(1, None), [lea(2, 100)], Lacking.SWD_UNKNOWN),
        (lea(1, 0), [lea(2, 100)], Lacking.NO_STUDENTS),
        (lea(1, 100, year="2020-21"), [lea(2, 100)], Lacking.NO_YEAR),
        (lea(1, 100), [lea(1, 100), lea(2, None), lea(3, 0)], Lacking.NOBODY),
    ],
)
def test_without_peers_it_is_said_why(here, others, why):
    one = found(here, *others)
    assert one.lacking is why and not one.each and not one.compared and one.found == ()
    assert SAY(peers.finding(one)).startswith("No LEAs like this one: ")
    assert peers.size(one) is None and peers.placed(one) is None


def test_an_lea_of_unknown_size_may_be_added_by_hand():
    one = peers.add(found(lea(1, None), lea(2, 100), lea(3, None)), "9900003")
    assert names(one) == ["LEA 3"] and one.edited and one.each[0].added and one.each[0].swd is None
    assert one.lacking is Lacking.SWD_UNKNOWN and peers.size(one) is None
    assert "you chose" in SAY(peers.finding(one))


def test_changes_to_the_list_hold_and_nobody_moves_up():
    others = [lea(at, 100 + at) for at in range(2, 9)]
    one = found(lea(1, 100), *others, count=3)
    assert names(one) == ["LEA 2", "LEA 3", "LEA 4"] and not one.edited
    less = peers.drop(one, "99-00003")
    assert names(less) == ["LEA 2", "LEA 4"] and less.edited and less.found == one.found
    more = peers.add(less, "99000080000000")
    assert names(more) == ["LEA 2", "LEA 4", "LEA 8"]
    assert [peer.added for peer in more.each] == [False, False, True]
    assert "as you changed the list" in SAY(peers.finding(more))
    back = peers.add(peers.drop(more, "9900008"), "9900003")
    assert names(back) == names(one) and not back.edited
    added, dropped = peers.changed_to(one, ["9900002", "99000080000000"])
    again = found(lea(1, 100), *others, count=3, added=added, dropped=dropped)
    assert names(again) == ["LEA 2", "LEA 8"]
    nobody = found(lea(1, 100), *others, count=3, dropped=one.found)
    assert not nobody.each and "taken off" in SAY(peers.finding(nobody))
    with pytest.raises(ValueError, match="9900099"):
        peers.add(one, "9900099")


def test_candidates_are_everybody_else_of_the_year_by_name():
    one = found(lea(1, 100), lea(4, 9, "A"), lea(2, None, "B"), lea(3, 1, "A"), lea(5, 100, year="2022-23"))
    codes = one.pool.dataset.lea_code
    assert [codes[row] for row in peers.candidates(one)] == ["9900003", "9900004", "9900002"]


def test_peers_are_of_the_newest_year_up_to_this_one():
    others = [lea(2, 100, year=year) for year in ("2021-22", "2022-23", "2024-25")]
    one = found(lea(1, 100), *others)
    assert one.year == "2022-23" and one.older
    assert not found(lea(1, 100), lea(2, 100)).older


@pytest.mark.parametrize("kind", [ReferenceKind.WITHIN, ReferenceKind.NONE])
def test_peers_from_the_file_are_never_called_statewide(kind):
    one = found(lea(1, 100), lea(2, 120, susp=3), kind=kind)
    assert one.source is PeerSource.FILE and one.pool is one.placements and names(one) == ["LEA 2"]
    for said in (peers.finding(one), peers.placed(one)):
        assert "file" in SAY(said) and "state" not in SAY(said)


def test_statewide_peers_are_of_the_state_and_never_of_the_upload():
    placements = sample_placements()
    data = placements.dataset
    for row in data.rows_of_year("2024-25").tolist():
        one = peers.peers(placements, row, STATE)
        assert one.source is PeerSource.STATEWIDE and len(one.each) == 10 and one.year == "2024-25"
        assert not {lea_key(peer.lea_code) for peer in one.each} & set(data.lea_key.tolist())
        few = str(data.lea_type[row]) == "charter"  # the state file holds few of this type, of every size
        assert few or all(peer.like_size for peer in one.each)
        assert all(peer.same_type for peer in one.each)
        assert "in the state" in SAY(peers.finding(one)) and "file" not in SAY(peers.finding(one))


def test_what_the_state_says_of_an_lea_of_the_upload_stands():
    data = dataset.build([lea(1, 100), lea(2, 100, susp=90), lea(3, 101)])
    state = Reference(ReferenceKind.STATEWIDE, dataset.build([lea(1, 100), lea(2, 130, susp=5)]))
    one = peers.peers(place(data, BOOK, state), 0, state)
    assert names(one) == ["LEA 2"] and one.each[0].swd.value == 130 and one.compared[0].median.value == 5


def test_the_state_is_ranked_among_all_its_own_leas():
    pool = peers.place_pool(sample_placements(), STATE)
    ranked = pool.percentiles["school_age"]
    assert pool.dataset is STATE.dataset and ranked.reference is WITHIN
    now = pool.dataset.rows_of_year("2023-24")
    among = ranked.ranked[now]
    assert np.nanmax(among) > 500 and np.nanmin(ranked.percentile[now]) < 1
    assert peers.place_pool(sample_placements(), NO_REFERENCE) is sample_placements()


def test_medians_can_be_redone_and_what_stands_apart_is_measured_in_spreads():
    others = [lea(at, 100, susp=rate, chronic=20 + at) for at, rate in enumerate([1, 2, 4.004, 4.006], 2)]
    one = found(lea(1, 100, susp=9, chronic="23.5"), *others, lea(9, 100))
    chronic, susp = one.compared
    assert susp.indicator.code == "susp"
    assert [float(value.value) for _, value in susp.each] == [1, 2, 4, 4.01]
    assert susp.median.value == 3 and susp.gap.value == 6 and susp.better is False
    # distances from the median: 2, 1, 1, 1.01
    assert float(susp.spread.value) == pytest.approx(1.01, abs=0.006) and len(susp.each) == 4
    assert chronic.gap.value == 0 and chronic.better is None
    assert one.standing_out is susp
    assert "9.0% here, their median 3.0% (worse here)" in SAY(peers.finding(one))


def test_nothing_stands_apart_from_too_few_or_from_those_who_are_all_alike():
    two = found(lea(1, 100, susp=9), lea(2, 100, susp=1), lea(3, 100, susp=2))
    assert two.standing_out is None and "stands apart" in SAY(peers.finding(two))
    alike = found(lea(1, 100, susp=9), *(lea(at, 100, susp=1) for at in range(2, 8)))
    assert alike.standing_out is None
    known, unknown = ([lea(at, 100, susp=at) for at in (2, 3, 4)], [lea(at, 100) for at in range(5, 11)])
    most_without = found(lea(1, 100, susp=9), *known, *unknown)
    assert found(lea(1, 100, susp=9), *known).standing_out is not None
    assert most_without.standing_out is None
    small = lea(1, 100)
    small = replace(small, cells={"susp": Cell(rate=Decimal(9), denominator=29)})
    assert found(small, *known).standing_out is None and not found(small, *known).compared[0].reliable
    nothing = found(lea(1, 100), lea(2, 100, susp=1))
    assert "can be set beside" in SAY(peers.finding(nothing)) and nothing.compared[0].here is None


def test_how_they_are_placed_says_on_what_it_rests():
    one = found(lea(1, 100), lea(2, 100, **{"5a": 1, "5b": 99}), lea(3, 100))
    peer, empty = one.each
    assert (peer.counted, empty.counted) == (2, 0) and peer.elements == len(BOOK.elements.indicators)
    said = SAY(peers.placed(one))
    assert f"1 {peer.placement.name}" in said and f"0 to 2 of {peer.elements} elements" in said
    assert "2023-24" in said and not empty.firm and "1 with too little to place" in said
    assert (empty.standing, SAY(empty.placed)) == ("too_little", "too little to place")
    assert not peer.firm and "(1 of 2)" in said
    assert SAY(peers.illustration(one)).startswith("Illustration, not CDE's placement")
    assert peers.illustration(found(lea(1, 100), lea(2, 100), kind=ReferenceKind.WITHIN)) is None


def check_placed_by_ranking(ranked: list[peers.Peer], said: str) -> None:
    for peer in ranked:
        label, unsure = peer.placement.name, "" if peer.firm else " ?"
        assert SAY(peer.placed) == f"{label}{unsure}, by the ranking alone"
        same = [one for one in ranked if one.placement == peer.placement]
        assert f"{len(same)} {label} by the ranking alone" in said


def test_who_is_placed_by_the_ranking_alone_is_said_so():
    """The shipped state gives rates that are ranked and no element: Intensive on 0 of 25 elements."""
    placements = sample_placements()
    pool = peers.place_pool(placements, STATE)
    seen = set()
    for row in placements.dataset.rows_of_year("2024-25").tolist():
        one = peers.peers(placements, row, STATE, pool=pool)
        said = SAY(peers.placed(one))
        seen |= {peer.standing for peer in one.each}
        assert all(peer.counted or peer.standing != "label" for peer in one.each)
        check_placed_by_ranking([peer for peer in one.each if peer.standing == "ranking"], said)
        little = sum(peer.standing == "too_little" for peer in one.each)
        assert not little or f"{little} with too little to place" in said
        assert "Not placed" not in said
        still = sum(not peer.firm and peer.standing != "too_little" for peer in one.each)
        assert ("could still be another" in said) == bool(still)
        assert not still or f"({still} of 10)" in said
    assert seen == {"ranking", "too_little"}
