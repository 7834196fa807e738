"""A deck as slides (PPTX): native charts and tables, alternative text, notes; equal input, equal bytes.

The library's own template is 4:3 and carries an author and a picture of itself: layouts are cut down to one
that is ours, 16:9, and what tells of a machine or a moment is taken out of the file and of the workbooks
behind its charts (`archive.py`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches

from cim_core.data import outside
from cim_core.export.documents import archive
from cim_core.export.documents.receipt import Receipt
from cim_core.export.documents.slide import HIGH, INNER, LEFT, WIDE, Slide, language
from cim_core.export.meeting.card import Card
from cim_core.words.disclosure import Disclosure

_OF_THE_TEMPLATE = (
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
)
_TITLE_ONLY, _MOST_TITLE = 5, 255
_RECEIPT = "/customXml/item1.xml"
_NAMESPACE = "urn:cim-tier-explorer:receipt"


def slides(cards: Iterable[Card], title: str, gate: Disclosure, receipt: Receipt) -> bytes:
    """The cards as slides, in their order."""
    deck = _empty()
    taken: set[str] = set()
    for number, card in enumerate(cards, 1):
        Slide(deck, gate, number).draw(card, taken)
    about = deck.core_properties
    about.title, about.last_modified_by = outside.plain(title)[:_MOST_TITLE], ""
    about.author = gate.say_id("app.title")
    about.comments, about.subject, about.language = "", "", language(gate)
    about.created = about.modified = datetime.combine(receipt.day, time())
    about.revision = 1
    _attach(deck, receipt)
    out = io.BytesIO()
    deck.save(out)
    return archive.same_each_time(out.getvalue(), receipt.day)


def receipt_of(content: bytes) -> str:
    """The receipt of slides, as JSON. Raises KeyError where there is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as of:
        return ElementTree.fromstring(of.read(_RECEIPT.lstrip("/"))).text or ""


def _attach(deck: Any, receipt: Receipt) -> None:
    """The receipt as a part of its own: properties of a document are short."""
    root = ElementTree.Element(f"{{{_NAMESPACE}}}receipt")
    root.text = receipt.json()
    content = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    part = Part(PackURI(_RECEIPT), "application/xml", deck.part.package, content)
    deck.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _empty() -> Any:
    """A presentation of 16:9 with one layout: a title and nothing else."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    for holder in (deck.part.package, deck.part):
        for name, relation in list(holder._rels.items()):
            if relation.reltype in _OF_THE_TEMPLATE:
                holder._rels.pop(name)
    kept = deck.slide_layouts[_TITLE_ONLY]
    for layout in list(deck.slide_layouts):
        if layout is not kept:
            deck.slide_layouts.remove(layout)
    for owner in (deck.slide_master, kept):
        for shape in list(owner.placeholders):
            if shape.placeholder_format.idx != 0:
                shape.element.getparent().remove(shape.element)
            else:
                shape.left, shape.top = LEFT, Inches(0.75)
                shape.width, shape.height = INNER, Inches(1.05)
    return deck
