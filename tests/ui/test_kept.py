"""What is kept between clicks: bounded in bytes, made once, never after a failure."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import numpy as np
import pytest

from ui.shared.kept import KeptResults, size_of

MEGABYTE = 2**20


def large(megabytes: int) -> np.ndarray:
    return np.zeros(megabytes * MEGABYTE, np.uint8)


def test_what_was_used_longest_ago_leaves_first():
    kept = KeptResults(3 * MEGABYTE + 10_000)
    for name in "abc":
        kept.get(name, lambda: large(1))
    kept.get("a", lambda: pytest.fail("it is there"))
    kept.get("d", lambda: large(1))
    made = []
    kept.get("b", lambda: made.append(1))
    assert made and kept.size < 4 * MEGABYTE
    kept.get("a", lambda: pytest.fail("it was used"))


def test_one_that_is_larger_than_all_room_is_kept_alone():
    kept = KeptResults(MEGABYTE)
    kept.get("small", lambda: 1)
    kept.get("large", lambda: large(5))
    kept.get("large", lambda: pytest.fail("it is there"))
    assert kept.get("small", lambda: 2) == 2


def test_several_that_want_the_same_make_it_once():
    kept, go, made = KeptResults(MEGABYTE), Event(), []

    def make() -> int:
        made.append(1)
        go.wait(10)
        return 7

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(kept.get, "x", make) for _ in range(3)]
        go.set()
        assert [one.result() for one in asked] == [7, 7, 7]
    assert made == [1]


def test_a_failure_is_not_kept():
    kept = KeptResults(MEGABYTE)
    with pytest.raises(ZeroDivisionError):
        kept.get("x", lambda: 1 / 0)
    assert kept.get("x", lambda: 3) == 3


def test_work_that_goes_on_is_measured_when_it_is_done():
    kept, work = KeptResults(10 * MEGABYTE), Future()
    assert kept.get("x", lambda: work) is work
    before = kept.size
    work.set_result(large(2))
    assert before == 0 and kept.size > 2 * MEGABYTE


def test_sizes_count_shared_arrays_once():
    @dataclass
    class Two:
        one: np.ndarray
        other: np.ndarray

    array = large(1)
    assert MEGABYTE < size_of(Two(array, array), set()) < MEGABYTE + 1_000
    assert 2 * MEGABYTE < size_of({"a": [large(1)], "b": (large(1),)}, set()) < 2 * MEGABYTE + 2_000


def test_who_waits_for_one_that_leaves_off_makes_it():
    kept, begun, go = KeptResults(MEGABYTE), Event(), Event()

    def leaves() -> int:
        begun.set()
        go.wait(10)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get, "x", leaves)
        begun.wait(10)
        second = threads.submit(kept.get, "x", lambda: 5)
        go.set()
        assert second.result() == 5
        assert isinstance(first.exception(), KeyboardInterrupt)


def test_nobody_waits_for_a_peek():
    kept = KeptResults(MEGABYTE)
    assert kept.peek("x") is None
    kept.get("x", lambda: 5)
    assert kept.peek("x") == 5


def test_what_nobody_uses_is_let_go():
    now = [0.0]
    kept = KeptResults(5 * MEGABYTE, clock=lambda: now[0])
    kept.get("old", lambda: large(1))
    now[0] = 50.0
    kept.get("new", lambda: large(2))
    now[0] = 100.0
    assert kept.let_go(60) > MEGABYTE and kept.peek("old") is None
    assert kept.peek("new") is not None and kept.size < 3 * MEGABYTE
    now[0] = 170.0
    kept.peek("new")
    assert kept.let_go(60) == 0


def test_of_very_many_things_some_are_looked_at():
    texts = [f"{at:1000}" for at in range(5_000)]
    numbered = {f"{at:1000}": f"{at:1000}" for at in range(5_000)}
    for whole, size in ((texts, 5), (tuple(texts), 5), (set(texts), 5), (numbered, 10)):
        assert size * 10**6 < size_of(whole, set()) < 1.1 * size * 10**6
    size_of([Looked() for _ in range(5_000)], set())
    assert 0 < Looked.times < 2_000


class Looked:
    """Something that notices how often it is looked at."""

    times = 0

    @property  # type: ignore[misc]
    def __class__(self):
        Looked.times += 1
        return Looked
