"""What the commands of the shell share: wrong usage, and the way out for data and for everything else."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from cim_core.data import outside, writing
from cim_core.data.outside import listed, quoted
from cim_core.words import messages
from cim_core.words.messages import HowMany, Message

OURS = Path(__file__).parent.parent
_STDIN = "-"


class UsageError(Exception):
    """Something on the command line that cannot be done."""


def said(message_id: str, **values: str | HowMany | Message | Iterable[str]) -> str:
    """A message of the shell; texts in it are quoted, lists of what is known are printed as lists."""
    return messages.render(Message(message_id, {name: _plain(value) for name, value in values.items()}), str)


def _plain(value: str | HowMany | Message | Iterable[str]) -> messages.Value:
    if isinstance(value, HowMany | Message):
        return value
    return quoted(value) if isinstance(value, str) else listed(value)


def wrong(message_id: str, **values: str | HowMany | Message | Iterable[str]) -> UsageError:
    """The exception for wrong usage, with `said`."""
    return UsageError(said(message_id, **values))


def emit(content: str | bytes, out: str | None, named: Iterable[Path]) -> None:
    """Print text, or write text or a document to `out`, never over a file that was named or is ours.

    Raises UsageError.
    """
    if out is None:
        assert isinstance(content, str)
        show(content)
        return
    path = Path(out)
    try:
        if out == _STDIN or outside.is_special(path):
            raise wrong("shell.out_no_file", path=out)
        if writing.same_as(path, named) is not None:
            raise wrong("shell.out_is_file", path=out)
        if path.resolve().is_relative_to(OURS):
            raise wrong("shell.out_is_ours", path=out)
        made = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
        writing.write(path, made)
    except (OSError, ValueError) as error:
        raise wrong("shell.cannot_write", path=out, reason=outside.why(error)) from error


def show(content: str) -> None:
    """Print data. Raises UsageError where that cannot be, BrokenPipeError where nobody reads on."""
    if sys.stdout is None:
        raise wrong("shell.no_stdout")
    try:
        sys.stdout.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        leave_stdout()
        raise wrong("shell.cannot_write", path="stdout", reason=outside.why(error)) from error


def leave_stdout() -> None:
    """Let what is still waiting to be printed go nowhere, so that Python does not try again at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def tell(line: str) -> None:
    """Say something that is not data; where nobody listens, nothing (print would take stdout for it)."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr)


def text_of(path: str, most: int) -> str:
    """The text of a file that was named. Raises UsageError."""
    try:
        return outside.read_text(Path(path), most)
    except (OSError, ValueError) as error:
        raise wrong("shell.cannot_read", path=path, reason=outside.why(error)) from error


def on_disk(path: str) -> None:
    """Raise UsageError for a data file that is none: stdin, a device, a pipe, a folder."""
    try:
        if path == _STDIN or outside.is_special(Path(path)):
            raise wrong("shell.no_file", path=path)
    except (OSError, ValueError) as error:
        raise wrong("shell.cannot_read", path=path, reason=outside.why(error)) from error
