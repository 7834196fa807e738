"""Documents that a board can keep, made without a browser."""

from __future__ import annotations

from cim_core.export.documents.lea_report import content
from cim_core.export.documents.pdf import lea_report
from cim_core.export.documents.receipt import Receipt
from cim_core.export.documents.slides import slides

__all__ = ["Receipt", "content", "lea_report", "slides"]
