"""With the gate masked, no number about students is left anywhere: pages, charts, downloads, problems."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import numpy as np
import pytest

from cim_core.data.data_edits import DataEdit
from cim_core.data.dataset import Dataset
from cim_core.export import texts
from cim_core.placing import checked_files
from cim_core.rules import rulebook_file
from cim_core.whatif import scenario
from cim_core.words.disclosure import WORKING, Disclosure
from tests.changes import changes
from tests.ui.sent import SAMPLES, everything, explained, own, texts_of
from tests.ui.test_pages import FOLDED, app, fine, upload
from ui.shared.kept import kept_results

TIMES = 137
"""Counts of the sample times this are like no year, threshold, row or number of LEAs."""
HIDDEN = "▒"
LEAST = 3_000
"""Smaller numbers are as many LEAs, rows, percents or years just as well."""


def larger(file: str) -> bytes:
    """A file of the sample with every count of students larger, so that none of them can be anything else."""
    read = csv.DictReader(io.StringIO((SAMPLES / file).read_text("utf-8")))
    lines = [
        {
            name: str(int(value) * TIMES) if counts(name) and value.isdigit() else value
            for name, value in line.items()
        }
        for line in read
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def counts(column: str) -> bool:
    return column.endswith(("_n", "_d")) or column in ("swd", "cell", "total")


FILES = {name: larger(name) for name in ("invented_selpa.csv", "invented_counts.csv")}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    uploads = [checked_files.Upload(name, content) for name, content in FILES.items()]
    return checked_files.read_all(uploads).dataset


@pytest.fixture(scope="module")
def secret(dataset: Dataset) -> re.Pattern[str]:
    """Every count and every rate with decimals in the files, as it would be written."""
    numbers = np.concatenate([dataset.numerator.ravel(), dataset.denominator.ravel(), dataset.swd])
    assert dataset.counts is not None
    numbers = np.concatenate([numbers, dataset.counts.cell.ravel(), dataset.counts.total.ravel()])
    whole = {int(number) for number in np.unique(numbers) if number >= LEAST}
    written = {f"{number}" for number in whole} | {f"{number:,}" for number in whole}
    rates = dataset.value[dataset.missing == 0]
    shown = [rate for rate in rates.tolist() if round(rate * 100) % 10 and rate > 10]
    targets = {str(one.value) for one in rulebook_file.load().targets}
    written |= {f"{rate:.2f}" for rate in shown}
    written |= {f"{tenths}%" for rate in shown if (tenths := f"{rate:.1f}") not in targets}
    return re.compile(rf"(?<![\d.,])(?:{'|'.join(map(re.escape, sorted(written)))})(?![\d]|[.,]\d)")


@pytest.fixture
def masked(monkeypatch):
    """The gate lets nothing about students through; results of before are forgotten."""
    kept_results().clear()
    monkeypatch.setattr(Disclosure, "number", lambda self, quantity: HIDDEN)
    monkeypatch.setattr(Disclosure, "bare", lambda self, quantity, decimals=None: HIDDEN)
    monkeypatch.setattr(Disclosure, "value", lambda self, quantity: None)
    monkeypatch.setattr(Disclosure, "of_file", lambda self, text: re.sub(r"\d", HIDDEN, text))
    yield
    kept_results().clear()


def opened():
    at = app(lea="9910112")
    for name, content in FILES.items():
        upload(at, name, content)
    return at


def hits(secret: re.Pattern[str], texts: list[str]) -> list[str]:
    """Where a secret number stands, with what is around it."""
    return [
        text[max(0, hit.start() - 60) : hit.end() + 30] for text in texts for hit in secret.finditer(text)
    ][:10]


def sent(at, downloads: dict[str, object]) -> list[str]:
    return [*everything(at), *(text for each in own(downloads).values() for text in texts_of(each))]


PAGES = ("start", "data", "region", "lea", "movement")


@pytest.mark.parametrize("page", PAGES)
def test_no_count_of_students_is_on_a_page_or_in_its_downloads(masked, downloads, secret, page):
    at = opened()
    downloads.clear()
    fine(at.switch_page(f"pages/{page}.py").run())
    found = sent(at, downloads)
    assert HIDDEN in "".join(found)
    assert not hits(secret, found)


SCENARIO = scenario.encode(
    scenario.Scenario(
        name="More is met",
        changes=changes({"clauses.level-2-missed.at_least": 6, "targets.5a.value": Decimal("40.0")}),
        edits=(DataEdit("9910112", "2024-25", "5b", 1_371, 61_102),),
    )
)


def test_no_count_of_students_is_in_any_part_of_what_if(masked, downloads, secret):
    at = opened()
    at.query_params["scenario"] = SCENARIO or ""
    at.session_state["at_scenario"] = SCENARIO
    downloads.clear()
    for name in FOLDED:
        at.session_state[name] = True
    fine(at.switch_page("pages/whatif.py").run())
    found = sent(at, downloads)
    assert HIDDEN in "".join(found) and "More is met" in "".join(found)
    assert not hits(secret, found)
    assert not re.search(r"(?<!\d)(1,?371|61,?102)(?!\d)", "".join(found))


def test_no_count_of_students_is_in_what_the_shell_explains(masked, secret, dataset):
    found = []
    for told in explained(dataset, WORKING, 12):
        found += [json.dumps(told, ensure_ascii=False), texts.text(told, WORKING)]
    assert not hits(secret, found)


def test_no_count_of_students_is_in_a_problem(masked, secret):
    damaged = FILES["invented_selpa.csv"].decode().splitlines()
    named = damaged[0].split(",").index("5a_n")
    lines = [damaged[0]]
    for line in damaged[1:]:
        cells = line.split(",")
        cells[named] = str(int(cells[named + 1] or 0) + 4_321)
        lines.append(",".join(cells))
    problems = checked_files.take("\n".join(lines).encode(), "damaged.csv").problems
    assert {one.kind for one in problems} >= {"more_than_all"}
    said = [problem.sentence(WORKING) for problem in problems]
    assert HIDDEN in "".join(said)
    assert not hits(secret, said)


def test_unmasked_the_same_search_finds_them(downloads, secret, dataset):
    at = opened()
    for page in ("region", "lea", "movement"):
        downloads.clear()
        fine(at.switch_page(f"pages/{page}.py").run())
        assert hits(secret, sent(at, downloads)), page


def lettered(content: bytes) -> bytes:
    """The same file with a letter for every LEA and year."""
    head, *lines = content.decode().splitlines()
    return "\n".join([f"{head},cde_placement", *(f"{line},Targeted Level 2" for line in lines)]).encode()


@pytest.mark.full
def test_no_count_of_students_is_in_what_is_said_of_assumptions(masked, downloads, secret):
    at = app()
    upload(at, "invented_selpa.csv", lettered(FILES["invented_selpa.csv"]))
    fine(at.switch_page("pages/letters.py").run())
    fine(at.button(key="reconcile_start").click().run())
    downloads.clear()
    fine(at.button(key="reconcile_pairs").click().run())
    found = sent(at, downloads)
    assert any("letters fit" in text for text in found) and HIDDEN in "".join(found)
    assert not hits(secret, found)
