"""Documents that a board can keep, made without a browser."""

from __future__ import annotations

from cim_core.export.documents.cover_sheet import cover_sheet
from cim_core.export.documents.lea_report import content
from cim_core.export.documents.pdf import lea_report
from cim_core.export.documents.receipt import DocumentKind, Origin, Receipt
from cim_core.export.documents.slides import slides
from cim_core.export.documents.sources import SourceFile, Sources
from cim_core.export.documents.web_page import web_page

__all__ = [
    "DocumentKind",
    "Origin",
    "Receipt",
    "SourceFile",
    "Sources",
    "content",
    "cover_sheet",
    "lea_report",
    "slides",
    "web_page",
]
