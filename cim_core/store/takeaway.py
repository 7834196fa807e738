"""Taking a workspace away: one ZIP with everything in open formats, the same bytes for the same workspace."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection, Row, select

from cim_core.data import outside, writing
from cim_core.store import away_form as form
from cim_core.store import dataset_rows
from cim_core.store.away_form import Sheet
from cim_core.store.faults import Refusal, RefusedError
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import contents, log, settings, texts, versions, workspaces
from cim_core.store.store import OF_ONE_PERSON, Store
from cim_core.words import messages

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o644 << 16
_PIECE = 2**20
_LEVEL = 1
"""How hard files are packed: six times as fast as usual, and a tenth larger."""
_IN_MEMORY = 16 * 2**20


def export(store: Store, target: Path | IO[bytes]) -> str:
    """Write a workspace, as it is at one moment, into a new file, or an open one that can be sought in.

    Returns the name of the workspace. Raises StoreError, and RefusedError for a file that is there already or
    cannot be written.
    """
    store.permits.must_read(Thing.WORKSPACE)
    with new_file(target) as file, store.database.snapshot() as connection:
        write(connection, store.workspace, file)
    return note(store)


def note(store: Store) -> str:
    """Write into the log that a workspace was taken away; returns its name."""
    with store.database.reading() as connection:
        name = workspace_name(connection, store.workspace)
    store.note(Deed.EXPORTED, Thing.WORKSPACE, store.workspace, name)
    return name


def write(connection: Connection, workspace: str, target: IO[bytes]) -> None:
    """Write a workspace as a connection sees it: one entry after the other, never all of them in memory."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in _entries(connection, workspace):
            add(archive, name, content)


def add(archive: zipfile.ZipFile, name: str, content: bytes | IO[bytes], packed: bool = True) -> None:
    """Add an entry with nothing of this machine or moment in it; bytes, or a file that can be sought in.

    What packs so well that it looks like a bomb is written as it is, as is everything that is not `packed`.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    about = zipfile.ZipInfo(name, _EARLIEST)
    about.create_system, about.external_attr = _UNIX, _PLAIN_FILE
    about.file_size = file.seek(0, io.SEEK_END)
    level = _LEVEL if isinstance(content, bytes) else zlib.Z_DEFAULT_COMPRESSION
    deflated = packed and not _looks_like_a_bomb(file, about.file_size, level)
    about.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    if isinstance(content, bytes):
        archive.writestr(about, content, compresslevel=_LEVEL)
        return
    file.seek(0)
    with archive.open(about, "w") as entry:
        shutil.copyfileobj(file, entry, _PIECE)


def workspace_name(connection: Connection, workspace: str) -> str:
    """What a workspace is called."""
    return str(connection.execute(select(workspaces.c.name).where(workspaces.c.id == workspace)).scalar_one())


def as_json(plain: object) -> bytes:
    """JSON that a person can read."""
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


@contextmanager
def as_csv(sheet: Sheet, rows: Iterable[Row[Any]]) -> Iterator[IO[bytes]]:
    """Rows as a CSV file that spreadsheets open with the right letters; a long one is not in memory."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(sheet.names)
        writer.writerows([form.cell(value) for value in row] for row in rows)
        text.flush()
        text.detach()
        yield file


@contextmanager
def new_file(target: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """A file to be written, which has its name once it is whole. Raises RefusedError."""
    if not isinstance(target, Path):
        yield target
        return
    opened = False
    try:
        with writing.new(target) as file:
            opened = True
            yield _told(file, target)
    except FileExistsError as error:
        raise RefusedError(Refusal.FILE_EXISTS, str(target)) from error
    except (OSError, ValueError) as error:
        if opened and not isinstance(error, OSError):
            raise
        raise RefusedError(Refusal.CANNOT_WRITE, str(target), outside.why(error)) from error


def _told(file: IO[bytes], target: Path) -> IO[bytes]:
    """A file whose troubles are not taken for those of the database that is read."""
    raw = file.write

    def write_told(content: Any) -> int:
        try:
            return raw(content)
        except OSError as error:
            raise RefusedError(Refusal.CANNOT_WRITE, str(target), outside.why(error)) from error

    class Told:
        write = staticmethod(write_told)

        def __getattr__(self, name: str) -> Any:
            return getattr(file, name)

    return cast("IO[bytes]", Told())


def _entries(connection: Connection, workspace: str) -> Iterator[tuple[str, bytes | IO[bytes]]]:
    yield form.README, messages.text("store.away.readme").encode()
    about = {"format": form.WORKSPACE, "version": form.VERSION}
    yield form.ABOUT, as_json(about | {"name": workspace_name(connection, workspace)})
    for name, schema in form.schemas().items():
        yield name, as_json(schema)
    for sheet in form.SHEETS:
        with as_csv(sheet, _rows(connection, workspace, sheet)) as file:
            yield sheet.entry, file
        yield from _whole(connection, workspace, sheet)


def _rows(connection: Connection, workspace: str, sheet: Sheet) -> Iterable[Row[Any]]:
    """Rows in an order that is the same on every database."""
    wanted = select(*(sheet.column(name) for name in sheet.names)).where(sheet.table.c.workspace == workspace)
    if sheet is form.LOG:
        shown = wanted.where(~form.OF_THE_MACHINE).order_by(log.c.number)
        return connection.execution_options(yield_per=1000).execute(shown)
    if sheet is form.SETTINGS:  # where each person was last is theirs alone
        wanted = wanted.where(~settings.c.name.startswith(f"{OF_ONE_PERSON} "))
    if sheet is form.FILES:
        wanted = wanted.where(~dataset_rows.is_orphan())
    key = "name" if sheet is form.SETTINGS else "id"
    return sorted(connection.execute(wanted), key=lambda row: (row.created, getattr(row, key)))


def _whole(connection: Connection, workspace: str, sheet: Sheet) -> Iterator[tuple[str, bytes]]:
    """What stands beside a CSV in files of its own: bundles, bytes, texts."""
    rows = _rows(connection, workspace, sheet) if sheet in (form.VERSIONS, form.FILES, form.TEXTS) else ()
    for row in rows:
        if sheet is form.VERSIONS:
            bundle = select(versions.c.bundle).where(versions.c.id == row.id)
            yield form.version_entry(row.id), connection.execute(bundle).scalar_one().encode()
        elif sheet is form.FILES:
            content = select(contents.c.bytes).where(contents.c.id == row.id)
            yield form.file_entry(row.digest), bytes(connection.execute(content).scalar_one())
        else:
            text = select(texts.c.text).where(texts.c.id == row.id)
            yield form.text_entry(Thing(row.kind), row.id), connection.execute(text).scalar_one().encode()


def _looks_like_a_bomb(file: IO[bytes], size: int, level: int) -> bool:
    file.seek(0)
    machine, packed = zlib.compressobj(level, wbits=-zlib.MAX_WBITS), 0
    while size > form.SMALL and (piece := file.read(_PIECE)):
        packed += len(machine.compress(piece))
        if packed * form.MAX_RATIO >= size:
            return False
    return size > form.SMALL and (packed + len(machine.flush())) * form.MAX_RATIO < size
