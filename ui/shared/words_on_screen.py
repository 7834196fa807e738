"""Words and numbers on screen: everything by message id, every number through disclosure."""

from __future__ import annotations

import logging
import re

from cim_core.data.outside import shortened
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Message, Value
from ui.shared import address

_LOG = logging.getLogger("cim.ui")

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


_LINK = re.compile(r"\bwww(?=\.)|(?<=\S)(?=@)|://|\bmailto:|\bxmpp:", re.IGNORECASE)
"""Where Markdown would make a link of plain text; an invisible joiner behind it prevents that."""


def gate() -> Disclosure:
    """What may be seen now: the working view lets everything through."""
    return Disclosure(address.audience())


def t(message_id: str, **values: Value) -> str:
    """A message as plain text."""
    return gate().say(Message(message_id, values))


def head_of(*message_ids: str) -> list[str]:
    """The heads of a table, by message id."""
    return [t(message_id) for message_id in message_ids]


def begun(text: str) -> str:
    """A text that stands by itself: its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def md(text: str) -> str:
    """Plain text made safe for Markdown, so that nothing in an upload becomes markup or a link by itself."""
    return _PUNCTUATION.sub(r"\\\1", _LINK.sub("\\g<0>\u2060", text))


def why(error: Exception, reading: str = "") -> str:
    """Why something from outside (a scenario, a link, a rulebook, a mapping) cannot be used, as one sentence.

    `reading` names what was read, for what nobody expected.
    """
    if isinstance(error, UnicodeError):
        return t("unexpected.encoding", what=reading or t("unexpected.file"))
    if isinstance(error, ValueError):
        return shortened(str(error))
    _LOG.error("something from outside could not be read", exc_info=error)
    return t("unexpected.reading", what=reading or t("unexpected.file"))
