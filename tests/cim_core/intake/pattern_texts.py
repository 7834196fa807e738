"""Texts made of repetitions for one pattern, from its own letters: what it repeats, behind what comes before.

A pattern that backtracks does so on its own alphabet: on many of what it repeats, with an end that does not
fit.
"""

from __future__ import annotations

import random
import re
from re import _constants as kinds
from re import _parser as parser

_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
_MANY = 4
_CLASSES = {
    kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_DIGIT: "a", kinds.CATEGORY_NOT_SPACE: "a", kinds.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_OTHERS = 'a1 _-.,(<%"'


def of(pattern: re.Pattern, most: int) -> list[tuple[str, str]]:
    """Pairs of a beginning and a piece to repeat; always the same for the same pattern."""
    written = pattern.pattern
    drawn = random.Random(0)
    tree = parser.parse(
        written.decode("latin-1") if isinstance(written, bytes) else written,
        pattern.flags if isinstance(written, str) else pattern.flags & ~re.ASCII,
    )
    found: list[tuple[str, str]] = []
    _repeated(tree, "", drawn, found)
    _repeated(tree, "", drawn, found)
    found = [pair for before, piece in found for pair in ((before, piece), ("", piece))]
    words = sorted(_words(tree))
    drawn.shuffle(words)
    found += [("", word + end) for word in words[:8] for end in ("", " ")]
    whole = [_sample(tree, drawn) for _ in range(4)]
    found += [("", one + end) for one in whole for end in ("", " ")]
    found = [pair for pair in dict.fromkeys(found) if pair[1]]
    return found if len(found) <= most else drawn.sample(found, most)


def _inner(kind: object, value: tuple) -> list:
    """The parts of a pattern within one of its elements."""
    if kind in _REPEATS:
        return [value[2]]
    if kind is kinds.SUBPATTERN:
        return [value[3]]
    if kind is kinds.ATOMIC_GROUP:
        return [value]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [value[1]]
    return value[1] if kind is kinds.BRANCH else []


def _repeated(tree: object, before: str, drawn: random.Random, found: list[tuple[str, str]]) -> None:
    for kind, value in tree:
        if kind in _REPEATS and value[1] > _MANY:
            found.append((before, _sample(value[2], drawn)))
        for part in _inner(kind, value):
            _repeated(part, before, drawn, found)
        before += _one(kind, value, drawn)


def _words(tree: object) -> set[str]:
    """The literal words of a pattern."""
    found, word = set(), ""
    for kind, value in tree:
        if kind is kinds.LITERAL:
            word += chr(value)
            continue
        found.add(word)
        word = ""
        for part in _inner(kind, value):
            found |= _words(part)
    return (found | {word}) - {""}


def _sample(tree: object, drawn: random.Random) -> str:
    """A text that fits, as far as what stands around it does not matter."""
    return "".join(_one(kind, value, drawn) for kind, value in tree)


def _one(kind: object, value: object, drawn: random.Random) -> str:
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is kinds.ANY:
        return drawn.choice("a 1")
    if kind is kinds.IN:
        return _of_class(value, drawn)
    if kind in _REPEATS:
        least = value[0]
        return "".join(_sample(value[2], drawn) for _ in range(drawn.choice((least, max(least, 1)))))
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT) or not (parts := _inner(kind, value)):
        return ""
    return _sample(drawn.choice(parts), drawn)


def _of_class(members: list, drawn: random.Random) -> str:
    if members[0][0] is kinds.NEGATE:
        return drawn.choice(
            [one for one in _OTHERS if not any(_holds(each, one) for each in members[1:])] or "x"
        )
    kind, value = drawn.choice(members)
    if kind is kinds.LITERAL:
        return chr(value)
    return chr(drawn.choice(value)) if kind is kinds.RANGE else _CLASSES[value]


def _holds(member: tuple, letter: str) -> bool:
    kind, value = member
    if kind is kinds.LITERAL:
        return value == ord(letter)
    if kind is kinds.RANGE:
        return value[0] <= ord(letter) <= value[1]
    known = {
        kinds.CATEGORY_DIGIT: letter.isdigit(), kinds.CATEGORY_SPACE: letter.isspace(),
        kinds.CATEGORY_WORD: letter.isalnum() or letter == "_",
    }  # fmt: skip
    opposite = {
        kinds.CATEGORY_NOT_DIGIT: kinds.CATEGORY_DIGIT, kinds.CATEGORY_NOT_SPACE: kinds.CATEGORY_SPACE,
        kinds.CATEGORY_NOT_WORD: kinds.CATEGORY_WORD,
    }  # fmt: skip
    return known[value] if value in known else not known[opposite[value]]
