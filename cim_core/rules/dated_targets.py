"""Every public value of every target by the year it was set for: `targets/*.toml`, one file per indicator.

A rulebook says which of them it takes: `[targets] of = "newest"`, or the last ones up to a year,
`of = "2019-20"`. What it says of an indicator itself goes before.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from cim_core.data.indicators import POSITION
from cim_core.rules import extending, toml_table
from cim_core.rules.toml_table import Raw, SchemaError

KEY = "of"
NEWEST = "newest"
EVERY_YEAR = "every year"
"""The vintage of a target that the law itself sets."""
FOLDER = Path(__file__).parent / "targets"
_YEAR = re.compile(r"\d{4}-\d{2}", re.ASCII)


def filled(targets: Raw, file: str) -> Raw:
    """The targets of a rulebook with those that it takes from the dated ones. Raises SchemaError."""
    own = dict(targets)
    if KEY not in own:
        return own
    until = own.pop(KEY)
    if not isinstance(until, str) or not (until == NEWEST or _YEAR.fullmatch(until)):
        expected = f'"{NEWEST}", or a school year such as "2019-20"'
        raise SchemaError(file, f"targets.{KEY}", repr(until), expected)
    found: Raw = {}
    for code in dated():
        if (target := of(code, until)) is not None:
            found[code] = target
    return extending.joined(found, own)


def of(code: str, until: str) -> Raw | None:
    """The last target of an indicator up to a school year, or the newest; None where none is public."""
    target = dated()[code]
    values = target["values"]
    assert isinstance(values, list)
    fitting = [
        one for one in values if one["vintage"] == EVERY_YEAR or until == NEWEST or one["vintage"] <= until
    ]
    sign = {"comparator": target["comparator"]} if "comparator" in target else {}
    return {**sign, **fitting[-1]} if fitting else None


@cache
def dated() -> dict[str, Raw]:
    """Each target by its indicator: its sign, and its values from the oldest on."""
    found: dict[str, Raw] = {}
    for path in FOLDER.glob("*.toml"):
        for code, target in toml_table.parse(path.read_text("utf-8"), path.name).items():
            assert isinstance(target, dict)
            found[code] = target
    return dict(sorted(found.items(), key=lambda item: POSITION[item[0]]))
