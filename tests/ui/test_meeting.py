"""The page of the meeting: decks to begin with, cards from other pages, what is typed, the cards."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from pptx import Presentation

from cim_core.export.meeting import CardKind, Preset
from tests.ui.sent import everything
from tests.ui.test_pages import app, fine, shown
from ui.shared import decks


def meeting(**query: str):
    at = fine(app(data="sample", **query).run())
    at.session_state["meeting_new"] = True
    return fine(at.switch_page("pages/meeting.py").run())


def begun(of: Preset = Preset.BOARD, **query: str):
    at = meeting(**query)
    return fine(at.button(key=f"preset_{of}").click().run())


def text_of(at) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", "\n".join(one.value for one in at.markdown)))


def card(at, number: int) -> str:
    at.session_state["at_card"] = str(number)
    at.query_params["card"] = str(number)
    return text_of(fine(at.switch_page("pages/meeting.py").run()))


def kinds() -> list[CardKind]:
    kept = decks.current()
    return [] if kept is None else [one.kind for one in decks.read(kept).cards]


def test_without_a_deck_it_says_how_to_begin():
    assert "No cards yet" in shown(meeting())


@pytest.mark.parametrize("of", Preset)
def test_every_preset_is_shown_card_by_card(of):
    at = begun(of, lea="9910112")
    size = len(kinds())
    seen = {card(at, number) for number in range(1, size + 1)}
    assert len(seen) == size and all(f"of {size}" in text for text in seen)


def test_the_board_asks_its_ten_questions():
    at = begun()
    whole = " ".join(card(at, number) for number in range(1, 11))
    for asked in ("What is CIM", "which level", "Why us", "in children", "how old", "last year", "fair",
                  "What must we do", "cost", "will it be enough"):  # fmt: skip
        assert asked in whole


def test_cards_are_those_of_a_meeting_whatever_view_is_chosen():
    at = begun(Preset.TEAM, lea="9910007")
    assert "small groups" in card(at, 1)


def test_keys_lead_on_back_to_the_ends_and_out():
    at = begun()
    card(at, 2)
    for key, at_card in (("next", "3"), ("back", "2"), ("last", "10"), ("next_page", "10"), ("first", "1"),
                         ("back_page", "1"), ("leave", "")):  # fmt: skip
        fine(at.button(key=f"meeting_{key}").click().run())
        assert at.session_state["at_card"] == at_card, key
    assert "10 cards" in shown(at)


def test_what_is_typed_is_kept_and_names_of_students_are_not_shown():
    at = begun()
    kept = decks.current()
    assert kept is not None
    box = f"card_text_{kept.id}_9"
    fine(at.text_area(key=box).set_value("Train staff by May").run())
    assert "Train staff by May" in card(at, 10)
    at = meeting()
    fine(at.text_area(key=box).set_value("Call student Maria").run())
    assert "a student" in at.warning[0].value
    assert "Maria" not in card(at, 10) and "Not shown" in card(at, 10)


def test_cards_are_moved_and_taken_away():
    at = begun()
    fine(at.button(key="card_down_0").click().run())
    assert kinds()[:2] == [CardKind.WHERE, CardKind.WHAT]
    fine(at.button(key="card_away_0").click().run())
    assert kinds()[0] is CardKind.WHAT and len(kinds()) == 9
    assert at.button(key="card_up_0").disabled and at.button(key="card_down_8").disabled


@pytest.mark.parametrize(
    ("page", "added"),
    [
        ("start", [CardKind.WHERE]), ("region", [CardKind.MISSED]), ("movement", [CardKind.MOVED]),
        ("lea", [CardKind.LEA_WHY, CardKind.LEA_NEAR]),
    ],
)  # fmt: skip
def test_a_page_is_added_with_one_click_and_once(page, added):
    at = fine(app(data="sample", lea="9910112").run())
    fine(at.switch_page(f"pages/{page}.py").run())
    fine(at.button(key="add_to_meeting").click().run())
    fine(at.button(key="add_to_meeting").click().run())
    assert kinds() == added and "Meeting of" in decks.held()[0].name


def test_a_what_if_is_added_where_something_is_changed_and_keeps_its_banner():
    at = fine(app(data="sample").run())
    fine(at.switch_page("pages/whatif.py").run())
    assert "add_to_meeting" not in {one.key for one in at.button}
    fine(at.pills(key="whatif_preset").set_value(at.pills(key="whatif_preset").options[1]).run())
    fine(at.button(key="add_to_meeting").click().run())
    assert kinds() == [CardKind.WHATIF]
    at.query_params["scenario"] = at.session_state["at_scenario"] = ""
    assert "not CDE’s rules or data" in card(at, 1)


def test_two_decks_are_chosen_between_renamed_and_deleted():
    at = begun()
    at.session_state["meeting_new"] = True
    fine(fine(at.run()).button(key="preset_council").click().run())
    assert len(decks.held()) == 2 and len(kinds()) == 9
    kept = decks.current()
    assert kept is not None
    fine(at.text_input(key=f"deck_name_{kept.id}_{kept.version}").set_value("June council").run())
    assert "June council" in shown(at)
    fine(at.button(key="deck_delete").click().run())
    assert [one.name for one in decks.held()] == ["Board: the ten questions"]


def test_a_card_number_that_is_none_is_the_nearest_there_is():
    at = begun()
    for asked, number in (("0", 1), ("99", 10), ("x", 1), ("-1", 1)):
        at.session_state["at_card"] = asked
        at.query_params["card"] = asked
        assert f"{number} of 10" in text_of(fine(at.switch_page("pages/meeting.py").run()))


def test_code_names_are_on_cards_too():
    at = begun(view="meeting", codes="1")
    whole = " ".join(card(at, number) for number in range(1, 11))
    assert "Quince" not in whole and "Nutmeg" not in whole and "LEA " in whole
    assert "Quince" not in "".join(everything(at))


def test_a_deck_that_was_chosen_folds_the_choice_away():
    at = begun()
    assert at.session_state["meeting_new"] is False
    assert not [each for each in at.button if str(each.key).startswith("preset_")]


def notes(downloads: dict[str, object]) -> str:
    """What stands in the notes of the slides that a page gives."""
    (made,) = (content for name, content in downloads.items() if name.endswith(".pptx"))
    slides = Presentation(io.BytesIO(made())).slides  # type: ignore[operator]
    return "\n".join(slide.notes_slide.notes_text_frame.text for slide in slides)


@pytest.mark.parametrize("view", ["", "meeting", "strict"])
def test_notes_of_slides_lead_back_to_the_pages_in_the_same_view(downloads, view):
    begun(Preset.TEAM, lea="9910112", **({"view": view} if view else {}))
    said = notes(downloads)
    shown_as = f"&view={view}" if view else ""
    assert f"In the app: lea?lea=9910112&year=2024-25&data=sample{shown_as}\n" in said
    assert f"In the app: meeting?year=2024-25&data=sample{shown_as}&deck=deck-" in said


def test_notes_of_slides_name_no_lea_that_has_a_code_name(downloads):
    at = begun(Preset.TEAM, lea="9910112", view="meeting", codes="1")
    said = notes(downloads)
    assert "codes=1" in said and "lea?lea=" in said and "99101" not in said and "Quince" not in said
    (code,) = set(re.findall(r"lea\?lea=(\w+)&", said))
    at.query_params["lea"] = at.session_state["at_lea"] = code
    assert f"LEA {code}" in shown(fine(at.switch_page("pages/lea.py").run()))
