"""One slide: its parts in the order in which they are read."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from cim_core.export.documents.slide_table import Table, table
from cim_core.export.look import LIGHT, tier
from cim_core.export.meeting.card import Bars, Card, Dots, Picture
from cim_core.words.disclosure import Disclosure

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT = Inches(0.67)
INNER = WIDE - 2 * LEFT
_FONT = "Calibri"
_LANGUAGES = {"en": "en-US"}
_UNDER, _BODY, _SMALL = Pt(20), Pt(16), Pt(11)
_SENTENCE = ((60, Pt(32)), (110, Pt(26)), (1000, Pt(20)))
"""The size of a sentence of at most so many characters: two lines of it fit."""
_TABLE = (20, 16, 14, 12, 10, 8)
"""The sizes of a table's type in points: the first at which it fits is taken."""
_HIGH = 4.2
"""Inches between the top of a picture and the foot."""
_TOP, _FOOT = Inches(2.4), Inches(6.85)


class Slide:
    """One slide: its parts in the order in which they are read."""

    def __init__(self, deck: Any, gate: Disclosure, number: int) -> None:
        self.gate, self.number = gate, number
        self.slide = deck.slides.add_slide(deck.slide_layouts[0])
        self.language = language(gate)

    def draw(self, card: Card, taken: set[str]) -> None:
        """Everything of a card; `taken` are the titles of the slides before."""
        say = self.gate.say
        sentence = say(card.sentence)
        while sentence in taken:
            sentence = f"{sentence} ({self.number})"
        taken.add(sentence)
        self._title(sentence)
        asked = [say(card.question), *([say(card.banner)] if card.banner is not None else [])]
        self._text(" · ".join([*self._who(card), *asked]), Inches(0.35), Inches(0.4), _BODY, "ink-2")
        if card.under is not None:
            self._text(say(card.under), Inches(1.8), Inches(0.45), _UNDER, "ink-2")
        left = LEFT
        if card.number is not None and card.number_said is not None:
            left = Inches(4.6)
            self._text(
                self.gate.number(card.number), _TOP, Inches(2.0), Pt(120), "ink", Inches(3.6), bold=True
            )
            self._text(say(card.number_said), Inches(4.5), Inches(1.2), _UNDER, "ink", Inches(3.6))
        self._picture(card.picture, left, sentence)
        foot = " · ".join([say(card.source), *([say(card.lag)] if card.lag is not None else [])])
        self._text(foot, _FOOT, Inches(0.4), _SMALL, "ink-2")
        notes = [say(note) for note in card.notes]
        self.slide.notes_slide.notes_text_frame.text = "\n".join([*notes, foot])
        self._speak(self.slide.notes_slide.notes_text_frame)

    def _who(self, card: Card) -> list[str]:
        """Who says where an LEA is."""
        if card.reading is None:
            return []
        said = [f"{self.gate.say_id('lea_page.ours')}: {self.gate.say(card.reading.said)}"]
        if card.letter is not None:
            said.insert(0, f"{self.gate.say_id('lea_page.cde')}: {self.gate.say(card.letter)}")
        return said

    def _title(self, text: str) -> None:
        frame = self.slide.shapes.title.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.text = text
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self._set(frame, _fits(_SENTENCE, len(text)), "ink", bold=True)

    def _text(
        self,
        text: str,
        top: int,
        high: int,
        size: Pt,
        color: str,
        wide: int | None = None,
        bold: bool = False,
    ) -> None:
        box = self.slide.shapes.add_textbox(LEFT, top, wide or INNER, high)
        box.text_frame.word_wrap = True
        box.text_frame.text = text
        self._set(box.text_frame, size, color, bold)

    def _set(self, frame: Any, size: Pt, color: str, bold: bool = False) -> None:
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run.font.size, run.font.bold, run.font.name = size, bold, _FONT
                run.font.color.rgb = _color(color)
        self._speak(frame)

    def _speak(self, frame: Any) -> None:
        """Say in which language a text is."""
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.language)

    def _picture(self, of: Picture | None, left: int, said: str) -> None:
        if isinstance(of, Bars):
            self._bars(of, left, said)
        elif isinstance(of, Dots):
            self._dots(of, left)
        elif of is not None:
            self._table(table(of, self.gate), left, said)

    def _bars(self, of: Bars, left: int, said: str) -> None:
        """A bar for each answer; how many LEAs, as whole numbers."""
        data = CategoryChartData(number_format="0")
        data.categories = [self.gate.say(bar.label) for bar in of.each]
        data.add_series(self.gate.say_id("head.leas"), [bar.count for bar in of.each])
        self._chart(
            data,
            left,
            f"{said} " + "; ".join(f"{self.gate.say(b.label)}: {self.gate.say(b.said)}" for b in of.each),
        )

    def _dots(self, of: Dots, left: int) -> None:
        """The students of a group in two bars: those who are counted, and the others."""
        count, group = self.gate.value(of.count), self.gate.value(of.group)
        if count is None or group is None:
            return
        data = CategoryChartData(number_format="0")
        data.categories = [self.gate.say(of.said), self.gate.say_id("slides.others")]
        data.add_series(self.gate.say_id("report.head.students"), [count, group - count])
        self._chart(data, left, self.gate.say(of.said))

    def _chart(self, data: CategoryChartData, left: int, said: str) -> None:
        wide, high = WIDE - left - LEFT, Inches(4.4)
        shape = self.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, left, _TOP, wide, high, data)
        _describe(shape, said)
        chart = shape.chart
        chart.has_legend = chart.has_title = False
        chart.font.size, chart.font.name = Pt(14), _FONT
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.color.rgb = _color("line-strong")
        chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        plot.data_labels.position, plot.data_labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(14)
        plot.series[0].format.fill.solid()
        plot.series[0].format.fill.fore_color.rgb = _color("ink-2")

    def _table(self, of: Table, left: int, said: str) -> None:
        wide = WIDE - left - LEFT
        rows, above = of.rows, 1 if of.head else 0
        size = len(rows) + above, len(rows[0])
        shape = self.slide.shapes.add_table(*size, left, _TOP, wide, Inches(0.4) * size[0])
        _describe(shape, said)
        drawn = shape.table
        font = _table_type(of, wide / Inches(1))
        drawn.first_row, drawn.horz_banding = bool(of.head), False
        for column, part in zip(drawn.columns, of.widths, strict=True):
            column.width = Emu(int(wide * part))
        for column, text in enumerate(of.head):
            self._cell(drawn.cell(0, column), text, "surface", "ink-2", font, bold=True)
        for line, (cells, mark) in enumerate(zip(rows, of.marks, strict=True), above):
            token = "" if mark is None else tier(mark)
            for column, text in enumerate(cells):
                fill, color = (token, f"on-{token}") if token and not column else ("bg", "ink")
                self._cell(
                    drawn.cell(line, column), text, fill, color, font, bold=not column and len(cells) > 1
                )

    def _cell(self, cell: Any, text: str, fill: str, color: str, size: Pt, bold: bool = False) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = _color(fill)
        cell.text = text
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._set(cell.text_frame, size, color, bold)


def language(gate: Disclosure) -> str:
    """The language of a gate as documents name it."""
    return _LANGUAGES.get(gate.language, gate.language)


def _describe(shape: Any, said: str) -> None:
    """The alternative text of a chart or a table."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", said)


def _fits(sizes: tuple[tuple[int, Pt], ...], much: int) -> Pt:
    """The first size that is for so much."""
    return next(size for most, size in sizes if much <= most)


def _table_type(of: Table, wide: float) -> Pt:
    """The largest type at which a table of so many inches is not too high, by letters of a middling width."""
    lines = [of.head, *of.rows] if of.head else of.rows
    for points in _TABLE:
        letters = [max(1, int((wide * part - 0.2) * 72 / (points * 0.58))) for part in of.widths]
        high = sum(
            max(-(-len(text) // most) for text, most in zip(line, letters, strict=True)) for line in lines
        )
        if high * points * 1.2 / 72 + 0.1 * len(lines) <= _HIGH:
            break
    return Pt(points)


def _color(token: str) -> RGBColor:
    """A color of the look, by its token."""
    found: RGBColor = RGBColor.from_string(LIGHT[token].removeprefix("#").upper())
    return found
