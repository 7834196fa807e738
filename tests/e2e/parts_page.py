"""A page with every part of the design, for the picture in `docs/design.md`: no server, no data."""

from __future__ import annotations

from cim_core.placing.placement import Result
from cim_core.rules.tiers import NOT_PLACED, PLACEMENTS, UNIVERSAL, Placement
from ui.shared import parts, tokens
from ui.shared.drawing import Drawing
from ui.shared.frame import style

_TARGETED = [PLACEMENTS[f"Targeted Level {level}"] for level in (1, 2, 3)]
_EACH: list[Placement] = [UNIVERSAL, *_TARGETED, PLACEMENTS["Intensive"], NOT_PLACED]
_LOOK = """
body { margin: 0; padding: 24px 32px; background: var(--cim-bg); color: var(--cim-ink);
  font: 16px/1.4 "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; }
section.shown { display: grid; grid-template-columns: 110px 1fr; gap: 16px; margin-bottom: 14px; }
section.shown > span { font-size: 14px; color: var(--cim-ink-2); } a { color: var(--cim-link); }
"""


def _strip() -> str:
    drawing = Drawing(420, 40, "One student short of the target")
    drawing.line(10, 20, 410, 20, stroke="line", width=2)
    drawing.line(210, 8, 210, 32, stroke="ink", width=2)
    drawing.rect(184, 14, 12, 12, fill="ink")
    drawing.circle(260, 20, 6)
    drawing.diamond(330, 20)
    drawing.text(345, 25, "this LEA", 12, "ink-2")
    return f'<figure class="cim-picture">{drawing.svg()}</figure>'


def shown() -> list[tuple[str, str]]:
    """Each part: its name, and how it looks."""
    two, three = PLACEMENTS["Targeted Level 2"], PLACEMENTS["Targeted Level 3"]
    chips = [
        parts.Chip("Cedar Flat", "./", _TARGETED[0]),
        parts.Chip("Redbud", "./", two, marks=[parts.MORE, parts.DIFFERS]),
        parts.Chip("Oak Bend", "./", UNIVERSAL, settled=False, marks=[parts.LESS, parts.OPEN]),
    ]
    marks = [parts.mark(Result.MISSED), parts.mark(Result.MISSED, by_one=True), parts.mark(Result.MET)]
    rows = [["Quince Valley", parts.Html(parts.pill(_TARGETED[0])), "1/19", "1 → U"]]
    return [
        ("title", '<div class="cim-title"><h1>7 of 24 LEAs are in Targeted Level 3 or Intensive.</h1>'
                  '<p class="cim-lead">7 are more intensive than in 2023-24.</p></div>'),
        ("pill", " ".join(parts.pill(placement) for placement in _EACH)),
        ("badge", parts.badge("CDE's letter", two, "Targeted Level 2") + " "
                  + parts.badge("This tool's reading", three, "Targeted Level 3", ours=True)),
        ("chip_row", f'<div class="cim-rows">{parts.chip_row(3, "Targeted Level 1", chips)}</div>'),
        ("tag, trail", parts.tag("Fragile", "one student decides")
                       + parts.trail([("2022-23", UNIVERSAL, True), ("2023-24", _TARGETED[0], True)])),
        ("mark", " ".join([*marks, parts.mark(Result.TOO_FEW), parts.mark(Result.MISSING)])),
        ("tiles", parts.tiles([(two, "Targeted Level 2", "4 → 6", False), (NOT_PLACED, "", "1", False)])),
        ("card, listed", parts.card("Settle these first",
                                    parts.listed([(parts.pill(UNIVERSAL, False), "Oak Bend: findings?")]))),
        ("bars", parts.bars([("5a Regular class", 10, 23, "10 of 23"), ("8 Parents", 6, 23, "6 of 23")])),
        ("strip", _strip()),
        ("table", parts.table(["LEA", "Placement", "Missed", "To step down"], rows, (2, 3))),
        ("banner", parts.banner("Bands at 5% and 15%.", "Not CDE's rules.")),
        ("notes", parts.notes(["Ranks within this file are not statewide."])),
    ]  # fmt: skip


def html() -> str:
    """The whole page."""
    row = '<section class="shown"><span>{}</span><div>{}</div></section>'
    each = "".join(row.format(name, made) for name, made in shown())
    css = tokens.style() + style() + _LOOK
    return f"<!doctype html><meta charset=utf-8><style>{css}</style><body>{each}</body>"
