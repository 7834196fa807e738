"""Results that are kept between clicks, bounded in bytes: what was used longest ago leaves first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import signature
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import numpy as np
import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")
MOST = 400 * 2**20
"""Bytes of all results together."""
_OBJECT = 64
"""Bytes of a small object, roughly."""


class Kept:
    """Results by key, together at most `most` bytes; several threads that want the same make it once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._found: OrderedDict[Hashable, tuple[Future[Any], int]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result under a key, made if it is not there. Raises what `make` raises; that is not kept."""
        with self._lock:
            held = self._found.get(key)
            if held is None:
                mine: Future[Any] = Future()
                self._found[key] = mine, 0
            else:
                self._found.move_to_end(key)
        if held is not None:
            there: T = held[0].result()
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

    def _measured(self, key: Hashable, done: Future[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        size = size_of(done.result(), set())
        with self._lock:
            if key in self._found:
                self._found[key] = self._found[key][0], size
            self._make_room()

    @property
    def size(self) -> int:
        """Bytes of everything kept."""
        with self._lock:
            return sum(size for _, size in self._found.values())

    def clear(self) -> None:
        """Keep nothing any longer."""
        with self._lock:
            self._found.clear()

    def _make_room(self) -> None:
        size = sum(each for _, each in self._found.values())
        while size > self.most and len(self._found) > 1:
            _, (_, each) = self._found.popitem(last=False)
            size -= each


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """A function whose results are kept by its arguments; those named with `_` do not count."""
    named = list(signature(work).parameters)

    @wraps(work)
    def found(*args: P.args, **given: P.kwargs) -> T:
        every = dict(zip(named, args, strict=False)) | given
        key = tuple(value for name, value in every.items() if not name.startswith("_"))
        return results().get((work.__module__, work.__qualname__, *key), lambda: work(*args, **given))

    return found


@st.cache_resource(show_spinner=False)
def results() -> Kept:
    """The results that this process keeps."""
    return Kept(MOST)


def size_of(value: object, seen: set[int]) -> int:
    """About how many bytes an object holds, arrays and texts within it counted once."""
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
        return _OBJECT + sum(size_of(key, seen) + size_of(each, seen) for key, each in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return _OBJECT + sum(size_of(each, seen) for each in value)
    return _OBJECT
