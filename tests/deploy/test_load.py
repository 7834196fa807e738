"""Fifty people at once, and one process that is killed: no error, nothing mixed, nothing lost."""

from __future__ import annotations

import pytest

from benchmarks import sessions

pytestmark = pytest.mark.full


def test_fifty_people_for_two_minutes_while_one_process_is_killed():
    found = sessions.measure()
    sessions.show(found, sessions.SECONDS, sessions.SESSIONS)
    assert found.errors == [] and found.mixed == [] and found.lost == []
    assert len(found.took) > 200 and found.saves > 5 and found.elsewhere > 10
    assert found.killed and found.reloads and found.own > 100
