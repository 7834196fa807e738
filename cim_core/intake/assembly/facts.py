"""What a file says about an LEA beside its indicators: text → count, flag, percentile, text or a problem."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cim_core.data.facts import PERCENTILE_COLUMNS, Missing
from cim_core.intake.assembly.cell_checks import Scales
from cim_core.intake.meanings import cell_text, dates, reasons
from cim_core.intake.meanings.placement_words import placements_said

_COUNTS = ("swd", "disproportionate_years", "minor_findings", "enrollment")
_FLAGS = ("newly_disproportionate", "sig_dis", "cceis")
_DATES = ("letter_date", "as_of")
_LARGEST = 10**8


@dataclass(frozen=True)
class Bad:
    """A fact that cannot be read; `kind` names its problem, `kept` is what stays of it."""

    kind: str
    kept: str = ""


def value_of(name: str, written: str, scales: Scales) -> object:
    """The value of a fact, None for unknown, or `Bad`."""
    if name in scales.unanswered and "%" not in written:
        return None
    if name in _FLAGS:
        flag = cell_text.yes_no(written)
        return Bad("bad_flag") if flag is None else None if isinstance(flag, Missing) else flag
    if name in _COUNTS:
        return _count(written)
    if name in PERCENTILE_COLUMNS:
        return _percentile(written, name in scales.fractions)
    return None if reasons.reason(written) is not None else _of_letter(name, written)


def _of_letter(name: str, written: str) -> str | Bad:
    """A text as it stands; dates, monitoring years and placements only where they can be read."""
    if name in _DATES:
        return dates.date(written) or Bad("bad_date", written if name == "letter_date" else "")
    if name == "monitoring_year":
        return dates.monitoring_year(written) or Bad("bad_monitoring_year", written)
    if name == "cde_placement" and not placements_said(written):
        return Bad("bad_cde_placement", written)
    return written


def same(name: str, kept: object, value: object) -> bool:
    """Whether two values of a fact say the same; letters may spell one placement in two ways."""
    if name == "cde_placement" and isinstance(kept, str) and isinstance(value, str):
        return kept == value or placements_said(kept) == placements_said(value) != ()
    return kept == value


def _count(written: str) -> int | Bad | None:
    number = cell_text.number(written)
    if isinstance(number, Missing):
        return None
    if number is None or "%" in written or number != int(number) or not 0 <= number < _LARGEST:
        return Bad("bad_count")
    return int(number)


def _percentile(written: str, fraction: bool) -> Decimal | Bad | None:
    number = cell_text.number(written)
    if isinstance(number, Missing):
        return None
    if number is None:
        return Bad("bad_percentile")
    number = number.scaleb(2) if fraction and "%" not in written else number
    return number if 0 <= number <= 100 else Bad("bad_percentile")
