"""The shell's `disproportionality`: every risk ratio of a file of counts, as CSV or JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cim_core import disproportionality_words, export, rulebook_file, words
from cim_core.dataset import Dataset
from cim_core.disclosure import Disclosure
from cim_core.disproportionality import OPEN
from cim_core.disproportionality_words import Finding
from cim_core.rulebook import Disproportionality
from cim_core.shell import emit, tell
from cim_core.shell_data import data_options, files_of, open_data
from cim_core.words import Quantity

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

GATE = Disclosure()
COLUMNS = (
    "lea_code", "lea_name", "year", "area", "group", "cell", "total", "risk", "comparison", "others_cell",
    "others_total", "others_risk", "risk_ratio", "alternate_risk_ratio", "low_95", "high_95",
    "students_above_parity", "over_threshold", "years_at_least", "years_at_most", "status",
)  # fmt: skip
_OVER = {1: "yes", 0: "no", -1: "unknown"}


def add(commands: Commands) -> None:
    """Put the command where the others are."""
    parser = commands.add_parser("disproportionality", help=words.text("shell.disproportionality"))
    data_options(parser)
    parser.add_argument("--rulebook", metavar="ID|PATH", default=rulebook_file.DEFAULT)
    parser.add_argument("--format", choices=["csv", "json"], default="csv")
    parser.add_argument("--out", metavar="PATH")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print one row per LEA, year, area and group; returns the exit code."""
    rules = rulebook_file.load(chosen.rulebook).disproportionality
    taken = open_data(chosen)
    for problem in taken.problems:
        tell(problem.sentence())
    found = list(rows(taken.dataset, rules))
    if not found:
        tell(words.text("shell.counts.none", file=chosen.file))
        return 1
    tell(words.text("shell.counts.method", limit=GATE.say(disproportionality_words.limit(rules)),
                    cell=rules.min_cell, n=rules.min_n))  # fmt: skip
    if chosen.format == "json":
        content = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    else:
        content = export.csv_text(found, COLUMNS)
    emit(content, chosen.out, files_of(chosen))
    return 0


def rows(dataset: Dataset, rules: Disproportionality) -> Iterator[dict[str, export.Plain]]:
    """One row per LEA, year, area and group with counts, in the order of the dataset."""
    ratios = disproportionality_words.ratios_of(dataset, rules)
    if ratios is None:
        return
    for at in range(len(dataset)):
        found = disproportionality_words.findings(ratios, str(dataset.lea_key[at]), str(dataset.year[at]))
        who: dict[str, export.Plain] = {
            name: str(getattr(dataset, name)[at]) for name in ("lea_code", "lea_name", "year")
        }
        yield from (who | _row(one) for one in found)


def _row(one: Finding) -> dict[str, export.Plain]:
    alternate = one.status.word == "alternate"
    ratio = GATE.value(one.ratio)
    return {
        "area": one.area.code,
        "group": one.group.code,
        "cell": _whole(one.cell),
        "total": _whole(one.total),
        "risk": GATE.value(one.risk),
        "comparison": "" if ratio is None else "state" if alternate else "lea",
        "others_cell": _whole(one.others_cell),
        "others_total": _whole(one.others_total),
        "others_risk": GATE.value(one.others_risk),
        "risk_ratio": None if alternate else ratio,
        "alternate_risk_ratio": ratio if alternate else None,
        "low_95": GATE.value(one.low),
        "high_95": GATE.value(one.high),
        "students_above_parity": _whole(one.above),
        "over_threshold": _OVER[one.over],
        "years_at_least": one.least,
        "years_at_most": None if one.most >= OPEN else one.most,
        "status": one.status.word,
    }


def _whole(quantity: Quantity | None) -> int | None:
    value = GATE.value(quantity)
    return None if value is None else int(value)
