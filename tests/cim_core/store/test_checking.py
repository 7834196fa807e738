"""A check finds what is wrong with a store, and says it in words."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, text, update

from cim_core.store import ids
from cim_core.store.checking import check
from cim_core.store.logbook import Thing
from cim_core.store.schema import contents, version_files, versions
from cim_core.store.store import Store
from cim_core.words.disclosure import WORKING
from tests.cim_core.store.away import fill, kept


def said(store: Store) -> list[str]:
    found = check(store.database)
    assert WORKING.say(found.said)
    return [WORKING.say(wrong) for wrong in found.wrong]


def test_a_sound_one(store: Store):
    assert said(store) == []
    fill(store)
    assert said(store) == []
    found = check(store.database)
    assert (found.versions, found.files) == (30, 22) and "sound" in WORKING.say(found.said)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (update(contents).values(bytes=b"other"), "has other bytes"),
        (update(contents).values(size=1), "has other bytes"),
        (update(versions).values(bundle="{}"), "cannot be read"),
        (update(versions).values(bundle="no"), "cannot be read"),
        (update(versions).values(digest="0" * 64), "cannot be read"),
        (delete(version_files), "lacks its file"),
        (update(contents).values(digest="0" * 64), "lacks its file"),
        (text("UPDATE alembic_version SET version_num = '0001'"), "of form 0001"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_wrong_is_said(store: Store, change, told: str):
    kept(store, "Oak", b"content")
    with store.database.writing() as connection:
        connection.execute(change)
    assert any(told in line for line in said(store))


def test_a_file_in_no_version(store: Store):
    values = ids.owned(store.workspace) | {
        "digest": ids.digest(b"x"),
        "size": 1,
        "name": "lost",
        "bytes": b"x",
    }
    with store.database.writing() as connection:
        connection.execute(insert(contents).values(values))
    (line,) = said(store)
    assert "lost" in line and "in no version" in line


def test_a_log_without_protection(store: Store):
    sqlite = store.database.url.get_backend_name() == "sqlite"
    drop = "DROP TRIGGER log_no_delete" if sqlite else "DROP TRIGGER log_no_truncate ON log"
    with store.database.writing() as connection:
        connection.execute(text(drop))
    (line,) = said(store)
    assert "log_no_" in line


def test_a_reference_into_nothing(store: Store):
    kept(store, "Oak", b"content")
    if store.database.url.get_backend_name() != "sqlite":
        pytest.skip("a server looks after its references itself")
    with store.database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.connection.cursor().execute("DELETE FROM datasets")
    (line,) = said(store)
    assert "dataset_versions" in line


def test_a_damaged_file(store: Store):
    fill(store)
    store.keep_text(Thing.NOTE, "long", "x" * 300_000)
    path = store.database.path
    if path is None:
        pytest.skip("a server looks after its files itself")
    store.database.close()
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 2 // 4_096 * 4_096, len(content), 4_096):
        content[place : place + 2_000] = b"\xa5" * 2_000
    path.write_bytes(content)
    assert any("damaged" in line for line in said(store))
