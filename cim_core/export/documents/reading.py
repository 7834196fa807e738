"""What a document says, part by part, and its receipt: to hold it against the one that its data give."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import Any

import openpyxl
import pypdf
from pptx import Presentation

from cim_core.export.documents import archive
from cim_core.export.documents.receipt import DocumentKind
from cim_core.export.documents.slides import receipt_of
from cim_core.export.documents.tables import RECEIPT_SHEET
from cim_core.words.messages import HowMany, Message, given, message

_PAPER = re.compile(r'<script type="application/json" id="receipt">(.*?)</script>', re.DOTALL)
_NOT_SAID = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


class UnreadableError(Exception):
    """A file that is no document of ours."""


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A page, slide or sheet, and its words in their order."""

    where: Message
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a kind of document is read: its first characters (of a ZIP: one of its
    files), its receipt as JSON, and everything it says."""

    begins: str
    receipt: Callable[[bytes], str]
    said: Callable[[bytes], Iterator[SaidPart]]


def receipt_in(content: bytes) -> tuple[DocumentKind, str]:
    """The kind of a document, and the receipt in it. Raises UnreadableError where there is none."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        inside = archive.entries(content) or {}
        kind = next(kind for kind, reader in READERS.items() if _is(reader, content, inside))
        return kind, READERS[kind].receipt(content)
    except Exception as error:  # whatever a library raises for bytes that are not of its kind
        raise UnreadableError from error


def _is(reader: Reader, content: bytes, inside: Mapping[str, bytes]) -> bool:
    """Whether a file begins, or has a part, as a kind of document does."""
    return reader.begins in inside if inside else content.startswith(reader.begins.encode())


def _pdf_receipt(content: bytes) -> str:
    (paper,) = pypdf.PdfReader(io.BytesIO(content)).attachments["receipt.json"]
    return paper.decode()


def _pdf_said(content: bytes) -> Iterator[SaidPart]:
    of = pypdf.PdfReader(io.BytesIO(content))
    for number, page in enumerate(of.pages, 1):
        yield SaidPart(message("verify.page", n=HowMany(number)), tuple(page.extract_text().split()))
    alts = [alt for alt in _alts(of) if alt]
    yield SaidPart(message("verify.pictures"), tuple(word for alt in alts for word in alt.split()))


def _alts(of: pypdf.PdfReader) -> list[str]:
    """The alternative texts among the tags, in no order that readers know."""
    found, todo = [], [of.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    seen: set[int] = set()
    while todo:
        node: Any = todo.pop().get_object()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            found.append(str(node.get("/Alt", "")))
            todo += [node["/K"]] if "/K" in node else []
    return found


def _slides_said(content: bytes) -> Iterator[SaidPart]:
    for number, slide in enumerate(Presentation(io.BytesIO(content)).slides, 1):
        words = [word for shape in slide.shapes for text in _of_shape(shape) for word in text.split()]
        yield SaidPart(message("verify.slide", n=HowMany(number)), tuple(words))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.split()
            yield SaidPart(message("verify.notes", n=HowMany(number)), tuple(notes))


def _of_shape(shape: Any) -> Iterator[str]:
    yield str(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")
    if shape.has_text_frame:
        yield shape.text_frame.text
    if shape.has_table:
        yield from (cell.text for row in shape.table.rows for cell in row.cells)
    if shape.has_chart:
        plot = shape.chart.plots[0]
        yield from (str(name) for name in plot.categories)
        yield from (str(value) for series in plot.series for value in series.values)


def _html_receipt(content: bytes) -> str:
    found = _PAPER.search(content.decode())
    if found is None:
        raise UnreadableError
    return found[1].replace("\\u003c", "<")


def _html_said(content: bytes) -> Iterator[SaidPart]:
    yield SaidPart(message("verify.whole"), tuple(unescape(_NOT_SAID.sub(" ", content.decode())).split()))


def _book_receipt(content: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)[RECEIPT_SHEET]
    rows = sheet.iter_rows(values_only=True)
    return "\n".join("".join(str(cell) for cell in row if cell is not None) for row in rows)


def _book_said(content: bytes) -> Iterator[SaidPart]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True):
        if sheet.title != RECEIPT_SHEET:
            cells = [
                str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
            ]
            words = tuple(word for cell in cells for word in cell.split())
            yield SaidPart(message("verify.sheet", name=given(sheet.title)), words)


def _pack_receipt(content: bytes) -> str:
    return (archive.entries(content) or {})["receipt.json"].decode()


def _pack_said(content: bytes) -> Iterator[SaidPart]:
    """Each file of a council's ZIP as what it says; one that nobody can read by its hash."""
    for name, inner in sorted((archive.entries(content) or {}).items()):
        try:
            kind, _ = receipt_in(inner)
            words = tuple(word for part in READERS[kind].said(inner) for word in part.words)
        except UnreadableError:
            text = inner.startswith(b"\xef\xbb\xbf") or name.endswith(".json")
            words = tuple(inner.decode("utf-8", "replace").split()) if text else (sha256(inner).hexdigest(),)
        yield SaidPart(given(name), words)


READERS: Mapping[DocumentKind, Reader] = {
    DocumentKind.LEA_REPORT: Reader("%PDF", _pdf_receipt, _pdf_said),
    DocumentKind.DECK: Reader("ppt/presentation.xml", receipt_of, _slides_said),
    DocumentKind.WEB_PAGE: Reader("<!DOCTYPE html>", _html_receipt, _html_said),
    DocumentKind.COUNCIL: Reader("receipt.json", _pack_receipt, _pack_said),
    DocumentKind.TABLES: Reader("xl/workbook.xml", _book_receipt, _book_said),
}
