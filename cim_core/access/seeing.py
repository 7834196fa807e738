"""What somebody may see: the one place where roles meet what is kept. Everything else asks here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from cim_core import suppression
from cim_core.access.identity import Identity, Right
from cim_core.data.of_leas import only
from cim_core.intake import Intake
from cim_core.peers import Quartiles, quartiles
from cim_core.store.database import Database
from cim_core.store.store import Store
from cim_core.words.disclosure import Audience


class NotAllowedError(Exception):
    """The role does not have the right."""


def opened(
    database: Database, who: Identity, right: Right | None = None, place: str | Callable[[], str] = ""
) -> Store:
    """What is kept for somebody, and nothing else: every query of the store is of their workspace.

    `right`: what they want to do with it; `place`: from where, for the log. Raises NotAllowedError.
    """
    if right is not None and not who.may(right):
        raise NotAllowedError(right)
    return Store(database, who.workspace, who.name, place, who.permits)


def allowed(taken: Intake, leas: Collection[str]) -> Intake:
    """What was read from files, for somebody who may see some LEAs alone (by key; none: all): nothing of
    others is in it, nor how much of them there was."""
    if not leas:
        return taken
    files = tuple(replace(each, questions=(), unused=(), headers=(), rows=0) for each in taken.files)
    return replace(taken, dataset=only(taken.dataset, leas), problems=(), files=files)


def region(taken: Intake, key: str, year: str, decimals: int) -> tuple[Quartiles, ...]:
    """How an LEA's region is spread, of which nothing else may be seen: by what is public alone."""
    return quartiles(suppression.public(taken.dataset, Audience.MEETING), key, year, decimals)
