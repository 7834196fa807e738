"""Master, layouts and theme are ours: names, colors, places; nothing of a library's template is left."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from cim_core.export.documents import master, theme
from cim_core.export.look import LIGHT
from cim_core.export.meeting import Preset
from tests.cim_core.export.test_slides import deck

KNOWN = {
    "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "customXml/item1.xml", "ppt/presentation.xml",
    "ppt/_rels/presentation.xml.rels", "ppt/tableStyles.xml", "ppt/slideMasters/slideMaster1.xml",
    "ppt/slideMasters/_rels/slideMaster1.xml.rels", "ppt/notesMasters/notesMaster1.xml",
    "ppt/notesMasters/_rels/notesMaster1.xml.rels", "ppt/theme/theme1.xml", "ppt/theme/theme2.xml",
    "ppt/slideLayouts/slideLayout1.xml", "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
    "ppt/slideLayouts/slideLayout2.xml", "ppt/slideLayouts/_rels/slideLayout2.xml.rels",
}  # fmt: skip
OF_A_CARD = re.compile(r"ppt/(slides|notesSlides|charts)/(_rels/)?\w+\.xml(\.rels)?|ppt/embeddings/\w+\.xlsx")


@cache
def parts() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(deck(Preset.BOARD)[1])) as of:
        return {name: of.read(name).decode("utf-8", "replace") for name in of.namelist()}


def test_there_is_nothing_but_what_slides_need():
    assert {name for name in parts() if not OF_A_CARD.fullmatch(name)} == KNOWN


@pytest.mark.parametrize("foreign", ["Office Theme", "Default Design", "Master title style", "Medium Style",
                                     "5C22544A", "printer", "PowerPoint"])  # fmt: skip
def test_no_part_names_what_is_not_ours(foreign):
    assert [name for name, text in parts().items() if foreign in text] == []


@pytest.mark.parametrize("name", ["ppt/theme/theme1.xml", "ppt/theme/theme2.xml"])
def test_the_theme_has_our_name_colors_and_typeface(name):
    drawn = etree.fromstring(parts()[name].encode())
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    assert {node.get("name") for node in drawn.iterfind(".//*[@name]")} == {"CIM Tier Explorer"}
    scheme = drawn.find(".//a:clrScheme", space)
    found = {etree.QName(slot).localname: f"#{slot[0].get('val').lower()}" for slot in scheme}
    assert found == {slot: LIGHT[token] for slot, token in theme.SLOTS.items()}
    faces = {node.get("typeface") for node in drawn.iterfind(".//a:latin", space)}
    assert faces == {theme.FONT}


def test_a_typed_slide_takes_title_text_foot_and_number_from_the_layout():
    opened = Presentation(io.BytesIO(deck(Preset.BOARD)[1]))
    card, text = opened.slide_layouts
    assert (card.name, text.name) == ("One sentence and a picture", "One sentence and text")
    for layout in (card, text):
        kinds = {place.placeholder_format.type for place in layout.placeholders}
        assert {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.SLIDE_NUMBER} <= kinds
        assert master.FOOT in {place.placeholder_format.idx for place in layout.placeholders}
    slide = opened.slides.add_slide(text)
    slide.shapes.title.text = "Typed"
    assert (slide.shapes.title.left, slide.shapes.title.width) == (master.LEFT, master.INNER)
    assert slide.placeholders[1].top > slide.shapes.title.top + slide.shapes.title.height


def test_every_slide_has_its_number_its_foot_and_no_empty_place():
    for number, slide in enumerate(Presentation(io.BytesIO(deck(Preset.BOARD)[1])).slides, 1):
        places = {place.placeholder_format.idx: place for place in slide.placeholders}
        (field,) = places[master.NUMBER]._element.xpath(".//a:fld")
        assert field.get("type") == "slidenum" and field.xpath("./a:t")[0].text == str(number)
        assert places[master.FOOT].text_frame.text
        assert all(place.text_frame.text for idx, place in places.items() if idx != master.NUMBER)


def test_ids_on_a_slide_differ_and_its_parts_have_places_of_their_own():
    for slide in Presentation(io.BytesIO(deck(Preset.TEAM)[1])).slides:
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(set(ids)) == len(ids)
        boxes = [
            (each.left, each.top, each.left + each.width, each.top + each.height) for each in slide.shapes
        ]
        for at, box in enumerate(boxes):
            assert box[0] >= 0 and box[2] <= master.WIDE and box[3] <= master.HIGH
            for other in boxes[:at]:
                apart = box[0] >= other[2] or other[0] >= box[2] or box[1] >= other[3] or other[1] >= box[3]
                assert apart, (slide.shapes.title.text, box, other)
