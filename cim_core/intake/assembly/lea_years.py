"""How many LEAs and years the files together are about: counted before any cell of them is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cim_core.data.dataset import lea_key
from cim_core.intake import limits
from cim_core.intake.meanings.layout import Reading
from cim_core.intake.problems import refuse

_Key = tuple[str, str]


class LeaYears:
    """The LEAs and years of the files that were taken in so far."""

    def __init__(self) -> None:
        self.seen: set[_Key] = set()

    def take(self, readings: Sequence[Reading], file: str) -> None:
        """Count one more file, or refuse it (UnreadableFileError) where together they are too many."""
        together = self.seen | _keys(readings)
        leas = len({lea for lea, _ in together}) if len(together) > limits.MAX_LEAS else 0
        if leas > limits.MAX_LEAS:
            raise refuse(file, "too_many_leas", f"{leas:,}", limit=f"{limits.MAX_LEAS:,}")
        if len(together) > limits.MAX_LEA_YEARS:
            raise refuse(file, "too_many_lea_years", f"{len(together):,}", limit=f"{limits.MAX_LEA_YEARS:,}")
        self.seen = together


def _keys(readings: Iterable[Reading]) -> set[_Key]:
    """LEA (its code, else its name) and year of every row, as written."""
    written = {
        (one.identity.get("lea_code") or one.identity.get("lea_name", ""), one.identity.get("year", ""))
        for reading in readings
        for one in reading.records
    }
    return {(lea_key(lea), year) for lea, year in written}
