"""The result beside the controls: one banner, one sentence, before and after, who moves with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from cim_core.export import move_rows
from cim_core.export import rows as export
from cim_core.placing.placement import Outcome
from cim_core.rules import thresholds
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.rules.tiers import Placement
from cim_core.whatif import ChangePoint, Comparison, Mover, MoverTally, control_words, shortly
from cim_core.whatif import scenario as scenarios
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import address, downloads, drawing, parts, results
from ui.shared.results import View
from ui.shared.tables import lea_link
from ui.shared.words_on_screen import gate, md, t
from ui.whatif import saved_panels, slopes
from ui.whatif.controls import REFUSED

_LISTED = 6
"""So many who move stand in the list before it is opened."""
_MOST = 200
"""So many are named at all; the download holds everybody."""
_WHOSE = MessageFamily("whatif.banner.{}", ("rules", "data", "both", "instead"))
_TRIED = 5
"""So many numbers are named that would move somebody first."""
_WALKED = (ThresholdGroup.RANKING, ThresholdGroup.COUNTING, ThresholdGroup.DISPROPORTIONALITY)
"""Where finding out takes many placements: too long for a page that just opens."""
_WAY = {
    (True, True): "whatif.way_down_at",
    (True, False): "whatif.way_down_after",
    (False, True): "whatif.way_up_at",
    (False, False): "whatif.way_up_after",
}
"""By whether a threshold goes down, and whether somebody moves at the value itself."""


Counts = Sequence[tuple[Placement, int, int]]
"""Each placement with its number of LEAs before and after."""


def show(view: View, found: Comparison, movers: tuple[Mover, ...]) -> None:
    """All of it; each part keeps its room, so that nothing below it moves."""
    rows = view.intake.dataset.rows_of_year(view.year)
    counts = found.counts(rows)
    sentence, under = said(view, found, movers, len(rows))
    with st.container(key="whatif_said"):
        parts.title(sentence, under)
    _banner(view)
    parts.show(f'<div class="cim-before-after">{_tiles(counts)}</div>')
    _who(view, found, movers, counts)
    _foot(view, found, movers)


def _banner(view: View) -> None:
    """Whose rules these are: its room is always there, with the way back to CDE's."""
    refused = st.session_state.pop(REFUSED, "")
    with st.container(horizontal=True, vertical_alignment="center", key="whatif_banner"):
        if refused:
            strong, rest = t("whatif.refused"), refused
        elif view.scenario.is_empty:
            strong, rest = "", _as_it_is(view)
        else:
            strong, rest = t(_WHOSE[view.scenario.what]), _changes(view)
        bold = f"<b>{escape(strong)}</b> " if strong else ""
        parts.show(f'<p class="cim-banner" role="status">{bold}{escape(rest)}</p>')
        if not view.scenario.is_empty:
            st.button(
                t("whatif.back"), key="reset_all", type="tertiary", on_click=address.choose,
                kwargs={"scenario": ""},
            )  # fmt: skip


def _as_it_is(view: View) -> str:
    return t("whatif.banner.none") if view.base.official else t("whatif.banner.own", title=view.base.title)


def _changes(view: View) -> str:
    """What is changed in words: the name of a scenario that has one, else each change."""
    if view.scenario.name:
        return f"{view.scenario.name}."
    each = [gate().say(one) for one in control_words.in_short(view.scenario, view.base)]
    if len(each) > 3:
        return t("whatif.changes_more", each=tuple(each[:3]), n=HowMany(len(each) - 3))
    return t("whatif.changes", each=tuple(each))


def said(view: View, found: Comparison, movers: tuple[Mover, ...], leas: int) -> tuple[str, str]:
    """The page's sentence, and the line under it."""
    if view.scenario.is_empty:
        return t("whatif.title"), t("whatif.try")
    if not movers:
        return t("whatif.nobody"), _track(view, found) or t("whatif.nobody_under")
    tally = found.tally(movers)
    way = {
        (True, False, False): "whatif.all_down",
        (False, True, False): "whatif.all_up",
        (False, False, True): "whatif.all_other",
    }.get((bool(tally.down), bool(tally.up), bool(tally.other)))
    if way is not None:
        sentence = t(way, n=HowMany(len(movers)))
    else:
        each = [t(kind, n=HowMany(many)) for kind, many in _ways(tally) if many]
        sentence = t("whatif.mixed", n=HowMany(len(movers)), each=tuple(each))
    serve = students(tally.students_down + tally.students_up)
    under = [t("whatif.serve", students=serve)] if tally.down or tally.up else []
    if tally.swd_unknown:
        under.append(t("whatif.swd_unknown", n=HowMany(tally.swd_unknown)))
    under.append(t("whatif.staying", n=HowMany(leas - len(movers))))
    under.append(_track(view, found))
    return sentence, " ".join(line for line in under if line)


def _ways(tally: MoverTally) -> tuple[tuple[str, int], ...]:
    return ("whatif.down", tally.down), ("whatif.up", tally.up), ("whatif.other", tally.other)


def _track(view: View, found: Comparison) -> str:
    """How many LEAs are significantly disproportionate before and after: a track beside the tiers."""
    rows = view.intake.dataset.rows_of_year(view.year)
    was, now = (int((one.sig_dis[rows] == Outcome.TRUE).sum()) for one in (found.before, found.after))
    return t("whatif.significant", before=str(was), after=str(now)) if was != now else ""


