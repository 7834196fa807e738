"""Words and numbers on screen: everything by message id, every number through disclosure."""

from __future__ import annotations

import re

from cim_core.disclosure import Disclosure
from cim_core.words import Message, Value

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


_LINK = re.compile(r"\bwww(?=\.)|(?<=\S)(?=@)|://|\bmailto:|\bxmpp:", re.IGNORECASE)
"""Where Markdown would make a link of plain text; an invisible joiner behind it prevents that."""


def gate() -> Disclosure:
    """What may be seen now: the working view lets everything through."""
    return Disclosure()


def t(message_id: str, **values: Value) -> str:
    """A message as plain text."""
    return gate().say(Message(message_id, values))


def md(text: str) -> str:
    """Plain text made safe for Markdown, so that nothing in an upload becomes markup or a link by itself."""
    return _PUNCTUATION.sub(r"\\\1", _LINK.sub("\\g<0>\u2060", text))
