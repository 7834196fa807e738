"""Reading rulebooks from TOML with a checked schema: a wrong file gives file, key and what was expected."""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import tomli_w

from cim_core.data import indicators, measures, outside
from cim_core.data.facts import PERCENTILE_COLUMNS, Fact
from cim_core.rules import dated_targets, extending, lag_table, toml_table
from cim_core.rules.clause import Clause
from cim_core.rules.clauses import kinds
from cim_core.rules.evaluations import Domain, Evaluation, RankAmong, TieRule
from cim_core.rules.rulebook import (
    LATE,
    Comparator,
    Disproportionality,
    Elements,
    Fitted,
    Minimums,
    Rulebook,
    SignificantDisproportionality,
    SmallLea,
    SmallLeaTrack,
    Target,
)
from cim_core.rules.rulebook_values import as_raw
from cim_core.rules.sources import Provenance, Source, Status
from cim_core.rules.tiers import PLACEMENTS
from cim_core.rules.toml_table import Raw, SchemaError, TomlTable
from cim_core.words.messages import given

FOLDER = Path(__file__).parent / "rulebooks"
COMMON = Path(__file__).with_name("common.toml")
DEFAULT = "at-a-glance"
_FED = {"column", "fact", "first"}
"""What says where an evaluation's results come from and which one is shown first."""
_SIGNS = dict.fromkeys([*Comparator, ">=", "<="])


def available() -> tuple[str, ...]:
    """The ids of the shipped rulebooks, the default first."""
    ids = sorted((path.stem for path in FOLDER.glob("*.toml")), reverse=True)
    return (DEFAULT, *(one for one in ids if one != DEFAULT))


def path_of(id_or_path: str | Path) -> Path:
    """The file of a shipped rulebook's id; any other text is taken as a path."""
    return FOLDER / f"{id_or_path}.toml" if str(id_or_path) in available() else Path(id_or_path)


def load(id_or_path: str | Path = DEFAULT) -> Rulebook:
    """A shipped rulebook by id, or any rulebook by path. Raises SchemaError, also for a missing file."""
    return from_raw(*read_raw(id_or_path))


def read_raw(id_or_path: str | Path = DEFAULT) -> tuple[Raw, str]:
    """The plain values of a rulebook's file, and the file's name. Raises SchemaError."""
    path = path_of(id_or_path)
    try:
        content = outside.read_text(path, toml_table.MOST_LETTERS)
    except (OSError, ValueError) as error:
        expected = f"a TOML file in UTF-8, or one of: {', '.join(available())}"
        found = f"no readable file ({outside.why(error)})"
        raise SchemaError(str(id_or_path), "(file)", found, expected) from error
    return complete(toml_table.parse(content, path.name), path.name), path.name


def complete(raw: Mapping[str, object], file: str) -> Raw:
    """The plain values of a rulebook with those of the one that it extends. Raises SchemaError."""
    found = extending.complete(raw, file, _shipped)
    targets, evaluations = found.get("targets"), found.get("evaluations")
    if isinstance(targets, dict):
        found["targets"] = dated_targets.filled(targets, file)
    if isinstance(evaluations, list):
        found["evaluations"] = [_fed(one) for one in evaluations]
    return found


def _fed(evaluation: object) -> object:
    """An evaluation of a file from before it said what feeds it: as the shipped one of its id is fed."""
    if not isinstance(evaluation, dict) or _FED & set(evaluation):
        return evaluation
    common = _shipped(COMMON.stem)
    shipped = common["evaluations"] if common is not None else []
    assert isinstance(shipped, list)
    like: Raw = next((one for one in shipped if one["id"] == evaluation.get("id")), {})
    return evaluation | {name: like[name] for name in _FED if name in like}


def _shipped(name: str) -> Raw | None:
    path = COMMON if name == COMMON.stem else FOLDER / f"{name}.toml" if name in available() else None
    return None if path is None else toml_table.parse(path.read_text("utf-8"), path.name)


def loads(content: str, file: str = "rulebook.toml") -> Rulebook:
    """A rulebook from TOML text; `file` is the name used in errors. Raises SchemaError."""
    return from_raw(complete(toml_table.parse(content, file), file), file)


def dumps(raw: Mapping[str, object]) -> str:
    """The plain values of a rulebook as TOML text."""
    return tomli_w.dumps(raw)


