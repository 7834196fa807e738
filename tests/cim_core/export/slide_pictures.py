"""Slides as LibreOffice draws them: `python -m tests.cim_core.export.slide_pictures [FOLDER]`.

Without a folder: a sheet of the slides of two decks in `docs/screenshots/`. With one: every slide of every
deck, in color and in gray, to be looked at.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image

import run
from cim_core.export.meeting import Preset
from cim_core.words.disclosure import Audience
from tests.cim_core.export.test_slides import deck

SHEETS = {"slides_board": Preset.BOARD, "slides_team": Preset.TEAM}
ACROSS, GAP = 2, 12
_WIDE, _SHEET_WIDE = 1280, 640
_MOST_COLORS = 96
_LONGEST = 300


def drawn(decks: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """Decks as PDF by LibreOffice, in one start with settings of its own."""
    for name, content in decks.items():
        (folder / f"{name}.pptx").write_bytes(content)
    office = next(found for name in run.OFFICE if (found := shutil.which(name)))
    subprocess.run(
        [
            office, f"-env:UserInstallation={(folder / 'settings').as_uri()}", "--headless", "--convert-to",
            "pdf", "--outdir", str(folder), *(str(folder / f"{name}.pptx") for name in decks),
        ],
        check=True, capture_output=True, timeout=_LONGEST,
    )  # fmt: skip
    return {name: folder / f"{name}.pdf" for name in decks}


def pictures(pdf: Path, wide: int) -> list[Path]:
    """Each page of a PDF as PNG, in order."""
    wanted = ["-png", "-scale-to-x", str(wide), "-scale-to-y", "-1"]
    subprocess.run(["pdftoppm", *wanted, str(pdf), str(pdf.with_suffix(""))], check=True, timeout=_LONGEST)
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))


def sheet(slides: Iterable[Path]) -> Image.Image:
    """All slides of a deck on one picture, few to a row."""
    each = [Image.open(path).convert("RGB") for path in slides]
    wide, high = each[0].size
    down = -(-len(each) // ACROSS)
    size = ACROSS * (wide + GAP) + GAP, down * (high + GAP) + GAP
    whole = Image.new("RGB", size, "#868e98")
    for at, picture in enumerate(each):
        whole.paste(picture, (GAP + at % ACROSS * (wide + GAP), GAP + at // ACROSS * (high + GAP)))
    return whole.quantize(_MOST_COLORS)


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        if not arguments:
            decks = {name: deck(of)[1] for name, of in SHEETS.items()}
            for name, pdf in drawn(decks, Path(made)).items():
                target = run.ROOT / "docs" / "screenshots" / f"{name}.png"
                sheet(pictures(pdf, _SHEET_WIDE)).save(target, optimize=True)
            return
        folder = Path(arguments[0])
        folder.mkdir(parents=True, exist_ok=True)
        views = (Audience.WORKING, Audience.STRICT)
        decks = {f"{of}_{view}": deck(of, view)[1] for of in Preset for view in views}
        for pdf in drawn(decks, Path(made)).values():
            for path in pictures(pdf, _WIDE):
                picture = Image.open(path)
                picture.save(folder / path.name)
                picture.convert("L").save(folder / f"{path.stem}_gray.png")


if __name__ == "__main__":
    main(sys.argv[1:])
