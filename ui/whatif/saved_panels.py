"""Scenarios that are kept: saved ones, files, and two side by side."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import streamlit as st

from cim_core.data.outside import listed, plain, quoted
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook_values import as_raw
from cim_core.whatif import Scenario, compare
from cim_core.whatif import scenario as scenarios
from cim_core.words.messages import HowMany, given
from ui.shared import html_parts, refusals, results, saved_list, saved_scenarios, scenario_tables
from ui.shared.results import View
from ui.shared.words_on_screen import md, t, why


def shelf(view: View) -> None:
    """Saved scenarios: open, rename, duplicate, delete with a way back; from a file; two side by side."""
    if not refusals.may_work():
        return
    saved_list.show()
    _file(view)
    _two(view)


def save(view: View) -> None:
    """A name and a note for what is changed now, and what it can be kept as."""
    if not refusals.may_work():
        return
    mark = hashlib.sha256(scenarios.dumps(view.scenario).encode()).hexdigest()[:12]
    st.text_input(t("saved.name"), view.scenario.name, max_chars=80, key=f"save_name_{mark}")
    st.text_area(t("saved.note"), view.scenario.note, max_chars=400, key=f"save_note_{mark}", height=80)
    these = mark, view
    st.button(t("saved.save"), key="save_scenario", type="primary", on_click=_keep_named, args=these)
    st.button(
        t("saved.as_rulebook"), key="as_rulebook", on_click=_as_rulebook, args=these,
        disabled=not view.scenario.changes, help=t("saved.as_rulebook_help"),
    )  # fmt: skip


def _named(mark: str, scenario: Scenario) -> Scenario:
    """Under the name that stands in the box now: a click may come in one with what was typed just before."""
    name = plain(str(st.session_state[f"save_name_{mark}"])).strip()
    note = str(st.session_state[f"save_note_{mark}"]).strip()
    return replace(scenario, name=name or t("whatif.unnamed"), note=note)


def _keep_named(mark: str, view: View) -> None:
    _keep(_named(mark, view.scenario))


def _keep(scenario: Scenario) -> None:
    """Save it and look through it."""
    saved = saved_scenarios.save(scenario)
    results.set_scenario(saved)
    st.toast(md(t("saved.done", name=saved.name)))


def _as_rulebook(mark: str, view: View) -> None:
    scenario = _named(mark, view.scenario)
    rules = replace(
        scenarios.changed_rulebook(scenario, view.base), title=given(scenario.name), id="own",
        official=False, fitted=None,
    )  # fmt: skip
    raw = as_raw(rules)
    own = results.own_rulebook(rulebook_file.dumps(raw))
    rest = replace(scenario, base=own, base_hash=rulebook_file.content_hash(raw), changes={}, instead="")
    results.set_scenario(rest)
    st.toast(md(t("saved.rulebook_done", name=scenario.name)))


def _file(view: View) -> None:
    given = st.file_uploader(
        t("saved.upload"), type=["toml"], key=f"scenario_up_{len(saved_scenarios.held())}"
    )
    if given is None:
        return
    try:
        opened = scenarios.loads(given.getvalue().decode("utf-8-sig"), given.name)
        lost = scenarios.misfits(opened, results.rulebook())
        if lost:
            st.warning(md(t("saved.misfit", keys=listed(map(str, lost)))))
            opened = opened.changed(dict.fromkeys(lost))
        if opened.is_empty:
            st.warning(md(t("saved.empty_file")))
            return
        results.placed_under(opened, view.looking)
    except Exception as error:
        st.error(md(why(error, t("unexpected.scenario"))))
        return
    elsewhere = opened.base != results.rulebook_id()
    if elsewhere or (opened.base_hash and opened.base_hash != rulebook_file.content_hash(results.raw())):
        st.warning(md(t("saved.other_base", base=quoted(opened.base), title=results.rulebook().title)))
    opened = replace(opened, name=opened.name or Path(given.name).stem)
    st.button(
        t("saved.open_file", name=opened.name or given.name), key="open_file", on_click=_keep, args=(opened,)
    )


def _two(view: View) -> None:
    """Two scenarios side by side: their settings, and who is placed differently."""
    choices = {t("saved.as_it_is"): scenarios.new(view.scenario.base, view.raw), **saved_scenarios.saved()}
    if not view.scenario.is_empty and view.scenario.name not in choices:
        choices[view.scenario.name or t("whatif.unnamed")] = view.scenario
    if len(choices) < 2:
        return
    st.header(t("saved.two"), anchor=False)
    names = list(choices)
    with st.container(horizontal=True):
        first = st.selectbox(t("saved.first"), names, 0, key="two_first")
        second = st.selectbox(t("saved.second"), names, min(1, len(names) - 1), key="two_second")
    left, right = choices[first], choices[second]
    head, lines = scenario_tables.both(left, right, view.base, (first, second))
    html_parts.table(head, lines)
    try:
        found = compare(results.placed_under(left, view.looking), results.placed_under(right, view.looking))
    except Exception as error:
        st.warning(md(why(error, t("unexpected.scenario"))))
        return
    movers = found.movers(view.intake.dataset.rows_of_year(view.year))
    st.markdown(md(t("saved.differ", n=HowMany(len(movers)), year=view.year_said)))
    if movers:
        head, rows = scenario_tables.movers(found, movers[:60])
        head[1], head[2] = first, second
        html_parts.table(head, rows)
