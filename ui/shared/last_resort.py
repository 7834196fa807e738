"""Whatever nobody expected becomes one plain message with a way back; the log gets the traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cim_core.store.permits import NotPermittedError
from ui.shared import address, refusals
from ui.shared.words_on_screen import md, t

_LOG = logging.getLogger("cim.ui")
_KEPT = ("data",)


@contextmanager
def told() -> Iterator[None]:
    """Draw a part of a page; what fails within it is said instead. Streamlit's own signals go through."""
    try:
        yield
    except Exception as error:
        show(error)


def show(error: Exception) -> bool:
    """The message with its ways back; True, so that Streamlit shows nothing of its own."""
    if isinstance(error, NotPermittedError):
        refusals.note(error.kind, t("access.changed"))
        st.error(md(t("access.not_permitted")))
        return True
    _LOG.error("a page could not be drawn", exc_info=error)
    with st.container(border=True):
        st.error(md(t("unexpected.page")))
        with st.container(horizontal=True):
            st.button(t("unexpected.keep"), key="unexpected_keep", type="primary", on_click=_forget_rest)
            st.button(t("unexpected.anew"), key="unexpected_anew", on_click=_forget_all)
    return True


def _forget_rest() -> None:
    address.choose(**{key: "" for key in address.KEYS if key not in _KEPT})


def _forget_all() -> None:
    address.choose(**dict.fromkeys(address.KEYS, ""))
