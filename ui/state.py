"""What this session looks at, and the address that restores it.

The session is the truth; the address mirrors it, so that a link brings back data, year, rulebook, reference
and LEA. Uploads live in this process's memory under the hash of their bytes: the address holds the hash, and
whoever has the address can open the upload until the process ends.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import streamlit as st

from cim_core import intake, reference, rulebook_file, thresholds, toml_table
from cim_core import scenario as scenarios
from cim_core.intake import Intake
from cim_core.placement import Placements, place
from cim_core.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rulebook import Fact, Rulebook
from cim_core.rulebook_file import Raw
from cim_core.scenario import Scenario
from cim_core.sweep import Sweep, sweep
from cim_core.toml_table import SchemaError
from ui.say import t

SAMPLE = "sample"
SAMPLES = Path(__file__).parent.parent / "sample_data"
KEYS = ("data", "year", "rulebook", "reference", "assume", "scale", "scenario", "lea")
_KEPT_UPLOADS = 48
OWN, LARGE = "own-", "file-"
"""Kinds of what is kept beside uploads: rulebooks typed here, scenarios too large for an address."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page needs: the data, the rules, the placements, what is chosen.

    `placements`, `rulebook` and `reference` are those under the scenario, where there is one; `baseline` and
    `raw` are without it. `trouble` says why a scenario could not be applied.
    """

    intake: Intake
    rulebook: Rulebook
    reference: Reference
    placements: Placements
    year: str
    lea: str
    is_sample: bool
    baseline: Placements
    raw: Raw
    scenario: Scenario
    trouble: str = ""

    @property
    def ground(self) -> Rulebook:
        """The rulebook on which thresholds are changed: the chosen one, or the one that runs in its place."""
        return _rulebook(self.scenario.instead) if self.scenario.instead else self.baseline.rulebook

    @property
    def ground_raw(self) -> Raw:
        """The same as plain values."""
        return _raw(self.scenario.instead) if self.scenario.instead else self.raw


class Shelf:
    """Uploads of this process by the hash of their bytes; the oldest leave first."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, content: bytes, kind: str = "") -> str:
        """Keep an upload, rulebook or scenario; returns its kind and the hash of its bytes."""
        digest = kind + hashlib.sha256(content).hexdigest()
        with self._lock:
            self._files[digest] = (name, content)
            self._files.move_to_end(digest)
            while len(self._files) > _KEPT_UPLOADS:
                self._files.popitem(last=False)
        return digest

    def get(self, digest: str) -> tuple[str, bytes] | None:
        """An upload's name and bytes; None when it is not (or no longer) here."""
        with self._lock:
            return self._files.get(digest)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this process."""
    return Shelf()


def sync_address() -> None:
    """Take what the address says; an address without data keeps what the session looks at.

    An address with data is the whole truth, also about what it does not mention: so the browser's Back button
    and an old link bring back exactly what was seen.
    """
    whole = "data" in st.query_params
    for key in KEYS:
        if key in st.query_params:
            st.session_state[f"at_{key}"] = st.query_params[key]
        elif whole:
            st.session_state[f"at_{key}"] = ""
    if not whole and st.session_state.get("at_data"):
        st.query_params.from_dict(address())


def choose(**values: str) -> None:
    """Set what the session looks at, and the address with it in one step; an empty value forgets."""
    for key, value in values.items():
        st.session_state[f"at_{key}"] = value
    st.query_params.from_dict(address())


def chosen(key: str) -> str:
    """What is chosen for a key, an empty text for nothing."""
    return str(st.session_state.get(f"at_{key}") or (os.environ.get("CIM_OPEN", "") if key == "data" else ""))


def keep(*keys: str) -> None:
    """Let widgets keep their values while another page is shown."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def address(**values: str) -> dict[str, str]:
    """The address as parameters, with some of them changed."""
    return {key: value for key in KEYS if (value := values.get(key, chosen(key)))}


