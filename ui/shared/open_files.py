"""The files that are open.

They are kept in the store; the address holds the id of the version that is open.
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
from ui.shared.placed import SAMPLE as SAMPLE
from ui.shared.placed import SAMPLE_FILES as SAMPLE_FILES
from ui.shared.placed import SAMPLES as SAMPLES
from ui.shared.shelf import SET, shelf

SAMPLE_LETTER = "invented_letter_targets.csv"


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
    return found if found is not None and all(shelf().get(part.digest) for part in found.parts) else None


def open_bundle(one: Bundle, **more: str) -> None:
    """Look at some files from now on: the next version of what was open, or a dataset of its own."""
    name = " + ".join(part.file for part in one.parts)
    now = address.chosen("data")
    after = now if bundle_of(now) is not None else ""
    address.choose(data=shelf().put(name, one.dumps().encode(), SET, after), **more)


def look_at(choice: Choice, whole: str = "") -> None:
    """Look at somebody's LEAs from now on; `whole`: still look at everybody in the files."""
    files, asked = bundle(), my_leas.written(choice)
    if files is None:
        address.choose(mine=asked, whole=whole)
    else:
        open_bundle(replace(files, mine=asked), mine=asked, whole=whole)


def link_is_lost() -> bool:
    """Whether the address points at data that are not, or no longer, here."""
    return address.chosen("data") not in ("", SAMPLE) and bundle() is None
