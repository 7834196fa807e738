"""The documents that rules and targets come from, and how sure each item is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cim_core.words.messages import Message


class Status(StrEnum):
    """Whether a public text says so, or we had to assume it."""

    CONFIRMED = "confirmed"
    ASSUMED = "assumed"


STATUS_NAMED: dict[Status, str] = {Status.CONFIRMED: "status.confirmed", Status.ASSUMED: "status.assumed"}


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules or targets come from."""

    id: str
    title: Message
    url: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an item comes from (a `Source.id`) and how sure that is."""

    source: str
    status: Status
    note: Message | None = None