def open_sample() -> None:
    """Look at the invented SELPA."""
    choose(data=SAMPLE, year="", lea="", assume="", scale="")


def open_upload(name: str, content: bytes) -> None:
    """Keep an upload and look at it."""
    choose(data=shelf().put(name, content), year="", lea="", assume="", scale="")


def rulebook_id() -> str:
    """The chosen rulebook; an id that is not known falls back to the default."""
    asked = chosen("rulebook")
    own = asked.startswith(OWN) and shelf().get(asked) is not None
    return asked if own or asked in rulebook_file.available() else rulebook_file.DEFAULT


def rulebook() -> Rulebook:
    """The chosen rulebook, without a scenario."""
    return _rulebook(rulebook_id())


def raw() -> Raw:
    """The plain values of the chosen rulebook."""
    return _raw(rulebook_id())


def own_rulebook(content: str) -> str:
    """Keep a rulebook as text and choose it; returns its id. Raises SchemaError for a wrong one."""
    rules = rulebook_file.loads(content, "own rulebook")
    digest = shelf().put(rules.title, content.encode(), OWN)
    st.session_state.setdefault("own_rulebooks", {})[digest] = rules.title
    choose(rulebook=digest, scenario="")
    return digest


def own_titles() -> dict[str, str]:
    """Rulebooks typed or opened in this session (or named by the link), by id."""
    own = dict(st.session_state.get("own_rulebooks", {}))
    chosen_now = rulebook_id()
    if chosen_now not in rulebook_file.available():
        own.setdefault(chosen_now, rulebook().title)
    return own


def scenario() -> Scenario:
    """The chosen scenario; an empty one on the chosen rulebook where there is none. Raises SchemaError."""
    written = chosen("scenario")
    if not written:
        return scenarios.new(rulebook_id(), raw())
    kept = shelf().get(written) if written.startswith(LARGE) else None
    return scenarios.loads(kept[1].decode()) if kept is not None else scenarios.decode(written)


def set_scenario(one: Scenario) -> None:
    """Look through a scenario from now on; a small one goes into the address, a larger one stays here."""
    if one.is_empty:
        choose(scenario="")
        return
    written = scenarios.encode(one)
    choose(scenario=written or shelf().put(one.name, scenarios.dumps(one).encode(), LARGE))


def view() -> View | None:
    """What this session looks at; None when no data are open (or the link's upload is gone)."""
    data = chosen("data")
    if not data or (data != SAMPLE and shelf().get(data) is None):
        return None
    key = data, chosen("scale"), chosen("assume"), rulebook_id()
    taken = _intake(*key[:3])
    kind = reference_kind()
    against = _reference(kind)
    base = _raw(key[3])
    nothing = scenarios.new(key[3], base)
    if not len(taken.dataset):
        empty = place(taken.dataset, rulebook(), NO_REFERENCE)
        return View(taken, rulebook(), against, empty, "", "", data == SAMPLE, empty, base, nothing)
    baseline = placements = _placements(*key, kind)
    wanted, trouble = nothing, ""
    try:
        wanted = scenario()
        target = _raw(wanted.instead) if wanted.instead else base
        lost = scenarios.misfits(wanted, target)
        if lost:
            trouble = t("saved.misfit", keys=lost)
            wanted = wanted.changed(dict.fromkeys(lost))
        if not wanted.is_empty:
            placements = _changed(*key, kind, scenarios.dumps(wanted))
            against = scenarios.changed_reference(wanted, against, reference.shipped())
    except (SchemaError, ValueError) as error:
        wanted, trouble = nothing, str(error)
    years = taken.dataset.years
    year = chosen("year") if chosen("year") in years else years[-1]
    return View(
        taken, placements.rulebook, against, placements, year, chosen("lea"), data == SAMPLE, baseline, base,
        wanted, trouble,
    )  # fmt: skip


