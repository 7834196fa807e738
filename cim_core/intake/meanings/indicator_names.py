"""Names of indicators in cells (`Indicator 5a`, `5a - LRE`, `Regular Class 80% or more`) → their codes."""

from __future__ import annotations

from collections import Counter

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import spellings
from cim_core.intake.problems import Problem, Severity
from cim_core.words.messages import HowMany


class IndicatorNames:
    """Reads names of indicators, and remembers which were read by a guess and which were not read."""

    def __init__(self) -> None:
        self.guessed: Counter[tuple[str, str]] = Counter()
        self.unknown: dict[str, None] = {}

    def code(self, written: str) -> str | None:
        """The indicator that a cell names without doubt; None for none."""
        found = indicators.find(written)
        if found is None and written:
            found = spellings.sure(written)[0] or None
            if found is not None:
                self.guessed[written, found] += 1
            else:
                self.unknown[written] = None
        return found

    def said(self, table: Table) -> list[Problem]:
        """Which names were read by a guess, each once."""
        return [
            table.problem(
                "indicator_read",
                Severity.NOTE,
                table.told(written),
                label=indicators.get(code).title,
                n=HowMany(rows),
            )
            for (written, code), rows in self.guessed.items()
        ]

    @property
    def unread(self) -> tuple[str, ...]:
        """Names that look like an indicator and were not read."""
        return tuple(one for one in self.unknown if spellings.likely(one))
