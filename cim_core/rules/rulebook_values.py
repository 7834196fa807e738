"""A rulebook as the plain values of a TOML file: what `rulebook_file` reads, the other way round."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum

from cim_core.data.indicators import in_order
from cim_core.rules.clause import Clause
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.rulebook import Elements, Rulebook, Target
from cim_core.rules.sources import Provenance
from cim_core.rules.tiers import Placement
from cim_core.rules.toml_table import Raw
from cim_core.words.disclosure import WORKING
from cim_core.words.messages import Message

_WRITTEN = {"said": "sentence"}
_COUNTING = ("precision", "min_elements", "minimum_n")


def as_raw(rules: Rulebook) -> Raw:
    """The plain values of a rulebook; what is empty or not set is left out."""
    raw: Raw = {"schema": 1}
    raw |= {name: getattr(rules, name) for name in ("id", "monitoring_year", "official")}
    raw |= {"title": WORKING.say(rules.title), "about": WORKING.say(rules.about)}
    raw["sources"] = [_plain(source) for source in rules.sources]
    raw["counting"] = {name: getattr(rules, name) for name in _COUNTING} | _from(rules.counting)
    raw["elements"] = _elements(rules.elements)
    raw["targets"] = {target.indicator: _target(target) for target in rules.targets}
    raw["evaluations"] = [_evaluation(evaluation) for evaluation in rules.evaluations]
    raw["clauses"] = [_clause(clause) for clause in rules.clauses]
    raw["tracks"] = {
        "small_lea": _plain(rules.small_lea),
        "significant_disproportionality": _plain(rules.sig_dis),
    }
    raw["disproportionality"] = _plain(replace(rules.disproportionality, said_under=None))
    raw["lag"] = {
        "published": _plain(rules.lag.published),
        "letter": _plain(rules.lag.letter),
        "year_begins": _plain(rules.lag.year_begins),
    }
    return raw if rules.fitted is None else raw | {"fitted": _plain(rules.fitted)}


def _elements(elements: Elements) -> Raw:
    included = [*in_order((*elements.indicators, *elements.as_findings))]
    rest = _plain(elements)
    return {"include": included} | {name: rest[name] for name in rest if name != "indicators"}


def _target(target: Target) -> Raw:
    found = _plain(target)
    del found["indicator"]
    if "named" in found:
        found["measure"] = found.pop("named")
    return found


def _evaluation(evaluation: Evaluation) -> Raw:
    return _plain(evaluation) | {"domains": [_plain(domain) for domain in evaluation.domains]}


def _clause(clause: Clause) -> Raw:
    return {"kind": clause.kind} | _plain(clause)


def _plain(part: object) -> Raw:
    """The fields of a part under their own names, without those that are empty or not set."""
    found: Raw = {}
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if isinstance(value, Message):
            found[_WRITTEN.get(field.name, field.name)] = WORKING.say(value)
        elif isinstance(value, Provenance):
            found |= _from(value)
        elif isinstance(value, Placement):
            found[field.name] = value.name
        elif isinstance(value, StrEnum):
            found[field.name] = value.value
        elif isinstance(value, tuple):
            found |= {field.name: list(value)} if value else {}
        elif value is not None and value is not False and value != "":
            found[field.name] = value
    return found


def _from(provenance: Provenance) -> Raw:
    if not provenance.source:
        return {}
    found: Raw = {"source": provenance.source, "status": provenance.status.value}
    return found | {"note": WORKING.say(provenance.note)} if provenance.note else found
