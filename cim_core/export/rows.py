"""Placements as plain rows for files: the columns of `place`, the parts of `explain`, safe cells.

Text that a spreadsheet would run (`= + - @`, tab, carriage return first) gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from cim_core.data.dataset import Dataset
from cim_core.data.facts import MISSING_NAMED
from cim_core.data.indicators import POSITION
from cim_core.data.outside import without_invisible
from cim_core.export.letter_part import AGREES, letter_row
from cim_core.letters.agreement import agreement
from cim_core.outlook import Borderline, Margins, sentences
from cim_core.placing import settled
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.why import lag, percentile_steps
from cim_core.why.clauses import percentile_of, students
from cim_core.why.explanation import Explanation, explain
from cim_core.why.indicator_why import IndicatorWhy
from cim_core.why.percentile_steps import PercentileStep
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Quantity

_RISKY = frozenset("=+-@")
_BLANK = re.compile(r"\A[\s\x00-\x20\x7f-\x9f\u2800]+")

Plain = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class _Placed:
    """What the columns of `place` are made from."""

    why: Explanation
    placements: Placements
    row: int
    gate: Disclosure
    today: date

    def percentile(self, column: str) -> float | None:
        """Where the LEA stands in the evaluation that files may state in a column."""
        evaluations = self.placements.rulebook.evaluations
        stated = next((each.id for each in evaluations if each.column == column), "")
        return self.gate.value(percentile_of(self.placements, self.row, stated, 4))


def _said_by_letter(column: str, of: _Placed) -> Plain:
    return str(getattr(of.placements.dataset, column)[of.row]) or None


_COLUMNS: dict[str, Callable[[_Placed], Plain]] = {
    "lea_code": lambda of: of.why.lea_code,
    "lea_name": lambda of: of.why.lea_name,
    "selpa": lambda of: of.why.selpa,
    "year": lambda of: of.why.year,
    "placement": lambda of: of.why.placement.name,
    "tier": lambda of: of.why.placement.tier.value if of.why.placement.tier else None,
    "level": lambda of: of.why.placement.level,
    "firm": lambda of: of.why.firm,
    "could_be": lambda of: [placement.name for placement in of.why.could_be],
    "placement_said": lambda of: of.gate.say(settled.said(of.placements, of.row)),
    "from_state_file": lambda of: settled.from_state(of.placements, of.row),
    "cde_placement": partial(_said_by_letter, "cde_placement"),
    "agrees": lambda of: AGREES[agreement(of.placements, of.row)],
    "deciding_clause": lambda of: _deciding(of.placements, of.row),
    "missed": lambda of: int(of.placements.missed[of.row]) if of.placements.count_known[of.row] else None,
    "elements_with_data": lambda of: int(of.placements.counted[of.row]),
    "missed_indicators": lambda of: list(of.placements.elements(of.row, Result.MISSED)),
    "percentile": lambda of: of.percentile("percentile"),
    "preschool_percentile": lambda of: of.percentile("preschool_percentile"),
    "sig_dis": lambda of: _three_valued(int(of.placements.sig_dis[of.row])),
    "small_lea": lambda of: _three_valued(int(of.placements.small_lea[of.row])),
    "swd": lambda of: _students_with_disabilities(of),
    "determination": lambda of: str(of.placements.dataset.determination[of.row]) or None,
    **{
        name: partial(_said_by_letter, name)
        for name in ("cde_reasons", "letter_date", "monitoring_year", "as_of")
    },
    "rulebook": lambda of: of.placements.rulebook.id,
    "reference": lambda of: _reference(of.placements, of.gate),
    "assumed_none": lambda of: _assumed_none(of.placements),
    "lag": lambda of: lag.written(of.placements, of.row, of.gate, of.today),
    "notice": lambda of: [of.gate.say(notice) for notice in of.why.notices],
    "reasons": lambda of: [of.gate.say(sentence) for sentence in of.why.sentences],
}
COLUMNS = tuple(_COLUMNS)
"""The columns of `place`, in their order."""


def place_row(
    placements: Placements,
    row: int,
    disclosure: Disclosure,
    why: Explanation | None = None,
    today: date | None = None,
) -> dict[str, Plain]:
    """One row of `place`: plain values, None for unknown or none, lists for `could_be` and `reasons`.

    `why` is the row's explanation where it is made already; `today` decides what work can still change.
    """
    of = _Placed(why or explain(placements, row), placements, row, disclosure, today or date.today())
    return {name: value(of) for name, value in _COLUMNS.items()}


def _deciding(placements: Placements, row: int) -> str | None:
    clause = placements.clause(row)
    return clause.id if clause is not None else None


def _students_with_disabilities(of: _Placed) -> int | None:
    swd = int(of.placements.dataset.swd[of.row])
    return None if swd < 0 else whole(of.gate, students(swd))


def _reference(placements: Placements, gate: Disclosure) -> str | None:
    ranked = placements.percentiles.get(placements.rulebook.first_evaluation.id)
    return gate.say(ranked.reference.name) if ranked is not None else None


def _assumed_none(placements: Placements) -> list[str]:
    data = placements.dataset
    return sorted(fact.value for fact in data.assumed_none if data.assumed(fact))


def place_rows(placements: Placements, rows: Iterable[int], disclosure: Disclosure) -> list[dict[str, Plain]]:
    """`place_row` for several rows."""
    return [place_row(placements, row, disclosure) for row in rows]


def explain_row(
    placements: Placements, row: int, disclosure: Disclosure, margin: Margins, today: date | None = None
) -> dict[str, object]:
    """`place_row` with the clauses and indicators behind it, and the headline."""
    why = explain(placements, row)
    today = today or date.today()
    return {
        **place_row(placements, row, disclosure, why, today),
        "lag_steps": lag.of_row(placements, row, today),
        "headline": disclosure.say(why.headline),
        "letter": letter_row(placements, row, disclosure),
        "support": [disclosure.say(part) for part in why.support],
        "clauses": clause_rows(why, disclosure),
        "indicators": indicator_rows(why, placements, row, disclosure, margin),
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
            "placement": rung.clause.placement.name,
            "outcome": rung.outcome.word,
            "deciding": rung.deciding,
            "sentence": disclosure.say(rung.clause.said),
            "detail": disclosure.say(rung.detail),
            "source": disclosure.say(rung.source),
            "status": rung.clause.provenance.status.value,
        }
        for rung in why.clauses
    ]


def indicator_rows(
    why: Explanation, placements: Placements, row: int, disclosure: Disclosure, margin: Margins
) -> list[dict[str, Plain]]:
    """Every indicator of the catalogue with its value, where it was read, target, result and margin."""
    data = placements.dataset
    return [
        {
            "indicator": indicator.indicator.code,
            "name": disclosure.say(indicator.indicator.name),
            "rate": disclosure.value(indicator.rate),
            "numerator": whole(disclosure, indicator.numerator),
            "denominator": whole(disclosure, indicator.denominator),
            "inferred": indicator.inferred,
            **_target(indicator, disclosure),
            "result": indicator.result.word,
            "missing": _missing(indicator, disclosure),
            "element": indicator.element,
            "ranked_with_state_value": disclosure.value(indicator.from_state),
            **_margin(placements, row, indicator.indicator.code, disclosure, margin),
            **_origin(data, row, indicator.indicator.code),
        }
        for indicator in why.indicators
    ]


def _target(indicator: IndicatorWhy, disclosure: Disclosure) -> dict[str, Plain]:
    target, measure = indicator.target, indicator.measure
    names = ("comparator", "target", "vintage", "target_status", "target_measure")
    given: dict[str, Plain] = dict.fromkeys(names)
    if target is not None:
        given = {
            "comparator": target.comparator.value,
            "target": None if target.value is None else float(target.value),
            "vintage": target.vintage,
            "target_status": target.provenance.status.value,
            "target_measure": target.measure.value if target.measure else None,
        }
    of_year = disclosure.say(indicator.vintage) if indicator.vintage else None
    return given | {"measure": measure.value if measure else None, "target_said": of_year}


def _missing(indicator: IndicatorWhy, disclosure: Disclosure) -> str | None:
    return disclosure.say_id(MISSING_NAMED[indicator.missing]) if indicator.missing else None


def _origin(data: Dataset, row: int, code: str) -> dict[str, Plain]:
    origin = data.origin_of(row, code)
    if origin is None:
        return {"file": None, "collection": None}
    return {"file": origin.file, "collection": origin.collection or None}


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
    why: Explanation, placements: Placements, row: int, disclosure: Disclosure, margin: Margins,
    today: date | None = None,
) -> list[dict[str, Plain]]:  # fmt: skip
    """`indicator_rows` for a file of its own: each line says whose it is, where placed, by which rules."""
    placed = place_row(placements, row, disclosure, why, today)
    names = (
        "lea_code",
        "lea_name",
        "year",
        "as_of",
        "cde_placement",
        "placement",
        "firm",
        "agrees",
        "rulebook",
        "reference",
        "lag",
        "notice",
    )
    whose = {name: placed[name] for name in names}
    return [whose | line for line in indicator_rows(why, placements, row, disclosure, margin)]


def step_rows(steps: Sequence[PercentileStep], disclosure: Disclosure) -> list[dict[str, Plain]]:
    """How a percentile came about, one line per step."""
    return [
        {
            "step": disclosure.say(step.label),
            "value": disclosure.value(step.value),
            "students": whole(disclosure, step.students),
            "rank": disclosure.value(step.rank),
            "ranked": whole(disclosure, step.ranked),
            "percent": disclosure.value(step.percent),
            "from_state_file": step.from_state,
        }
        for step in steps
    ]


def csv_text(rows: Sequence[Mapping[str, Plain]], columns: Sequence[str] | None = None) -> str:
    """Rows as CSV: lists joined (codes by `|`, sentences by a space), None blank, text made safe."""
    names = list(columns or (rows[0] if rows else COLUMNS))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(name, row.get(name)) for name in names])
    return out.getvalue()


def csv_bytes(rows: Sequence[Mapping[str, Plain]], columns: Sequence[str] | None = None) -> bytes:
    """`csv_text` as a file that spreadsheets open with the right letters."""
    return csv_text(rows, columns).encode("utf-8-sig")


def safe(text: str) -> str:
    """Text that no spreadsheet will run as a formula.

    Signs of full and other width count as those they stand for, and what is blank or invisible before them
    does not hide them.

    >>> safe("=1+1"), safe("\u200b\uff1d1+1"), safe("Oak"), safe("5 - 3")
    ("'=1+1", "'\u200b＝1+1", 'Oak', '5 - 3')
    """
    first = unicodedata.normalize("NFKC", _BLANK.sub("", without_invisible(text), 1)[:1])[:1]
    return "'" + text if first in _RISKY or text.startswith(("\t", "\r")) else text


def cell(name: str, value: Plain) -> str:
    """A value of a column as text that no spreadsheet runs, see `written`."""
    return safe(written(name, value)) if isinstance(value, str | list) else written(name, value)


def written(name: str, value: Plain) -> str:
    """A value of a column as text: lists joined, None blank."""
    if value is None:
        return "unknown" if name in ("sig_dis", "small_lea") else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = (" " if name in ("reasons", "notice") else "|").join(value)
    if not isinstance(value, str):
        return str(value)
    # csv puts quotation marks around \n, but not around \r, at which readers end a line as well.
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _three_valued(code: int) -> bool | None:
    return None if code == Outcome.UNKNOWN else bool(code)


def whole(disclosure: Disclosure, quantity: Quantity | None) -> int | None:
    """A number of students that passed disclosure, as a whole number."""
    value = disclosure.value(quantity)
    return None if value is None else int(value)
