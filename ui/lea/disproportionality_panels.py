"""The LEA page's block about disproportionality: one sentence, and under it every area and group."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from cim_core.data.race_counts import AREA_IN_SHORT, AREA_NAMED, GROUP_IN_SHORT, GROUP_NAMED, SEVEN, Area
from cim_core.placing.disproportionality import RatioStatus
from cim_core.rules.rulebook import Disproportionality
from cim_core.rules.sources import Status
from cim_core.why import risk_ratios as said
from cim_core.why.risk_ratios import Finding
from cim_core.words.messages import HowMany, MessageFamily, Quantity
from ui.shared import html_parts, parts
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, head_of, md, t

_NOTHING, _ORDINARY, _HIGH, _OVER = range(4)
_LEVELS = ("cim-none", "", "cim-high", "cim-over")
_FROM = 2
"""From this ratio on a cell stands out, though it is not over the threshold."""
_HEADS = (
    "disproportionality.head_of.area",
    "disproportionality.head_of.group",
    "disproportionality.head_of.students",
    "disproportionality.head_of.others",
    "disproportionality.head_of.ratio",
    "disproportionality.head_of.interval",
    "disproportionality.head_of.years",
    "disproportionality.head_of.above",
)
_STATUS = MessageFamily("disproportionality.status.{}", tuple(RatioStatus))
_MARK = MessageFamily(
    "disproportionality.mark.{}", tuple(status for status in RatioStatus if not status.calculated)
)
_RATIO = {
    (False, False): "disproportionality.ratio_own",
    (False, True): "disproportionality.ratio_own_over",
    (True, False): "disproportionality.ratio_state",
    (True, True): "disproportionality.ratio_state_over",
}
"""By whether others are the state's, and whether the ratio is over the threshold."""
_NUMBERS = (2, 3, 4, 5, 7)
_AT_FIRST = 7
"""So many rows of the table are shown before somebody asks for all of them."""


def disproportionality(view: View, row: int) -> None:
    """An expander under its finding: picture, table, what it rests on, and where the method comes from."""
    dataset = view.placements.dataset
    rules = view.placements.rulebook.disproportionality
    ratios = said.ratios_of(dataset, rules)
    lea, year = str(dataset.lea_key[row]), str(dataset.year[row])
    found = () if ratios is None else said.findings(ratios, lea, year)
    headline = gate().say(said.headline(dataset, row, rules))
    folded = st.expander(md(headline), key="disproportionality", on_change="rerun")
    if not folded.open:
        return
    with folded:
        if not found:
            st.markdown(t("disproportionality.how_to"))
            _method(rules)
            return
        parts.show(parts.notes(_notes(view, row, found)))
        parts.show(_picture(found))
        st.caption(t("disproportionality.legend"))
        _tables(found)
        _method(rules)


def _tables(found: Sequence[Finding]) -> None:
    """The highest ratios; on demand all of them, and where there is none why not."""
    heads = head_of(*_HEADS)
    calculated = sorted(
        (one for one in found if one.ratio is not None), key=lambda one: (-_value(one), one.area, one.group)
    )
    everything = len(found) <= _AT_FIRST or st.toggle(
        t("disproportionality.all_rows", n=HowMany(len(found))), key="disproportionality_all"
    )
    shown = calculated if everything else calculated[:_AT_FIRST]
    if shown:
        html_parts.table(heads, _lines(shown), _NUMBERS)
    if everything and len(calculated) < len(found):
        st.markdown(t("disproportionality.not_calculated"))
        heads = head_of(
            "disproportionality.head_of.area",
            "disproportionality.head_of.why",
            "disproportionality.head_of.groups",
        )
        html_parts.table(heads, _without(found))


def _notes(view: View, row: int, found: Sequence[Finding]) -> list[str]:
    """What these counts decide, where the file disagrees, and what is no area of the regulation."""
    dataset, rules = view.placements.dataset, view.placements.rulebook.disproportionality
    lines = []
    if any(one.area.regulated for one in found):
        if said.worked_out(dataset, row):
            lines.append(t("disproportionality.feeds"))
        else:
            lines.append(t("disproportionality.stands", stated=said.file_says(dataset, row)))
    significant = said.sig_dis_said(dataset, row, rules)
    if significant is not None:
        lines.append(gate().say(significant))
    lines += [
        problem.sentence(gate())
        for problem in view.intake.problems
        if problem.kind == "counts_disagree"
        and (problem.lea_code, problem.year) == (str(dataset.lea_code[row]), str(dataset.year[row]))
    ]
    if any(not one.area.regulated for one in found):
        lines.append(t("disproportionality.no_area"))
    return lines


