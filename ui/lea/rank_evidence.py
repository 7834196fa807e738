"""The ranking that decides: this LEA among all LEAs of the state on each indicator, and on all together."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cim_core.data.indicators import get
from cim_core.outlook import RankEvidence, StateStrip, lead_sentence, state_strips
from cim_core.placing.ranking import ReferenceKind
from cim_core.rules.banded_clause import BandedClause
from cim_core.why.clauses import percentile_of
from cim_core.why.rank_short import rank_said
from cim_core.words.messages import message
from cim_core.words.numbers import against
from ui.shared import outlook, parts
from ui.shared.drawing import Drawing, picture
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t

_WIDE, _NARROW = 636, 358
_HIGH = 30
_ROOMY, _TIGHT, _PHONE = 55, 46, 70
_MOST_ROOMY = 4
_SHADES = ("ink-3", "line-strong", "line")
"""The lowest band, the next one, everybody else."""
_UNDER = {
    (True, True): "lea_page.rank.under_within",
    (True, False): "lea_page.rank.under_within_one",
    (False, True): "lea_page.rank.under",
    (False, False): "lea_page.rank.under_one",
}


def show(view: View, row: int, clause: BandedClause) -> None:
    """Heading and picture; the sentence alone where the file gives the percent itself."""
    found = state_strips.evidence(outlook.ground(view), row, clause)
    parts.show(parts.heading(_title(view, row, clause, found), _under(view, row, clause, found)))
    if found.strips or found.percent is not None:
        said = ". ".join(_each_said(found))
        name = f"rank_{view.placements.dataset.lea_code[row]}_{view.year}"
        picture(_wide(found, said), "rank_picture", phone=_narrow(found, said), save=name)


def _title(view: View, row: int, clause: BandedClause, found: RankEvidence) -> str:
    percent = percentile_of(view.placements, row, found.evaluation, few=0)
    if found.rank is not None and found.ranked is not None and percent is not None:
        return begun(t("lea_page.rank.title", rank=rank_said(found.rank, found.ranked), p=percent))
    if found.percent is not None and percent is not None:
        return t("lea_page.rank.title_given", p=percent)
    if not found.strips:
        return t("lea_page.rank.title_none")
    worst = found.strips[0]
    return begun(
        t(
            "lea_page.rank.title_one",
            rank=rank_said(worst.rank, worst.ranked),
            label=get(worst.indicator).label,
            name=message(lead_sentence.SPOKEN[worst.indicator]),
        )
    )


def _under(view: View, row: int, clause: BandedClause, found: RankEvidence) -> str:
    ranked = view.placements.percentiles[clause.evaluation]
    if not found.strips:
        return t("lea_page.rank.given")
    first, *rest = found.edges
    within = ranked.reference.kind is ReferenceKind.WITHIN
    next_width = _plain(rest[0] - first) if rest else ""
    said = t(_UNDER[within, bool(rest)], first=_plain(first), next=next_width)
    used = ranked.used(row)
    if used is None or not used.older:
        return said
    return f"{said} {t('lea_page.rank.stand_in', year=used.reference_year or '')}"


def _plain(percent: Fraction) -> str:
    return f"{float(percent):g}"


def _value(strip: StateStrip) -> str:
    """The LEA's own value as people say it: percent, or points below the standard."""
    said = gate().number(strip.value)
    return t("lea_page.rank.from_state", value=said) if strip.from_state else said


def _name(strip: StateStrip) -> str:
    return begun(t(lead_sentence.SPOKEN[strip.indicator]))


def _each_said(found: RankEvidence) -> list[str]:
    """Each strip in words, for whoever cannot see the picture."""
    each = [
        f"{_name(one)}: {_value(one)}, {gate().say(rank_said(one.rank, one.ranked))}" for one in found.strips
    ]
    return [*each, *([f"{t('lea_page.rank.all')}: {_all_said(found)}"] if found.percent is not None else [])]


def _all_said(found: RankEvidence) -> str:
    if found.rank is not None and found.ranked is not None:
        return gate().say(rank_said(found.rank, found.ranked))
    assert found.percent is not None
    return t("lea_page.rank.lowest", p=against(found.percent, few=0))


