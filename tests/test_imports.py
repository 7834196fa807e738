"""The direction of imports: pages → ui → cim_core, and inside the core only from modules listed above."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = (
    "words", "outside", "writing", "remembered", "indicators", "measures", "arrays", "toml_table", "rulebook",
    "rulebook_file", "counts", "records", "cell_arrays", "dataset", "packed", "lea_types", "contradictions",
    "attainment",
    "risk_interval", "disproportionality",
    "disproportionality_words", "intake", "apart", "bundle",
    "printed_targets", "fill", "pools", "standing", "shift", "ranking", "reference", "findings",
    "outcome",
    "worlds",
    "supplied", "clause_groups", "placement", "settled", "field", "edits", "scenario", "thresholds",
    "comparison", "change_points", "walks", "sweep", "ready", "summary", "target_words", "rank_words",
    "clause_words", "rank_notes", "revision",
    "percentile_steps", "indicator_why", "explanation", "disclosure", "scenario_words", "margins", "levers",
    "exact_split", "ranked_change", "what_holds", "change_search", "edge_margins", "smallest_change",
    "base_rates", "exposure", "intervals", "certainty", "movement", "peers", "outlook_words",
    "closeness_words", "export", "disproportionality_export", "outlook_export", "explain_text",
    "marked_copy", "shell", "shell_options", "shell_problems", "shell_data", "shell_job", "shell_place",
    "shell_printed", "shell_rulebooks", "shell_disproportionality", "__main__",
)  # fmt: skip
MOST_LINES = 400


def imported(path: Path) -> set[str]:
    """Dotted names of everything a file imports, `from a import b` as `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources("cim_core"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_knows_no_screen_and_only_what_stands_above(path):
    names = imported(path)
    tops = {name.split(".")[0] for name in names}
    assert not tops & {"streamlit", "plotly", "ui", "pages", "tests", "benchmarks"}
    own = path.relative_to(ROOT / "cim_core").parts[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in ORDER, f"{own} has no place in the order of the core"
    above = ORDER[: ORDER.index(own) + 1]
    for name in names:
        parts = name.split(".")
        if parts[0] == "cim_core" and len(parts) > 1 and parts[1] in ORDER:
            assert parts[1] in above, f"{path.name} imports {name}, which stands below it"


def test_ui_knows_no_pages():
    for path in sources("ui"):
        assert not {name for name in imported(path) if name.split(".")[0] in ("pages", "app")}


def test_pages_hold_no_arithmetic():
    for path in sources("pages"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
                joins_text = isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant)
                assert joins_text, f"{path.name}:{node.lineno} computes"


def test_modules_stay_small():
    for folder in ("cim_core", "ui", "pages", "tests", "benchmarks", "sample_data"):
        for path in sources(folder):
            assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES, path
