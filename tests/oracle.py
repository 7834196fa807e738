"""The dull, slow, obviously right version: one LEA at a time, in fractions, straight from method.md.

It shares nothing with the core but the data classes it is given.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from cim_core.dataset import LeaYear, Missing
from cim_core.indicators import get
from cim_core.rulebook import Clause, Evaluation, Rulebook, Target

ROW = LeaYear
_WIDE = Context(prec=60)


def value(row: LeaYear, code: str) -> Fraction | None:
    cell = row.cells.get(code)
    if cell is None or cell.missing is not Missing.PRESENT or cell.denominator == 0:
        return None
    if get(code).has_numerator and cell.numerator is not None and cell.denominator and not cell.inferred:
        return Fraction(100 * cell.numerator, cell.denominator)
    return None if cell.rate is None else Fraction(cell.rate)


def result(row: LeaYear, code: str, rulebook: Rulebook) -> str:
    target = rulebook.target(code)
    if target is None or target.value is None:
        return "no target"
    cell = row.cells.get(code)
    not_calculated = cell is not None and cell.missing is Missing.NOT_CALCULATED
    if not_calculated and code in rulebook.elements.nc_is_met:
        other = code in ("1", "2") and target_measure(target) not in ("", measure(row, code))
        return "missing" if other else "met"
    exact = value(row, code)
    if exact is None:
        return "missing"
    if code in ("1", "2") and target_measure(target) not in ("", measure(row, code)):
        return "other measure"
    if rulebook.minimum_n and cell.denominator is not None and cell.denominator < rulebook.minimum_n:
        return "too few"
    written = _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    rounded = written.quantize(Decimal(1).scaleb(-rulebook.precision), ROUND_HALF_UP, context=_WIDE)
    sign = target.comparator.value
    met = {
        ">": rounded > target.value,
        "≥": rounded >= target.value,
        "<": rounded < target.value,
        "≤": rounded <= target.value,
    }[sign]
    return "met" if met else "missed"


def measure(row: LeaYear, code: str) -> str:
    """Graduation and dropout: a file of cohort rates says so, else the year tells."""
    cell = row.cells.get(code)
    collection = cell.origin.collection if cell is not None and cell.origin is not None else ""
    if collection in ("acgr", "dashboard", "dataquest"):
        return "cohort"
    return "leavers" if row.year >= "2020-21" else "cohort"


def target_measure(target: Target) -> str:
    """What a target names, else what its year says; nothing where it has no year."""
    if target.named or not target.vintage[:4].isdigit():
        return target.named
    return "leavers" if target.vintage >= "2020-21" else "cohort"


def rank(values: dict[object, Fraction], higher_is_better: bool) -> dict[object, Fraction]:
    """Percent from the worst: 100 × (worse + (equal + 1) ÷ 2) ÷ N."""
    out = {}
    for key, mine in values.items():
        worse = sum((other < mine) if higher_is_better else (other > mine) for other in values.values())
        equal = sum(other == mine for other in values.values())
        out[key] = 100 * (worse + Fraction(equal + 1, 2)) / len(values)
    return out


def in_population(row: LeaYear, evaluation: Evaluation) -> bool:
    return row.facts.swd is not None and row.facts.swd > evaluation.swd_over


def can_be_ranked(row: LeaYear, code: str, evaluation: Evaluation) -> bool:
    cell = row.cells.get(code)
    if not in_population(row, evaluation) or value(row, code) is None or cell.denominator is None:
        return False
    return cell.denominator >= evaluation.min_denominator


def percentiles(
    upload: list[LeaYear], year: str, evaluation: Evaluation, state: list[LeaYear] | None
) -> tuple[dict[object, Fraction], dict[str, dict[object, Fraction]]]:
    """Composite percentiles and per-indicator percentiles of one year; `state` None ranks within."""
    mine = [row for row in upload if row.year == year]
    entering = list(evaluation.indicators)
    population = list(mine)
    if state is not None:
        years = [row.year for row in state if row.year <= year]
        if not years:
            return {}, {}
        of_year = [row for row in state if row.year == max(years)]
        entering = [
            code
            for code in entering
            if sum(value(row, code) is not None for row in of_year) >= evaluation.min_reference_values
            and any(can_be_ranked(row, code, evaluation) for row in of_year)
        ]
        codes = {row.lea_code for row in mine}
        population += [row for row in of_year if row.lea_code not in codes]
    population = [row for row in population if in_population(row, evaluation)]
    each: dict[str, dict[object, Fraction]] = {}
    for code in entering:
        values = {
            row.lea_code: value(row, code) for row in population if can_be_ranked(row, code, evaluation)
        }
        each[code] = rank(values, get(code).higher_is_better)
    composites = {}
    for row in population:
        domains = []
        for domain in evaluation.domains:
            parts = [
                each[code][row.lea_code] for code in domain.indicators if row.lea_code in each.get(code, {})
            ]
            if parts:
                domains.append((sum(parts) / len(parts), Fraction(domain.weight)))
        if len(domains) >= evaluation.min_domains:
            composites[row.lea_code] = sum(m * w for m, w in domains) / sum(w for _, w in domains)
    return rank(composites, True), each


def outcome(clause: Clause, row: LeaYear, context: dict, rulebook: Rulebook) -> bool | None:
    facts = row.facts
    kind = clause.kind.value
    if kind == "missed_targets":
        if context["counted"] < rulebook.min_elements:
            return None
        return clause.at_least <= context["missed"] <= (clause.at_most or 10**9)
    if kind == "compliance_findings":
        least = max(facts.minor_findings or 0, context["late"])
        return True if least >= clause.at_least else None if facts.minor_findings is None else False
    if kind == "disproportionate_years":
        years, newly = facts.disproportionate_years, facts.newly_disproportionate
        if clause.newly:
            if years is None and newly is None:
                return None
            return newly is True or years == 1
        return None if years is None else clause.at_least <= years <= (clause.at_most or 10**9)
    evaluation = rulebook.evaluation(clause.evaluation)
    small = facts.swd is not None and facts.swd <= evaluation.swd_over
    if kind == "percentile_band":
        p = context["p"][clause.evaluation]
        if p is None:
            return False if small else None
        return inside(clause, p)
    each = context["each"][clause.evaluation]
    found = [each.get(code, {}).get(row.lea_code) for code in clause.indicators]
    if any(p is not None and inside(clause, p) for p in found):
        return True
    if small:
        return False
    return None if any(p is None for p in found) else False


def inside(clause: Clause, p: Fraction) -> bool:
    edges = []
    if clause.over is not None:
        edges.append(p > Fraction(clause.over))
    if clause.start is not None:
        edges.append(p >= Fraction(clause.start))
    if clause.below is not None:
        edges.append(p < Fraction(clause.below))
    if clause.to is not None:
        edges.append(p <= Fraction(clause.to))
    return all(edges)


def place(row: LeaYear, upload: list[LeaYear], rulebook: Rulebook, reference: str | list[LeaYear]) -> dict:
    """`reference` is "none", "within" or the state's rows."""
    results = {code: result(row, code, rulebook) for code in rulebook.elements.indicators}
    context: dict = {
        "missed": sum(one == "missed" for one in results.values()),
        "counted": sum(one in ("met", "missed") for one in results.values()),
        "late": sum(result(row, code, rulebook) == "missed" for code in rulebook.elements.as_findings),
        "p": {},
        "each": {},
    }
    for evaluation in rulebook.evaluations:
        composite: dict = {}
        each: dict = {}
        if reference != "none":
            state = None if reference == "within" else reference
            composite, each = percentiles(upload, row.year, evaluation, state)
        in_file = row.facts.preschool_percentile if evaluation.id == "preschool" else row.facts.percentile
        computed = composite.get(row.lea_code)
        context["p"][evaluation.id] = Fraction(in_file) if in_file is not None else computed
        context["each"][evaluation.id] = each
    outcomes = [outcome(clause, row, context, rulebook) for clause in rulebook.clauses]
    known = context["counted"] >= rulebook.min_elements
    placement = "Universal" if known else "Not placed"
    could_be = {placement, "Universal"}
    deciding = None
    for clause, holds in zip(rulebook.clauses, outcomes, strict=True):
        if holds:
            placement, deciding = clause.placement.label, clause.id
            could_be = (could_be - {"Universal", "Not placed"}) | {placement}
            break
        if holds is None:
            could_be.add(clause.placement.label)
    swd = row.facts.swd
    if rulebook.small_lea.effect.value == "placement":
        if swd is None:
            could_be.add("Small LEA")
        elif swd <= rulebook.small_lea.max_swd:
            placement, could_be, deciding = "Small LEA", {"Small LEA"}, None
    return {
        "placement": placement,
        "could_be": could_be,
        "deciding": deciding,
        "outcomes": outcomes,
        "missed": context["missed"],
        "counted": context["counted"],
        "p": context["p"],
        "results": results,
    }
