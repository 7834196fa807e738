"""Types of LEAs: what a file's own word for one means, and the type of every row of a dataset.

Level decides much of a ranking (high-school districts lie lower than elementary ones), and some indicators
cannot apply to some types (method, section 9). Source of the words: CDE's public list of districts.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Texts
from cim_core.words.messages import MessageFamily

LOCAL = "local-"
"""How codes begin that are made for LEAs that the state list does not hold: they have no row there."""


class LeaType(StrEnum):
    """The types that CDE's public list of districts tells apart."""

    UNIFIED = "unified"
    ELEMENTARY = "elementary"
    HIGH = "high"
    COE = "coe"
    CHARTER = "charter"
    STATE = "state"


LEA_TYPES_NAMED: MessageFamily[str] = MessageFamily("lea_types.{}", tuple(LeaType))


_WORDS = (
    (LeaType.CHARTER, r"\bcharter"),
    (LeaType.COE, r"\bcoe\b|\bcounty (?:office|superintendent|department)|office of education"),
    (LeaType.STATE, r"\bstate\b"),
    (LeaType.UNIFIED, r"\bunified\b|\A(?>.*?\bunion school district\b).*k-12|\busd\b|\bk-12\b"),
    (LeaType.HIGH, r"\bhigh\b|\bsecondary\b|\b9-12\b"),
    (LeaType.ELEMENTARY, r"\belem\w*|\bk-[68]\b"),
)


@lru_cache(maxsize=1024)
def parse_type(written: str) -> LeaType | None:
    """The type that a word for one means; None where it says none.

    >>> parse_type("Elementary School District"), parse_type("High"), parse_type("?")
    (<LeaType.ELEMENTARY: 'elementary'>, <LeaType.HIGH: 'high'>, None)
    """
    plain = " ".join(written.replace("_", " ").split()).casefold()
    return next((kind for kind, words in _WORDS if re.search(words, plain)), None)


def written(dataset: Dataset, reference: Dataset | None) -> Texts:
    """The type of each row (R) as `LeaType` values, "" where nobody says it; see `of_rows`."""
    return np.array([kind.value if kind else "" for kind in of_rows(dataset, reference)], np.str_)


def of_rows(dataset: Dataset, reference: Dataset | None) -> list[LeaType | None]:
    """The type of each row (R): as the file says it, else as the reference says it of the same LEA.

    Names are not read for it: a district may be called High and serve other grades.
    """
    known: dict[str, LeaType] = {}
    if reference is not None:
        for key, written in zip(reference.lea_key.tolist(), reference.lea_type.tolist(), strict=True):
            kind = parse_type(written)
            if kind is not None:
                known[key] = kind
    pairs = zip(dataset.lea_key.tolist(), dataset.lea_type.tolist(), strict=True)
    return [parse_type(written) or known.get(key) for key, written in pairs]


def local_rows(keys: Texts) -> Bools:
    """Which keys of LEAs are made from names that the state list does not hold (`intake.lea_names`)."""
    return np.asarray(np.char.startswith(keys, LOCAL.strip("-")), np.bool_)
