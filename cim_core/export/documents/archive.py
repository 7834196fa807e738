"""Office files without what tells of a machine or a moment: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_BOOK = (".xlsx", ".xlsm")


def same_each_time(content: bytes, day: date) -> bytes:
    """A ZIP of an office format: entries in order, all from the beginning of a day; workbooks in it alike."""
    moment = (day.year, day.month, day.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as of, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(of.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, moment)
            member.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(member, _entry(name, of.read(name), day))
    return out.getvalue()


def _entry(name: str, content: bytes, day: date) -> bytes:
    if name.endswith(_BOOK):
        return same_each_time(content, day)
    if name == "docProps/core.xml":
        return _MOMENT.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<3>", content)
    return content
