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
NO_IDS = {"app.py", "mapping.toml", "server.port"}
"""Texts that look like ids."""
SAYING = {"t", "text", "say_id", "message", "Message", "wrong", "head_of"}
"""What takes message ids; `text` is one of them only as `messages.text`."""


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


def asked() -> Iterator[tuple[str, int, ast.expr]]:
    """Every expression that is handed in as an id: module, line, expression."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            func = node.func
            called = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            if called == "text" and ast.unparse(func) != "messages.text":
                continue
            if called in SAYING:
                for given in node.args if called == "head_of" else node.args[:1]:
                    yield name, node.lineno, given


def test_no_id_is_glued_together():
    glued = [
        f"{name}:{line}"
        for name, line, given in asked()
        if any(isinstance(node, ast.JoinedStr | ast.BinOp) for node in ast.walk(given))
    ]
    assert not glued


def test_every_id_that_is_asked_for_exists():
    known = catalogue()
    for name, line, given in asked():
        branches = (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,)
        for one in branches:
            if isinstance(one, ast.Constant):
                assert one.value in known, f"{name}:{line} {one.value}"


def test_every_text_that_looks_like_an_id_exists():
    """Tables and variables hold whole ids: what begins as an id does is one."""
    known = catalogue()
    areas = {name.split(".")[0] for name in known}
    shaped = re.compile(r"([a-z_]+)(\.[a-z0-9_]+)+")
    for one in written():
        found = shaped.fullmatch(one)
        assert not found or found[1] not in areas or one in known or one in NO_IDS, one


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
