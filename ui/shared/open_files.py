"""The files that are open.

They are kept in the store; the address holds the id of the version that is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import streamlit as st

from cim_core.access.identity import Right
from cim_core.intake import Intake
from cim_core.intake import bundle as bundles
from cim_core.intake.bundle import Bundle
from cim_core.intake.bundle_merge import merged
from cim_core.intake.my_leas import Choice
from cim_core.letters import entered
from cim_core.outlook import entered_counts
from cim_core.placing import checked_files
from cim_core.store.dataset_rows import Files
from cim_core.store.kept import KeptVersion
from cim_core.store.logbook import Thing
from cim_core.store.troubles import ConflictError
from ui.shared import address, identity, my_leas
from ui.shared.placed import SAMPLE as SAMPLE
from ui.shared.placed import SAMPLE_FILES as SAMPLE_FILES
from ui.shared.placed import SAMPLES as SAMPLES
from ui.shared.sessions import wholly
from ui.shared.shelf import SET, NewVersion, shelf
from ui.shared.words_on_screen import t

SAMPLE_LETTER = "invented_letter_targets.csv"
CONFLICT = "conflict"
TYPED = (entered.FILE, entered_counts.FILE)
"""How the names of files begin that are made by typing."""


class Keep(StrEnum):
    """What shall be kept of two versions that were made from the same one."""

    TOGETHER = "together"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What could not be saved, with what else it changes of the address, and what was saved in between."""

    ours: NewVersion
    more: Mapping[str, str]
    theirs: str


def open_sample() -> None:
    """Look at the invented SELPA."""
    address.choose(data=SAMPLE, year="", lea="", assume="", mine="", whole="", step="")


@st.cache_resource(show_spinner=False, max_entries=1)
def sample_letter() -> Intake:
    """The invented letter of one LEA of the sample, with the targets of the newest year."""
    return checked_files.read_path(SAMPLES / SAMPLE_LETTER)


def bundle() -> Bundle | None:
    """The files that are open, with answers and accepted warnings; None for the sample, nothing or a loss."""
    return bundle_of(address.chosen("data"))


def bundle_of(key: str) -> Bundle | None:
    """The bundle of a version; None when it, or one of its files, is not there."""
    kept = shelf().get(key) if key.startswith(SET) else None
    found = bundles.loads(kept[1].decode()) if kept is not None else None
    return found if found is not None and all(shelf().has(part.digest) for part in found.parts) else None


def open_bundle(one: Bundle, files: Files | None = None, kind: Thing = Thing.DATASET, **more: str) -> None:
    """Look at some files from now on: the next version of what was open, or a dataset of its own.

    `files`: the new ones among them. Where somebody saved another version in between, nothing changes until
    a person has said what shall become of both (`conflict`).
    """
    now = address.chosen("data")
    after = now if bundle_of(now) is not None else ""
    one = replace(one, assume=more.get("assume", address.chosen("assume")))
    given = [part.file for part in one.parts if not part.file.startswith(TYPED)]
    name = " + ".join(given or [part.file for part in one.parts])
    new = NewVersion(name, one.dumps(), files or {}, after, kind)
    _keep(new, more)


def settle(found: Conflict, keep: Keep) -> None:
    """End a conflict: with both in one version where they do not contradict each other, with the version of
    the others, with ours in its place, or with both.

    What is put aside stays as an older version. Where a third one was saved since, ours is held against that.
    """
    if keep is Keep.BOTH:
        own = replace(found.ours, name=t("conflict.mine", name=found.ours.name))
        _keep(own, found.more, "")
        return
    one = together(found) if keep is Keep.TOGETHER else None
    if one is not None:
        more = {**found.more, "mine": one.mine, "assume": one.assume}
        _keep(replace(found.ours, bundle=one.dumps()), more, found.theirs)
        return
    _keep(found.ours, found.more, found.theirs)
    theirs = shelf().get(found.theirs)
    if keep is Keep.THEIRS and CONFLICT not in st.session_state and theirs is not None:
        name, bundle = theirs
        again = NewVersion(name, bundle.decode(), after=address.chosen("data"))
        _keep(again, open_version(found.theirs))


def together(found: Conflict) -> Bundle | None:
    """What both did, in one; None where they contradict each other, or one of the versions is not here."""
    each = bundle_of(found.ours.after), bundle_of(found.theirs)
    if each[0] is None or each[1] is None:
        return None
    return merged(each[0], each[1], bundles.loads(found.ours.bundle))


def _keep(new: NewVersion, more: Mapping[str, str], after: str | None = None) -> None:
    """Save and look at a version; `after`: made from another one than `new` says. Or there is a conflict."""
    try:
        key = shelf().put_version(new if after is None else replace(new, after=after))
    except ConflictError as told:
        conflict = Conflict(new, more, SET + told.theirs)
        wholly(lambda: st.session_state.update({CONFLICT: conflict}))
    else:
        address.choose(**{**more, "data": key})
        st.session_state.pop(CONFLICT, None)


def name_of(key: str) -> str:
    """What the dataset of a version is called; an empty text for none."""
    held = shelf().get(key)
    return held[0] if held is not None else ""


def as_left(key: str, found: Bundle) -> dict[str, str]:
    """What an address needs to look at a version as it was left: whose LEAs, what was taken as none."""
    return {"data": key, "mine": found.mine, "assume": found.assume}


def open_version(key: str) -> dict[str, str]:
    """The same for a version that is read first."""
    return as_left(key, bundle_of(key) or Bundle())


def look_at(choice: Choice, whole: str = "") -> None:
    """Look at somebody's LEAs from now on; `whole`: still look at everybody in the files."""
    files, asked = bundle(), my_leas.written(choice)
    if files is None or not identity.may(Right.WORK):
        address.choose(mine=asked, whole=whole)
    else:
        open_bundle(replace(files, mine=asked), mine=asked, whole=whole)


def deleted_version(key: str) -> KeptVersion | None:
    """A version of a dataset that was deleted; None for any other key."""
    if not key.startswith(SET):
        return None
    found = shelf().read(lambda store: store.version(key.removeprefix(SET)))
    return found if found is not None and found.deleted is not None else None


def take_back(dataset: str) -> None:
    """Undo the deletion of a dataset."""
    shelf().write(lambda store: store.take_back(Thing.DATASET, dataset))


def link_is_lost() -> bool:
    """Whether the address points at data that are not, or no longer, here."""
    return address.chosen("data") not in ("", SAMPLE) and bundle() is None
