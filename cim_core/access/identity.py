"""Who somebody is to the app: role, workspace, LEAs; and what each role may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cim_core.store.accounts import Account, Role
from cim_core.store.logbook import Thing
from cim_core.store.permits import EVERYTHING, Permits


class Right(StrEnum):
    """What somebody may do."""

    SEE = "see"
    WORK = "work"
    PRESENT = "present"
    MANAGE = "manage"


RIGHTS = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.DIRECTOR: frozenset({Right.SEE, Right.WORK, Right.PRESENT}),
    Role.PRESENTER: frozenset({Right.PRESENT}),
    Role.LEA_VIEWER: frozenset({Right.SEE}),
}
"""SEE: counts of students, small ones among them; WORK: change what is kept; PRESENT: decks and documents as
a meeting may see them; MANAGE: accounts."""


_DATA = frozenset({Thing.DATASET, Thing.FILE, Thing.LETTER, Thing.RULEBOOK, Thing.DRAFT})
PERMITS = {
    Role.ADMINISTRATOR: EVERYTHING,
    Role.DIRECTOR: EVERYTHING,
    Role.PRESENTER: Permits(
        _DATA | {Thing.SCENARIO, Thing.LIST, Thing.DECK}, frozenset({Thing.DRAFT, Thing.LIST, Thing.DECK})
    ),
    Role.LEA_VIEWER: Permits(_DATA, frozenset({Thing.DRAFT})),
}
"""What each role reads and changes of what is kept. Scenarios, lists, notes and decks name LEAs: somebody who
sees one LEA must not read them. A draft is a scenario that is too long for an address."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is signed in, or whoever sits at this machine where nobody has to sign in.

    `leas`: the keys of the only LEAs that may be seen, empty for all of the workspace. `account`: its id.
    """

    name: str
    shown: str
    role: Role
    workspace: str
    leas: tuple[str, ...] = ()
    account: str = ""

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in RIGHTS[self.role]

    @property
    def permits(self) -> Permits:
        """What the role reads and changes of what is kept."""
        return PERMITS[self.role]


LOCAL = Identity("", "", Role.DIRECTOR, "")
"""Whoever uses this machine: everything, in the first workspace."""


def of_account(account: Account) -> Identity:
    """The identity of an account."""
    return Identity(account.name, account.shown, account.role, account.workspace, account.leas, account.id)
