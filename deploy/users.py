"""`python3 run.py users …`: the shell's `users`, on what is served.

python -m deploy.users WORDS…      as `python -m cim_core users WORDS…`
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from cim_core.store import database
from cim_core.store.database import DATABASE
from deploy.processes import become
from deploy.served import kept_settings
from deploy.settings import DeployError


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """With the database, the data and the address of what is served, unless a database is named. Raises
    DeployError where nothing is."""
    if variables.get(DATABASE):
        return dict(variables)
    return {**variables, **kept_settings(database.folder())}


def main(words: list[str]) -> int:
    """Become the shell's command."""
    try:
        given = environment(os.environ)
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    return become([sys.executable, "-m", "cim_core", "users", *words], given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
