"""One upload → its tables: a file is opened once, unless it is about single students."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass, field, replace

from cim_core.intake.assembly import header
from cim_core.intake.files import sheets, tables
from cim_core.intake.meanings import persons, privacy_guard, schools
from cim_core.intake.meanings.persons import Verdict
from cim_core.intake.problems import Problem, UnreadableFileError, refuse
from cim_core.intake.questions import Answers
from cim_core.intake.tying import guess
from cim_core.intake.tying.guess import Proposal
from cim_core.intake.tying.mapping import Mapping
from cim_core.words.messages import HowMany

_STUDENTS = "students"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose bytes were parsed, to be kept: its tables packed, or why it is not opened."""

    digest: str
    packed: bytes = b""
    refused: Problem | None = None

    @property
    def about_students(self) -> bool:
        """Whether it is not opened because it is about single students."""
        return self.refused is not None and self.refused.kind == _STUDENTS

    def tables(self) -> list[tables.Table]:
        """Tables of one's own: whoever reads them empties them. Raises UnreadableFileError."""
        if self.refused is not None:
            raise UnreadableFileError(self.refused)
        unpacked: list[tables.Table] = pickle.loads(self.packed)
        return unpacked


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was given: its name, its bytes, and what a person has said about it.

    `mapping` ties its columns to ours; without one the file must be in one of the known layouts. `opened`
    stands in place of the bytes where these were parsed before.
    """

    file: str
    content: bytes
    answers: Answers = field(default_factory=dict)
    mapping: Mapping | None = None
    opened: Opened | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", sheets.plain_cell(self.file))

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return self.opened.digest if self.opened is not None else hashlib.sha256(self.content).hexdigest()


def open_tables(upload: Upload) -> list[tables.Table]:
    """The tables of an upload. Raises UnreadableFileError, also for a file about single students."""
    if upload.opened is not None:
        return upload.opened.tables()
    found = [header.joined(table) for table in tables.tables_of(upload.content, upload.file)]
    return _without_students(found, upload.file)


def opened(upload: Upload) -> Opened:
    """What parsing an upload gives."""
    try:
        return Opened(upload.digest, pickle.dumps(open_tables(upload), pickle.HIGHEST_PROTOCOL))
    except UnreadableFileError as error:
        return Opened(upload.digest, refused=error.problem)


def proposal(upload: Upload, sheet: str) -> Proposal | None:
    """The likeliest table of a file (or of one of its sheets) with guesses; None where it is not opened."""
    try:
        found = open_tables(upload)
    except UnreadableFileError:
        return None
    guesses = [guess.propose(table) for table in found if table.sheet == sheet or not sheet]
    return max(guesses, key=lambda one: (one.used, len(one.columns)), default=None)


def _without_students(found: list[tables.Table], file: str) -> list[tables.Table]:
    looked_at = []
    for table in found:
        verdict, told = persons.look(table)
        told = privacy_guard.sign_of_students(table, told)
        if told:
            raise refuse(file, _STUDENTS, told)
        looked_at.append(replace(table, unsure=verdict is Verdict.UNSURE))
    return looked_at


def refuse_large_of_schools(upload: Upload) -> None:
    """Raise UnreadableFileError for a large file of schools only, before the whole of it is parsed."""
    if upload.opened is not None:
        return
    head = schools.quickly(upload.content, upload.file, upload.answers)
    if head is not None:
        found = _without_students([head], upload.file)[0]
        told = schools.aside(found, guess.header_row(found), upload.answers, {})
        if not told.usable:
            raise UnreadableFileError(
                replace(told.problems[0], values={"n": HowMany(upload.content.count(b"\n") - 1)})
            )
