"""Own rulebooks that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cim_core.rules import rulebook_file, toml_table
from cim_core.store.kept import KeptText
from cim_core.store.logbook import Thing
from ui.shared import address, kept_rows, moments
from ui.shared.kept import forget
from ui.shared.kept_rows import KeptRow
from ui.shared.shelf import OWN, shelf
from ui.shared.words_on_screen import md, t


def show(kept: Sequence[KeptText], searched: bool) -> None:
    """A line for each, the one that was changed last first; `searched`: of more there are."""
    if not kept:
        st.markdown(md(t("library.none_found" if searched else "library.no_rulebooks")))
    for of in kept:
        kept_rows.line(
            KeptRow(
                f"rulebook_{of.id}", of.name, t("library.of_time", time=moments.said(of.changed)), None,
                partial(_open, of.id), partial(_duplicate, of), partial(_rename, of), partial(_delete, of.id),
            )
        )  # fmt: skip


def _open(id_: str) -> None:
    address.choose(rulebook=OWN + id_, scenario="")
    address.go_to("rules")


def _duplicate(of: KeptText) -> None:
    name = t("saved.copy", name=of.name)
    shelf().write(lambda store: store.keep_text(Thing.RULEBOOK, name, of.text))


def _rename(of: KeptText, new: str, _note: str) -> bool:
    raw = toml_table.parse(of.text, of.name)
    text = rulebook_file.dumps({**raw, "title": new})
    shelf().write(lambda store: store.change_text(of.id, of.version, new, text))
    forget()  # what was worked out says the old name
    return True


def _delete(id_: str) -> None:
    shelf().write(lambda store: store.delete(Thing.RULEBOOK, id_))
