"""The finding of disproportionality that decides: the group beside all others, its ratio, its years."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from cim_core.data.race_counts import AREA_NAMED, GROUP_NAMED, STUDENTS_NAMED
from cim_core.placing.disproportionality import RatioStatus
from cim_core.rules.sources import Status
from cim_core.why import ratio_evidence, risk_ratios
from cim_core.why.ratio_evidence import OUTCOME, RatioEvidence
from cim_core.why.risk_ratios import Finding
from cim_core.words.messages import HowMany, Quantity, message
from ui.shared import parts
from ui.shared.drawing import Drawing, picture
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t

_WIDE, _NARROW = 636, 358
_TICKS = ((0.5, "lea_page.ratio.half"), (1.0, "lea_page.ratio.same"))
_TIMES = (2, 5, 10, 20)
_MOST_OTHERS = 3
_APART = 46
_At = Callable[[float], float]
_ROOM = 1.14
"""The bars' ground is so much longer than the larger bar."""


def show(view: View, row: int) -> None:
    """What counts say of the area and group that decides; without counts what the file states."""
    data, rules = view.placements.dataset, view.placements.rulebook.disproportionality
    found = ratio_evidence.of_row(data, row, rules)
    if found is None:
        stated = begun(gate().say(risk_ratios.file_says(data, row)))
        parts.show(
            parts.heading(t("lea_page.ratio.stated_title"), stated),
            f'<p class="cim-under">{escape(t("lea_page.ratio.stated_ask"))}</p>',
        )
        return
    first = found.finding
    assert first.ratio is not None
    state = first.status is RatioStatus.ALTERNATE
    title = t(
        "lea_page.ratio.title_state" if state else "lea_page.ratio.title",
        group=message(STUDENTS_NAMED[first.group]), outcome=message(OUTCOME[first.area]), ratio=first.ratio,
    )  # fmt: skip
    area = message(AREA_NAMED[first.area])
    under = begun(t("lea_page.ratio.under", area=area, year=str(data.year[row])))
    parts.show(parts.heading(title, "" if t(OUTCOME[first.area]) == t(AREA_NAMED[first.area]) else under))
    limit = ratio_evidence.limit(rules)
    said = _said(first, limit)
    name = f"ratio_{data.lea_code[row]}_{data.year[row]}"
    wide, narrow = _drawing(found, limit, said, _WIDE), _drawing(found, limit, said, _NARROW)
    picture(wide, "ratio_picture", phone=narrow, save=name)
    assumed, by_file = rules.provenance.status is Status.ASSUMED, not risk_ratios.worked_out(data, row)
    parts.show(_years(found), _sentence(found, limit, assumed, by_file))


def _said(first: Finding, limit: str) -> str:
    group = message(GROUP_NAMED[first.group])
    assert first.ratio is not None
    if first.low is None or first.high is None:
        return t("lea_page.ratio.said_short", group=group, ratio=first.ratio, limit=limit)
    return t(
        "lea_page.ratio.said", group=group, ratio=first.ratio, low=first.low, high=first.high, limit=limit
    )


def _drawing(found: RatioEvidence, limit: str, said: str, width: int) -> Drawing:
    drawing = Drawing(width, 164, said)
    first = found.finding
    state = first.status is RatioStatus.ALTERNATE
    others = t("lea_page.ratio.others_state" if state else "lea_page.ratio.others")
    left = 122 if width == _WIDE else 104
    risks = [gate().value(one) or 0.0 for one in (first.risk, first.others_risk)]
    full = max(max(risks) * _ROOM, 1e-9)
    each = (
        (begun(t(STUDENTS_NAMED[first.group])), first.cell, first.total, first.risk, "ink"),
        (others, first.others_cell, first.others_total, first.others_risk, "line-strong"),
    )
    for at, (name, cell, total, risk, fill) in enumerate(each):
        top = 2 + 40 * at
        drawing.text(0, top + 13, name, bold=True)
        drawing.text(0, top + 30, _of(cell, total), color="ink-2")
        room = width - left - 76
        drawing.rect(left, top + 5, room, 20, fill="band-2")
        drawing.rect(left, top + 5, room * risks[at] / full, 20, fill=fill)
        drawing.text(
            width, top + 22, "–" if risk is None else gate().number(risk), 20, anchor="end", bold=True
        )
    _axis(drawing, found, limit, 90, width)
    return drawing


def _of(cell: Quantity | None, total: Quantity | None) -> str:
    return t("lea_page.ratio.of", cell=gate().bare(cell), total=gate().bare(total))