def _wide(found: RankEvidence, said: str) -> Drawing:
    step = _ROOMY if len(found.strips) <= _MOST_ROOMY else _TIGHT
    drawing = Drawing(_WIDE, step * len(found.strips) + (46 if found.percent is not None else 4), said)
    for at, strip in enumerate(found.strips):
        top = step * at
        drawing.line(0, top + 0.5, _WIDE, top + 0.5)
        middle = top + step / 2
        drawing.text(0, middle + 5, _name(strip), bold=True)
        _bars(drawing, strip, 140, 318, top + step - 15)
        drawing.text(486, middle - 4, _value(strip), bold=True)
        drawing.text(486, middle + 15, gate().say(rank_said(strip.rank, strip.ranked)), color="ink-2")
    if found.percent is not None:
        top = step * len(found.strips)
        drawing.line(0, top + 0.5, _WIDE, top + 0.5)
        drawing.text(0, top + 23, t("lea_page.rank.all"), bold=True)
        drawing.text(486, top + 23, _all_said(found), bold=True)
        _whole(drawing, found, 140, 318, top + 12)
    return drawing


def _narrow(found: RankEvidence, said: str) -> Drawing:
    drawing = Drawing(_NARROW, _PHONE * len(found.strips) + (56 if found.percent is not None else 4), said)
    for at, strip in enumerate(found.strips):
        top = _PHONE * at
        drawing.line(0, top + 0.5, _NARROW, top + 0.5)
        drawing.text(0, top + 18, _name(strip), bold=True)
        rank = gate().say(rank_said(strip.rank, strip.ranked))
        drawing.text(_NARROW, top + 18, f"{_value(strip)} · {rank}", anchor="end")
        _bars(drawing, strip, 6, _NARROW - 12, top + _PHONE - 9)
    if found.percent is not None:
        top = _PHONE * len(found.strips)
        drawing.line(0, top + 0.5, _NARROW, top + 0.5)
        drawing.text(0, top + 18, t("lea_page.rank.all"), bold=True)
        drawing.text(_NARROW, top + 18, _all_said(found), bold=True, anchor="end")
        _whole(drawing, found, 6, _NARROW - 12, top + 26)
    return drawing


def _bars(drawing: Drawing, strip: StateStrip, left: float, width: float, bottom: float) -> None:
    """All LEAs by their value, the lowest bands darker, and this LEA's mark."""
    step = width / len(strip.bins)
    most = max(sum(counts) for counts in strip.bins)
    for at, counts in enumerate(strip.bins):
        base = bottom
        for number, shade in zip(counts, _SHADES, strict=True):
            high = _HIGH * number / most
            if number:
                drawing.rect(left + step * at, base - high, step - 0.8, high, fill=shade)
            base -= high
    drawing.line(left, bottom, left + width, bottom, stroke="ink-3")
    value = gate().value(strip.value)
    if value is not None:
        here = left + width * strip.place(value)
        drawing.line(here, bottom - _HIGH - 4, here, bottom + 2, stroke="ink", width=2)
        drawing.diamond(here, bottom + 1)


def _whole(drawing: Drawing, found: RankEvidence, left: float, width: float, top: float) -> None:
    """The ranking as one bar from the lowest to the highest rank."""
    ends = [0.0, *(float(edge) / 100 for edge in found.edges), 1.0]
    shades: Sequence[str] = _SHADES if len(found.edges) > 1 else (_SHADES[0], _SHADES[2])
    for start, end, shade in zip(ends[:-1], ends[1:], shades, strict=True):
        drawing.rect(left + width * start, top, width * (end - start), 12, fill=shade)
    anchors = ("end", "start") if len(found.edges) > 1 else ("middle",)
    for edge, anchor in zip(found.edges, anchors, strict=True):
        drawing.text(
            left + width * float(edge) / 100, top + 27, t("lea_page.rank.percent", p=_plain(edge)),
            size=12, color="ink-2", anchor=anchor,
        )  # fmt: skip
    percent = gate().value(found.percent)
    if percent is not None:
        drawing.diamond(left + width * percent / 100, top + 6, 7)
