"""Time and size of each document, beside WeasyPrint (PDF of the same page) and Kaleido (the same picture).

`python -m benchmarks.documents`; both others are installed for benchmarks alone. The first of each is cold
and stands apart; ratios are those of the medians after it, all in one run.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from datetime import date

import plotly.graph_objects as go

from cim_core.export import documents
from cim_core.export.documents import Origin, council, making
from cim_core.export.meeting import Ground, Preset, preset
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import WORKING
from run import CHROMIUM
from ui.shared.drawing import Drawing
from ui.shared.placed import SAMPLES

TIMES = 5
WIDE, HIGH = 25, 24


def main() -> None:
    """Prints a line for each document."""
    taken = checked_files.read_path(SAMPLES / "invented_selpa.csv")
    placements = place(taken.dataset, rulebook_file.load(), reference.shipped())
    on = Ground.of(placements, "2024-25", date(2026, 11, 29), "Alder Valley SELPA", True)
    row, origin = on.rows[0], Origin()
    deck = preset(Preset.BOARD, "Board", "")
    print(f"{'document':<44}{'first':>10}{'next':>10}{'size':>10}")
    page = told("one-page report, PDF", lambda: making.lea_page(on, row, WORKING, origin))
    web = making.lea_web_page(on, row, WORKING, origin)
    other = told("  the same page as HTML by WeasyPrint", lambda: weasyprint(web))
    print(f"  {other / page:.1f} times as long")
    told("one page, HTML", lambda: making.lea_web_page(on, row, WORKING, origin))
    told("pages of 24 LEAs, ZIP", lambda: council.zipped(council.pages(on, WORKING, origin), on))
    told("board's slides, PPTX", lambda: making.deck_slides(on, None, WORKING, origin, deck, "board"))
    told("all tables, XLSX", lambda: making.tables_workbook(on, None, WORKING, origin))
    told("cover sheet", lambda: documents.cover_sheet(on, None, WORKING).encode())
    told("everything for a council, ZIP", lambda: council.zipped(council.everything(on, WORKING, origin), on))
    ours = told("a heat matrix, PNG", png)
    other = told("  the same by Plotly and Kaleido", kaleido)
    print(f"  {other / ours:.1f} times as long")


def told(name: str, make: Callable[[], bytes]) -> float:
    """Print how long the first and the next ones take, and the size; returns the median of the next ones."""
    taken = []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        made = make()
        taken.append(time.perf_counter() - begun)
    first, middle = taken[0], statistics.median(taken[1:])
    print(f"{name:<44}{first * 1000:>7.0f} ms{middle * 1000:>7.0f} ms{len(made) / 1000:>7.0f} KB")
    return middle


def weasyprint(page: bytes) -> bytes:
    """A page of HTML as tagged PDF by WeasyPrint."""
    import weasyprint as rival

    return bytes(rival.HTML(string=page.decode()).write_pdf(pdf_variant="pdf/ua-1"))


def cells() -> list[list[int]]:
    """What is drawn by both: a number for each LEA and indicator."""
    return [[(line * 7 + column * 3) % 5 for column in range(WIDE)] for line in range(HIGH)]


def png() -> bytes:
    """The matrix drawn as SVG, and that as points by resvg."""
    picture = Drawing(800, 600, "A heat matrix")
    fills = ("bg", "surface", "line", "ink-2", "ink")
    for line, each in enumerate(cells()):
        picture.text(4, line * 24 + 18, f"LEA {line}")
        for column, value in enumerate(each):
            picture.rect(100 + column * 28, line * 24, 26, 22, fill=fills[value])
    return picture.png()


def kaleido() -> bytes:
    """The matrix by Plotly, as points by Kaleido and a browser."""
    import kaleido as rival

    figure = go.Figure(go.Heatmap(z=cells(), y=[f"LEA {line}" for line in range(HIGH)], showscale=False))
    os.environ.setdefault("BROWSER_PATH", CHROMIUM[0])
    options = {"format": "png", "width": 800, "height": 600, "scale": 2}
    return bytes(asyncio.run(rival.calc_fig(figure, opts=options)))


if __name__ == "__main__":
    main()
