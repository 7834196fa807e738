"""Write the fixture of a release: a database in its form with one of everything, as SQL.

`python -m tests.cim_core.store.releases.make 0002` writes `0002.sql` beside this file, once, when a release
is made; it is never written again, since it stands for what people have on their machines.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import URL, create_engine

from cim_core.intake.bundle import Bundle
from cim_core.store import ids, migrating

HERE = Path(__file__).parent
WORKSPACE, DATASET, VERSION, FILE = (f"{kind}000000000001"[:16] for kind in ("work", "data", "vers", "file"))
SCENARIO, GONE, RULEBOOK = (f"{kind}000000000001"[:16] for kind in ("scen", "gone", "rule"))
CREATED, CHANGED, LATER = (f"2026-11-{day:02} 08:30:00.000000" for day in (1, 2, 3))
CONTENT = b"lea_code,lea_name,year,5a\n9900001,Pe\xc3\xb1a,2023-24,60\n"
BUNDLE = Bundle().with_file("oak.csv", ids.digest(CONTENT)).answered(ids.digest(CONTENT), "rates", "percent")
WRITTEN = BUNDLE.dumps()


def owned(id_: str, version: int = 1) -> dict[str, object]:
    return {
        "id": id_, "workspace": WORKSPACE, "created": CREATED, "changed": CHANGED, "version": version,
    }  # fmt: skip


def text(id_: str, kind: str, name: str, content: str, deleted: str | None = None) -> dict[str, object]:
    digest = ids.digest(f"{name}\0{content}".encode())
    more = {"kind": kind, "name": name, "text": content, "digest": digest, "deleted": deleted}
    return owned(id_, 2) | more


ROWS: list[tuple[str, dict[str, object]]] = [
    (
        "workspaces",
        {"id": WORKSPACE, "name": "Peña SELPA", "created": CREATED, "changed": CHANGED, "version": 1},
    ),
    (
        "contents",
        owned(FILE)
        | {"digest": ids.digest(CONTENT), "size": len(CONTENT), "name": "oak.csv", "bytes": CONTENT},
    ),
    ("datasets", owned(DATASET, 3) | {"name": "Region", "deleted": None, "note": "to ask CDE"}),
    (
        "dataset_versions",
        owned(VERSION)
        | {"dataset": DATASET, "number": 1, "digest": ids.digest(WRITTEN.encode()), "bundle": WRITTEN},
    ),
    ("version_files", {"version": VERSION, "content": FILE}),
    ("texts", text(SCENARIO, "scenario", "Lower", "schema = 1\n")),
    ("texts", text(RULEBOOK, "rulebook", "Ours", "title = 'Ours'\n")),
    ("texts", text(GONE, "note", "Old", "old", LATER)),
    (
        "settings",
        {"workspace": WORKSPACE, "name": "last", "value": "region?data=x", "changed": CHANGED}
        | {"created": CREATED, "version": 4},
    ),
    (
        "log",
        {"workspace": WORKSPACE, "at": CREATED, "who": "maria", "what": "saved", "kind": "dataset"}
        | {"object": VERSION, "said": "Region (1)"},
    ),
]
"""One of everything; a release takes the columns that it has."""


def fill(connection: sqlite3.Connection) -> None:
    """Put the rows into empty tables."""
    for table, row in ROWS:
        there = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        some = {name: value for name, value in row.items() if name in there}
        marks = ", ".join("?" * len(some))
        connection.execute(f"INSERT INTO {table} ({', '.join(some)}) VALUES ({marks})", list(some.values()))


def main(release: str) -> None:
    """Make the tables of a release, fill them, and write them down."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        engine = create_engine(URL.create("sqlite", database=str(path)))
        with engine.begin() as connection:
            config = migrating.config()
            config.attributes["connection"] = connection
            command.upgrade(config, release)
        engine.dispose()
        with sqlite3.connect(path) as connection:
            fill(connection)
            written = "\n".join(connection.iterdump())
    (HERE / f"{release}.sql").write_text(written + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
