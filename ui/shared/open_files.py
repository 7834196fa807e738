"""The files that are open.

Uploads live in this process's memory under the hash of their bytes: the address holds the hash, and whoever
has the address can open the upload until the process ends.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cim_core.intake import Intake
from cim_core.intake import bundle as bundles
from cim_core.intake.bundle import Bundle
from cim_core.intake.my_leas import Choice
from cim_core.placing import checked_files
from ui.shared import address, my_leas
from ui.shared.memory_store import SET, shelf
from ui.shared.placed import SAMPLE as SAMPLE
from ui.shared.placed import SAMPLE_FILES as SAMPLE_FILES
from ui.shared.placed import SAMPLES as SAMPLES

SAMPLE_LETTER = "invented_letter_targets.csv"


def open_sample() -> None:
    """Look at the invented SELPA."""
    address.choose(data=SAMPLE, files="", year="", lea="", assume="", mine="", whole="", step="")


@st.cache_resource(show_spinner=False, max_entries=1)
def sample_letter() -> Intake:
    """The invented letter of one LEA of the sample, with the targets of the newest year."""
    return checked_files.read_path(SAMPLES / SAMPLE_LETTER)


def bundle() -> Bundle | None:
    """The files that are open, with answers and accepted warnings; None for the sample, nothing or a loss."""
    found = bundle_of(address.chosen("data"))
    if found is None and address.chosen("data") not in ("", SAMPLE):
        found = bundles.from_link(address.chosen("files"), shelf().find)[0]
    return found


def lost_files() -> tuple[str, ...]:
    """The names of the files that the address asks for and this process does not hold."""
    return bundles.from_link(address.chosen("files"), shelf().find)[1]


def bundle_of(key: str) -> Bundle | None:
    """The bundle under a key of the shelf; None when it, or one of its files, is not there."""
    kept = shelf().get(key) if key.startswith(SET) else None
    found = bundles.loads(kept[1].decode()) if kept is not None else None
    return found if found is not None and all(shelf().get(part.digest) for part in found.parts) else None


def open_bundle(one: Bundle, **more: str) -> None:
    """Look at some files from now on."""
    name = " + ".join(part.file for part in one.parts)
    address.choose(data=shelf().put(name, one.dumps().encode(), SET), files=one.in_link(), **more)


def look_at(choice: Choice, whole: str = "") -> None:
    """Look at somebody's LEAs from now on; `whole`: still look at everybody in the files."""
    files, asked = bundle(), my_leas.written(choice)
    if files is None:
        address.choose(mine=asked, whole=whole)
    else:
        open_bundle(replace(files, mine=asked), mine=asked, whole=whole)


def link_is_lost() -> bool:
    """Whether the address points at an upload that this process does not hold."""
    return address.chosen("data") not in ("", SAMPLE) and bundle() is None
