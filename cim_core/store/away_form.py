"""The form in which a workspace is taken away: a ZIP of CSV, JSON, TOML and text, read by any other program.

Times are ISO 8601 in UTC. In a CSV cell that begins with anything but a letter or a digit, or with an
apostrophe, an apostrophe comes first: no spreadsheet runs it as a formula, and it is taken off again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table

from cim_core.store import ids
from cim_core.store.accounts import Role
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import accounts, contents, datasets, log, settings, texts, versions
from cim_core.words.messages import MessageFamily

WORKSPACE, BACKUP, VERSION = "cim-tier-explorer workspace", "cim-tier-explorer backup", 2
README, ABOUT, ABOUT_BACKUP = "README.txt", "workspace.json", "backup.json"
_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
MAX_ENTRIES = 100_000
MAX_ENTRY = 256 * 2**20
"""Bytes of an entry that is read as a whole: ten times the largest upload."""
MAX_STREAMED = 64 * 2**30
"""Bytes of what is read piece by piece (the log, a workspace in a backup), and of all entries together."""
MAX_RATIO, SMALL = 100, 4096
"""Unpacked over packed, of entries that are not small. What packs better is written as it is."""
_MOST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file of the ZIP: its name, the table behind it, its columns in order; `later`: those at the end
    that files of earlier releases lack, which are texts and empty then."""

    entry: str
    table: Table
    names: tuple[str, ...]
    later: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[str, ...]:
        """The columns that every release has written."""
        return self.names[: len(self.names) - len(self.later)]

    def column(self, name: str) -> ColumnElement[Any]:
        """The column of the table that a column of the file is made from."""
        found: ColumnElement[Any] = self.table.c["digest" if name == "sha256" else name]
        return found


_OWNED = ("created", "changed", "version")
DATASETS = Sheet("datasets.csv", datasets, ("id", "name", "note", *_OWNED, "deleted"))
VERSIONS = Sheet("versions.csv", versions, ("id", "dataset", "number", *_OWNED))
FILES = Sheet("files.csv", contents, ("id", "sha256", "size", "name", *_OWNED))
TEXTS = Sheet("texts.csv", texts, ("id", "kind", "name", *_OWNED, "deleted"))
SETTINGS = Sheet("settings.csv", settings, ("name", "value", *_OWNED))
LOG = Sheet("log.csv", log, ("at", "who", "what", "kind", "object", "said", "place"), ("place",))
FULL_LOG = Sheet("log.csv", log, ("workspace", *LOG.names), LOG.later)
ACCOUNTS = Sheet(
    "accounts.csv", accounts,
    ("id", "workspace", "name", "shown", "role", "leas", "password", "disabled", *_OWNED),
)  # fmt: skip
"""Of a backup alone, where there are any: a workspace that is taken away is nobody's."""
SHEETS = (DATASETS, VERSIONS, FILES, TEXTS, SETTINGS, LOG)

_FOLDERS = {
    Thing.SCENARIO: ("scenarios", "toml"),
    Thing.RULEBOOK: ("rulebooks", "toml"),
    Thing.MAPPING: ("mappings", "toml"),
    Thing.DRAFT: ("drafts", "toml"),
    Thing.LIST: ("lists", "txt"),
    Thing.NOTE: ("notes", "txt"),
    Thing.DECK: ("decks", "toml"),
}
_OTHERS = ("others", "txt")
_ID, _SHA256 = r"[0-9A-Za-z]{16}", r"[0-9a-f]{64}"
ENTRY = re.compile(
    rf"README\.txt|workspace\.json|schema/(?:workspace|version)\.json|versions/{_ID}\.json|files/{_SHA256}"
    rf"|(?:datasets|versions|files|texts|settings|log)\.csv"
    rf"|(?:scenarios|rulebooks|mappings|drafts|decks)/{_ID}\.toml|(?:lists|notes|others)/{_ID}\.txt"
)
"""The names that an entry may have: none of them leads anywhere else."""
BACKUP_ENTRY = re.compile(rf"README\.txt|backup\.json|(?:log|accounts)\.csv|workspaces/{_ID}\.zip")

PLACE = log.c.kind == Thing.WORKSPACE.value
OF_THE_MACHINE = PLACE & log.c.what.in_([Deed.EXPORTED.value, Deed.IMPORTED.value])
"""Lines of the log that tell of taking away and in: of this machine, not of what is kept."""


def version_entry(id_: str) -> str:
    """Where the bundle of a version stands."""
    return f"versions/{id_}.json"


def file_entry(digest: str) -> str:
    """Where the bytes of a file stand: never under the name that somebody gave it."""
    return f"files/{digest}"


