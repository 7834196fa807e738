"""What a store gives back: datasets, their versions, small texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cim_core.store.logbook import Thing


@dataclass(frozen=True, slots=True)
class KeptText:
    """A scenario, an own rulebook, a list, a mapping or a note, as TOML, JSON or text."""

    id: str
    kind: Thing
    name: str
    text: str
    created: datetime
    changed: datetime
    version: int
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version of a dataset; `bundle` is its JSON (`cim_core.intake.bundle`), `name` the dataset's."""

    id: str
    dataset: str
    number: int
    name: str
    bundle: str
    created: datetime
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class KeptDataset:
    """A dataset with its number of versions and the newest of them; `bundle` is that one's."""

    id: str
    name: str
    note: str
    created: datetime
    changed: datetime
    version: int
    versions: int
    newest: str
    bundle: str
    deleted: datetime | None
