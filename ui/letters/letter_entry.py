"""Entering CDE's letters: by choices, one row per LEA, or by pasting the list; kept beside the open files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from cim_core.data.outside import quoted
from cim_core.letters import choices, entered, pasted
from cim_core.letters.agreement import letter_of
from cim_core.letters.entered import FILE, EnteredLetter
from cim_core.letters.stated import stated, written
from cim_core.rules.tiers import PLACEMENTS
from cim_core.words.messages import HowMany
from ui.shared import html_parts, parts, results, tables, typed_files
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t

_TEXT, _TAKEN = "letters_text", "letters_taken"
_EARLIEST = date(2000, 1, 1)


def typing(view: View, rows: Sequence[int]) -> None:
    """One row per LEA: placement and reasons as choices; saved together."""
    content = typed_files.content_of(FILE)
    typed = {letter.key: letter for letter in entered.loads(content)}
    mark = hashlib.sha256(content).hexdigest()[:8]
    mine = [
        row for row in rows if _key(view, row) in typed or letter_of(view.placements.dataset, row) is None
    ]
    on_page = html_parts.page_of(mine, f"letters_page_{view.year}")
    if len(mine) < len(rows):
        st.caption(t("letters.of_files", n=HowMany(len(rows) - len(mine))))
    if not on_page:
        return
    with st.form("letters_form", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = st.date_input(t("letters.date"), None, key=f"letters_date_{mark}", min_value=_EARLIEST)
            monitoring = st.text_input(
                t("letters.monitoring_year"), key=f"letters_year_{mark}", placeholder="2026-27", max_chars=9
            )
        new = [_row(view, row, typed.get(_key(view, row)), mark) for row in on_page]
        saved = st.form_submit_button(t("letters.save"), type="primary", key="letters_save")
    if saved:
        dated = {"letter_date": day.isoformat() if day else "", "monitoring_year": monitoring.strip()}
        _save(content, [_dated(letter, typed, dated) for letter in new], typed)


def _key(view: View, row: int) -> tuple[str, str]:
    data = view.placements.dataset
    return str(data.lea_key[row]), str(data.year[row])


def _row(view: View, row: int, before: EnteredLetter | None, mark: str) -> EnteredLetter:
    """The choices about one LEA; what was not touched stays in the letter's own words."""
    data = view.placements.dataset
    key = f"{data.lea_key[row]}_{data.year[row]}_{mark}"
    placement, reasons = (before.cde_placement, before.cde_reasons) if before else ("", "")
    names = ["", *(known.name for known in choices.placements())]
    options = names if placement in names else [*names, placement]
    ticked = choices.chosen(stated(reasons))
    every = list(dict.fromkeys((*ticked, *choices.of_rules(view.rulebook))))
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            md(str(data.lea_name[row])), options, options.index(placement), key=f"letter_{key}",
            format_func=_placement,
        )  # fmt: skip
    with right:
        told = st.multiselect(
            t("letters.reasons_of", name=str(data.lea_name[row])), every, list(ticked), key=f"reasons_{key}",
            format_func=lambda choice: gate().say(choices.label(choice)), label_visibility="collapsed",
            placeholder=t("letters.reasons"),
        )  # fmt: skip
    said = reasons if set(told) == set(ticked) else written(choices.reasons(told))
    code, name, year = str(data.lea_code[row]), str(data.lea_name[row]), str(data.year[row])
    letter = before or EnteredLetter(code, name, year, "")
    return replace(letter, cde_placement=chosen, cde_reasons=said)


def _placement(name: str) -> str:
    if not name:
        return t("letters.no_letter")
    return gate().say(PLACEMENTS[name].label) if name in PLACEMENTS else name


def _dated(
    letter: EnteredLetter, typed: dict[tuple[str, str], EnteredLetter], dated: dict[str, str]
) -> EnteredLetter:
    """A letter with the date and monitoring year typed above, where it is new, changed or has none."""
    changed = typed.get(letter.key) != letter
    kept = {
        name: value if value and (changed or not getattr(letter, name)) else getattr(letter, name)
        for name, value in dated.items()
    }
    return replace(letter, **kept)


def _save(
    content: bytes, letters: Sequence[EnteredLetter], typed: dict[tuple[str, str], EnteredLetter]
) -> None:
    """Keep the letters, unless reasons are chosen where no placement is."""
    missing = [letter for letter in letters if letter.cde_reasons and not letter.cde_placement]
    names = tuple(letter.lea_name for letter in missing if letter.key not in typed)
    if names:
        st.warning(md(t("letters.placement_missing", names=names)))
        return
    typed_files.put(FILE, entered.with_letters(content, letters))
    st.rerun()


def pasting(view: View) -> None:
    """A box for the letters' list; lines that cannot be taken stay in it, each with what is wrong."""
    data = view.placements.dataset
    first = min(str(data.lea_name[row]) for row in data.rows_of_year(view.year))
    example = t("letters.paste_example", name=quoted(first))
    st.text_area(t("letters.paste"), key=_TEXT, height=200, placeholder=example)
    st.button(t("letters.take"), key="letters_take", type="primary", on_click=_take)
    found: pasted.PastedLetters | None = st.session_state.pop(_TAKEN, None)
    if found is None:
        return
    if found.letters:
        st.success(t("letters.taken", n=HowMany(len(found.letters))))
    if found.problems:
        st.warning(t("letters.not_taken", n=HowMany(len(found.left))))
        head = head_of("head.severity", "head.where", "head.found", "head.expected", "head.mend")
        parts.show(parts.table(head, tables.problems(found.problems)))


def _take() -> None:
    text, view = str(st.session_state.get(_TEXT) or ""), results.view()
    if view is None or not text.strip():
        return
    content = typed_files.content_of(FILE)
    name = t("letters.list_name")
    found = pasted.take(text, view.placements.dataset, view.year, name, entered.loads(content))
    st.session_state[_TEXT] = "\n".join(found.left)
    st.session_state[_TAKEN] = found
    if found.letters:
        typed_files.put(FILE, entered.with_letters(content, found.letters))


def doubled(view: View, rows: Sequence[int]) -> None:
    """Letters that are typed here and say another placement than one of the open files: neither counts."""
    typed = {letter.key: letter for letter in entered.loads(typed_files.content_of(FILE))}
    for row in rows:
        letter = typed.get(_key(view, row))
        if letter is not None and not str(view.placements.dataset.cde_placement[row]):
            name = str(view.placements.dataset.lea_name[row])
            st.warning(md(t("letters.doubled", name=name, letter=letter.cde_placement)))


def unread(view: View, rows: Sequence[int]) -> None:
    """Of letters whose words name no placement that is known: they are kept and count as none."""
    data = view.placements.dataset
    for row in rows:
        name, said = str(data.lea_name[row]), str(data.cde_placement[row])
        st.warning(md(t("letters.words_unread", name=name, letter=said)))
