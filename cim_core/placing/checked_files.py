"""Files → a dataset, with everything there is to say: by reading, and by placing's arithmetic.

Reading itself (`cim_core.intake`) knows no rules. Here what files say of themselves – targets met, years of
disproportionality, ratios – is held against what their own numbers give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from cim_core import intake
from cim_core.data.dataset import build
from cim_core.data.facts import Fact
from cim_core.intake import FileRows, Intake, Upload
from cim_core.intake.assembly import checks
from cim_core.intake.problems import Problem
from cim_core.intake.questions import Answers
from cim_core.intake.tying.mapping import Mapping
from cim_core.placing import counts_disagree, statements
from cim_core.placing.printed_met import met_differs, met_otherwise


def read_path(
    path: str | Path,
    *,
    answers: Answers | None = None,
    mapping: Mapping | None = None,
    assumed_none: Iterable[Fact] = (),
) -> Intake:
    """Read a file by path; a file that is not there is a problem like any other."""
    upload = intake.open_path(path, answers, mapping)
    if isinstance(upload, Problem):
        return Intake(build((), (), name=upload.file), (upload,))
    return read_all([upload], assumed_none=assumed_none)


def take(
    content: bytes,
    file: str,
    *,
    answers: Answers | None = None,
    mapping: Mapping | None = None,
    assumed_none: Iterable[Fact] = (),
) -> Intake:
    """Read one upload, in any of `LAYOUTS`. Never raises for bad data: see `Intake.problems`.

    `answers` holds what a person has said about the file, by the ids of its questions
    (`{"rates": "fraction"}`); `mapping` ties its columns to ours.
    """
    return read_all([Upload(file, content, answers or {}, mapping)], assumed_none=assumed_none)


def read_all(uploads: Sequence[Upload], *, assumed_none: Iterable[Fact] = ()) -> Intake:
    """Read several uploads into one dataset; their rows are joined on LEA code and year.

    Two different values for one cell are a problem, and neither is used.
    """
    uploads = intake.named_apart(uploads)
    return joined((intake.read_rows(upload) for upload in uploads), assumed_none=assumed_none)


def joined(files: Iterable[FileRows], *, assumed_none: Iterable[Fact] = ()) -> Intake:
    """The rows of several files as one dataset; one file after the other is asked for, and used up."""
    with intake.without_collecting():
        gathered = intake.gathered(files, assumed_none)
        groups = gathered.assembly.groups
        dataset, contradicted = statements.answered(gathered.dataset, groups, gathered.answers)
        gathered.dataset = dataset
        gathered.ask(contradicted)
        printed = [target for file in gathered.files for target in file.targets]
        return gathered.finished(
            chain(
                gathered.misfits, statements.problems(dataset, groups), checks.run(dataset, groups),
                met_differs(printed, dataset), met_otherwise(printed, dataset),
                counts_disagree.disagreements(dataset, groups),
            )
        )  # fmt: skip
