"""What can be wrong with a store, as a sentence with a way on; no driver's own words reach a person."""

from __future__ import annotations

import re
from enum import StrEnum

from sqlalchemy import exc

from cim_core.words.messages import Message, MessageFamily, message


class Trouble(StrEnum):
    """Why nothing can be kept, or not now."""

    FULL = "full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    DAMAGED = "damaged"
    NEWER = "newer"
    UNREACHABLE = "unreachable"


_SAID: MessageFamily[str] = MessageFamily("store.trouble.{}", tuple(Trouble))
_SIGNS = (
    (Trouble.FULL, r"disk is full|database or disk is full|no space left"),
    (Trouble.READ_ONLY, r"readonly|read-only|unable to open|permission denied|not writable|is a directory"),
    (Trouble.LOCKED, r"is locked|database is busy"),
    (Trouble.DAMAGED, r"malformed|not a database|disk i/o error|corrupt"),
)
"""What SQLite and the file system say (source: sqlite.org/rescode.html)."""
_NO_ROOM = "SQLITE_IOERR_SHMSIZE"
"""What opening a file on a full disk comes to: no room for what stands beside it."""
_STATES = {
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
    "42501": Trouble.READ_ONLY,
    "55P03": Trouble.LOCKED,
    "40": Trouble.LOCKED,
    "57014": Trouble.LOCKED,
    "08": Trouble.UNREACHABLE,
    "28": Trouble.UNREACHABLE,
    "3D": Trouble.UNREACHABLE,
    "53": Trouble.UNREACHABLE,
    "57": Trouble.UNREACHABLE,
}
"""What the codes of PostgreSQL begin with, the longer before the shorter (source: its Appendix A)."""


class StoreError(Exception):
    """The store cannot be used, or not now; `said` is for a person."""

    def __init__(self, trouble: Trouble, where: str = "") -> None:
        super().__init__(f"{trouble.value}: {where}")
        self.trouble, self.where = trouble, where

    @property
    def said(self) -> Message:
        """What is wrong, where, and what to do."""
        return message(_SAID[self.trouble], where=self.where)


class ConflictError(Exception):
    """Somebody else has saved the same thing in between; `theirs` is the id of what is there now."""

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__(f"saved in between as version {version}: {theirs}")
        self.theirs, self.version = theirs, version


def of(error: BaseException, where: str) -> StoreError:
    """The trouble behind an error of a driver or of the file system."""
    cause = getattr(error, "orig", None) or error
    if hasattr(cause, "sqlstate"):
        state = str(cause.sqlstate)
        found = next((trouble for start, trouble in _STATES.items() if state.startswith(start)), None)
    elif getattr(cause, "sqlite_errorname", "") == _NO_ROOM:
        found = Trouble.FULL
    else:
        found = next(
            (trouble for trouble, sign in _SIGNS if re.search(sign, str(cause), re.IGNORECASE)), None
        )
    if found is not None:
        return StoreError(found, where)
    damaged = isinstance(error, exc.DatabaseError) and not isinstance(error, exc.OperationalError)
    return StoreError(Trouble.DAMAGED if damaged else Trouble.UNREACHABLE, where)
