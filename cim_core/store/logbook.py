"""The log: who did what, when, to which object. It is only added to; the database refuses everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from cim_core.store import ids
from cim_core.store.schema import log


class Deed(StrEnum):
    """What was done."""

    UPLOADED = "uploaded"
    SAVED = "saved"
    RENAMED = "renamed"
    DELETED = "deleted"
    TAKEN_BACK = "taken_back"
    REMOVED = "removed"
    EXPORTED = "exported"
    IMPORTED = "imported"


class Thing(StrEnum):
    """What it was done to."""

    WORKSPACE = "workspace"
    FILE = "file"
    DATASET = "dataset"
    LETTER = "letter"
    SCENARIO = "scenario"
    RULEBOOK = "rulebook"
    LIST = "list"
    MAPPING = "mapping"
    DRAFT = "draft"
    NOTE = "note"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `said` names the object as it was called then."""

    number: int
    at: datetime
    who: str
    what: Deed
    kind: Thing
    id: str
    said: str


def add(
    connection: Connection, workspace: str, who: str, what: Deed, kind: Thing, id_: str, said: str
) -> None:
    """Write a line, in the transaction of what it tells."""
    values = {
        "workspace": workspace, "at": ids.now(), "who": who, "what": what.value, "kind": kind.value,
        "object": id_, "said": said,
    }  # fmt: skip
    connection.execute(insert(log).values(values))


def lines(
    connection: Connection,
    workspace: str,
    what: Deed | None = None,
    kind: Thing | None = None,
    most: int | None = None,
) -> list[Line]:
    """The newest lines first, of one deed or one kind of thing where that is asked for."""
    wanted = select(log).where(log.c.workspace == workspace).order_by(log.c.number.desc()).limit(most)
    if what is not None:
        wanted = wanted.where(log.c.what == what.value)
    if kind is not None:
        wanted = wanted.where(log.c.kind == kind.value)
    return [
        Line(row.number, ids.utc(row.at), row.who, Deed(row.what), Thing(row.kind), row.object, row.said)
        for row in connection.execute(wanted)
    ]
