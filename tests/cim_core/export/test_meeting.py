"""Cards and decks: a board's ten questions answered, what is typed about students not shown, decks kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.export.meeting import Card, CardKind, CardSpec, Deck, Ground, Preset, deck, made, preset
from cim_core.export.meeting.card import MOST_TYPED, Bars, Dots, Lines, Question, TierRows
from cim_core.export.meeting.ground import Changed, against
from cim_core.export.meeting.typed_cards import single_students
from cim_core.outlook import change_search, exposure, smallest_change
from cim_core.outlook import closeness as near
from cim_core.peers import place_pool
from cim_core.placing.placement import Placements, place
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import Scenario
from cim_core.words.disclosure import WORKING
from tests.conftest import RULEBOOKS, sample_placements

YEAR, QUINCE = "2024-25", "9910112"


@cache
def ground(placements: Placements, year: str = YEAR) -> Ground:
    on = change_search.ground(placements, year)
    rows = placements.dataset.rows_of_year(year).tolist()
    found = cache(lambda: near(on, rows))
    return Ground(
        placements, year, date(2026, 11, 29), "Alder Valley SELPA", True,
        outlook=lambda: on,
        closeness=found,
        closeness_of=lambda row: found()[row],
        answer=lambda row, way: smallest_change.answer(exposure.without(on), row, way),
        under=lambda written: _under(placements, written),
        pool=cache(lambda: place_pool(placements, against(placements))),
    )  # fmt: skip


def _under(placements: Placements, written: str) -> Changed | None:
    if written != "harder":
        return None
    clauses = tuple(
        replace(one, at_least=1) if getattr(one, "at_least", None) == 3 else one
        for one in placements.rulebook.clauses
    )
    rules = replace(placements.rulebook, clauses=clauses)
    after = place(placements.dataset, rules, percentiles=placements.percentiles)
    return Changed(placements, after, Scenario("Harder"))


def card(kind: CardKind, on: Ground | None = None, **more: str) -> Card:
    found = made(CardSpec(kind, **more), on or ground(sample_placements()))
    assert found is not None
    return found


def said(of: Card) -> str:
    return WORKING.say(of.sentence)


@pytest.mark.parametrize("of", [Preset.BOARD, Preset.COUNCIL])
def test_a_deck_of_the_region_is_about_no_single_lea(of):
    assert not any(one.lea or one.kind.of_lea for one in preset(of, "x", "").cards)


def test_the_board_has_its_ten_questions_in_their_order():
    cards = [card(one.kind) for one in preset(Preset.BOARD, "Board", "").cards]
    asked = [one.question.id.rpartition(".")[2] for one in cards]
    assert asked == [one.value for one in Question]


@pytest.mark.parametrize("book", RULEBOOKS)
@pytest.mark.parametrize("year", ["2022-23", YEAR])
def test_every_card_of_everybody_is_made_by_every_rulebook(book, year):
    on = ground(sample_placements(book), year)
    for kind in CardKind:
        if kind.of_lea:
            for lea in on.placements.dataset.lea_code[on.rows].tolist():
                assert WORKING.say(card(kind, on, lea=lea).sentence)
        elif kind is not CardKind.WHATIF:
            found = card(kind, on)
            assert said(found) and WORKING.say(found.source)


def test_who_is_where_and_what_is_missed():
    where, missed = card(CardKind.WHERE), card(CardKind.MISSED)
    assert said(where) == "7 of 24 LEAs are in Targeted Level 3 or Intensive, and 1 more could be."
    assert isinstance(where.picture, TierRows) and isinstance(missed.picture, Bars)
    rows = where.picture.rows
    assert [(row.placement.code, row.count) for row in rows] == [
        ("I", 3), ("T3", 4), ("T2", 4), ("T1", 7), ("U", 5), ("–", 1),
    ]  # fmt: skip
    assert sum(len(row.names) for row in rows) == 24
    assert ("Oak Bend", "?") in rows[4].names
    assert said(missed) == "5a, regular class, is missed most: 10 of 23 LEAs."
    assert [bar.count for bar in missed.picture.each] == [10, 7, 6, 3, 3, 3]


def test_how_far_off_in_children():
    found = card(CardKind.LEA_NEAR, lea=QUINCE)
    assert said(found) == "Quince Valley Elementary is one student away from Universal."
    assert isinstance(found.picture, Dots)
    assert (found.picture.count.value, found.picture.group.value, found.picture.turns) == (237, 446, 1)
    assert found.number is not None and found.number.value == 1
    assert said(card(CardKind.NEAR)) == "3 LEAs are within 3 students of a less intensive level."


def test_what_it_costs_where_fifteen_percent_apply():
    assert "must set aside 15%" in said(card(CardKind.LEA_COST, lea="9910091"))
    assert "does not have to" in said(card(CardKind.LEA_COST, lea=QUINCE))
    assert said(card(CardKind.COST)).startswith("1 LEA must set aside 15%")


def test_more_than_twenty_four_are_counted_and_not_named():
    placements = sample_placements()
    several = ground(placements)
    few = replace(placements, dataset=placements.dataset.looking_at(()))
    assert isinstance((picture := card(CardKind.WHERE, several).picture), TierRows) and picture.rows[0].names
    many = replace(several, year=YEAR, placements=few)
    data = few.dataset
    years = np.where(data.year == "2023-24", YEAR, data.year)
    names = np.array([f"{name} {year}" for name, year in zip(data.lea_name, data.year, strict=True)])
    codes = np.array([f"{code}{year[:4]}" for code, year in zip(data.lea_key, data.year, strict=True)])
    twice = replace(few, dataset=replace(data, year=years, lea_name=names, lea_key=codes, lea_code=codes))
    picture = card(CardKind.WHERE, replace(many, placements=twice)).picture
    assert isinstance(picture, TierRows) and not any(row.names for row in picture.rows)
    assert sum(row.count for row in picture.rows) == 48


def test_a_what_if_has_its_banner_and_one_that_is_gone_has_no_card():
    on = ground(sample_placements())
    found = made(CardSpec(CardKind.WHATIF, scenario="harder"), on)
    assert found is not None and found.banner is not None
    assert "not CDE’s rules" in WORKING.say(found.banner) and "move" in said(found)
    assert made(CardSpec(CardKind.WHATIF, scenario="gone"), on) is None


def test_an_lea_that_is_not_in_the_year_has_no_card():
    assert made(CardSpec(CardKind.LEA_WHY, "1234567"), ground(sample_placements())) is None


@pytest.mark.parametrize(
    "text",
    [
        "SSID 1234567890", "call about 123456789", "born 2012-03-04", "DOB: 3/4/2012", "birthday on 3/4/12",
        "Student Maria was suspended", "student named John", "students Jane and Tom", "my son Luis",
    ],
)  # fmt: skip
def test_what_may_be_about_a_single_student_is_not_shown(text):
    found = card(CardKind.NEXT, text=f"Train staff\n{text}")
    assert found.picture is None and found.under is not None
    assert "Not shown" in WORKING.say(found.under) and text not in WORKING.say(found.under)


@pytest.mark.parametrize(
    "text",
    [
        "Black students are removed less", "Students With IEPs", "Student Services meets in May 2027",
        "12 more students by June", "Call 555-0100", "Level 3 in 2025-26", "Student Success team leads",
    ],
)  # fmt: skip
def test_plain_next_steps_are_shown(text):
    found = card(CardKind.NEXT, text=text)
    assert not single_students(text) and isinstance(found.picture, Lines)


WRITTEN = st.characters(exclude_categories=("Cs", "Cc", "Cf"), include_characters="\n\t")
SPECS = st.builds(
    CardSpec,
    st.sampled_from(list(CardKind)),
    st.sampled_from(["", QUINCE]),
    st.sampled_from(["", "1.abc"]),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cf"), include_characters="\n\t"), max_size=MOST_TYPED
    ),
)


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf")), min_size=1, max_size=40),
    st.lists(SPECS, max_size=8),
)
def test_a_deck_is_read_as_it_was_written(title, cards):
    whole = Deck(title, tuple(cards))
    assert deck.loads(deck.dumps(whole)) == whole


HEAD = "schema = 1\ntitle = 'x'\n"
WRONG = (
    "", "[", "schema = 2\ntitle = 'x'\n", "schema = 1\n", f"{HEAD}cards = 3\n",
    f"{HEAD}[[cards]]\nkind = 'pie'\n", f"{HEAD}[[cards]]\nkind = 'what'\nmore = 1\n",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_deck_says_where_and_what(text):
    with pytest.raises(SchemaError) as error:
        deck.loads(text, "board.toml")
    assert "board.toml" in str(error.value)


def test_cards_are_added_once_moved_and_taken_away():
    first, second = CardSpec(CardKind.WHERE), CardSpec(CardKind.MISSED)
    whole = Deck("x").having(first).having(second).having(first)
    assert whole.cards == (first, second)
    assert whole.moved(1, -1).cards == (second, first) and whole.moved(0, -1).cards == whole.cards
    assert whole.without(0).cards == (second,)
    assert whole.typed(1, "a" * 2_000).cards[1].text == "a" * MOST_TYPED
