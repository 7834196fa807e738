"""Passwords: which are taken, and their hashes by bcrypt.

No rules of composition, a least length, none that is common or made of the name, as NIST SP 800-63B-4,
3.1.1.2, asks. Strength by zxcvbn (Wheeler 2016, USENIX Security).
"""

from __future__ import annotations

from functools import cache

import bcrypt
from zxcvbn import zxcvbn

from cim_core.words.messages import HowMany, Message, message

LEAST, MOST_BYTES = 12, 72
"""Characters of a password at least; bytes at most, as bcrypt takes no more."""
_STRONG = 3
"""From here on zxcvbn calls a password safely unguessable."""
_ROUNDS = 12


def why_not(password: str, *known: str) -> Message | None:
    """Why a password is not taken; `known` are words that others may guess. None where it is."""
    if len(password) < LEAST:
        return message("access.password.short", n=HowMany(LEAST))
    if len(password.encode()) > MOST_BYTES:
        return message("access.password.long", n=HowMany(MOST_BYTES))
    if zxcvbn(password, user_inputs=list(known))["score"] < _STRONG:
        return message("access.password.common")
    return None


def hashed(password: str) -> str:
    """The hash of a password that is taken."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(_ROUNDS)).decode()


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one of a hash. It takes as long where there is no hash, and where the
    password is too long to be one."""
    given = password.encode()
    usable = bool(kept) and len(given) <= MOST_BYTES
    found = bcrypt.checkpw(given[:MOST_BYTES] or b"-", (kept if usable else _nobody()).encode())
    return found and usable


@cache
def _nobody() -> str:
    return hashed("nobody has this password")
