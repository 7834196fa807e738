"""The targets of the year typed into a grid, or a rulebook from a file: an own rulebook, never official."""

from __future__ import annotations

import copy
from decimal import Decimal, InvalidOperation

import pandas as pd
import streamlit as st

from cim_core.data import indicators
from cim_core.data.outside import plain, quoted
from cim_core.intake.meanings import cell_text
from cim_core.rules import rulebook_file, toml_table
from cim_core.rules.rulebook import Comparator
from cim_core.rules.toml_table import Raw
from ui.shared import own_rules, refusals, results
from ui.shared.words_on_screen import gate, head_of, md, t

_TYPED = "typed"


def type_targets() -> None:
    """A grid with one row per indicator; what is typed becomes a rulebook of its own."""
    if not refusals.may_work():
        return
    st.caption(t("own.help"))
    raw = results.raw()
    heads = head_of("head.number", "head.indicator", "head.comparator", "head.target", "head.source")
    grid = st.data_editor(
        _frame(raw, heads), hide_index=True, disabled=heads[:2], num_rows="fixed",
        key=f"own_grid_{results.rulebook_id()}", height=420,
        column_config={
            heads[2]: st.column_config.SelectboxColumn(options=[one.value for one in Comparator]),
            heads[3]: st.column_config.TextColumn(max_chars=12),
            heads[4]: st.column_config.TextColumn(max_chars=120),
        },
    )  # fmt: skip
    name = st.text_input(t("own.name"), max_chars=80, key="own_name")
    vintage = st.text_input(t("own.vintage"), max_chars=20, key="own_vintage", placeholder="2025-26")
    if st.button(t("own.save"), key="own_save", type="primary"):
        _save(raw, grid, heads, plain(name).strip(), plain(vintage).strip())
    given = st.file_uploader(t("own.upload"), type=["toml"], key="own_upload")
    if given is not None and st.button(t("own.open", name=given.name), key="own_open"):
        _open(given.getvalue())


def _frame(raw: Raw, heads: list[str]) -> pd.DataFrame:
    targets = raw["targets"]
    assert isinstance(targets, dict)
    lines = []
    for indicator in indicators.INDICATORS:
        target = targets.get(indicator.code, {})
        sign = target.get("comparator") or Comparator.default(indicator.direction).value
        value = target.get("value")
        named = gate().say(indicator.label), gate().say(indicator.name)
        lines.append([*named, sign, "" if value is None else str(value), ""])
    return pd.DataFrame(lines, columns=heads)


def _typed(targets: Raw, indicator: indicators.Indicator, typed: list[str], vintage: str) -> bool:
    """Put what was typed (sign, value, note) into the targets; False, said, where the value is no number."""
    sign, written, note = typed
    written = written.rstrip("%").strip()
    if not written:
        targets.pop(indicator.code, None)
        return True
    try:
        value = Decimal(written)
    except InvalidOperation:
        st.error(md(t("own.bad_value", title=indicator.title, found=quoted(written))))
        return False
    before = targets.get(indicator.code) or {}
    assert isinstance(before, dict)
    if before.get("value") != value or (before.get("comparator") or sign) != sign or note:
        targets[indicator.code] = {
            "comparator": sign, "value": value, "vintage": vintage, "source": _TYPED, "status": "assumed",
            "note": note,
        }  # fmt: skip
    return True


def _save(base: Raw, grid: pd.DataFrame, heads: list[str], name: str, vintage: str) -> None:
    if not name or cell_text.school_year(vintage) is None:
        st.error(t("own.needs_name"))
        return
    raw = copy.deepcopy(base)
    raw.pop("fitted", None)
    raw |= {"title": name, "id": "own", "official": False, "about": t("own.about", base=str(base["title"]))}
    sources = raw["sources"]
    targets = raw["targets"]
    assert isinstance(sources, list) and isinstance(targets, dict)
    raw["sources"] = [one for one in sources if one["id"] != _TYPED] + [
        {"id": _TYPED, "title": t("own.source")}
    ]
    for indicator, (_, line) in zip(indicators.INDICATORS, grid.iterrows(), strict=True):
        if not _typed(targets, indicator, [str(line[head] or "").strip() for head in heads[2:5]], vintage):
            return
    own_rules.become(lambda: raw)


def _open(content: bytes) -> None:
    own_rules.become(lambda: _read(content))


def _read(content: bytes) -> Raw:
    name = "rulebook.toml"
    raw = rulebook_file.complete(toml_table.parse(content.decode("utf-8-sig"), name), name)
    return raw | {"official": False}
