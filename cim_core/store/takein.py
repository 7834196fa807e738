"""Reading the ZIP of a workspace or a backup: every entry is checked and counted while it is read."""

from __future__ import annotations

import csv
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from re import Pattern
from typing import IO, Any

from cim_core.data import outside
from cim_core.data.outside import quoted
from cim_core.intake import bundle as bundles
from cim_core.intake import limits
from cim_core.store import away_form as form
from cim_core.store import ids
from cim_core.store.away_form import Sheet
from cim_core.store.faults import Fault, TakeInError
from cim_core.words.messages import HowMany, Value, message

_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError,
    ValueError, KeyError, IndexError, OverflowError,
)  # fmt: skip
"""What the reader of ZIP raises for an archive that is damaged, packed in another way, or none."""
_PIECE = 2**20
_SECRET = 0x1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MOST_ABOUT = 10 * 2**20


class Parcel:
    """A ZIP whose list of entries was checked: names, sizes, how they are packed."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.entries = {about.filename: about for about in archive.infolist()}

    def has(self, entry: str) -> bool:
        """Whether there is such an entry."""
        return entry in self.entries

    def pieces(self, entry: str) -> Iterator[bytes]:
        """The bytes of an entry, counted while they are unpacked. Raises TakeInError."""
        if entry not in self.entries:
            raise TakeInError(Fault.LACKING, entry)
        size = 0
        try:
            with self._archive.open(self.entries[entry]) as file:
                while piece := file.read(_PIECE):
                    size += len(piece)
                    if size > form.most(entry):
                        raise _too_large(entry, size, form.most(entry))
                    yield piece
        except OSError as error:
            raise TakeInError(Fault.UNREADABLE, entry, outside.why(error)) from error
        except _BROKEN as error:
            raise TakeInError(Fault.DAMAGED, entry) from error

    def content(self, entry: str) -> bytes:
        """All bytes of an entry. Raises TakeInError."""
        return b"".join(self.pieces(entry))

    def text(self, entry: str) -> str:
        """An entry that is text, as a store keeps it. Raises TakeInError."""
        try:
            return self.content(entry).decode().replace("\0", "\ufffd")
        except UnicodeDecodeError as error:
            raise TakeInError(Fault.NO_TEXT, entry) from error

    def about(self, entry: str, wanted: str) -> dict[str, Any]:
        """What a ZIP says of itself. Raises TakeInError where it is none of ours, or of a newer form."""
        if entry in self.entries and self.entries[entry].file_size > _MOST_ABOUT:
            raise _too_large(entry, self.entries[entry].file_size, _MOST_ABOUT)
        try:
            text = self.text(entry)
            outside.check_text(text)
            plain = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise TakeInError(Fault.NOT_OURS, entry, "–", quoted(wanted)) from error
        told = plain if isinstance(plain, dict) else {}
        version = told.get("version")
        if told.get("format") != wanted or type(version) is not int or version < 1:
            raise TakeInError(Fault.NOT_OURS, entry, str(told.get("format", "–")), quoted(wanted))
        if version > form.VERSION:
            raise TakeInError(Fault.NEWER, entry, outside.quoted_value(version), str(form.VERSION))
        return told

    def rows(self, sheet: Sheet) -> Iterator[dict[str, Any]]:
        """The rows of a CSV file by the names of its columns. Raises TakeInError."""
        csv.field_size_limit(limits.MAX_BYTES)
        lines = csv.reader(self._lines(sheet.entry), strict=True)
        try:
            header = next(lines, [])
            if tuple(header) not in (sheet.names, sheet.first):
                found, wanted = ", ".join(header) or "–", ", ".join(sheet.names)
                raise TakeInError(Fault.COLUMNS, sheet.entry, found, wanted)
            for number, cells in enumerate(lines, 2):
                if len(cells) != len(header):
                    where = f"{sheet.entry}:{number}"
                    raise TakeInError(Fault.COLUMNS, where, ", ".join(cells), ", ".join(sheet.names))
                yield _row(sheet, number, cells)
        except csv.Error as error:
            raise TakeInError(Fault.DAMAGED, sheet.entry) from error

    def _lines(self, entry: str) -> Iterator[str]:
        """The lines of a text, each with its end, of one that is not in memory as a whole."""
        reader = io.TextIOWrapper(io.BufferedReader(_Pieces(self.pieces(entry))), "utf-8-sig", newline="")
        try:
            while line := reader.readline(limits.MAX_BYTES):
                yield line
        except UnicodeDecodeError as error:
            raise TakeInError(Fault.NO_TEXT, entry) from error


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._rest = self._rest or next(self._pieces, b"")
        given = self._rest[: len(into)]
        into[: len(given)] = given
        self._rest = self._rest[len(given) :]
        return len(given)


@contextmanager
def opened(source: Path | IO[bytes], known: Pattern[str] = form.ENTRY) -> Iterator[Parcel]:
    """A ZIP that is looked at only as far as its list of entries is sound. Raises TakeInError."""
    try:
        archive = zipfile.ZipFile(source)
    except OSError as error:
        raise TakeInError(Fault.UNREADABLE, str(source), outside.why(error)) from error
    except _BROKEN as error:
        raise TakeInError(Fault.NO_ZIP, str(source) if isinstance(source, Path) else "ZIP") from error
    with archive:
        _check(archive, known)
        yield Parcel(archive)


def _check(archive: zipfile.ZipFile, known: Pattern[str]) -> None:
    listed = archive.infolist()
    if len(listed) > form.MAX_ENTRIES:
        raise TakeInError(Fault.TOO_MANY, "ZIP", str(len(listed)), _number(form.MAX_ENTRIES))
    seen: set[str] = set()
    for about in listed:
        name = about.filename
        # A reader may take an entry by the name that stands before a NUL: it is looked at as it was written.
        if about.orig_filename != name or not known.fullmatch(name):
            raise TakeInError(Fault.SURPLUS, about.orig_filename)
        if name in seen:
            raise TakeInError(Fault.TWICE, name)
        seen.add(name)
        _check_entry(about)
    unpacked, packed = sum(one.file_size for one in listed), sum(one.compress_size for one in listed)
    if unpacked > form.MAX_STREAMED:
        raise _too_large("ZIP", unpacked, form.MAX_STREAMED)
    if packed > _length(archive):
        raise TakeInError(Fault.DAMAGED, "ZIP")


def _check_entry(about: zipfile.ZipInfo) -> None:
    name, size = about.filename, about.file_size
    if about.flag_bits & _SECRET:
        raise TakeInError(Fault.SECRET, name)
    if about.compress_type not in _PACKED:
        raise TakeInError(Fault.DAMAGED, name)
    if size > form.most(name):
        raise _too_large(name, size, form.most(name))
    if size > form.SMALL and size > form.MAX_RATIO * about.compress_size:
        ratio = str(size // max(about.compress_size, 1))
        raise TakeInError(Fault.BOMB, name, ratio, _number(form.MAX_RATIO))


def _length(archive: zipfile.ZipFile) -> int:
    assert archive.fp is not None
    return archive.fp.seek(0, io.SEEK_END)


def _too_large(entry: str, size: int, limit: int) -> TakeInError:
    found = f"{-(-size // 2**20):,}"
    return TakeInError(Fault.TOO_LARGE, entry, found, _number(limit // 2**20))


def _number(number: int) -> Value:
    return message("store.away.number", n=HowMany(number))


def _row(sheet: Sheet, number: int, cells: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    blank = [""] * (len(sheet.names) - len(cells))
    for name, text in zip(sheet.names, [*cells, *blank], strict=True):
        try:
            row[name] = form.read_cell(sheet, name, text.replace("\0", "\ufffd"))
        except (ValueError, OverflowError) as error:
            where = f"{sheet.entry}:{number} {name}"
            raise TakeInError(Fault.CELL, where, text or "–", message(form.expected(name))) from error
    return row


@dataclass(slots=True)
class Packed:
    """What stands in the ZIP of a workspace, without the bytes, the bundles and the texts themselves."""

    name: str
    datasets: list[dict[str, Any]]
    versions: dict[str, list[dict[str, Any]]]
    files: list[dict[str, Any]]
    texts: list[dict[str, Any]]
    settings: list[dict[str, Any]]
    digests: dict[str, list[str]] = field(default_factory=dict)
    """The SHA-256 of the files of each version, by its id."""


def read(parcel: Parcel) -> Packed:
    """Read all but the log and the bytes of files, and check what refers to what. Raises TakeInError."""
    about = parcel.about(form.ABOUT, form.WORKSPACE)
    if not _is_text(about.get("name")):
        raise TakeInError(Fault.NOT_OURS, form.ABOUT, "–", "name")
    packed = Packed(
        about["name"],
        list(_once(parcel, form.DATASETS, "id")),
        {},
        list(_once(parcel, form.FILES, "id", "sha256")),
        list(_once(parcel, form.TEXTS, "id")),
        list(_once(parcel, form.SETTINGS, "name")),
    )
    wanted = {form.README, form.ABOUT, *form.schemas(), *(sheet.entry for sheet in form.SHEETS)}
    wanted |= _read_versions(parcel, packed)
    for row in packed.files:
        wanted.add(form.file_entry(row["sha256"]))
    for row in packed.texts:
        entry = form.text_entry(row["kind"], row["id"])
        row["text"] = ids.digest(f"{row['name']}\0{parcel.text(entry)}".encode())
        wanted.add(entry)
    lacking = next((entry for entry in sorted(wanted) if not parcel.has(entry)), "")
    surplus = next((entry for entry in sorted(parcel.entries) if entry not in wanted), "")
    if lacking and lacking != form.README and not lacking.startswith("schema/"):
        raise TakeInError(Fault.LACKING, lacking)
    if surplus:
        raise TakeInError(Fault.SURPLUS, surplus)
    return packed


def _is_text(name: object) -> bool:
    """Whether something is a text that can be kept: JSON may hold half a character."""
    return isinstance(name, str) and not any("\ud800" <= one <= "\udfff" for one in name)


def _read_versions(parcel: Parcel, packed: Packed) -> set[str]:
    """Read the versions with their bundles; returns the entries of these."""
    datasets = {row["id"] for row in packed.datasets}
    files = {row["sha256"] for row in packed.files}
    numbers, used, entries = set(), set(), set()
    for row in _once(parcel, form.VERSIONS, "id"):
        entry = form.version_entry(row["id"])
        if row["dataset"] not in datasets:
            raise TakeInError(Fault.NOWHERE, f"{form.VERSIONS.entry} {row['id']}", row["dataset"])
        if (row["dataset"], row["number"]) in numbers:
            raise TakeInError(Fault.REPEATED, form.VERSIONS.entry, f"{row['dataset']}, {row['number']}")
        numbers.add((row["dataset"], row["number"]))
        text = parcel.text(entry)
        try:
            digests = [part.digest for part in bundles.loads(text).parts]
        except ValueError as error:
            raise TakeInError(Fault.NO_BUNDLE, entry) from error
        lost = next((digest for digest in digests if digest not in files), "")
        if lost:
            raise TakeInError(Fault.NOWHERE, entry, lost)
        row["bundle"] = ids.digest(text.encode())
        packed.versions.setdefault(row["dataset"], []).append(row)
        packed.digests[row["id"]] = list(dict.fromkeys(digests))
        used.update(digests)
        entries.add(entry)
    unused = next((row["sha256"] for row in packed.files if row["sha256"] not in used), "")
    if unused:
        raise TakeInError(Fault.SURPLUS, form.file_entry(unused))
    return entries


def _once(parcel: Parcel, sheet: Sheet, *keys: str) -> Iterator[dict[str, Any]]:
    """Rows none of whose keys is another's."""
    seen: set[tuple[str, str]] = set()
    for row in parcel.rows(sheet):
        for key in keys:
            if (key, row[key]) in seen:
                raise TakeInError(Fault.REPEATED, sheet.entry, row[key])
            seen.add((key, row[key]))
        yield row
