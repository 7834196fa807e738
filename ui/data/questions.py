"""Step 2, only what a person has to say: a card for each question that blocks or changes placements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from cim_core.data.facts import FACT_NAMED, Fact
from cim_core.data.indicators import POSITION, get
from cim_core.data.outside import quoted
from cim_core.intake import FileRead
from cim_core.intake.bundle import BundleFile
from cim_core.intake.questions import Ask, Question
from cim_core.words.messages import HowMany
from ui.data import ask_panels, check_panels, mapping_panels, name_panels, steps, target_panels
from ui.data.steps import Card, Step
from ui.shared import address, my_leas_panels, open_files, parts
from ui.shared.results import View
from ui.shared.words_on_screen import md, t

_MOST_SHOWN = 8


def cards(view: View | None) -> list[Card]:
    """Every question that is worth a card, those that wait for an answer among them."""
    if view is None:
        return []
    found = []
    for part, about in view.files:
        found += _of_file(part, about)
    if my_leas_panels.may_ask(view):
        found.append(Card(partial(my_leas_panels.question, view), view.looking.is_open))
    if target_panels.may_ask(view):
        found.append(Card(partial(target_panels.printed, view), target_panels.waits(view)))
    silent = _silent(view)
    if silent:
        said = set(address.chosen("assume").split(","))
        found.append(Card(partial(_ask_silent, view, silent), any(fact.value not in said for fact in silent)))
    return found


def _of_file(part: BundleFile, about: FileRead) -> list[Card]:
    found = []
    if not about.layout and mapping_panels.may_tie(part, about):
        found.append(Card(partial(_tie, part), waits=True, blocks=True))
    names, others = _apart(part, about)
    if names:
        waits = any(question.open for question in names)
        found.append(Card(partial(name_panels.names, part, names), waits, blocks=waits))
    found += [
        Card(partial(ask_panels.card, part, question), question.open, blocks=question.open)
        for question in sorted(others, key=lambda question: not question.open)
    ]
    return found


def _apart(part: BundleFile, about: FileRead) -> tuple[list[Question], list[Question]]:
    """Questions about names, and the others; those that a person answered stay where they were asked."""
    mine = [one for one in about.questions if one.open or one.id in part.answers or not about.layout]
    names = [one for one in about.questions if one.ask is Ask.LEA]
    asked = any(one in mine for one in names)
    return names if asked else [], [one for one in mine if one.ask is not Ask.LEA]


def _understood(part: BundleFile, about: FileRead) -> list[Question]:
    """Questions of a file that answer themselves, or that decide no placement."""
    names, others = _apart(part, about)
    return [one for one in about.questions if one not in names and one not in others]


def show(view: View, asked: Sequence[Card]) -> None:
    """The page of step 2: its sentence, the cards, what was understood, and the way on."""
    parts.title(_sentence(asked), _lead(view, asked))
    with st.container(key="questions"):
        for card in asked[:_MOST_SHOWN]:
            card.show()
        if len(asked) > _MOST_SHOWN:
            st.caption(t("data.more_questions", n=HowMany(len(asked) - _MOST_SHOWN)))
        _fold(view)
        if not len(view.intake.dataset):
            check_panels.card(view)
    own_button = view.looking.is_open or view.may_be_tied
    on = steps.button(t("data.step.go_on"), Step.RESULT, main=not own_button)
    on = on if len(view.intake.dataset) else ""
    parts.show(f'<div class="cim-go">{on}{steps.button(t("data.step.back_file"), Step.FILE)}</div>')


def _sentence(asked: Sequence[Card]) -> str:
    blocking = sum(card.blocks for card in asked)
    waiting = sum(card.waits for card in asked)
    if blocking:
        return t("data.ask.before", n=HowMany(blocking))
    return t("data.ask.then", n=HowMany(waiting)) if waiting else t("data.ask.none")


def _lead(view: View, asked: Sequence[Card]) -> str:
    """Which files, how many LEAs; and that all else was understood, where every error is a question."""
    names = tuple(quoted(file.file) for file in view.intake.files)
    leas = len(set(view.intake.dataset.lea_key.tolist()))
    if not leas:
        return t("data.ask.lead_none", names=names)
    asked_about = len(view.intake.errors) <= sum(card.blocks for card in asked)
    return t("data.ask.lead" if asked_about else "data.ask.lead_errors", names=names, n=HowMany(leas))


def _tie(part: BundleFile) -> None:
    with st.container(border=True, key=f"card_tie_{part.digest[:12]}"):
        parts.show(parts.asked(t("mapping.title", name=quoted(part.file)), t("mapping.help")))
        mapping_panels.tie(part)


def _fold(view: View) -> None:
    """What was understood without asking, to be changed where it is wrong; built when it is opened."""
    each = [(part, one) for part, about in view.files for one in _understood(part, about)]
    if not each:
        return
    fold = st.expander(t("data.ask.understood", n=HowMany(len(each))), key="understood", on_change="rerun")
    if fold.open:
        with fold:
            _show_understood(view)


def _show_understood(view: View) -> None:
    for part, about in view.files:
        each = _understood(part, about)
        name_panels.names(part, [one for one in each if one.ask is Ask.LEA])
        for question in [one for one in each if one.ask is not Ask.LEA][:_MOST_SHOWN]:
            ask_panels.ask(part, question)


def _silent(view: View) -> list[Fact]:
    """The kinds of facts that decide under these rules and that no file tells of."""
    if not len(view.intake.dataset):
        return []
    lacking = view.baseline.unsupplied.any()
    return [
        fact
        for fact in view.intake.dataset.says_nothing_about()
        if fact in view.rulebook.facts and (fact is not Fact.ELEMENTS or lacking)
    ]


def _ask_silent(view: View, silent: Sequence[Fact]) -> None:
    """For each kind of fact that the files are silent about: unknown, or taken as none."""
    with st.container(border=True, key="card_silent"):
        parts.show(parts.asked(t("data.silent_title"), t("data.silent_help")))
        for fact in silent:
            key = f"silent_{fact.value}"
            st.session_state[key] = "none" if fact in view.intake.dataset.assumed_none else "unknown"
            of_elements = fact is Fact.ELEMENTS
            asked = _elements_asked(view) if of_elements else t("data.silent", fact=t(FACT_NAMED[fact]))
            says: Callable[[str], str] = _met if of_elements else _said
            st.radio(
                md(asked), ["unknown", "none"], format_func=says, horizontal=True, key=key,
                on_change=_answer, args=(tuple(silent),),
            )  # fmt: skip


def _elements_asked(view: View) -> str:
    """Which of the indicators that count are in none of the files."""
    lacking = [get(code).label for code, at in POSITION.items() if view.baseline.unsupplied[:, at].any()]
    total = len(view.rulebook.elements.indicators)
    return t("standing.ask", n=HowMany(len(lacking)), m=HowMany(total), each=tuple(lacking))


def _said(answer: str) -> str:
    return t("data.silent_answer.none" if answer == "none" else "data.silent_answer.unknown")


def _met(answer: str) -> str:
    return t("data.silent_answer.met") if answer == "none" else _said(answer)


def _answer(silent: Sequence[Fact]) -> None:
    taken = [fact.value for fact in silent if st.session_state.get(f"silent_{fact.value}") == "none"]
    files = open_files.bundle()
    if files is None:
        address.choose(assume=",".join(taken))
    else:
        open_files.open_bundle(files, assume=",".join(taken))
