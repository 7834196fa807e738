"""Reading rulebooks from TOML with a checked schema: a wrong file gives the file, the key, what was expected.

Unknown keys are refused as firmly as missing ones, and TOML itself refuses a key written twice: a threshold
that is silently ignored would be worse than an error.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from cim_core import indicators
from cim_core.rulebook import (
    PLACEMENTS,
    Clause,
    ClauseKind,
    Comparator,
    Domain,
    Elements,
    Evaluation,
    Provenance,
    Rulebook,
    SignificantDisproportionality,
    SmallLea,
    SmallLeaTrack,
    Source,
    Status,
    Target,
    TieRule,
)

FOLDER = Path(__file__).parent / "rulebooks"
DEFAULT = "at-a-glance"

_BAND = ("over", "start", "below", "to")
_CLAUSE_KEYS: dict[ClauseKind, tuple[str, ...]] = {
    ClauseKind.MISSED_TARGETS: ("at_least", "at_most"),
    ClauseKind.COMPLIANCE_FINDINGS: ("at_least",),
    ClauseKind.PERCENTILE_BAND: ("evaluation", *_BAND),
    ClauseKind.INDICATOR_PERCENTILE: ("evaluation", "indicators", *_BAND),
    ClauseKind.DISPROPORTIONATE_YEARS: ("at_least", "at_most", "newly"),
}
_ASCII = {">=": Comparator.AT_LEAST, "<=": Comparator.AT_MOST}


class RulebookError(ValueError):
    """A rulebook file that cannot be used: says the file, the key, what was found and what was expected."""

    def __init__(self, file: str, key: str, found: str, expected: str) -> None:
        self.file, self.key, self.found, self.expected = file, key, found, expected
        super().__init__(f"{file}, key {key}: found {found}, expected {expected}")


def available() -> tuple[str, ...]:
    """The ids of the shipped rulebooks, the default first."""
    ids = sorted((path.stem for path in FOLDER.glob("*.toml")), reverse=True)
    return (DEFAULT, *(one for one in ids if one != DEFAULT))


def path_of(id_or_path: str | Path) -> Path:
    """The file of a shipped rulebook's id; any other text is taken as a path."""
    return FOLDER / f"{id_or_path}.toml" if str(id_or_path) in available() else Path(id_or_path)


def load(id_or_path: str | Path = DEFAULT) -> Rulebook:
    """A shipped rulebook by id, or any rulebook by path. Raises RulebookError, also for a missing file."""
    path = path_of(id_or_path)
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        expected = f"a TOML file in UTF-8, or one of: {', '.join(available())}"
        raise RulebookError(str(id_or_path), "(file)", f"no readable file ({error})", expected) from error
    return loads(content, path.name)


def loads(content: str, file: str = "rulebook.toml") -> Rulebook:
    """A rulebook from TOML text; `file` is the name used in errors. Raises RulebookError."""
    try:
        raw = tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(file, "(file)", str(error), "valid TOML with each key once") from error
    return _rulebook(_Table(raw, file, ""))


class _Table:
    """One TOML table: every value is asked for by name and type, and what nobody asked for is refused."""

    def __init__(self, raw: Mapping[str, object], file: str, path: str) -> None:
        self.raw, self.file, self.path = raw, file, path
        self.asked: set[str] = set()

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def fail(self, name: str, expected: str) -> RulebookError:
        found = repr(self.raw[name]) if name in self.raw else "nothing"
        return RulebookError(self.file, self.key(name), found, expected)

    def has(self, name: str) -> bool:
        return name in self.raw

    def text(self, name: str, default: str | None = None) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fail(name, "text in quotes")
        return value

    def whole(self, name: str, least: int = 0, default: int | None = None) -> int:
        value = self._take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fail(name, f"a whole number of {least} or more")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.fail(name, "true or false")
        return value

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise self.fail(name, "a number")
        return Decimal(value)

    def choice(self, name: str, choices: Mapping[str, object], default: str | None = None) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or value not in choices:
            raise self.fail(name, f"one of: {', '.join(choices)}")
        return value

    def codes(self, name: str) -> tuple[str, ...]:
        value = self._take(name, [])
        listed = value if isinstance(value, list) else [None]
        if not all(one in indicators.POSITION for one in listed) or len(set(listed)) != len(listed):
            raise self.fail(name, "a list of indicator codes, each once: " + ", ".join(indicators.CODES))
        return tuple(listed)

    def table(self, name: str) -> _Table:
        value = self._take(name, None)
        if not isinstance(value, dict):
            raise self.fail(name, f"a table [{self.key(name)}]")
        return _Table(value, self.file, self.key(name))

    def tables(self, name: str) -> Iterator[_Table]:
        value = self._take(name, None)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            raise self.fail(name, f"one or more tables [[{self.key(name)}]]")
        for position, one in enumerate(value):
            yield _Table(one, self.file, f"{self.key(name)}[{one.get('id', position)}]")

    def done(self) -> None:
        for name in self.raw:
            if name not in self.asked:
                raise self.fail(name, f"no such key; known here: {', '.join(sorted(self.asked))}")

    def _take(self, name: str, default: object) -> object:
        self.asked.add(name)
        if name not in self.raw and default is None:
            raise self.fail(name, "this key, which is missing")
        return self.raw.get(name, default)


