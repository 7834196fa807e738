"""Start in a year that is not over: who is nearest to a further miss."""

from __future__ import annotations

from cim_core.outlook import margins, so_far
from ui.shared import html_parts, parts, results, tables
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, t


def nearest(view: View) -> None:
    """On Start, in a year that is not over: which LEA is nearest to a further miss, by how many students."""
    rows = view.placements.dataset.rows_of_year(view.year).tolist()
    found = _nearest(results.key(view), view.year, view, rows)
    parts.show(parts.heading(t("so_far.nearest")))
    if not found:
        parts.show(parts.plain_lines([t("so_far.nearest_none")]))
        return
    shown = html_parts.page_of(range(len(found)), f"so_far_page_{view.year}")
    lines: list[list[html_parts.Cell]] = [
        [tables.lea_link(view.placements, row), gate().say(one.indicator.title), gate().say(one.said)]
        for row, one in (found[at] for at in shown)
    ]
    html_parts.table(head_of("head.lea", "head.indicator", "so_far.head.said"), lines)


@kept
def _nearest(key: str, year: str, _view: View, _rows: list[int]) -> tuple[tuple[int, so_far.SoFar], ...]:
    return so_far.nearest(_view.placements, _rows, margins(_view.placements))
