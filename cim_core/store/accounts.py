"""Who may sign in: names, roles, password hashes; and passes that are used once.

A password, a token or a pass is never kept, only what tells it when it comes again.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from cim_core.store import ids, logbook
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import accounts, passes, sign_ins, workspaces

_TOKEN_BYTES = 32


class Role(StrEnum):
    """What somebody may do.

    An administrator makes accounts; a director works with everything of the SELPA; an LEA's viewer sees that
    LEA; a presenter sees what a meeting may see.
    """

    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"
    LEA_VIEWER = "lea_viewer"
    PRESENTER = "presenter"


class PassKind(StrEnum):
    """What a pass is for: to set a password, or to take a sign-in from its form to the browser's cookie."""

    SET_UP = "set_up"
    ENTER = "enter"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; `leas` are keys of LEAs, of an LEA's viewer alone; `password` is a hash,
    empty where none is set yet."""

    id: str
    workspace: str
    selpa: str
    name: str
    shown: str
    role: Role
    leas: tuple[str, ...]
    password: str
    disabled: bool


class NameTakenError(Exception):
    """There is an account of that name."""


class Accounts:
    """The accounts of a database, of all its workspaces. Every method raises StoreError where it cannot be
    used.

    `who` does what is written into the log, from `place`; where nobody is named, the person of the account.
    """

    def __init__(self, database: Database, who: str = "", place: str = "") -> None:
        self.database, self.who, self.place = database, who, place

    def add(self, name: str, shown: str, role: Role, selpa: str, leas: tuple[str, ...] = ()) -> Account:
        """A new account without a password, in the workspace of a SELPA's name, which is made where there is
        none. Raises NameTakenError."""
        with self.database.writing() as connection:
            if _named(connection, name) is not None:
                raise NameTakenError(name)
            values = ids.owned(_workspace(connection, selpa)) | {
                "name": plain_name(name), "shown": shown or name, "role": role.value,
                "leas": json.dumps(list(leas)), "password": "", "disabled": False,
            }  # fmt: skip
            connection.execute(insert(accounts).values(**values))
            found = _named(connection, name)
            assert found is not None
            self._log(connection, found, Deed.ACCOUNT_ADDED)
            return found

    def named(self, name: str) -> Account | None:
        """The account of a name, whatever its letters' case; None for none."""
        with self.database.reading() as connection:
            return _named(connection, name)

    def with_id(self, id_: str) -> Account | None:
        """The account of an id; None for none."""
        with self.database.reading() as connection:
            return _first(connection, accounts.c.id == id_)

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self.database.reading() as connection:
            rows = connection.execute(_chosen().order_by(accounts.c.name)).all()
        return [_account(row) for row in rows]

    def of(self, workspace: str) -> list[Account]:
        """Every account of a workspace, by name."""
        return [each for each in self.all() if each.workspace == workspace]

    def set_password(self, id_: str, hashed: str) -> None:
        """Another password. Whoever is signed in with the account is not any longer."""
        self._change(id_, Deed.PASSWORD_CHANGED, password=hashed)

    def disable(self, id_: str, disabled: bool = True) -> None:
        """Let nobody in with the account, at once; or let it in again."""
        self._change(id_, Deed.DISABLED if disabled else Deed.ENABLED, disabled=disabled)

    def make_pass(self, id_: str, kind: PassKind, lasts: timedelta, bound: str = "") -> str:
        """A pass that is used once; `bound`: a secret of the browser that alone may use it."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self.database.writing() as connection:
            connection.execute(delete(passes).where(passes.c.ends < ids.now()))
            if kind is PassKind.SET_UP:  # the newest link alone is good
                own = (passes.c.account == id_) & (passes.c.kind == kind.value)
                connection.execute(delete(passes).where(own))
            values = {"account": id_, "kind": kind.value, "bound": told(bound), "ends": ids.now() + lasts}
            connection.execute(insert(passes).values(digest=told(token), **values))
        return token

    def has_pass(self, token: str, kind: PassKind) -> Account | None:
        """Whose pass it is, which stays; None for one that is used, over, or was never made."""
        with self.database.reading() as connection:
            return self._of_pass(connection, token, kind, "")

    def use_pass(self, token: str, kind: PassKind, bound: str = "") -> Account | None:
        """Whose pass it is; it is no pass any longer."""
        with self.database.writing() as connection:
            found = self._of_pass(connection, token, kind, bound)
            if found is not None:
                connection.execute(delete(passes).where(passes.c.digest == told(token)))
            return found

    def _of_pass(self, connection: Connection, token: str, kind: PassKind, bound: str) -> Account | None:
        wanted = select(passes).where(
            passes.c.digest == told(token), passes.c.kind == kind.value, passes.c.bound == told(bound)
        )
        row = connection.execute(wanted).first()
        if row is None or ids.utc(row.ends) < ids.now():
            return None
        found = _first(connection, accounts.c.id == row.account)
        return None if found is None or found.disabled else found

    def _change(self, id_: str, what: Deed, **values: object) -> None:
        with self.database.writing() as connection:
            found = _first(connection, accounts.c.id == id_)
            if found is None:
                raise KeyError(id_)
            changed = values | {"changed": ids.now(), "version": accounts.c.version + 1}
            connection.execute(update(accounts).where(accounts.c.id == id_).values(**changed))
            connection.execute(delete(sign_ins).where(sign_ins.c.account == id_))
            connection.execute(delete(passes).where(passes.c.account == id_))
            self._log(connection, found, what)

    def _log(self, connection: Connection, account: Account, what: Deed) -> None:
        about = account.workspace, self.who or account.name, what, Thing.ACCOUNT, account.id, account.shown
        logbook.add(connection, *about, self.place)


def plain_name(name: str) -> str:
    """A name as it is compared: without blanks around it, in small letters."""
    return name.strip().casefold()


def told(token: str) -> str:
    """What is kept of a token: its SHA-256 (it is random, so that no salt is needed)."""
    return ids.digest(token.encode())


def _chosen() -> Any:
    return select(accounts, workspaces.c.name.label("selpa")).join(
        workspaces, workspaces.c.id == accounts.c.workspace
    )


def _first(connection: Connection, where: Any) -> Account | None:
    row = connection.execute(_chosen().where(where)).first()
    return None if row is None else _account(row)


def _named(connection: Connection, name: str) -> Account | None:
    return _first(connection, accounts.c.name == plain_name(name))


def _account(row: Row[Any]) -> Account:
    return Account(
        row.id, row.workspace, row.selpa, row.name, row.shown, Role(row.role), tuple(json.loads(row.leas)),
        row.password, bool(row.disabled),
    )  # fmt: skip


def _workspace(connection: Connection, selpa: str) -> str:
    found = connection.execute(select(workspaces.c.id).where(workspaces.c.name == selpa)).scalar()
    if found is not None:
        return str(found)
    values = {"id": ids.fresh(), "name": selpa, "created": ids.now(), "changed": ids.now(), "version": 1}
    connection.execute(insert(workspaces).values(**values))
    return str(values["id"])


def since(moment: datetime, lasts: timedelta) -> bool:
    """Whether so long has passed since a moment."""
    return ids.now() - ids.utc(moment) > lasts
