"""Writing files so that none is lost: into a temporary file beside it, onto the disk, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

_NEW_FILE = 0o666


def same_as(path: Path, others: Iterable[Path]) -> Path | None:
    """The first of some paths that is the same file as `path`, also by another name or link; else None."""
    for other in others:
        with contextlib.suppress(OSError, ValueError):
            if path.samefile(other):
                return other
    return None


def write(path: Path, content: bytes) -> None:
    """Put a file there, whole or not at all; one that is replaced keeps its permissions. Raises OSError.

    Where `path` is a symbolic link, the file it leads to is replaced and the link stays.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:60]}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    settle(target.parent)


@contextlib.contextmanager
def new(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written that is there once it is whole; nothing is left of one that is not.

    Raises FileExistsError where something has that name, before or after, and OSError.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(path))
        _take_name(Path(name), path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    settle(path.parent)


def _take_name(temporary: Path, path: Path) -> None:
    """Give a file a name that nobody else has taken since."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # some file systems have no second names
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        temporary.rename(path)
    else:
        temporary.unlink()


def _mode(target: Path) -> int:
    with contextlib.suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return _NEW_FILE & ~mask


def settle(folder: Path) -> None:
    """The new name onto the disk as well, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
