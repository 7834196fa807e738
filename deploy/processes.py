"""Programs that are kept running: each with a log, begun again when it ends, ended when asked."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from deploy.settings import ROOT

_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG (source: linux/prctl.h)."""
_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None
_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY = 0.5, 30.0, 60.0
"""Seconds before a program is begun again: more each time, until it has run for a while."""
_MOST_LOG = 10 * 2**20
"""Bytes of a log that is put aside at the next start."""
LONGEST_END = 15.0
"""Seconds that a program may take to end before it is made to."""


@dataclass
class Program:
    """One program. `ends_by`: the signal that asks it to end; `as_user`: whom it runs as, for Popen.

    It ends with the thread that begins it: on Linux also where that is killed.
    """

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str]
    ends_by: signal.Signals = signal.SIGTERM
    as_user: Mapping[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    again_at: float = 0.0
    _begun: float = 0.0
    _pause: float = _FIRST_PAUSE

    def begin(self) -> None:
        """Begin it. Raises OSError where it cannot be."""
        put_aside(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command), cwd=self.folder, env=dict(self.environment), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, preexec_fn=self._ends_with_parent,
                **self.as_user,
            )  # fmt: skip
        self._begun, self.again_at = monotonic(), 0.0

    def _ends_with_parent(self) -> None:
        if _LIBRARY is not None:
            _LIBRARY.prctl(_DIE_WITH_PARENT, self.ends_by)

    @property
    def pid(self) -> int:
        """Its number; 0 where it does not run."""
        return self.process.pid if self.process is not None else 0

    def code(self) -> int | None:
        """The exit code, once it has ended."""
        return None if self.process is None else self.process.poll()

    def plan(self) -> float:
        """It has ended: what it has left behind is ended too. In how many seconds it shall begin again."""
        self._end_rest()
        if monotonic() - self._begun > _STEADY:
            self._pause = _FIRST_PAUSE
        self.process = None
        pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
        self.again_at = monotonic() + pause
        return pause

    def ask_to_end(self) -> None:
        """Ask it to end, and do not wait for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.ends_by)

    def end(self) -> None:
        """End it, and whatever it has begun."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.ask_to_end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(LONGEST_END)
        self._end_rest()
        self.process.wait()
        self.process = None

    def _end_rest(self) -> None:
        """Its group has its number: workers of nginx would keep the port, readers of files their memory."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def said(self) -> str:
        """The last line of its log."""
        with contextlib.suppress(OSError):
            lines = self.log.read_bytes()[-4_000:].decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else ""
        return ""


def become(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become another program, in the project's folder; never comes back."""
    os.chdir(ROOT)
    os.execve(command[0], list(command), dict(environment))


def put_aside(log: Path) -> None:
    """A log that has become large has another name from now on; one that was so before is gone."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > _MOST_LOG:
            log.replace(log.with_suffix(".old"))
    log.touch(0o600)


def run_as(*names: str) -> dict[str, Any]:
    """Whom a program runs as that the administrator starts, for Popen: the first of some users that there is,
    else nobody. Nothing for any other user."""
    if os.geteuid() != 0:
        return {}
    import pwd

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    taken = next(known[name] for name in (*names, "nobody") if name in known)
    return {"user": taken.pw_uid, "group": taken.pw_gid, "extra_groups": []}


def can_reach(folder: Path, as_user: Mapping[str, Any]) -> bool:
    """Whether a user gets into a folder, whose parents may be closed to it."""
    words = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    return not subprocess.run(words, check=False, capture_output=True, **as_user).returncode
