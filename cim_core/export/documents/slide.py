"""One slide: its parts in the order in which they are read."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.util import Emu, Inches, Pt

from cim_core.export.documents import master
from cim_core.export.documents.master import LEFT, WIDE
from cim_core.export.documents.slide_table import Table, table
from cim_core.export.documents.theme import FONT, NAMESPACE, TABLE_STYLE, paint
from cim_core.export.look import tier
from cim_core.export.meeting.card import Bars, Card, Dots, Picture
from cim_core.words.disclosure import Disclosure

_LANGUAGES = {"en": "en-US"}
_SAID = 20
_TITLE = ((60, 32), (116, 26), (126, 24), (230, 20), (380, 16), (1000, 11))
_SIZES = {
    master.QUESTION: ((104, 0), (138, 12), (1000, 10)),
    master.UNDER: ((82, 0), (200, 16), (1000, 12)),
    master.FOOT: ((250, 0), (1000, 9)),
}
"""The size in points of a text of at most so many characters, at which it fits into its place; 0 for that of
the layout."""
_LABEL = Pt(16)
"""The type of what a chart says."""
_Corner = tuple[int, int]
"""Left and top of a picture."""
_LEADS = ("http://", "https://")


class Slide:
    """One slide: its parts in the order in which they are read."""

    def __init__(self, deck: Any, gate: Disclosure, number: int) -> None:
        self.gate, self.number = gate, number
        self.layout = deck.slide_layouts[0]
        self.slide = deck.slides.add_slide(self.layout)
        self.language = language(gate)

    def draw(self, card: Card, taken: set[str], link: str) -> None:
        """Everything of a card; `taken` are the titles of the slides before, `link` leads to its page."""
        say = self.gate.say
        sentence = say(card.sentence)
        while sentence in taken:
            sentence = f"{sentence} ({self.number})"
        taken.add(sentence)
        self._title(sentence)
        asked = [say(card.question), *([say(card.banner)] if card.banner is not None else [])]
        self._fill(master.QUESTION, " · ".join([*self._who(card), *asked]))
        self._fill(master.UNDER, "" if card.under is None else say(card.under))
        left, top = LEFT, master.TOP_ALONE if card.under is None else master.TOP
        if card.number is not None and card.number_said is not None:
            left = Inches(4.6)
            self._text(self.gate.number(card.number), top, Inches(2.35), 120, bold=True)
            self._text(say(card.number_said), top + Inches(2.35), Inches(1.5), _SAID)
        self._picture(card.picture, (left, top), sentence)
        foot = " · ".join([say(card.source), *([say(card.lag)] if card.lag is not None else [])])
        self._foot(foot)
        self._notes([*(say(note) for note in card.notes), foot], link)

    def _fill(self, idx: int, text: str) -> None:
        """A place of the layout with its text; an empty one would show what may be written there."""
        place = self._place(idx)
        if text:
            place.text_frame.text = text
            self._set(place.text_frame, _fits(_SIZES[idx], len(text)))
        else:
            place.element.getparent().remove(place.element)

    def _foot(self, text: str) -> None:
        """The foot, which is read last, and the number, which the library does not take from a layout."""
        self._fill(master.FOOT, text)
        tree = self.slide.shapes._spTree
        tree.append(self._place(master.FOOT).element)
        number = next(
            each for each in self.layout.placeholders if each.placeholder_format.idx == master.NUMBER
        )
        self.slide.shapes.clone_placeholder(number)
        field = (
            f'<a:fld {NAMESPACE} id="{master.FIELD}" type="slidenum"><a:rPr lang="{self.language}"/>'
            f"<a:t>{self.number}</a:t></a:fld>"
        )
        self._place(master.NUMBER).text_frame.paragraphs[0]._p.append(parse_xml(field))

    def _place(self, idx: int) -> Any:
        """A place of the layout, on this slide."""
        return next(each for each in self.slide.placeholders if each.placeholder_format.idx == idx)

    def _notes(self, lines: list[str], link: str) -> None:
        """What the speaker may say, and at the end where in the app it stands."""
        frame = self.slide.notes_slide.notes_text_frame
        frame.text = "\n".join(lines)
        if link:
            before, address, after = self.gate.say_id("slides.in_app", address=link).partition(link)
            paragraph = frame.add_paragraph()
            for text in (before, address, after):
                if text:
                    run = paragraph.add_run()
                    run.text = text
                    if text == link and link.startswith(_LEADS):
                        run.hyperlink.address = link
        self._speak(frame)

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
        frame.text = text
        self._set(frame, _fits(_TITLE, len(text)))

    def _text(self, text: str, top: int, high: int, size: int, bold: bool = False) -> None:
        """A text beside the picture."""
        box = self.slide.shapes.add_textbox(LEFT, top, Inches(3.6), high)
        box.text_frame.word_wrap = True
        box.text_frame.text = text
        self._set(box.text_frame, size, bold=bold)

    def _set(self, frame: Any, size: int, color: str = "", bold: bool = False) -> None:
        """The size of a text in points, its color and weight, where they are not those of its place."""
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run.font.size, run.font.bold = Pt(size) if size else None, bold or None
                if color:
                    paint(run.font.color, color)
        self._speak(frame)

    def _speak(self, frame: Any) -> None:
        """Say in which language a text is."""
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.language)

    def _picture(self, of: Picture | None, at: _Corner, said: str) -> None:
        if isinstance(of, Bars):
            self._bars(of, at, said)
        elif isinstance(of, Dots):
            self._dots(of, at)
        elif of is not None:
            drawn = table(of, self.gate)
            if drawn.rows:
                self._table(drawn, at, said)

    def _bars(self, of: Bars, at: _Corner, said: str) -> None:
        """A bar for each answer; how many LEAs, as whole numbers."""
        data = CategoryChartData(number_format="0")
        data.categories = [self.gate.say(bar.label) for bar in of.each]
        data.add_series(self.gate.say_id("head.leas"), [bar.count for bar in of.each])
        self._chart(
            data,
            at,
            f"{said} " + "; ".join(f"{self.gate.say(b.label)}: {self.gate.say(b.said)}" for b in of.each),
        )

    def _dots(self, of: Dots, at: _Corner) -> None:
        """The students of a group in two bars: those who are counted, and the others."""
        count, group = self.gate.value(of.count), self.gate.value(of.group)
        if count is None or group is None:
            return
        data = CategoryChartData(number_format="0")
        data.categories = [self.gate.say(of.said), self.gate.say_id("slides.others")]
        data.add_series(self.gate.say_id("report.head.students"), [count, group - count])
        self._chart(data, at, self.gate.say(of.said))

    def _chart(self, data: CategoryChartData, at: _Corner, said: str) -> None:
        left, top = at
        wide, high = WIDE - left - LEFT, master.BOTTOM - top
        shape = self.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, left, top, wide, high, data)
        _describe(shape, said)
        chart = shape.chart
        chart.has_legend = chart.has_title = False
        chart.font.size, chart.font.name = _LABEL, FONT
        paint(chart.font.color, "ink")
        chart.category_axis.reverse_order = True
        chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
        paint(chart.category_axis.format.line.color, "line-strong")
        chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        plot.data_labels.position, plot.data_labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, _LABEL
        plot.series[0].format.fill.solid()
        paint(plot.series[0].format.fill.fore_color, "ink-2")

    def _table(self, of: Table, at: _Corner, said: str) -> None:
        left, top = at
        wide, above = WIDE - left - LEFT, 1 if of.head else 0
        fitted = of.fitted(wide / Inches(1), (master.BOTTOM - top) / Inches(1))
        size = len(of.rows) + above, len(of.rows[0])
        shape = self.slide.shapes.add_table(*size, left, top, wide, Inches(sum(fitted.heights)))
        _describe(shape, said)
        shape._element.xpath(".//a:tableStyleId")[0].text = TABLE_STYLE
        drawn = shape.table
        drawn.first_row, drawn.horz_banding = bool(of.head), False
        for column, part in zip(drawn.columns, of.widths, strict=True):
            column.width = Emu(int(wide * part))
        for line, high in zip(drawn.rows, fitted.heights, strict=True):
            line.height = Inches(high)
        for column, text in enumerate(of.head):
            self._cell(drawn.cell(0, column), text, fitted.head)
        for number, (cells, marks) in enumerate(zip(of.rows, of.marks, strict=True), above):
            for column, (text, mark) in enumerate(zip(cells, marks, strict=True)):
                token = "" if mark is None else tier(mark)
                self._cell(drawn.cell(number, column), text, fitted.points, token, of.named and not column)

    def _cell(self, cell: Any, text: str, size: int, token: str = "", bold: bool = False) -> None:
        """A cell; `token` is the color of a placement."""
        if token:
            cell.fill.solid()
            paint(cell.fill.fore_color, token)
        cell.text = text
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._set(cell.text_frame, size, f"on-{token}" if token else "", bold)


def language(gate: Disclosure) -> str:
    """The language of a gate as documents name it."""
    return _LANGUAGES.get(gate.language, gate.language)


def _describe(shape: Any, said: str) -> None:
    """The alternative text of a chart or a table."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", said)


def _fits(sizes: tuple[tuple[int, int], ...], much: int) -> int:
    """The first size that is for so much, else the last."""
    return next((points for most, points in sizes if much <= most), sizes[-1][1])
