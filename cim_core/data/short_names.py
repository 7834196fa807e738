"""Short names of LEAs for marks: "Quince Valley" for "Quince Valley Elementary"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_KIND = re.compile(
    r" (?:(?:joint )?(?:union )?(?:elementary|high|unified)(?: school)?(?: district)?|city unified|charter)$",
    re.IGNORECASE,
)
_OFFICE = re.compile(r" (?:county )?office of education$", re.IGNORECASE)


def short_name(name: str) -> str:
    """The name without what kind of LEA it is; a county office is a COE."""
    office = _OFFICE.sub(" COE", name)
    if office != name:
        return office
    return _KIND.sub("", name) or name


def short_names(names: Sequence[str]) -> list[str]:
    """The names, each as short as nobody takes it for another: two that meet stay whole, and so does one that
    another one only adds to ("Alder Valley" beside "Alder Valley COE")."""
    each = [short_name(name) for name in names]
    met = Counter(" ".join(words[:size]) for words in map(_words, each) for size in range(1, len(words) + 1))
    return [
        short if met[" ".join(_words(short))] == 1 else name for short, name in zip(each, names, strict=True)
    ]


def _words(name: str) -> list[str]:
    return name.casefold().split()
