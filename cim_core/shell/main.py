"""The same abilities from a shell: `python -m cim_core rulebooks | check | place | explain | …`.

Data go to stdout, everything else to stderr. Exit 0: fine; 1: the data are bad; 2: wrong usage.
What a command needs is imported when it runs: reading files and placing LEAs takes libraries that the list
of rulebooks does not.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cim_core.rules.toml_table import SchemaError
from cim_core.shell import options
from cim_core.shell.commands import UsageError, leave_stdout, said, show, tell

LOG = "CIM_LOG"
"""The environment variable that names a file for the details of what nobody expected."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        chosen = options.parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        options.check(chosen)
        code = _run(chosen)
        if sys.stdout is not None:
            show("")
        return code
    except (UsageError, SchemaError) as error:
        tell(str(error))
    except BrokenPipeError:  # whoever reads has seen enough
        leave_stdout()
        return 0
    except KeyboardInterrupt:
        leave_stdout()
        return 130
    except Exception as error:  # the last net: a person gets a sentence, the log the rest
        tell(said("shell.unexpected", kind=type(error).__name__, variable=LOG))
        _log(error)
    return 2


def _run(chosen: argparse.Namespace) -> int:
    if chosen.command == "rulebooks":
        from cim_core.shell import rulebooks

        return rulebooks.run(chosen)
    if chosen.command == "disproportionality":
        from cim_core.shell import disproportionality

        return disproportionality.run(chosen)
    if chosen.command == "reconcile":
        from cim_core.shell import reconcile

        return reconcile.run(chosen)
    if chosen.command == "report":
        from cim_core.shell import report

        return report.run(chosen)
    if chosen.command == "users":
        from cim_core.shell import users

        return users.run(chosen)
    if chosen.command == "verify":
        from cim_core.shell import verify

        return verify.run(chosen)
    if chosen.command == "store":
        from cim_core.shell import kept

        return kept.run(chosen)
    from cim_core.shell import place

    return place.run(chosen)


def _log(error: Exception) -> None:
    path = os.environ.get(LOG)
    if not path:
        return
    try:
        handler = logging.FileHandler(Path(path), encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError):
        return
    log = logging.getLogger("cim_core")
    log.addHandler(handler)
    log.error("unexpected", exc_info=error)
    log.removeHandler(handler)
    handler.close()
