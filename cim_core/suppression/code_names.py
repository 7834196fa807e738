"""Code names in the place of LEAs' names, the same for an LEA as long as the secret is the same."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from cim_core.data.dataset import Dataset

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels: three of them are never a word."""
_LONG = 3


def code_names(keys: Collection[str], secret: str) -> dict[str, str]:
    """A code of three letters for each LEA key, no two alike. Who does not have the secret cannot tell whose
    it is; adding LEAs changes a code only where two would be alike (keyed hash: RFC 2104)."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(set(keys)):
        for attempt in range(len(_LETTERS) ** _LONG):
            code = _code(f"{key} {attempt}" if attempt else key, secret)
            if code not in taken:
                break
        taken.add(code)
        found[key] = code
    return found


def _code(text: str, secret: str) -> str:
    number = int.from_bytes(hmac.digest(secret.encode(), text.encode(), hashlib.sha256))
    letters = []
    for _ in range(_LONG):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)


def with_code_names(dataset: Dataset, secret: str, named: str) -> Dataset:
    """The dataset with code names; `named` is how an LEA is called, with `{code}` for its code.

    What joins an LEA with the reference and with counts (`lea_key`) stays: it is not shown anywhere.
    """
    codes = code_names(dataset.lea_key.tolist(), secret)
    each = [codes[key] for key in dataset.lea_key.tolist()]
    return replace(
        dataset,
        lea_name=np.array([named.format(code=code) for code in each], np.str_),
        lea_code=np.array(each, np.str_),
    )
