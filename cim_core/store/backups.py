"""Backups of a whole database, also while others write, and the way back from them.

A backup is a ZIP of the ZIPs of its workspaces, all of one moment, and the whole log: it can be put back into
another kind of database, and read without this program.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Set
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, Connection, delete, insert, select

from cim_core.data import outside, writing
from cim_core.store import away_form as form
from cim_core.store import ids, merging, takeaway, takein
from cim_core.store.database import Database, file_of, said
from cim_core.store.faults import Fault, Refusal, RefusedError, TakeInError
from cim_core.store.schema import accounts, log, workspaces
from cim_core.store.takein import Parcel
from cim_core.store.troubles import StoreError, Trouble
from cim_core.words import messages
from cim_core.words.messages import HowMany, Message, message

_WITH = ("-wal", "-shm", "")
"""What a file of SQLite has beside it; the file itself goes last, so that it never stands without them."""
_BATCH = 1000
_COLUMNS = ("id", "name", "created", "changed", "version")


def backup(database: Database, target: Path | IO[bytes]) -> Message:
    """Write everything, as it is at one moment, into a new file; returns what to say.

    Raises StoreError, and RefusedError for a file that is there already or cannot be written.
    """
    with takeaway.new_file(target) as file, database.snapshot() as connection:
        wanted = select(*(workspaces.c[name] for name in _COLUMNS))
        rows = sorted(connection.execute(wanted), key=lambda row: (row.created, row.id))
        with zipfile.ZipFile(file, "w") as archive:
            listed = [dict(zip(_COLUMNS, map(_plain, row), strict=True)) for row in rows]
            about = {"format": form.BACKUP, "version": form.VERSION, "taken": ids.now().isoformat()}
            takeaway.add(archive, form.README, messages.text("store.away.readme_backup").encode())
            takeaway.add(archive, form.ABOUT_BACKUP, takeaway.as_json(about | {"workspaces": listed}))
            lines = select(*(log.c[name] for name in form.FULL_LOG.names)).order_by(log.c.number)
            streamed = connection.execution_options(yield_per=_BATCH).execute(lines)
            with takeaway.as_csv(form.FULL_LOG, streamed) as sheet:
                takeaway.add(archive, form.FULL_LOG.entry, sheet)
            people = select(*(accounts.c[name] for name in form.ACCOUNTS.names)).order_by(accounts.c.name)
            if held := connection.execute(people).all():
                with takeaway.as_csv(form.ACCOUNTS, held) as sheet:
                    takeaway.add(archive, form.ACCOUNTS.entry, sheet)
            for row in rows:
                with tempfile.TemporaryFile() as inner:
                    takeaway.write(connection, row.id, inner)
                    takeaway.add(archive, form.workspace_entry(row.id), inner, packed=False)
    return message("store.away.done.backed_up", n=HowMany(len(rows)), where=str(target))


def restore(where: URL, source: Path | IO[bytes], aside: bool = False) -> list[Message]:
    """Put a backup into a database that is empty or not there yet; returns what to say.

    `aside`: a file that is there is moved away first, once the backup was read to its end. Raises
    RefusedError, TakeInError and StoreError; what was there is then as it was.
    """
    path = file_of(where)
    if path is None and aside:
        raise RefusedError(Refusal.NO_FILE, said(where))
    with takein.opened(source, form.BACKUP_ENTRY) as parcel:
        about = _about(parcel)
        told = message(
            "store.away.done.restored", where=said(where),
            time=about["taken"].strftime("%Y-%m-%d %H:%M UTC"), n=HowMany(len(about["workspaces"])),
        )  # fmt: skip
        if path is None or (path.exists() and not aside):
            _into(where, parcel, about)
            return [told]
        moved = _anew(path, parcel, about)
        return [told] if moved is None else [told, message("store.away.done.aside", where=str(moved))]


def _plain(value: object) -> object:
    return ids.utc(value).isoformat() if isinstance(value, datetime) else value


def _about(parcel: Parcel) -> dict[str, Any]:
    """What a backup says of itself, read. Raises TakeInError."""
    about = parcel.about(form.ABOUT_BACKUP, form.BACKUP)
    try:
        about["taken"] = datetime.fromisoformat(about["taken"]).astimezone(UTC)
        about["workspaces"] = [_workspace(row) for row in about["workspaces"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TakeInError(Fault.NOT_OURS, form.ABOUT_BACKUP, "–", "taken, workspaces") from error
    entries = [form.workspace_entry(row["id"]) for row in about["workspaces"]]
    if len(set(entries)) < len(entries):
        raise TakeInError(Fault.REPEATED, form.ABOUT_BACKUP, "id")
    known = {form.README, form.ABOUT_BACKUP, form.FULL_LOG.entry, form.ACCOUNTS.entry}
    surplus = set(parcel.entries) - {*entries} - known
    if surplus:
        raise TakeInError(Fault.SURPLUS, min(surplus))
    lacking = next((entry for entry in (*entries, form.FULL_LOG.entry) if not parcel.has(entry)), "")
    if lacking:
        raise TakeInError(Fault.LACKING, lacking)
    return about


def _workspace(row: dict[str, Any]) -> dict[str, Any]:
    read = {name: form.read_cell(form.DATASETS, name, str(row[name])) for name in _COLUMNS if name != "name"}
    if not isinstance(row["name"], str):
        raise TypeError
    return read | {"name": row["name"]}


def _into(where: URL, parcel: Parcel, about: dict[str, Any]) -> None:
    """Put a backup into a database, in one transaction. Raises RefusedError where something is in it."""
    try:
        database = Database(where)
    except StoreError as error:
        if error.trouble in (Trouble.DAMAGED, Trouble.NEWER) and file_of(where) is not None:
            raise RefusedError(Refusal.UNREADABLE, said(where)) from error
        raise
    try:
        with database.writing() as connection:
            present = list(connection.execute(select(workspaces.c.id)).scalars())
            lines = connection.execute(select(log.c.number).where(~form.OF_THE_MACHINE).limit(1)).first()
            people = connection.execute(select(accounts.c.id).limit(1)).first()
            filled = lines is not None or people is not None
            if filled or not all(merging.is_empty(connection, id_) for id_ in present):
                server = database.path is None
                refusal = Refusal.NOT_EMPTY_SERVER if server else Refusal.NOT_EMPTY
                raise RefusedError(refusal, database.said_where)
            connection.execute(delete(workspaces))
            _fill(connection, parcel, about)
    finally:
        database.close()


def _fill(connection: Connection, parcel: Parcel, about: dict[str, Any]) -> None:
    for row in about["workspaces"]:
        connection.execute(insert(workspaces).values(row))
        with tempfile.TemporaryFile() as inner:
            for piece in parcel.pieces(form.workspace_entry(row["id"])):
                inner.write(piece)
            with takein.opened(inner) as packed:
                merging.bring(connection, row["id"], packed, takein.read(packed), logged=False)
        # Taking in names the workspace and counts that; here it is to be exactly as it was.
        connection.execute(workspaces.update().where(workspaces.c.id == row["id"]).values(row))
    _people(connection, parcel, {row["id"] for row in about["workspaces"]})
    lines = (
        line | {"what": line["what"].value, "kind": line["kind"].value} for line in parcel.rows(form.FULL_LOG)
    )
    while some := list(islice(lines, _BATCH)):
        connection.execute(insert(log), some)


def _people(connection: Connection, parcel: Parcel, known: Set[str]) -> None:
    """Who may sign in; a backup of an earlier release, or of one machine, holds nobody."""
    seen: set[str] = set()
    for row in parcel.rows(form.ACCOUNTS) if parcel.has(form.ACCOUNTS.entry) else ():
        if row["workspace"] not in known:
            raise TakeInError(Fault.NOWHERE, form.ACCOUNTS.entry, row["workspace"])
        for told in (row["id"], f"name {row['name']}"):
            if told in seen:
                raise TakeInError(Fault.REPEATED, form.ACCOUNTS.entry, row["name"])
            seen.add(told)
        connection.execute(insert(accounts).values(row))


def _anew(path: Path, parcel: Parcel, about: dict[str, Any]) -> Path | None:
    """Fill a new file, move the present one aside, give the new one its name; returns where that one is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except (OSError, ValueError) as error:
        raise RefusedError(Refusal.CANNOT_WRITE, str(path), outside.why(error)) from error
    try:
        fresh = folder / path.name
        _into(URL.create("sqlite", database=str(fresh)), parcel, about)
        there = any(os.path.lexists(f"{path}{ending}") for ending in _WITH)
        moved = _move_aside(path) if there else None
        fresh.replace(path)
        writing.settle(path.parent)
    except OSError as error:
        raise RefusedError(Refusal.CANNOT_WRITE, str(path), outside.why(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return moved


def _move_aside(path: Path) -> Path:
    """Move a file of SQLite, with what it has beside it, under a name with the time."""
    if path.is_file():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    moment = ids.now().strftime("%Y-%m-%dT%H%M%S.%fZ")
    moved = path.with_name(f"{path.name}.aside-{moment}")
    for ending in _WITH:
        if os.path.lexists(f"{path}{ending}"):
            Path(f"{path}{ending}").rename(f"{moved}{ending}")
    return moved
