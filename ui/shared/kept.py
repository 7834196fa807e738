"""Results that are kept between clicks, bounded in bytes: what was used longest ago leaves first.

In shared mode each person's are their own: nobody can tell by what is there, or how fast it comes, what
somebody else has opened, and nobody pushes out what others use.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import signature
from itertools import islice
from threading import Lock
from time import monotonic
from typing import Any, ParamSpec, TypeVar

import numpy as np
import streamlit as st

from ui.shared import identity

P = ParamSpec("P")
T = TypeVar("T")
MOST = 400 * 2**20
"""Bytes of all results together."""
MOST_EACH = 100 * 2**20
"""Bytes of one person's results in shared mode."""
_LOOKED_AT = 100
_OBJECT = 64
"""Bytes of a small object, roughly."""


@dataclass(slots=True)
class _Entry:
    """A result, or what will be one: when it was last used, whose it is, its size in bytes once that is
    known."""

    future: Future[Any]
    used: float
    owner: str
    size: int = 0


class KeptResults:
    """Results by key, together at most `most` bytes, `each` of one owner; several threads that want the same
    make it once."""

    def __init__(self, most: int, clock: Callable[[], float] = monotonic, each: int | None = None) -> None:
        self.most, self.each = most, most if each is None else each
        self._clock = clock
        self._lock = Lock()
        self._found: OrderedDict[Hashable, _Entry] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T], owner: str = "") -> T:
        """An owner's result under a key, made if it is not there. Raises what `make` raises; it is not kept.

        Whoever waits for another thread that leaves off (its visitor went elsewhere) makes it then.
        """
        key = owner, key
        while True:
            with self._lock:
                held = self._used(key)
                if held is None:
                    mine: Future[Any] = Future()
                    self._found[key] = _Entry(mine, self._clock(), owner)
                    break
            left = held.exception()
            if left is None or isinstance(left, Exception):
                there: T = held.result()
                return there
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                self._found.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(made)
        if isinstance(made, Future):
            made.add_done_callback(lambda done: self._measured(key, done))
        else:
            self._measured(key, mine)
        return made

    def peek(self, key: Hashable, owner: str = "") -> Any | None:
        """An owner's result under a key if it is made already; nobody waits for it."""
        with self._lock:
            held = self._used((owner, key))
        return held.result() if held is not None and held.done() and held.exception() is None else None

    def let_go(self, unused: float) -> int:
        """Forget what nobody has used for so many seconds; returns how many bytes that were."""
        with self._lock:
            least = self._clock() - unused
            old = [key for key, one in self._found.items() if one.used <= least and one.future.done()]
            return sum(self._found.pop(key).size for key in old)

    def _used(self, key: Hashable) -> Future[Any] | None:
        held = self._found.get(key)
        if held is None:
            return None
        held.used = self._clock()
        self._found.move_to_end(key)
        return held.future

    def _measured(self, key: Hashable, done: Future[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        size = size_of(done.result(), set())
        with self._lock:
            if key in self._found:
                self._found[key].size = size
                self._make_room(self._found[key].owner)

    @property
    def size(self) -> int:
        """Bytes of everything kept."""
        with self._lock:
            return sum(one.size for one in self._found.values())

    def clear(self, owner: str | None = None) -> None:
        """Keep nothing any longer, of an owner or of all."""
        with self._lock:
            for key in [key for key, one in self._found.items() if owner in (None, one.owner)]:
                del self._found[key]

    def _make_room(self, owner: str) -> None:
        own = [key for key, one in self._found.items() if one.owner == owner]
        self._let_oldest_go(own, self.each)
        self._let_oldest_go(list(self._found), self.most)

    def _let_oldest_go(self, keys: list[Hashable], most: int) -> None:
        size = sum(self._found[key].size for key in keys)
        for key in keys[:-1]:
            if size <= most:
                return
            size -= self._found.pop(key).size


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """A function whose results are kept by its arguments; those named with `_` do not count."""
    named = list(signature(work).parameters)

    @wraps(work)
    def found(*args: P.args, **given: P.kwargs) -> T:
        every = dict(zip(named, args, strict=False)) | given
        key = tuple(value for name, value in every.items() if not name.startswith("_"))
        return mine((work.__module__, work.__qualname__, *key), lambda: work(*args, **given))

    return found


FOR_WHOM: ContextVar[str] = ContextVar("for_whom", default="")
"""For whom a thread works that knows of no visit itself: one that reads files."""


def mine(key: Hashable, make: Callable[[], T]) -> T:
    """The result under a key of who is looking, or for whom a file is read."""
    return kept_results().get(key, make, identity.person() or FOR_WHOM.get())


def peek(key: Hashable) -> Any | None:
    """The same if it is made already."""
    return kept_results().peek(key, identity.person())


def forget() -> None:
    """Keep nothing any longer, of anybody: colleagues may look at what has changed."""
    kept_results().clear()


@st.cache_resource(show_spinner=False)
def kept_results() -> KeptResults:
    """The results that this process keeps."""
    return KeptResults(MOST, each=MOST_EACH if identity.is_shared() else None)


def size_of(value: object, seen: set[int]) -> int:
    """About how many bytes an object holds, arrays and texts within it counted once.

    Of many things in a row some are looked at: walking through all of a file's problems took longer than
    finding them.
    """
    if id(value) in seen or value is None:
        return 0
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        return value.nbytes + _OBJECT
    if isinstance(value, (str, bytes)):
        return len(value) + _OBJECT
    if is_dataclass(value) and not isinstance(value, type):
        return _OBJECT + sum(size_of(getattr(value, one.name), seen) for one in fields(value))
    if isinstance(value, Mapping):
        return _OBJECT + sum(_of_all(each, len(value), seen) for each in (value.keys(), value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return _OBJECT + _of_all(value, len(value), seen)
    return _OBJECT


def _of_all(each: Iterable[object], count: int, seen: set[int]) -> int:
    """What things in a row hold together, by `_LOOKED_AT` of them where they are more."""
    if count <= _LOOKED_AT:
        return sum(size_of(value, seen) for value in each)
    some = islice(each, 0, None, count // _LOOKED_AT)
    sizes = [size_of(value, seen) for value in some]
    return sum(sizes) * count // len(sizes)
