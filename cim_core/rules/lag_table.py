"""Reading the table `[lag]` of a rulebook: how long data take to become a letter."""

from __future__ import annotations

from collections.abc import Callable

from cim_core.rules.lag import Lag, LagStep, YearBegins
from cim_core.rules.sources import Provenance
from cim_core.rules.toml_table import TomlTable

_LONGEST = 10
_ProvenanceOf = Callable[[TomlTable], Provenance]


def read(top: TomlTable, provenance: _ProvenanceOf) -> Lag:
    """The lag of a rulebook; the default, marked as assumed, for what it leaves out. Raises SchemaError."""
    top.asked.add("lag")
    default = Lag()
    if not top.has("lag"):
        return default
    table = top.table("lag")
    lag = Lag(
        published=_step(table, "published", default.published, provenance),
        letter=_step(table, "letter", default.letter, provenance),
        year_begins=_year_begins(table, default.year_begins, provenance),
    )
    table.done()
    if lag.letter.years_later < lag.published.years_later:
        raise table.fail("letter", "a letter no earlier than its data are published")
    return lag


def _step(lag: TomlTable, name: str, default: LagStep, provenance: _ProvenanceOf) -> LagStep:
    table = _part(lag, name)
    if table is None:
        return default
    years = table.whole("years_later")
    if years > _LONGEST:
        raise table.fail("years_later", f"a whole number from 0 to {_LONGEST}")
    step = LagStep(years, _said(table, default.provenance, provenance))
    table.done()
    return step


def _year_begins(lag: TomlTable, default: YearBegins, provenance: _ProvenanceOf) -> YearBegins:
    table = _part(lag, "year_begins")
    if table is None:
        return default
    month, day = table.whole("month", 1), table.whole("day", 1)
    if month > 12:
        raise table.fail("month", "a month from 1 to 12")
    if day > 28:
        raise table.fail("day", "a day that every month has, from 1 to 28")
    begins = YearBegins(month, day, _said(table, default.provenance, provenance))
    table.done()
    return begins


def _part(lag: TomlTable, name: str) -> TomlTable | None:
    lag.asked.add(name)
    return lag.table(name) if lag.has(name) else None


def _said(table: TomlTable, default: Provenance, provenance: _ProvenanceOf) -> Provenance:
    table.asked |= {"source", "status", "note"}
    return provenance(table) if table.has("source") else default