def first_to_move(view: View) -> list[tuple[Threshold, ChangePoint]]:
    """The change points nearest to where things are, one of each number, in steps of its slider."""
    rows = set(view.intake.dataset.rows_of_year(view.year).tolist())
    found = []
    for threshold in thresholds.thresholds(view.ground):
        if threshold.group in _WALKED:
            continue
        swept = results.swept(threshold.setting, view.looking, book=view.scenario.instead)
        near = [
            (abs(change.value - threshold.value) / threshold.step, change)
            for change in (swept.changes if swept is not None else ())
            if change.row in rows and _within_reach(threshold, change)
        ]
        if near:
            steps, change = min(near, key=lambda each: each[0])
            found.append((steps, threshold, change))
    return [each[1:] for each in sorted(found, key=lambda each: each[0])[:_TRIED]]


def _within_reach(threshold: Threshold, change: ChangePoint) -> bool:
    """Whether a control can be moved so far that somebody is placed elsewhere."""
    if _down(threshold, change):
        return change.value > threshold.least or (change.value == threshold.least and not change.at)
    return change.value < threshold.most or (change.value == threshold.most and change.at)


def _down(threshold: Threshold, change: ChangePoint) -> bool:
    return change.value < threshold.value or (change.value == threshold.value and change.at)


def _first(view: View) -> str:
    """What to try: which number, moved how far, would move whom first."""
    lines = []
    for threshold, change in first_to_move(view):
        down = _down(threshold, change)
        next_down = threshold.whole and down and change.at
        value = control_words.value(threshold, change.short - 1 if next_down else change.short)
        way = _WAY[down, change.at and not next_down]
        label = control_words.label(threshold, view.ground)
        link = lea_link(view.baseline, change.row)
        why = escape(t("whatif.first", label=label, way=t(way, value=value)))
        lines.append(f"<li><div>{parts.link(link.text, link.to)}<span>{why}</span></div></li>")
    return f'<div class="cim-movers cim-tries"><ul>{"".join(lines)}</ul></div>'


def _tiles(counts: Counts) -> str:
    return parts.tiles(
        (
            placement,
            gate().say(placement.label),
            f"{before} → {after}" if before != after else f"{after}",
            False,
        )
        for placement, before, after in counts
    )


def _who(view: View, found: Comparison, movers: tuple[Mover, ...], counts: Counts) -> None:
    """Who moves: the slopes, and beside them the names with the reason."""
    with st.container(key="whatif_who", gap=None):
        empty = view.scenario.is_empty
        title = escape(t("whatif.who_first" if empty else "whatif.who"))
        under = "" if empty else f"<span>{escape(t('whatif.as_it_is_with'))}</span>"
        parts.show(f'<h2 class="cim-head cim-split" id="who">{title}{under}</h2>')
        with st.container(key="whatif_slopes", horizontal=True, gap=None):
            drawing.picture(slopes.drawing(counts, movers, slopes.finding(movers)), "slopes")
            parts.show(_first(view) if empty else _list(found, movers))


def _list(found: Comparison, movers: tuple[Mover, ...]) -> str:
    if not movers:
        return f'<div class="cim-movers"><p>{escape(t("whatif.nobody_help"))}</p></div>'
    first = "".join(_line(found, mover) for mover in movers[:_LISTED])
    rest = "".join(_line(found, mover) for mover in movers[_LISTED:_MOST])
    title = escape(t("whatif.all_n", n=HowMany(len(movers))))
    more = f"<details><summary>{title}</summary><ul>{rest}</ul></details>" if rest else ""
    return f'<div class="cim-movers"><ul>{first}</ul>{more}</div>'


def _line(found: Comparison, mover: Mover) -> str:
    link = lea_link(found.after, mover.row)
    why = escape(gate().say(shortly(found, mover)))
    return (
        f"<li>{parts.pill(mover.before)}<span aria-hidden=true>→</span>{parts.pill(mover.after)}"
        f"<div>{parts.link(link.text, link.to)}<span>{why}</span></div></li>"
    )


def _foot(view: View, found: Comparison, movers: tuple[Mover, ...]) -> None:
    """Save, share, download."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="whatif_foot"):
        if not view.scenario.is_empty:
            folded = st.popover(t("whatif.save"), key="save_popover", on_change="rerun")
            if folded.open:
                with folded:
                    saved_panels.save(view)
        parts.show(f'<button class="cim-btn" data-cim="share">{escape(t("header.share"))}</button>')
        folded = st.popover(t("whatif.download"), key="download_popover", on_change="rerun")
        if folded.open:
            with folded:
                _downloads(view, found, movers)


def _downloads(view: View, found: Comparison, movers: tuple[Mover, ...]) -> None:
    downloads.button(
        t("whatif.download_movers"),
        lambda: export.csv_bytes(move_rows.mover_rows(found, movers, gate()), move_rows.MOVER_COLUMNS),
        file_name=f"who_moves_{view.year}.csv",
        mime="text/csv",
        key="movers_export",
    )
    if not view.scenario.is_empty:
        downloads.button(
            t("whatif.download_scenario"),
            lambda: scenarios.dumps(view.scenario).encode(),
            file_name="scenario.toml",
            key="scenario_file",
        )
    counts = found.counts(view.intake.dataset.rows_of_year(view.year))
    picture = slopes.drawing(counts, movers, slopes.finding(movers))
    drawing.save_buttons(picture, "slopes", f"who_moves_{view.year}")
    if not view.scenario.is_empty and scenarios.encode(view.scenario) is None:
        st.caption(md(t("saved.too_large")))


def in_one_line(movers: tuple[Mover, ...], counts: Counts) -> str:
    """What a phone keeps at its foot while a control is moved: how many move, and which placements change."""
    changed = "".join(
        f"<span>{parts.pill(placement)} {before}→{after}</span>"
        for placement, before, after in counts
        if before != after
    )
    many = escape(t("whatif.n_move", n=HowMany(len(movers))))
    return (
        f'<div class="cim-mini"><b>{many}</b>{changed}<a href="#who">{escape(t("whatif.see_who"))}</a></div>'
    )
