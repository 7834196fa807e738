"""The dull, slow, obviously right version: one LEA at a time, in fractions, straight from method.md.

It shares nothing with the core but the data classes it is given.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import product

from cim_core.data.dataset import Cell, Facts, LeaYear, Missing
from cim_core.rules.clause import Clause
from cim_core.rules.rulebook import Rulebook, Target
from tests.oracles.ranks import ends, kind_of, value

ROW = LeaYear
_WIDE = Context(prec=60)
Worlds = list[dict[str, bool]]
"""What clauses answer, by their ids, in each world that is possible."""


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


def number_within(clause: Clause, number: int) -> bool:
    return clause.at_least <= number <= (clause.at_most or 10**9)


def disproportionality_worlds(facts: Facts, areas: bool) -> list[dict]:
    """Years 0, 1, 2, 3 and more, newly and Sig Dis: every combination that can be, then those that agree."""
    stated = {
        "years": facts.disproportionate_years,
        "newly": facts.newly_disproportionate,
        "sig_dis": facts.sig_dis or None,
    }
    possible = possible_worlds(facts.cceis)
    found = agreeing(possible, stated)
    only_words = stated["sig_dis"] and stated["newly"] is False and stated["years"] is None
    if (only_words and not facts.cceis) or (areas and facts.disproportionate_years == 0):
        found = []
    if not found:
        for name in [name for name, value in stated.items() if value is not None]:
            found += agreeing(possible, stated | {name: None})
    return found or possible


def possible_worlds(cceis: bool | None) -> list[dict]:
    return [
        {"years": years, "newly": newly, "sig_dis": sig_dis}
        for years in range(6)
        for newly in (False, True)
        for sig_dis in (False, True)
        if not (years == 1 and not newly)
        if not (newly and years == 0)
        if not (sig_dis and years < 3 and not cceis)
    ]


def agreeing(worlds: list[dict], said: dict) -> list[dict]:
    """The worlds in which everything that is said is so."""
    return [
        world
        for world in worlds
        if all(value is None or world[name] == value for name, value in said.items())
    ]


def percents(clauses: list[Clause], pair: tuple[Fraction, Fraction] | None) -> list[Fraction]:
    """Every percent worth a try between two ends; where nothing is known, in, on and beside every band."""
    edges = {edge for one in clauses for edge in (one.over, one.start, one.below, one.to) if edge is not None}
    near = {Fraction(edge) + Fraction(step, 10**12) for edge in edges for step in (-1, 0, 1)}
    if pair is None:
        return sorted(near | {Fraction(0), Fraction(1000)})
    return [one for one in (*pair, *near) if pair[0] <= one <= pair[1]]


def not_evaluated(clause: Clause, row: LeaYear, rulebook: Rulebook) -> bool:
    swd = row.facts.swd
    return swd is not None and swd <= rulebook.evaluation(clause.evaluation).swd_over


def answers(row: LeaYear, context: dict, rulebook: Rulebook) -> list[list[dict[str, bool]]]:
    """For each group of facts that vary together: what its clauses answer in each of its worlds."""
    by_kind: dict[str, list[Clause]] = {}
    for clause in rulebook.clauses:
        name = clause.kind + (clause.id if clause.kind == "indicator_percentile" else clause.evaluation)
        by_kind.setdefault(name, []).append(clause)
    groups = []
    for clauses in by_kind.values():
        worlds = OF_KIND[clauses[0].kind](clauses, row, context, rulebook)
        groups.append([dict(one) for one in {tuple(sorted(world.items())) for world in worlds}])
    return groups


def of_missed_targets(clauses: list[Clause], row: LeaYear, context: dict, rulebook: Rulebook) -> Worlds:
    """What is lacking may be missed or not; any number where too few elements count."""
    known = context["counted"] >= rulebook.min_elements
    most = context["missed"] + context["lacking"]
    counts = range(context["missed"], most + 1) if known else range(40)
    return [{one.id: number_within(one, n) for one in clauses} for n in counts]


def of_findings(clauses: list[Clause], row: LeaYear, context: dict, rulebook: Rulebook) -> Worlds:
    """The findings that are given, at least those that are late; where none is given, any from there."""
    given, late = row.facts.minor_findings, context["late"]
    counts = range(late, 10) if given is None else [max(given, late)]
    return [{one.id: number_within(one, n) for one in clauses} for n in counts]


def of_disproportionality(clauses: list[Clause], row: LeaYear, context: dict, rulebook: Rulebook) -> Worlds:
    areas = any((value(row, code) or 0) > 0 for code in ("4b", "9", "10"))
    return [
        {one.id: world["newly"] if one.newly else number_within(one, world["years"]) for one in clauses}
        for world in disproportionality_worlds(row.facts, areas)
    ]


def of_band(clauses: list[Clause], row: LeaYear, context: dict, rulebook: Rulebook) -> Worlds:
    """Every percent where the LEA may stand; none holds for one that is not evaluated and ranked nowhere."""
    evaluation = clauses[0].evaluation
    if context["p"][evaluation] is None and not_evaluated(clauses[0], row, rulebook):
        return [{one.id: False for one in clauses}]
    tries = percents(clauses, context["between"][evaluation])
    return [{one.id: inside(one, p) for one in clauses} for p in tries]


def of_any_indicator(clauses: list[Clause], row: LeaYear, context: dict, rulebook: Rulebook) -> Worlds:
    """It holds where one of several indicators surely is in the band, and not where none can be."""
    (clause,) = clauses
    each = context["each"][clause.evaluation]
    tries = [percents([clause], each.get(code)) for code in clause.indicators]
    found = [{inside(clause, p) for p in one} for one in tries]
    if {True} in found:
        return [{clause.id: True}]
    if not_evaluated(clause, row, rulebook) or all(one == {False} for one in found):
        return [{clause.id: False}]
    return [{clause.id: True}, {clause.id: False}]


OF_KIND = {
    "missed_targets": of_missed_targets,
    "compliance_findings": of_findings,
    "disproportionate_years": of_disproportionality,
    "percentile_band": of_band,
    "indicator_percentile": of_any_indicator,
}


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


def says_something(cell: Cell) -> bool:
    if cell.missing is Missing.PRESENT:
        return cell.rate is not None or cell.numerator is not None or cell.denominator == 0
    return cell.missing not in (Missing.BLANK, Missing.ABSENT)


def lacking(row: LeaYear, columns: set[str], rulebook: Rulebook, state: list[LeaYear]) -> int:
    """Elements with a target and without a column, unless they cannot apply to such an LEA."""
    kind = kind_of(row, state)
    number = 0
    for code in rulebook.elements.indicators:
        target, cell = rulebook.target(code), row.cells.get(code)
        if target is None or target.value is None:
            continue
        absent = code not in columns if cell is None else cell.missing is Missing.ABSENT
        if code in ("1", "2") and target_measure(target) not in ("", measure(row, code)):
            absent = False
        if kind == "elementary" and code in ("1", "2", "13", "14a", "14b", "14c"):
            absent = False
        if kind == "high" and (code[0] in "67" or code == "12"):
            absent = False
        number += absent
    return number


def place(
    row: LeaYear,
    upload: list[LeaYear],
    rulebook: Rulebook,
    reference: str | list[LeaYear],
    columns: set[str] | None = None,
) -> dict:
    """`reference` is "none", "within" or the state's rows; `columns` are those that the upload has, by
    default those in which it says anything."""
    if columns is None:
        columns = {code for one in upload for code, cell in one.cells.items() if says_something(cell)}
    results = {code: result(row, code, rulebook) for code in rulebook.elements.indicators}
    context: dict = {
        "missed": sum(one == "missed" for one in results.values()),
        "counted": sum(one in ("met", "missed") for one in results.values()),
        "late": sum(result(row, code, rulebook) == "missed" for code in rulebook.elements.as_findings),
        "lacking": lacking(row, columns, rulebook, [] if isinstance(reference, str) else reference),
        "p": {},
        "between": {},
        "each": {},
    }
    for evaluation in rulebook.evaluations:
        p, pair, each = ends(row, upload, evaluation, reference)
        context["p"][evaluation.id], context["between"][evaluation.id] = p, pair
        context["each"][evaluation.id] = each
    return {**decided(row, context, rulebook), "results": results}


def least(clause: Clause, groups: list[list[dict[str, bool]]], rulebook: Rulebook) -> int:
    """The least severity that the facts behind a clause allow by themselves."""
    (group,) = (one for one in groups if clause.id in one[0])
    firsts = [next((one for one in rulebook.clauses if world.get(one.id)), None) for world in group]
    return min(-1 if one is None else one.placement.severity for one in firsts)


def deciding_by_label(worlds: Worlds, known: bool, rulebook: Rulebook) -> dict[str, set[str | None]]:
    """Every placement that some world gives, with the first clauses that hold there; None where none does.

    Without a clause that holds it is the mildest; where too few elements are `known`, it may be none as well.
    """
    labels: dict[str, set[str | None]] = {}
    for world in worlds:
        deciding = next((one for one in rulebook.clauses if world[one.id]), None)
        if deciding is not None:
            labels.setdefault(deciding.placement.name, set()).add(deciding.id)
            continue
        labels.setdefault("Universal", set()).add(None)
        if not known:
            labels.setdefault("Not placed", set()).add(None)
    return labels


def outcome(clause: Clause, worlds: Worlds) -> bool | None:
    """What a clause answers in every world; None where worlds differ."""
    said = {world[clause.id] for world in worlds}
    return said.pop() if len(said) == 1 else None


def decided(row: LeaYear, context: dict, rulebook: Rulebook) -> dict:
    """The placement in every world, and the least intensive of them."""
    groups = answers(row, context, rulebook)
    worlds = [{name: answer for part in parts for name, answer in part.items()} for parts in product(*groups)]
    labels = deciding_by_label(worlds, context["counted"] >= rulebook.min_elements, rulebook)
    severity = {"Not placed": -2, "Universal": 0}
    severity |= {one.placement.name: one.placement.severity for one in rulebook.clauses}
    placement = min(labels, key=severity.__getitem__)
    could_be = set(labels)
    deciders = [one for one in rulebook.clauses if one.id in labels[placement]]
    by_need = [one for one in deciders if least(one, groups, rulebook) >= one.placement.severity]
    deciding_id = None if None in labels[placement] else by_need[0].id
    swd = row.facts.swd
    if rulebook.small_lea.effect.value == "placement":
        if swd is None:
            could_be.add("Small LEA")
        elif swd <= rulebook.small_lea.max_swd:
            placement, could_be, deciding_id = "Small LEA", {"Small LEA"}, None
    return {
        "placement": placement,
        "could_be": could_be,
        "deciding": deciding_id,
        "outcomes": [outcome(clause, worlds) for clause in rulebook.clauses],
        "missed": context["missed"],
        "counted": context["counted"],
        "p": context["p"],
    }
