"""Every message id can be found by searching: it stands in the code whole, or in one family of ids."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cim_core.words.messages import MessageFamily, catalogue

ROOT = Path(__file__).parent.parent
FOLDERS = ("cim_core", "ui", "pages", "docs", "sample_data")
NO_IDS = {
    "app.py",
    "code_names.csv",
    "region.pptx",
    "council.zip",
    "mapping.toml",
    "server.port",
    "server.address",
    "store.sqlite3",
    "log.csv",
}
"""Texts that look like ids."""
SAYING = {"t", "text", "say_id", "message", "Message", "wrong", "head_of"}
"""What takes message ids; `text` is one of them only as `messages.text`."""
FINDING = {"problem": 0, "refuse": 1, "Problem": 1}
"""What takes a kind of problem, and at which place."""


@cache
def trees() -> dict[str, ast.Module]:
    """The code that says something, by module."""
    paths = [ROOT / "app.py", *(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
        for path in paths
    }


@cache
def written() -> frozenset[str]:
    """All texts in the code."""
    found = (node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in found if isinstance(node.value, str))


@cache
def families() -> tuple[MessageFamily, ...]:
    """All families of ids, which stand in modules by name."""
    modules = [
        importlib.import_module(name.removesuffix(".__init__"))
        for name, tree in trees().items()
        if any(isinstance(node, ast.Name) and node.id == "MessageFamily" for node in ast.walk(tree))
    ]
    held = [value for module in modules for value in vars(module).values()]
    each = [part for value in held for part in parts(value) if isinstance(part, MessageFamily)]
    return tuple({id(one): one for one in each}.values())


def parts(value: object) -> Iterator[object]:
    """A value, or what a tuple or a table holds."""
    yield from value.values() if isinstance(value, dict) else value if type(value) is tuple else (value,)


def calls() -> Iterator[tuple[str, str, list[ast.expr]]]:
    """Every call: where, what is called, and what is handed in."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                func = node.func
                called = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
                if called != "text" or ast.unparse(func) == "messages.text":
                    yield f"{name}:{node.lineno}", called, node.args


def asked() -> list[tuple[str, ast.expr]]:
    """Every expression that is handed in as an id, and where."""
    return [
        (where, given)
        for where, called, args in calls()
        if called in SAYING
        for given in (args if called == "head_of" else args[:1])
    ]


def kinds() -> list[tuple[str, ast.expr]]:
    """Every expression that is handed in as a kind of problem, and where."""
    return [
        (where, args[FINDING[called]])
        for where, called, args in calls()
        if called in FINDING and len(args) > FINDING[called]
    ]


def literal(given: ast.expr) -> list[str]:
    """The texts that an expression is, one or one of two."""
    branches = (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,)
    return [one.value for one in branches if isinstance(one, ast.Constant)]


def test_no_id_is_glued_together():
    glued = [
        where
        for where, given in (*asked(), *kinds())
        if any(isinstance(node, ast.JoinedStr | ast.BinOp) for node in ast.walk(given))
    ]
    assert not glued


def test_every_id_that_is_asked_for_exists():
    lacking = [(where, one) for where, given in asked() for one in literal(given) if one not in catalogue()]
    assert not lacking


def test_every_kind_of_problem_has_all_its_words():
    found = {one for _, given in kinds() for one in literal(given)}
    found |= {name.split(".")[1] for name in catalogue() if re.fullmatch(r"problem\.\w+\.title", name)}
    parts = ("title", "expected", "mend")
    assert not {f"problem.{kind}.{part}" for kind in found for part in parts} - set(catalogue())


def test_every_text_that_looks_like_an_id_exists():
    """Tables and variables hold whole ids: what begins as an id does is one."""
    known = catalogue()
    areas = {name.split(".")[0] for name in known}
    shaped = re.compile(r"([a-z_]+)(\.[a-z0-9_]+)+")
    found = filter(None, map(shaped.fullmatch, written() - set(known) - NO_IDS))
    assert not [one[0] for one in found if one[1] in areas]


def test_every_member_of_a_family_has_words():
    for family in families():
        lacking = {family[one] for one in family.members or ()} - set(catalogue())
        assert not lacking, (family.pattern, lacking)


def test_no_message_is_dead():
    """Each stands in the code whole or is of a family; where words are the list, its name stands there."""
    alive = set(written())
    for family in families():
        alive |= {family[one] for one in family.members or ()}
        if family.members is None:
            shaped = re.compile(re.escape(family.pattern).replace(r"\{\}", "([^.]+)"))
            found = filter(None, map(shaped.fullmatch, catalogue()))
            alive |= {one[0] for one in found if written().issuperset(one.groups())}
    assert not sorted(set(catalogue()) - alive)
