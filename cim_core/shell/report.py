"""`report`: documents of an LEA, of all LEAs of a year, of a deck, and all of them for a council."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cim_core import suppression
from cim_core.data.outside import without_invisible
from cim_core.export import documents
from cim_core.export.documents import archive, council, making
from cim_core.export.documents.receipt import Origin
from cim_core.export.documents.tables import TableName, tables
from cim_core.export.meeting import Ground, Preset, all_made, preset
from cim_core.export.meeting.deck import Deck, loads
from cim_core.export.meeting.presets import OF_LEA, PRESET_NAMED
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import ReferenceKind
from cim_core.rules.toml_table import MOST_LETTERS
from cim_core.shell import under, workspace
from cim_core.shell.commands import emit, said, tell, text_of, wrong
from cim_core.shell.job import Job, open_job
from cim_core.shell.options import named
from cim_core.shell.sources import is_sample, sources_of
from cim_core.words.disclosure import WORKING, Audience, Disclosure
from cim_core.words.messages import HowMany, message

_KINDS = (ReferenceKind.NONE.value, ReferenceKind.WITHIN.value)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What documents are made from: a ground, the row of one LEA or None for all, the options."""

    on: Ground
    row: int | None
    origin: Origin
    chosen: argparse.Namespace

    @property
    def gate(self) -> Disclosure:
        return Disclosure(self.on.placements.dataset.audience)

    @property
    def rows(self) -> list[int]:
        return self.on.rows if self.row is None else [self.row]


def run(chosen: argparse.Namespace) -> int:
    """Make what was asked for; returns the exit code."""
    make = _maker(chosen)
    audience = Audience(chosen.view)
    if not audience.sees_everything and chosen.reference not in (None, *_KINDS):
        raise wrong("report.shell.public_reference")
    day = _day(chosen.day)
    job = open_job(chosen)
    if job is None:
        return 1
    placements = seen(job.placements, audience, job)
    year = str(job.dataset.year[job.rows[0]]) if chosen.year else job.dataset.newest_year
    if year not in job.dataset.closed_years:
        raise wrong("report.shell.not_over", year=year)
    sources = sources_of(chosen, job)
    known = under.finder(placements, job.reference)
    on = Ground.of(placements, year, day, _called(placements), is_sample(sources), known)
    row = on.row_of(without_invisible(chosen.lea).strip()) if chosen.lea else None
    if chosen.lea and row not in on.rows:
        tell(said("shell.no_such_lea", code=chosen.lea, file=chosen.file))
        return 1
    key = "" if audience.sees_everything else workspace.key(chosen.as_whom)
    emit(make(_Asked(on, row, Origin(sources, key), chosen)), chosen.out, named(chosen))
    return 0


def _maker(chosen: argparse.Namespace) -> Callable[[_Asked], bytes]:
    """What makes a document, by the ending of its name. Raises UsageError where the options do not fit it."""
    ending = Path(chosen.out).suffix.casefold()
    of_lea, of_all = ending in (".pdf", ".html"), ending == ".zip"
    fits = ending in _MAKERS and not (of_lea and not chosen.lea or of_all and chosen.lea)
    if ending in _MAKERS and of_all and chosen.lea:
        raise wrong("report.shell.together", first="--lea", second=".zip", found=chosen.out)
    options = {"--deck": ".pptx", "--council": ".zip", "--table": ".csv"}
    for option, needs in options.items():
        given = getattr(chosen, option.removeprefix("--"))
        if given and ending != needs and fits:
            raise wrong("report.shell.together", first=option, second=ending, found=chosen.out)
    if not fits:
        raise wrong("report.shell.ending", found=chosen.out)
    return _MAKERS[ending]


def _day(written: str | None) -> date:
    try:
        day = date.fromisoformat(written) if written else date.today()
        if not archive.FIRST <= day.year <= archive.LAST:
            raise ValueError(day)
    except ValueError as error:
        raise wrong("report.shell.no_day", found=written or "") from error
    return day


def seen(whole: Placements, audience: Audience, job: Job) -> Placements:
    """The placements as an audience may know them."""
    if audience.sees_everything:
        return whole
    public = suppression.public(job.dataset, audience)
    return suppression.as_known(place(public, whole.rulebook, job.reference), whole)


def _called(placements: Placements) -> str:
    """What the region is called: the SELPA, where there is one, else the file."""
    data = placements.dataset
    names = set(data.selpa[data.looked_at].tolist())
    if len(names) == 1 and (name := str(names.pop())):
        return name
    return (
        WORKING.say(message("report.several", n=HowMany(len(names - {""})))) if len(names) > 1 else data.name
    )


def _page(of: _Asked) -> bytes:
    assert of.row is not None
    return making.lea_page(of.on, of.row, of.gate, of.origin)


def _web_page(of: _Asked) -> bytes:
    assert of.row is not None
    return making.lea_web_page(of.on, of.row, of.gate, of.origin)


def _slides(of: _Asked) -> bytes:
    """A deck to begin with by its name, or one of a file, as slides."""
    deck, name = _deck(of)
    lost = len(deck.cards) - len(all_made(deck, of.on))
    if not deck.cards:
        raise wrong("report.shell.empty_deck", deck=name)
    if lost:
        raise wrong("report.shell.no_cards", deck=name, n=HowMany(lost))
    return making.deck_slides(of.on, of.row, of.gate, of.origin, deck, name)


def _deck(of: _Asked) -> tuple[Deck, str]:
    """The deck and how it was named; without a name a board's, or for one LEA its team's."""
    name = of.chosen.deck or (Preset.BOARD if of.row is None else Preset.TEAM).value
    if name not in list(Preset):
        return loads(text_of(name, MOST_LETTERS), Path(name).name), name
    wanted = Preset(name)
    data = of.on.placements.dataset
    lea = "" if of.row is None or wanted not in OF_LEA else str(data.lea_code[of.row])
    return preset(wanted, WORKING.say_id(PRESET_NAMED[wanted]), lea), name


def _zip(of: _Asked) -> bytes:
    """The pages of all LEAs by their codes, or everything for a council."""
    make = council.everything if of.chosen.council else council.pages
    return council.zipped(make(of.on, of.gate, of.origin), of.on)


def _workbook(of: _Asked) -> bytes:
    return making.tables_workbook(of.on, of.row, of.gate, of.origin)


def _table(of: _Asked) -> bytes:
    name = TableName(of.chosen.table or TableName.PLACEMENTS)
    return next(table.csv() for table in tables(of.on, of.rows, of.gate) if table.name is name)


def _cover(of: _Asked) -> bytes:
    return documents.cover_sheet(of.on, of.row, of.gate).encode("utf-8-sig")


_MAKERS: Mapping[str, Callable[[_Asked], bytes]] = {
    ".pdf": _page,
    ".html": _web_page,
    ".pptx": _slides,
    ".zip": _zip,
    ".xlsx": _workbook,
    ".csv": _table,
    ".txt": _cover,
}
