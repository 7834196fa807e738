"""Headers of two rows: a name over several columns belongs to each of the names under it.

`5a` over `Rate`, `n`, `d` becomes `5a Rate`, `5a n`, `5a d`; `2023-24` over `5a`, `5b` becomes `2023-24 5a`,
`2023-24 5b`. In a workbook the name over them is often merged; in text files the cells after it are blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text, our_columns, spellings, years
from cim_core.intake.meanings.layout import HEADER_WITHIN, canonical, plain
from cim_core.intake.meanings.setting_names import setting

_PARTS = {
    "rate", "n", "num", "numerator", "d", "den", "denom", "denominator", "pct", "percent", "percentage",
    "count", "total", "value", "result", "target", "state_target", "target_met", "met", "n_size", "students",
    "number",
}  # fmt: skip
"""What stands under the name of an indicator."""
_SIGNS = {"%", "#", "%?"}


class _Over(NamedTuple):
    """A name in the upper of two rows, and the columns that it stands over."""

    name: str
    left: int
    right: int
    merged: bool


def joined(table: Table) -> Table:
    """The table with the upper of two header rows written into the lower one; row numbers stay true.

    Only where the two rows show that they belong together: a title over the table is no header.
    """
    changed: dict[int, list[str]] = {}
    for top in range(min(len(table.rows), HEADER_WITHIN) - 1):
        if top in changed:
            continue
        upper, lower = changed.get(top, table.rows[top]), table.rows[top + 1]
        if not any(upper) or not any(lower) or _holds_data(upper, lower):
            continue
        said = " ".join(filter(None, upper))
        if years.plain_years(said) != years.years_in(said):  # a year of monitoring is not that of the data
            continue
        both = _joined(upper, lower, list(_names_over(table, top)))
        if both is not None:
            changed[top], changed[top + 1] = both
    if not changed:
        return table
    return replace(table, rows=[changed.get(at, row) for at, row in enumerate(table.rows)])


def _names_over(table: Table, top: int) -> Iterator[_Over]:
    """The names of a row, each with the columns that it stands over: those merged, or the blanks after it."""
    upper = table.rows[top]
    width = max(len(upper), len(table.rows[top + 1]))
    ends = {left: (bottom, right) for (row, left), (bottom, right) in table.merged if row == top}
    filled = [at for at, cell in enumerate(upper) if cell]
    for at, after in zip(filled, [*filled[1:], width], strict=True):
        bottom, right = ends.get(at, (top, at))
        if right > at:
            yield _Over(upper[at], at, min(right, width - 1), merged=bottom == top)
        else:
            yield _Over(upper[at], at, after - 1, merged=False)


def _joined(upper: list[str], lower: list[str], over: list[_Over]) -> tuple[list[str], list[str]] | None:
    """What is left of the upper row, and the lower one with its names; None where they stand apart."""
    repeated = {name for name, n in Counter(cell for cell in lower if cell).items() if n > 1}
    names = lower + [""] * (len(upper) - len(lower))
    left = list(upper)
    found = False
    single = len({each.name for each in over}) == 1
    for line in over:
        under = _under(line, names)
        alone = single and not line.left
        if not under or alone or not _belongs(line, list(under.values()), repeated):
            continue
        found = True
        for at, name in under.items():
            names[at] = f"{line.name} {name}"
        left[line.left : line.right + 1] = [""] * (min(line.right + 1, len(left)) - line.left)
    if not found:
        return None
    _come_down(left, names)
    return (left if any(left) else []), names


def _under(over: _Over, names: list[str]) -> dict[int, str]:
    """Other names in the columns that one stands over, by their places."""
    places = range(over.left, over.right + 1)
    return {at: names[at] for at in places if names[at] and names[at] != over.name}


def _come_down(left: list[str], names: list[str]) -> None:
    """Names of the upper row with nothing, or the same, below them stand in the lower one."""
    for at, name in enumerate(left):
        if name and not names[at]:
            names[at], left[at] = name, ""
        elif name == names[at]:
            left[at] = ""


def _belongs(over: _Over, under: list[str], repeated: set[str]) -> bool:
    """Whether a name says what those under it are about."""
    if over.merged and len(under) > 1:
        return True
    if any(canonical(name) in ("lea_code", "lea_name", "selpa", "year") for name in under):
        return False
    if spellings.indicator(over.name)[0]:
        return all(plain(name) in _PARTS or name in _SIGNS for name in under)
    if years.years_in(over.name):
        return any(our_columns.column(name) or spellings.indicator(name)[0] for name in under)
    if sum(setting(f"{over.name} {name}") is not None for name in under) > 1:
        return True
    return all(name in repeated for name in under)


def _holds_data(upper: list[str], lower: list[str]) -> bool:
    """Whether two rows are data rather than names: a code, or numbers, stand in one of them."""
    both = [cell for cell in (*upper, *lower) if cell]
    coded = any(len(cell) > 5 and cell.isdecimal() for cell in both)
    return coded or any(
        isinstance(cell_text.number(cell), Decimal) and indicators.find(cell) is None for cell in both
    )
