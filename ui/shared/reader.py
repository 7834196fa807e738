"""Files from outside are opened in processes of their own; the page says what it waits for and stays free."""

from __future__ import annotations

import atexit
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

import streamlit as st

from cim_core.placing.apart import Apart
from cim_core.words.messages import HowMany
from ui.shared import identity, kept
from ui.shared.words_on_screen import t

T = TypeVar("T")
_LOOK_AGAIN = 0.25


def apart() -> Apart:
    """The workers of this server, for who is looking; what they make of a file is kept for them."""
    kept.FOR_WHOM.set(identity.person())
    return _workers()


@st.cache_resource(show_spinner=False)
def _workers() -> Apart:
    workers = Apart(remember=kept.mine)
    atexit.register(workers.close)
    return workers


def awaited(future: Future[T]) -> T:
    """The result of work in a worker; meanwhile the page says that a file is read, or waits for its turn.

    Whoever leaves the page while waiting is let go; the work goes on. Raises what the work raises.
    """
    if future.done():
        return future.result()
    said = st.empty()
    try:
        while True:
            kind = "upload.reading" if future.running() else "upload.waiting"
            said.info(
                t(kind, n=HowMany(apart().limits.at_once), seconds=HowMany(apart().limits.deadline)),
                icon="⏳",
            )
            try:
                return future.result(_LOOK_AGAIN)
            except NotYet:
                continue
    finally:
        said.empty()
