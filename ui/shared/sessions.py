"""What Streamlit holds for a visitor longer than it is needed: files that were read, sessions that are over.

Streamlit has no public way to let go of either (1.67); where its inside has changed, memory is given back
later, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException
from streamlit.runtime.uploaded_file_manager import UploadedFile


def wholly(work: Callable[[], object]) -> None:
    """Do what must not be cut in two. Streamlit ends a run, or a button's action, at the next touch of the
    session when somebody has pressed something else meanwhile: it is done again, and then ended."""
    try:
        work()
    except ScriptControlException:
        work()
        raise


def let_go_of(files: Iterable[UploadedFile]) -> None:
    """Drop the bytes of uploads whose content was taken; else they stay until the session ends."""
    context = get_script_run_ctx()
    if context is None:
        return
    with suppress(AttributeError):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)  # type: ignore[attr-defined]


def end_those_gone() -> None:
    """Drop sessions whose browser did not come back in time; Streamlit does when the next one leaves.

    To be called from the server's own loop.
    """
    with suppress(AttributeError, RuntimeError):
        runtime.get_instance()._session_mgr._session_storage._cache.expire()  # type: ignore[attr-defined]
