"""Somebody saved another version in between: what each has that the other has not, and what shall be kept."""

from __future__ import annotations

import streamlit as st

from cim_core.intake.bundle import Bundle
from cim_core.intake.bundle import loads as bundle_loads
from cim_core.store.differences import differences
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import moments, open_files, parts
from ui.shared.open_files import Conflict, Keep
from ui.shared.shelf import SET, shelf
from ui.shared.words_on_screen import gate, t

_KEEP = MessageFamily("conflict.keep_{}", tuple(Keep))
_MOST = 6


def is_open() -> bool:
    """Whether something of this session is not saved because somebody has to choose."""
    return open_files.CONFLICT in st.session_state


def told() -> None:
    """Both versions in words, and the ways on, in place of the page; nothing without a conflict."""
    found: Conflict | None = st.session_state.get(open_files.CONFLICT)
    if found is None:
        return
    kept = shelf().read(lambda store: store.version(found.theirs.removeprefix(SET)))
    if kept is None:
        if shelf().trouble is None:  # removed for good: ours is all there is
            open_files.settle(found, Keep.BOTH)
            st.rerun()
        st.stop()
    before = open_files.bundle_of(found.ours.after) or Bundle()
    theirs = changes(before, bundle_loads(kept.bundle), found)
    ours = changes(before, bundle_loads(found.ours.bundle), found)
    with st.container(key="conflict"):
        parts.title(t("conflict.title", name=kept.name), t("conflict.when", time=moments.clock(kept.created)))
        parts.show(parts.plain_lines([t("conflict.theirs", each=theirs), t("conflict.ours", each=ours)]))
        with st.container(horizontal=True):
            offered = [keep for keep in Keep if keep is not Keep.TOGETHER or open_files.together(found)]
            for keep in offered:
                st.button(t(_KEEP[keep]), key=f"keep_{keep}", on_click=open_files.settle, args=(found, keep))
        st.caption(t("conflict.help"))
    st.stop()  # what would be done on the page now would be lost with what is not saved


def changes(before: Bundle, after: Bundle, found: Conflict | None = None) -> str:
    """What was done from one version to another, as one text; `found`: with files that are not saved yet."""

    def content(digest: str) -> bytes:
        given = found.ours.files.get(digest) if found is not None else None
        held = given or shelf().get(digest)
        return held[1] if held is not None else b""

    each = [gate().say(one) for one in differences(before, after, content)]
    more = [t("store.change.more", n=HowMany(len(each) - _MOST))] if len(each) > _MOST else []
    return "; ".join([*each[:_MOST], *more]) or t("store.change.none")
