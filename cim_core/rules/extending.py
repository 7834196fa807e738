"""`extends`: a rulebook says only what is its own, and takes the rest from another one.

A table that stands in both is taken key by key, anything else – numbers, lists, lists of tables such as the
clauses – as the rulebook itself has it. `common` holds what the shipped rulebooks share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cim_core.rules.toml_table import Raw, SchemaError

KEY = "extends"
_MOST = 4
"""Rulebooks in a row; more are a mistake, and a circle has no end."""


def complete(raw: Mapping[str, object], file: str, read: Callable[[str], Raw | None]) -> Raw:
    """The plain values of a rulebook with everything that it extends.

    `read` gives the values of another rulebook by its name, None for one that is not there. Raises
    SchemaError.
    """
    found = dict(raw)
    for _ in range(_MOST):
        if KEY not in found:
            return found
        name = found.pop(KEY)
        base = read(name) if isinstance(name, str) else None
        if base is None:
            raise SchemaError(file, KEY, repr(name), "the id of a shipped rulebook, or common")
        found = _joined(base, found)
    raise SchemaError(file, KEY, "rulebooks that extend one another", f"at most {_MOST} in a row")


def _joined(base: Mapping[str, object], own: Mapping[str, object]) -> Raw:
    """Own plain values first, then tables in the order of the base, then further own tables."""
    plain = {key: value for key, value in own.items() if not isinstance(value, (dict, list))}
    found: Raw = dict(plain)
    for key, value in base.items():
        mine = own.get(key)
        if isinstance(value, dict) and isinstance(mine, dict):
            found[key] = _joined(value, mine)
        elif key not in found:
            found[key] = own.get(key, value)
    return found | {key: value for key, value in own.items() if key not in found}
