"""The three steps of the page of the data: file, questions, result; which one is shown, and the rail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

import streamlit as st

from cim_core.words.messages import HowMany
from ui.shared import address, parts
from ui.shared.results import View
from ui.shared.words_on_screen import t


class Step(StrEnum):
    """The steps; their values stand in the address."""

    FILE = "file"
    QUESTIONS = "questions"
    RESULT = "result"


NEXT = "next"
"""In place of a step, after an upload: the questions if any waits, else the result."""


@dataclass(frozen=True, slots=True)
class Card:
    """One question: what shows it, whether it waits for an answer, and whether data wait with it."""

    show: Callable[[], None]
    waits: bool
    blocks: bool = False


def now(view: View | None, asked: Sequence[Card]) -> Step:
    """The step that the address asks for, as far as it is possible; else what the files leave to be done."""
    wanted = address.chosen("step")
    if view is None or wanted == Step.FILE:
        return Step.FILE
    if wanted == Step.QUESTIONS and asked:
        return Step.QUESTIONS
    if wanted == Step.RESULT and len(view.intake.dataset):
        return Step.RESULT
    first = any(card.waits if wanted == NEXT else card.blocks for card in asked)
    return Step.QUESTIONS if first else Step.RESULT


def stay(step: Step) -> None:
    """An answer leaves the page at its questions, until the person goes on."""
    if step is Step.QUESTIONS:
        st.session_state["at_step"] = step.value


def to(step: Step) -> str:
    """The link to a step."""
    return address.to("data", step=step.value)


def button(text: str, step: Step, main: bool = False) -> str:
    """A link to a step that looks like a button; `main` for the one that most people want."""
    return parts.link(text, to(step), "cim-btn cim-big cim-main" if main else "cim-btn cim-big")


def rail(view: View | None, step: Step, asked: Sequence[Card]) -> None:
    """Where one is among the three steps, with a link to every one that can be gone to."""
    files, questions = "", ""
    if view is not None:
        files = t("data.step.n_files", n=HowMany(len(view.intake.files)))
        waiting = sum(card.waits for card in asked)
        if waiting:
            questions = t("data.step.waiting", n=HowMany(waiting))
        elif asked:
            questions = t("data.step.answered", n=HowMany(len(asked)))
    there = view is not None and bool(len(view.intake.dataset))
    lines = (
        (Step.FILE, t("data.step.file"), files, view is not None),
        (Step.QUESTIONS, t("data.step.questions"), questions, bool(asked)),
        (Step.RESULT, t("data.step.result"), "", there),
    )
    at = list(Step).index(step)
    items = [
        _item(number, at, parts.link(name, to(each)) if can else escape(name), name, more)
        for number, (each, name, more, can) in enumerate(lines)
    ]
    parts.show(
        f'<nav class="cim-rail" aria-label="{escape(t("data.step.rail"))}"><ol>{"".join(items)}</ol></nav>'
    )


def _item(number: int, at: int, linked: str, name: str, more: str) -> str:
    """One step: its number, a check mark behind one; its name, a link unless one is there."""
    after = f"<span>{escape(more)}</span>" if more else ""
    if number == at:
        return f'<li class="cim-on" aria-current="step"><i>{number + 1}</i><b>{escape(name)}</b>{after}</li>'
    return f'<li><i aria-hidden="true">{"✓" if number < at else number + 1}</i>{linked}{after}</li>'
