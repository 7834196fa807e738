"""The ZIP archive around XLSX, XLSM and ODS files, checked before anything of it is parsed.

Sizes that an archive states of itself can lie, so every member is counted while it is unpacked.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cim_core.intake import limits
from cim_core.intake.problems import UnreadableFileError, refuse
from cim_core.intake.xml_depth import too_deep

_SMALL = 2**20
"""Archives that unpack to less than this may be as compressible as they like."""
_PIECE = 4 * 2**20
_NEEDED = re.compile(
    r"mimetype|content\.xml|xl/(?:workbook|styles|sharedstrings)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:worksheets/)?[^/]+\.xml"
)
"""The members that the readers look at; the others are only counted and searched for what is forbidden."""
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".7z", ".rar", ".gz", ".tar")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of a checked archive."""

    members: dict[str, bytes]

    def read(self, name: str) -> bytes:
        """A member's bytes, whatever the case of its name; nothing for one that is not there."""
        return self.members.get(name.lstrip("/").casefold(), b"")


def unpack(content: bytes, file: str) -> Archive:
    """The text members of a workbook's archive. Raises UnreadableFileError with a plain reason.

    Refused: what is beyond `limits`, a compression no workbook needs, members larger than they say, archives
    inside, XML with a document type or entities of its own.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            _check_sizes(listed, file)
            return Archive(
                {
                    one.filename.casefold(): data
                    for one in listed
                    if (data := _member(content, one, file)) is not None
                }
            )
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged archive fails in as many ways as it can be damaged
        raise refuse(file, "damaged_workbook", type(error).__name__) from error


def _check_sizes(listed: list[zipfile.ZipInfo], file: str) -> None:
    unpacked = sum(one.file_size for one in listed)
    packed = sum(one.compress_size for one in listed) or 1
    bomb = unpacked > _SMALL and unpacked / packed > limits.MAX_RATIO
    if bomb or unpacked > limits.MAX_UNPACKED or len(listed) > limits.MAX_MEMBERS:
        size = f"{unpacked / 2**20:.0f} MB"
        raise refuse(file, "unpacks_too_big", size, limit=limits.MAX_UNPACKED // 2**20)
    if len({one.filename.casefold() for one in listed}) < len(listed):
        raise refuse(file, "damaged_workbook", "ZIP")
    inside = next((one.filename for one in listed if one.filename.casefold().endswith(_ARCHIVES)), "")
    if inside:
        raise refuse(file, "archive_inside", inside)


def _member(content: bytes, one: zipfile.ZipInfo, file: str) -> bytes | None:
    """A member unpacked, None for pictures and the like; never more of it than it states."""
    if one.flag_bits & 1:
        raise refuse(file, "password", "ZIP")
    name_length, extra_length = struct.unpack_from("<HH", content, one.header_offset + 26)
    start = one.header_offset + 30 + name_length + extra_length
    packed = content[start : start + one.compress_size]
    needed = bool(_NEEDED.fullmatch(one.filename.casefold()))
    if one.compress_type == zipfile.ZIP_STORED:
        pieces: Iterable[bytes] = [packed]
    elif one.compress_type == zipfile.ZIP_DEFLATED:
        pieces = _inflate(packed, one.file_size, file)
    else:
        raise refuse(file, "damaged_workbook", "ZIP")
    is_xml = one.filename.casefold().endswith((".xml", ".rels"))
    kept, size, before = [], 0, b""
    for piece in pieces:
        if not size and piece[:4] == b"PK\x03\x04":
            raise refuse(file, "archive_inside", one.filename)
        marked = is_xml and (
            any(sign in before + piece for sign in _FORBIDDEN) or (not size and _utf_16(piece))
        )
        if marked:
            raise refuse(file, "xml_entities", one.filename)
        size, before = size + len(piece), piece[-16:]
        if needed:
            kept.append(piece)
    if size != one.file_size:
        raise refuse(file, "damaged_workbook", one.filename)
    whole = b"".join(kept)
    if is_xml and too_deep(whole):
        raise refuse(file, "nested_too_deep", one.filename, limit=limits.MAX_DEPTH)
    return whole if needed else None


def _utf_16(start: bytes) -> bool:
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or start[:1] == b"\x00" or start[1:2] == b"\x00"


def _inflate(packed: bytes, stated: int, file: str) -> Iterator[bytes]:
    """A deflated member piece by piece. Raises UnreadableFileError once it is more than it states."""
    size = 0
    machine = zlib.decompressobj(-15)
    rest = packed
    while rest and not machine.eof:
        piece = machine.decompress(rest, _PIECE)
        size += len(piece)
        if size > stated:
            raise refuse(file, "unpacks_too_big", "ZIP", limit=limits.MAX_UNPACKED // 2**20)
        yield piece
        rest = machine.unconsumed_tail
