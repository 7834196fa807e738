"""A deck as slides (PPTX): native charts and tables, alternative text, notes; equal input, equal bytes.

Master, layouts and theme are our own (`master.py`, `theme.py`); what tells of a machine or a moment is taken
out of the file and of the workbooks behind its charts (`archive.py`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from cim_core.data import outside
from cim_core.export.documents import archive, master
from cim_core.export.documents.receipt import Receipt
from cim_core.export.documents.slide import Slide, language
from cim_core.export.meeting.card import Card
from cim_core.export.meeting.links import Links
from cim_core.words.disclosure import Disclosure

_MOST_TITLE = 255
_RECEIPT = "/customXml/item1.xml"
_NAMESPACE = "urn:cim-tier-explorer:receipt"


def slides(
    cards: Iterable[Card], title: str, gate: Disclosure, receipt: Receipt, links: Links | None = None
) -> bytes:
    """The cards as slides, in their order; notes lead to the pages of the app where `links` are given."""
    deck = master.empty(gate, language(gate))
    taken: set[str] = set()
    for number, card in enumerate(cards, 1):
        Slide(deck, gate, number).draw(card, taken, "" if links is None else links.to(card.spec))
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
