"""From the tables of any earlier release to those of now, wholly or not at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from cim_core.store.troubles import StoreError, Trouble

_FOLDER = Path(__file__).parent / "migrations"


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def config() -> Config:
    """What Alembic needs to know: where the steps are."""
    found = Config()
    found.set_main_option("script_location", str(_FOLDER))
    return found


def newest() -> str:
    """The newest form of the tables."""
    return str(_scripts().get_current_head())


def now(connection: Connection) -> str:
    """The form of the tables of a database; empty where there are none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(connection: Connection, where: str) -> None:
    """Bring a database to the newest form. Raises StoreError for one of a newer release.

    All steps stand in the transaction of the connection: whenever that is cut short, nothing has changed.
    """
    here = now(connection)
    if here == newest():
        return
    if here and here not in {one.revision for one in _scripts().walk_revisions()}:
        raise StoreError(Trouble.NEWER, where)
    told = config()
    told.attributes["connection"] = connection
    command.upgrade(told, "head")
