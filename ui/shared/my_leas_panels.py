"""Whose LEAs are looked at: the question, the list that is pasted, the switch in the bar on top."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from cim_core.data.outside import plain, quoted
from cim_core.intake.my_leas import Choice, ListLine
from cim_core.words.messages import HowMany
from ui.shared import address, open_files, results
from ui.shared.my_leas import Looking
from ui.shared.results import View
from ui.shared.words_on_screen import md, t

_NOT_FOUND, _NOBODY, _ANSWERED = "mine_not_found", "mine_nobody", "mine_answered"
_ASKED = "mine_asked"
_MOST_LINES = 12
_MOST_NAMED = 5
_LONGEST_REGION = 80


def may_ask(view: View) -> bool:
    """Whether there are so many LEAs that somebody has to say which are theirs, or somebody did."""
    looking = view.looking
    return bool(looking.leas.names) and bool(looking.leas.are_many or looking.asked)


def question(view: View) -> None:
    """Among the questions about the data: open until it is answered, then folded."""
    looking = view.looking
    st.session_state.pop(_ANSWERED, None)
    with st.expander(md(_title(looking)), expanded=looking.is_open or bool(_not_found()), key="mine"):
        _ask(looking, "page")


def switch(view: View) -> None:
    """Among the choices of the header: between one's own LEAs and all, and the question anew."""
    looking = view.looking
    chosen, everybody = len(looking.chosen), len(looking.leas.names)
    if not chosen:
        return
    labels = {
        "": t("mine.shown_mine", n=HowMany(chosen)),
        "all": t("mine.shown_all", n=HowMany(everybody)),
    }
    st.session_state["mine_shown"] = "all" if looking.whole else ""
    st.segmented_control(
        t("mine.switch"), list(labels), format_func=labels.__getitem__, key="mine_shown", required=True,
        on_change=_switch,
    )  # fmt: skip
    st.button(t("mine.change"), key="mine_ask", on_click=_ask_anew)


def asked(view: View) -> None:
    """In the header: the question whose LEAs these are while many are open and nobody chose; its dialog."""
    looking = view.looking
    open_now = st.session_state.pop(_ASKED, False)
    if looking.leas.are_many and not looking.chosen:
        open_now = st.button(t("mine.question"), key="mine_ask") or open_now
    if open_now:
        st.dialog(t("mine.question"), width="large", on_dismiss="rerun")(_dialog)()


def _ask_anew() -> None:
    st.session_state[_ASKED] = True


def _dialog() -> None:
    """The question over any page; an answer closes it, unless lines of the list were not found."""
    view = results.view()
    if st.session_state.pop(_ANSWERED, False) or view is None:
        st.rerun()
    else:
        _ask(view.looking, "bar")


def lost(view: View) -> None:
    """That nobody of those who were chosen is in the files; nothing where some are."""
    looking = view.looking
    asked_for_leas = looking.asked and not (looking.choice.name and looking.choice.is_empty)
    if asked_for_leas and not looking.chosen:
        st.warning(md(t("mine.lost", n=HowMany(len(looking.leas.names)))))


def not_mine(view: View, row: int) -> None:
    """That an LEA which is shown is another one than one's own."""
    data = view.placements.dataset
    if data.mine is not None and not data.mine[row]:
        st.caption(md(t("mine.not_mine", name=str(data.lea_name[row]))))


def region_name(view: View) -> str:
    """What the region is called by whom it was chosen: as it was typed, a county, an LEA alone; else nothing.

    A typed name is about those who were chosen; it is no name for all others beside them.
    """
    looking = view.looking
    choice = looking.choice
    if choice.name and (looking.mine or choice.is_empty):
        return choice.name
    if looking.mine and len(choice.counties) == 1 and not (choice.selpas or choice.leas):
        return t("mine.county_name", county=choice.counties[0])
    return "".join(looking.leas.names[key] for key in looking.keys) if len(looking.keys) == 1 else ""


def _switch() -> None:
    address.choose(whole=str(st.session_state["mine_shown"]))


def _title(looking: Looking) -> str:
    chosen = len(looking.chosen)
    if not chosen:
        return t("mine.question")
    return t("mine.chosen", n=HowMany(chosen), all=HowMany(len(looking.leas.names)))


def _ask(looking: Looking, where: str) -> None:
    """By SELPA, county, name and pasted list, and what the region is called; with what was not found."""
    leas, choice = looking.leas, looking.choice
    if where == "bar" and looking.chosen:
        st.markdown(f"**{md(_title(looking))}**")
    st.caption(md(t("mine.help", n=HowMany(len(leas.names)))))
    _not_here(looking)
    mark = f"{where}_{hashlib.sha256(looking.asked.encode()).hexdigest()[:8]}"
    _lines(looking, mark)
    _some(t("mine.selpa"), list(leas.selpas), choice.selpas, f"mine_selpas_{mark}")
    _some(t("mine.county"), list(leas.counties), choice.counties, f"mine_counties_{mark}")
    names = {key: leas.described(key) for key in sorted(leas.names, key=leas.names.__getitem__)}
    _some(t("mine.name"), list(names), choice.leas, f"mine_names_{mark}", names)
    st.text_area(t("mine.pasted"), key=f"mine_pasted_{mark}", height=110)
    st.text_input(
        t("mine.region"), choice.name, max_chars=_LONGEST_REGION, key=f"mine_region_{mark}",
        placeholder=t("mine.region_hint"),
    )  # fmt: skip
    with st.container(horizontal=True):
        given = (looking, mark)
        st.button(t("mine.use"), type="primary", key=f"mine_use_{where}", on_click=_use, args=given)
        st.button(t("mine.everybody"), key=f"mine_all_{where}", on_click=_everybody, args=given)


