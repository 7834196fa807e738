"""The list of saved scenarios: open, rename, duplicate, delete with a way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from cim_core.whatif import Scenario
from ui.shared import kept_rows, results, saved_scenarios
from ui.shared.kept_rows import KeptRow
from ui.shared.words_on_screen import md, t


def show(
    wanted: Callable[[str], bool] = lambda _: True,
    open_: Callable[[Scenario], None] = results.set_scenario,
    with_gone: bool = True,
) -> None:
    """Every scenario whose name is `wanted`; `open_`: what opening one does; `with_gone`: with a way back for
    the one that was deleted last."""
    kept_rows.refused()
    held = saved_scenarios.held()
    named = [name for name in held if wanted(name)]
    if not named:
        st.markdown(md(t("library.none_found" if held else "saved.none")))
    for at, name in enumerate(named):
        scenario = saved_scenarios.read(held[name])
        kept_rows.line(
            KeptRow(
                str(at), name, scenario.note, None, partial(open_, scenario), partial(_duplicate, scenario),
                partial(_rename, held[name].id, held[name].version), partial(saved_scenarios.delete, name),
            )
        )  # fmt: skip
    gone = saved_scenarios.deleted()
    if gone and with_gone:
        take_back = partial(saved_scenarios.take_back, gone[0].id)
        kept_rows.gone(gone[0].name, "undo_delete", take_back)


def _duplicate(scenario: Scenario) -> None:
    saved_scenarios.save(replace(scenario, name=t("saved.copy", name=scenario.name)), anew=True)


def _rename(id_: str, version: int, new: str, _note: str) -> bool:
    return saved_scenarios.rename(id_, version, new)
