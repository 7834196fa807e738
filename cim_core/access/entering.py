"""Signing in with name and password: one answer and one time for every failure, locks that pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore

from cim_core.access import passwords
from cim_core.access.addresses import network, one_household
from cim_core.store import ids
from cim_core.store.accounts import Account, Accounts, PassKind, plain_name
from cim_core.store.sign_ins import MOST_AT_ALL, MOST_BY_NAME, MOST_BY_PLACE, SignIns
from cim_core.words.messages import Message

ENTERING = timedelta(seconds=60)
"""How long the way from the form to the cookie may take."""
SET_UP = timedelta(days=7)
"""How long a link lasts by which somebody sets a password."""

EMAIL = "email"
"""The claim of an ID token that is the name of an account, unless another one is chosen."""
_AT_ONCE = BoundedSemaphore(2)
"""Passwords that are looked at at once: each takes a processor for a third of a second."""
_FRESH, _CLOCKS_DIFFER = 300, 60
"""Seconds for which an ID token is taken after it was issued, and by which clocks may differ."""


def entered(into: SignIns, name: str, password: str, place: str) -> Account | None:
    """The account that a name and a password open; None for every other pair, and while it is locked.

    A failure is counted before the password is looked at, so that many tries at once are counted too.
    """
    own, near = plain_name(name), one_household(place)
    here, by_place, by_name = f"name {own} {near}", f"place {near}", f"name {own}"
    with _AT_ONCE:  # what is not looked at yet must not count: an office signs in at eight
        locked = into.is_locked({here: MOST_BY_NAME, by_place: MOST_BY_PLACE, by_name: MOST_AT_ALL})
        found = into.accounts.named(name)
        fits = passwords.fits(password, "" if found is None else found.password)
        if fits and not locked and found is not None and not found.disabled:
            into.passed(here, by_place, by_name)
            return found
    if found is not None and not locked:  # what is locked is tried again and again
        into.refused(found, network(place))
    else:  # a write like the other, so that nobody can tell by the time whether a name is known
        into.passed("nobody")
    return None


@dataclass(frozen=True, slots=True)
class Organization:
    """Somebody who may vouch for people: `claim` is which claim is the name of an account, `names` how the
    names end that it may say (empty: every one, which is for the only organization there is)."""

    title: str
    claim: str = EMAIL
    names: tuple[str, ...] = ()

    def vouches_for(self, name: str) -> bool:
        """Whether it may say that somebody is of a name."""
        return not self.names or name.endswith(self.names)


def by_organization(
    into: SignIns, claims: Mapping[str, object], place: str, organization: Organization
) -> Account | None:
    """The account that an organization vouches for by the claims of its ID token, which is taken once, and
    while it is fresh; None for every other.

    An e-mail address must be verified, as anybody could write one into a profile (source: OpenID Connect Core
    1.0, 5.1 and 5.7).
    """
    claim = organization.claim
    name, issued, nonce = claims.get(claim), claims.get("iat"), claims.get("nonce")
    sound = isinstance(name, str) and name and isinstance(issued, int | float) and isinstance(nonce, str)
    if not sound or (claim == EMAIL and claims.get("email_verified") is not True):
        return None
    if not organization.vouches_for(plain_name(str(name))):
        return None
    age = ids.now().timestamp() - float(str(issued))
    if not -_CLOCKS_DIFFER <= age <= _FRESH or not into.is_first(f"token {claims.get('iss')} {nonce}"):
        return None
    found = into.accounts.named(str(name))
    if found is not None and found.disabled:
        into.refused(found, network(place))
        return None
    return found


def set_up(into: SignIns, token: str, password: str, place: str = "") -> Message | None:
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
    Accounts(into.database, place=network(place)).set_password(found.id, passwords.hashed(password))
    return None