def _some(
    label: str, options: list[str], chosen: tuple[str, ...], key: str, names: dict[str, str] | None = None
) -> None:
    """A box for some of the SELPAs, counties or LEAs; nothing where the files name none."""
    if options:
        here = [name for name in chosen if name in options]
        named = (names or dict(zip(options, options, strict=True))).__getitem__
        st.multiselect(label, options, here, format_func=named, key=key, placeholder=t("mine.choose"))


def _made(looking: Looking, mark: str) -> Choice:
    """The choice as it stands in the boxes; what is chosen and not in these files stays chosen."""
    leas, choice = looking.leas, looking.choice

    def of(kind: str, chosen: tuple[str, ...], known: Collection[str]) -> tuple[str, ...]:
        gone = (name for name in chosen if name not in known)
        return (*st.session_state.get(f"mine_{kind}_{mark}", ()), *gone)

    return Choice(
        plain(str(st.session_state.get(f"mine_region_{mark}", ""))).strip(),
        of("selpas", choice.selpas, leas.selpas),
        of("counties", choice.counties, leas.counties),
        of("names", choice.leas, leas.names),
    )


def _use(looking: Looking, mark: str) -> None:
    """Look at what was chosen and what was found of the list; lines that mean nobody are kept to be said."""
    made, read = _made(looking, mark), looking.leas.read_list(str(st.session_state[f"mine_pasted_{mark}"]))
    listed = dict.fromkeys((*made.leas, *(line.key for line in read if line.key)))
    made = replace(made, leas=tuple(listed))
    st.session_state[_NOT_FOUND] = [line for line in read if not line.key]
    if looking.leas.keys(made) or made.name:
        _look_at(made)
    elif not read:
        st.session_state[_NOBODY] = True


def _everybody(looking: Looking, mark: str) -> None:
    _look_at(_made(looking, mark), whole="all")


def _look_at(made: Choice, whole: str = "") -> None:
    st.session_state[_ANSWERED] = not _not_found()
    open_files.look_at(made, whole)


def _not_found() -> list[ListLine]:
    found: list[ListLine] = st.session_state.get(_NOT_FOUND, [])
    return found


def _lines(looking: Looking, mark: str) -> None:
    """The lines that were not found, each with the nearest names to choose from; or that nobody is chosen."""
    if st.session_state.pop(_NOBODY, False):
        st.warning(t("mine.nobody"))
    lines = _not_found()
    if not lines:
        return
    st.warning(t("mine.lines", n=HowMany(len(lines))))
    for at, line in enumerate(lines[:_MOST_LINES]):
        near = [key for key in line.nearest if key in looking.leas.names]
        if not near:
            st.markdown(md(t("mine.line_alone", line=quoted(line.written))))
            continue
        key = f"mine_line_{mark}_{at}"
        st.pills(
            md(t("mine.line", line=quoted(line.written))), near, key=key, on_change=_meant,
            format_func=lambda each: md(looking.leas.described(each)), args=(looking, mark, at, key),
        )  # fmt: skip
    rest = lines[_MOST_LINES:]
    if rest:
        each = tuple(quoted(line.written) for line in rest[:_MOST_NAMED])
        st.markdown(md(t("mine.lines_more", n=HowMany(len(rest)), each=each)))


def _meant(looking: Looking, mark: str, at: int, key: str) -> None:
    """A line means the LEA that was chosen for it."""
    meant = st.session_state[key]
    if not meant:
        return
    lines, made = _not_found(), _made(looking, mark)
    st.session_state[_NOT_FOUND] = [*lines[:at], *lines[at + 1 :]]
    _look_at(replace(made, leas=tuple(dict.fromkeys((*made.leas, str(meant))))))


def _not_here(looking: Looking) -> None:
    """Single LEAs, SELPAs and counties of the choice that these files do not hold."""
    leas, choice = looking.leas, looking.choice
    gone = [key for key in choice.leas if key not in leas.names]
    gone += [name for name in choice.selpas if name not in leas.selpas]
    gone += [name for name in choice.counties if name not in leas.counties]
    if gone and looking.chosen:
        each = tuple(map(quoted, gone[:_MOST_NAMED]))
        if len(gone) > _MOST_NAMED:
            each = (*each, t("mine.more_not_here", n=HowMany(len(gone) - _MOST_NAMED)))
        st.caption(md(t("mine.not_here", n=HowMany(len(gone)), each=each)))
