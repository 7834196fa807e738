"""Placements as plain rows for files: the columns of `place`, the parts of `explain`, safe cells.

Text that a spreadsheet would run (`= + - @`, tab, carriage return first) gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from cim_core.data.indicators import CODES, POSITION
from cim_core.data.outside import without_invisible
from cim_core.outlook import sentences
from cim_core.outlook.margins import Borderline, Margins
from cim_core.placing import settled
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.whatif.comparison import Comparison, Mover
from cim_core.whatif.sentences import because, ratio
from cim_core.whatif.sweep import Sweep
from cim_core.why import percentile_steps
from cim_core.why.clauses import percentile_of, students
from cim_core.why.explanation import Explanation, explain
from cim_core.why.indicator_why import one_indicator
from cim_core.why.percentile_steps import Step
from cim_core.words import Quantity
from cim_core.words.disclosure import Disclosure

COLUMNS = (
    "lea_code", "lea_name", "selpa", "year", "placement", "tier", "level", "firm", "could_be",
    "placement_said", "from_state_file",
    "deciding_clause", "missed", "elements_with_data", "missed_indicators", "percentile",
    "preschool_percentile", "sig_dis", "small_lea", "swd", "determination", "rulebook", "reference",
    "assumed_none", "notice", "reasons",
)  # fmt: skip
MOVER_COLUMNS = ("lea_code", "lea_name", "year", "from", "to", "clause", "direction", "swd", "because")
CHANGE_COLUMNS = ("value", "lea_code", "year", "from", "to", "at", "lea_name", "exact", "as_fraction")
_RISKY = frozenset("=+-@")
_BLANK = re.compile(r"\A[\s\x00-\x20\x7f-\x9f\u2800]+")

Plain = str | int | float | bool | None | list[str]


def place_row(placements: Placements, row: int, disclosure: Disclosure) -> dict[str, Plain]:
    """One row of `place`: plain values, None for unknown or none, lists for `could_be` and `reasons`."""
    return _placed(explain(placements, row), placements, row, disclosure)


def _placed(why: Explanation, placements: Placements, row: int, disclosure: Disclosure) -> dict[str, Plain]:
    data, clause = placements.dataset, placements.clause(row)
    school_age = placements.percentiles.get("school_age")
    known = bool(placements.count_known[row])
    swd = int(data.swd[row])
    return {
        "lea_code": why.lea_code,
        "lea_name": why.lea_name,
        "selpa": why.selpa,
        "year": why.year,
        "placement": why.placement.label,
        "tier": why.placement.tier.value if why.placement.tier else None,
        "level": why.placement.level,
        "firm": why.firm,
        "could_be": [one.label for one in why.could_be],
        "placement_said": disclosure.say(settled.said(placements, row)),
        "from_state_file": settled.from_state(placements, row),
        "deciding_clause": clause.id if clause is not None else None,
        "missed": int(placements.missed[row]) if known else None,
        "elements_with_data": int(placements.counted[row]),
        "missed_indicators": list(placements.elements(row, Result.MISSED)),
        "percentile": disclosure.value(percentile_of(placements, row, "school_age", 4)),
        "preschool_percentile": disclosure.value(percentile_of(placements, row, "preschool", 4)),
        "sig_dis": _three_valued(int(placements.sig_dis[row])),
        "small_lea": _three_valued(int(placements.small_lea[row])),
        "swd": None if swd < 0 else whole(disclosure, students(swd)),
        "determination": str(data.determination[row]) or None,
        "rulebook": placements.rulebook.id,
        "reference": school_age.reference.name if school_age is not None else None,
        "assumed_none": sorted(fact.value for fact in data.assumed_none if data.assumed(fact)),
        "notice": [disclosure.say(one) for one in why.notices],
        "reasons": [disclosure.say(sentence) for sentence in why.sentences],
    }


def place_rows(placements: Placements, rows: Iterable[int], disclosure: Disclosure) -> list[dict[str, Plain]]:
    """`place_row` for several rows."""
    return [place_row(placements, row, disclosure) for row in rows]


def explain_row(
    placements: Placements, row: int, disclosure: Disclosure, margin: Margins
) -> dict[str, object]:
    """`place_row` with the clauses and indicators behind it, and the headline."""
    why = explain(placements, row)
    return {
        **_placed(why, placements, row, disclosure),
        "headline": disclosure.say(why.headline),
        "support": [disclosure.say(part) for part in why.support],
        "clauses": clause_rows(why, disclosure),
        "indicators": indicator_rows(placements, row, disclosure, margin),
        "ranking": {
            evaluation: step_rows(percentile_steps.steps(placements, row, evaluation), disclosure)
            for evaluation in placements.percentiles
        },
    }


def clause_rows(why: Explanation, disclosure: Disclosure) -> list[dict[str, Plain]]:
    """The ladder of an explanation, most intensive clause first."""
    return [
        {
            "id": rung.clause.id,
            "placement": rung.clause.placement.label,
            "outcome": rung.outcome.word,
            "deciding": rung.deciding,
            "sentence": rung.clause.said,
            "detail": disclosure.say(rung.detail),
            "source": disclosure.say(rung.source),
            "status": rung.clause.provenance.status.value,
        }
        for rung in why.clauses
    ]


def indicator_rows(
    placements: Placements, row: int, disclosure: Disclosure, margin: Margins
) -> list[dict[str, Plain]]:
    """Every indicator of the catalogue with its value, where it was read, target, result and margin."""
    data = placements.dataset
    each = [one_indicator(placements, row, code) for code in CODES]
    origins = [data.origin_of(row, code) for code in CODES]
    return [
        {
            "indicator": one.indicator.code,
            "name": one.indicator.name,
            "rate": disclosure.value(one.rate),
            "numerator": whole(disclosure, one.numerator),
            "denominator": whole(disclosure, one.denominator),
            "inferred": one.inferred,
            "comparator": one.target.comparator.value if one.target else None,
            "target": _target(one.target.value) if one.target else None,
            "vintage": one.target.vintage if one.target else None,
            "target_status": one.target.provenance.status.value if one.target else None,
            "target_measure": one.target.measure.value if one.target and one.target.measure else None,
            "measure": one.measure.value if one.measure else None,
            "target_said": disclosure.say(one.vintage) if one.vintage else None,
            "result": one.result.word,
            "missing": disclosure.say_id(f"missing.{one.missing.name.lower()}") if one.missing else None,
            "element": one.element,
            "ranked_with_state_value": disclosure.value(one.from_state),
            **_margin(placements, row, one.indicator.code, disclosure, margin),
            "file": origin.file if origin else None,
            "collection": origin.collection or None if origin else None,
        }
        for one, origin in zip(each, origins, strict=True)
    ]


def _margin(
    placements: Placements, row: int, code: str, disclosure: Disclosure, margin: Margins
) -> dict[str, Plain]:
    at = POSITION[code]
    group = int(placements.dataset.denominator[row, at])
    count, steps = int(margin.students[row, at]), int(margin.steps[row, at])
    points = None if steps < 0 else sentences.steps(placements, steps, code, group if group >= 0 else None)
    return {
        "students_to_target": None if count < 0 else whole(disclosure, students(count, group)),
        "points_to_target": disclosure.value(points),
        "borderline": Borderline(int(margin.borderline[row, at])).word,
    }


def why_rows(
    placements: Placements, row: int, disclosure: Disclosure, margin: Margins
) -> list[dict[str, Plain]]:
    """`indicator_rows` for a file of its own: each line says whose it is, where placed, by which rules."""
    placed = place_row(placements, row, disclosure)
    names = ("lea_code", "lea_name", "year", "placement", "firm", "rulebook", "reference", "notice")
    whose = {name: placed[name] for name in names}
    return [whose | line for line in indicator_rows(placements, row, disclosure, margin)]


def mover_rows(
    comparison: Comparison, movers: Iterable[Mover], disclosure: Disclosure
) -> list[dict[str, Plain]]:
    """Who moves, one row per LEA and year: from, to, the clause that decides now, the numbers that did it."""
    data = comparison.before.dataset
    ways = {1: "more intensive", -1: "less intensive", 0: ""}
    return [
        {
            "lea_code": str(data.lea_code[one.row]),
            "lea_name": str(data.lea_name[one.row]),
            "year": str(data.year[one.row]),
            "from": one.before.label,
            "to": one.after.label,
            "clause": one.clause or None,
            "direction": ways[one.direction],
            "swd": whole(disclosure, students(int(data.swd[one.row]))) if data.swd[one.row] >= 0 else None,
            "because": "; ".join(disclosure.say(part) for part in because(comparison, one)),
        }
        for one in movers
    ]


def change_rows(
    found: Sweep, placements: Placements, rows: set[int], disclosure: Disclosure
) -> list[dict[str, Plain]]:
    """The change points of a sweep for some rows: as the threshold grows through `value`, from → to.

    `at` says whether the new placement already holds at the value itself. `value` is short and gives the same
    placements as `exact`, which may have no end; `as_fraction` is what it comes from (`2 of 613`).
    """
    data = placements.dataset
    labels = {one.severity: one.label for one in placements.rulebook.placements}
    return [
        {
            "value": float(one.short),
            "lea_code": str(data.lea_code[one.row]),
            "year": str(data.year[one.row]),
            "from": labels[one.before],
            "to": labels[one.after],
            "at": one.at,
            "lea_name": str(data.lea_name[one.row]),
            "exact": float(one.value),
            "as_fraction": disclosure.say(said) if (said := ratio(one)) is not None else None,
        }
        for one in found.changes
        if one.row in rows
    ]


def step_rows(steps: Sequence[Step], disclosure: Disclosure) -> list[dict[str, Plain]]:
    """How a percentile came about, one line per step."""
    return [
        {
            "step": disclosure.say(one.label),
            "value": disclosure.value(one.value),
            "students": whole(disclosure, one.students),
            "rank": disclosure.value(one.rank),
            "ranked": whole(disclosure, one.ranked),
            "percent": disclosure.value(one.percent),
            "from_state_file": one.from_state,
        }
        for one in steps
    ]


def csv_text(rows: Sequence[Mapping[str, Plain]], columns: Sequence[str] | None = None) -> str:
    """Rows as CSV: lists joined (codes by `|`, sentences by a space), None blank, text made safe."""
    names = list(columns or (rows[0] if rows else COLUMNS))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(name, row.get(name)) for name in names])
    return out.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet will run as a formula.

    Signs of full and other width count as those they stand for, and what is blank or invisible before them
    does not hide them.

    >>> safe("=1+1"), safe("\u200b\uff1d1+1"), safe("Oak"), safe("5 - 3")
    ("'=1+1", "'\u200b＝1+1", 'Oak', '5 - 3')
    """
    first = unicodedata.normalize("NFKC", _BLANK.sub("", without_invisible(text), 1)[:1])[:1]
    return "'" + text if first in _RISKY or text.startswith(("\t", "\r")) else text


def _cell(name: str, value: Plain) -> str:
    if value is None:
        return "unknown" if name in ("sig_dis", "small_lea") else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = (" " if name in ("reasons", "notice") else "|").join(value)
    if not isinstance(value, str):
        return str(value)
    # csv puts quotation marks around \n, but not around \r, at which readers end a line as well.
    return safe(value).replace("\r\n", "\n").replace("\r", "\n")


def _three_valued(code: int) -> bool | None:
    return None if code == Outcome.UNKNOWN else bool(code)


def whole(disclosure: Disclosure, quantity: Quantity | None) -> int | None:
    """A number of students that passed disclosure, as a whole number."""
    value = disclosure.value(quantity)
    return None if value is None else int(value)


def _target(value: object) -> float | None:
    return None if value is None else float(str(value))
