"""Ids and times of what is kept."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime

_BYTES = 12


def fresh() -> str:
    """A new id: short, and not to be guessed (96 random bits)."""
    return secrets.token_urlsafe(_BYTES).replace("-", "a").replace("_", "b")


def another(id_: str, content: str) -> str:
    """An id for what had one that is taken: the same again for the same id and content."""
    bits = hashlib.sha256(f"{id_}\0{content}".encode()).digest()[:_BYTES]
    return base64.urlsafe_b64encode(bits).decode().replace("-", "a").replace("_", "b")


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, by which the same bytes are kept once; it stands in no address."""
    return hashlib.sha256(content).hexdigest()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def owned(workspace: str) -> dict[str, object]:
    """What every new row has: an id, whose it is, since when, its version."""
    moment = now()
    return {"id": fresh(), "workspace": workspace, "created": moment, "changed": moment, "version": 1}


def utc(moment: datetime) -> datetime:
    """A time as it was read: SQLite gives it back without its zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
