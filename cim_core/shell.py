"""What the commands of the shell share: wrong usage, and the way out for data and for everything else."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

from cim_core import words


class UsageError(Exception):
    """Something on the command line that cannot be done."""


def emit(content: str, out: str | None, files: Collection[Path]) -> None:
    """Print data, or write them to `out`; never over one of the files that were read. Raises UsageError."""
    if not out:
        sys.stdout.write(content)
        sys.stdout.flush()
        return
    if Path(out).resolve() in files:
        raise UsageError(words.text("shell.out_is_file", path=out))
    try:
        Path(out).write_text(content, "utf-8", newline="")
    except OSError as error:
        raise UsageError(words.text("shell.cannot_write", path=out, reason=error.strerror or "")) from error


def tell(line: str) -> None:
    """Say something that is not data."""
    print(line, file=sys.stderr)