def _rulebook(top: _Table) -> Rulebook:
    top.whole("schema", 1)
    if top.raw["schema"] != 1:
        raise top.fail("schema", "1, the only version there is")
    sources = tuple(_source(one) for one in top.tables("sources"))
    known = {source.id for source in sources}
    evaluations = tuple(_evaluation(one, known) for one in top.tables("evaluations"))
    ids = {evaluation.id for evaluation in evaluations}
    counting = top.table("counting")
    rulebook = Rulebook(
        id=top.text("id"),
        title=top.text("title"),
        monitoring_year=top.text("monitoring_year"),
        official=top.flag("official"),
        about=top.text("about"),
        precision=counting.whole("precision"),
        min_elements=counting.whole("min_elements", 1),
        minimum_n=counting.whole("minimum_n"),
        sources=sources,
        targets=tuple(_targets(top.table("targets"), known)),
        elements=_elements(top.table("elements"), known),
        evaluations=evaluations,
        clauses=tuple(_clause(one, known, ids) for one in top.tables("clauses")),
        small_lea=_small_lea(top.table("tracks").table("small_lea"), known),
        sig_dis=_sig_dis(top.table("tracks").table("significant_disproportionality"), known),
        counting=_provenance(counting, known),
    )
    counting.done()
    tracks = top.table("tracks")
    tracks.asked |= {"small_lea", "significant_disproportionality"}
    tracks.done()
    top.done()
    if rulebook.precision > 6:
        raise counting.fail("precision", "0 to 6 decimals")
    _check_clauses(top, rulebook)
    return rulebook


def _check_clauses(top: _Table, rulebook: Rulebook) -> None:
    seen: set[str] = set()
    previous = None
    for clause in rulebook.clauses:
        key = f"clauses[{clause.id}]"
        if clause.id in seen:
            raise RulebookError(top.file, f"{key}.id", repr(clause.id), "an id of its own for each clause")
        seen.add(clause.id)
        if previous is not None and clause.placement > previous:
            expected = f"clauses from the most to the least intensive, nothing above {previous}"
            raise RulebookError(top.file, f"{key}.placement", repr(clause.placement.label), expected)
        previous = clause.placement


def _source(table: _Table) -> Source:
    source = Source(table.text("id"), table.text("title"), table.text("url", ""))
    table.done()
    return source


def _provenance(table: _Table, known: set[str]) -> Provenance:
    source = table.choice("source", dict.fromkeys(known))
    status = Status(table.choice("status", {status.value: status for status in Status}))
    return Provenance(source, status, table.text("note", ""))


def _targets(table: _Table, known: set[str]) -> Iterator[Target]:
    for name in table.raw:
        if name not in indicators.POSITION:
            raise table.fail(name, "an indicator code: " + ", ".join(indicators.CODES))
        one = table.table(name)
        symbols = {sign.value: sign for sign in Comparator} | _ASCII
        written = one.choice("comparator", symbols, "") if one.has("comparator") else ""
        one.asked.add("comparator")
        comparator = symbols.get(written) or Comparator.default(indicators.get(name).direction)
        value = one.number("value") if one.has("value") else None
        one.asked.add("value")
        yield Target(name, comparator, value, one.text("vintage", ""), _provenance(one, known))
        one.done()


def _elements(table: _Table, known: set[str]) -> Elements:
    elements = Elements(
        indicators=table.codes("include"),
        report_only=table.codes("report_only"),
        nc_is_met=table.codes("nc_is_met"),
        provenance=_provenance(table, known),
    )
    table.done()
    return elements


