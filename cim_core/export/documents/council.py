"""Everything for a council in one ZIP: the region's slides, a page of each LEA, tables, a cover sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from cim_core.export.documents import archive, making
from cim_core.export.documents.cover_sheet import cover_sheet
from cim_core.export.documents.receipt import DocumentKind, Origin
from cim_core.export.documents.tables import Table, TableName, tables
from cim_core.export.meeting import Preset, preset
from cim_core.export.meeting.ground import Ground
from cim_core.export.meeting.presets import PRESET_NAMED
from cim_core.words.disclosure import Disclosure

DECK, COVER, RECEIPT = "region.pptx", "cover_sheet.txt", "receipt.json"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the ZIP, made when its turn comes."""

    name: str
    make: Callable[[], bytes]


def zipped(parts: Iterable[Part], on: Ground, progress: Progress = lambda done, of, name: None) -> bytes:
    """The parts in one ZIP; `progress` is told how many of how many are done, and which comes next.

    What `progress` raises ends it, and nothing is kept.
    """
    every, made = list(parts), []
    for done, part in enumerate(every):
        progress(done, len(every), part.name)
        made.append((part.name, part.make()))
    progress(len(every), len(every), "")
    return archive.zipped(made, on.today)


def pages(on: Ground, gate: Disclosure, origin: Origin, folder: str = "") -> list[Part]:
    """The page of each LEA of the year, by its code."""
    codes = on.placements.dataset.lea_code
    return [
        Part(f"{folder}{codes[row]}.pdf", partial(making.lea_page, on, row, gate, origin)) for row in on.rows
    ]


def everything(on: Ground, gate: Disclosure, origin: Origin) -> list[Part]:
    """All documents of a region and year; the receipt says how to make them again."""
    found = [Part(DECK, partial(_deck, on, gate, origin)), *pages(on, gate, origin, "leas/")]
    made = cache(lambda: {table.name: table for table in tables(on, on.rows, gate)})
    found += [Part(f"{name}.csv", partial(_table, made, name)) for name in TableName]
    attached = [part.name for part in found]
    cover = Part(COVER, lambda: cover_sheet(on, None, gate, attached).encode("utf-8-sig"))
    paper = origin.receipt(DocumentKind.COUNCIL, on, None, ["--council", "--out", "council.zip"])
    return [*found, cover, Part(RECEIPT, lambda: paper.json().encode())]


def _table(made: Callable[[], Mapping[TableName, Table]], name: TableName) -> bytes:
    return made()[name].csv()


def _deck(on: Ground, gate: Disclosure, origin: Origin) -> bytes:
    of = preset(Preset.COUNCIL, gate.say_id(PRESET_NAMED[Preset.COUNCIL]), "")
    return making.deck_slides(on, None, gate, origin, of, Preset.COUNCIL.value)
