"""What a file leaves open and a person has to say: percent or fraction, which year, which sheet, …

An answer is a text under the question's id; answers travel as a plain mapping, so that a link, a file or a
command line can hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cim_core.intake.problems import Values, of_file
from cim_core.words import messages
from cim_core.words.disclosure import WORKING, Disclosure
from cim_core.words.messages import Message, MessageFamily, given

Answers = Mapping[str, str]


class Ask(StrEnum):
    """The questions there are."""

    RATES = "rates"
    SHEET = "sheet"
    YEAR = "year"
    INDICATOR = "indicator"
    GROUP = "group"
    CHARTER = "charter"
    SOURCE = "source"
    CODE = "code"
    LEA = "lea"
    LEVEL = "level"
    SCHOOLS = "schools"
    COLUMN = "column"
    SIG_DIS = "sig_dis"


NOT_USED = "not-used"
"""The answer that a column is none of ours."""


class RateScale(StrEnum):
    """How the file writes rates: 53.2 (percent) or 0.532 (fraction)."""

    PERCENT = "percent"
    FRACTION = "fraction"


_TEXT: MessageFamily[str] = MessageFamily("question.{}.text")
_TAKEN: MessageFamily[str] = MessageFamily("question.{}.taken")
_OPTION: MessageFamily[tuple[str, str]] = MessageFamily("question.{}.option.{}")
_COLLECTION: MessageFamily[str] = MessageFamily("collection.{}")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be said by a person about one file.

    `options` are the possible answers, none where it is typed (a year); `taken` is the answer that is used
    now, empty while nothing is: then what depends on it is not used. `about` tells questions of one kind
    apart (a code as it is written, a sheet); `values` fill the words, which are those of `wording` where the
    question has several. Without an answer to a question that is
    not `needed`, everything is used all the same, only less is known of it.
    """

    ask: Ask
    options: tuple[str, ...] = ()
    taken: str = ""
    about: str = ""
    values: Values = field(default_factory=dict)
    needed: bool = True
    wording: str = ""

    @property
    def id(self) -> str:
        """Under which an answer is kept."""
        return f"{self.ask.value}:{self.about}" if self.about else self.ask.value

    @property
    def open(self) -> bool:
        """Whether something of the file cannot be used until it is answered."""
        return self.needed and not self.taken

    def text(self, gate: Disclosure = WORKING) -> str:
        """The question in words, or what was taken for an answer where that has words of its own."""
        if self.ask is Ask.GROUP and "column" in self.values:
            return gate.say(Message("question.group_of_column.text", of_file(self.values, gate)))
        name = self.wording or self.ask.value
        known = self.taken and _TAKEN[name] in messages.catalogue(gate.language)
        return gate.say(Message(_TAKEN[name] if known else _TEXT[name], of_file(self.values, gate)))

    def option(self, option: str, gate: Disclosure = WORKING) -> str:
        """One possible answer in words; names of sheets, codes and years stand for themselves."""
        key = _OPTION[self.wording or self.ask.value, option]
        known = key in messages.catalogue(gate.language)
        return gate.say(Message(key, of_file(self.values, gate))) if known else option


def collection_name(collection: str) -> Message:
    """How people call a public collection; a name that a file gives by itself stands as it is."""
    key = _COLLECTION[collection]
    return Message(key) if key in messages.catalogue() else given(collection)
