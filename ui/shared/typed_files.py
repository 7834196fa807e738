"""Files that are made by typing: they join the open files, so that links, exports and readers know them.

Beside the invented SELPA they open its files as a person's own would be, still marked as invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cim_core.intake.bundle import Bundle, BundleFile
from cim_core.letters import entered
from cim_core.outlook import entered_counts
from cim_core.store import ids
from cim_core.store.dataset_rows import Files
from cim_core.store.logbook import Thing
from ui.shared import address, open_files
from ui.shared.shelf import shelf

_READERS: Mapping[str, Callable[[bytes], Sequence[object]]] = {
    entered.FILE: entered.loads,
    entered_counts.FILE: entered_counts.loads,
}
"""What reads each kind of file that is made by typing, and finds nothing in any other."""


def put(name: str, content: bytes) -> None:
    """Let a file made by typing take the place of its former version; empty content takes it away.

    A person's own file of that name, in another form, stays as it is. Nothing is done where the data of the
    link are not here: what was typed for them does not belong to the sample.
    """
    if open_files.link_is_lost():
        return
    sample, samples = _sample()
    now, files = open_files.bundle(), {}
    if now is None:
        now, files = sample, dict(samples)
    rest = replace(now, parts=tuple(part for part in now.parts if not _is_typed(part, name)))
    if content:
        digest = ids.digest(content)
        rest, files[digest] = rest.with_file(name, digest), (name, content)
    if rest == sample:
        address.choose(data=open_files.SAMPLE)
    else:
        kind = Thing.LETTER if name == entered.FILE else Thing.DATASET
        open_files.open_bundle(rest, files, kind)


def content_of(name: str) -> bytes:
    """What was typed so far; nothing where there is no such file."""
    now = open_files.bundle()
    for part in now.parts if now is not None else ():
        kept = shelf().get(part.digest)
        if _is_typed(part, name) and kept is not None:
            return kept[1]
    return b""


def _is_typed(part: BundleFile, name: str) -> bool:
    """Whether a file is one that typing made under a name; a number is behind it where another had it."""
    kept = shelf().get(part.digest)
    return part.file.startswith(name) and kept is not None and bool(_READERS[name](kept[1]))


def _sample() -> tuple[Bundle, Files]:
    """The invented SELPA as files."""
    found, files = Bundle(), {}
    for name in open_files.SAMPLE_FILES:
        content = (open_files.SAMPLES / name).read_bytes()
        found, files[ids.digest(content)] = found.with_file(name, ids.digest(content)), (name, content)
    return found, files
