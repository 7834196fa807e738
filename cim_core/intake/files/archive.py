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
from cim_core.intake.files.xml_depth import too_deep
from cim_core.intake.problems import UnreadableFileError, refuse
from cim_core.words.messages import HowMany

_SMALL = 2**20
"""Archives that unpack to less than this may be as compressible as they like."""
_PIECE = 4 * 2**20
_LEFT_OUT = re.compile(
    r"(?:docprops|customxml|thumbnails|xl/(?:drawings|charts|chartsheets|media|theme|externallinks|pivotcache"
    r"|pivottables|ctrlprops|activex|embeddings|printersettings|persons|threadedcomments|richdata|diagrams"
    r"|model|queries|querytables|tables|slicers|slicercaches|timelines|timelinecaches|webextensions))/.*"
    r"|xl/(?:comments[^/]*|calcchain|connections|metadata)\.xml"
)
"""Members that no reader looks at: they are only counted and searched for what is forbidden."""
_WHOLE = re.compile(r"\[content_types\]\.xml|.*\.rels|xl/(?:workbook|styles)\.xml")
"""Members of which a tree is made."""
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".7z", ".rar", ".gz", ".tar")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of a checked archive, and an archive made anew of nothing but these.

    Readers differ in what they take for the list of members, so none is given the archive as it came.
    """

    members: dict[str, bytes]
    content: bytes

    def member(self, name: str) -> bytes:
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
            _check_sizes(listed, len(content), file)
            members: dict[str, bytes] = {}
            kept: list[tuple[zipfile.ZipInfo, bytes]] = []
            for member in listed:
                packed = _packed(content, member)
                data = _member(packed, member, file)
                if data is not None:
                    members[member.filename.casefold()] = data
                    kept.append((member, packed))
            return Archive(members, _anew(kept))
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged archive fails in as many ways as it can be damaged
        raise refuse(file, "damaged_workbook", type(error).__name__) from error


def _check_sizes(listed: list[zipfile.ZipInfo], length: int, file: str) -> None:
    unpacked = sum(one.file_size for one in listed)
    packed = sum(one.compress_size for one in listed) or 1
    bomb = unpacked > _SMALL and unpacked / packed > limits.MAX_RATIO
    if bomb or unpacked > limits.MAX_UNPACKED or len(listed) > limits.MAX_MEMBERS:
        size = f"{unpacked / 2**20:.0f} MB"
        raise refuse(file, "unpacks_too_big", size, limit=HowMany(limits.MAX_UNPACKED // 2**20))
    overlap = sum(one.compress_size for one in listed) > length
    if overlap or len({one.filename.casefold() for one in listed}) < len(listed):
        raise refuse(file, "damaged_workbook", "ZIP")
    inside = next((one.filename for one in listed if one.filename.casefold().endswith(_ARCHIVES)), "")
    if inside:
        raise refuse(file, "archive_inside", inside)


def _packed(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """A member as it is packed."""
    name_length, extra_length = struct.unpack_from("<HH", content, member.header_offset + 26)
    start = member.header_offset + 30 + name_length + extra_length
    return content[start : start + member.compress_size]


def _anew(kept: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """An archive of members as they are packed."""
    parts, entries, place = [], [], 0
    for one, packed in kept:
        name = one.filename.encode("utf-8", "surrogatepass")
        about = struct.pack(
            "<HHHHIIIH", 0x800, one.compress_type, 0, 33, one.CRC, len(packed), one.file_size, len(name)
        )
        local = b"PK\x03\x04" + struct.pack("<H", 20) + about + bytes(2) + name + packed
        entries.append(
            b"PK\x01\x02" + struct.pack("<HH", 20, 20) + about + bytes(12) + struct.pack("<I", place) + name
        )
        parts.append(local)
        place += len(local)
    directory = b"".join(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(kept), len(kept), len(directory), place, 0)
    return b"".join((*parts, directory, end))


def _member(packed: bytes, member: zipfile.ZipInfo, file: str) -> bytes | None:
    """A member unpacked, None for pictures and the like; never more of it than it states."""
    name = member.filename.casefold()
    is_xml = name.endswith((".xml", ".rels"))
    needed = name == "mimetype" or (is_xml and not _LEFT_OUT.fullmatch(name))
    kept, size, before = [], 0, b""
    for piece in _pieces(packed, member, file):
        if not size and piece[:4] == b"PK\x03\x04":
            raise refuse(file, "archive_inside", member.filename)
        if is_xml and (_is_forbidden(before + piece) or (not size and _utf_16(piece))):
            raise refuse(file, "xml_entities", member.filename)
        size, before = size + len(piece), piece[-16:]
        if needed:
            kept.append(piece)
    if size != member.file_size:
        raise refuse(file, "damaged_workbook", member.filename)
    whole = b"".join(kept)
    if is_xml and needed:
        _check_marks(whole, name, file)
    return whole if needed else None


def _pieces(packed: bytes, member: zipfile.ZipInfo, file: str) -> Iterable[bytes]:
    """A member as it is unpacked. Raises UnreadableFileError for a secret one, or one packed otherwise."""
    if member.flag_bits & 1:
        raise refuse(file, "password", "ZIP")
    if member.compress_type == zipfile.ZIP_STORED:
        return [packed]
    if member.compress_type == zipfile.ZIP_DEFLATED:
        return _inflate(packed, member.file_size, file)
    raise refuse(file, "damaged_workbook", "ZIP")


def _is_forbidden(xml: bytes) -> bool:
    return any(sign in xml for sign in _FORBIDDEN)


def _check_marks(xml: bytes, name: str, file: str) -> None:
    """Raise UnreadableFileError for XML with too many elements, or elements too deep within others."""
    marks = xml.count(b"<")
    most = limits.MAX_MARKS_HELD if _WHOLE.fullmatch(name) else limits.MAX_MARKS
    if marks > most:
        raise refuse(file, "too_many_marks", name, limit=f"{most:,}")
    deep = too_deep(xml, limits.MAX_DEPTH, limits.MAX_MARKS_WALKED)
    if deep is None:
        raise refuse(file, "too_many_marks", name, limit=f"{limits.MAX_MARKS_WALKED:,}")
    if deep:
        raise refuse(file, "nested_too_deep", name, limit=HowMany(limits.MAX_DEPTH))


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
            raise refuse(file, "unpacks_too_big", "ZIP", limit=HowMany(limits.MAX_UNPACKED // 2**20))
        yield piece
        rest = machine.unconsumed_tail
