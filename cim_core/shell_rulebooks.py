"""The shell's `rulebooks`: list them, print one, or make one of the targets that a file prints."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cim_core import intake, printed_targets, rulebook_file, words
from cim_core.indicators import get
from cim_core.intake import cells
from cim_core.intake.questions import Ask
from cim_core.printed_targets import Printed
from cim_core.rulebook import Rulebook
from cim_core.shell import UsageError, emit, tell
from cim_core.shell_data import data_options, files_of, open_data

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: Commands) -> None:
    """Put the command where the others are."""
    parser = commands.add_parser("rulebooks", help=words.text("printed.shell.about"))
    parser.add_argument("action", nargs="?", choices=["show", "from"])
    parser.add_argument("id", nargs="?", metavar="ID|FILE")
    data_options(parser, file=False)
    parser.add_argument("--out", metavar="TOML")
    parser.add_argument("--year", metavar="YYYY-YY")
    parser.add_argument("--base", metavar="ID|PATH")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """List, show or make rulebooks; returns the exit code."""
    if chosen.action == "from":
        return _from_file(chosen)
    of_data = chosen.more or chosen.mapping or chosen.answer or chosen.rates
    if chosen.out or chosen.year or chosen.base or of_data:
        raise UsageError(words.text("printed.shell.only_from"))
    if chosen.action == "show":
        if not chosen.id:
            raise UsageError(words.text("shell.show_needs_id"))
        path = rulebook_file.path_of(chosen.id)
        rulebook_file.load(path)
        print(path.read_text("utf-8"), end="")
        return 0
    for one in rulebook_file.available():
        rulebook = rulebook_file.load(one)
        print(f"{rulebook.id}\t{rulebook.title}\t{rulebook.monitoring_year}")
    return 0


def _from_file(chosen: argparse.Namespace) -> int:
    if not chosen.id:
        raise UsageError(words.text("printed.shell.no_file"))
    raw, base_file = rulebook_file.read_raw(chosen.base or rulebook_file.DEFAULT)
    base = rulebook_file.from_raw(raw, base_file)
    asked = cells.school_year(chosen.year) if chosen.year else ""
    if asked is None:
        raise UsageError(words.text("problem.bad_year.expected"))
    chosen.file = chosen.id
    taken = open_data(chosen, more_answers=lambda found: _years_asked(found, asked))
    for problem in taken.problems:
        tell(problem.sentence())
    printed = printed_targets.collect(taken.targets)
    file = " + ".join(Path(one).name for one in (chosen.file, *chosen.more))
    year = _year(printed, asked, file)
    _tell_conflicts(printed, year)
    if not printed.of(year):
        tell(words.text("printed.shell.none", file=file))
        return 1
    title = words.text("printed.title", year=year)
    made = printed_targets.rulebook_from(printed, raw, year, title, file)
    rulebook_file.from_raw(made, file)
    _tell_differences(printed, base, year)
    tell(words.text("printed.shell.made", file=file, year=year, n=len(printed.of(year))))
    emit(rulebook_file.dumps(made), chosen.out, files_of(chosen))
    return 0


def _years_asked(taken: intake.Intake, year: str) -> dict[str, str]:
    """A year given on the command line also answers the question of a file that names none."""
    asked = (question for _, question in taken.questions if question.ask is Ask.YEAR and question.open)
    return {question.id: year for question in asked} if year else {}


def _year(printed: Printed, asked: str, file: str) -> str:
    """The year to take: the one asked for, or the only one; empty where the file prints none."""
    known = ", ".join(printed.years)
    if asked and printed.years and asked not in printed.years:
        raise UsageError(words.text("printed.shell.no_year", file=file, year=asked, years=known))
    if not asked and len(printed.years) > 1:
        raise UsageError(words.text("printed.shell.years", file=file, years=known))
    return asked or "".join(printed.years)


def _tell_conflicts(printed: Printed, year: str) -> None:
    for one in printed.conflicts:
        if one.year == year:
            label = get(one.indicator).label
            tell(words.text("printed.shell.conflict", label=label, year=year, written=one.written))


def _tell_differences(printed: Printed, base: Rulebook, year: str) -> None:
    for one in printed_targets.differences(printed, base, year):
        label = get(one.indicator).label
        said = f"{one.printed_comparator.value}{one.printed_value}"
        if one.value is None or one.comparator is None:
            tell(words.text("printed.shell.new", label=label, printed=said, base=base.id))
            continue
        value = f"{one.comparator.value}{one.value}"
        values = {"label": label, "printed": said, "base": base.id, "value": value, "vintage": one.vintage}
        tell(words.text("printed.shell.differs", **values))
    for code in printed_targets.not_counted(printed, base, year):
        tell(words.text("printed.shell.not_counted", label=get(code).label, base=base.id))
