"""The starter: wrong words are refused, a taken port is passed by, nothing is installed twice."""

from __future__ import annotations

import hashlib
import socket

import pytest

import run


@pytest.mark.parametrize("words", [["serve"], ["test", "--fast"], ["bench", "now"], ["app", "x"]])
def test_a_word_that_is_no_command_prints_the_help(words, capsys):
    assert run.main(words) == 2
    assert "python3 run.py test" in capsys.readouterr().err


def test_a_taken_port_is_passed_by(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(run, "FIRST_PORT", taken.getsockname()[1])
        assert run.free_port() > taken.getsockname()[1]


def test_nothing_is_installed_twice(monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("nothing\n", "utf-8")
    (tmp_path / ".venv").mkdir()
    python = tmp_path / ".venv" / "python"
    python.touch()
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", python)
    monkeypatch.setattr(run, "run", lambda *command: commands.append(command) or 0)
    run.install("requirements.txt")
    run.install("requirements.txt")
    assert len(commands) == 1
    stamp = (tmp_path / ".venv" / "installed-requirements").read_text("utf-8")
    assert stamp == hashlib.sha256(b"nothing\n").hexdigest()


def test_a_failed_check_fails_the_run(monkeypatch):
    monkeypatch.setattr(run, "find_chromium", lambda: None)
    monkeypatch.setattr(run, "run", lambda *command: int("mypy" in command))
    assert run.test(full=False) == 1
    monkeypatch.setattr(run, "run", lambda *command: 0)
    assert run.test(full=False) == 0
