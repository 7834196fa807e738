"""The shell's commands on data: `check`, `place`, `explain`, `compare`, `sweep`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from cim_core.data.facts import FACT_NAMED, Fact
from cim_core.data.outside import without_invisible
from cim_core.export import move_rows, outlook_rows, texts
from cim_core.export import rows as export
from cim_core.outlook import margins
from cim_core.placing.placement import Placements
from cim_core.rules import thresholds
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import NoSuchSettingError, Setting
from cim_core.rules.thresholds import Threshold
from cim_core.rules.tiers import NOT_PLACED
from cim_core.shell.commands import emit, said, show, tell, wrong
from cim_core.shell.data import open_data, proposals
from cim_core.shell.job import open_job
from cim_core.shell.options import named
from cim_core.shell.problems import problem_lines
from cim_core.whatif import compare, sweep
from cim_core.words import messages
from cim_core.words.disclosure import WORKING
from cim_core.words.messages import HowMany


def run(chosen: argparse.Namespace) -> int:
    """Run one of the commands on data; returns the exit code."""
    commands = {
        "check": _check, "place": _place, "explain": _explain, "compare": _compare, "sweep": _sweep,
    }  # fmt: skip
    return commands[chosen.command](chosen)


def _check(chosen: argparse.Namespace) -> int:
    taken = open_data(chosen)
    for line in problem_lines(taken.problems, every=chosen.all):
        show(line + "\n")
    for line in proposals(chosen, taken):
        tell(line)
    silent = taken.dataset.says_nothing_about() if len(taken.dataset) else ()
    for fact in silent:
        kind = "shell.silent_elements" if fact is Fact.ELEMENTS else "shell.silent"
        tell(messages.text(kind, fact=messages.text(FACT_NAMED[fact]), kind=fact.value))
    leas, rows = len(set(taken.dataset.lea_key.tolist())), len(taken.dataset)
    tell(
        messages.text("shell.checked", n=HowMany(leas), rows=HowMany(rows), errors=HowMany(len(taken.errors)))
    )
    return 1 if taken.errors else 0


def _place(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    if chosen.format == "json":
        _emit(_json(_explained(job.placements, job.rows)), chosen)
    else:
        _emit(export.csv_text(export.place_rows(job.placements, job.rows, WORKING), export.COLUMNS), chosen)
    placed = any(job.placements.placement(row) != NOT_PLACED for row in job.rows)
    if not placed:
        tell(messages.text("shell.nothing_placed"))
    return 0 if placed else 1


def _explain(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    data = job.placements.dataset
    years = sorted({str(data.year[row]) for row in job.rows})
    lea = without_invisible(chosen.lea).strip()
    mine = [row for year in years if (row := data.row_of(lea, year)) is not None]
    if not mine:
        tell(said("shell.no_such_lea", code=chosen.lea, file=chosen.file))
        return 1
    closed = [row for row in mine if not data.in_progress[row]]
    row = (closed or mine)[-1]
    told = _explained(job.placements, [row])[0] | outlook_rows.outlook(job.placements, row, WORKING)
    _emit(_json(told) if chosen.format == "json" else texts.text(told, WORKING), chosen)
    return 0


def _explained(placements: Placements, rows: Sequence[int]) -> list[dict[str, object]]:
    margin = margins(placements)
    return [export.explain_row(placements, row, WORKING, margin) for row in rows]


def _compare(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    found = compare(job.baseline, job.placements)
    rows = move_rows.mover_rows(found, found.movers(job.rows), WORKING)
    _emit(_json(rows) if chosen.format == "json" else export.csv_text(rows, move_rows.MOVER_COLUMNS), chosen)
    return 0


def _sweep(chosen: argparse.Namespace) -> int:
    job = open_job(chosen)
    if job is None:
        return 1
    rules = job.placements.rulebook
    threshold = _threshold(rules, chosen.vary)
    if threshold is None:
        every = thresholds.thresholds(rules)
        known = (str(setting) for threshold in every for setting, _ in threshold.settings)
        raise wrong("shell.no_such_key", key=chosen.vary, known=known)
    found = sweep(threshold, rules, job.placements.dataset, job.reference, job.placements.percentiles)
    rows = move_rows.change_rows(found, job.placements, set(job.rows), WORKING)
    _emit(_json(rows) if chosen.format == "json" else export.csv_text(rows, move_rows.CHANGE_COLUMNS), chosen)
    return 0


def _threshold(rules: Rulebook, written: str) -> Threshold | None:
    try:
        return thresholds.single(rules, Setting.parse(written))
    except NoSuchSettingError:
        return None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _emit(content: str, chosen: argparse.Namespace) -> None:
    emit(content, chosen.out, named(chosen))
