"""What a shell command works on: the data placed under a rulebook, a reference and a scenario."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from cim_core.data.dataset import Dataset
from cim_core.data.facts import FACT_NAMED, Fact
from cim_core.data.outside import shortened
from cim_core.intake import FileRead
from cim_core.intake.meanings import cell_text
from cim_core.intake.my_leas import LeasOfFile
from cim_core.placing import printed_met, reference
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.toml_table import MOST_LETTERS
from cim_core.shell.commands import UsageError, on_disk, said, tell, text_of, wrong
from cim_core.shell.data import open_data
from cim_core.shell.problems import problem_lines
from cim_core.whatif import Scenario, scenario
from cim_core.why.rank_notes import can_decide, entered_and_left
from cim_core.why.rank_sentences import older
from cim_core.words import messages
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import message


@dataclass(frozen=True)
class Job:
    """What a command works on: placements under the scenario, and the baseline; `dataset` is that of the
    files, in which nothing is worked out from counts yet."""

    dataset: Dataset
    files: tuple[FileRead, ...]
    baseline: Placements
    placements: Placements
    reference: Reference
    rows: list[int]


def open_job(chosen: argparse.Namespace) -> Job | None:
    """Read, apply the scenario and place; None when the file holds nothing."""
    wanted = _scenario(chosen.scenario)
    base = chosen.rulebook or (wanted.base if wanted is not None else rulebook_file.DEFAULT)
    raw, file = rulebook_file.read_raw(base)
    rulebook = rulebook_file.from_raw(raw, file)
    assumed = _facts(chosen.assume_none)
    taken = open_data(chosen, assumed)
    found = printed_met.judged_by(rulebook, taken.problems, taken.targets, taken.dataset)
    for line in problem_lines(found, every=chosen.all, brief=True):
        tell(line)
    if not len(taken.dataset):
        return None
    dataset = _looked_at(taken.dataset, chosen.leas)
    for fact in assumed - set(taken.dataset.says_nothing_about()):
        tell(messages.text("shell.not_silent", fact=messages.text(FACT_NAMED[fact])))
    against = replace(_reference(chosen.reference), fill=chosen.fill == "yes")
    baseline = placements = place(dataset, rulebook, against)
    if wanted is not None:
        wanted = _fitting(wanted, rulebook, base, rulebook_file.content_hash(raw))
        shipped = replace(reference.shipped(), fill=against.fill)
        against = scenario.changed_reference(wanted, against, shipped)
        try:
            placements = scenario.run(wanted, rulebook, dataset, against)
        except ValueError as error:
            raise UsageError(shortened(str(error))) from error
    rows = dataset.looked_at.tolist()
    if chosen.year:
        year = cell_text.school_year(chosen.year)
        rows = [row for row in rows if dataset.year[row] == year]
        if not rows:
            raise wrong("shell.no_such_year", year=chosen.year, years=dataset.years)
    for line in _ranked_how(placements, {str(dataset.year[row]) for row in rows}):
        tell(line)
    return Job(dataset, taken.files, baseline, placements, against, rows)


def _looked_at(dataset: Dataset, asked: str | None) -> Dataset:
    """The data with some LEAs looked at: of a SELPA, or of a list that is given or stands in a file."""
    if asked is None:
        return dataset
    leas = LeasOfFile(dataset)
    listed = text_of(asked, MOST_LETTERS) if _is_file(asked) else asked
    found, unread = leas.asked(listed)
    for line in unread:
        near = [leas.described(key) for key in line.nearest]
        kind = "shell.leas.near" if near else "shell.leas.unknown"
        tell(said(kind, line=line.written, near=near))
    if not found:
        raise wrong("shell.leas.nobody", found=asked, selpas=leas.selpas)
    return dataset.looking_at(found)


def _is_file(text: str) -> bool:
    """Whether a text names a file; a long list is no name of one."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _scenario(path: str | None) -> Scenario | None:
    if path is None:
        return None
    return scenario.loads(text_of(path, MOST_LETTERS), Path(path).name)


def _fitting(wanted: Scenario, base: Rulebook, base_name: str, base_hash: str) -> Scenario:
    """The scenario without what the base does not have; what is left out, and a changed base, are said."""
    rules = rulebook_file.load(wanted.instead) if wanted.instead else base
    lost = scenario.misfits(wanted, rules)
    for setting in lost:
        tell(said("shell.misfit", key=str(setting), base=base_name))
    for setting, other in thresholds.torn(rules, wanted.changes):
        tell(said("shell.torn", key=str(setting), other=str(other)))
    if wanted.base_hash and wanted.base_hash != base_hash:
        tell(said("shell.other_base", base=wanted.base))
    return wanted.changed(dict.fromkeys(lost))


def _ranked_how(placements: Placements, years: set[str]) -> list[str]:
    """What to know about the rankings of some years: an older reference, indicators that it does not hold."""
    said: dict[str, None] = {}
    for name, ranked in placements.percentiles.items():
        if not can_decide(placements, name):
            continue
        for used in ranked.years:
            if used.year not in years:
                continue
            if used.older:
                line = messages.text("shell.older_reference", year=used.year, used=used.reference_year or "")
                said[line] = None
                if (off := older(used)) is not None and used.entered:
                    said[messages.text("shell.note", said=Disclosure().say(off))] = None
            if used.entered and used.left_out and ranked.reference.kind is ReferenceKind.STATEWIDE:
                title, left = ranked.evaluation.title, entered_and_left(ranked, used.left_out)["left"]
                lacking = message("shell.left_out", year=used.year, evaluation=title, left=left)
                said[Disclosure().say(lacking)] = None
    return list(said)


def _facts(kinds: str | None) -> set[Fact]:
    known = {fact.value for fact in Fact}
    asked = {kind.strip() for kind in (kinds or "").split(",") if kind.strip()}
    if asked - known:
        raise wrong("shell.no_such_fact", found=", ".join(sorted(asked - known)), known=sorted(known))
    return {Fact(kind) for kind in asked}


def _reference(asked: str | None) -> Reference:
    if asked == ReferenceKind.NONE.value:
        return NO_REFERENCE
    if asked == ReferenceKind.WITHIN.value:
        return WITHIN
    if asked is None:
        return reference.shipped()
    on_disk(asked)
    found, problems = reference.from_file(asked)
    if found is None:
        raise UsageError("\n".join(problem.sentence() for problem in problems))
    for problem in problems:
        tell(problem.sentence())
    return found
