"""Words and numbers on screen: everything by message id, every number through disclosure."""

from __future__ import annotations

import re

from cim_core.disclosure import Disclosure
from cim_core.words import Message, Value

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def gate() -> Disclosure:
    """What may be seen now: the working view lets everything through."""
    return Disclosure()


def t(message_id: str, **values: Value) -> str:
    """A message as plain text."""
    return gate().say(Message(message_id, values))


def md(text: str) -> str:
    """Plain text made safe for Markdown, so that nothing in an upload becomes markup."""
    return _PUNCTUATION.sub(r"\\\1", text)
