"""What a shell command reads: its file and further ones, the answers about them, and their mapping."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cim_core import intake
from cim_core.data.facts import Fact
from cim_core.data.outside import listed, quoted, without_invisible
from cim_core.intake import Intake, Upload
from cim_core.intake.assembly import opening, reading
from cim_core.intake.meanings import cell_text
from cim_core.intake.problems import Problem, UnreadableFileError
from cim_core.intake.questions import Ask
from cim_core.intake.tying import guess, mapping, mapping_as_toml
from cim_core.intake.tying.mapping import Mapping
from cim_core.placing import checked_files
from cim_core.rules.toml_table import MOST_LETTERS
from cim_core.shell.commands import UsageError, on_disk, said, tell, text_of, wrong
from cim_core.words import messages

Answering = Callable[[Intake], dict[str, str]]
_MOST_OPTIONS = 12


def open_data(
    chosen: argparse.Namespace, assumed_none: Collection[Fact] = (), more_answers: Answering | None = None
) -> Intake:
    """Read the files of a command into one dataset.

    A mapping is for every file that has its columns; where none has, it is for the first, which says so.
    `more_answers` may add answers once it is known what the files ask.
    """
    answers = answers_of(chosen)
    taken = _read(chosen, answers, assumed_none)
    added = more_answers(taken) if more_answers is not None else {}
    if added:
        taken = _read(chosen, answers | added, assumed_none)
    for line in (*_answers_without_effect(answers, taken), *_open_questions(taken)):
        tell(line)
    return taken


def _read(chosen: argparse.Namespace, answers: dict[str, str], assumed_none: Collection[Fact]) -> Intake:
    uploads: list[Upload] = []
    for path in (chosen.file, *chosen.more):
        on_disk(path)
        found = intake.open_path(path, answers)
        if isinstance(found, Upload):
            uploads.append(found)
        elif path == chosen.file and not chosen.more:
            return checked_files.read_path(path)
        else:
            raise UsageError(found.sentence())
    if chosen.mapping:
        ties = _mapping(chosen.mapping)
        fitting = [_fits(ties, upload) for upload in uploads]
        fitting[0] = fitting[0] or not any(fitting)
        pairs = zip(uploads, fitting, strict=True)
        uploads = [replace(upload, mapping=ties) if fits else upload for upload, fits in pairs]
    return checked_files.read_all(uploads, assumed_none=assumed_none)


def answers_of(chosen: argparse.Namespace) -> dict[str, str]:
    """What the options of a command answer, by the ids of questions. Raises UsageError."""
    answers = {Ask.RATES.value: chosen.rates} if chosen.rates else {}
    known = [one.value for one in Ask]
    for given in chosen.answer:
        # A sheet, a column or an LEA may have any name, also one with a sign of equality; answers have none.
        named = tuple(f"{one.value}:" for one in (Ask.YEAR, Ask.COLUMN, Ask.LEA))
        cut = str.rpartition if given.startswith(named) else str.partition
        about, sign, value = cut(given, "=")
        if not sign or about.partition(":")[0] not in known:
            raise wrong("shell.bad_answer", found=given, known=known)
        answers[without_invisible(about)] = without_invisible(value).strip()
    return answers


def _answers_without_effect(answers: dict[str, str], taken: Intake) -> Iterator[str]:
    """Answers that no file asks for, and those that are no possible answer."""
    for about, value in answers.items():
        asked = [question for _, question in taken.questions if question.id == about]
        if not asked and any(file.layout for file in taken.files):
            yield said("shell.not_asked", id=about)
        for question in asked:
            if question.taken not in (value, cell_text.school_year(value), value.removesuffix("0000000")):
                used = question.taken or messages.text("shell.nothing_taken")
                yield said("shell.not_taken", value=value, id=about, taken=used)


def _open_questions(taken: Intake) -> Iterator[str]:
    """What waits for an answer, and how to give it here."""
    for file, question in taken.questions:
        if question.open:
            options = listed(question.options[:_MOST_OPTIONS]) or "–"
            file_name, about = quoted(file.file), quoted(question.id)
            yield messages.text("shell.ask", file=file_name, text=question.text(), id=about, options=options)


def _mapping(path: str) -> Mapping:
    return mapping.loads(text_of(path, MOST_LETTERS), Path(path).name)


def _fits(ties: Mapping, upload: Upload) -> bool:
    try:
        return any(not reading.header_of(ties, table)[1] for table in opening.open_tables(upload))
    except UnreadableFileError:
        return False


def proposals(chosen: argparse.Namespace, taken: Intake) -> Iterator[str]:
    """For each file that is not recognized: what a mapping of it may be, as TOML to be mended and saved."""
    for path, file in zip((chosen.file, *chosen.more), taken.files, strict=False):
        if file.layout or file.mapped or not _unknown(taken.problems, file.file):
            continue
        upload = intake.open_path(path)
        if isinstance(upload, Problem):
            continue
        found = [guess.propose(table) for table in opening.open_tables(upload)]
        best = max(found, key=lambda one: one.used)
        if best.used:
            yield said("shell.proposal", file=file.file)
            yield mapping_as_toml.as_toml(best)


def _unknown(problems: Sequence[Problem], file: str) -> bool:
    return any(problem.kind == "unknown_layout" and problem.file == file for problem in problems)
