"""What is served from a folder: by one alone, who leaves for other commands what they need to know."""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from cim_core.store.database import DATABASE
from deploy.settings import DeployError, serving_folder

LOCK, KEPT = "lock", "settings.json"


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else serves from a folder. The system frees the lock when its holder ends, however it ends."""
    with (folder / LOCK).open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DeployError(f"This is served already, from {folder}. End that first.") from error
        yield


def keep(serving: Path, values: Mapping[str, str]) -> None:
    """Keep what other commands need to know, for whoever serves alone."""
    file = serving / KEPT
    file.unlink(missing_ok=True)
    file.touch(0o600)
    file.write_text(json.dumps(values, indent=1), "utf-8")


def forget(serving: Path) -> None:
    """Nothing is served any longer."""
    with contextlib.suppress(OSError):
        (serving / KEPT).unlink(missing_ok=True)


def kept_settings(folder: Path) -> dict[str, str]:
    """What is served from a folder of data, for other commands. Raises DeployError."""
    serving = serving_folder(folder)
    try:
        with alone(serving):
            pass
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise DeployError(f"What is served from {serving} is another user's; ask as that one.") from error
    except DeployError:
        with contextlib.suppress(OSError, ValueError):
            return {str(name): str(value) for name, value in json.loads((serving / KEPT).read_text()).items()}
        raise DeployError("It is just being started. Try again in a moment.") from None
    raise DeployError(
        f"Nothing is served from {folder}. Start it first: python3 run.py serve (with the same CIM_DATA), or "
        f"name the database by {DATABASE}."
    )
