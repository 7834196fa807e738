"""How a size on the disk is written."""

from __future__ import annotations

_STEPS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def size_said(size: int) -> str:
    """Bytes in the unit that fits, with one decimal.

    >>> size_said(0), size_said(999), size_said(1_234_567)
    ('0 bytes', '999 bytes', '1.2 MB')
    """
    for unit, step in _STEPS:
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"
