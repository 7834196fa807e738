"""Programs that are kept running, and a PostgreSQL of our own."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

import run
from deploy import cluster, processes
from deploy.processes import Program
from deploy.settings import DeployError

SLEEPS = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]


def made(folder: Path, *command: str) -> Program:
    return Program("It", command or SLEEPS, folder, folder / "log", dict(os.environ))


def until(true) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not become so")


def test_it_begins_with_a_log_of_its_own_and_ends(tmp_path):
    program = made(tmp_path)
    program.begin()
    until(lambda: program.said() == "here")
    assert program.code() is None and program.pid and program.log.stat().st_mode & 0o777 == 0o600
    program.end()
    assert program.pid == 0 and program.code() is None
    program.end()


def test_one_that_does_not_want_to_end_is_made_to(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LONGEST_END", 0.1)
    stays = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
    )
    program = made(tmp_path, sys.executable, "-c", stays)
    program.begin()
    until(lambda: program.said() == "here")
    process = program.process
    program.end()
    assert process is not None and process.returncode == -signal.SIGKILL


def test_one_that_ends_again_and_again_waits_longer_each_time_and_leaves_nothing_behind(tmp_path):
    leaves = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    program = made(tmp_path, sys.executable, "-c", leaves)
    pauses = []
    for _ in range(8):
        program.begin()
        until(lambda: program.code() is not None)
        left = int(program.said())
        pauses.append(program.plan())
        until(lambda left=left: not is_running(left))
        assert program.again_at > time.monotonic() - 1
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


def is_running(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False


def test_a_large_log_is_put_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_MOST_LOG", 3)
    log = tmp_path / "app.log"
    log.write_text("long", "ascii")
    processes.put_aside(log)
    assert log.read_text("ascii") == "" and log.with_suffix(".old").read_text("ascii") == "long"
    processes.put_aside(log)
    assert log.with_suffix(".old").exists()


def test_without_postgresql_it_says_so(monkeypatch, data):
    monkeypatch.setattr(run, "postgresql", lambda: None)
    with pytest.raises(DeployError, match="apt install postgresql"):
        cluster.Cluster(data / "none", data)


def test_data_of_a_version_that_is_gone(data):
    (data / "old" / "data").mkdir(parents=True)
    (data / "old" / "data" / "PG_VERSION").write_text("9.6\n", "ascii")
    with pytest.raises(DeployError, match=r"PostgreSQL 9\.6, which is not installed any longer"):
        cluster.Cluster(data / "old", data)


def test_a_socket_has_a_short_path_wherever_the_data_are(data):
    near = cluster.Cluster(data / "near", data)
    assert near.socket == data / "near" / "socket" and "host=" in near.url()
    deep = data / ("d" * 100)
    far = cluster.Cluster(deep, data)
    assert len(str(far.socket / ".s.PGSQL.5432")) <= 107 and far.socket.stat().st_mode & 0o777 == 0o700
    far.remove_socket()
    assert not far.socket.exists()
    near.remove_socket()
    assert near.socket.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator has another user for it")
def test_a_folder_that_its_user_cannot_reach(data):
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DeployError, match="such as /srv/cim"):
        cluster.Cluster(closed / "postgres", data)
