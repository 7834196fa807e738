"""How old the data of a placement are: measured, published, which letter, what work can still change.

Steps in years are those of the rulebook (`cim_core.rules.lag`); what a letter says of itself goes before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cim_core.data.dataset import Dataset
from cim_core.placing.placement import Placements
from cim_core.rules.lag import Lag
from cim_core.why.years import rows_year_said
from cim_core.words.dates import day_said, written_day
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Message, message


@dataclass(frozen=True, slots=True)
class Aged:
    """How old the data of a year are, as school years; `letters` are several where letters name several.

    `running` is the school year of today, `leads_to` the monitoring year that its data lead to. What
    is `assumed` is named by the step's own word: `published`, `letter`, `leads_to`. `dated` are days that
    letters name.
    """

    measured: str
    measured_said: Message
    published: str
    letters: tuple[str, ...]
    dated: tuple[str, ...]
    running: str
    leads_to: str
    today: date
    assumed: frozenset[str]


def aged(placements: Placements, year: str, rows: Iterable[int], today: date) -> Aged | None:
    """How old the data of a year are, with the letters of some of its rows; None where it is no year."""
    lag, data = placements.rulebook.lag, placements.dataset
    if not lag.published.after(year):
        return None
    rows, running = list(rows), lag.year_of(today)
    letters, dated = _of_letters(data, rows)
    return Aged(
        measured=year,
        measured_said=rows_year_said(data, year, rows),
        published=lag.published.after(year),
        letters=letters or (() if dated else (lag.letter.after(year),)),
        dated=dated,
        running=running,
        leads_to=lag.letter.after(running),
        today=today,
        assumed=_assumed(lag, stated=bool(rows) and all(_tells(data, row) for row in rows)),
    )


def _tells(data: Dataset, row: int) -> bool:
    """Whether a row's own letter says which year it is for, or when it was written."""
    return bool(data.monitoring_year[row] or data.letter_date[row])


def _of_letters(data: Dataset, of: list[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The monitoring years and the days that letters name, each once, in order."""
    years, days = (
        {str(written) for written in column[of]} - {""} for column in (data.monitoring_year, data.letter_date)
    )
    return tuple(sorted(years)), tuple(sorted(days))


def _assumed(lag: Lag, stated: bool) -> frozenset[str]:
    parts = {"published": lag.published.assumed, "leads_to": lag.letter.assumed}
    parts["letter"] = lag.letter.assumed and not stated
    return frozenset(name for name, assumed in parts.items() if assumed)


def steps(of: Aged) -> tuple[Message, ...]:
    """The four steps, one short message each."""
    published = "lag.published" if of.published <= of.running else "lag.to_be_published"
    work = message("lag.work", year=of.running, letter=of.leads_to)
    return (
        message("lag.measured", year=of.measured_said),
        _marked(message(published, year=of.published), "published" in of.assumed),
        _marked(_letter(of), "letter" in of.assumed),
        _marked(work, "leads_to" in of.assumed),
    )


def _letter(of: Aged) -> Message:
    days = tuple(written_day(day) for day in of.dated)
    if not days:
        return message("lag.letter", year=of.letters)
    if not of.letters:
        return message("lag.letter_day", day=days)
    return message("lag.letter_dated", year=of.letters, day=days)


def _marked(step: Message, assumed: bool) -> Message:
    return message("lag.assumed", step=step) if assumed else step


def sentence(of: Aged) -> Message:
    """All steps in one line, with the day on which it is said."""
    measured, published, letter, work = steps(of)
    return message(
        "lag.sentence",
        measured=measured, published=published, letter=letter, work=work, day=day_said(of.today),
    )  # fmt: skip


def written(placements: Placements, row: int, disclosure: Disclosure, today: date) -> str | None:
    """`sentence` of one row, for files; None where its year is none."""
    old = aged(placements, str(placements.dataset.year[row]), (row,), today)
    return None if old is None else disclosure.say(sentence(old))


def of_row(placements: Placements, row: int, today: date) -> dict[str, str | list[str]] | None:
    """How old the data of a row are as plain values, with the names of what is assumed."""
    old = aged(placements, str(placements.dataset.year[row]), (row,), today)
    if old is None:
        return None
    return {
        "measured": old.measured,
        "published": old.published,
        "letters": list(old.letters),
        "letter_dates": list(old.dated),
        "running": old.running,
        "leads_to": old.leads_to,
        "today": old.today.isoformat(),
        "assumed": sorted(old.assumed),
    }
