"""`extends`: a rulebook says only what is its own, and takes the rest from another one.

A table that stands in both is taken key by key, anything else – numbers, lists, lists of tables such as the
clauses – as the rulebook itself has it. `common` holds what the shipped rulebooks share. `provenance` says
where those of its clauses and tracks come from that do not say it themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cim_core.rules.toml_table import Raw, SchemaError

KEY = "extends"
PROVENANCE = "provenance"
_MOST = 4
"""Rulebooks in a row; more are a mistake, and a circle has no end."""


def complete(raw: Mapping[str, object], file: str, read: Callable[[str], Raw | None]) -> Raw:
    """The plain values of a rulebook with everything that it extends.

    `read` gives the values of another rulebook by its name, None for one that is not there. Raises
    SchemaError.
    """
    found, nearest = _own(raw, {}, file)
    for _ in range(_MOST):
        if KEY not in found:
            return _own(found, nearest, file)[0]
        name = found.pop(KEY)
        base = read(name) if isinstance(name, str) else None
        if base is None:
            raise SchemaError(file, KEY, repr(name), "the id of a shipped rulebook, or common")
        filled, further = _own(base, {}, file)
        found, nearest = joined(filled, found), nearest or further
    raise SchemaError(file, KEY, "rulebooks that extend one another", f"at most {_MOST} in a row")


def _own(raw: Mapping[str, object], otherwise: Raw, file: str) -> tuple[Raw, Raw]:
    """A rulebook whose clauses and tracks say where they come from, and what it says of all of them."""
    found = dict(raw)
    said = found.pop(PROVENANCE, otherwise)
    if not isinstance(said, dict) or not set(said) <= {"source", "status"}:
        raise SchemaError(
            file, PROVENANCE, repr(said), 'a table such as { source = "flyer", status = "confirmed" }'
        )
    clauses, tracks = found.get("clauses"), found.get("tracks")
    if said and isinstance(clauses, list):
        found["clauses"] = [_filled(clause, said) for clause in clauses]
    if said and isinstance(tracks, dict):
        found["tracks"] = {name: _filled(track, said) for name, track in tracks.items()}
    return found, said


def _filled(table: object, said: Raw) -> object:
    if not isinstance(table, dict):
        return table
    return table | {name: value for name, value in said.items() if name not in table}


def joined(base: Mapping[str, object], own: Mapping[str, object]) -> Raw:
    """Two tables in one: own plain values first, then tables in the order of the base, then further own."""
    plain = {key: value for key, value in own.items() if not isinstance(value, (dict, list))}
    found: Raw = dict(plain)
    for key, value in base.items():
        mine = own.get(key)
        if isinstance(value, dict) and isinstance(mine, dict):
            found[key] = joined(value, mine)
        elif key not in found:
            found[key] = own.get(key, value)
    return found | {key: value for key, value in own.items() if key not in found}
