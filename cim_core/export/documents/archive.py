"""Office files without what tells of a machine or a moment: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_BOOK = (".xlsx", ".xlsm")


def zipped(files: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """Files by name in a ZIP, all of them from the beginning of a day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(member, content)
    return out.getvalue()


def same_each_time(content: bytes, day: date) -> bytes:
    """A ZIP of an office format: entries in order, all from the beginning of a day; workbooks in it alike."""
    with zipfile.ZipFile(io.BytesIO(content)) as of:
        names = sorted(of.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return zipped([(name, _entry(name, of.read(name), day)) for name in names], day)


def _entry(name: str, content: bytes, day: date) -> bytes:
    if name.endswith(_BOOK):
        return same_each_time(content, day)
    if name == "docProps/core.xml":
        return _MOMENT.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<3>", content)
    return content
