"""Results that are remembered as long as the object lives that they are about, and no longer."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")


def with_its_first(work: Callable[Concatenate[A, P], T]) -> Callable[Concatenate[A, P], T]:
    """A function whose results are kept by its arguments while the first one (a dataset, placements) is used.

    The result must not hold that object, or neither ever leaves; the other arguments must be hashable.
    """
    found: WeakKeyDictionary[A, dict[Hashable, T]] = WeakKeyDictionary()
    lock = Lock()

    @wraps(work)
    def remembered(about: A, /, *args: P.args, **given: P.kwargs) -> T:
        key = (args, tuple(sorted(given.items())))
        with lock:
            own = found.setdefault(about, {})
        if key not in own:
            own[key] = work(about, *args, **given)
        return own[key]

    return remembered
