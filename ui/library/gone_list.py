"""What was deleted and can be taken back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from cim_core.store.kept import KeptDataset, KeptText
from cim_core.store.logbook import Thing
from cim_core.store.store import WAY_BACK
from ui.shared import kept_rows, moments
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import t

_KINDS = (Thing.SCENARIO, Thing.RULEBOOK)


def show() -> None:
    """A line for each, the one that was deleted last first; nothing where there is none."""
    found: list[tuple[Thing, KeptDataset | KeptText]] = [
        (Thing.DATASET, of) for of in shelf().datasets(deleted=True)
    ]
    found += [(kind, of) for kind in _KINDS for of in shelf().texts(kind, deleted=True)]
    if not found:
        return
    st.header(t("library.deleted_title"), anchor=False)
    for kind, of in sorted(found, key=lambda each: each[1].deleted or each[1].changed, reverse=True):
        until = moments.day((of.deleted or of.changed) + WAY_BACK)
        under = t("library.until", name=of.name, kind=t(kept_rows.THING[kind]), day=until)
        kept_rows.gone(of.name, f"take_back_{of.id}", partial(_take_back, kind, of.id), under)


def _take_back(kind: Thing, id_: str) -> None:
    shelf().write(lambda store: store.take_back(kind, id_))
