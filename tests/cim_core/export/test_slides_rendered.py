"""LibreOffice opens every deck and draws each slide whole: all words, on the page, none on another."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from itertools import combinations
from pathlib import Path

import pypdf
import pytest

from cim_core.export.documents import master
from cim_core.export.documents.slides import receipt_of
from cim_core.export.meeting import Card, Preset
from cim_core.words.disclosure import Audience, Disclosure
from tests.cim_core.export.slide_pictures import drawn
from tests.cim_core.export.test_slides import deck, slides_of

pytestmark = pytest.mark.full

VIEWS = (Audience.WORKING, Audience.STRICT)
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_POINT = 12700
_HAIR = 2
"""Points by which a box of letters may be larger than what is seen of them."""
_AIR = 0.3
"""The share of a word's height, above and below, in which its letters do not stand."""


@dataclass(frozen=True)
class Word:
    """A word of a page, and where it is in points from the left and from the top."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def is_on(self, other: Word) -> bool:
        """Whether letters of two words stand on each other."""
        air = _AIR * min(self.bottom - self.top, other.bottom - other.top)
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 2 * air

    def stands_in(self, place: list[float]) -> bool:
        """Whether all of it is between left, top, right and bottom of a place, but for a hair."""
        left, top, right, bottom = place
        across = left - _HAIR <= self.left and self.right <= right + _HAIR
        return across and top - _HAIR <= self.top and self.bottom <= bottom + _HAIR


@dataclass(frozen=True)
class Drawn:
    """A deck with what LibreOffice made of it."""

    cards: list[Card]
    content: bytes
    pdf: Path
    gate: Disclosure

    def pages(self) -> list[list[Word]]:
        """The words of each page."""
        told = subprocess.run(["pdftotext", "-bbox", self.pdf, "-"], check=True, capture_output=True)
        pages = told.stdout.decode().split("<page ")[1:]
        return [
            [Word(unescape(found[5]), *map(float, found.groups()[:4])) for found in _WORD.finditer(page)]
            for page in pages
        ]


@pytest.fixture(scope="module")
def decks(tmp_path_factory) -> dict[str, Drawn]:
    made = {f"{of}-{view}": (*deck(of, view), Disclosure(view)) for of in Preset for view in VIEWS}
    folder = tmp_path_factory.mktemp("slides")
    pdfs = drawn({name: content for name, (_, content, _) in made.items()}, folder)
    return {name: Drawn(cards, content, pdfs[name], gate) for name, (cards, content, gate) in made.items()}


@pytest.fixture(params=[f"{of}-{view}" for of in Preset for view in VIEWS])
def one_deck(request, decks) -> Drawn:
    return decks[request.param]


def close(text: str) -> str:
    """A text without blanks, as lines are broken where they end."""
    return re.sub(r"\s", "", text)


def test_it_is_opened_and_every_card_is_a_page_with_its_words(one_deck):
    pages = pypdf.PdfReader(one_deck.pdf).pages
    assert len(pages) == len(one_deck.cards) and receipt_of(one_deck.content)
    for card, page in zip(one_deck.cards, pages, strict=True):
        said = close(page.extract_text())
        for each in (card.sentence, card.question, card.under, card.number_said, card.source):
            assert each is None or close(one_deck.gate.say(each)) in said


def test_every_word_stands_on_its_page(one_deck):
    wide, high = master.WIDE / _POINT, master.HIGH / _POINT
    for words in one_deck.pages():
        assert words
        for word in words:
            assert word.left >= 0 and word.top >= 0 and word.right <= wide and word.bottom <= high, word


def test_no_word_stands_on_another(one_deck):
    for number, words in enumerate(one_deck.pages(), 1):
        assert [pair for pair in combinations(words, 2) if pair[0].is_on(pair[1])] == [], number


def test_every_word_stands_in_the_place_of_its_text_or_picture(one_deck):
    """So no text runs under a table, and no table is higher than it was reckoned."""
    for number, (slide, words) in enumerate(
        zip(slides_of(one_deck.content), one_deck.pages(), strict=True), 1
    ):
        places = [
            [edge / _POINT for edge in (each.left, each.top, each.left + each.width, each.top + each.height)]
            for each in slide.shapes
        ]
        assert [word for word in words if not any(word.stands_in(place) for place in places)] == [], number


def test_pictures_end_above_the_line_of_the_foot(one_deck):
    """Below it there is the foot of the slide with its number, and nothing else."""
    line = master.LINE / _POINT
    for number, (slide, words) in enumerate(
        zip(slides_of(one_deck.content), one_deck.pages(), strict=True), 1
    ):
        assert [word for word in words if word.top < line < word.bottom] == [], number
        (foot,) = (each for each in slide.placeholders if each.placeholder_format.idx == master.FOOT)
        below = sorted(close(word.text) for word in words if word.top > line)
        assert below == sorted([*foot.text_frame.text.split(), str(number)]), number


def test_nothing_above_the_foot_is_smaller_than_can_be_read(one_deck):
    """Twelve points, whose letters are at least fourteen points high with their air."""
    line = master.LINE / _POINT
    for number, words in enumerate(one_deck.pages(), 1):
        small = [word for word in words if word.top < line and word.bottom - word.top < 13.5]
        assert small == [], number
