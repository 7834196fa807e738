"""A setting of a rulebook that a scenario may change: which one it is, what it holds, what it becomes.

Settings are written as text in files, links and on the shell alone (`targets.5a.value`,
`clauses.level-2-missed.at_least`, `evaluations.school_age.domains.climate.weight`); everything else hands
them on as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from cim_core.data.indicators import POSITION, get, in_order
from cim_core.rules.clause import Clause
from cim_core.rules.evaluations import Domain, Evaluation
from cim_core.rules.rulebook import LATE, Comparator, Elements, Rulebook, Target
from cim_core.rules.sources import Provenance, Status

Value = int | Decimal | str | tuple[str, ...]
"""What a setting can be changed to; indicators of a domain are a tuple of codes."""
ELEMENT = ("in", "out", "report only")
"""Whether an indicator counts as an element."""
_EXPECTED = "a setting of this rulebook, such as targets.5a.value or clauses.level-2-missed.at_least"
_Named = TypeVar("_Named", Clause, Evaluation, Domain)
_Entry = TypeVar("_Entry")


class RulebookArea(StrEnum):
    """The parts of a rulebook that have settings."""

    TARGETS = "targets"
    CLAUSES = "clauses"
    EVALUATIONS = "evaluations"
    COUNTING = "counting"
    ELEMENTS = "elements"
    TRACKS = "tracks"
    DISPROPORTIONALITY = "disproportionality"

    @property
    def names_sources(self) -> bool:
        """Whether its entries say one by one where they come from."""
        return self in (
            RulebookArea.TARGETS,
            RulebookArea.CLAUSES,
            RulebookArea.TRACKS,
            RulebookArea.DISPROPORTIONALITY,
        )


_FIELDS = {
    RulebookArea.TARGETS: ("value", "comparator"),
    RulebookArea.EVALUATIONS: (
        "min_denominator", "min_domains", "min_reference_values", "swd_over", "ties", "rank_among",
        "domains_used",
    ),
    RulebookArea.COUNTING: ("precision", "min_elements", "minimum_n"),
    RulebookArea.TRACKS: ("max_swd", "effect"),
    RulebookArea.DISPROPORTIONALITY: ("threshold", "min_cell", "min_n", "minimums", "years_significant"),
}  # fmt: skip
"""What may be changed of an entry; of a clause its numbers."""
_DOMAIN = ("weight", "indicators")
DOMAINS_USED = "domains_used"
"""Which of its domains an evaluation uses, by their ids."""


class NoSuchSettingError(ValueError):
    """The rulebook does not have the setting."""


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """One setting: its area, the entry there (an indicator, a clause, an evaluation, a track), its name.

    `id` is empty where an area is one entry; `name` is empty for "does this indicator count as an element";
    `domain` names a domain of an evaluation.
    """

    area: RulebookArea
    id: str = ""
    name: str = ""
    domain: str = ""

    @classmethod
    def parse(cls, written: str) -> Setting:
        """A setting from its text. Raises NoSuchSettingError; a rulebook may still not have it."""
        area, _, rest = written.partition(".")
        if area not in set(RulebookArea) or not rest:
            raise NoSuchSettingError(_EXPECTED)
        if area == RulebookArea.ELEMENTS and rest in POSITION:
            return cls(RulebookArea.ELEMENTS, rest)
        entry, _, name = rest.rpartition(".")
        of_domain = entry.split(".domains.")
        if area == RulebookArea.EVALUATIONS and len(of_domain) == 2 and all(of_domain):
            return cls(RulebookArea.EVALUATIONS, of_domain[0], name, of_domain[1])
        return cls(RulebookArea(area), entry, name)

    def __str__(self) -> str:
        return ".".join(self.path)

    @property
    def path(self) -> tuple[str, ...]:
        """Its tables in a file, and its name there."""
        domain = ("domains", self.domain) if self.domain else ()
        return tuple(part for part in (self.area.value, self.id, *domain, self.name) if part)

    def fits(self, rules: Rulebook) -> bool:
        """Whether a rulebook has it."""
        if self.area is RulebookArea.ELEMENTS:
            return (self.id in POSITION and not self.name) or self in (AS_FINDINGS, NC_IS_MET)
        held = self._entry(rules)
        return held is not None and self.name in self._names(held)

    def get(self, rules: Rulebook) -> Value | None:
        """What it is in a rulebook; None where it has no value. Raises NoSuchSettingError."""
        self._check(rules)
        if self in (AS_FINDINGS, NC_IS_MET):
            return tuple(getattr(rules.elements, self.name))
        if self.area is RulebookArea.ELEMENTS:
            return _counts(rules.elements, self.id)
        if self.name == DOMAINS_USED:
            return tuple(domain.id for domain in rules.evaluation(self.id).domains)
        value = getattr(self._entry(rules), self.name)
        return value.value if isinstance(value, StrEnum) else value

    def put(self, rules: Rulebook, value: Value, provenance: Provenance | None = None) -> Rulebook:
        """The rulebook with another value, from another source where one is handed in.

        Whether the rulebook holds together then is for `rulebook_file.checked` to say. Raises
        NoSuchSettingError, and ValueError for a word that is none of the choices.
        """
        self._check(rules)
        if self.area is RulebookArea.ELEMENTS:
            change = {AS_FINDINGS: _as_findings, NC_IS_MET: _nc_is_met}.get(self, _counting)
            return replace(rules, elements=change(rules.elements, self.id, value))
        held: Any = self._entry(rules)
        changed = self._changed(held, value)
        if provenance is not None:
            changed = replace(changed, provenance=provenance)
        return self._put_back(rules, held, changed)

    def _changed(self, held: Any, value: Value) -> Any:
        if self.area is RulebookArea.TARGETS and self.name == "value":
            return _typed(held, value)
        return _using(held, value) if self.name == DOMAINS_USED else _with(held, self.name, value)

    def _check(self, rules: Rulebook) -> None:
        if not self.fits(rules):
            raise NoSuchSettingError(_EXPECTED)

    def _names(self, held: object) -> tuple[str, ...]:
        if isinstance(held, Clause):
            return tuple(held.given)
        return _DOMAIN if self.domain else _FIELDS[self.area]

    def _entry(self, rules: Rulebook) -> object | None:
        """The part of a rulebook that has it as a field."""
        if self.area is RulebookArea.TARGETS:
            return (rules.target(self.id) or _no_target(self.id)) if self.id in POSITION else None
        if self.area is RulebookArea.CLAUSES:
            return _by_id(rules.clauses, self.id)
        if self.area is RulebookArea.EVALUATIONS:
            evaluation = _by_id(rules.evaluations, self.id)
            return _by_id(evaluation.domains, self.domain) if evaluation and self.domain else evaluation
        if self.area is RulebookArea.TRACKS:
            return rules.small_lea if self.id == "small_lea" else None
        if self.id:
            return None
        return rules if self.area is RulebookArea.COUNTING else rules.disproportionality

    def _put_back(self, rules: Rulebook, held: Any, changed: Any) -> Rulebook:
        if self.area is RulebookArea.COUNTING:
            return changed  # type: ignore[no-any-return]
        if self.area is RulebookArea.TARGETS:
            known = rules.target(self.id) is not None
            targets = _exchanged(rules.targets, held, changed) if known else (*rules.targets, changed)
            return replace(rules, targets=targets)
        if self.area is RulebookArea.CLAUSES:
            return replace(rules, clauses=_exchanged(rules.clauses, held, changed))
        if self.area is RulebookArea.EVALUATIONS:
            evaluation = rules.evaluation(self.id)
            if self.domain:
                changed = replace(evaluation, domains=_exchanged(evaluation.domains, held, changed))
            return replace(rules, evaluations=_exchanged(rules.evaluations, evaluation, changed))
        if self.area is RulebookArea.TRACKS:
            return replace(rules, small_lea=changed)
        return replace(rules, disproportionality=changed)


AS_FINDINGS = Setting(RulebookArea.ELEMENTS, "", "as_findings")
"""Which late evaluations count as findings; none of them is an empty tuple."""
NC_IS_MET = Setting(RulebookArea.ELEMENTS, "", "nc_is_met")
"""Indicators that count as met where a report says NC; none of them is an empty tuple."""
SMALL_LEA = Setting(RulebookArea.TRACKS, "small_lea", "max_swd")
"""How many students with disabilities a small LEA has at most."""
RISK_RATIO = Setting(RulebookArea.DISPROPORTIONALITY, "", "threshold")
"""What a risk ratio is held against."""
SIGNIFICANT_FROM = Setting(RulebookArea.DISPROPORTIONALITY, "", "years_significant")
"""How many years in a row make disproportionality significant: a track beside the tiers."""


def _by_id(entries: Sequence[_Named], wanted: str) -> _Named | None:
    return next((entry for entry in entries if entry.id == wanted), None)


def _exchanged(entries: tuple[_Entry, ...], before: _Entry, after: _Entry) -> tuple[_Entry, ...]:
    return tuple(after if entry is before else entry for entry in entries)


def _no_target(code: str) -> Target:
    return Target(code, Comparator.default(get(code).direction), None, "", Provenance("", Status.ASSUMED))


def _with(held: Any, name: str, value: Value) -> Any:
    """A part of a rulebook with another value in a field, a word as the choice that it names."""
    now = getattr(held, name)
    if isinstance(now, StrEnum):
        try:
            return replace(held, **{name: type(now)(str(value))})
        except ValueError as error:
            raise ValueError(f"one of: {', '.join(type(now))}") from error
    if isinstance(now, Decimal) and isinstance(value, int):
        value = Decimal(value)
    return replace(held, **{name: value})


def _typed(target: Target, value: Value) -> Target:
    if isinstance(value, int | Decimal):
        return target.typed(Decimal(value))
    return replace(target, value=value)  # type: ignore[arg-type]


def _counts(elements: Elements, code: str) -> str:
    if code in elements.indicators or code in elements.as_findings:
        return "in"
    return "report only" if code in elements.report_only else "out"


def _counting(elements: Elements, code: str, value: Value) -> Elements:
    """The elements with an indicator in, out or only reported."""
    if value not in ELEMENT:
        raise ValueError(f"one of: {', '.join(ELEMENT)}")
    late, is_in = code in elements.as_findings, value == "in"
    return replace(
        elements,
        indicators=_listed(elements.indicators, code, is_in and not late),
        as_findings=_listed(elements.as_findings, code, is_in and late),
        report_only=_listed(elements.report_only, code, value == "report only"),
    )


def _listed(codes: tuple[str, ...], code: str, there: bool) -> tuple[str, ...]:
    """A list of indicators with one in it, or without."""
    return in_order({*codes, code} if there else {*codes} - {code})


def _as_findings(elements: Elements, _: str, value: Value) -> Elements:
    """The elements with other late evaluations counted as findings."""
    if not isinstance(value, tuple) or not set(value) <= set(LATE):
        raise ValueError("compliance indicators in percent: " + ", ".join(LATE))
    included = (*elements.indicators, *elements.as_findings)
    return replace(
        elements,
        indicators=in_order({*included} - {*value}),
        as_findings=in_order({*included} & {*value}),
    )


def _nc_is_met(elements: Elements, _: str, value: Value) -> Elements:
    """The elements with other indicators met where they are not calculated."""
    if not isinstance(value, tuple) or not set(value) <= set(POSITION):
        raise ValueError("indicator codes")
    return replace(elements, nc_is_met=in_order(value))


def _using(evaluation: Evaluation, value: Value) -> Evaluation:
    """The evaluation with some of its domains alone."""
    known = [domain.id for domain in evaluation.domains]
    if not isinstance(value, tuple) or not value or not set(value) <= set(known):
        raise ValueError(f"some of: {', '.join(known)}")
    return replace(evaluation, domains=tuple(domain for domain in evaluation.domains if domain.id in value))
