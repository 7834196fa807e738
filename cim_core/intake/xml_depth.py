"""Whether XML is nested too deep, counted before anything keeps a tree of it.

An upper bound comes first, without a parser: elements begun less elements closed, taking every element that
closes itself for one that stays open. Only where that bound is too high, or comments and the like could hide
something from it, expat walks through (and stops at the first element that is too deep).
"""

from __future__ import annotations

from itertools import count
from xml.parsers import expat

import numpy as np

from cim_core.intake.limits import MAX_DEPTH

_PIECE = 8 * 2**20
_PROLOG = 200
_LESS, _SLASH, _BANG, _QUESTION = b"</!?"


def too_deep(xml: bytes, most: int = MAX_DEPTH) -> bool:
    """Whether an element has more than `most` others around it; damaged XML is left to its reader."""
    if b"<!" not in xml and b"<?" not in xml[_PROLOG:] and _bound(xml) <= most:
        return False
    return _walked(xml, most)


def _bound(xml: bytes) -> int:
    depth = highest = 0
    for start in count(0, _PIECE):
        piece = np.frombuffer(xml[start : start + _PIECE + 1], np.uint8)
        if len(piece) < 2:
            return highest
        at = np.flatnonzero(piece[:-1] == _LESS)
        kind = piece[at + 1]
        steps = np.where(kind == _SLASH, -1, np.where((kind == _QUESTION) | (kind == _BANG), 0, 1))
        if len(steps):
            levels = depth + np.cumsum(steps)
            depth, highest = int(levels[-1]), max(highest, int(levels.max()))
    return highest


def _walked(xml: bytes, most: int) -> bool:
    depth = 0

    def begun(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > most:
            raise _TooDeepError

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begun, closed
    try:
        parser.Parse(xml, True)
    except _TooDeepError:
        return True
    except expat.ExpatError:
        return False
    return False


class _TooDeepError(Exception):
    """Raised within expat to stop it."""
