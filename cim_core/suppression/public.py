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

_WORD = re.compile(r"[^\s,;:|/()]+")
_YEAR = re.compile(r"20\d\d(-\d\d)?\Z", re.ASCII)
_NUMBERS = frozenset((
    "no", "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    "thirty", "forty", "fifty", "single", "couple", "dozen", "half", "third", "quarter", "percent", "all",
    "every", "each", "both", "few", "several",
))  # fmt: skip
"""Words that may say how many."""
_OF_CODES = frozenset((
    "missed", "misses", "miss", "target", "targets", "indicator", "indicators", "element", "elements", "and",
))  # fmt: skip
_LEVELS = frozenset(("1", "2", "3"))


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
    """Words of letters without what may be a number of students: a star stands in its place."""
    return np.array([_masked(text) for text in written.tolist()], np.str_)


def _masked(text: str) -> str:
    """A text whose only numbers are codes of indicators, years and levels.

    A code such as 8 may be a count: it is taken for a code only where nothing but codes stands.
    """
    words = [_plain(found[0]) for found in _WORD.finditer(text)]
    only_codes = all(word in _OF_CODES or word in POSITION for word in words)
    if only_codes:
        return text
    last = iter(["", *words])
    return _WORD.sub(lambda found: found[0] if _is_countless(_plain(found[0]), next(last)) else "*", text)


def _plain(word: str) -> str:
    return word.strip(".'\"“”’").casefold()


def _is_countless(word: str, before: str) -> bool:
    """Whether a word is no number, or one that counts no students: a code, a year, a level."""
    if word not in _NUMBERS and not any(sign.isnumeric() or sign == "%" for sign in word):
        return True
    if word in POSITION and not word.isdecimal() or _YEAR.match(word):
        return True
    return word in _LEVELS and before == "level"


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
