"""The log: who did what, when, to which object. It is only added to; the database refuses everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

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
    ACCOUNT_ADDED = "account_added"
    PASSWORD_CHANGED = "password_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"


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
    DECK = "deck"
    DOWNLOAD = "download"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `said` names the object as it was called then, `place` the network of who did it (empty: this
    machine, or not known)."""

    number: int
    at: datetime
    who: str
    what: Deed
    kind: Thing
    id: str
    said: str
    place: str = ""


def add(
    connection: Connection,
    workspace: str,
    who: str,
    what: Deed,
    kind: Thing,
    id_: str,
    said: str,
    place: str = "",
) -> None:
    """Write a line, in the transaction of what it tells."""
    values = {
        "workspace": workspace, "at": ids.now(), "who": who, "what": what.value, "kind": kind.value,
        "object": id_, "said": said, "place": place,
    }  # fmt: skip
    connection.execute(insert(log).values(values))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of one deed, of one kind of thing, with a text in the name, the person or the place."""

    what: Deed | None = None
    kind: Thing | None = None
    searched: str = ""


def lines(
    connection: Connection, workspace: str, wanted: Wanted, most: int | None = None, skip: int = 0
) -> list[Line]:
    """The newest lines first, without the first `skip`."""
    chosen = select(log).where(*_those(workspace, wanted)).order_by(log.c.number.desc())
    return [
        Line(
            row.number,
            ids.utc(row.at),
            row.who,
            Deed(row.what),
            Thing(row.kind),
            row.object,
            row.said,
            row.place,
        )
        for row in connection.execute(chosen.limit(most).offset(skip))
    ]


def count(connection: Connection, workspace: str, wanted: Wanted) -> int:
    """How many lines there are."""
    return int(connection.execute(select(func.count()).where(*_those(workspace, wanted))).scalar_one())


def _those(workspace: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [log.c.workspace == workspace]
    if wanted.what is not None:
        found.append(log.c.what == wanted.what.value)
    if wanted.kind is not None:
        found.append(log.c.kind == wanted.kind.value)
    if wanted.searched:
        named = (log.c.said, log.c.who, log.c.place)
        found.append(or_(*(each.icontains(wanted.searched, autoescape=True) for each in named)))
    return found
