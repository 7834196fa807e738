"""A scenario: a named, small difference to a rulebook and, if wished, to the data.

Only the differences are kept, so that a reader can hold them in mind and a baseline is always at hand.
Changed rules are never official: each changed rule and target says so in its source.
"""

from __future__ import annotations

import base64
import copy
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import tomli_w

from cim_core.data.data_edits import DataEdit, edited, improved
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION, get
from cim_core.data.measures import newest, of_target
from cim_core.data.outside import plain, quoted_value
from cim_core.placing import reference as references
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, Percentile, Reference
from cim_core.rules import rulebook_file, toml_table
from cim_core.rules.rulebook import Comparator, Rulebook
from cim_core.rules.rulebook_file import Raw
from cim_core.rules.settings import Value
from cim_core.rules.toml_table import SchemaError, TomlTable
from cim_core.whatif.setting_tables import AS_FINDINGS as AS_FINDINGS
from cim_core.whatif.setting_tables import SOURCE, place_of

MOST_IN_A_LINK = 1_500
"""Characters of an encoded scenario that an address may carry; a larger one goes by file."""

_VERSION = "1."
ELEMENT = ("in", "out", "report only")


@dataclass(frozen=True, slots=True)
class Scenario:
    """The differences to a base rulebook, by id and content hash.

    `changes` maps the key of a setting (`targets.5a.value`, `clauses.level-2-missed.at_least`) to its new
    value. `instead` runs another shipped rulebook in place of the base. `improve` makes everybody better by
    so many percent of their numerators.
    """

    name: str = ""
    note: str = ""
    base: str = rulebook_file.DEFAULT
    base_hash: str = ""
    instead: str = ""
    reference: str = ""
    improve: Decimal | None = None
    changes: Mapping[str, Value] = field(default_factory=dict)
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

    def changed(self, changes: Mapping[str, Value | None]) -> Scenario:
        """The same with some settings changed; None takes a change back."""
        merged = {**self.changes, **changes}
        return replace(self, changes={key: value for key, value in merged.items() if value is not None})


def new(base: str, raw: Mapping[str, object], name: str = "") -> Scenario:
    """An empty scenario on a rulebook."""
    return Scenario(name=name, base=base, base_hash=rulebook_file.content_hash(raw))


def apply(scenario: Scenario, base: Mapping[str, object], file: str = "scenario") -> Raw:
    """The plain values of the changed rulebook. Raises SchemaError for a key that the base does not have.

    With `instead`, the base is that other rulebook, and the changes apply to it.
    """
    raw: Raw = copy.deepcopy(dict(base))
    if scenario.instead:
        raw, _ = rulebook_file.read_raw(scenario.instead)
    if not scenario.changes:
        return raw
    raw["official"] = False
    raw["id"] = f"{raw['id']}, changed"
    raw["title"] = f"{raw['title']}, changed"
    sources = raw["sources"]
    assert isinstance(sources, list)
    if all(source.get("id") != SOURCE for source in sources):
        sources.append({"id": SOURCE, "title": "Changed in a what-if scenario, not official"})
    if any(key.startswith("disproportionality.") for key in scenario.changes):
        raw.setdefault("disproportionality", {})
    for key, value in scenario.changes.items():
        _set(raw, key, value, file)
    return raw


def changed_rulebook(scenario: Scenario, base: Mapping[str, object], file: str = "scenario") -> Rulebook:
    """The changed rulebook, checked. Raises SchemaError when the changes do not fit together."""
    return rulebook_file.from_raw(apply(scenario, base, file), file)


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
    base: Mapping[str, object],
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
    ranked = any(key.startswith("evaluations.") for key in scenario.changes)
    return not (ranked or scenario.instead or scenario.reference or scenario.improve or scenario.edits)


def current(raw: Mapping[str, object], key: str) -> Value | None:
    """What a setting is in a rulebook; None where it has none. Raises SchemaError for an unknown key."""
    table, name = place_of(raw, key, "rulebook")
    if key == AS_FINDINGS:
        held = table.get(name, [])
        assert isinstance(held, list)
        return tuple(str(one) for one in held)
    if key.startswith("elements."):
        included, reported = table.get("include", []), table.get("report_only", [])
        assert isinstance(included, list) and isinstance(reported, list)
        return "in" if name in included else "report only" if name in reported else "out"
    value = table.get(name)
    if name == "comparator" and value is None:
        return Comparator.default(get(key.split(".")[1]).direction).value
    if name == "weight" and value is None:
        return 1
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return value if isinstance(value, int | Decimal | str) else None


def misfits(scenario: Scenario, base: Mapping[str, object]) -> tuple[str, ...]:
    """Keys of a scenario that another base does not have."""
    found = []
    for key in scenario.changes:
        try:
            place_of(base, key, "scenario")
        except SchemaError:
            found.append(key)
    return tuple(found)


def _set(raw: Raw, key: str, value: Value, file: str) -> None:
    table, name = place_of(raw, key, file)
    before = current(raw, key)
    if key.startswith("elements.") and key != AS_FINDINGS:
        _set_element(table, name, value, file, key)
        return
    table[name] = list(value) if isinstance(value, tuple) else value
    if key.startswith("targets."):
        _typed(table, key)
    if key.startswith(("targets.", "clauses.", "tracks.", "disproportionality.")) and value != before:
        table |= {"source": SOURCE, "status": "assumed", "note": f"{name}: {value} instead of {before}."}


def _typed(table: Raw, key: str) -> None:
    """A target that somebody types is for the measure that its values have, not for the one before it."""
    _, code, name = key.split(".")
    measure = of_target(code, str(table.get("measure", "")), str(table.get("vintage", "")))
    older = name == "value" and measure is not None and measure is not newest(code)
    if older or "vintage" not in table:
        table.pop("measure", None)
        table["vintage"] = "typed here"


def _set_element(table: Raw, code: str, value: Value, file: str, key: str) -> None:
    if value not in ELEMENT:
        raise SchemaError(file, key, quoted_value(value), f"one of: {', '.join(ELEMENT)}")
    for name, wanted in (("include", "in"), ("report_only", "report only")):
        listed = table.setdefault(name, [])
        assert isinstance(listed, list)
        if value == wanted and code not in listed:
            listed.append(code)
        elif value != wanted and code in listed:
            listed.remove(code)


def dumps(scenario: Scenario) -> str:
    """A scenario as TOML text, with the keys of the rulebook as tables."""
    out: Raw = {"schema": 1, "name": scenario.name, "note": scenario.note}
    out |= {"base": scenario.base, "base_hash": scenario.base_hash}
    for name in ("instead", "reference"):
        if getattr(scenario, name):
            out[name] = getattr(scenario, name)
    if scenario.improve:
        out["improve"] = scenario.improve
    for key, value in sorted(scenario.changes.items()):
        *path, name = key.split(".")
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
    changes: dict[str, Value] = {}
    for area in ("targets", "clauses", "evaluations", "counting", "elements", "tracks", "disproportionality"):
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


def _flatten(table: TomlTable, prefix: str, changes: dict[str, Value]) -> None:
    for name, value in table.raw.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            _flatten(TomlTable(value, table.file, key), key, changes)
        elif isinstance(value, str):
            changes[key] = table.text(name)
        elif isinstance(value, list):
            changes[key] = table.codes(name, 0 if key == AS_FINDINGS else 1)
        else:
            number = table.number(name)
            changes[key] = int(number) if isinstance(value, int) else number


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
