"""The direction of imports: pages → ui → cim_core, and inside the core only from modules listed above."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = (
    {"words"}, {"data"}, {"rules"}, {"intake"}, {"placing"}, {"why", "suppression"},
    {"outlook", "certainty", "whatif", "movement", "peers"},
    {"letters"}, {"export", "store"}, {"access"}, {"shell"},
)  # fmt: skip
"""The rooms of the core, the lowest first: each imports only rooms on floors below its own, and itself."""
FLOOR = {room: at for at, rooms in enumerate(FLOORS) for room in rooms}
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


def room(name: str) -> str:
    """The room of a dotted name of the core; empty for what is in none."""
    parts = name.split(".")
    return parts[1] if parts[0] == "cim_core" and len(parts) > 1 and parts[1] in FLOOR else ""


@pytest.mark.parametrize("path", sources("cim_core"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_knows_no_screen_and_only_rooms_below(path):
    names = imported(path)
    tops = {name.split(".")[0] for name in names}
    assert not tops & {"streamlit", "plotly", "ui", "pages", "tests", "benchmarks"}
    inside = path.relative_to(ROOT / "cim_core").parts
    if len(inside) == 1:
        assert inside[0] in ("__init__.py", "__main__.py"), f"{path.name} stands in no room"
        return
    for name in names:
        there = room(name)
        below = not there or there == inside[0] or FLOOR[there] < FLOOR[inside[0]]
        assert below, f"{'/'.join(inside)} imports {name}, which does not stand below it"


def test_no_modules_import_each_other_in_a_circle():
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sources("cim_core")}
    modules = {name.removesuffix(".__init__"): path for name, path in modules.items()}
    needs = {name: imported(path) & set(modules) - {name} for name, path in modules.items()}
    packages = {name for name in modules if any(other.startswith(f"{name}.") for other in modules)}
    done: set[str] = set()
    while left := {name for name in modules if name not in done}:
        free = {name for name in left if not (needs[name] - packages) - done}
        assert free, sorted(left)
        done |= free


def test_a_store_is_opened_in_one_place():
    """`cim_core/access/seeing.py` decides whose it is; the room of the store itself and tests apart."""
    found = []
    for path in [*sources("cim_core"), *sources("ui"), *sources("pages")]:
        inside = path.relative_to(ROOT)
        if inside.parts[:2] == ("cim_core", "store") or inside.as_posix() == "cim_core/access/seeing.py":
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        found += [f"{inside}:{call.lineno}" for call in calls if getattr(call.func, "id", "") == "Store"]
    assert not found


def test_ui_knows_no_pages():
    for path in sources("ui"):
        assert not {name for name in imported(path) if name.split(".")[0] in ("pages", "app")}


def test_what_serves_the_app_knows_the_core_alone():
    for path in sources("deploy"):
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & {"ui", "pages", "app", "streamlit", "plotly", "tests", "benchmarks"}, path


def test_what_a_page_has_is_for_it_alone():
    """A page, and its room in ui, know only that room and what pages share."""
    for path in [*sources("ui"), *sources("pages")]:
        inside = path.relative_to(ROOT).parts
        own = {"shared", inside[1] if inside[0] == "ui" else path.stem}
        rooms = {name.split(".")[1] for name in imported(path) if name.startswith("ui.")}
        assert len(inside) == 2 and inside[0] == "ui" or rooms <= own, path


def test_pages_hold_no_arithmetic():
    for path in sources("pages"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
                joins_text = isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant)
                assert joins_text, f"{path.name}:{node.lineno} computes"


def test_modules_stay_small():
    for folder in ("cim_core", "ui", "pages", "deploy", "tests", "benchmarks", "sample_data"):
        for path in sources(folder):
            assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES, path


def test_the_siblings_are_asked_by_their_public_names():
    siblings = {f"cim_core.{name}" for name in FLOORS[6]}
    inside = {path: room(".".join(path.relative_to(ROOT).parts)) for path in sources("cim_core")}
    for path in [*sources("cim_core"), *sources("ui"), *sources("pages")]:
        tree = ast.parse(path.read_text("utf-8"))
        asked = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        deep = {name for name in asked if name.rpartition(".")[0] in siblings}
        assert {name for name in deep if room(name) != inside.get(path)} == set(), path
