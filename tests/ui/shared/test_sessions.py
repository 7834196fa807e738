"""What is asked of Streamlit's inside is there."""

from __future__ import annotations

from types import SimpleNamespace

from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ui.shared import sessions


def test_the_bytes_of_an_upload_are_dropped(monkeypatch):
    files = MemoryUploadedFileManager("/upload")
    files.add_file("visit", UploadedFileRec("one", "a.csv", "text/csv", b"x" * 1_000))
    context = SimpleNamespace(uploaded_file_mgr=files, session_id="visit")
    monkeypatch.setattr(sessions, "get_script_run_ctx", lambda: context)
    sessions.let_go_of([SimpleNamespace(file_id="one"), SimpleNamespace(file_id="gone")])
    assert files.get_files("visit", ["one"]) == []
    monkeypatch.setattr(sessions, "get_script_run_ctx", lambda: None)
    sessions.let_go_of([SimpleNamespace(file_id="one")])


def test_sessions_that_are_over_are_ended(monkeypatch):
    now = [0.0]
    storage = MemorySessionStorage(ttl_seconds=120)
    storage._cache._timer = lambda: now[0]
    storage._cache["gone"] = "a session"
    inside = SimpleNamespace(_session_mgr=SimpleNamespace(_session_storage=storage))
    monkeypatch.setattr(runtime, "get_instance", lambda: inside)
    sessions.end_those_gone()
    assert "gone" in storage._cache._data
    now[0] = 121.0
    sessions.end_those_gone()
    assert "gone" not in storage._cache._data


def test_without_a_server_nothing_happens(monkeypatch):
    def none():
        raise RuntimeError

    monkeypatch.setattr(runtime, "get_instance", none)
    sessions.end_those_gone()
