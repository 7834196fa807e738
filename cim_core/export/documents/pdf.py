"""PDF by typst: tagged (PDF/UA-1), for keeping (PDF/A-3a), the receipt attached; equal input, equal bytes.

The template is compiled once and given other data for each document. System fonts are left aside, so that a
document looks the same on every machine.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from cim_core.export.documents.receipt import Receipt
from cim_core.export.look import FONTS

_TEMPLATE = Path(__file__).parent / "lea_report.typ"
STANDARDS: tuple[typst.PDFStandard, ...] = ("ua-1", "a-3a")
"""For readers with assistive technology, and for keeping."""
_LOCK = threading.Lock()


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(_TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True)


def lea_report(
    content: dict[str, Any], receipt: Receipt, standards: Sequence[typst.PDFStandard] = STANDARDS
) -> bytes:
    """The page of one LEA as PDF."""
    given = {"content": json.dumps(content, ensure_ascii=False), "receipt": receipt.json()}
    moment = datetime.combine(receipt.day, time(), UTC)
    with _LOCK:
        made = _compiler().compile(
            format="pdf", sys_inputs=given, pdf_standards=[*standards], timestamp=moment
        )
    assert isinstance(made, bytes)
    return made