def _axis(drawing: Drawing, found: RatioEvidence, limit: str, top: float, width: int) -> None:
    """The ratios on a logarithmic axis: what is over the line is shaded, the bar is what is plausible."""
    low_end, high_end = _ends(found)
    line, middle = float(limit), top + 26

    def at(value: float) -> float:
        share = (math.log(max(value, low_end)) - math.log(low_end)) / (math.log(high_end) - math.log(low_end))
        return 14 + (width - 28) * share

    drawing.rect(at(line), top + 8, width - 14 - at(line), 36, fill="band-2")
    drawing.line(14, middle, width - 14, middle, stroke="line-strong")
    taken: list[float] = []
    for value, name in _ticks(limit, low_end, high_end):
        if all(abs(at(value) - place) > _APART for place in taken):
            drawing.line(at(value), middle, at(value), middle + 6, stroke="line-strong")
            drawing.text(at(value), top + 60, name, 12, "ink-2", "middle")
            taken.append(at(value))
    drawing.line(at(line), top + 6, at(line), top + 46, stroke="ink", width=1.5)
    _marks(drawing, found, at, top, width)


def _ends(found: RatioEvidence) -> tuple[float, float]:
    """From under half as often to over six times, further out where a ratio or its range is."""
    ratios = (gate().value(each.ratio) for each in (found.finding, *found.others))
    values = [value for value in ratios if value is not None and value > 0]
    high = gate().value(found.finding.high) or 1.0
    return min([0.4, *(0.8 * value for value in values)]), 1.15 * max([5.3, high, *values])


def _ticks(limit: str, low: float, high: float) -> list[tuple[float, str]]:
    """What is written under the axis, the threshold first: others give way to it."""
    named = [
        (float(limit), t("lea_page.ratio.counts", n=limit)),
        *((value, t(name)) for value, name in _TICKS),
    ]
    named += [(float(n), t("lea_page.ratio.times", n=str(n))) for n in _TIMES]
    return [(value, name) for value, name in named if low < value < high]


def _marks(drawing: Drawing, found: RatioEvidence, at: _At, top: float, width: int) -> None:
    first, middle = found.finding, top + 26
    low, high = gate().value(first.low), gate().value(first.high)
    if low is not None and high is not None:
        drawing.line(at(low), middle, at(high), middle, stroke="ink", width=3)
    for one in found.others:
        value = gate().value(one.ratio)
        if value is not None:
            drawing.circle(at(value), middle, 5, stroke="ink-2")
    here = gate().value(first.ratio)
    if here is None:
        return
    assert first.ratio is not None
    drawing.rect(at(here) - 7, middle - 7, 14, 14, fill="ink")
    name = t("lea_page.ratio.named", group=message(GROUP_NAMED[first.group]), ratio=first.ratio)
    anchor = "end" if at(here) > width - 120 else "start"
    drawing.text(at(here) + (8 if anchor == "start" else -8), middle - 10, name, 14, bold=True, anchor=anchor)
    _others(drawing, found.others, at, middle - 12, at(here) - 20)


def _others(drawing: Drawing, others: Sequence[Finding], at: _At, y: float, end: float) -> None:
    """The other groups by name, under one line of text; where there is no room for it they are not named."""
    named = [
        (value, t("lea_page.ratio.named", group=message(GROUP_NAMED[one.group]), ratio=one.ratio))
        for one in others
        if one.ratio is not None and (value := gate().value(one.ratio)) is not None
    ]
    if not named or len(named) > _MOST_OTHERS:
        return
    text = ", ".join(name for _, name in named)
    middle, half = sum(at(value) for value, _ in named) / len(named), 3.1 * len(text)
    start = max(0.0, middle - half)
    if start + 2 * half < end:
        drawing.text(start, y, text, 12, "ink-2")


def _years(found: RatioEvidence) -> str:
    first = found.finding
    group, outcome = message(STUDENTS_NAMED[first.group]), message(OUTCOME[first.area])
    counts = [begun(t("lea_page.ratio.group", group=group, outcome=outcome))]
    ratios = [t("lea_page.ratio.ratio")]
    for _, counted in found.years:
        if counted is None or counted.cell is None:
            counts.append(t("lea_page.ratio.none"))
            ratios.append("–")
            continue
        counts.append(_of(counted.cell, counted.total))
        ratios.append(t("lea_page.ratio.few") if counted.ratio is None else gate().bare(counted.ratio))
    heads = "".join(f'<th scope="col" class="number">{escape(year)}</th>' for year, _ in found.years)
    rows = "".join(_row(line) for line in (counts, ratios))
    return (
        f'<table class="cim cim-years"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(cells: Sequence[str]) -> str:
    first, *rest = map(escape, cells)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td class=number>{one}</td>" for one in rest)}</tr>'


def _sentence(found: RatioEvidence, limit: str, assumed: bool, stated: bool) -> str:
    first = found.finding
    said = [t("lea_page.ratio.parity", n=found.expected)] if found.expected is not None else []
    if first.low is not None and first.high is not None and first.total is not None:
        said.append(t("lea_page.ratio.plausible", n=first.total, low=first.low, high=first.high))
    said += [t("lea_page.ratio.more", n=HowMany(found.more))] if found.more else []
    said += [t("lea_page.ratio.limit_assumed", limit=limit)] if assumed else []
    said += [t("lea_page.ratio.stated")] if stated else []
    return f'<p class="cim-under">{escape(" ".join(said))}</p>'
