"""Whether two cells that mean the same say the same."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from cim_core.intake.meanings import cell_text


def more_exact(written: str, other: str) -> str | None:
    """The more exact of two texts that say the same (`53.2`, `53.24`), None where they do not."""
    if written.casefold() == other.casefold():
        return written
    first, second = cell_text.number(written), cell_text.number(other)
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        fewer = min(cell_text.decimals(first), cell_text.decimals(second))
        unit = Decimal(1).scaleb(-fewer)
        if abs(first) < 10**9 and abs(second) < 10**9:
            rounded = (number.quantize(unit, ROUND_HALF_UP) for number in (first, second))
            if len(set(rounded)) > 1:
                return None
            return written if cell_text.decimals(first) >= cell_text.decimals(second) else other
        return written if first == second else None
    said = cell_text.yes_no(written), cell_text.yes_no(other)
    return written if isinstance(said[0], bool) and said[0] == said[1] else None
