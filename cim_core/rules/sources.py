"""The documents that rules and targets come from, and how sure each item is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether a public text says so, or we had to assume it."""

    CONFIRMED = "confirmed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules or targets come from."""

    id: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an item comes from (a `Source.id`) and how sure that is."""

    source: str
    status: Status
    note: str = ""
