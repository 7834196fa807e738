"""What can be wrong with a ZIP that is taken in, and what is refused, each as a sentence with a way on."""

from __future__ import annotations

from enum import StrEnum

from cim_core.data.outside import quoted
from cim_core.words.messages import Message, MessageFamily, Value, message


class Fault(StrEnum):
    """What is wrong with a ZIP."""

    NO_ZIP = "no_zip"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    LACKING = "lacking"
    SURPLUS = "surplus"
    TWICE = "twice"
    SECRET = "secret"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    NOT_OURS = "not_ours"
    NEWER = "newer"
    NO_TEXT = "no_text"
    COLUMNS = "columns"
    CELL = "cell"
    REPEATED = "repeated"
    NOWHERE = "nowhere"
    OTHER_BYTES = "other_bytes"
    NO_BUNDLE = "no_bundle"
    STUDENTS = "students"


class Refusal(StrEnum):
    """Why something is not done, though nothing is wrong with what was given."""

    FILE_EXISTS = "file_exists"
    NO_STORE = "no_store"
    NOT_EMPTY = "not_empty"
    NOT_EMPTY_SERVER = "not_empty_server"
    UNREADABLE = "unreadable"
    NO_FILE = "no_file"
    CANNOT_WRITE = "cannot_write"


_MOST = 400
"""Characters of a path that are repeated: it is to be found again."""
_FAULTS: MessageFamily[str] = MessageFamily("store.away.fault.{}", tuple(Fault))
_REFUSALS: MessageFamily[str] = MessageFamily("store.away.refused.{}", tuple(Refusal))


class AwayError(Exception):
    """Something that is not taken away or in; `said` is for a person."""

    def __init__(self, said: Message) -> None:
        super().__init__(said.id)
        self.said = said


class TakeInError(AwayError):
    """A ZIP that cannot be taken in: where in it, what was found, what was expected, what to do."""

    def __init__(self, fault: Fault, where: str = "", found: str = "", expected: Value = "") -> None:
        said = message(_FAULTS[fault], where=quoted(where, _MOST), found=quoted(found), expected=expected)
        super().__init__(message("store.away.fault.whole", fault=said))
        self.fault = fault


class RefusedError(AwayError):
    """What is refused, and how it could be done."""

    def __init__(self, refusal: Refusal, where: str, why: str = "") -> None:
        super().__init__(message(_REFUSALS[refusal], where=quoted(where, _MOST), why=why))
        self.refusal = refusal
