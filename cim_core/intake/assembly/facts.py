"""What a file says about an LEA beside its indicators: text → count, flag, percentile, text or a problem."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cim_core.data.facts import PERCENTILE_COLUMNS, Missing
from cim_core.intake.assembly.cell_checks import Scales
from cim_core.intake.meanings import cell_text, reasons

_COUNTS = ("swd", "disproportionate_years", "minor_findings", "enrollment")
_FLAGS = ("newly_disproportionate", "sig_dis", "cceis")
_LARGEST = 10**8


@dataclass(frozen=True)
class Bad:
    """A fact that cannot be read; `kind` names its problem."""

    kind: str


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
    return written if reasons.reason(written) is None else None


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
