"""The Library: a sentence on what is kept, a search, and each kind of thing under its heading."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core.store.kept import KeptDataset, KeptText
from cim_core.store.logbook import Thing
from cim_core.whatif import Scenario
from cim_core.words.messages import HowMany
from cim_core.words.sizes import size_said
from ui.library import away_panels, dataset_list, gone_list, letter_list, rulebook_list
from ui.shared import address, parts, results, saved_list, saved_scenarios
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import t


def page() -> None:
    """Everything that is kept here."""
    datasets, rules = shelf().datasets(), shelf().texts(Thing.RULEBOOK)
    parts.title(_sentence(datasets, rules), _where())
    searched = st.text_input(t("library.search"), key="library_search").strip().casefold()

    def wanted(text: str) -> bool:
        return searched in text.casefold()

    found = [of for of in datasets if wanted(f"{of.name} {of.note}")]
    st.header(t("library.datasets"), anchor=False)
    dataset_list.show(found)
    if found:
        with st.expander(t("library.versions"), key="library_versions", on_change="rerun") as folded:
            if folded.open:
                dataset_list.versions(found)
    st.header(t("library.scenarios"), anchor=False)
    saved_list.show(wanted, _open_scenario)
    st.header(t("library.rulebooks"), anchor=False)
    rulebook_list.show([of for of in rules if wanted(of.name)])
    st.header(t("library.letters"), anchor=False)
    letter_list.show(datasets, wanted)
    gone_list.show()
    with st.expander(t("library.away_title"), key="library_away", on_change="rerun") as away:
        if away.open:
            away_panels.show(_size())
    parts.show(parts.link(t("library.log"), address.to("log"), "cim-btn"))


def _sentence(datasets: Sequence[KeptDataset], rules: Sequence[KeptText]) -> str:
    counted = (
        ("library.n_datasets", len(datasets)),
        ("library.n_scenarios", len(saved_scenarios.held())),
        ("library.n_rulebooks", len(rules)),
    )
    each = [t(kind, n=HowMany(n)) for kind, n in counted if n]
    return t("library.title", each=tuple(each)) if each else t("library.empty")


def _where() -> str:
    where = shelf().read(lambda store: store.database.said_where) or ""
    return t("library.where", where=where, size=size_said(_size()))


def _size() -> int:
    return shelf().read(lambda store: store.size()) or 0


def _open_scenario(scenario: Scenario) -> None:
    results.set_scenario(scenario)
    st.session_state["go_to"] = "whatif"
