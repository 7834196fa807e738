"""The shipped statewide reference: public CDE data of every California LEA, students with disabilities."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock

from cim_core.data import packed
from cim_core.data.dataset import Dataset
from cim_core.data.shipped import STATEWIDE as STATEWIDE_FILE
from cim_core.intake.problems import Problem
from cim_core.placing import checked_files
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.words.messages import message

STATEWIDE, UNFILLED = ReferenceKind.STATEWIDE.value, "statewide_unfilled"
CHOICES = (STATEWIDE, UNFILLED, ReferenceKind.WITHIN.value, ReferenceKind.NONE.value)
"""Against whom LEAs can be ranked, as addresses and scenarios name it; unfilled: the state, but only with
values from the upload (`cim_core.placing.fill`)."""
_READING = Lock()


def shipped() -> Reference:
    """The statewide reference that comes with the project, read once per process, whoever asks at once."""
    with _READING:
        return _read_shipped()


@cache
def _read_shipped() -> Reference:
    return Reference(ReferenceKind.STATEWIDE, _opened(STATEWIDE_FILE), message("reference.shipped"))


def _opened(source: Path) -> Dataset:
    """The shipped data from the arrays beside them, or read anew where these are missing or of other data."""
    with contextlib.suppress(OSError):
        made = packed.loads(packed.path_of(source).read_bytes(), source.read_bytes())
        if made is not None:
            return made
    return checked_files.read_path(source).dataset


def of_choice(choice: str, statewide: Reference) -> Reference | None:
    """What one of `CHOICES` names, given the statewide reference at hand; None for anything else."""
    return {
        STATEWIDE: statewide if statewide.fill else replace(statewide, fill=True),
        UNFILLED: replace(statewide, fill=False),
        ReferenceKind.WITHIN.value: WITHIN,
        ReferenceKind.NONE.value: NO_REFERENCE,
    }.get(choice)


def from_file(path: str | Path) -> tuple[Reference | None, tuple[Problem, ...]]:
    """A statewide reference from a file, and its problems; None when the file holds no LEA."""
    taken = checked_files.read_path(path)
    found = Reference(ReferenceKind.STATEWIDE, taken.dataset) if len(taken.dataset) else None
    return found, taken.problems
