"""Each document with its receipt, from a ground: the one way in which shell, pages and checks make them."""

from __future__ import annotations

from cim_core.export.documents import pdf
from cim_core.export.documents.lea_report import content
from cim_core.export.documents.receipt import DocumentKind, Origin
from cim_core.export.documents.slides import slides
from cim_core.export.documents.tables import tables, workbook
from cim_core.export.documents.web_page import web_page
from cim_core.export.meeting import Deck, Ground, all_made
from cim_core.export.meeting.deck import dumps
from cim_core.export.meeting.links import Links
from cim_core.export.meeting.making import scenarios_of
from cim_core.words.disclosure import Disclosure


def lea_page(on: Ground, row: int, gate: Disclosure, origin: Origin) -> bytes:
    """The page of one LEA as PDF."""
    lea = str(on.placements.dataset.lea_code[row])
    paper = origin.receipt(DocumentKind.LEA_REPORT, on, row, ["--lea", lea, "--out", f"{lea}.pdf"])
    return pdf.lea_report(content(on, row, gate), paper)


def lea_web_page(on: Ground, row: int, gate: Disclosure, origin: Origin) -> bytes:
    """The same as HTML."""
    lea = str(on.placements.dataset.lea_code[row])
    paper = origin.receipt(DocumentKind.WEB_PAGE, on, row, ["--lea", lea, "--out", f"{lea}.html"])
    return web_page(content(on, row, gate), paper)


def deck_slides(
    on: Ground, row: int | None, gate: Disclosure, origin: Origin, deck: Deck, name: str
) -> bytes:
    """A deck as PPTX; `name` is how a shell names the deck. Cards that cannot be made are left out."""
    about = [*_lea(on, row), "--deck", name, "--out", "deck.pptx"]
    paper = origin.receipt(DocumentKind.DECK, on, row, about, dumps(deck), scenarios_of(deck, on))
    return slides(all_made(deck, on), deck.title, gate, paper, Links(on, origin.app))


def tables_workbook(on: Ground, row: int | None, gate: Disclosure, origin: Origin) -> bytes:
    """All tables of a year, or of one of its rows, as XLSX."""
    paper = origin.receipt(DocumentKind.TABLES, on, row, [*_lea(on, row), "--out", "tables.xlsx"])
    return workbook(tables(on, on.rows if row is None else [row], gate), paper)


def _lea(on: Ground, row: int | None) -> list[str]:
    return [] if row is None else ["--lea", str(on.placements.dataset.lea_code[row])]
