"""Parts: what people wrote is escaped, marks are heard, a placement has its name beside its code."""

from __future__ import annotations

from cim_core.placing.placement import Result
from cim_core.rules.tiers import NOT_PLACED, PLACEMENTS, UNIVERSAL
from ui.shared import parts
from ui.shared.drawing import Drawing

BAD = '<b onclick="x">&'


def test_what_people_wrote_is_escaped():
    shown = parts.Chip(BAD, f"lea?lea={BAD}", UNIVERSAL, marks=[parts.DIFFERS], said=BAD)
    made = [
        parts.badge(BAD, UNIVERSAL, BAD), parts.tag(BAD, BAD), parts.chip(shown),
        parts.chip_row(1, BAD, [shown]),
        parts.trail([(BAD, UNIVERSAL, True)]), parts.tiles([(UNIVERSAL, BAD, BAD, False)]),
        parts.link(BAD, BAD), parts.card(BAD, ""), parts.bars([(BAD, 1, 2, BAD)]), parts.banner(BAD, BAD),
        parts.notes([BAD]), parts.heading(BAD, BAD), parts.plain_lines([BAD]),
        parts.table([BAD], [[BAD], [parts.Link(BAD, BAD)]], caption=BAD),
    ]  # fmt: skip
    assert all("<b onclick" not in html and "&lt;b onclick" in html for html in made)


def test_a_pill_is_read_by_its_name():
    assert 'aria-label="Targeted Level 2"' in parts.pill(PLACEMENTS["Targeted Level 2"])
    assert "cim-hatch" in parts.pill(NOT_PLACED) and "cim-open" in parts.pill(UNIVERSAL, settled=False)


def test_missed_and_met_are_told_by_shape_and_word():
    marks = [parts.mark(Result.MISSED), parts.mark(Result.MISSED, by_one=True), parts.mark(Result.MET),
             parts.mark(Result.MISSING), parts.mark(Result.TOO_FEW)]  # fmt: skip
    assert len(set(marks)) == len(marks)
    assert all("aria-label" in mark and "cim-on-" not in mark for mark in marks)


def test_a_drawing_says_what_it_shows_and_can_be_saved():
    drawing = Drawing(200, 100, f"What is seen {BAD}")
    drawing.rect(0, 0, 20, 20, fill="T3", stroke="edge")
    drawing.text(5, 50, BAD)
    drawing.diamond(50, 50)
    drawing.link("lea?lea=1", "An LEA", lambda: drawing.circle(9, 9, 4))
    on_page, file = drawing.svg(), drawing.file()
    assert 'role="img"' in on_page and "<title>What is seen" in on_page and "<b " not in on_page
    assert "var(" in on_page and "var(" not in file and "#a94a17" in file
    assert drawing.png().startswith(b"\x89PNG") and drawing.png() == drawing.png()
