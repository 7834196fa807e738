"""One thing that is kept, as a line: its name, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cim_core.data.outside import plain
from cim_core.store.logbook import Thing
from cim_core.store.troubles import ConflictError, StoreError
from cim_core.words.messages import MessageFamily
from ui.shared.words_on_screen import gate, md, t

THING = MessageFamily("thing.{}", tuple(Thing))
_REFUSED = "rename_refused"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class KeptRow:
    """What a line says and does. `describe` takes a new name and note, and returns whether that name is free;
    `note` is None where there is none to write."""

    key: str
    name: str
    under: str
    note: str | None
    open: Callable[[], None]
    duplicate: Callable[[], None]
    describe: Callable[[str, str], bool]
    delete: Callable[[], None]


def line(row: KeptRow) -> None:
    """The name with what stands beside it, and four things to do."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"saved_{row.key}"):
        st.markdown(f"**{md(row.name)}** {md(row.under)}", width="stretch")
        st.button(t("saved.open"), key=f"open_{row.key}", on_click=row.open)
        st.button(t("saved.duplicate"), key=f"duplicate_{row.key}", on_click=row.duplicate)
        label = t("saved.rename") if row.note is None else t("library.describe")
        folded = st.popover(label, key=f"rename_{row.key}", on_change="rerun")
        if folded.open:
            with folded:
                _form(row)
        st.button(t("saved.delete"), key=f"delete_{row.key}", on_click=row.delete)


def refused() -> None:
    """That a name was not taken, and why; nothing otherwise."""
    said = st.session_state.pop(_REFUSED, "")
    if said:
        st.warning(md(said))


def gone(name: str, key: str, take_back: Callable[[], None], under: str = "") -> None:
    """Something that was deleted, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(md(under or t("saved.deleted", name=name)))
        st.button(t("saved.undo"), key=key, on_click=take_back)


def _form(row: KeptRow) -> None:
    st.text_input(t("saved.new_name"), row.name, max_chars=_LONGEST, key=f"new_name_{row.key}")
    if row.note is not None:
        st.text_area(t("saved.note"), row.note, max_chars=400, key=f"new_note_{row.key}", height=80)
    st.button(t("saved.save"), key=f"do_rename_{row.key}", type="primary", on_click=_describe, args=(row,))


def _describe(row: KeptRow) -> None:
    """Take what stands in the boxes now: a click may come in one with what was typed just before."""
    new = plain(str(st.session_state[f"new_name_{row.key}"])).strip()
    note = str(st.session_state.get(f"new_note_{row.key}", "")).strip()
    if not new:
        return
    try:
        free = row.describe(new, note)
    except (ConflictError, KeyError):
        st.session_state[_REFUSED] = t("library.changed_meanwhile", name=row.name, new=new)
        return
    except StoreError as error:
        st.session_state[_REFUSED] = gate().say(error.said)
        return
    if not free:
        st.session_state[_REFUSED] = t("saved.taken", name=new)
