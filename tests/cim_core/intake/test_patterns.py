"""No pattern that meets the text of an upload may backtrack: whatever the text, it takes next to no time."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cim_core.intake import pattern_texts
from tests.conftest import in_gate

_ROOT = Path(__file__).parents[3]
_SECONDS = 900
"""Some 40 seconds of processor time; a pattern that never ends is killed with the process."""


@pytest.mark.full
def test_no_pattern_backtracks():
    told = subprocess.run(
        [sys.executable, "-m", "tests.cim_core.intake.patterns", *(["few"] if in_gate() else [])],
        cwd=_ROOT, capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    assert told.returncode in (0, 1) and not told.stderr, told.stderr[-2_000:]
    counted, *slow = told.stdout.split("\n")
    assert not list(filter(None, slow)), "\n".join(slow)
    assert int(counted.removesuffix(" patterns")) > 200


def test_the_texts_are_of_the_letters_of_the_pattern():
    pattern = re.compile(r"year[ _]*(?:ab|cd)+x")
    texts = pattern_texts.of(pattern, 100)
    assert {before + piece for before, piece in texts} & {"year ", "year_"}
    assert {piece for _, piece in texts} & {"ab", "cd"} and ("", "year") in texts
    assert texts == pattern_texts.of(pattern, 100)
