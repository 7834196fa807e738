"""Signing in with name and password: one answer and one time for every failure, locks that pass."""

from __future__ import annotations

from datetime import timedelta

from cim_core.access import passwords
from cim_core.access.addresses import network
from cim_core.store.accounts import Account, PassKind, plain_name
from cim_core.store.sign_ins import MOST_BY_NAME, MOST_BY_PLACE, SignIns
from cim_core.words.messages import Message

ENTERING = timedelta(seconds=60)
"""How long the way from the form to the cookie may take."""
SET_UP = timedelta(days=7)
"""How long a link lasts by which somebody sets a password."""


def entered(into: SignIns, name: str, password: str, place: str) -> Account | None:
    """The account that a name and a password open; None for every other pair, and while it is locked.

    A failure is counted before the password is looked at, so that many tries at once are counted too.
    """
    by_name, by_place = f"name {plain_name(name)}", f"place {place}"
    locked = into.is_locked(by_name, MOST_BY_NAME) or into.is_locked(by_place, MOST_BY_PLACE)
    into.failed(by_name, by_place)
    found = into.accounts.named(name)
    fits = passwords.fits(password, "" if found is None else found.password)
    if locked or not fits or found is None or found.disabled:
        if found is not None and not locked:  # what is locked is tried again and again
            into.refused(found, network(place))
        else:  # a write like the other, so that nobody can tell by the time whether a name is known
            into.passed("nobody")
        return None
    into.passed(by_name)
    return found


def set_up(into: SignIns, token: str, password: str) -> Message | None:
    """Set the password of whoever has a link for that; why not, where it is not taken. Raises KeyError for a
    link that was used or is over."""
    found = into.accounts.has_pass(token, PassKind.SET_UP)
    if found is None:
        raise KeyError(token)
    trouble = passwords.why_not(password, found.name, found.shown, found.selpa)
    if trouble is not None:
        return trouble
    if into.accounts.use_pass(token, PassKind.SET_UP) is None:
        raise KeyError(token)
    into.accounts.set_password(found.id, passwords.hashed(password))
    return None
