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
import pickle
import signal
import sys
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from contextvars import copy_context
from dataclasses import dataclass, replace
from threading import Lock
from types import FrameType
from typing import Any, ParamSpec, Protocol, TypeVar

import pebble

from cim_core import intake
from cim_core.data.facts import Fact
from cim_core.intake import Intake
from cim_core.intake.assembly import opening
from cim_core.intake.assembly.opening import Opened, Upload
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.tying import mapping
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


class Remember(Protocol):
    """Gives what is kept under a key, made first where nothing is; what raises is not kept."""

    def __call__(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result."""


def _made_anew(key: Hashable, make: Callable[[], T]) -> T:
    return make()


_Ready = Upload | bytes
"""A file that was parsed, its rows to be read where they are joined; or its rows, packed by a worker."""


class Apart:
    """Workers for what comes from outside. Safe to use from several threads; `close` ends the workers.

    `remember` keeps what a file gave: its bytes are parsed once, its rows read once for each answer. It is
    asked in the context (`contextvars`) of who began the work.
    """

    def __init__(self, limits: Limits | None = None, remember: Remember = _made_anew) -> None:
        self.limits = limits or Limits()
        self._remember = remember
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

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a piece of work in a worker and wait for it. Raises TooCostlyError, and what the work raises.

        `work` is a function of a module, its arguments and result plain data.
        """
        future = self._schedule((self.limits.processor, work, args, kwargs))
        try:
            done: T = future.result()
        except (Overdue, MemoryError, pebble.ProcessExpired) as error:
            raise TooCostlyError from error
        return done

    def start_opening(self, upload: Upload) -> Future[Opened]:
        """Begin to parse an upload; the future raises TooCostlyError when that took too much.

        A future that is not `running()` yet waits for another one to end.
        """
        return self._threads.submit(copy_context().run, self.opened, upload)

    def opened(self, upload: Upload) -> Opened:
        """What parsing an upload gives. Raises TooCostlyError."""
        key = "opened", upload.digest, upload.file
        return self._remember(key, lambda: self.run(opening.opened, upload))

    def about_students(self, name: str, content: bytes) -> bool:
        """Whether a file is about single students; one that costs too much is not known to be."""
        try:
            return self.opened(Upload(name, content)).about_students
        except TooCostlyError:
            return False

    def start_reading(self, uploads: Sequence[Upload], facts: Iterable[Fact] = ()) -> Future[Intake]:
        """Begin to read several uploads into one dataset (`checked_files.read_all`).

        Where they cost too much together, each is read by itself, and those that cost too much are left out
        with a problem, so that one file never takes the others with it.
        """
        each = intake.named_apart(uploads)
        return self._threads.submit(copy_context().run, self._read, each, frozenset(facts))

    def _read(self, uploads: list[Upload], facts: frozenset[Fact]) -> Intake:
        files = [one.file for one in uploads]
        work = self.parsed if len(uploads) == 1 else self._rows
        ready = [_or_refused(one, self._attempt([one.file], work, one)) for one in uploads]
        found = self._attempt(files, self.run, _joined, ready, facts)
        if isinstance(found, Problem) and len(uploads) > 1:
            alone = [self._alone(one, rows, facts) for one, rows in zip(uploads, ready, strict=True)]
            if alone != ready:
                found = self._attempt(files, self.run, _joined, alone, facts)
        if isinstance(found, Problem):
            return _joined([_or_refused(one, found) for one in uploads])
        return found

    def _alone(self, upload: Upload, ready: _Ready, facts: frozenset[Fact]) -> _Ready:
        """A file that costs little enough by itself, else why it is left out."""
        found = self._attempt([upload.file], self.run, _joined, [ready], facts)
        return _or_refused(upload, found) if isinstance(found, Problem) else ready

    def parsed(self, upload: Upload) -> Upload:
        """An upload with what parsing it gave in place of its bytes."""
        return replace(upload, content=b"", opened=self.opened(upload))

    def _rows(self, upload: Upload) -> _Ready:
        """The rows of an upload, packed."""
        parsed = self.parsed(upload)
        tied = mapping.dumps(upload.mapping) if upload.mapping is not None else ""
        key = "rows", upload.digest, upload.file, tied, *sorted(upload.answers.items())
        return self._remember(key, lambda: self.run(_packed_rows, parsed))

    def _attempt(
        self, files: list[str], work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | Problem:
        """What comes of some files, or why nothing; what nobody foresaw goes to the log and is a problem."""
        try:
            return work(*args, **kwargs)
        except TooCostlyError:
            return too_costly(files[0])
        except Exception:
            _LOG.exception("Reading %s failed", files)
            return Problem(Severity.ERROR, "unforeseen", files[0])

    def close(self) -> None:
        """End the workers; what is being worked on is given up."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._threads.shutdown(wait=False, cancel_futures=True)


def too_costly(file: str) -> Problem:
    """The one problem of a file that took more than the limits allow."""
    return Problem(Severity.ERROR, "too_costly", file)


def _or_refused(upload: Upload, made: _Ready | Problem) -> _Ready:
    """What was made of an upload; it is not opened again where a problem came of it."""
    if not isinstance(made, Problem):
        return made
    refused = Opened(upload.digest, refused=replace(made, file=upload.file))
    return replace(upload, content=b"", opened=refused)


def _packed_rows(upload: Upload) -> bytes:
    with intake.without_collecting():
        return pickle.dumps(intake.read_rows(upload), pickle.HIGHEST_PROTOCOL)


def _joined(files: Sequence[_Ready], facts: Iterable[Fact] = ()) -> Intake:
    """One dataset of several files; the rows of those that were only parsed are read now."""
    rows = (pickle.loads(one) if isinstance(one, bytes) else intake.read_rows(one) for one in files)
    return checked_files.joined(rows, assumed_none=facts)


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
