"""Whether what is open is saved, and since when; and whether it is the newest version of its dataset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from cim_core.store import ids
from cim_core.store.kept import KeptVersion
from cim_core.words.messages import HowMany
from ui.shared import address, conflicts, moments, open_files, parts
from ui.shared.shelf import SET, shelf
from ui.shared.words_on_screen import t


@dataclass(frozen=True, slots=True)
class Standing:
    """The version that is open, and the newest of its dataset."""

    version: KeptVersion
    newest: KeptVersion


def said(found: Standing | None) -> str:
    """When what is open was saved, or that it is not, as HTML; nothing for the sample and for nothing."""
    if shelf().trouble is not None or conflicts.is_open():
        return f'<span class="cim-kept cim-not">{escape(t("store.saved.not"))}</span>'
    if found is None:
        return ""
    time = _short(found.version.created)
    whole = escape(t("store.saved.at", time=time))
    return f'<span class="cim-kept" data-short="✓ {escape(time)}">{whole}</span>'


def old_version(found: Standing | None, page: str) -> str:
    """That an older version is looked at, and the way to the newest, as HTML; nothing for the newest."""
    if found is None or found.version.id == found.newest.id:
        return ""
    version, newest = found.version, found.newest
    link = address.to(page, **open_files.open_version(SET + newest.id))
    text = t(
        "store.old", number=str(version.number), n=HowMany(newest.number), time=moments.said(version.created)
    )
    return (
        f'<p class="cim-banner" role="status">{escape(text)} {parts.link(t("store.to_newest"), link)}</p>'
    )  # fmt: skip


def standing() -> Standing | None:
    """What is open; None for the sample, for nothing, and for what is not here."""
    key = address.chosen("data")
    if not key.startswith(SET):
        return None
    found = shelf().read(lambda store: store.with_newest(key.removeprefix(SET)))
    return None if found is None else Standing(*found)


def _short(moment: datetime) -> str:
    today = moment.astimezone().date() == ids.now().astimezone().date()
    return moments.clock(moment) if today else moments.day(moment)
