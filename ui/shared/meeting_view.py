"""Working view or meeting view: the switch, what a meeting view leaves out, pages that it does not show."""

from __future__ import annotations

from html import escape

import streamlit as st

from cim_core.access.identity import Right
from cim_core.data.small_groups import BANDED_TO, SMALL, WIDTH
from cim_core.store.logbook import Thing
from cim_core.words.disclosure import Audience
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import address, identity, parts, refusals
from ui.shared.words_on_screen import md, t

LEVELS = (Audience.MEETING, Audience.STRICT)
"""What may be hidden in a meeting, the less strict first."""
_LEVEL = MessageFamily("meeting_view.level.{}", LEVELS)
_NOTICE = MessageFamily("meeting_view.notice.{}", LEVELS)
CLOSED = ("data", "letters", "library", "log")
"""Pages that show what stands in files and what was done with them, for whoever has those."""
_NEEDS = {"meeting": Right.PRESENT, "people": Right.MANAGE}


def switch(page: str) -> str:
    """Both views as links to the page that is shown, the one that is chosen marked."""
    chosen = address.audience()
    where = "./" if page == "start" else page
    wanted = {"working": "", "meeting": (LEVELS[0] if chosen.sees_everything else chosen).value}
    labels = {"working": t("meeting_view.working"), "meeting": t("meeting_view.meeting")}
    links = "".join(
        _link(
            address.to(where, view=wanted[name], **_lea(page)),
            label,
            (name == "working") == chosen.sees_everything,
        )
        for name, label in labels.items()
    )
    what = escape(t("meeting_view.switch"))
    return f'<span class="cim-switch" role="group" aria-label="{what}">{links}</span>'


def _link(to: str, label: str, is_on: bool) -> str:
    current = ' aria-current="true"' if is_on else ""
    return f'<a href="{escape(to)}" target="_self"{current}>{escape(label)}</a>'


def _lea(page: str) -> dict[str, str]:
    return {"lea": address.chosen("lea"), "tab": address.chosen("tab")} if page == "lea" else {}


def notice() -> None:
    """What is left out of everything below; nothing in the working view."""
    audience = address.audience()
    if not audience.sees_everything:
        numbers = {"n": HowMany(SMALL), "to": HowMany(BANDED_TO), "few": HowMany(WIDTH)}
        parts.show(parts.banner(t(_NOTICE[audience], **numbers)))


def caveat() -> None:
    """That what is left out may move LEAs too; nothing in the working view."""
    if not address.audience().sees_everything:
        st.caption(md(t("meeting_view.whatif")))


def choices() -> None:
    """The choice of what a meeting does not see, and whether LEAs have code names there."""
    key = "pick_view"
    st.session_state[key] = address.audience()
    st.radio(
        t("meeting_view.levels"),
        LEVELS,
        format_func=lambda one: t(_LEVEL[one]),
        key=key,
        on_change=lambda: address.choose(view=st.session_state[key]),
    )
    st.session_state["pick_codes"] = bool(address.chosen("codes"))
    st.toggle(
        t("code_names.choice"),
        key="pick_codes",
        on_change=lambda: address.choose(codes="1" if st.session_state["pick_codes"] else ""),
    )
    if address.chosen("codes"):
        st.caption(md(t("code_names.warning")))


def is_for_them(page: str) -> bool:
    """Whether a page is for the role of who is looking."""
    needed = Right.WORK if page in CLOSED else _NEEDS.get(page)
    return needed is None or identity.may(needed)


def closed(page: str) -> None:
    """In a meeting, in place of a page for whoever has the files: that it is not shown, and the way on."""
    if not is_for_them(page):
        refusals.note(Thing.WORKSPACE, page)
        parts.title(t("access.closed"))
        st.stop()
    if page not in CLOSED or address.audience().sees_everything:
        return
    parts.title(t("meeting_view.closed"))
    st.markdown(md(t("meeting_view.closed_why")))
    st.button(t("meeting_view.leave"), key="leave_meeting", on_click=address.choose, kwargs={"view": ""})
    st.stop()
