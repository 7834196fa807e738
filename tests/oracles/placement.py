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
    all_worlds = [
        {"years": years, "newly": newly, "sig_dis": sig_dis}
        for years in range(6)
        for newly in (False, True)
        for sig_dis in (False, True)
        if not (years == 1 and not newly)
        if not (newly and years == 0)
        if not (sig_dis and years < 3 and not facts.cceis)
    ]

    def agreeing(said: dict) -> list[dict]:
        return [
            world
            for world in all_worlds
            if all(value is None or world[name] == value for name, value in said.items())
        ]

    found = agreeing(stated)
    only_words = stated["sig_dis"] and stated["newly"] is False and stated["years"] is None
    if (only_words and not facts.cceis) or (areas and facts.disproportionate_years == 0):
        found = []
    if not found:
        for name in [name for name, value in stated.items() if value is not None]:
            found += agreeing(stated | {name: None})
    return found or all_worlds


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
        kind = clauses[0].kind
        if kind == "missed_targets":
            known = context["counted"] >= rulebook.min_elements
            counts = (
                range(context["missed"], context["missed"] + context["lacking"] + 1) if known else range(40)
            )
            worlds = [{one.id: number_within(one, n) for one in clauses} for n in counts]
        elif kind == "compliance_findings":
            given, late = row.facts.minor_findings, context["late"]
            counts = range(late, 10) if given is None else [max(given, late)]
            worlds = [{one.id: number_within(one, n) for one in clauses} for n in counts]
        elif kind == "disproportionate_years":
            worlds = [
                {one.id: w["newly"] if one.newly else number_within(one, w["years"]) for one in clauses}
                for w in disproportionality_worlds(
                    row.facts, any((value(row, code) or 0) > 0 for code in ("4b", "9", "10"))
                )
            ]
        elif kind == "percentile_band":
            pair = context["between"][clauses[0].evaluation]
            nowhere = context["p"][clauses[0].evaluation] is None
            if nowhere and not_evaluated(clauses[0], row, rulebook):
                worlds = [{one.id: False for one in clauses}]
            else:
                worlds = [{one.id: inside(one, each) for one in clauses} for each in percents(clauses, pair)]
        else:
            (clause,) = clauses
            each = context["each"][clause.evaluation]
            tries = [percents([clause], each.get(code)) for code in clause.indicators]
            found = [{inside(clause, p) for p in one} for one in tries]
            if {True} in found:
                worlds = [{clause.id: True}]
            elif not_evaluated(clause, row, rulebook) or all(one == {False} for one in found):
                worlds = [{clause.id: False}]
            else:
                worlds = [{clause.id: True}, {clause.id: False}]
        groups.append([dict(one) for one in {tuple(sorted(world.items())) for world in worlds}])
    return groups


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


def decided(row: LeaYear, context: dict, rulebook: Rulebook) -> dict:
    """The placement in every world, and the least intensive of them."""
    known = context["counted"] >= rulebook.min_elements
    worlds = []
    groups = answers(row, context, rulebook)
    for parts in product(*groups):
        world = {name: answer for part in parts for name, answer in part.items()}
        holding = [one for one in rulebook.clauses if world[one.id]]
        worlds.append((world, holding[0] if holding else None))
    labels: dict[str, set[str | None]] = {}
    severity = {"Not placed": -2, "Universal": 0}
    for _, deciding in worlds:
        if deciding is not None:
            severity[deciding.placement.label] = deciding.placement.severity
            labels.setdefault(deciding.placement.label, set()).add(deciding.id)
        else:
            labels.setdefault("Universal", set()).add(None)
            if not known:
                labels.setdefault("Not placed", set()).add(None)
    outcomes = []
    for clause in rulebook.clauses:
        said = {world[clause.id] for world, _ in worlds}
        outcomes.append(said.pop() if len(said) == 1 else None)
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
        "outcomes": outcomes,
        "missed": context["missed"],
        "counted": context["counted"],
        "p": context["p"],
    }
