"""The same abilities from a shell: `python -m cim_core rulebooks | check | place | explain | …`.

Data go to stdout, everything else to stderr. Exit 0: fine; 1: the data are bad; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from cim_core import (
    explain_text,
    export,
    outlook_export,
    shell_disproportionality,
    shell_rulebooks,
    thresholds,
    words,
)
from cim_core.comparison import compare
from cim_core.disclosure import Disclosure
from cim_core.margins import margins
from cim_core.placement import Placements
from cim_core.rulebook import NOT_PLACED, Fact
from cim_core.shell import UsageError, emit, problem_lines, tell
from cim_core.shell_data import data_options, files_of, open_data, proposals
from cim_core.shell_job import open_job
from cim_core.sweep import sweep
from cim_core.toml_table import SchemaError

GATE = Disclosure()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    try:
        chosen = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return int(chosen.run(chosen))
    except (UsageError, SchemaError) as error:
        tell(str(error))
        return 2
    except BrokenPipeError:
        return 0
    except OSError as error:
        tell(words.text("shell.cannot_write", path="stdout", reason=error.strerror or ""))
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cim_core", description=words.text("shell.about"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shell_rulebooks.add(commands)
    shell_disproportionality.add(commands)
    check = commands.add_parser("check", help=words.text("shell.check"))
    data_options(check)
    check.add_argument("--all", action="store_true", help=words.text("printed.shell.all_help"))
    check.set_defaults(run=_check)
    places = (("place", _place), ("explain", _explain), ("compare", _compare), ("sweep", _sweep))
    for name, run in places:
        command = commands.add_parser(name, help=words.text(f"shell.{name}"))
        data_options(command)
        command.add_argument("--rulebook", metavar="ID|PATH")
        command.add_argument("--reference", metavar="FILE|none|within")
        command.add_argument("--fill", choices=("yes", "no"), default="yes", help=words.text("shell.fill"))
        command.add_argument("--year", metavar="YYYY-YY")
        command.add_argument("--assume-none", default="", metavar="KINDS")
        command.add_argument("--out", metavar="PATH")
        command.add_argument("--all", action="store_true", help=words.text("printed.shell.all_help"))
        formats = ["text", "json"] if name == "explain" else ["csv", "json"]
        command.add_argument("--scenario", metavar="TOML", required=name == "compare")
        command.add_argument("--format", choices=formats, default=formats[0])
        if name == "explain":
            command.add_argument("--lea", required=True, metavar="CODE")
        if name == "sweep":
            command.add_argument("--vary", required=True, metavar="KEY")
        command.set_defaults(run=run)
    return parser


def _check(chosen: argparse.Namespace) -> int:
    taken = open_data(chosen)
    for line in problem_lines(taken.problems, every=chosen.all):
        print(line)
    for line in proposals(chosen, taken):
        tell(line)
    silent = taken.dataset.says_nothing_about() if len(taken.dataset) else ()
    for fact in silent:
        kind = "shell.silent_elements" if fact is Fact.ELEMENTS else "shell.silent"
        tell(words.text(kind, fact=words.text(f"fact.{fact.value}"), kind=fact.value))
    leas, rows = len(set(taken.dataset.lea_key.tolist())), len(taken.dataset)
    tell(words.text("shell.checked", n=leas, rows=rows, errors=len(taken.errors)))
    return 1 if taken.errors else 0


def _place(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    if chosen.format == "json":
        _emit(_json(_explained(job.placements, job.rows)), chosen)
    else:
        _emit(export.csv_text(export.place_rows(job.placements, job.rows, GATE), export.COLUMNS), chosen)
    placed = any(job.placements.placement(row) != NOT_PLACED for row in job.rows)
    if not placed:
        tell(words.text("shell.nothing_placed"))
    return 0 if placed else 1


def _explain(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    data = job.placements.dataset
    years = sorted({str(data.year[row]) for row in job.rows})
    mine = [row for year in years if (row := data.row_of(chosen.lea, year)) is not None]
    if not mine:
        tell(words.text("shell.no_such_lea", code=chosen.lea, file=chosen.file))
        return 1
    row = mine[-1]
    told = _explained(job.placements, [row])[0] | outlook_export.outlook(job.placements, row, GATE)
    _emit(_json(told) if chosen.format == "json" else explain_text.text(told), chosen)
    return 0


def _explained(placements: Placements, rows: Sequence[int]) -> list[dict[str, object]]:
    margin = margins(placements)
    return [export.explain_row(placements, row, GATE, margin) for row in rows]


def _compare(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    found = compare(job.baseline, job.placements)
    rows = export.mover_rows(found, found.movers(job.rows), GATE)
    _emit(_json(rows) if chosen.format == "json" else export.csv_text(rows, export.MOVER_COLUMNS), chosen)
    return 0


def _sweep(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    rules = job.placements.rulebook
    threshold = thresholds.single(rules, chosen.vary)
    if threshold is None:
        known = ", ".join(key for one in thresholds.thresholds(rules) for key, _ in one.keys)
        raise UsageError(words.text("shell.no_such_key", key=chosen.vary, known=known))
    found = sweep(threshold, job.raw, job.placements.dataset, job.reference, job.placements.percentiles)
    rows = export.change_rows(found, job.placements, set(job.rows), GATE)
    _emit(_json(rows) if chosen.format == "json" else export.csv_text(rows, export.CHANGE_COLUMNS), chosen)
    return 0


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _emit(content: str, chosen: argparse.Namespace) -> None:
    emit(content, chosen.out, files_of(chosen))


if __name__ == "__main__":
    sys.exit(main())
