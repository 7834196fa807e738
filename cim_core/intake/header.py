"""Headers of two rows: a cell merged over several columns belongs to each of the names under it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cim_core import indicators
from cim_core.intake import cells
from cim_core.intake.layout import HEADER_WITHIN
from cim_core.intake.tables import Table


def joined(table: Table) -> Table:
    """The table with the upper of two header rows written into the lower one: `5a` over `n`, `d` → `5a n`.

    Only where a merged cell does not stand alone in its row: a title over the whole table is no header.
    """
    rows = table.rows
    changed: dict[int, list[str]] = {}
    for (top, left), (bottom, right) in table.merged:
        if (
            left == right
            or top != bottom
            or top + 1 >= min(len(rows), HEADER_WITHIN)
            or left >= len(rows[top])
        ):
            continue
        name = rows[top][left]
        others = {cell for cell in rows[top] if cell and cell != name}
        under = [
            place for place in range(left, right + 1) if place < len(rows[top + 1]) and rows[top + 1][place]
        ]
        if not name or not (others or left) or len(under) < 2 or _holds_data(rows[top], rows[top + 1]):
            continue
        lower = changed.setdefault(top + 1, list(rows[top + 1]))
        for place in under:
            lower[place] = f"{name} {rows[top + 1][place]}"
    if not changed:
        return table
    upper = {at - 1 for at in changed}
    return replace(table, rows=[[] if at in upper else changed.get(at, row) for at, row in enumerate(rows)])


def _holds_data(upper: list[str], lower: list[str]) -> bool:
    """Whether two rows are data rather than names: a code, or numbers, stand in one of them."""
    both = [cell for cell in (*upper, *lower) if cell]
    coded = any(len(cell) > 5 and cell.isdecimal() for cell in both)
    return coded or any(
        isinstance(cells.number(cell), Decimal) and indicators.find(cell) is None for cell in both
    )
