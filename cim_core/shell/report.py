"""`report`: the page of an LEA as PDF, those of all LEAs of a year as a ZIP, a deck as slides."""

from __future__ import annotations

import argparse
import io
import zipfile
from datetime import date
from pathlib import Path

from cim_core import suppression
from cim_core.data.outside import without_invisible
from cim_core.export import documents
from cim_core.export.documents.receipt import receipt
from cim_core.export.meeting import Ground, Preset, all_made, preset
from cim_core.export.meeting.deck import loads
from cim_core.export.meeting.presets import PRESET_NAMED
from cim_core.placing.placement import Placements, place
from cim_core.rules.toml_table import MOST_LETTERS
from cim_core.shell.commands import emit, said, tell, text_of, wrong
from cim_core.shell.job import Job, open_job
from cim_core.shell.options import named
from cim_core.words.disclosure import WORKING, Audience, Disclosure
from cim_core.words.messages import HowMany

_DATED = (2026, 1, 1, 0, 0, 0)
"""In the archive instead of the time, so that equal data are equal bytes."""


def run(chosen: argparse.Namespace) -> int:
    """Make what was asked for; returns the exit code."""
    ending = ".pptx" if chosen.deck else ".pdf" if chosen.lea else ".zip"
    if Path(chosen.out).suffix.casefold() != ending:
        raise wrong("report.shell.ending", found=chosen.out)
    day = _day(chosen.day)
    job = open_job(chosen)
    if job is None:
        return 1
    placements = _seen(job, Audience(chosen.view))
    data = placements.dataset
    year = str(data.year[job.rows[0]]) if chosen.year else data.newest_year
    on = Ground.of(placements, year, day, _called(placements))
    row = on.row_of(without_invisible(chosen.lea).strip()) if chosen.lea else None
    if chosen.lea and row is None:
        tell(said("shell.no_such_lea", code=chosen.lea, file=chosen.file))
        return 1
    if chosen.deck:
        content = _deck(on, row, chosen)
    else:
        content = _all(on, chosen) if row is None else _one(on, row, chosen)
    emit(content, chosen.out, named(chosen))
    return 0


def _day(written: str | None) -> date:
    try:
        return date.fromisoformat(written) if written else date.today()
    except ValueError as error:
        raise wrong("report.shell.no_day", found=written or "") from error


def _seen(job: Job, audience: Audience) -> Placements:
    """The placements as an audience may know them."""
    whole = job.placements
    if audience.sees_everything:
        return whole
    public = suppression.public(job.dataset, audience)
    return suppression.as_known(place(public, whole.rulebook, job.reference), whole)


def _called(placements: Placements) -> str:
    """What the region is called: the SELPA, where there is one, else the file."""
    data = placements.dataset
    names = {name for name in data.selpa[data.looked_at].tolist() if name}
    return str(names.pop()) if len(names) == 1 else data.name


def _one(on: Ground, row: int, chosen: argparse.Namespace) -> bytes:
    data = on.placements.dataset
    lea = str(data.lea_code[row])
    paper = receipt("lea_report", on, row, _command(chosen, f"--lea {lea} --out {lea}.pdf", on))
    return documents.lea_report(documents.content(on, row, Disclosure(data.audience)), paper)


def _deck(on: Ground, row: int | None, chosen: argparse.Namespace) -> bytes:
    """A deck to begin with by its name, or one of a file, as slides."""
    data = on.placements.dataset
    lea = "" if row is None else str(data.lea_code[row])
    if chosen.deck in list(Preset):
        of = preset(Preset(chosen.deck), WORKING.say_id(PRESET_NAMED[Preset(chosen.deck)]), lea)
    else:
        of = loads(text_of(chosen.deck, MOST_LETTERS), Path(chosen.deck).name)
    cards = all_made(of, on)
    if not of.cards:
        raise wrong("report.shell.empty_deck", deck=chosen.deck)
    if len(cards) < len(of.cards):
        raise wrong("report.shell.no_cards", deck=chosen.deck, n=HowMany(len(of.cards) - len(cards)))
    about = f"--lea {lea} " if lea else ""
    paper = receipt("deck", on, row, _command(chosen, f"{about}--deck {chosen.deck} --out deck.pptx", on))
    return documents.slides(cards, of.title, Disclosure(data.audience), paper)


def _command(chosen: argparse.Namespace, about: str, on: Ground) -> str:
    """The command that makes a document again."""
    more = "" if on.placements.dataset.audience.sees_everything else f" --view {chosen.view}"
    day = f" --day {on.today.isoformat()} --year {on.year}"
    return f"python -m cim_core report {chosen.file} {about}{day}{more}"


def _all(on: Ground, chosen: argparse.Namespace) -> bytes:
    """The reports of all LEAs of the year in one ZIP, by their codes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in on.rows:
            member = zipfile.ZipInfo(f"{on.placements.dataset.lea_code[row]}.pdf", _DATED)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, _one(on, row, chosen))
    return out.getvalue()
