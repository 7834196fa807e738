"""What surrounds every page: the guard, the style, the empty state."""

from __future__ import annotations

import gc
import sys
from functools import cache
from pathlib import Path

import streamlit as st

from ui.shared import address, identity, meeting_view, results, tokens, welcome
from ui.shared.results import View

_UI = Path(__file__).parent.parent


@cache
def style() -> str:
    """The style of all pages: what they share first, then each page's own."""
    each = sorted(
        _UI.glob("*/*.css"), key=lambda path: (path.parent.name != "shared", path.name != "style.css", path)
    )
    return "".join(path.read_text("utf-8") for path in each)


@st.cache_resource(show_spinner=False)
def _imported() -> dict[str, int]:
    return {"modules": 0}


def warm_up() -> None:
    """Move the imported libraries out of the garbage collector's sight, anew where a page brought more.

    Streamlit collects after every run of a script; with pandas and plotly in sight that dominates a rerun.
    """
    if _imported()["modules"] != len(sys.modules):
        _imported()["modules"] = len(sys.modules)
        gc.collect()
        gc.freeze()


def begin() -> None:
    """Called by app.py on every run, after navigation: marks the session as started by the app."""
    st.session_state["started_by_app"] = True
    st.html(f"<style>{tokens.style()}{style()}</style>")
    wanted = st.session_state.pop(address.WANTED, None)
    if wanted is not None:
        page, parameters = wanted
        st.switch_page(f"pages/{page}.py", query_params=parameters)
    address.sync_address()
    address.keep("filter_placement", "filter_name", "filter_all", "filter_order", "filter_differs")


def undressed() -> None:
    """What surrounds the sign-in: the style alone."""
    st.session_state["started_by_app"] = True
    st.html(f"<style>{tokens.style()}{style()}</style>")


def to_sign_in() -> None:
    """The sign-in by its own name."""
    st.switch_page("pages/signin.py", query_params=st.query_params.to_dict())


def enter_sign_in() -> None:
    """First statement of the sign-in page: through app.py, and away from it for who is signed in."""
    if identity.current() is not None or not st.session_state.get("started_by_app"):
        st.switch_page("app.py", query_params=st.query_params.to_dict())


def enter(page: str) -> None:
    """First statement of every page: a page that app.py did not start sends the visitor through app.py.

    A `pages/` folder beside app.py is served directly on a freshly started server until some session has
    run `st.navigation`; without this guard such a request would show the page's body. In a meeting, pages for
    whoever has the files end here.
    """
    if identity.current() is None:
        st.switch_page("pages/signin.py")
    if not st.session_state.get("started_by_app"):
        st.session_state[address.WANTED] = (page, st.query_params.to_dict())
        st.switch_page("app.py")
    meeting_view.closed(page)


def to_start() -> None:
    """Start by its own name, `/start`: it stands at the root of the address."""
    st.switch_page("pages/start.py", query_params=address.address())


def need_data() -> View:
    """The view of a page that cannot do without data; with none, the empty state and nothing more."""
    view = results.view()
    if view is not None and len(view.intake.dataset):
        return view
    welcome.welcome(view)
    st.stop()
    raise AssertionError("st.stop never returns")
