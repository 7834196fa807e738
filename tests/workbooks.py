"""Small workbooks for tests: ODS written by hand, XLSX with what spreadsheets do to tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods_cell(value: object, repeat: int = 1) -> str:
    """One ODS cell: text, number, or a number shown in percent (`("%", 0.532)`)."""
    more = f' table:number-columns-repeated="{repeat}"' if repeat > 1 else ""
    if isinstance(value, tuple):
        return f'<table:table-cell{more} office:value-type="percentage" office:value="{value[1]}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell{more} office:value-type="float" office:value="{value}"/>'
    if value is None:
        return f"<table:table-cell{more}/>"
    return (
        f'<table:table-cell{more} office:value-type="string"><text:p>{escape(str(value))}</text:p>'
        "</table:table-cell>"
    )


def ods(rows: Sequence[Sequence[object]], raw_rows: str = "", title: str = "LEAs") -> bytes:
    """An ODS file of one sheet; `raw_rows` are further rows as XML."""
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{body}{raw_rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", _MIME)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return out.getvalue()
