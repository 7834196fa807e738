"""Files are read in workers that are killed and replaced when they take too much; others go on meanwhile."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from cim_core.intake.assembly import opening
from cim_core.intake.assembly.opening import Upload
from cim_core.placing import apart, checked_files
from cim_core.placing.apart import Apart, Limits, TooCostlyError

HOSTILE = Path(__file__).parents[2] / "fixtures" / "hostile"
SAMPLE = Path(__file__).parents[3] / "sample_data" / "invented_selpa.csv"
NEVER = pytest.mark.skipif(sys.platform == "win32", reason="no limits on Windows, only the deadline")


@pytest.fixture(scope="module")
def quick() -> Iterator[Apart]:
    workers = Apart(Limits(memory=2 * 2**30, processor=2, deadline=8))
    yield workers
    workers.close()


def busy() -> None:
    while True:
        pass


def until(path: str) -> int:
    """Wait for a file to appear."""
    while not Path(path).exists():
        time.sleep(0.02)
    return os.getpid()


def greedy(size: int) -> int:
    return len(bytearray(size))


def wrong() -> None:
    raise KeyError("x")


def is_bad(given: Upload | bytes) -> bool:
    if isinstance(given, bytes):
        return b"bad.csv" in given
    return given.file == "bad.csv" and (given.opened is None or given.opened.refused is None)


def test_what_a_worker_reads_is_what_is_read_here(quick):
    upload = Upload("sample.csv", SAMPLE.read_bytes())
    there, here = quick.start_reading([upload]).result(), checked_files.read_all([upload])
    assert there.problems == here.problems and there.files == here.files
    assert there.dataset.lea_key.tolist() == here.dataset.lea_key.tolist()
    assert (there.dataset.numerator == here.dataset.numerator).all()
    assert there.dataset.columns == here.dataset.columns


@NEVER
@pytest.mark.parametrize(("work", "given"), [(busy, ()), (greedy, (3 * 2**30,)), (until, ("/never",))])
def test_work_that_takes_too_much_ends_and_the_next_is_done(quick, work, given):
    with pytest.raises(TooCostlyError):
        quick.run(work, *given)
    assert quick.run(greedy, 10) == 10


def test_what_the_work_raises_is_raised(quick):
    with pytest.raises(KeyError):
        quick.run(wrong)


def test_the_third_waits_for_its_turn_and_says_so(quick, tmp_path):
    go = tmp_path / "go"
    running: list[Future[int]] = [quick._threads.submit(quick.run, until, str(go)) for _ in range(2)]
    third = quick._threads.submit(quick.run, greedy, 1)
    assert not third.running() and not third.done()
    go.touch()
    assert third.result() == 1 and all(one.result() for one in running)


@NEVER
@pytest.mark.parametrize("costly", [opening.opened, apart._packed_rows, apart._joined])
def test_one_file_that_costs_too_much_never_takes_the_others_with_it(quick, monkeypatch, costly):
    good = Upload("sample.csv", SAMPLE.read_bytes())
    real = Apart.run

    def run(self, work, *args, **kwargs):
        given = args[0] if work is apart._joined else args[:1]
        if work is costly and any(map(is_bad, given)):
            raise TooCostlyError
        return real(self, work, *args, **kwargs)

    monkeypatch.setattr(Apart, "run", run)
    found = quick.start_reading([good, Upload("bad.csv", b"a,b\n1,2\n")]).result()
    assert len(found.dataset) == 72 and len(found.files) == 2
    assert [one.kind for one in found.problems if one.file == "bad.csv"] == ["too_costly"]
    if costly is apart._packed_rows:
        return  # an only file is read where it is joined
    alone = quick.start_reading([Upload("bad.csv", b"a,b\n1,2\n")]).result()
    assert [one.kind for one in alone.problems] == ["too_costly"] and not len(alone.dataset)


def test_what_nobody_foresaw_is_a_plain_problem(quick, monkeypatch):
    monkeypatch.setattr(Apart, "run", lambda *given, **named: wrong())
    found = quick.start_reading([Upload("odd.csv", b"a,b\n1,2\n")]).result()
    assert [one.kind for one in found.problems] == ["unforeseen"]
    assert "log" in found.problems[0].sentence() and "Traceback" not in found.problems[0].sentence()


def test_workers_that_broke_down_are_replaced():
    workers = Apart(Limits(at_once=1))
    try:
        assert workers.run(os.getpid) != os.getpid()
        workers._pool.stop()
        workers._pool.join()
        assert workers.run(os.getpid) != os.getpid(), "a pool that takes no more work"
    finally:
        workers.close()
    with pytest.raises(RuntimeError):
        workers.run(os.getpid)
