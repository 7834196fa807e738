"""What the tests of taking away and in share: full stores, ZIPs taken apart and put together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import URL, insert, make_url

from cim_core.intake.bundle import Bundle
from cim_core.store import ids, takeaway
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Line, Thing
from cim_core.store.schema import workspaces
from cim_core.store.store import Store

ODD = (
    "=HYPERLINK(1)", "+1", "-1", "@a", "'quoted", "''", " blank ", 'a"b,c;d', "line\nline\r\nline\rend", "\t",
    "\r", "nul\0nul", "\u200b=1", "＝1", "Ünïcödé 😀", "../../etc/passwd", "C:\\con", "x" * 5000, ".", "",
)  # fmt: skip
"""Names that people, or those who mean harm, may give."""
KINDS = (Thing.SCENARIO, Thing.RULEBOOK, Thing.LIST, Thing.MAPPING, Thing.NOTE, Thing.DRAFT, Thing.LETTER)


@pytest.fixture
def another(address: URL, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store in a second empty database of the same kind."""
    if address.get_backend_name() == "sqlite":
        made = Store(Database(URL.create("sqlite", database=str(tmp_path / "another" / "store.sqlite3"))))
        yield made
        made.database.close()
        return
    with request.getfixturevalue("postgres").database() as url:
        made = Store(Database(url))
        yield made
        made.database.close()


def in_memory() -> Store:
    """A store that nobody else has."""
    return Store(Database(make_url("sqlite://")))


def workspace(store: Store, id_: str = "W" * 16) -> Store:
    """One more workspace of a database."""
    values = {"id": id_, "name": "Second", "created": ids.now(), "changed": ids.now(), "version": 1}
    with store.database.writing() as connection:
        connection.execute(insert(workspaces).values(values))
    return Store(store.database, id_, store.who)


def kept(store: Store, name: str, *contents: bytes, after: str = "", answer: str = "") -> str:
    """Keep a version of some files; returns its id."""
    bundle, files = Bundle(), {}
    for content in contents:
        bundle = bundle.with_file(name, ids.digest(content))
        files[ids.digest(content)] = (name, content)
        if answer:
            bundle = bundle.answered(ids.digest(content), "rates", answer)
    return store.keep_version(name, bundle.dumps(), files, after)


def fill(store: Store) -> None:
    """Keep something of everything, under odd names, some of it changed, deleted or taken back."""
    for number, name in enumerate(ODD):
        first = kept(store, name, b"shared", name.encode() + b"\0\xff" * 3)
        if number % 2:
            kept(store, name, b"shared", b"", after=first, answer=name or "x")
        kind = KINDS[number % len(KINDS)]
        text = store.keep_text(kind, name, f"a = 1\r\n# {name}\n")
        store.change_text(text, 1, name + "!", "b\r\n\r")
        store.set(f"s{number}{name[:20]}", name)
        if number % 3 == 0:
            store.delete(kind, text)
    for number, dataset in enumerate(store.datasets()):
        store.describe_dataset(dataset.id, dataset.version, dataset.name + "?", ODD[number])
        if number % 4 == 0:
            store.delete(Thing.DATASET, dataset.id)
        if number % 8 == 0:
            store.take_back(Thing.DATASET, dataset.id)
    store.note(Deed.EXPORTED, Thing.DOWNLOAD, "", "=a picture")


def exported(store: Store) -> bytes:
    """A workspace as it is taken away."""
    target = io.BytesIO()
    takeaway.export(store, target)
    return target.getvalue()


def log(store: Store) -> list[tuple[object, ...]]:
    """The log without its numbers, and without what tells of taking away and in."""
    return [(line.at, line.who, line.what, line.kind, line.id, line.said) for line in lines(store)]


def lines(store: Store) -> list[Line]:
    """The lines of the log that are no taking away or in of the workspace."""
    moves = (Deed.EXPORTED, Deed.IMPORTED)
    return [line for line in store.log() if not (line.kind is Thing.WORKSPACE and line.what in moves)]


def members(content: bytes) -> dict[str, bytes]:
    """What is in a ZIP, by entry."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP put together."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def changed(content: bytes, entry: str, change: Callable[[bytes], bytes]) -> bytes:
    """A ZIP with one entry changed."""
    parts = members(content)
    return zipped(parts | {entry: change(parts[entry])})
