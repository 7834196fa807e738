"""While a file is read that takes long, everybody else goes on; one that is too costly is said once."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cim_core.data.indicators import INDICATORS, Unit
from tests import hostile
from tests.e2e.conftest import ROOT, serve, settle, visit
from tests.e2e.test_uploads import give

pytestmark = pytest.mark.e2e

CODES = [one.code for one in INDICATORS if one.unit is Unit.PERCENT]
PAIRS = ",".join(f"{one.code},{one.code}_d" for one in INDICATORS if one.unit is Unit.PERCENT)
LONG = f"lea_code,year,{PAIRS}\n".encode() + b"".join(
    f"{9_000_000 + at % 2_500},{2014 + at // 2_500}-{15 + at // 2_500}".encode()
    + f",{at % 1000 / 10},{at}".encode() * PAIRS.count("_d")
    + b"\n"
    for at in range(24_900)
)
"""As much as the limits let in, each numerator to be worked out from its rate."""
STRICT = """
import functools
from cim_core.placing import apart
apart.Limits = functools.partial(apart.Limits, processor=2, deadline=10)
"""
"""Run when the server starts: so little time that the long file takes too much."""


class Health:
    """Asks a server again and again whether it is there."""

    def __init__(self, address: str) -> None:
        self.address, self.over = address, threading.Event()
        self.took: list[float] = []
        self.failed: list[str] = []
        self.thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Health:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()

    def _ask(self) -> None:
        while not self.over.wait(0.05):
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=30) as reply:
                    assert reply.status == 200
            except (OSError, AssertionError) as error:
                self.failed.append(repr(error))
            self.took.append(time.perf_counter() - start)


@pytest.fixture(scope="module")
def strict(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("strict")
    (folder / "sitecustomize.py").write_text(STRICT, "utf-8")
    with serve(PYTHONPATH=f"{folder}:{ROOT}") as address:
        yield address


@pytest.mark.full
def test_others_go_on_while_a_file_is_read_that_takes_long(page: Page, server: str, browser: Browser):
    visit(page, f"{server}/data")
    other = browser.new_page()
    visit(other, f"{server}/region?data=sample")
    with Health(server) as health:
        give(page, "long.csv", LONG)
        expect(page.get_by_text("The file is being read")).to_be_visible(timeout=30_000)
        other.reload()
        settle(other)
        expect(other.locator("h1")).to_be_visible()
        other.get_by_role("link", name="Madrone").first.click()
        expect(other.locator("h1")).to_have_text("Madrone Union High", timeout=30_000)
        assert other.locator("[data-testid=stException]").count() == 0
        expect(page.get_by_text("The file is being read")).to_be_visible()
    assert health.took and not health.failed
    other.close()


@pytest.mark.full
def test_a_file_that_is_too_costly_is_one_plain_problem_and_the_app_goes_on(page: Page, strict: str):
    visit(page, f"{strict}/data")
    with Health(strict) as health:
        give(page, "long.csv", LONG)
        refused = page.get_by_text("Too costly to read")
        expect(refused).to_have_count(1, timeout=60_000)
        settle(page)
        assert page.locator("[data-testid=stException]").count() == 0
        page.get_by_role("link", name="Back to files").click()
        page.locator(".st-key-open_sample button").click()
        expect(page.locator("h1")).to_contain_text("LEAs were read", timeout=30_000)
    assert health.took and not health.failed


@pytest.mark.full
def test_how_long_the_server_takes_to_answer_while_hostile_files_are_read(page: Page, server: str):
    some = [one for one in hostile.chosen(300) if one.kind in ("zip", "xlsx", "ods", "xls", "noise", "many")][
        ::6
    ]
    visit(page, f"{server}/data")
    with Health(server) as health:
        for number, case in enumerate(some):
            give(page, f"{number}.{case.file.rpartition('.')[2]}", case.make())
            settle(page)
            assert page.locator("[data-testid=stException]").count() == 0, case.id
    print(
        f"\n{len(some)} hostile files: longest reply {1000 * max(health.took):.0f} ms of {len(health.took)}"
    )
    assert health.took and not health.failed
