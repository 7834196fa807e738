"""The shell's `store`: backups, the way back, checks, taking a workspace away and in."""

from __future__ import annotations

import argparse
from pathlib import Path

from cim_core.access.identity import Right
from cim_core.data.outside import quoted
from cim_core.placing.apart import Apart
from cim_core.shell import workspace
from cim_core.shell.commands import on_disk, show, tell
from cim_core.store import backups, merging, takeaway
from cim_core.store.checking import check
from cim_core.store.database import Database, file_of, url
from cim_core.store.faults import AwayError, Refusal, RefusedError
from cim_core.store.troubles import StoreError
from cim_core.words.disclosure import WORKING
from cim_core.words.messages import Message, message


def run(chosen: argparse.Namespace) -> int:
    """Run one of the commands on the store; returns the exit code."""
    actions = {"backup": _backup, "restore": _restore, "check": _check, "export": _export, "import": _import}
    try:
        return actions[chosen.action](chosen)
    except (AwayError, StoreError) as error:
        _tell(error.said)
        return 1


def _backup(chosen: argparse.Namespace) -> int:
    database = _present()
    _tell(backups.backup(database, Path(chosen.file)))
    database.close()
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    on_disk(chosen.file)
    for said in backups.restore(url(), Path(chosen.file), chosen.aside):
        _tell(said)
    return 0


def _check(chosen: argparse.Namespace) -> int:
    database = _present()
    checked = check(database)
    database.close()
    for wrong in checked.wrong:
        show(WORKING.say(wrong) + "\n")
    _tell(checked.said)
    return 1 if checked.wrong else 0


def _export(chosen: argparse.Namespace) -> int:
    database = _present()
    name = takeaway.export(workspace.whose(database, chosen.as_whom, Right.WORK), Path(chosen.file))
    _tell(message("store.away.done.exported", name=quoted(name), where=quoted(chosen.file, 400)))
    database.close()
    return 0


def _import(chosen: argparse.Namespace) -> int:
    on_disk(chosen.file)
    database, apart = Database(), Apart()
    try:
        store = workspace.whose(database, chosen.as_whom, Right.WORK)
        done = merging.import_(store, Path(chosen.file), apart.about_students)
    finally:
        apart.close()
        database.close()
    for said in done.said:
        _tell(said)
    return 0


def _present() -> Database:
    """The database, where there is one: an empty one in its place would be taken for everything kept."""
    where = url()
    path = file_of(where)
    if path is not None and not path.exists():
        raise RefusedError(Refusal.NO_STORE, str(path))
    return Database(where)


def _tell(said: Message) -> None:
    tell(WORKING.say(said))