def text_entry(kind: Thing, id_: str) -> str:
    """Where a small text stands."""
    folder, ending = _FOLDERS.get(kind, _OTHERS)
    return f"{folder}/{id_}.{ending}"


def workspace_entry(id_: str) -> str:
    """Where a workspace stands in a backup."""
    return f"workspaces/{id_}.zip"


def most(entry: str) -> int:
    """How many bytes an entry may have."""
    return MAX_STREAMED if entry == LOG.entry or entry.endswith(".zip") else MAX_ENTRY


def cell(value: object) -> str:
    """A value as a cell.

    >>> cell("=1+1"), cell("'a"), cell("Oak"), cell(None), cell(3)
    ("'=1+1", "''a", 'Oak', '', '3')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return ids.utc(value).isoformat()
    text = str(value)
    return text if text[:1].isalnum() or not text else "'" + text


EXPECTED: MessageFamily[str] = MessageFamily(
    "store.away.expected.{}",
    (
        "id", "sha256", "time", "maybe_time", "number", "whole", "kind", "deed", "short", "any", "role",
        "keys", "yes_no",
    ),
)  # fmt: skip


def _matching(shape: str) -> Callable[[str], str]:
    shaped = re.compile(shape)

    def read(text: str) -> str:
        if not shaped.fullmatch(text):
            raise ValueError
        return text

    return read


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError
    return moment.astimezone(UTC)


def _number(text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,9}", text) or int(text) > _MOST_NUMBER:
        raise ValueError
    return int(text)


def _counted(text: str) -> int:
    if _number(text) < 1:
        raise ValueError
    return _number(text)


def _keys(text: str) -> str:
    """Keys of LEAs as JSON."""
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError
    return json.dumps(found)


_YES_NO = {"True": True, "False": False}


def _yes_no(text: str) -> bool:
    if text not in _YES_NO:
        raise ValueError
    return _YES_NO[text]


_READ: dict[str, tuple[str, Callable[[str], object]]] = {
    "id": ("id", _matching(_ID)),
    "dataset": ("id", _matching(_ID)),
    "workspace": ("id", _matching(_ID)),
    "sha256": ("sha256", _matching(_SHA256)),
    "created": ("time", _time),
    "changed": ("time", _time),
    "at": ("time", _time),
    "deleted": ("maybe_time", lambda text: _time(text) if text else None),
    "version": ("number", _counted),
    "number": ("number", _counted),
    "size": ("whole", _number),
    "kind": ("kind", Thing),
    "what": ("deed", Deed),
    "role": ("role", lambda text: Role(text).value),
    "leas": ("keys", _keys),
    "disabled": ("yes_no", _yes_no),
    "object": ("short", _matching(r"(?s:.{0,32})")),
}
"""What the cells of a column are, and how they are read; those of every other one are texts."""


_LONGEST_NAME = {SETTINGS.entry: 64, ACCOUNTS.entry: 128}


def read_cell(sheet: Sheet, name: str, text: str) -> Any:
    """The value of a cell. Raises ValueError or OverflowError."""
    if text.startswith("'"):
        text = text[1:]
    if name == "name" and len(text) > _LONGEST_NAME.get(sheet.entry, len(text)):
        raise ValueError
    return _READ[name][1](text) if name in _READ else text


def expected(name: str) -> str:
    """The id of what is said of the cells of a column."""
    return EXPECTED[_READ[name][0] if name in _READ else "any"]


def schemas() -> dict[str, object]:
    """The schemas of the JSON files, by entry."""
    text, digest = {"type": "string"}, {"type": "string", "pattern": f"^{_SHA256}$"}
    about = {"format": {"const": WORKSPACE}, "version": {"const": VERSION}, "name": text}
    part = {
        "file": text,
        "digest": digest,
        "answers": {"type": "object", "additionalProperties": text},
        "mapping": text,
    }
    bundle = {
        "parts": {"type": "array", "items": _object("file", part)},
        "accepted": {"type": "array", "items": text},
        "previous": text,
        "mine": text,
        "assume": text,
        "version": {"type": "integer"},
    }
    return {
        "schema/workspace.json": {"$schema": _JSON_SCHEMA} | _object("workspace", about),
        "schema/version.json": {"$schema": _JSON_SCHEMA} | _object("version of a dataset", bundle),
    }


def _object(title: str, properties: dict[str, Any]) -> dict[str, object]:
    needed = [name for name in properties if name not in ("mine", "assume")]
    return {"title": title, "type": "object", "properties": properties, "required": needed}