def _evaluation(table: _Table, known: set[str]) -> Evaluation:
    domains = []
    for one in table.tables("domains"):
        weight = one.number("weight", Decimal(1))
        if weight <= 0:
            raise one.fail("weight", "a number above 0")
        family = one.choice("id", {family.value: family for family in indicators.Family})
        domains.append(Domain(family, one.codes("indicators"), weight))
        one.done()
    evaluation = Evaluation(
        id=table.text("id"),
        title=table.text("title"),
        domains=tuple(domains),
        min_denominator=table.whole("min_denominator"),
        min_domains=table.whole("min_domains", 1),
        min_reference_values=table.whole("min_reference_values"),
        swd_over=table.whole("swd_over"),
        ties=TieRule(table.choice("ties", {rule.value: rule for rule in TieRule})),
        provenance=_provenance(table, known),
    )
    table.done()
    return evaluation


def _clause(table: _Table, known: set[str], evaluations: set[str]) -> Clause:
    kind = ClauseKind(table.choice("kind", {kind.value: kind for kind in ClauseKind}))
    for name in ("at_least", "at_most", "newly", "evaluation", "indicators", *_BAND):
        if name in _CLAUSE_KEYS[kind]:
            table.asked.add(name)
    given = _CLAUSE_KEYS[kind]
    tiers = {label: placement for label, placement in PLACEMENTS.items() if placement.tier}
    clause = Clause(
        id=table.text("id"),
        placement=PLACEMENTS[table.choice("placement", tiers)],
        kind=kind,
        sentence=table.text("sentence"),
        provenance=_provenance(table, known),
        at_least=table.whole("at_least", 1) if "at_least" in given and table.has("at_least") else None,
        at_most=table.whole("at_most", 1) if "at_most" in given and table.has("at_most") else None,
        newly="newly" in given and table.flag("newly"),
        evaluation=table.choice("evaluation", dict.fromkeys(evaluations)) if "evaluation" in given else "",
        indicators=table.codes("indicators") if "indicators" in given else (),
        **{edge: table.number(edge) if edge in given and table.has(edge) else None for edge in _BAND},
    )
    table.done()
    _check_numbers(table, clause)
    return clause


def _check_numbers(table: _Table, clause: Clause) -> None:
    counted = clause.kind in (ClauseKind.MISSED_TARGETS, ClauseKind.COMPLIANCE_FINDINGS)
    if counted and clause.at_least is None:
        raise table.fail("at_least", "the least count for which the clause holds")
    if clause.kind is ClauseKind.DISPROPORTIONATE_YEARS and clause.newly == (clause.at_least is not None):
        raise table.fail("at_least", "either newly = true or at_least = a number of years")
    if clause.at_least is not None and clause.at_most is not None and clause.at_most < clause.at_least:
        raise table.fail("at_most", f"a number of {clause.at_least} or more")
    if clause.kind in (ClauseKind.PERCENTILE_BAND, ClauseKind.INDICATOR_PERCENTILE):
        if (clause.below is None) == (clause.to is None):
            raise table.fail("to", "exactly one upper edge: to (included) or below (excluded)")
        if clause.over is not None and clause.start is not None:
            raise table.fail("over", "at most one lower edge: over (excluded) or start (included)")
    if clause.kind is ClauseKind.INDICATOR_PERCENTILE and not clause.indicators:
        raise table.fail("indicators", "at least one indicator code")
    fields = {name for _, name, _, _ in string.Formatter().parse(clause.sentence) if name}
    blank = {name for name in fields if getattr(clause, name, None) is None}
    if blank:
        raise table.fail(
            "sentence", f"only numbers that the clause has; {', '.join(sorted(blank))} is not set"
        )


def _small_lea(table: _Table, known: set[str]) -> SmallLea:
    track = SmallLea(
        max_swd=table.whole("max_swd"),
        effect=SmallLeaTrack(table.choice("effect", {effect.value: effect for effect in SmallLeaTrack})),
        sentence=table.text("sentence"),
        provenance=_provenance(table, known),
    )
    table.done()
    return track


def _sig_dis(table: _Table, known: set[str]) -> SignificantDisproportionality:
    track = SignificantDisproportionality(table.text("sentence"), _provenance(table, known))
    table.done()
    return track
