"""What Streamlit holds for a visitor longer than it is needed: files that were read, sessions that are over.

Streamlit has no public way to let go of either (1.67); where its inside has changed, memory is given back
later, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from streamlit import runtime
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cim_core.store.accounts import told


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


_HOLDERS: dict[str, tuple[str, str]] = {}
"""The account and the sign-in (as it is kept) that each visit was begun with."""
_FILES: dict[tuple[str, str], None] = {}
_MOST_NOTED = 10_000


def held_by(account: str, token: str) -> bool:
    """Note whose account, and of which sign-in, the session of this run is; whether it is, as it is never
    handed to another one."""
    context, mine = get_script_run_ctx(), (account, told(token))
    if context is None:
        return True
    if context.session_id not in _HOLDERS:
        _make_room(_HOLDERS)
        _HOLDERS[context.session_id] = mine
    return _HOLDERS[context.session_id] == mine


def goes_on(session: str, token: str) -> bool:
    """Whether a visit was begun with a sign-in: Streamlit gives it to whoever knows its id."""
    return session in _HOLDERS and _HOLDERS[session][1] == told(token)


def _of(account: str) -> set[str]:
    return {session for session, (holder, _) in list(_HOLDERS.items()) if holder == account}


def _make_room(noted: dict[Any, Any]) -> None:
    """Let the oldest go, so that what is noted stays bounded."""
    while len(noted) >= _MOST_NOTED:
        noted.pop(next(iter(noted)))


def made_for(account: str, content: bytes, mime: str, name: str) -> None:
    """Note for whose account a download was made, by the id that its address has."""
    if account:
        for kind in (mime, "application/octet-stream", "text/plain"):
            with suppress(TypeError):
                _make_room(_FILES)
                _FILES[_calculate_file_id(content, kind, name), account] = None


def owns(path: str, account: str) -> bool:
    """Whether the session that an upload is for, or in which a download was made, is of an account; not where
    Streamlit's inside has changed."""
    if path.startswith("/_stcore/upload_file/"):
        return _HOLDERS.get(path.split("/")[3], ("", ""))[0] == account
    file = path.removeprefix("/media/").partition(".")[0]
    if (file, account) in _FILES:
        return True
    try:
        kept = runtime.get_instance().media_file_mgr._files_by_session_and_coord
        return any(file in kept.get(session, {}).values() for session in _of(account))
    except (AttributeError, RuntimeError):
        return False


def waiting(account: str) -> int:
    """Bytes of the uploads of an account's sessions that were not read yet; 0 where Streamlit's inside has
    changed."""
    with suppress(AttributeError, RuntimeError):
        held = runtime.get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
        return sum(len(file.data) for each in _of(account) for file in list(held.get(each, {}).values()))
    return 0


def let_visitors_go() -> None:
    """End visits that nobody was signed in to, as soon as their connection is lost: those that are kept are
    few, and are for who comes back.

    To be called from the server's own loop.
    """
    with suppress(AttributeError, RuntimeError, KeyError):
        kept = runtime.get_instance()._session_mgr._session_storage._cache  # type: ignore[attr-defined]
        for session in [each for each in list(kept) if each not in _HOLDERS]:
            kept.pop(session).session.shutdown()


def end_those_gone() -> None:
    """Drop sessions whose browser did not come back in time; Streamlit does when the next one leaves.

    To be called from the server's own loop.
    """
    with suppress(AttributeError, RuntimeError):
        runtime.get_instance()._session_mgr._session_storage._cache.expire()  # type: ignore[attr-defined]
