"""Who is signed in: a random token in the browser's cookie, its hash here; and who failed too often."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from cim_core.store import ids, logbook
from cim_core.store.accounts import Account, Accounts, since, told
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import attempts, sign_ins

LONGEST, IDLE = timedelta(hours=8), timedelta(minutes=60)
"""How long somebody stays signed in at most, and without doing anything."""
NOTED = timedelta(seconds=60)
"""How often it is noted that somebody is there."""
MOST_BY_NAME, MOST_BY_PLACE, MOST_AT_ALL, LOCKED = 5, 25, 50, timedelta(minutes=15)
"""After so many failures nobody is let in by a name from an address, by any name from there (a whole office
may share one), or by that name from anywhere, until so long has passed (NIST SP 800-63B-4, 3.2.2, asks to
limit them). The last is so much larger because who knows a name could lock its owner out by it."""
_TOKEN_BYTES = 32


class SignIns:
    """The sign-ins of a database, seen by every process that uses it."""

    def __init__(self, database: Database) -> None:
        self.database, self.accounts = database, Accounts(database)

    def begin(self, account: Account, place: str) -> str:
        """Somebody signed in, from a place; returns the token for the browser."""
        token, moment = secrets.token_urlsafe(_TOKEN_BYTES), ids.now()
        values = {
            "digest": told(token),
            "account": account.id,
            "begun": moment,
            "seen": moment,
            "place": place,
        }
        with self.database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.begun < moment - LONGEST))
            connection.execute(insert(sign_ins).values(**values))
            _log(connection, account, Deed.SIGNED_IN, place)
        return token

    def who(self, token: str, there: bool = True) -> Account | None:
        """Who is signed in with a token; None for nobody, or after its end.

        `there`: note that they are, which what merely looks after a connection must not.
        """
        with self.database.reading() as connection:
            row = connection.execute(select(sign_ins).where(sign_ins.c.digest == told(token))).first()
        if row is None or since(row.begun, LONGEST) or since(row.seen, IDLE):
            return None
        found = self.accounts.with_id(row.account)
        if found is None or found.disabled:
            return None
        if there and since(row.seen, NOTED):
            with self.database.writing() as connection:
                own = sign_ins.c.digest == row.digest
                connection.execute(update(sign_ins).where(own).values(seen=ids.now()))
        return found

    def end(self, token: str, place: str) -> None:
        """Sign somebody out, with this browser's token alone."""
        found = self.who(token)
        with self.database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.digest == told(token)))
            if found is not None:
                _log(connection, found, Deed.SIGNED_OUT, place)

    def refused(self, account: Account, place: str) -> None:
        """Write down that somebody was not let in with an account."""
        with self.database.writing() as connection:
            _log(connection, account, Deed.REFUSED, place)

    def is_locked(self, limits: Mapping[str, int]) -> bool:
        """Count one more failure of each, unless there were as many as its limit of one of them; whether so.
        In one step, so that of many at once no more are let through; while it is locked nothing is
        counted, so that it ends."""
        with self.database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.last < ids.now() - LOCKED))
            digests = {told(about): most for about, most in limits.items()}
            rows = connection.execute(select(attempts).where(attempts.c.about.in_(digests))).all()
            counted = {row.about: row.failed for row in rows}
            if any(counted.get(digest, 0) >= most for digest, most in digests.items()):
                return True
            for digest in digests:
                values = {"failed": counted.get(digest, 0) + 1, "last": ids.now()}
                if digest in counted:
                    own = attempts.c.about == digest
                    connection.execute(update(attempts).where(own).values(**values))
                else:
                    connection.execute(insert(attempts).values(about=digest, **values))
            return False

    def is_first(self, about: str) -> bool:
        """Whether something that is good for a few minutes comes for the first time; it is noted."""
        own = attempts.c.about == told(about)
        with self.database.writing() as connection:
            if connection.execute(select(attempts.c.about).where(own)).first() is not None:
                return False
            connection.execute(insert(attempts).values(about=told(about), failed=0, last=ids.now()))
            return True

    def passed(self, forgotten: str, *less: str) -> None:
        """What was counted was none: no failures of one thing any longer, one less of others."""
        with self.database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.about == told(forgotten)))
            own = attempts.c.about.in_([told(about) for about in less]) & (attempts.c.failed > 0)
            connection.execute(update(attempts).where(own).values(failed=attempts.c.failed - 1))


def _log(connection: Connection, account: Account, what: Deed, place: str) -> None:
    about = account.workspace, account.name, what, Thing.ACCOUNT, account.id, account.shown
    logbook.add(connection, *about, place)
