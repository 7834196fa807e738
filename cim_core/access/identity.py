"""Who somebody is to the app: role, workspace, LEAs; and what each role may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cim_core.store.accounts import Account, Role


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


LOCAL = Identity("", "", Role.DIRECTOR, "")
"""Whoever uses this machine: everything, in the first workspace."""


def of_account(account: Account) -> Identity:
    """The identity of an account."""
    return Identity(account.name, account.shown, account.role, account.workspace, account.leas, account.id)
