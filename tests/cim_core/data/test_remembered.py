"""Results live as long as what they are about."""

from __future__ import annotations

import gc
import weakref

from cim_core.data.remembered import with_its_first


class Thing:
    pass


def test_a_result_is_made_once_for_its_arguments_and_leaves_with_its_object():
    made = []

    @with_its_first
    def work(about: Thing, number: int) -> Thing:
        made.append(number)
        return Thing()

    one, other = Thing(), Thing()
    kept = weakref.ref(work(one, 1))
    assert work(one, 1) is kept() and work(one, 2) is not kept() and work(other, 1) is not kept()
    assert made == [1, 2, 1]
    del one
    gc.collect()
    assert kept() is None
