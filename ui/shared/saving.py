"""Whether what is open is saved, and since when; and whether it is the newest version of its dataset."""

from __future__ import annotations

from datetime import datetime
from html import escape

from cim_core.store import ids
from cim_core.store.kept import KeptVersion
from cim_core.words.messages import HowMany
from ui.shared import address, conflicts, moments, open_files, parts
from ui.shared.shelf import SET, shelf
from ui.shared.words_on_screen import t


def said() -> str:
    """When what is open was saved, or that it is not, as HTML; nothing for the sample and for nothing."""
    if shelf().trouble is not None or conflicts.is_open():
        return f'<span class="cim-kept cim-not">{escape(t("store.saved.not"))}</span>'
    found = _open()
    if found is None:
        return ""
    time = _short(found[0].created)
    whole = escape(t("store.saved.at", time=time))
    return f'<span class="cim-kept" data-short="✓ {escape(time)}">{whole}</span>'


def old_version(page: str) -> str:
    """That an older version is looked at, and the way to the newest, as HTML; nothing for the newest."""
    found = _open()
    if found is None or found[0].id == found[1].id:
        return ""
    version, newest = found
    link = address.to(page, **open_files.open_version(SET + newest.id))
    text = t(
        "store.old", number=str(version.number), n=HowMany(newest.number), time=moments.said(version.created)
    )
    return (
        f'<p class="cim-banner" role="status">{escape(text)} {parts.link(t("store.to_newest"), link)}</p>'
    )  # fmt: skip


def _open() -> tuple[KeptVersion, KeptVersion] | None:
    key = address.chosen("data")
    if not key.startswith(SET):
        return None
    return shelf().read(lambda store: store.with_newest(key.removeprefix(SET)))


def _short(moment: datetime) -> str:
    today = moment.astimezone().date() == ids.now().astimezone().date()
    return moments.clock(moment) if today else moments.day(moment)
