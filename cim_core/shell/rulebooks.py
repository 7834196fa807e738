"""The shell's `rulebooks`: list them, print one, or make one of the targets that a file prints."""

from __future__ import annotations

import argparse

from cim_core.data import outside
from cim_core.rules import rulebook_file, toml_table
from cim_core.shell.commands import emit, show, wrong
from cim_core.words.disclosure import WORKING


def run(chosen: argparse.Namespace) -> int:
    """List, show or make rulebooks; returns the exit code."""
    if chosen.action == "from":
        from cim_core.shell import printed

        return printed.run(chosen)
    of_data = chosen.more or chosen.mapping or chosen.answer or chosen.rates
    if chosen.out or chosen.year or chosen.base or of_data:
        raise wrong("printed.shell.only_from")
    if chosen.action == "show":
        if not chosen.id:
            raise wrong("shell.show_needs_id")
        path = rulebook_file.path_of(chosen.id)
        rulebook_file.load(path)
        emit(outside.read_text(path, toml_table.MOST_LETTERS), None, ())
        return 0
    for one in rulebook_file.available():
        rulebook = rulebook_file.load(one)
        show(f"{rulebook.id}\t{WORKING.say(rulebook.title)}\t{rulebook.monitoring_year}\n")
    return 0
