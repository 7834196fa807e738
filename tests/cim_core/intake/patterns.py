"""Every pattern of the readers on repetitions: `python -m tests.cim_core.intake.patterns [few]`.

Prints one line for each pattern and text that take more than a tenth of a second; runs in a process of its
own, so that one that never ends can be killed.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import cim_core
from tests.cim_core.intake import pattern_texts

SECONDS = 0.1
LONG = 4_000
TEXTS = (
    "a", " ", "0", "1,", "<", "<!--x-->", "<c ", "a ", "- ", "-", "%", "(", ")(", '"', "a,b ", "1 ", "_",
    "\t", "\n", ". ", "5a ", "2023-24 ", "ab1 ", '<c r="A1" ', "(a) ", " \n", "r='A1' ",
)  # fmt: skip
"""Each is repeated, and ends in something that fits nowhere."""
ENDS = ("\x00", "x", "", "\nx")
OWN = 16
"""So many texts more for each pattern, from its own letters."""
_WRITTEN = re.compile(r"\(\?|\\[bdsw]|\.\*")
_MOST_LINES = 3
_DEEPEST = 4


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Every pattern of the core, kept, written in place or in a table of patterns, with its module."""
    for one in pkgutil.walk_packages(cim_core.__path__, "cim_core."):
        if one.name.endswith("__main__"):
            continue
        module = importlib.import_module(one.name)
        name = one.name.removeprefix("cim_core.").removeprefix("intake.")
        for value in vars(module).values():
            yield from ((name, each) for each in within(value))
        yield from ((name, each) for each in in_place(Path(module.__file__).read_text("utf-8")))


def within(value: object, deep: int = 0) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, str) and deep and _WRITTEN.search(value):
        with suppress(re.error):
            yield re.compile(value)
    elif deep < _DEEPEST:
        for part in parts(value):
            yield from within(part, deep + 1)


def parts(value: object) -> Iterable[object]:
    """What a collection or dataclass holds; nothing for anything else."""
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, (list, tuple, set, frozenset)):
        return value
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return [getattr(value, name) for name in value.__dataclass_fields__]
    return ()


def in_place(source: str) -> Iterator[re.Pattern]:
    """Patterns that are handed to functions of `re` as plain text."""
    for node in ast.walk(ast.parse(source)):
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not call or not isinstance(node.func.value, ast.Name) or node.func.value.id != "re":
            continue
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)):
            yield re.compile(first.value, flags(node))


def flags(node: ast.Call) -> re.RegexFlag:
    """The flags that a call names."""
    named = (each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr.isupper())
    found = re.RegexFlag(0)
    for name in named:
        found |= getattr(re, name, 0)
    return found


class TooLongError(Exception):
    pass


def ring(number: int, frame: object) -> None:
    raise TooLongError


def slow(few: bool) -> list[str]:
    """The patterns that take too long, with their module and the text; few ends and uses of each, or all."""
    signal.signal(signal.SIGVTALRM, ring)
    found: list[str] = []
    known: dict[tuple, tuple[str, re.Pattern]] = {}
    for module, pattern in patterns():
        known.setdefault((pattern.pattern, pattern.flags), (module, pattern))
    for module, pattern in known.values():
        told: list[str] = []
        for before, piece in (*(("", one) for one in TEXTS), *pattern_texts.of(pattern, OWN)):
            use = too_long(pattern, before, piece, few)
            if use:
                told.append(f"{module}: {short(pattern.pattern, 90)} {use} on {short(before + piece, 40)} …")
            if len(told) == _MOST_LINES:
                break
        found += told
    print(f"{len(known)} patterns")
    return found


def too_long(pattern: re.Pattern, before: str, piece: str, few: bool) -> str:
    """The first use of a pattern that takes too long on a piece repeated; empty for none."""
    uses = (pattern.fullmatch, pattern.search)
    if not few:
        uses += (pattern.match, pattern.findall, pattern.split)
    for end in ENDS[:1] if few else ENDS:
        text: str | bytes = before + (piece * LONG)[:LONG] + end
        text = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
        for use in uses:
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
                use(text)
            except TooLongError:
                return use.__name__
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def short(text: str | bytes, most: int) -> str:
    written = repr(text)
    return written if len(written) <= most else written[:most] + "…"


if __name__ == "__main__":
    lines = slow(few="few" in sys.argv)
    print("\n".join(lines))
    sys.exit(bool(lines))
