"""Tying the columns of any other file to ours: guesses to be confirmed, kept for the next such file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Texts
from dataclasses import replace

import pandas as pd
import streamlit as st

from cim_core.data import indicators
from cim_core.intake import FileRead
from cim_core.intake.assembly import opening
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.bundle import BundleFile
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.our_columns import LONG, targets_of_mapping
from cim_core.intake.questions import Ask
from cim_core.intake.tying import mapping
from cim_core.intake.tying.guess import Proposal
from cim_core.intake.tying.mapping import Mapping
from cim_core.placing.apart import TooCostlyError
from cim_core.rules.toml_table import SchemaError
from cim_core.store.logbook import Thing
from ui.shared import downloads, open_files
from ui.shared.kept import kept
from ui.shared.reader import apart
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import gate, head_of, md, t, why

_EXAMPLES = " · "
_TALLEST = 480
_OWN_SHAPES = ("long", "wide")
"""Layouts whose unused columns may be ours under other names; published files have a fixed shape."""


def may_tie(part: BundleFile, about: FileRead) -> bool:
    """Whether columns of a file can be tied: it is not recognized, or leaves columns of our kind unused."""
    own_shape = about.layout in _OWN_SHAPES and bool(about.unused)
    return (not about.layout or own_shape or bool(part.mapping)) and _guessed(part) is not None


def tie(part: BundleFile) -> None:
    """The step for one file: what each of its columns is taken for, to be corrected and confirmed."""
    proposal = _guessed(part)
    if proposal is None:
        return
    _offer(part, proposal)
    made = _grid(part, proposal, _now(part))
    with st.container(horizontal=True):
        if st.button(t("mapping.use"), key=f"map_use_{part.digest[:12]}", type="primary"):
            _use(part, made, proposal)
        downloads.button(
            t("mapping.save"), lambda: mapping.dumps(made).encode(), file_name="mapping.toml",
            mime="application/toml", key=f"map_save_{part.digest[:12]}",
        )  # fmt: skip
        if part.mapping and st.button(t("mapping.stop"), key=f"map_stop_{part.digest[:12]}"):
            _set(part, "")
    given = st.file_uploader(t("mapping.file"), type=["toml"], key=f"map_file_{part.digest[:12]}")
    if given is not None and st.button(
        t("mapping.open", name=given.name), key=f"map_open_{part.digest[:12]}"
    ):
        _open(part, given.getvalue(), given.name)


def _guessed(part: BundleFile) -> Proposal | None:
    """The guesses for a file, unless it has no columns at all."""
    found = _proposal(part.digest, part.file, part.answers.get(Ask.SHEET.value, ""))
    return found if found is not None and found.columns else None


@kept
def _proposal(digest: str, file: str, sheet: str) -> Proposal | None:
    """The likeliest table of a file with its guesses; None where the file cannot be opened at all."""
    kept = shelf().get(digest)
    if kept is None:
        return None
    try:
        return apart().run(opening.proposal, apart().parsed(Upload(file, kept[1])), sheet)
    except TooCostlyError:
        return None


def _now(part: BundleFile) -> Mapping | None:
    try:
        return mapping.loads(part.mapping, part.file) if part.mapping else None
    except SchemaError:
        return None


def _offer(part: BundleFile, proposal: Proposal) -> None:
    """A mapping that was used for a file of this shape before; its year is asked again."""
    shape = mapping.fingerprint(proposal.mapping.header)
    known = next((held.text for held in shelf().texts(Thing.MAPPING) if held.name == shape), None)
    if known is None or part.mapping:
        return
    st.info(t("mapping.known"))
    if st.button(t("mapping.use_known"), key=f"map_known_{part.digest[:12]}"):
        before = mapping.loads(known)
        constants = {name: text for name, text in before.constants.items() if name != "year"}
        _set(part, mapping.dumps(replace(before, constants=constants)))


def _remember(made: Mapping, text: str) -> None:
    """Keep a mapping, as TOML, for the next file of the same shape."""
    shape = mapping.fingerprint(made.header)
    shelf().write(lambda store: store.keep_text(Thing.MAPPING, shape, text))


def _grid(part: BundleFile, proposal: Proposal, now: Mapping | None) -> Mapping:
    """What the person has tied so far: columns, constants, and names of indicators."""
    labels = {column: gate().say(label) for column, label in targets_of_mapping()}
    columns = {label: column for column, label in labels.items()}
    tied = now.columns if now is not None else proposal.mapping.columns
    heads = head_of("head.their_column", "head.our_column", "head.examples")
    lines = [
        [one.header, labels[tied.get(one.header, "")], _EXAMPLES.join(one.examples)]
        for one in proposal.columns
    ]
    shape = f"{part.mapping}{proposal.row}{proposal.mapping.header}"
    mark = f"{part.digest[:12]}_{hashlib.sha256(shape.encode()).hexdigest()[:12]}"
    edited = st.data_editor(
        pd.DataFrame(lines, columns=heads), hide_index=True, disabled=[heads[0], heads[2]], num_rows="fixed",
        key=f"map_grid_{mark}", height=min(_TALLEST, 40 + 36 * len(lines)),
        column_config={heads[1]: st.column_config.SelectboxColumn(options=list(columns), required=True)},
    )  # fmt: skip
    chosen = {
        str(theirs): columns[str(label)]
        for theirs, label in zip(edited[heads[0]], edited[heads[1]], strict=True)
        if columns.get(str(label))
    }
    constants = _constants(mark, chosen, now)
    values = _values(mark, proposal, now) if "indicator" in chosen.values() else {}
    only = _only(mark, proposal, now)
    return Mapping(proposal.mapping.header, chosen, constants, values, only)


def _only(mark: str, proposal: Proposal, now: Mapping | None) -> dict[str, tuple[str, ...]]:
    """Conditions for the rows to read: columns of the file, and of each the values."""
    known = dict(now.only) if now is not None else proposal.only
    if not proposal.choices and not known:
        return {}
    columns = list(dict.fromkeys((*known, *proposal.choices)))
    chosen = st.multiselect(
        t("only.title"), columns, default=list(known), help=t("only.help"), key=f"map_only_{mark}",
        placeholder=t("data.choose"),
    )  # fmt: skip
    found = {}
    for column in chosen:
        before = known.get(column, ())
        options = list(dict.fromkeys((*before, *proposal.choices.get(column, ()))))
        values = st.multiselect(
            md(t("only.values", column=column)), options, default=list(before),
            key=f"map_only_{mark}_{columns.index(column)}", placeholder=t("data.choose"),
        )  # fmt: skip
        if values:
            found[column] = tuple(values)
    return found


def _constants(mark: str, chosen: Texts[str, str], now: Mapping | None) -> dict[str, str]:
    """Year and indicator for all rows, asked for where no column gives them."""
    known = dict(now.constants) if now is not None else {}
    ours = set(chosen.values())
    found = {name: text for name, text in known.items() if name not in {"year", "indicator", *ours}}
    if "year" not in ours:
        written = st.text_input(
            t("mapping.year"), known.get("year", ""), placeholder="2023-24", help=t("mapping.year_help"),
            key=f"map_year_{mark}",
        )  # fmt: skip
        if written.strip():
            found["year"] = cell_text.school_year(written.strip()) or written.strip()
    if "indicator" not in ours and ours & set(LONG):
        codes = list(indicators.CODES)
        at = codes.index(known["indicator"]) if known.get("indicator") in codes else None
        picked = st.selectbox(
            t("mapping.indicator"), codes, index=at,
            format_func=lambda code: gate().say(indicators.get(code).title), key=f"map_indicator_{mark}",
            placeholder=t("data.choose"),
        )  # fmt: skip
        if picked:
            found["indicator"] = str(picked)
    return found


def _values(mark: str, proposal: Proposal, now: Mapping | None) -> dict[str, str]:
    """The file's own names of indicators tied to ours."""
    titles = {"": t("mapping.not_used")} | {one.code: gate().say(one.title) for one in indicators.INDICATORS}
    codes = {title: code for code, title in titles.items()}
    tied = dict(now.values) if now is not None else dict(proposal.values)
    names = list(dict.fromkeys((*proposal.values, *proposal.unknown, *tied)))
    if not names:
        return tied
    heads = [t("head.their_name"), t("head.our_indicator")]
    edited = st.data_editor(
        pd.DataFrame([[name, titles[tied.get(name, "")]] for name in names], columns=heads),
        hide_index=True, disabled=heads[:1], num_rows="fixed", key=f"map_values_{mark}",
        column_config={heads[1]: st.column_config.SelectboxColumn(options=list(codes), required=True)},
    )  # fmt: skip
    return {
        str(name): codes[str(title)] for name, title in zip(edited[heads[0]], edited[heads[1]], strict=True)
    }


def _use(part: BundleFile, made: Mapping, proposal: Proposal) -> None:
    text = mapping.dumps(made)
    try:
        mapping.loads(text, part.file)
    except SchemaError as error:
        st.error(md(t("mapping.wrong", found=error.found, expected=error.expected)))
        return
    _remember(proposal.mapping, text)
    _set(part, text)


def _open(part: BundleFile, content: bytes, name: str) -> None:
    try:
        text = content.decode("utf-8-sig")
        _remember(mapping.loads(text, name), text)
    except Exception as error:
        st.error(md(why(error, t("unexpected.mapping"))))
        return
    _set(part, text)


def _set(part: BundleFile, text: str) -> None:
    files = open_files.bundle()
    if files is not None:
        open_files.open_bundle(files.mapped(part.digest, text))
        st.rerun()
