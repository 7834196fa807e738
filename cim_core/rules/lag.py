"""How long data take to become a letter: measured, published, the letter's monitoring year.

A school year's data are published a year later and decide the letter of the year after that (method: the
letter and the work behind it); no public text fixes the steps, so they are assumed until a rulebook says
where they are confirmed. A California school year runs from 1 July (Education Code 37200).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cim_core.data import school_years
from cim_core.rules.sources import Provenance, Status

_UNSAID = Provenance("", Status.ASSUMED)


@dataclass(frozen=True, slots=True)
class LagStep:
    """How many years after the year that was measured something happens."""

    years_later: int
    provenance: Provenance = _UNSAID

    @property
    def assumed(self) -> bool:
        """Whether no public text says so."""
        return self.provenance.status is Status.ASSUMED

    def after(self, year: str) -> str:
        """The school year in which it happens for data of a year; empty for a text that is no year."""
        return school_years.later(year, self.years_later)


@dataclass(frozen=True, slots=True)
class YearBegins:
    """The first day of a school year."""

    month: int = 7
    day: int = 1
    provenance: Provenance = _UNSAID


@dataclass(frozen=True, slots=True)
class Lag:
    """The steps from a year's data to the letter; the defaults stand where a rulebook is silent."""

    published: LagStep = LagStep(1)
    letter: LagStep = LagStep(2)
    year_begins: YearBegins = YearBegins()

    def year_of(self, day: date) -> str:
        """The school year that runs on a day."""
        return school_years.of_day(day, self.year_begins.month, self.year_begins.day)
