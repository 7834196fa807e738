"""The shell's `disproportionality`: every risk ratio of a file of counts, as CSV or JSON."""

from __future__ import annotations

import argparse
import json

from cim_core.export import rows as export
from cim_core.export.risk_ratio_rows import COLUMNS, rows
from cim_core.rules import rulebook_file
from cim_core.shell.commands import emit, said, tell
from cim_core.shell.data import open_data
from cim_core.shell.options import named
from cim_core.why import risk_ratios
from cim_core.words import messages
from cim_core.words.disclosure import WORKING


def run(chosen: argparse.Namespace) -> int:
    """Print one row per LEA, year, area and group; returns the exit code."""
    rules = rulebook_file.load(chosen.rulebook).disproportionality
    taken = open_data(chosen)
    for problem in taken.problems:
        tell(problem.sentence())
    found = list(rows(taken.dataset, rules, WORKING))
    if not found:
        tell(said("shell.counts.none", file=chosen.file))
        return 1
    limit, least = risk_ratios.limit(rules), risk_ratios.least(rules)
    tell(messages.text("shell.counts.method", limit=WORKING.say(limit), least=WORKING.say(least)))
    if chosen.format == "json":
        content = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    else:
        content = export.csv_text(found, COLUMNS)
    emit(content, chosen.out, named(chosen))
    return 0
