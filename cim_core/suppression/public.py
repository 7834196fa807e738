"""The data as an audience may know them: what is hidden is left out, as if the files said `*` there."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import numpy as np

from cim_core.data.arrays import NONE, Ints, Texts
from cim_core.data.dataset import Dataset, Missing
from cim_core.data.indicators import POSITION
from cim_core.data.race_counts import Area
from cim_core.data.small_groups import SMALL
from cim_core.suppression import cells, race_counts
from cim_core.words.disclosure import Audience

_COUNTED = re.compile(
    r"(?<!\d)\d++(?:(?:\.\d++)? ?%| ?(?:of|out of|/|÷) ?\d++| (?:students?|pupils?|children|child)\b)"
    r"|\bn ?= ?\d++",
    re.IGNORECASE | re.ASCII,
)
"""Numbers of students, and shares, in the words of a letter."""


def public(dataset: Dataset, audience: Audience) -> Dataset:
    """The dataset without what an audience does not see; the very same for whoever sees everything.

    It is that of files, not one in which facts were worked out from counts already
    (`cim_core.placing.from_counts.filled`). Where it was read is not known of what is hidden, and numbers of
    all children or students with disabilities are hidden where they are 10 or fewer.
    """
    if audience.sees_everything:
        return dataset
    hide = cells.hidden(dataset, audience)
    shown = replace(
        dataset,
        audience=audience,
        value=np.where(hide, np.nan, dataset.value),
        value_numerator=np.where(hide, 0, dataset.value_numerator),
        value_denominator=np.where(hide, 1, dataset.value_denominator),
        numerator=np.where(hide, NONE, dataset.numerator),
        denominator=np.where(hide, NONE, dataset.denominator),
        inferred=dataset.inferred & ~hide,
        missing=np.where(hide, np.int8(Missing.SUPPRESSED), dataset.missing).astype(np.int8),
        origin=np.where(hide, NONE, dataset.origin) if dataset.origins else dataset.origin,
        swd=_large(dataset.swd),
        enrollment=_large(dataset.enrollment),
        cde_placement=_without_counts(dataset.cde_placement),
        cde_reasons=_without_counts(dataset.cde_reasons),
    )
    if dataset.counts is not None:
        counts = race_counts.public(dataset.counts, audience, _everybody(shown))
        shown = replace(shown, counts=counts)
    return replace(shown, digest=_digest(shown))


def _without_counts(written: Texts) -> Texts:
    """Words of letters without the numbers of students in them."""
    return np.array([_COUNTED.sub("*", text) for text in written.tolist()], np.str_)


def _everybody(dataset: Dataset) -> race_counts.Everybody:
    """The numbers of everybody that are shown: all children, those with disabilities, and indicators that
    count the same children as an area."""
    keys = list(zip(dataset.lea_key.tolist(), dataset.year.tolist(), strict=True))
    each = (
        (race_counts.OF_ALL, dataset.enrollment),
        (race_counts.WITH_DISABILITIES, dataset.swd),
        (int(Area.IDENTIFIED), dataset.swd),
        (int(Area.REGULAR_UNDER_40), dataset.numerator[:, POSITION["5b"]]),
        (int(Area.SEPARATE_SETTING), dataset.numerator[:, POSITION["5c"]]),
    )
    found: dict[tuple[str, str], dict[int, int]] = {key: {} for key in keys}
    for of, numbers in each:
        for key, number in zip(keys, numbers.tolist(), strict=True):
            if number >= 0:
                found[key][of] = number
    return found


def _large(numbers: Ints) -> Ints:
    return np.where(numbers <= SMALL, NONE, numbers).astype(np.int64)


def _digest(dataset: Dataset) -> str:
    """A name for the content as it is shown: that of the files would tell one hidden count from another."""
    found = hashlib.sha256(dataset.audience.encode())
    for values in (
        dataset.lea_key,
        dataset.year,
        dataset.value_numerator,
        dataset.denominator,
        dataset.missing,
    ):
        found.update(values.tobytes())
    return found.hexdigest()
