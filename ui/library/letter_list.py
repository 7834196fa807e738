"""Letters that were typed, by dataset: whose, of which years, and the way to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cim_core.intake import bundle as bundles
from cim_core.letters import entered
from cim_core.store.kept import KeptDataset
from ui.shared import address, open_files, parts
from ui.shared.shelf import SET, shelf
from ui.shared.words_on_screen import head_of, t

_MOST = 100
"""Datasets that are looked into, the ones that were changed last."""


def show(kept: Sequence[KeptDataset], wanted: Callable[[str], bool]) -> None:
    """A line for each dataset with typed letters of which one is `wanted`, or which is so itself."""
    lines = [line for of in kept[:_MOST] if (line := _line(of, wanted)) is not None]
    if lines:
        parts.show(
            parts.table(
                head_of("head.dataset", "head.letters_of", "head.years"), lines, css="cim-kept-letters"
            )
        )
    else:
        parts.show(parts.plain_lines([t("library.no_letters")]))


def _line(of: KeptDataset, wanted: Callable[[str], bool]) -> list[parts.Cell] | None:
    bundle = bundles.loads(of.bundle)
    digests = [part.digest for part in bundle.parts if part.file.startswith(entered.FILE)]
    contents = [found[1] for digest in digests if (found := shelf().get(digest)) is not None]
    letters = [letter for content in contents for letter in entered.loads(content)]
    each = sorted(f"{letter.lea_name or letter.lea_code}: {letter.cde_placement}" for letter in letters)
    if not any(map(wanted, (of.name, *each))) or not each:
        return None
    left = open_files.as_left(SET + of.newest, bundle)
    link = address.to("letters", **left, year="", lea="", scenario="")
    return [
        parts.Link(of.name, link),
        ", ".join(each),
        ", ".join(sorted({letter.year for letter in letters})),
    ]
