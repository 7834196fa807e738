"""What a command was given, as documents say it, and the way back: everybody placed from that."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PureWindowsPath

from cim_core.data.facts import Fact
from cim_core.export.documents.sources import SourceFile, Sources
from cim_core.intake import Upload
from cim_core.intake.tying import mapping
from cim_core.placing import checked_files
from cim_core.placing import reference as references
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, Reference, ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.rules.toml_table import MOST_LETTERS
from cim_core.shell.commands import text_of
from cim_core.shell.data import answers_of
from cim_core.shell.job import Job
from cim_core.store import ids

Finding = Callable[[SourceFile], bytes]
_SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
_KINDS = (ReferenceKind.NONE.value, ReferenceKind.WITHIN.value)


def sources_of(chosen: argparse.Namespace, job: Job) -> Sources:
    """Everything on the command line that decides the placements."""
    answers = answers_of(chosen)
    tied = text_of(chosen.mapping, MOST_LETTERS) if chosen.mapping else ""
    files = tuple(
        SourceFile(path, read.digest, answers, tied if read.mapped else "")
        for path, read in zip((chosen.file, *chosen.more), job.files, strict=True)
    )
    base = chosen.rulebook or rulebook_file.DEFAULT
    shipped = base in rulebook_file.available()
    own = chosen.reference if chosen.reference not in (None, *_KINDS) else None
    data = job.dataset
    return Sources(
        files=files,
        assumed=tuple(sorted(fact.value for fact in data.assumed_none)),
        looked_at=() if data.mine is None else tuple(sorted(set(data.lea_key[data.looked_at].tolist()))),
        rulebook=base,
        rulebook_text="" if shipped else text_of(base, MOST_LETTERS),
        reference="" if own else chosen.reference or references.STATEWIDE,
        reference_file=None if own is None else SourceFile(own, ids.digest(Path(own).read_bytes())),
        fill=chosen.fill == "yes",
        mapping=chosen.mapping or "mapping.toml",
    )


def is_sample(of: Sources) -> bool:
    """Whether it is the invented SELPA that comes with the project."""
    ours = {ids.digest(path.read_bytes()) for path in _SAMPLES.glob("*.csv")}
    return any(file.digest in ours for file in of.files)


def name_of(path: str) -> str:
    """The name of a file, whichever system wrote its path."""
    return PureWindowsPath(path).name


def placed(of: Sources, find: Finding) -> tuple[Placements, Reference]:
    """Everybody placed from sources whose files `find` gives, and against whom they are ranked.

    Raises what `find` raises, SchemaError for rules or a mapping that cannot be read.
    """
    uploads = [_upload(file, find(file)) for file in of.files]
    facts = [Fact(name) for name in of.assumed]
    data = checked_files.read_all(uploads, assumed_none=facts).dataset
    if of.looked_at:
        data = data.looking_at(of.looked_at)
    text = of.rulebook_text
    rules = rulebook_file.loads(text, of.rulebook) if text else rulebook_file.load(of.rulebook)
    against = _reference(of, find)
    return place(data, rules, against), against


def _upload(file: SourceFile, content: bytes) -> Upload:
    tied = mapping.loads(file.mapping, file.file) if file.mapping else None
    return Upload(name_of(file.file), content, file.answers, tied)


def _reference(of: Sources, find: Finding) -> Reference:
    if of.reference_file is not None:
        upload = Upload(name_of(of.reference_file.file), find(of.reference_file))
        found = Reference(ReferenceKind.STATEWIDE, checked_files.read_all([upload]).dataset)
    else:
        found = references.of_choice(of.reference, references.shipped()) or NO_REFERENCE
    return found if of.fill else replace(found, fill=False)
