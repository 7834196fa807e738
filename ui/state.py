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

from cim_core import intake, reference, rulebook_file
from cim_core.intake import Intake, RateScale
from cim_core.placement import Placements, place
from cim_core.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rulebook import Fact, Rulebook

SAMPLE = "sample"
SAMPLES = Path(__file__).parent.parent / "sample_data"
KEYS = ("data", "year", "rulebook", "reference", "assume", "scale", "lea")
_KEPT_UPLOADS = 24


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page needs: the data, the rules, the placements, what is chosen."""

    intake: Intake
    rulebook: Rulebook
    reference: Reference
    placements: Placements
    year: str
    lea: str
    is_sample: bool


class Shelf:
    """Uploads of this process by the hash of their bytes; the oldest leave first."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, content: bytes) -> str:
        """Keep an upload; returns the hash of its bytes."""
        digest = hashlib.sha256(content).hexdigest()
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


def rulebook() -> Rulebook:
    """The chosen rulebook; an id that is not known falls back to the default."""
    asked = chosen("rulebook")
    return _rulebook(asked if asked in rulebook_file.available() else rulebook_file.DEFAULT)


def view() -> View | None:
    """What this session looks at; None when no data are open (or the link's upload is gone)."""
    data = chosen("data")
    if not data or (data != SAMPLE and shelf().get(data) is None):
        return None
    taken = _intake(data, chosen("scale"), chosen("assume"))
    rules = rulebook()
    kind = reference_kind()
    if not len(taken.dataset):
        return View(taken, rules, _reference(kind), _empty(taken, rules), "", "", data == SAMPLE)
    placements = _placements(data, chosen("scale"), chosen("assume"), rules.id, kind)
    years = taken.dataset.years
    year = chosen("year") if chosen("year") in years else years[-1]
    return View(taken, rules, _reference(kind), placements, year, chosen("lea"), data == SAMPLE)


def reference_kind() -> str:
    """The chosen kind of reference; statewide unless another is named."""
    asked = chosen("reference")
    return asked if asked in {kind.value for kind in ReferenceKind} else ReferenceKind.STATEWIDE.value


def link_is_lost() -> bool:
    """Whether the address points at an upload that this process does not hold."""
    data = chosen("data")
    return bool(data) and data != SAMPLE and shelf().get(data) is None


@st.cache_resource(show_spinner=False, max_entries=16)
def _rulebook(rulebook_id: str) -> Rulebook:
    return rulebook_file.load(rulebook_id)


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
    known = scale in {one.value for one in RateScale}
    return intake.read(content, name, scale=RateScale(scale) if known else None, assumed_none=facts)


def _reference(kind: str) -> Reference:
    if kind == ReferenceKind.NONE.value:
        return NO_REFERENCE
    if kind == ReferenceKind.WITHIN.value:
        return WITHIN
    return reference.shipped()


@st.cache_resource(show_spinner=False, max_entries=16)
def _placements(data: str, scale: str, assume: str, rulebook_id: str, kind: str) -> Placements:
    return place(_intake(data, scale, assume).dataset, _rulebook(rulebook_id), _reference(kind))


def _empty(taken: Intake, rules: Rulebook) -> Placements:
    return place(taken.dataset, rules, NO_REFERENCE)
