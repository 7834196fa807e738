"""The same abilities from a shell: `python -m cim_core rulebooks | check | place | explain | …`.

Data go to stdout, everything else to stderr. Exit 0: fine; 1: the data are bad; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cim_core import export, intake, reference, rulebook_file, scenario, shell_rulebooks, thresholds, words
from cim_core.comparison import compare
from cim_core.disclosure import Disclosure
from cim_core.indicators import get
from cim_core.intake import RateScale, cells
from cim_core.placement import Placements, place
from cim_core.printed_targets import met_differs
from cim_core.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rulebook import NOT_PLACED, Fact
from cim_core.scenario import Scenario
from cim_core.shell import UsageError, emit
from cim_core.shell import tell as _tell
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
        _tell(str(error))
        return 2
    except BrokenPipeError:
        return 0
    except OSError as error:
        _tell(words.text("shell.cannot_write", path="stdout", reason=error.strerror or ""))
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cim_core", description=words.text("shell.about"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shell_rulebooks.add(commands)
    check = commands.add_parser("check", help=words.text("shell.check"))
    check.add_argument("file")
    check.set_defaults(run=_check)
    places = (("place", _place), ("explain", _explain), ("compare", _compare), ("sweep", _sweep))
    for name, run in places:
        command = commands.add_parser(name, help=words.text(f"shell.{name}"))
        command.add_argument("file")
        command.add_argument("--rulebook", metavar="ID|PATH")
        command.add_argument("--reference", metavar="FILE|none|within")
        command.add_argument("--year", metavar="YYYY-YY")
        command.add_argument("--assume-none", default="", metavar="KINDS")
        command.add_argument("--out", metavar="PATH")
        command.add_argument("--rates", choices=[one.value for one in RateScale])
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
    taken = intake.read_path(chosen.file)
    for problem in (*taken.problems, *met_differs(taken.targets, taken.dataset)):
        print(problem.sentence())
    silent = taken.dataset.says_nothing_about() if len(taken.dataset) else ()
    for fact in silent:
        _tell(words.text("shell.silent", fact=words.text(f"fact.{fact.value}"), kind=fact.value))
    leas, rows = len(set(taken.dataset.lea_key.tolist())), len(taken.dataset)
    _tell(words.text("shell.checked", n=leas, rows=rows, errors=len(taken.errors)))
    return 1 if taken.errors else 0


def _place(chosen: argparse.Namespace) -> int:
    job = _job(chosen)
    if job is None:
        return 1
    if chosen.format == "json":
        _emit(_json([export.explain_row(job.placements, row, GATE) for row in job.rows]), chosen)
    else:
        _emit(export.csv_text(export.place_rows(job.placements, job.rows, GATE), export.COLUMNS), chosen)
    placed = any(job.placements.placement(row) != NOT_PLACED for row in job.rows)
    if not placed:
        _tell(words.text("shell.nothing_placed"))
    return 0 if placed else 1


def _explain(chosen: argparse.Namespace) -> int:
    job = _job(chosen)
    if job is None:
        return 1
    data = job.placements.dataset
    years = sorted({str(data.year[row]) for row in job.rows})
    mine = [row for year in years if (row := data.row_of(chosen.lea, year)) is not None]
    if not mine:
        _tell(words.text("shell.no_such_lea", code=chosen.lea, file=chosen.file))
        return 1
    told = export.explain_row(job.placements, mine[-1], GATE)
    _emit(_json(told) if chosen.format == "json" else _text(told), chosen)
    return 0


def _compare(chosen: argparse.Namespace) -> int:
    job = _job(chosen)
    if job is None:
        return 1
    found = compare(job.baseline, job.placements)
    rows = export.mover_rows(found, found.movers(job.rows), GATE)
    _emit(_json(rows) if chosen.format == "json" else export.csv_text(rows, export.MOVER_COLUMNS), chosen)
    return 0


def _sweep(chosen: argparse.Namespace) -> int:
    job = _job(chosen)
    if job is None:
        return 1
    rules = job.placements.rulebook
    threshold = thresholds.single(rules, chosen.vary)
    if threshold is None:
        known = ", ".join(key for one in thresholds.thresholds(rules) for key, _ in one.keys)
        raise UsageError(words.text("shell.no_such_key", key=chosen.vary, known=known))
    found = sweep(threshold, job.raw, job.placements.dataset, job.reference, job.placements.percentiles)
    rows = export.change_rows(found, job.placements, set(job.rows))
    _emit(_json(rows) if chosen.format == "json" else export.csv_text(rows, export.CHANGE_COLUMNS), chosen)
    return 0


@dataclass(frozen=True)
class _Job:
    """What a command works on: placements under the scenario, the baseline, and the rules as plain values."""

    baseline: Placements
    placements: Placements
    raw: rulebook_file.Raw
    reference: Reference
    rows: list[int]


def _job(chosen: argparse.Namespace) -> _Job | None:
    """Read, apply the scenario and place; None when the file holds nothing."""
    wanted = _scenario(chosen.scenario)
    base = chosen.rulebook or (wanted.base if wanted is not None else rulebook_file.DEFAULT)
    raw, file = rulebook_file.read_raw(base)
    rulebook = rulebook_file.from_raw(raw, file)
    assumed = _facts(chosen.assume_none)
    answers = {"rates": chosen.rates} if chosen.rates else {}
    taken = intake.read_path(chosen.file, answers=answers, assumed_none=assumed)
    for problem in taken.problems:
        _tell(problem.sentence())
    if not len(taken.dataset):
        return None
    for fact in assumed - set(taken.dataset.says_nothing_about()):
        _tell(words.text("shell.not_silent", fact=words.text(f"fact.{fact.value}")))
    against = _reference(chosen.reference)
    baseline = placements = place(taken.dataset, rulebook, against)
    if wanted is not None:
        wanted = _fitting(wanted, raw, base)
        against = scenario.changed_reference(wanted, against, reference.shipped())
        try:
            placements = scenario.run(wanted, raw, taken.dataset, against)
        except ValueError as error:
            raise UsageError(str(error)) from error
        raw = scenario.apply(wanted, raw)
    rows = list(range(len(taken.dataset)))
    if chosen.year:
        year = cells.school_year(chosen.year)
        rows = [row for row in rows if taken.dataset.year[row] == year]
        if not rows:
            known = ", ".join(taken.dataset.years)
            raise UsageError(words.text("shell.no_such_year", year=chosen.year, years=known))
    for line in _ranked_how(placements, {str(taken.dataset.year[row]) for row in rows}):
        _tell(line)
    return _Job(baseline, placements, raw, against, rows)


def _scenario(path: str | None) -> Scenario | None:
    if path is None:
        return None
    try:
        return scenario.loads(Path(path).read_text("utf-8"), Path(path).name)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(words.text("shell.cannot_read", path=path, reason=str(error))) from error


def _fitting(wanted: Scenario, raw: rulebook_file.Raw, base: str) -> Scenario:
    """The scenario without what the base does not have; what is left out, and a changed base, are said."""
    target = rulebook_file.read_raw(wanted.instead)[0] if wanted.instead else raw
    lost = scenario.misfits(wanted, target)
    for key in lost:
        _tell(words.text("shell.misfit", key=key, base=base))
    rules = rulebook_file.from_raw(target, base)
    for key, other in thresholds.torn(rules, wanted.changes):
        _tell(words.text("shell.torn", key=key, other=other))
    if wanted.base_hash and wanted.base_hash != rulebook_file.content_hash(raw):
        _tell(words.text("shell.other_base", base=wanted.base))
    return wanted.changed(dict.fromkeys(lost))


def _ranked_how(placements: Placements, years: set[str]) -> list[str]:
    """What to know about the rankings of some years: an older reference, indicators that it does not hold."""
    said: dict[str, None] = {}
    for ranked in placements.percentiles.values():
        for used in ranked.years:
            if used.year not in years:
                continue
            if used.older:
                line = words.text("shell.older_reference", year=used.year, used=used.reference_year or "")
                said[line] = None
            if used.left_out and ranked.reference.kind is ReferenceKind.STATEWIDE:
                left = words.join([get(code).label for code in used.left_out])
                title = ranked.evaluation.title
                said[words.text("shell.left_out", year=used.year, evaluation=title, left=left)] = None
    return list(said)


def _facts(kinds: str) -> set[Fact]:
    known = {fact.value for fact in Fact}
    asked = {kind.strip() for kind in kinds.split(",") if kind.strip()}
    if asked - known:
        found, known_text = ", ".join(sorted(asked - known)), ", ".join(sorted(known))
        raise UsageError(words.text("shell.no_such_fact", found=found, known=known_text))
    return {Fact(kind) for kind in asked}


def _reference(asked: str | None) -> Reference:
    if asked == ReferenceKind.NONE.value:
        return NO_REFERENCE
    if asked == ReferenceKind.WITHIN.value:
        return WITHIN
    if asked is None:
        return reference.shipped()
    found, problems = reference.from_file(asked)
    if found is None:
        raise UsageError("\n".join(problem.sentence() for problem in problems))
    for problem in problems:
        _tell(problem.sentence())
    return found


def _text(told: dict[str, object]) -> str:
    lines = [str(told["headline"]), ""]
    lines += [f"- {reason}" for reason in _list(told["reasons"])]
    lines += ["", words.text("shell.ladder")]
    for clause in _list(told["clauses"]):
        mark = "→" if clause["deciding"] else " "
        outcome = words.text(f"outcome.{clause['outcome']}")
        lines.append(f"{mark} {clause['placement']}: {clause['sentence']} – {outcome}: {clause['detail']}")
        lines.append(f"    {clause['source']}")
    lines += ["", words.text("shell.indicators")]
    for one in _list(told["indicators"]):
        if one["result"] == "missing" and not one["element"]:
            continue
        counted = one["numerator"] is not None and one["denominator"] is not None and not one["inferred"]
        counts = f" ({one['numerator']} / {one['denominator']})" if counted else ""
        target = (
            f", {one['comparator']}{one['target']} ({one['vintage']}, {one['target_status']})"
            if one["target"] is not None
            else ""
        )
        value = f"{one['rate']}{counts}" if one["rate"] is not None else one["missing"]
        result = words.text(f"result.{one['result']}")
        lines.append(f"  {one['indicator']:<9}{value}{target}: {result}")
    lines += ["", *(str(part) for part in _list(told["support"]))]
    return "\n".join(lines) + "\n"


def _list(value: object) -> list:  # type: ignore[type-arg]
    assert isinstance(value, list)
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _emit(content: str, chosen: argparse.Namespace) -> None:
    emit(content, chosen.out, chosen.file)


if __name__ == "__main__":
    sys.exit(main())
