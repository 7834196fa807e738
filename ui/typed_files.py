"""Files that are made by typing: they join the open files, so that links, exports and readers know them.

Beside the invented SELPA they open its files as a person's own would be, still marked as invented.
"""

from __future__ import annotations

from dataclasses import replace

from cim_core.intake.bundle import Bundle
from ui import state
from ui.memory_store import shelf


def put(name: str, content: bytes) -> None:
    """Let a file made by typing take the place of its former version; empty content takes it away."""
    now = state.bundle() or _sample()
    rest = replace(now, parts=tuple(part for part in now.parts if part.file != name))
    if content:
        rest = rest.with_file(name, shelf().put(name, content))
    if rest == _sample():
        state.choose(data=state.SAMPLE, files="")
    else:
        state.open_bundle(rest)


def content_of(name: str) -> bytes:
    """What was typed so far; nothing where there is no such file."""
    now = state.bundle()
    for part in now.parts if now is not None else ():
        kept = shelf().get(part.digest)
        if part.file == name and kept is not None:
            return kept[1]
    return b""


def _sample() -> Bundle:
    """The invented SELPA as files."""
    found = Bundle()
    for name in state.SAMPLE_FILES:
        found = found.with_file(name, shelf().put(name, (state.SAMPLES / name).read_bytes()))
    return found
