"""Local names carry meaning: `one` is for a line or two."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.test_imports import ROOT, sources

MOST_LINES = 3
SCOPES = (ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def lines_of(scope: ast.AST, name: str) -> Iterator[int]:
    """Where a name stands in a scope, without the scopes inside it that bind it anew."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, SCOPES) and binds(node, name):
            continue
        if (isinstance(node, ast.Name) and node.id == name) or (
            isinstance(node, ast.arg) and node.arg == name
        ):
            yield node.lineno
        yield from lines_of(node, name)


def binds(scope: ast.AST, name: str) -> bool:
    if isinstance(scope, ast.FunctionDef | ast.Lambda):
        return any(argument.arg == name for argument in ast.walk(scope.args) if isinstance(argument, ast.arg))
    return any(
        isinstance(node, ast.Name) and node.id == name
        for loop in scope.generators  # type: ignore[attr-defined]
        for node in ast.walk(loop.target)
    )


def bound_at(scope: ast.AST, name: str) -> list[int]:
    stored = [node for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id == name]
    return sorted(node.lineno for node in stored if isinstance(node.ctx, ast.Store))


@pytest.mark.parametrize("folder", ["cim_core", "ui", "pages"])
def test_one_lives_three_lines_at_most(folder):
    found = []
    for path in sources(folder):
        for scope in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(scope, SCOPES):
                continue
            lines = sorted(lines_of(scope, "one"))
            starts = [line for line in bound_at(scope, "one") if line in lines]
            starts += [scope.lineno] if binds(scope, "one") and lines else []
            for start, end in pairwise([*sorted(starts), 10**6]):
                last = max((line for line in lines if start <= line < end), default=start)
                if last - start > MOST_LINES:
                    found.append(f"{path.relative_to(ROOT)}:{start}-{last}")
    assert found == []
