"""Which settings of a rulebook a scenario may change, and in which table of it they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cim_core.data.indicators import POSITION
from cim_core.rules.clauses import kinds
from cim_core.rules.rulebook_file import Raw
from cim_core.rules.toml_table import SchemaError

SOURCE = "what-if"
"""The id of the source that changed rules and targets name."""
_COUNTING = ("precision", "min_elements", "minimum_n")
_EVALUATION = ("min_denominator", "min_domains", "min_reference_values", "swd_over", "ties", "rank_among")
_DOMAIN = ("weight", "indicators")
_DISPROPORTIONALITY = ("threshold", "min_cell", "min_n", "minimums", "years_significant")
AS_FINDINGS = "elements.as_findings"
"""The setting that says which late evaluations count as findings; none of them is an empty list."""


def place_of(raw: Mapping[str, object], key: str, file: str) -> tuple[Raw, str]:
    """The table of a setting and its name there. Raises SchemaError for a key that is not to be changed."""
    area, *rest = key.split(".")
    finds = _TABLES.get(area)
    found = finds(raw, rest) if finds is not None and rest else None
    if found is None:
        expected = "a setting of this rulebook, such as targets.5a.value or clauses.level-2-missed.at_least"
        raise SchemaError(file, key, "no such setting", expected)
    return found, rest[-1]


def _target_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    if len(rest) != 2 or rest[0] not in POSITION or rest[1] not in ("value", "comparator"):
        return None
    targets = _table(raw, "targets")
    target = targets.setdefault(rest[0], {"source": SOURCE, "status": "assumed"})
    assert isinstance(target, dict)
    return target


def _clause_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    found = _by_id(raw["clauses"], rest[0]) if len(rest) == 2 else None
    return found if found is not None and rest[1] in found and rest[1] in _numbers(found) else None


def _evaluation_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    """The table of an evaluation, or of a domain of one."""
    of_domain = len(rest) == 4 and rest[1] == "domains" and rest[3] in _DOMAIN
    if not of_domain and not (len(rest) == 2 and rest[1] in _EVALUATION):
        return None
    evaluation = _by_id(raw["evaluations"], rest[0])
    return _by_id(evaluation["domains"], rest[2]) if of_domain and evaluation is not None else evaluation


def _counting_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    return _table(raw, "counting") if len(rest) == 1 and rest[0] in _COUNTING else None


def _elements_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    allowed = len(rest) == 1 and (rest[0] in POSITION or f"elements.{rest[0]}" == AS_FINDINGS)
    return _table(raw, "elements") if allowed else None


def _disproportionality_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    if len(rest) != 1 or rest[0] not in _DISPROPORTIONALITY:
        return None
    held = raw.get("disproportionality", {})
    assert isinstance(held, dict)
    return held


def _track_table(raw: Mapping[str, object], rest: list[str]) -> Raw | None:
    allowed = rest in (["small_lea", "max_swd"], ["small_lea", "effect"])
    return _table(_table(raw, "tracks"), "small_lea") if allowed else None


_TABLES: dict[str, Callable[[Mapping[str, object], list[str]], Raw | None]] = {
    "targets": _target_table,
    "clauses": _clause_table,
    "evaluations": _evaluation_table,
    "counting": _counting_table,
    "elements": _elements_table,
    "disproportionality": _disproportionality_table,
    "tracks": _track_table,
}
"""Where the settings of each area stand; None for what is not to be changed."""


def _numbers(clause: Raw) -> tuple[str, ...]:
    """What may be changed of a clause."""
    kind = kinds().get(str(clause.get("kind")))
    return () if kind is None else kind.numbers


def _table(raw: Mapping[str, object], name: str) -> Raw:
    table = raw[name]
    assert isinstance(table, dict)
    return table


def _by_id(tables: object, wanted: str) -> Raw | None:
    assert isinstance(tables, list)
    return next((table for table in tables if table.get("id") == wanted), None)
