"""The clauses of a rulebook in groups that vary independently of each other, over every row of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cim_core.rules.clause import Clause
from cim_core.rules.groups import Firsts
from cim_core.rules.known import Known


def of(clauses: Sequence[Clause], known: Known, places: Iterable[int] | None = None) -> list[Firsts]:
    """All groups of a rulebook's clauses, or of those at some places: each kind makes its own."""
    by_kind: dict[type[Clause], dict[int, Clause]] = {}
    for place in range(len(clauses)) if places is None else places:
        by_kind.setdefault(type(clauses[place]), {})[place] = clauses[place]
    return [group for kind, own in by_kind.items() for group in kind.groups(own, len(clauses), known)]
