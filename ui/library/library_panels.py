"""The Library: a sentence on what is kept, a search, and each kind of thing under its heading."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core.intake import bundle as bundles
from cim_core.store.kept import KeptDataset, KeptText
from cim_core.store.logbook import Thing
from cim_core.whatif import Scenario
from cim_core.words.messages import HowMany
from cim_core.words.sizes import size_said
from ui.library import away_panels, dataset_list, gone_list, letter_list, rulebook_list
from ui.shared import address, parts, results, saved_list, saved_scenarios
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import md, t


def page() -> None:
    """Everything that is kept here."""
    datasets, rules = shelf().datasets(), shelf().texts(Thing.RULEBOOK)
    parts.title(_sentence(datasets, rules))
    words = st.text_input(t("library.search"), key="library_search").casefold().split()

    def wanted(text: str) -> bool:
        return all(word in text.casefold() for word in words)

    found = [of for of in datasets if wanted(f"{of.name} {of.note} {' '.join(_files(of))}")]
    st.header(t("library.datasets"), anchor=False)
    dataset_list.show(found, bool(words and datasets))
    if found:
        with st.expander(t("library.versions"), key="library_versions", on_change="rerun") as folded:
            if folded.open:
                dataset_list.versions(found)
    st.header(t("library.scenarios"), anchor=False)
    saved_list.show(wanted, _open_scenario, with_gone=False)
    st.header(t("library.rulebooks"), anchor=False)
    rulebook_list.show([of for of in rules if wanted(of.name)], bool(words and rules))
    st.header(t("library.letters"), anchor=False)
    letter_list.show(datasets, wanted)
    gone_list.show()
    with st.expander(t("library.away_title"), key="library_away", on_change="rerun") as away:
        if away.open:
            away_panels.show(_size())
    parts.show(parts.link(t("library.log"), address.to("log"), "cim-btn"))
    st.caption(md(_where()))


def _files(of: KeptDataset) -> list[str]:
    return [part.file for part in bundles.loads(of.bundle).parts]


def _sentence(datasets: Sequence[KeptDataset], rules: Sequence[KeptText]) -> str:
    counted = (
        ("library.n_datasets", len(datasets)),
        ("library.n_scenarios", len(saved_scenarios.held())),
        ("library.n_rulebooks", len(rules)),
    )
    each = [t(kind, n=HowMany(n)) for kind, n in counted if n]
    if not each:
        return t("library.empty")
    return t("library.title" if shelf().trouble is None else "library.not_kept", each=tuple(each))


def _where() -> str:
    where = shelf().read(lambda store: store.database.said_where) or ""
    if shelf().trouble is not None:
        return ""
    return t("library.where", where=where, size=size_said(_size()))


def _size() -> int:
    return shelf().read(lambda store: store.size()) or 0


def _open_scenario(scenario: Scenario) -> None:
    results.set_scenario(scenario)
    address.go_to("whatif")
