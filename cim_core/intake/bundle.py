"""A dataset as a person put it together: which files, what was answered, which warnings were accepted.

Small enough to be kept beside the files themselves; the same bundle always gives the same dataset.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import chain, count

from cim_core.data import outside
from cim_core.intake.files.sheets import plain_cell
from cim_core.intake.problems import Problem, Severity

_VERSION = 1
_BY_KIND = "kind:"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle: its name, the SHA-256 of its bytes, the answers, the mapping as TOML text."""

    file: str
    digest: str
    answers: Mapping[str, str] = field(default_factory=dict)
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files in order. `accepted` holds keys of warnings; `previous` names the bundle replaced by this one.

    `mine` says which of their LEAs are looked at (`cim_core.intake.my_leas`), `assume` what is taken as none
    because the files say nothing about it, both as an address carries them.
    """

    parts: tuple[BundleFile, ...] = ()
    accepted: frozenset[str] = frozenset()
    previous: str = ""
    mine: str = ""
    assume: str = ""

    def with_file(self, file: str, digest: str) -> Bundle:
        """One more file; the same bytes twice are one file."""
        if any(part.digest == digest for part in self.parts):
            return self
        file = plain_cell(file)
        names = {part.file for part in self.parts}
        numbered = (f"{file} ({at})" for at in count(2))
        name = next(one for one in chain([file], numbered) if one not in names)
        return replace(self, parts=(*self.parts, BundleFile(name, digest)))

    def taking_over(self, before: Bundle) -> Bundle:
        """With what was said about files of the same names: answers, mappings, single acceptances.

        Not a year: next year's file may well have the same name, and is asked about again.
        """
        known = {part.file: part for part in before.parts}
        parts = tuple(
            _as_before(part, known[part.file]) if part.file in known else part for part in self.parts
        )
        kept = frozenset(key for key in before.accepted if not key.startswith(_BY_KIND))
        return replace(self, parts=parts, accepted=self.accepted | kept, mine=self.mine or before.mine)

    def without(self, digest: str) -> Bundle:
        """Without one of the files."""
        return replace(self, parts=tuple(part for part in self.parts if part.digest != digest))

    def answered(self, digest: str, question: str, answer: str) -> Bundle:
        """With an answer about one file; an empty answer takes it back."""
        return self._changed(digest, lambda part: replace(part, answers=_set(part.answers, question, answer)))

    def mapped(self, digest: str, mapping: str) -> Bundle:
        """With a mapping for one file; an empty text takes it away."""
        return self._changed(digest, lambda part: replace(part, mapping=mapping))

    def accept(self, keys: Iterable[str]) -> Bundle:
        """With some warnings accepted, by `Problem.key` or `of_kind`."""
        return replace(self, accepted=self.accepted | set(keys))

    def withdraw(self, keys: Iterable[str]) -> Bundle:
        """With some acceptances taken back."""
        return replace(self, accepted=self.accepted - set(keys))

    def accepts(self, problem: Problem) -> bool:
        """Whether a problem is a warning that was accepted; errors cannot be."""
        if problem.severity is not Severity.WARNING:
            return False
        if problem.key in self.accepted:
            return True
        digests = (part.digest for part in self.parts if part.file == problem.file)
        return any(of_kind(problem.kind, digest) in self.accepted for digest in digests)

    def dumps(self) -> str:
        """The bundle as JSON, the same text for the same bundle."""
        plain = {**asdict(self), "accepted": sorted(self.accepted), "version": _VERSION}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    def _changed(self, digest: str, change: Callable[[BundleFile], BundleFile]) -> Bundle:
        return replace(
            self, parts=tuple(change(part) if part.digest == digest else part for part in self.parts)
        )


def loads(text: str) -> Bundle:
    """A bundle from JSON. Raises ValueError for a text that is none."""
    try:
        outside.check_text(text)
        plain = json.loads(text)
        parts = tuple(
            BundleFile(
                str(part["file"]),
                str(part["digest"]),
                {str(key): str(value) for key, value in dict(part["answers"]).items()},
                str(part["mapping"]),
            )
            for part in plain["parts"]
        )
        mine, assume = str(plain.get("mine", "")), str(plain.get("assume", ""))
        return Bundle(parts, frozenset(map(str, plain["accepted"])), str(plain["previous"]), mine, assume)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a bundle: {error!r}") from error


def of_kind(kind: str, digest: str) -> str:
    """The key that accepts all warnings of a kind in one file, as it is; not those of files to come."""
    return f"{_BY_KIND}{kind}@{digest}"


def _as_before(part: BundleFile, before: BundleFile) -> BundleFile:
    answers = {about: said for about, said in before.answers.items() if not about.startswith("year")}
    mapping = "" if "[constants]" in before.mapping else before.mapping
    return replace(part, answers={**answers, **part.answers}, mapping=part.mapping or mapping)


def _set(answers: Mapping[str, str], question: str, answer: str) -> dict[str, str]:
    kept = {key: value for key, value in answers.items() if key != question}
    return kept | ({question: answer} if answer else {})
