"""How much of a year's placements is chance, worked out once for all sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from cim_core.certainty import Certainty
from cim_core.certainty import certainty as redrawn
from ui import state
from ui.state import View


@dataclass(slots=True)
class _Once:
    """One year's certainty, worked out once for all sessions; the others wait for the first."""

    found: Certainty | None = None
    lock: Lock = field(default_factory=Lock)


@st.cache_resource(show_spinner=False, max_entries=32)
def _certainty(key: str, year: str) -> _Once:
    return _Once()


def certainty(view: View, progress: Callable[[float], object] | None = None) -> Certainty | None:
    """How sure the placements of the looked-at year are; without `progress` only if it is worked out already.

    A function that draws its progress cannot be cached as such: Streamlit would draw it again from the cache.
    """
    once = _certainty(state.key(view), view.year)
    if once.found is None and progress is not None:
        with once.lock:
            if once.found is None:
                once.found = redrawn(view.placements, view.year, progress=progress)
    return once.found
