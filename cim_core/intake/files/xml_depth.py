"""Whether XML is nested too deep, counted before anything keeps a tree of it.

An upper bound comes first, without a parser: elements begun less elements closed. An element counts as
closing itself only where `/>` ends it and the next mark follows at once, which no attribute can feign. Only
where that bound is too high, or comments and the like could hide something from it, expat walks through (and
stops at the first element that is too deep).
"""

from __future__ import annotations

from itertools import count
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from cim_core.intake.limits import MAX_DEPTH

_PIECE = 8 * 2**20
_PROLOG = 200
_LESS, _SLASH, _BANG, _QUESTION, _GREATER = b"</!?>"


def too_deep(xml: bytes, most: int = MAX_DEPTH, marks: int | None = None) -> bool | None:
    """Whether an element has more than `most` others around it; damaged XML is left to its reader.

    None where it would take walking through more than `marks` marks to tell.
    """
    if b"<!" not in xml and b"<?" not in xml[_PROLOG:] and _bound(xml) <= most:
        return False
    if marks is not None and xml.count(b"<") > marks:
        return None
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
        steps[_close_themselves(piece, at)] = 0
        if len(steps):
            levels = depth + np.cumsum(steps)
            depth, highest = int(levels[-1]), max(highest, int(levels.max()))
    return highest


def _close_themselves(piece: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    ends = np.flatnonzero(piece == _GREATER)
    if not len(ends):
        return np.zeros(len(at), np.bool_)
    end = ends[np.minimum(np.searchsorted(ends, at), len(ends) - 1)]
    followed = piece[np.minimum(end + 1, len(piece) - 1)] == _LESS
    return np.asarray((end > at) & (piece[end - 1] == _SLASH) & followed, np.bool_)


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
