"""What somebody may read and change of a workspace, by kinds of things."""

from __future__ import annotations

from dataclasses import dataclass

from cim_core.store.logbook import Thing


class NotPermittedError(Exception):
    """What somebody wanted to do is not theirs to do; nothing was done."""

    def __init__(self, kind: Thing) -> None:
        super().__init__(kind.value)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Permits:
    """Kinds of things that may be read, and that may be made or changed."""

    reads: frozenset[Thing]
    writes: frozenset[Thing]

    def must_write(self, kind: Thing) -> None:
        """Raise NotPermittedError where a kind may not be changed."""
        if kind not in self.writes:
            raise NotPermittedError(kind)

    def must_read(self, kind: Thing) -> None:
        """Raise NotPermittedError where a kind may not be read."""
        if kind not in self.reads:
            raise NotPermittedError(kind)


EVERYTHING = Permits(frozenset(Thing), frozenset(Thing))
"""Of whoever sits at the machine, and of those who work with the files."""
