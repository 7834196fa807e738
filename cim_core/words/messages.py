"""Every sentence and label by message id.

A `Message` is an id with its values; it becomes text only when somebody renders it with a way to print
numbers. That way is handed in by `cim_core.words.disclosure`, so no number reaches a reader past that gate.
Catalogues are TOML files beside this module, one folder per language; a message with plural forms (the
categories of Unicode CLDR: `one`, `few`, `other` …) chooses by its value `n` as it is shown.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from cim_core.words import rounding

if TYPE_CHECKING:
    from babel import Locale

LOCALES = {"en": "en_GB"}
"""The CLDR locale of each language; British English sets no comma before the last "and" of a list."""
LANGUAGES = tuple(LOCALES)
_PLURALS = {"zero", "one", "two", "few", "many", "other"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Kind(StrEnum):
    """What a number is, so that `disclosure` can decide what may be seen."""

    RATE = "rate"
    POINTS = "points"
    STANDARD = "standard"
    RATIO = "ratio"
    COUNT = "count"
    PERCENTILE = "percentile"
    RANK = "rank"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number about students: its exact value, what it is, and how many students stand behind it.

    `decimals` is the precision at which it is held and exported (rounded half up, as CDE rounds), `shown` how
    many of them are written, None where that follows from the number alone (`cim_core.words.numbers`);
    `group` is the denominator, None when it is not known; `value` is in percent for rates and in points or
    plain counts otherwise.
    """

    value: Fraction
    kind: Kind
    decimals: int = 1
    group: int | None = None
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that has not been said yet: an id in the catalogue and the values it needs."""

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.id)


Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class MessageFamily(Generic[Member]):
    """Ids that differ in a word alone (or in two), which a member of an enum or of a closed list names.

    The pattern stands once, beside the enum, and a test walks every member. `members` is None where the
    words themselves are the list: each of their names is then written somewhere in the code.
    """

    pattern: str
    members: tuple[Member, ...] | None = None

    def __getitem__(self, member: Member) -> str:
        """The message id of one member."""
        words = member if isinstance(member, tuple) else (member,)
        return self.pattern.format(*(one.name.lower() if isinstance(one, IntEnum) else one for one in words))


class OneOf(tuple["str | Message", ...]):
    """Alternatives: said with "or" between them, where a plain tuple is said with "and"."""

    __slots__ = ()


class HowMany(int):
    """A whole number that says nothing about students: how many LEAs, rows, files, targets, years, draws.

    Numbers about students are a `Quantity`, which is shown through the gate of `disclosure` alone.
    """

    __slots__ = ()


_ORDINAL: MessageFamily[str] = MessageFamily("ordinal.ends_{}", ("one", "two", "few", "other"))
"""By the ordinal category of CLDR."""
Part = str | HowMany | Quantity | Message
Value = Part | tuple[Part, ...]


def message(message_id: str, **values: Value) -> Message:
    """Shorthand for `Message(message_id, values)`."""
    return Message(message_id, values)


def given(text: str) -> Message:
    """What a file says in its own words: a rulebook's title or sentence, a name, a value as it is written."""
    return Message("given", {"text": text})


@cache
def catalogue(language: str = "en") -> dict[str, str | dict[str, str]]:
    """All messages of a language, flat: `{"why.missed": "..."}`. ValueError for an unknown language."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for language {language!r}; there are: {', '.join(LANGUAGES)}")
    flat: dict[str, str | dict[str, str]] = {}
    for path in sorted(
        path
        for folder in sys.modules[__package__].__path__
        for path in (Path(folder) / language).glob("*.toml")
    ):
        _flatten(tomllib.loads(path.read_text("utf-8")), "", flat)
    return flat


def text(message_id: str, language: str = "en", **values: str | HowMany) -> str:
    """The text of a message without numbers about students. Raises KeyError for an unknown id."""
    return render(Message(message_id, values), _refuse, language)


def render(message: Message, number: Callable[[Quantity], str], language: str = "en") -> str:
    """Turn a message into text; `number` prints every `Quantity` in it (see `disclosure`).

    Raises KeyError when the id, or a value that the text asks for, is missing.
    """
    template = catalogue(language)[message.id]
    if isinstance(template, dict):
        template = template.get(
            _plural(_say(message.values["n"], number, language), language), template["other"]
        )

    def put(found: re.Match[str]) -> str:
        return _say(message.values[found[1]], number, language)

    return _PLACEHOLDER.sub(put, template)


def join(parts: Sequence[str], language: str = "en", style: Literal["standard", "or"] = "standard") -> str:
    """`a`, `a and b`, `a, b and c` as the language has it (CLDR list patterns), alternatives with "or".

    Parts that hold commas themselves have the word between each two, so that none runs into the next.
    """
    if len(parts) < 2:
        return "".join(parts)
    if any("," in part for part in parts):
        return text("list.between_or" if style == "or" else "list.between_and", language).join(parts)
    from babel.lists import format_list

    return format_list(parts, style, locale(language))


def ordinal(shown: str, language: str = "en") -> str:
    """A whole number as a place in an order: `12th`."""
    form = locale(language).ordinal_form(int(shown.replace(",", "")))
    return text(_ORDINAL[form], language, n=shown)


@cache
def locale(language: str) -> Locale:
    """The CLDR locale of a language."""
    from babel import Locale

    return Locale.parse(LOCALES[language])


def _plural(shown: str, language: str) -> str:
    """The plural category of a number as it is shown; what is no number, or hidden, is `other`."""
    plain = shown.replace(",", "")
    return locale(language).plural_form(int(plain)) if plain.isdecimal() else "other"


def _say(value: Value, number: Callable[[Quantity], str], language: str) -> str:
    if isinstance(value, Quantity):
        return number(value)
    if isinstance(value, Message):
        return render(value, number, language)
    if isinstance(value, tuple):
        parts = [_say(part, number, language) for part in value]
        return join(parts, language, "or" if isinstance(value, OneOf) else "standard")
    return rounding.count(value) if isinstance(value, int) else value


def _refuse(quantity: Quantity) -> str:
    raise ValueError(f"a number about students must pass disclosure: {quantity}")


def _flatten(node: Mapping[str, object], prefix: str, flat: dict[str, str | dict[str, str]]) -> None:
    for key, value in node.items():
        name = f"{prefix}.{key}" if prefix else key
        if name in flat:
            raise ValueError(f"message {name!r} is defined twice")
        if isinstance(value, str):
            flat[name] = value
        elif isinstance(value, dict):
            if "other" in value and set(value) <= _PLURALS:
                flat[name] = {form: str(sentence) for form, sentence in value.items()}
            else:
                _flatten(value, name, flat)
        else:
            raise ValueError(f"message {name!r} must be text, found {value!r}")
