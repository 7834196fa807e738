"""What to start from: pills of ready scenarios; others, and one on top of what is changed, behind More."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import Scenario, Stack, ready_scenarios, stacked
from cim_core.words.messages import HowMany, Message
from ui.shared import address, results, saved_scenarios
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t
from ui.whatif import choices

_AS_IT_IS = ""
_PILLS = 4
"""So many ready scenarios are pills beside the other rulebooks; one line on a screen of 1,280."""
_NAMED = 3
"""So many things that two scenarios disagree about are named."""


def row(view: View) -> None:
    """The pills; one is pressed where the scenario is just that."""
    offered = _offers(view)
    pills = [_AS_IT_IS, *_pills(list(offered.values()))]
    now = next((name for name, each in offered.items() if saved_scenarios.same(each, view.scenario)), None)
    now = _AS_IT_IS if view.scenario.is_empty else now
    choices.mirror("whatif_preset", now if now in pills else None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="whatif_presets"):
        st.pills(
            t("whatif.start_from"), pills, key="whatif_preset", on_change=_start, args=(offered,),
            format_func=lambda name: name or t("whatif.official"), label_visibility="collapsed",
        )  # fmt: skip
        folded = st.popover(t("stack.open"), key="stack_popover", on_change="rerun")
        if folded.open:
            with folded:
                _more(view, {name: each for name, each in offered.items() if name != now})


def _pills(offered: list[Scenario]) -> list[str]:
    rules = [each.name for each in offered if not each.instead]
    return [*rules[:_PILLS], *(each.name for each in offered if each.instead and not each.changes)]


def _offers(view: View) -> dict[str, Scenario]:
    """Ready and saved scenarios by name."""
    ready = _ready(results.rulebook_id(), rulebook_file.content_hash(view.raw), view.base)
    return {each.name: each for each in ready} | saved_scenarios.saved()


@kept
def _ready(rulebook_id: str, base_hash: str, _base: Rulebook) -> tuple[Scenario, ...]:
    return ready_scenarios.ready(_base, base_hash, gate())


def _start(offered: dict[str, Scenario]) -> None:
    chosen = st.session_state["whatif_preset"]
    if chosen == _AS_IT_IS:
        address.choose(scenario="")
    elif chosen is not None:
        results.set_scenario(offered[chosen])


def _more(view: View, offered: dict[str, Scenario]) -> None:
    """Start from any scenario, or put it on top of what is changed now; what both change is said before."""
    name = st.selectbox(t("stack.which"), list(offered), key="stack_which")
    st.caption(md(offered[name].note))
    st.button(t("stack.start"), key="stack_start", on_click=results.set_scenario, args=(offered[name],))
    if view.scenario.is_empty:
        return
    try:
        stack = stacked(view.scenario, offered[name], view.base)
    except SchemaError as error:
        st.warning(md(t("stack.refused", why=str(error))))
        return
    keep_under = bool(stack.conflicts) and _conflicts(stack, name)
    if stack.lost:
        st.caption(md(t("saved.misfit", keys=tuple(map(str, stack.lost)))))
    over = offered[name], keep_under
    st.button(t("stack.add"), key="stack_add", type="primary", on_click=_add, args=over)


def _conflicts(stack: Stack, name: str) -> bool:
    """What both change to different values; whether what is changed now is kept."""
    st.markdown(md(t("stack.disagree", n=HowMany(len(stack.conflicts)))))
    lines = [
        t("stack.each", label=one.label, under=_said(one.under), over=_said(one.over))
        for one in stack.conflicts
    ]
    st.markdown("\n".join(f"- {md(line)}" for line in lines[:_NAMED]))
    if len(lines) > _NAMED:
        st.caption(md(t("stack.more", n=HowMany(len(lines) - _NAMED))))
    return bool(
        st.radio(
            t("stack.keep"), [False, True], key="stack_keep",
            format_func=lambda under: t("stack.keep_now") if under else t("stack.keep_over", name=name),
        )
    )  # fmt: skip


def _said(value: str | Message) -> str:
    return value if isinstance(value, str) else gate().say(value)


def _add(over: Scenario, keep_under: bool) -> None:
    view = results.view()
    if view is None:
        return
    stack = stacked(view.scenario, over, view.base, keep_under)
    named = replace(stack.scenario, name=stack.scenario.name if view.scenario.name else "")
    results.set_scenario(named)
