"""What several test modules share."""

from __future__ import annotations

import atexit
import csv
import os
import shutil
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings
from xdist.scheduler import LoadScopeScheduling

from cim_core import intake
from cim_core.data import shipped
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Placements, place
from cim_core.rules import rulebook_file
from tests.postgres import postgres as postgres  # a fixture

ROOT = Path(__file__).parent.parent
os.environ["CIM_DATA"] = tempfile.mkdtemp(prefix="cim-store-")
atexit.register(shutil.rmtree, os.environ["CIM_DATA"], ignore_errors=True)
"""No test writes into a person's own store."""


def pytest_configure(config: pytest.Config) -> None:
    """The gate draws the same examples each time, so that it judges a change; the long checks draw others.

    No example has a deadline: speed is for the benchmarks.
    """
    settings.register_profile("gate", derandomize=True, deadline=None)
    settings.register_profile("long", deadline=None)
    settings.load_profile("gate" if "not full" in str(config.getoption("markexpr", "")) else "long")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser tests begin, as they take longest.

    Coverage is what single examples reach: properties, which run the same lines hundreds of times, and pages
    are left out of it, for being counted they would take nearly twice as long.
    """
    items.sort(key=lambda item: "e2e" not in item.path.parts)
    for item in items:
        if {"ui", "e2e"} & {*item.path.parts} or is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.no_cover)


class TwoForBrowsers(LoadScopeScheduling):  # type: ignore[misc]
    """The browser tests of a worker share one server: two workers take half of them each, as they mostly wait
    for the browser; the others go file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return f"browser-{self._half(file)}" if "/e2e/" in file else file

    def _half(self, file: str) -> int:
        """Which of two groups a file of browser tests is in: each goes to the one that has fewer tests."""
        each = Counter(name for one in self.collection or () if "/e2e/" in (name := one.partition("::")[0]))
        sizes = [0, 0]
        for name, tests in each.most_common():
            half = sizes.index(min(sizes))
            sizes[half] += tests
            if name == file:
                return half
        return 0


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> TwoForBrowsers:
    """How the tests are shared out among workers."""
    return TwoForBrowsers(config, log)


def whole_rulebook(rulebook: str = rulebook_file.DEFAULT) -> str:
    """A shipped rulebook as one text, with everything that it takes from elsewhere."""
    return rulebook_file.dumps(rulebook_file.read_raw(rulebook)[0])


def in_long_checks(*values: object) -> list[object]:
    """Values of a parameter that are only tried in the long checks."""
    return [pytest.param(one, marks=pytest.mark.full) for one in values]


RULEBOOKS = [rulebook_file.DEFAULT, *in_long_checks(*rulebook_file.available()[1:])]
"""The shipped rulebooks for what takes long with each: all but the default one only in the long checks."""


def in_gate() -> bool:
    """Whether only the gate is run, and not the long checks."""
    return settings.get_current_profile_name() != "long"


def examples(most: int) -> int:
    """How many examples a property is tried with: a tenth of the most in the gate, all in the long checks."""
    return max(most // 10, 5) if in_gate() else most


@cache
def sample_placements(rulebook: str = rulebook_file.DEFAULT) -> Placements:
    """The invented SELPA placed against the shipped reference."""
    files = [intake.open_path(ROOT / "sample_data" / f"invented_{name}.csv") for name in ("selpa", "counts")]
    dataset = checked_files.read_all([one for one in files if isinstance(one, intake.Upload)]).dataset
    return place(dataset, rulebook_file.load(rulebook), reference.shipped())


def state_years(years: tuple[str, ...], path: Path) -> Path:
    """The shipped statewide file with some of its years only, written to `path`."""
    header, *lines = shipped.STATEWIDE.read_text("utf-8").splitlines(keepends=True)
    at = header.rstrip("\n").split(",").index("school_year")
    kept = [line for line in csv.reader(lines) if line[at] in years]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header.rstrip("\r\n").split(","), *kept])
    return path
