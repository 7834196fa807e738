"""Every pattern of the readers on texts made of repetitions: `python -m tests.cim_core.intake.patterns`.

Prints one line for each that takes more than a tenth of a second; runs in a process of its own, so that one
that never ends can be killed.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import cim_core.intake

SECONDS = 0.1
LONG = 4_000
TEXTS = (
    "a", " ", "0", "1,", "<", "<!--x-->", "<c ", "a ", "- ", "-", "%", "(", ")(", "\"", "a,b ", "1 ", "_",
    "\t", "\n", ". ", "5a ", "2023-24 ", "ab1 ", "<c r=\"A1\" ",
)  # fmt: skip
"""Each is repeated, and ends in something that fits nowhere."""


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Every pattern in the modules of the readers, kept or written in place, with its module."""
    for one in pkgutil.iter_modules(cim_core.intake.__path__):
        module = importlib.import_module(f"cim_core.intake.{one.name}")
        for value in vars(module).values():
            yield from ((one.name, each) for each in within(value))
        yield from ((one.name, each) for each in in_place(Path(module.__file__).read_text("utf-8")))


def within(value: object, deep: int = 0) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict) and deep < 4:
        for pair in value.items():
            yield from within(pair, deep + 1)
    elif isinstance(value, (list, tuple, set, frozenset)) and deep < 4:
        for each in value:
            yield from within(each, deep + 1)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type) and deep < 4:
        for name in value.__dataclass_fields__:
            yield from within(getattr(value, name), deep + 1)


def in_place(source: str) -> Iterator[re.Pattern]:
    """Patterns that are handed to functions of `re` as plain text."""
    for node in ast.walk(ast.parse(source)):
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not call or not isinstance(node.func.value, ast.Name) or node.func.value.id != "re":
            continue
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)):
            yield re.compile(first.value, re.IGNORECASE if b"IGNORECASE" in ast.dump(node).encode() else 0)


class TooLongError(Exception):
    pass


def ring(number: int, frame: object) -> None:
    raise TooLongError


def slow() -> list[str]:
    """The patterns that take too long, with their module and the text."""
    signal.signal(signal.SIGVTALRM, ring)
    found, seen = [], set()
    for module, pattern in patterns():
        if (pattern.pattern, pattern.flags) in seen:
            continue
        seen.add((pattern.pattern, pattern.flags))
        for piece in TEXTS:
            for end in ("\x00", "x", ""):
                text: str | bytes = (piece * LONG)[:LONG] + end
                text = text.encode() if isinstance(pattern.pattern, bytes) else text
                for use in (pattern.match, pattern.fullmatch, pattern.search, pattern.findall, pattern.split):
                    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
                    try:
                        use(text)
                    except TooLongError:
                        found.append(f"{module}: {pattern.pattern!r} {use.__name__} on {piece!r} … {end!r}")
                        break
                    finally:
                        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    print(f"{len(seen)} patterns")
    return found


if __name__ == "__main__":
    lines = slow()
    print("\n".join(lines))
    sys.exit(bool(lines))
