"""A scenario: a named, small difference to a rulebook and, if wished, to the data.

Only the differences are kept, so that a reader can hold them in mind and a baseline is always at hand.
Changed rules are never official: each changed rule and target says so in its source.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import tomli_w

from cim_core.data.data_edits import DataEdit, edited, improved
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION
from cim_core.data.outside import plain, quoted_value
from cim_core.placing import reference as references
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, Percentile, Reference
from cim_core.rules import rulebook_file, toml_table
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import (
    AS_FINDINGS,
    DOMAINS_USED,
    NC_IS_MET,
    NoSuchSettingError,
    RulebookArea,
    Setting,
    Value,
)
from cim_core.rules.sources import Provenance, Source, Status
from cim_core.rules.toml_table import Raw, SchemaError, TomlTable
from cim_core.words.messages import message

MOST_IN_A_LINK = 1_500
"""Characters of an encoded scenario that an address may carry; a larger one goes by file."""

_VERSION = "1."
SOURCE = Source("what-if", message("changed.source"))
"""The source that rules and targets name which a scenario changes."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The differences to a base rulebook, by id and content hash.

    `changes` maps settings to their new values. `instead` runs another shipped rulebook in place of the base.
    `improve` makes everybody better by so many percent of their numerators.
    """

    name: str = ""
    note: str = ""
    base: str = rulebook_file.DEFAULT
    base_hash: str = ""
    instead: str = ""
    reference: str = ""
    improve: Decimal | None = None
    changes: Mapping[Setting, Value] = field(default_factory=dict)
    edits: tuple[DataEdit, ...] = ()

    def __post_init__(self) -> None:
        for name in ("name", "note"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.instead or self.reference or self.improve or self.changes or self.edits)

    @property
    def what(self) -> str:
        """What it changes: `rules`, `data`, `both`, or `instead` where it only runs another rulebook."""
        data = bool(self.improve or self.edits)
        rules = bool(self.instead or self.reference or self.changes)
        if self.instead and not (data or self.reference or self.changes):
            return "instead"
        return "both" if data and rules else "data" if data else "rules"

    def changed(self, changes: Mapping[Setting, Value | None]) -> Scenario:
        """The same with some settings changed; None takes a change back."""
        merged = {**self.changes, **changes}
        return replace(self, changes={each: value for each, value in merged.items() if value is not None})


def new(base: str, raw: Mapping[str, object], name: str = "") -> Scenario:
    """An empty scenario on a rulebook."""
    return Scenario(name=name, base=base, base_hash=rulebook_file.content_hash(raw))


def changed_rulebook(scenario: Scenario, base: Rulebook, file: str = "scenario") -> Rulebook:
    """The rulebook under a scenario: the base, or the one that runs instead, with the changes, checked.

    Raises SchemaError for a setting that it does not have, and for changes that do not fit together.
    """
    rules = rulebook_file.load(scenario.instead) if scenario.instead else base
    return supposed(rules, scenario.changes, file) if scenario.changes else rules


def supposed(rules: Rulebook, changes: Mapping[Setting, Value], file: str) -> Rulebook:
    """A rulebook as it would be with other values, while files spoke under the values that it has.

    Raises SchemaError.
    """
    changed, held = with_changes(rules, changes, file), rules.disproportionality
    if not any(setting.area is RulebookArea.DISPROPORTIONALITY for setting in changes):
        return changed
    other = replace(changed.disproportionality, said_under=held.said_under or held)
    return replace(changed, disproportionality=other)


def with_changes(
    rules: Rulebook, changes: Mapping[Setting, Value], file: str, source: Source = SOURCE
) -> Rulebook:
    """A rulebook with other values in some settings, marked as not official, and as changed by a source.

    Whatever it was fitted to, it is not any longer. Raises SchemaError.
    """
    known = any(each.id == source.id for each in rules.sources)
    changed = replace(
        rules,
        id=f"{rules.id}, changed",
        title=message("changed.rulebook", title=rules.title),
        official=False,
        sources=rules.sources if known else (*rules.sources, source),
        fitted=None,
    )
    for setting, value in changes.items():
        changed = _with_one(changed, setting, value, file, source)
    return rulebook_file.checked(changed, file)


def _with_one(rules: Rulebook, setting: Setting, value: Value, file: str, source: Source) -> Rulebook:
    try:
        before = setting.get(rules)
        note = message("changed.setting", name=setting.name, value=str(value), before=str(before))
        marked = Provenance(source.id, Status.ASSUMED, note) if value != before else None
        return setting.put(rules, value, marked if setting.area.names_sources else None)
    except NoSuchSettingError as error:
        raise SchemaError(file, str(setting), "no such setting", str(error)) from error
    except ValueError as error:
        raise SchemaError(file, str(setting), quoted_value(value), str(error)) from error


def changed_data(scenario: Scenario, dataset: Dataset) -> Dataset:
    """The data under a scenario; the very same object where it changes no data. Raises ValueError."""
    if scenario.improve:
        dataset = improved(dataset, scenario.improve)
    return edited(dataset, scenario.edits) if scenario.edits else dataset


def changed_reference(scenario: Scenario, reference: Reference, statewide: Reference) -> Reference:
    """The reference under a scenario."""
    return references.of_choice(scenario.reference, statewide) or reference


def run(
    scenario: Scenario,
    base: Rulebook,
    dataset: Dataset,
    reference: Reference,
    statewide: Reference = NO_REFERENCE,
    percentiles: Mapping[str, Percentile] | None = None,
) -> Placements:
    """Place everybody under a scenario. `percentiles` may be handed in where nothing about ranking changes.

    Raises SchemaError when the changes do not fit the rulebook, ValueError when the edits do not fit the
    data.
    """
    rules = changed_rulebook(scenario, base)
    against = changed_reference(scenario, reference, statewide)
    return place(changed_data(scenario, dataset), rules, against, percentiles)


def keeps_ranking(scenario: Scenario) -> bool:
    """Whether percentiles stay as they are, so that they need not be computed again."""
    ranked = any(setting.area is RulebookArea.EVALUATIONS for setting in scenario.changes)
    return not (ranked or scenario.instead or scenario.reference or scenario.improve or scenario.edits)


def misfits(scenario: Scenario, base: Rulebook) -> tuple[Setting, ...]:
    """Settings of a scenario that another base does not have."""
    return tuple(setting for setting in scenario.changes if not setting.fits(base))


def dumps(scenario: Scenario) -> str:
    """A scenario as TOML text, with the keys of the rulebook as tables."""
    out: Raw = {"schema": 1, "name": scenario.name, "note": scenario.note}
    out |= {"base": scenario.base, "base_hash": scenario.base_hash}
    for name in ("instead", "reference"):
        if getattr(scenario, name):
            out[name] = getattr(scenario, name)
    if scenario.improve:
        out["improve"] = scenario.improve
    for setting, value in sorted(scenario.changes.items(), key=lambda change: str(change[0])):
        *path, name = setting.path
        table = out
        for part in path:
            inner = table.setdefault(part, {})
            assert isinstance(inner, dict)
            table = inner
        table[name] = list(value) if isinstance(value, tuple) else value
    if scenario.edits:
        names = ("lea_code", "year", "indicator", "numerator", "denominator")
        out["data"] = [{name: getattr(edit, name) for name in names} for edit in scenario.edits]
    return tomli_w.dumps(out)


def loads(content: str, file: str = "scenario.toml") -> Scenario:
    """A scenario from TOML text. Raises SchemaError with the file and the key."""
    top = TomlTable(toml_table.parse(content, file), file, "")
    if top.whole("schema", 1) != 1:
        raise top.fail("schema", "1, the only version there is")
    reference = top.text("reference", "")
    if reference and reference not in references.CHOICES:
        raise top.fail("reference", "one of: " + ", ".join(references.CHOICES))
    instead = top.text("instead", "")
    if instead and instead not in rulebook_file.available():
        raise top.fail("instead", "one of: " + ", ".join(rulebook_file.available()))
    improve = top.number("improve") if top.has("improve") else None
    if improve is not None and not -100 <= improve <= 100:
        raise top.fail("improve", "a percent from -100 to 100")
    changes: dict[Setting, Value] = {}
    for area in RulebookArea:
        top.asked.add(area)
        if top.has(area):
            _flatten(top.table(area), area, changes)
    edits = tuple(_edit(one) for one in top.tables("data")) if top.has("data") else ()
    scenario = Scenario(
        top.text("name", ""), top.text("note", ""), top.text("base", rulebook_file.DEFAULT),
        top.text("base_hash", ""), instead, reference, improve, changes, edits,
    )  # fmt: skip
    top.asked |= {"improve", "data"}
    top.done()
    return scenario


def _flatten(table: TomlTable, prefix: str, changes: dict[Setting, Value]) -> None:
    for name, value in table.raw.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            _flatten(TomlTable(value, table.file, key), key, changes)
        else:
            setting = Setting.parse(key)
            changes[setting] = _value(table, name, setting)


def _value(table: TomlTable, name: str, setting: Setting) -> Value:
    value = table.raw[name]
    if isinstance(value, str):
        return table.text(name)
    if isinstance(value, list) and setting.name == DOMAINS_USED:
        return table.texts(name)
    if isinstance(value, list):
        return table.codes(name, 0 if setting in (AS_FINDINGS, NC_IS_MET) else 1)
    number = table.number(name)
    return int(number) if isinstance(value, int) else number


def _edit(table: TomlTable) -> DataEdit:
    indicator = table.choice("indicator", POSITION)
    edit = DataEdit(
        table.text("lea_code"),
        table.text("year"),
        indicator,
        table.whole("numerator"),
        table.whole("denominator", 1),
    )
    table.done()
    if edit.numerator > edit.denominator:
        raise table.fail("numerator", f"at most the denominator, {edit.denominator}")
    return edit


def encode(scenario: Scenario) -> str | None:
    """A scenario for an address; None when it is too large for one."""
    packed = zlib.compress(dumps(scenario).encode(), 9)
    written = _VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return written if len(written) <= MOST_IN_A_LINK else None


def decode(written: str) -> Scenario:
    """A scenario from an address. Raises SchemaError for anything that `encode` did not write."""
    expected = "a link made by this app, complete and unchanged"
    try:
        if not written.startswith(_VERSION) or len(written) > MOST_IN_A_LINK:
            raise ValueError("unknown version or length")
        body = written.removeprefix(_VERSION)
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, 100_000)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ValueError("too large")
        text = content.decode()
    except (ValueError, zlib.error) as error:
        raise SchemaError("link", "scenario", str(error), expected) from error
    return loads(text, "link")
