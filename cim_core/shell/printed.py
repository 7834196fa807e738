"""The shell's `rulebooks from FILE`: a rulebook with the targets that a file prints."""

from __future__ import annotations

import argparse
from pathlib import Path

from cim_core import intake
from cim_core.data.indicators import get
from cim_core.data.outside import quoted
from cim_core.intake import printed_targets
from cim_core.intake.meanings import cell_text
from cim_core.intake.printed_targets import CollectedTargets
from cim_core.intake.questions import Ask
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.shell.commands import emit, said, tell, wrong
from cim_core.shell.data import open_data
from cim_core.shell.options import named
from cim_core.words import messages
from cim_core.words.messages import HowMany


def run(chosen: argparse.Namespace) -> int:
    """Make a rulebook and print or write it; returns the exit code."""
    if not chosen.id:
        raise wrong("printed.shell.no_file")
    raw, base_file = rulebook_file.read_raw(chosen.base or rulebook_file.DEFAULT)
    base = rulebook_file.from_raw(raw, base_file)
    asked = cell_text.school_year(chosen.year) if chosen.year else ""
    if asked is None:
        raise wrong("problem.bad_year.expected")
    chosen.file = chosen.id
    taken = open_data(chosen, more_answers=lambda found: _years_asked(found, asked))
    for problem in taken.problems:
        tell(problem.sentence())
    printed = printed_targets.collect(taken.targets)
    file = quoted(" + ".join(Path(one).name for one in (chosen.file, *chosen.more)))
    year = _year(printed, asked, file)
    _tell_conflicts(printed, year)
    if not printed.of(year):
        tell(said("printed.shell.none", file=file))
        return 1
    title = messages.text("printed.title", year=year)
    made = printed_targets.rulebook_from(printed, raw, year, title, file)
    rulebook_file.from_raw(made, file)
    _tell_differences(printed, base, year)
    tell(said("printed.shell.made", file=file, year=year, n=HowMany(len(printed.of(year)))))
    emit(rulebook_file.dumps(made), chosen.out, named(chosen))
    return 0


def _years_asked(taken: intake.Intake, year: str) -> dict[str, str]:
    """A year given on the command line also answers the question of a file that names none."""
    asked = (question for _, question in taken.questions if question.ask is Ask.YEAR and question.open)
    return {question.id: year for question in asked} if year else {}


def _year(printed: CollectedTargets, asked: str, file: str) -> str:
    """The year to take: the one asked for, or the only one; empty where the file prints none."""
    if asked and printed.years and asked not in printed.years:
        raise wrong("printed.shell.no_year", file=file, year=asked, years=printed.years)
    if not asked and len(printed.years) > 1:
        raise wrong("printed.shell.years", file=file, years=printed.years)
    return asked or "".join(printed.years)


def _tell_conflicts(printed: CollectedTargets, year: str) -> None:
    for one in printed.conflicts:
        if one.year == year:
            label = get(one.indicator).label
            tell(said("printed.shell.conflict", label=label, year=year, written=one.written))


def _tell_differences(printed: CollectedTargets, base: Rulebook, year: str) -> None:
    for difference in printed_targets.differences(printed, base, year):
        label = get(difference.indicator).label
        sign_and_value = f"{difference.printed_comparator.value}{difference.printed_value}"
        if difference.value is None or difference.comparator is None:
            tell(said("printed.shell.new", label=label, printed=sign_and_value, base=base.id))
            continue
        value = f"{difference.comparator.value}{difference.value}"
        tell(
            said(
                "printed.shell.differs",
                label=label,
                printed=sign_and_value,
                base=base.id,
                value=value,
                vintage=difference.vintage,
            )
        )
    for code in printed_targets.not_counted(printed, base, year):
        tell(said("printed.shell.not_counted", label=get(code).label, base=base.id))
