"""Office files without what tells of a machine or a moment: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
MOST_BYTES, MOST_FILES = 256 * 2**20, 20_000
"""What a ZIP may hold that is read."""
_SYSTEM = 3
"""What a ZIP says of the system that wrote it: the same on each."""
FIRST, LAST = 1980, 2107
"""The years that a ZIP can tell."""
_BOOK = (".xlsx", ".xlsm")


def zipped(files: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """Files by name in a ZIP, all of them from the beginning of a day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, _SYSTEM
            made.writestr(member, content)
    return out.getvalue()


def entries(content: bytes) -> dict[str, bytes] | None:
    """The files of a ZIP by name, whatever packed them; None where it is none. Raises ValueError for one that
    would be too large."""
    if not content.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as of:
        if sum(each.file_size for each in of.infolist()) > MOST_BYTES or len(of.infolist()) > MOST_FILES:
            raise ValueError("too large")
        return {name: of.read(name) for name in of.namelist()}


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