def _method(rules: Disproportionality) -> None:
    st.caption(md(t("disproportionality.beside")))
    limit, least = gate().say(said.limit(rules)), gate().say(said.least(rules))
    st.caption(md(t("disproportionality.method", least=least, limit=limit)))
    if rules.provenance.status is Status.ASSUMED:
        st.caption(md(t("disproportionality.method_assumed")))


def _level(finding: Finding) -> int:
    if finding.ratio is None:
        return _NOTHING
    if finding.over == 1:
        return _OVER
    ratio = gate().value(finding.ratio)
    return _HIGH if ratio is not None and ratio >= _FROM else _ORDINARY


def _mark(finding: Finding) -> str:
    """What stands in a cell of the picture: the ratio, or the sign of why there is none."""
    if finding.ratio is None:
        return t(_MARK[finding.status])
    return gate().bare(finding.ratio) + ("ˢ" if finding.status is RatioStatus.ALTERNATE else "")


def _picture(found: Sequence[Finding]) -> str:
    """Area × group, with the ratio or the reason in each cell: over the line in ink, from 2 on shaded."""
    areas = [area for area in Area if any(one.area is area for one in found)]
    at = {(one.area, one.group): one for one in found}
    heads = "".join(f'<th scope="col">{escape(t(GROUP_IN_SHORT[group]))}</th>' for group in SEVEN)
    lines = []
    for area in areas:
        cells = "".join(_cell(at[area, group]) for group in SEVEN)
        name = f'<th scope="row" title="{escape(_area(area))}">{escape(t(AREA_IN_SHORT[area]))}</th>'
        lines.append(f"<tr>{name}{cells}</tr>")
    return (
        '<div class="cim-wrap" tabindex="0"><table class="cim cim-ratios">'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(one: Finding) -> str:
    css = _LEVELS[_level(one)]
    return f'<td class="{css}" title="{escape(_hover(one))}">{escape(_mark(one))}</td>'


def _hover(one: Finding) -> str:
    counted = f", {_of(one.cell, one.total)}" if one.cell is not None and one.total is not None else ""
    return f"{t(GROUP_NAMED[one.group])}, {t(AREA_NAMED[one.area])}{counted}: {_ratio(one)}"


def _lines(found: Sequence[Finding]) -> list[list[str]]:
    """Ratios as lines of text."""
    return [
        [
            _area(finding.area),
            t(GROUP_NAMED[finding.group]),
            t("disproportionality.others", counts=_of(finding.cell, finding.total), risk=_risk(finding.risk)),
            _others(finding),
            _ratio(finding),
            _interval(finding),
            _years(finding),
            gate().bare(finding.above),
        ]
        for finding in found
    ]


def _without(found: Sequence[Finding]) -> list[list[str]]:
    """Where there is no ratio: for each area and reason the groups, with their students."""
    listed: dict[tuple[Area, RatioStatus], list[str]] = {}
    for finding in found:
        if finding.ratio is None:
            values = {"group": t(GROUP_NAMED[finding.group]), "counts": _of(finding.cell, finding.total)}
            both_missing = finding.cell is None and finding.total is None
            said_so = values["group"] if both_missing else t("disproportionality.group_of", **values)
            listed.setdefault((finding.area, finding.status), []).append(said_so)
    return [[_area(area), t(_STATUS[status]), "; ".join(groups)] for (area, status), groups in listed.items()]


def _area(area: Area) -> str:
    return begun(t(AREA_NAMED[area]))


def _risk(risk: Quantity | None) -> str:
    return gate().bare(None) if risk is None else gate().number(risk)


def _interval(one: Finding) -> str:
    if one.low is None or one.high is None:
        return gate().bare(None)
    return t("disproportionality.interval", low=one.low, high=one.high)


def _years(finding: Finding) -> str:
    if not finding.least:
        return gate().bare(None)
    return t(
        "disproportionality.or_more" if finding.most > finding.least else "disproportionality.exactly",
        n=HowMany(finding.least),
    )


def _value(one: Finding) -> float:
    return gate().value(one.ratio) or 0.0


def _of(cell: Quantity | None, total: Quantity | None) -> str:
    return t("disproportionality.of", cell=gate().bare(cell), total=gate().bare(total))


def _others(finding: Finding) -> str:
    if finding.others_risk is None or finding.ratio is None:
        return "–"
    of_state = finding.status is RatioStatus.ALTERNATE
    return t(
        "disproportionality.others_state" if of_state else "disproportionality.others",
        counts=_of(finding.others_cell, finding.others_total),
        risk=_risk(finding.others_risk),
    )


def _ratio(one: Finding) -> str:
    if one.ratio is None:
        return t(_STATUS[one.status])
    return t(_RATIO[one.status is RatioStatus.ALTERNATE, one.over == 1], ratio=one.ratio)
