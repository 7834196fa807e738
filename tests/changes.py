"""Changes of settings as tests write them."""

from __future__ import annotations

from collections.abc import Mapping

from cim_core.rules.settings import Setting, Value


def changes(written: Mapping[str, Value]) -> dict[Setting, Value]:
    """Settings by their text, each with its new value."""
    return {Setting.parse(key): value for key, value in written.items()}
