"""The documents are made from the code and stay true to it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import make

ROOT = Path(__file__).parent.parent
MARKDOWN = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def test_what_you_can_upload_is_made_from_the_readers():
    assert make.PATH.read_text("utf-8") == make.page(), "run: python -m docs.make"


def test_the_example_of_the_readme_places_a_file():
    example = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert example is not None
    run = [sys.executable, "-c", example[1]]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 72 and any(line.endswith("2024-25 Intensive") for line in lines)


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page):
    for named in re.findall(
        r"(?<![\w/])((?:cim_core|ui|pages|tests|benchmarks|docs)/[\w./-]+\.(?:py|toml|md|csv))",
        page.read_text("utf-8"),
    ):
        assert (ROOT / named).exists(), named
    for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link
