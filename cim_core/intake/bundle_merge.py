"""Two bundles that were made from the same one, put together where they do not contradict each other."""

from __future__ import annotations

from typing import TypeVar

from cim_core.intake.bundle import Bundle, BundleFile

T = TypeVar("T")


class _ContradictionError(Exception):
    """Both changed the same thing, each in its own way."""


def merged(before: Bundle, theirs: Bundle, ours: Bundle) -> Bundle | None:
    """What both did since `before`; None where both changed the same file, answer or choice differently.

    Method: three-way merge, by file and by question.
    """
    try:
        was, first, second = (_by_name(one) for one in (before, theirs, ours))
        names = [*first, *(name for name in second if name not in first)]
        parts = [_part(was.get(name), first.get(name), second.get(name)) for name in names]
        return Bundle(
            tuple(part for part in parts if part is not None),
            _both(before.accepted, theirs.accepted, ours.accepted),
            _one(before.previous, theirs.previous, ours.previous),
            _one(before.mine, theirs.mine, ours.mine),
            ",".join(sorted(_both(*(_words(one.assume) for one in (before, theirs, ours))))),
        )
    except _ContradictionError:
        return None


def _part(was: BundleFile | None, theirs: BundleFile | None, ours: BundleFile | None) -> BundleFile | None:
    if theirs is None or ours is None or theirs.digest != ours.digest:
        return _one(was, theirs, ours)
    known = was.answers if was is not None else {}
    questions = {**theirs.answers, **ours.answers, **known}
    answers = {
        name: _one(known.get(name), theirs.answers.get(name), ours.answers.get(name)) for name in questions
    }
    mapping = _one(was.mapping if was is not None else "", theirs.mapping, ours.mapping)
    said = {name: answer for name, answer in answers.items() if answer is not None}
    return BundleFile(theirs.file, theirs.digest, said, mapping)


def _one(was: T, theirs: T, ours: T) -> T:
    if theirs == ours or ours == was:
        return theirs
    if theirs == was:
        return ours
    raise _ContradictionError


def _both(was: frozenset[str], theirs: frozenset[str], ours: frozenset[str]) -> frozenset[str]:
    return (theirs & ours) | (theirs - was) | (ours - was)


def _words(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split(",") if part)


def _by_name(bundle: Bundle) -> dict[str, BundleFile]:
    return {part.file: part for part in bundle.parts}
