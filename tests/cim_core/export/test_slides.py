"""Slides: every card's words, native charts and tables with alternative text, equal bytes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation

from cim_core.export import documents
from cim_core.export.documents.receipt import DocumentKind, Origin, Receipt
from cim_core.export.documents.slides import receipt_of
from cim_core.export.meeting import CardKind, CardSpec, Ground, Preset, made, preset
from cim_core.export.meeting.card import Bars, Question
from cim_core.words.disclosure import Audience, Disclosure
from tests.cim_core.export.test_lea_report import ground

LEA = "9910112"


def paper_of(on: Ground) -> Receipt:
    return Origin(key="secret").receipt(DocumentKind.DECK, on, None, ["--deck", "x"])


def deck(of: Preset, audience: Audience = Audience.WORKING, lea: str = LEA) -> tuple[list, bytes]:
    on = ground(audience=audience)
    cards = [card for spec in preset(of, "Board", lea).cards if (card := made(spec, on))]
    paper = paper_of(on)
    return cards, documents.slides(cards, "Board", Disclosure(audience), paper)


def slides_of(content: bytes) -> list:
    return list(Presentation(io.BytesIO(content)).slides)


def words(slide) -> str:
    """All that a slide says: texts, cells, what charts are made of."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            found += [str(name) for name in shape.chart.plots[0].categories]
    return "\n".join(found)


@pytest.mark.parametrize("of", Preset)
def test_every_card_is_a_slide_with_all_its_words(of):
    gate = Disclosure(Audience.WORKING)
    cards, content = deck(of)
    slides = slides_of(content)
    assert len(slides) == len(cards)
    for card, slide in zip(cards, slides, strict=True):
        assert slide.shapes.title.text_frame.text.startswith(gate.say(card.sentence))
        said = words(slide)
        for each in (card.question, card.source, card.under, card.lag, card.banner, card.number_said):
            assert each is None or gate.say(each) in said
        for note in card.notes:
            assert gate.say(note) in slide.notes_slide.notes_text_frame.text
        assert gate.say(card.source) in slide.notes_slide.notes_text_frame.text


def test_a_board_finds_its_ten_questions_in_the_slides():
    _, content = deck(Preset.BOARD)
    gate = Disclosure(Audience.WORKING)
    said = "\n".join(words(slide) for slide in slides_of(content))
    assert all(gate.say_id(f"meeting.question.{each}") in said for each in Question)


@pytest.mark.parametrize("of", Preset)
def test_pictures_say_what_they_show_and_titles_differ(of):
    slides = slides_of(deck(of)[1])
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(set(titles)) == len(titles)
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
            if shape.has_text_frame:
                runs = shape._element.xpath(".//a:r/a:rPr | .//a:fld/a:rPr")
                assert runs and all(run.get("lang") for run in runs)


def test_a_chart_can_be_worked_on_and_its_workbook_holds_what_is_drawn():
    cards, content = deck(Preset.BOARD)
    (shape,) = (each for each in slides_of(content)[2].shapes if each.has_chart)
    (drawn,) = shape.chart.plots[0].series
    bars = cards[2].picture
    assert isinstance(bars, Bars)
    assert list(drawn.values) == [bar.count for bar in bars.each]
    book = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
    assert [row[1] for row in book.active.iter_rows(min_row=2, values_only=True)] == list(drawn.values)


def test_the_same_cards_give_the_same_bytes_without_anything_of_a_machine():
    _, content = deck(Preset.BOARD)
    assert content == deck(Preset.BOARD)[1]
    with zipfile.ZipFile(io.BytesIO(content)) as of:
        assert {each.date_time for each in of.infolist()} == {(2026, 11, 29, 0, 0, 0)}
        names = of.namelist()
        about = of.read("docProps/core.xml").decode()
        (first, *_) = [name for name in names if name.endswith(".xlsx")]
        with zipfile.ZipFile(io.BytesIO(of.read(first))) as book:
            assert {each.date_time for each in book.infolist()} == {(2026, 11, 29, 0, 0, 0)}
            assert "2026-11-29T00:00:00Z" in book.read("docProps/core.xml").decode()
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert "CIM Tier Explorer" in about and "Canny" not in about and "python" not in about


def test_the_receipt_is_in_it():
    of = json.loads(receipt_of(deck(Preset.BOARD)[1]))
    assert of["document"] == "deck" and of["rules"] == "official"
    strict = json.loads(receipt_of(deck(Preset.BOARD, Audience.STRICT)[1]))
    assert strict["view"] == "strict" and strict["data_hash"] != of["data_hash"]


def test_two_cards_of_one_sentence_have_titles_of_their_own():
    on = ground()
    card = made(CardSpec(CardKind.WHERE), on)
    paper = paper_of(on)
    content = documents.slides([card, card], "Two", Disclosure(Audience.WORKING), paper)
    first, second = (slide.shapes.title.text_frame.text for slide in slides_of(content))
    assert first != second and second.startswith(first)


def test_what_a_group_is_too_small_for_is_in_no_workbook():
    """The students of a dots picture are drawn only where the gate lets both numbers through."""
    on = ground(audience=Audience.STRICT)
    gate = Disclosure(Audience.STRICT)
    for lea in on.placements.dataset.lea_code[on.rows].tolist():
        card = made(CardSpec(CardKind.LEA_NEAR, lea), on)
        content = documents.slides([card], lea, gate, paper_of(on))
        for shape in slides_of(content)[0].shapes:
            if shape.has_chart:
                count, others = shape.chart.plots[0].series[0].values
                assert count > 10 and count + others > 10, lea


@pytest.mark.parametrize("name", ["<b>&amp;\x0b\x00", "A" * 400, "Peña 学校 🏫"])
def test_a_name_of_any_letters_stands_on_it(name):
    on = ground()
    named = on.placements.dataset.lea_name.astype("<U400")
    named[on.row_of(LEA)] = name
    other = replace(
        on, placements=replace(on.placements, dataset=replace(on.placements.dataset, lea_name=named))
    )
    card = made(CardSpec(CardKind.LEA_ASKS, LEA), other)
    content = documents.slides([card], name, Disclosure(Audience.WORKING), paper_of(other))
    assert len(slides_of(content)) == 1


@pytest.mark.parametrize(
    ("size", "told"), [(6, ""), (7, "1 more line does not fit"), (9, "3 more lines do not fit")]
)
def test_typed_lines_stand_on_the_slide_or_are_said_to_be_too_many(size, told):
    typed = "\n".join(f"Step {number}" for number in range(size))
    card = made(CardSpec(CardKind.NEXT, text=typed), ground())
    content = documents.slides([card], "Next", Disclosure(Audience.WORKING), paper_of(ground()))
    said = words(slides_of(content)[0])
    assert all(line in said for line in typed.splitlines()[:6]) and told in said
    assert ("fit" in said) == bool(told)
