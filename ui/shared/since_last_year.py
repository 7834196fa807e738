"""What became of one LEA since its last year, folded under that sentence: steps, changes, method."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core import movement as moves
from cim_core.movement import MoveReason, Stage
from cim_core.words.messages import MessageFamily
from ui.shared import html_parts, results
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t

REASON = MessageFamily("movement.reason.{}", tuple(MoveReason))
_SHORT = MessageFamily("movement.short.{}", tuple(MoveReason))


@kept
def _since(key: str, row: int, _view: View) -> tuple[moves.Stage, ...]:
    return tuple(moves.since_stages(_view.placements, _view.reference, row))


def since_last_year(view: View, row: int) -> None:
    """The sentence, and what stands under it where there is an earlier year."""
    stages = _since(results.key(view), row, view)
    said = gate().say(moves.since(view.placements, view.reference, row, stages or None))
    if not stages:
        st.caption(md(said + "."))
        return
    with st.expander(md(said)):
        _sides(stages)
        st.markdown(md(t("movement.steps")))
        html_parts.table(*stage_lines(stages))
        changed = moves.changes(stages)
        st.markdown(md(t("movement.changed" if changed else "movement.unchanged")))
        if changed:
            _changes(changed)
        st.caption(md(t("movement.method_text") + " " + t("movement.method_source")))


def _sides(stages: Sequence[Stage]) -> None:
    years = [str(each.placements.dataset.year[each.row]) for each in (stages[0], stages[-1])]
    lines = [
        [gate().say(part) for part in (side.what, side.before, side.after)] for side in moves.sides(stages)
    ]
    html_parts.table([t("movement.what"), *years], lines, (1, 2))


def _changes(changed: Sequence[moves.FactorChange]) -> None:
    head = [t("movement.what"), *head_of("head.before", "head.after"), t("movement.at_swap")]
    lines = [
        [*(gate().say(part) for part in (each.what, each.before, each.after)), t(REASON[each.reason])]
        for each in changed
    ]
    html_parts.table(head, lines)


def stage_lines(stages: Sequence[Stage]) -> tuple[list[str], list[list[str]]]:
    """The swaps in their order with the placement after each and the rule that decides then."""
    head = [t("movement.swapped"), t("movement.after_swap"), t("head.decides")]
    lines = [[t("movement.as_it_was"), gate().say(stages[0].placement.label), _rule(stages[0])]]
    for before, after in zip(stages, stages[1:], strict=False):
        assert after.reason is not None
        same = before.placement == after.placement
        place = t("movement.no_change") if same else gate().say(after.placement.label)
        rule = "–" if same and _rule(before) == _rule(after) else _rule(after)
        lines.append([t(_SHORT[after.reason]), place, rule])
    return head, lines


def _rule(stage: Stage) -> str:
    clause = stage.clause
    return gate().say(clause.said) if clause is not None else t("whatif.no_rule")
