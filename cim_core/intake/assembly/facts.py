"""What a file says about an LEA beside its indicators: text → count, flag, percentile, text or a problem."""

from __future__ import annotations

from dataclasses import dataclass

from cim_core.data.dataset import Missing
from cim_core.intake.assembly.cell_checks import Scales
from cim_core.intake.meanings import cell_text, reasons

_COUNTS = ("swd", "disproportionate_years", "minor_findings", "enrollment")
_FLAGS = ("newly_disproportionate", "sig_dis", "cceis")
_PERCENTILES = ("percentile", "preschool_percentile")
_LARGEST = 10**8


@dataclass(frozen=True)
class Bad:
    """A fact that cannot be read; `kind` names its problem."""

    kind: str


def read(name: str, written: str, scales: Scales) -> object:
    """The value of a fact, None for unknown, or `Bad`."""
    if name in scales.unanswered and "%" not in written:
        return None
    if name in _FLAGS:
        flag = cell_text.yes_no(written)
        return Bad("bad_flag") if flag is None else None if isinstance(flag, Missing) else flag
    if name not in (*_COUNTS, *_PERCENTILES):
        return written if reasons.reason(written) is None else None
    number = cell_text.number(written)
    if isinstance(number, Missing):
        return None
    if number is None or (name in _COUNTS and "%" in written):
        return Bad("bad_percentile" if name in _PERCENTILES else "bad_count")
    if name in _PERCENTILES:
        number = number.scaleb(2) if name in scales.fractions and "%" not in written else number
        return number if 0 <= number <= 100 else Bad("bad_percentile")
    return int(number) if number == int(number) and 0 <= number < _LARGEST else Bad("bad_count")
