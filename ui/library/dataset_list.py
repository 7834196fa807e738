"""Datasets that are kept: open, name and note, duplicate, delete; the versions of one, and two compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from cim_core.intake import bundle as bundles
from cim_core.movement import revision
from cim_core.store.kept import KeptDataset, KeptVersion
from cim_core.store.logbook import Thing
from cim_core.words.messages import HowMany
from ui.shared import (
    address,
    conflicts,
    html_parts,
    kept_rows,
    moments,
    open_files,
    parts,
    results,
    revision_panels,
)
from ui.shared.kept_rows import KeptRow
from ui.shared.shelf import SET, NewVersion, shelf
from ui.shared.words_on_screen import head_of, md, t

_ON_A_PAGE = 20


def show(kept: Sequence[KeptDataset], searched: bool) -> None:
    """A line for each, the one that was changed last first; `searched`: of more there are."""
    if not kept:
        st.markdown(md(t("library.none_found" if searched else "library.no_datasets")))
    for at in html_parts.page_of(range(len(kept)), "library_datasets", _ON_A_PAGE):
        kept_rows.line(_row(kept[at]))


def _row(of: KeptDataset) -> KeptRow:
    saved = t("library.saved", n=HowMany(of.versions), time=moments.said(of.changed))
    now = t("library.open_now") if address.chosen("data") == SET + of.newest else ""
    under = " · ".join(part for part in (saved, now, of.note) if part)
    return KeptRow(
        f"dataset_{of.id}", of.name, f"· {under}", of.note, partial(open_, of.newest),
        partial(_duplicate, of), partial(_describe, of), partial(_delete, of.id),
    )  # fmt: skip


def open_(version: str) -> None:
    """Look at a version as it was left, on Start."""
    address.choose(
        **open_files.open_version(SET + version), year="", lea="", whole="", scenario="", step=""
    )  # fmt: skip
    address.go_to("start")


def _duplicate(of: KeptDataset) -> None:
    name = t("saved.copy", name=of.name)
    found = shelf().read(lambda store: store.version(of.newest))
    if found is not None:
        shelf().put_version(NewVersion(name, found.bundle))


def _describe(of: KeptDataset, name: str, note: str) -> bool:
    shelf().write(lambda store: store.describe_dataset(of.id, of.version, name, note))
    return True


def _delete(id_: str) -> None:
    shelf().write(lambda store: store.delete(Thing.DATASET, id_))


def versions(kept: Sequence[KeptDataset]) -> None:
    """The versions of one dataset: what changed with each; and whose placement differs between two."""
    named = {of.id: of for of in kept}
    chosen = st.selectbox(
        t("library.versions_of"), list(named), key="library_versions_of",
        format_func=lambda id_: f"{named[id_].name} · {moments.said(named[id_].changed)}",
    )  # fmt: skip
    each = shelf().read(lambda store: store.versions(chosen) or None) or []
    on_page = html_parts.page_of(range(len(each)), f"library_page_{chosen}", _ON_A_PAGE)
    head = head_of("head.version", "head.saved", "head.what_changed")
    parts.show(parts.table(head, [_line(each, at) for at in on_page]))
    _two(each, [of for of in kept if of.id != chosen])


def _line(each: Sequence[KeptVersion], at: int) -> list[parts.Cell]:
    of = each[at]
    bundle = bundles.loads(of.bundle)
    before = bundles.loads(each[at + 1].bundle) if at + 1 < len(each) else bundles.Bundle()
    link = address.to("home", **open_files.as_left(SET + of.id, bundle), year="", lea="", scenario="")
    number = parts.Link(t("library.version", number=str(of.number)), link)
    return [number, moments.said(of.created), conflicts.changes(before, bundle)]


def _two(each: Sequence[KeptVersion], others: Sequence[KeptDataset]) -> None:
    """Two versions side by side, the two newest to begin with."""
    names = {
        of.id: t("library.of_number", number=str(of.number), time=moments.said(of.created)) for of in each
    }
    names |= {of.newest: f"{of.name} · {moments.said(of.changed)}" for of in others}
    if len(names) < 2:
        return
    label: Callable[[str], str] = names.__getitem__
    with st.container(horizontal=True, vertical_alignment="bottom", key="library_two"):
        before = st.selectbox(
            t("library.before"), list(names), 1, format_func=label, key="library_before"
        )  # fmt: skip
        after = st.selectbox(t("library.after"), list(names), format_func=label, key="library_after")
        compared = st.toggle(t("library.compare"), key="library_compare")
    if compared:
        _compared(before, after, names)


def _compared(before: str, after: str, names: dict[str, str]) -> None:
    old, new = (results.placed_version(SET + id_) for id_ in (before, after))
    if old is None or new is None:
        st.markdown(md(t("library.not_placed")))
    elif not revision.shares_leas(old.dataset, new.dataset):
        st.markdown(md(t("library.nothing_shared")))
    else:
        revision_panels.between(old, new, t("library.compared", before=names[before], after=names[after]))
