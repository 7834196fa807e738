"""Work on files from outside in processes of their own: limited, at most two at a time, killed when too slow.

A file of some hundred bytes can take minutes or all memory, however carefully it is read, and would then
stop the app for everybody. So whatever opens an upload runs in a worker that is started once and kept; on
reaching a limit it is killed and replaced, and the caller gets `TooCostlyError`. Where the platform cannot
limit memory or processor time (Windows; memory on macOS), the deadline alone holds.

Method: `setrlimit(2)` in each worker, a deadline and a kill by `pebble.ProcessPool`.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from dataclasses import dataclass, replace
from threading import Lock
from types import FrameType
from typing import Any, ParamSpec, TypeVar

import pebble

from cim_core.data.facts import Fact
from cim_core.intake import Intake
from cim_core.intake.assembly.reading import Upload
from cim_core.intake.problems import Problem, Severity
from cim_core.placing import checked_files

P = ParamSpec("P")
T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_TASKS_EACH = 40
"""After so many tasks a worker is replaced, so that what it once took is given back."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take: bytes of address space, seconds of processor time, seconds in all.

    `at_once` pieces are worked on at the same time; others wait.
    """

    memory: int = 2 * 2**30
    processor: int = 30
    deadline: int = 60
    at_once: int = 2


class TooCostlyError(Exception):
    """The work took more than `Limits` allow."""


class Apart:
    """Workers for what comes from outside. Safe to use from several threads; `close` ends the workers."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = Lock()
        self._closed = False
        self._pool = self._workers()
        self._threads = ThreadPoolExecutor(self.limits.at_once, "apart")

    def _workers(self) -> pebble.ProcessPool:
        return pebble.ProcessPool(
            max_workers=self.limits.at_once,
            max_tasks=_TASKS_EACH,
            initializer=_limit,
            initargs=(self.limits.memory,),
            context=multiprocessing.get_context("spawn"),
        )

    def _schedule(self, given: tuple[Any, ...]) -> Any:
        """Hand work to a worker; a pool that has broken down, and takes no more, is replaced by a new one."""
        with self._lock:
            try:
                return self._pool.schedule(_within, args=given, timeout=self.limits.deadline)
            except RuntimeError:
                if self._closed:
                    raise
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool = self._workers()
                return self._pool.schedule(_within, args=given, timeout=self.limits.deadline)

    def start(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin a piece of work in a worker; the future raises TooCostlyError when it took too much.

        `work` is a function of a module, its arguments and result plain data. A future that is not
        `running()` yet waits for another one to end.
        """
        return self._threads.submit(lambda: self.run(work, *args, **kwargs))

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a piece of work in a worker and wait for it. Raises TooCostlyError, and what the work raises."""
        future = self._schedule((self.limits.processor, work, args, kwargs))
        try:
            done: T = future.result()
        except (Overdue, MemoryError, pebble.ProcessExpired) as error:
            raise TooCostlyError from error
        return done

    def start_reading(self, uploads: Sequence[Upload], facts: Iterable[Fact] = ()) -> Future[Intake]:
        """Begin to read several uploads into one dataset (`checked_files.read_all`).

        Where they cost too much together, each is read by itself, and those that cost too much are left out
        with a problem, so that one file never takes the others with it.
        """
        return self._threads.submit(self._read, list(uploads), frozenset(facts))

    def _read(self, uploads: list[Upload], facts: frozenset[Fact]) -> Intake:
        found = self._attempt(uploads, facts)
        if isinstance(found, Problem) and len(uploads) > 1:
            alone = [(one, self._attempt([one], facts)) for one in uploads]
            looked_at = [replace(one, refused=it) if isinstance(it, Problem) else one for one, it in alone]
            if looked_at != uploads:
                found = self._attempt(looked_at, facts)
        if isinstance(found, Problem):
            refused = [replace(one, refused=replace(found, file=one.file)) for one in uploads]
            return checked_files.read_all(refused)
        return found

    def _attempt(self, uploads: list[Upload], facts: frozenset[Fact]) -> Intake | Problem:
        """What a worker reads, or why it does not; what nobody foresaw goes to the log and is a problem."""
        try:
            return self.run(checked_files.read_all, uploads, assumed_none=facts)
        except TooCostlyError:
            return too_costly(uploads[0].file)
        except Exception:
            _LOG.exception("Reading %s failed", [one.file for one in uploads])
            return Problem(Severity.ERROR, "unforeseen", uploads[0].file)

    def close(self) -> None:
        """End the workers; what is being worked on is given up."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._threads.shutdown(wait=False, cancel_futures=True)


def too_costly(file: str) -> Problem:
    """The one problem of a file that took more than the limits allow."""
    return Problem(Severity.ERROR, "too_costly", file)


def _limit(memory: int) -> None:
    """Run in a new worker: bound its memory, and let processor time that is used up raise an error."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGXCPU, _used_up)


def give_back() -> None:
    """Give memory that is free back to the system, where its library for memory can (glibc)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _used_up(signal_number: int, frame: FrameType | None) -> None:
    raise MemoryError


def _within(seconds: int, work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Do a piece of work with so many seconds of processor time from now on."""
    if sys.platform == "win32":
        return work(*args, **kwargs)
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, most))
    try:
        return work(*args, **kwargs)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        give_back()
