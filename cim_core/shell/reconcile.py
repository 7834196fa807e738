"""The shell's `reconcile`: which assumed settings fit CDE's letters, as CSV or JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from cim_core.export import reconcile_rows
from cim_core.export import rows as export
from cim_core.letters import evidence, pairs, reconcile
from cim_core.letters.trial import Trial, readable
from cim_core.shell.commands import emit, said, tell, wrong
from cim_core.shell.job import open_job
from cim_core.shell.options import named
from cim_core.words import messages
from cim_core.words.disclosure import WORKING
from cim_core.words.messages import HowMany

_PARTS = 4
"""How often it is said how far the search is."""


def run(chosen: argparse.Namespace) -> int:
    """Print one row per setting; returns the exit code."""
    if chosen.pairs < 0:
        raise wrong("shell.reconcile.pairs_below", found=str(chosen.pairs))
    job = open_job(chosen)
    if job is None:
        return 1
    dataset = job.placements.dataset
    letters = readable(dataset, job.rows)
    if not len(letters):
        tell(said("shell.reconcile.no_letters", file=chosen.file))
        return 1
    trial = Trial(dataset, job.placements.rulebook, job.reference, letters)
    found = reconcile.singles(trial, _telling("shell.reconcile.progress"))
    if chosen.pairs:
        found = pairs.pairs(trial, found, chosen.pairs, _telling("shell.reconcile.pairs_progress"))
    for line in evidence.summary(found, dataset):
        tell(WORKING.say(line))
    listed = list(reconcile_rows.rows(found, trial, dataset, WORKING))
    if chosen.format == "json":
        content = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    else:
        content = export.csv_text(listed, reconcile_rows.COLUMNS)
    emit(content, chosen.out, named(chosen))
    return 0


def _telling(message_id: str) -> Callable[[int, int], None]:
    """Says a few times how far the search is."""
    told: set[int] = set()

    def tell_part(done: int, of: int) -> None:
        part = done * _PARTS // max(of, 1)
        if part not in told:
            told.add(part)
            tell(messages.text(message_id, n=HowMany(done), of=HowMany(of)))

    return tell_part
