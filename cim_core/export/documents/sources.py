"""What a document was made from, complete enough to make it again: files, answers, rules, reference, LEAs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cim_core.placing.reference import STATEWIDE, UNFILLED
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Audience

_PROGRAM = "python -m cim_core report"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was handed in: its path or name, the SHA-256 of its bytes, the answers, the mapping."""

    file: str
    digest: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that decides the placements.

    `looked_at` are the keys of the LEAs that are looked at, empty for all. `rulebook_text` is the rulebook
    itself unless it is shipped; `mapping` the path of its file; `reference` one of `reference.CHOICES`, empty
    where `reference_file` is it.
    """

    files: tuple[SourceFile, ...] = ()
    assumed: tuple[str, ...] = ()
    looked_at: tuple[str, ...] = ()
    rulebook: str = rulebook_file.DEFAULT
    rulebook_text: str = ""
    reference: str = STATEWIDE
    reference_file: SourceFile | None = None
    fill: bool = True
    mapping: str = "mapping.toml"

    def plain(self, audience: Audience) -> dict[str, Any]:
        """As JSON holds it. A meeting is told the names of the files alone: from hashes and answers small
        numbers could be guessed."""
        if audience.sees_everything:
            return asdict(self)
        return {"files": [{"file": one.file} for one in self.files], "rulebook": self.rulebook}

    def command(self, about: list[str], audience: Audience) -> str:
        """The command of a shell that makes a document of them again."""
        first, *more = [one.file for one in self.files] or [""]
        words = [first, *(part for file in more for part in ("--with", file))]
        if audience.sees_everything:
            words += self._answered()
        if self.assumed:
            words += ["--assume-none", ",".join(self.assumed)]
        if self.looked_at:
            words += ["--leas", ",".join(self.looked_at)]
        if self.rulebook != rulebook_file.DEFAULT:
            words += ["--rulebook", self.rulebook]
        words += self._ranked()
        if audience is not Audience.WORKING:
            words += ["--view", audience.value]
        return f"{_PROGRAM} {shlex.join([*words, *about])}"

    def _answered(self) -> list[str]:
        answers = dict(pair for one in self.files for pair in one.answers.items())
        words = [part for about, value in answers.items() for part in ("--answer", f"{about}={value}")]
        if any(one.mapping for one in self.files):
            words += ["--mapping", self.mapping]
        return words

    def _ranked(self) -> list[str]:
        words = []
        if self.reference_file is not None:
            words += ["--reference", self.reference_file.file]
        elif self.reference not in (STATEWIDE, UNFILLED):
            words += ["--reference", self.reference]
        return [*words, *([] if self.fill and self.reference != UNFILLED else ["--fill", "no"])]


def from_plain(of: Mapping[str, Any]) -> Sources:
    """Sources from what JSON holds. Raises KeyError, TypeError or ValueError for anything else."""
    file = of["reference_file"]
    return replace(
        Sources(
            assumed=_texts(of["assumed"]),
            looked_at=_texts(of["looked_at"]),
            rulebook=str(of["rulebook"]),
            rulebook_text=str(of["rulebook_text"]),
            reference=str(of["reference"]),
            fill=bool(of["fill"]),
            mapping=str(of["mapping"]),
        ),
        files=tuple(_file(one) for one in of["files"]),
        reference_file=None if file is None else _file(file),
    )


def _file(of: Mapping[str, Any]) -> SourceFile:
    answers = {str(name): str(value) for name, value in dict(of["answers"]).items()}
    return SourceFile(str(of["file"]), str(of["digest"]), answers, str(of["mapping"]))


def _texts(of: Any) -> tuple[str, ...]:
    if not isinstance(of, list):
        raise ValueError("no list")
    return tuple(str(one) for one in of)
