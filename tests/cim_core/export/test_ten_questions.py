"""The ten questions that a board asks (method §10): each is answered by a sentence on paper and on slides."""

from __future__ import annotations

import io

import pypdf
import pytest
from pptx import Presentation

from cim_core.export import documents
from cim_core.export.documents import Origin, making
from cim_core.export.meeting import Preset, all_made, preset
from cim_core.export.meeting.card import Question
from cim_core.export.meeting.presets import OF_LEA
from cim_core.words.disclosure import WORKING
from tests.cim_core.export.test_lea_report import ground
from tests.cim_core.export.test_slides import words

LEAS = ("9910112", "9910105", "9910091", "9910000")


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("lea", LEAS)
def test_a_page_answers_each_of_them(lea):
    on = ground()
    row = on.row_of(lea)
    of = documents.content(on, row, WORKING)
    text = pypdf.PdfReader(io.BytesIO(making.lea_page(on, row, WORKING, Origin()))).pages[0].extract_text()
    asks, cost = of["asks"]
    answers = {
        Question.WHAT: WORKING.say_id("meeting.what.said") + WORKING.say_id("meeting.what.bad"),
        Question.WHERE: of["badges"][-1]["said"],
        Question.WHY: of["sentence"],
        Question.FAR: of["move"]["big"] or of["move"]["said"],
        Question.DATA: of["lag"]["steps"][0],
        Question.TREND: of["years"]["said"],
        Question.FAIR: of["sure"]["big"],
        Question.MUST: asks["said"],
        Question.COST: cost["big"],
        Question.DOING: of["next"]["head"],
    }
    assert set(answers) == set(Question)
    for question, answer in answers.items():
        assert answer and squeezed(answer) in squeezed(text), question
    assert "Help:" in asks["said"] and ("15%" in cost["big"]) == (lea == "9910091")
    assert "LEAs of like size" in of["years"]["said"]


@pytest.mark.parametrize("of", [Preset.BOARD])
def test_slides_answer_each_of_them_under_its_head(of):
    on = ground()
    deck = preset(of, "Board", "9910112" if of in OF_LEA else "")
    content = making.deck_slides(on, None, WORKING, Origin(), deck, of.value)
    slides = list(Presentation(io.BytesIO(content)).slides)
    cards = all_made(deck, on)
    asked = [WORKING.say(card.question) for card in cards]
    assert asked == [WORKING.say_id(f"meeting.question.{each}") for each in Question]
    for card, question, slide in zip(cards, asked, slides, strict=True):
        said = words(slide)
        assert question in said and WORKING.say(card.sentence) in said


@pytest.mark.parametrize(("rows", "pages"), [(25, 1), (33, 2), (45, 2)])
def test_up_to_twenty_five_indicators_are_one_page_and_many_are_two(rows, pages):
    on = ground()
    row = on.row_of("9910091")
    of = documents.content(on, row, WORKING)
    longest = max(of["table"]["rows"], key=lambda each: len(each["title"]))
    of["table"]["rows"] = [longest] * rows
    paper = Origin().receipt(documents.DocumentKind.LEA_REPORT, on, row, [])
    read = pypdf.PdfReader(io.BytesIO(documents.lea_report(of, paper)))
    assert len(read.pages) == pages
    text = "".join(page.extract_text() for page in read.pages)
    assert of["table"]["head"][1] in text and "Who, and by when" in text