def reference_kind() -> str:
    """The chosen kind of reference; statewide unless another is named."""
    asked = chosen("reference")
    return asked if asked in {kind.value for kind in ReferenceKind} else ReferenceKind.STATEWIDE.value


def link_is_lost() -> bool:
    """Whether the address points at an upload that this process does not hold."""
    data = chosen("data")
    return bool(data) and data != SAMPLE and shelf().get(data) is None


@st.cache_resource(show_spinner=False, max_entries=16)
def _raw(rulebook_id: str) -> Raw:
    kept = shelf().get(rulebook_id) if rulebook_id.startswith(OWN) else None
    if kept is not None:
        return toml_table.parse(kept[1].decode(), kept[0])
    return rulebook_file.read_raw(rulebook_id)[0]


@st.cache_resource(show_spinner=False, max_entries=16)
def _rulebook(rulebook_id: str) -> Rulebook:
    return rulebook_file.from_raw(_raw(rulebook_id), rulebook_id)


@st.cache_resource(show_spinner=False, max_entries=8)
def _intake(data: str, scale: str, assume: str) -> Intake:
    if data == SAMPLE:
        path = SAMPLES / "invented_selpa.csv"
        name, content = path.name, path.read_bytes()
    else:
        kept = shelf().get(data)
        assert kept is not None
        name, content = kept
    facts = {Fact(kind) for kind in assume.split(",") if kind in {fact.value for fact in Fact}}
    return intake.read(content, name, answers={"rates": scale}, assumed_none=facts)


def _reference(kind: str) -> Reference:
    if kind == ReferenceKind.NONE.value:
        return NO_REFERENCE
    if kind == ReferenceKind.WITHIN.value:
        return WITHIN
    return reference.shipped()


@st.cache_resource(show_spinner=False, max_entries=16)
def _placements(data: str, scale: str, assume: str, rulebook_id: str, kind: str) -> Placements:
    return place(_intake(data, scale, assume).dataset, _rulebook(rulebook_id), _reference(kind))


@st.cache_resource(show_spinner=False, max_entries=32)
def _changed(data: str, scale: str, assume: str, rulebook_id: str, kind: str, written: str) -> Placements:
    one = scenarios.loads(written)
    base = _placements(data, scale, assume, rulebook_id, kind)
    ranked = base.percentiles if scenarios.keeps_ranking(one) else None
    against, statewide = _reference(kind), reference.shipped()
    return scenarios.run(one, _raw(rulebook_id), base.dataset, against, statewide, ranked)


@st.cache_resource(show_spinner=False, max_entries=256)
def _sweep(
    data: str, scale: str, assume: str, rulebook_id: str, kind: str, written: str, key: str
) -> Sweep | None:
    one = scenarios.loads(written) if written else None
    base = _placements(data, scale, assume, rulebook_id, kind)
    placements = base if one is None else _changed(data, scale, assume, rulebook_id, kind, written)
    rules = _raw(rulebook_id) if one is None else scenarios.apply(one, _raw(rulebook_id))
    threshold = thresholds.find(placements.rulebook, key)
    if threshold is None:
        return None
    against = _reference(kind)
    if one is not None:
        against = scenarios.changed_reference(one, against, reference.shipped())
    return sweep(threshold, rules, placements.dataset, against, placements.percentiles)


def placed_under(one: Scenario) -> Placements:
    """Everybody placed under a scenario. Raises SchemaError or ValueError when it does not fit."""
    where = chosen("data"), chosen("scale"), chosen("assume"), rulebook_id(), reference_kind()
    return _placements(*where) if one.is_empty else _changed(*where, scenarios.dumps(one))


def swept(key: str, changes: Scenario | None = None, book: str = "") -> Sweep | None:
    """The sweep of one threshold of the rules as they are, or of a scenario's; None for an unknown one."""
    written = "" if changes is None or changes.is_empty else scenarios.dumps(changes)
    where = chosen("data"), chosen("scale"), chosen("assume"), book or rulebook_id(), reference_kind()
    return _sweep(*where, written, key)
