"""No function is more complex than 15 as radon counts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from radon.complexity import cc_visit

ROOT = Path(__file__).parent.parent
FOLDERS = ("cim_core", "deploy", "ui", "pages", "sample_data", "docs", "benchmarks", "tests")
MOST = 15


def functions(blocks: Iterable[Any]) -> Iterator[Any]:
    """Every function and method, and those inside of them."""
    for block in blocks:
        if type(block).__name__ == "Function":
            yield block
        yield from functions(getattr(block, "closures", ()))


def test_no_function_is_too_complex():
    folders = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))
    found = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": function.complexity
        for path in (ROOT / "app.py", ROOT / "run.py", *folders)
        for function in functions(cc_visit(path.read_text("utf-8")))
        if function.complexity > MOST
    }
    assert found == {}