def content_hash(raw: Mapping[str, object]) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a rulebook's values, whatever its spacing."""
    canonical = json.dumps(raw, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def from_raw(raw: Mapping[str, object], file: str) -> Rulebook:
    """A rulebook from the plain values of a TOML file. Raises SchemaError."""
    return _rulebook(TomlTable(raw, file, ""))


def checked(rules: Rulebook, file: str) -> Rulebook:
    """A changed rulebook, if everything in it holds together as in a file. Raises SchemaError."""
    return from_raw(as_raw(rules), file)


def _rulebook(top: TomlTable) -> Rulebook:
    top.whole("schema", 1)
    if top.raw["schema"] != 1:
        raise top.fail("schema", "1, the only version there is")
    sources = tuple(_source(one) for one in top.tables("sources"))
    known = {source.id for source in sources}
    evaluations = tuple(_evaluation(one, known) for one in top.tables("evaluations"))
    by_id = {evaluation.id: evaluation for evaluation in evaluations}
    counting = top.table("counting")
    rulebook = Rulebook(
        id=top.text("id"),
        title=given(top.text("title")),
        monitoring_year=top.text("monitoring_year"),
        official=top.flag("official"),
        about=given(top.text("about")),
        precision=counting.whole("precision"),
        min_elements=counting.whole("min_elements", 1),
        minimum_n=counting.whole("minimum_n"),
        sources=sources,
        targets=tuple(_targets(top.table("targets"), known)),
        elements=_elements(top.table("elements"), known),
        evaluations=evaluations,
        clauses=tuple(_clause(one, known, by_id) for one in top.tables("clauses")),
        small_lea=_small_lea(top.table("tracks").table("small_lea"), known),
        sig_dis=_sig_dis(top.table("tracks").table("significant_disproportionality"), known),
        counting=_provenance(counting, known),
        disproportionality=_disproportionality(top, known),
        lag=lag_table.read(top, lambda table: _provenance(table, known)),
        fitted=_fitted(top),
    )
    counting.done()
    tracks = top.table("tracks")
    tracks.asked |= {"small_lea", "significant_disproportionality"}
    tracks.done()
    top.done()
    if rulebook.precision > 6:
        raise counting.fail("precision", "0 to 6 decimals")
    _check_items(top, rulebook)
    _check_clauses(top, rulebook)
    return rulebook


def _fitted(top: TomlTable) -> Fitted | None:
    """How many letters the rules were fitted to; only rules that are not official may say so."""
    top.asked.add("fitted")
    if not top.has("fitted"):
        return None
    table = top.table("fitted")
    letters = table.whole("letters", 1)
    found = Fitted(letters, table.whole("explained"), table.whole("others"))
    table.done()
    if found.explained > letters:
        raise table.fail("explained", f"at most {letters}, the number of letters")
    if top.flag("official"):
        raise top.fail("official", "false, for rules that were fitted to letters")
    return found


def _check_items(top: TomlTable, rulebook: Rulebook) -> None:
    """What no single table can know: ids that are used twice, indicators in two lists."""
    for name, ids in (
        ("sources", [one.id for one in rulebook.sources]),
        ("evaluations", [one.id for one in rulebook.evaluations]),
    ):
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice is not None:
            raise SchemaError(top.file, f"{name}[{twice}].id", repr(twice), "an id of its own for each")
    both = [code for code in rulebook.elements.indicators if code in rulebook.elements.report_only]
    if both:
        raise SchemaError(
            top.file, "elements.report_only", repr(both[0]), "no indicator that is an element too"
        )


def _check_clauses(top: TomlTable, rulebook: Rulebook) -> None:
    seen: set[str] = set()
    previous = None
    for clause in rulebook.clauses:
        key = f"clauses[{clause.id}]"
        if clause.id in seen:
            raise SchemaError(top.file, f"{key}.id", repr(clause.id), "an id of its own for each clause")
        seen.add(clause.id)
        if previous is not None and clause.placement > previous:
            expected = f"clauses from the most to the least intensive, nothing above {previous}"
            raise SchemaError(top.file, f"{key}.placement", repr(clause.placement.name), expected)
        previous = clause.placement


def _source(table: TomlTable) -> Source:
    source = Source(table.text("id"), given(table.text("title")), table.text("url", ""))
    table.done()
    return source


def _provenance(table: TomlTable, known: set[str]) -> Provenance:
    source = table.choice("source", dict.fromkeys(known))
    status = Status(table.choice("status", {status.value: status for status in Status}))
    note = table.text("note", "")
    return Provenance(source, status, given(note) if note else None)


def _targets(table: TomlTable, known: set[str]) -> Iterator[Target]:
    for name in table.raw:
        if name not in indicators.POSITION:
            raise table.fail(name, "an indicator code: " + ", ".join(indicators.CODES))
        entry = table.table(name)
        default = Comparator.default(indicators.get(name).direction)
        comparator = Comparator(entry.choice("comparator", _SIGNS, default.value))
        value = entry.number("value") if entry.has("value") else None
        entry.asked.add("value")
        if value is not None and indicators.get(name).has_numerator and not 0 <= value <= 100:
            raise entry.fail("value", "a percent from 0 to 100")
        vintage = entry.text("vintage", "" if value is None else None)
        named = (
            entry.choice("measure", dict.fromkeys(measures.choices(name)), "") if entry.has("measure") else ""
        )
        entry.asked.add("measure")
        yield Target(name, comparator, value, vintage, _provenance(entry, known), named)
        entry.done()


def _elements(table: TomlTable, known: set[str]) -> Elements:
    included = indicators.in_order(table.codes("include", 1))
    as_findings = table.codes("as_findings")
    if not set(as_findings) <= set(LATE):
        raise table.fail("as_findings", "compliance indicators in percent: " + ", ".join(LATE))
    if set(included) <= set(as_findings):
        raise table.fail("as_findings", "not every element: at least one must count as a target")
    elements = Elements(
        indicators=tuple(code for code in included if code not in as_findings),
        as_findings=tuple(code for code in included if code in as_findings),
        report_only=table.codes("report_only"),
        nc_is_met=table.codes("nc_is_met"),
        provenance=_provenance(table, known),
    )
    table.done()
    return elements


def _evaluation(table: TomlTable, known: set[str]) -> Evaluation:
    domains = []
    for domain in table.tables("domains"):
        weight = domain.number("weight", Decimal(1))
        if weight <= 0:
            raise domain.fail("weight", "a number above 0")
        family = domain.choice("id", {family.value: family for family in indicators.Family})
        domains.append(Domain(family, domain.codes("indicators", 1), weight))
        domain.done()
    evaluation = Evaluation(
        id=table.text("id"),
        title=given(table.text("title")),
        domains=tuple(domains),
        min_denominator=table.whole("min_denominator"),
        min_domains=table.whole("min_domains", 1),
        min_reference_values=table.whole("min_reference_values"),
        swd_over=table.whole("swd_over"),
        ties=TieRule(table.choice("ties", {rule.value: rule for rule in TieRule})),
        provenance=_provenance(table, known),
        rank_among=RankAmong(
            table.choice("rank_among", {one.value: one for one in RankAmong}, RankAmong.ALL.value)
        ),
        column=table.choice("column", dict.fromkeys((*PERCENTILE_COLUMNS, "")), ""),
        fact=Fact(table.choice("fact", dict.fromkeys(Fact))) if table.has("fact") else None,
        first=table.flag("first"),
    )
    table.asked.add("fact")
    table.done()
    if evaluation.min_domains > len(domains):
        raise table.fail("min_domains", f"at most {len(domains)}, the number of its domains")
    return evaluation


def _clause(table: TomlTable, known: set[str], evaluations: Mapping[str, Evaluation]) -> Clause:
    kind = kinds()[table.choice("kind", kinds())]
    tiers = {label: placement for label, placement in PLACEMENTS.items() if placement.tier}
    clause = kind(
        id=table.text("id"),
        placement=PLACEMENTS[table.choice("placement", tiers)],
        sentence=table.text("sentence"),
        provenance=_provenance(table, known),
        **kind.fields(table, evaluations),
    )
    table.done()
    clause.check(table, evaluations)
    _check_sentence(table, clause.sentence, set(clause.given))
    return clause


def _check_sentence(table: TomlTable, sentence: str, numbers: set[str]) -> None:
    """A sentence holds exactly the rule's own numbers, as plain fields like {at_least}."""
    expected = "exactly these fields: " + (", ".join(f"{{{name}}}" for name in sorted(numbers)) or "none")
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError as error:
        raise table.fail("sentence", expected) from error
    fields = {name for _, name, _, _ in parts if name is not None}
    if fields != numbers or any(layout or conversion for _, _, layout, conversion in parts):
        raise table.fail("sentence", expected)


def _small_lea(table: TomlTable, known: set[str]) -> SmallLea:
    track = SmallLea(
        max_swd=table.whole("max_swd"),
        effect=SmallLeaTrack(table.choice("effect", {effect.value: effect for effect in SmallLeaTrack})),
        sentence=table.text("sentence"),
        provenance=_provenance(table, known),
    )
    table.done()
    _check_sentence(table, track.sentence, {"max_swd"})
    return track


def _sig_dis(table: TomlTable, known: set[str]) -> SignificantDisproportionality:
    track = SignificantDisproportionality(given(table.text("sentence")), _provenance(table, known))
    table.done()
    return track


def _disproportionality(top: TomlTable, known: set[str]) -> Disproportionality:
    """The table of that name; where a rulebook leaves something out, the defaults, marked as assumed."""
    top.asked.add("disproportionality")
    default = Disproportionality()
    if not top.has("disproportionality"):
        return default
    table = top.table("disproportionality")
    signs = dict.fromkeys((Comparator.GREATER.value, Comparator.AT_LEAST.value, ">="))
    threshold = table.number("threshold", default.threshold)
    if not _LEAST_RATIO <= threshold <= _MOST_RATIO or threshold != round(threshold, 2):
        expected = f"a ratio from {_LEAST_RATIO} to {_MOST_RATIO} with two decimals at most"
        raise table.fail("threshold", expected)
    rules = Disproportionality(
        threshold=threshold,
        comparator=Comparator(table.choice("comparator", signs, default.comparator.value)),
        min_cell=table.whole("min_cell", 0, default.min_cell),
        min_n=table.whole("min_n", 0, default.min_n),
        years_significant=table.whole("years_significant", 1, default.years_significant),
        minimums=Minimums(
            table.choice("minimums", {one.value: one for one in Minimums}, default.minimums.value)
        ),
        provenance=_provenance(table, known) if table.has("source") else default.provenance,
        comparator_source=table.choice("comparator_source", {**dict.fromkeys(known), "": None}, ""),
    )
    table.asked |= {"source", "status", "note"}
    table.done()
    return rules


_LEAST_RATIO, _MOST_RATIO = 1, 100
