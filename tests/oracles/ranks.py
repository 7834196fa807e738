"""Values and ranks of the dull, slow, obviously right version, in fractions; see `tests/oracle.py`."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cim_core.data.dataset import LeaYear, Missing
from cim_core.data.indicators import get
from cim_core.rules.evaluations import Evaluation, RankAmong


class Complete(LeaYear):
    """A row that is ranked as it is: what it lacked has been looked up already."""


def value(row: LeaYear, code: str) -> Fraction | None:
    cell = row.cells.get(code)
    if cell is None or cell.missing is not Missing.PRESENT or cell.denominator == 0:
        return None
    if get(code).has_numerator and cell.numerator is not None and cell.denominator and not cell.inferred:
        return Fraction(100 * cell.numerator, cell.denominator)
    return None if cell.rate is None else Fraction(cell.rate)


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


def kind_of(row: LeaYear, state: list[LeaYear]) -> str:
    """The type of an LEA: as its own row says it, else as the last row of the state that names one."""
    named = [one.facts.lea_type for one in state if one.lea_code == row.lea_code and one.facts.lea_type]
    return row.facts.lea_type or (named or [""])[-1]


def of_year(rows: list[LeaYear], year: str) -> list[LeaYear]:
    return [row for row in rows if row.year == year]


def of_kind(rows: list[LeaYear], kind: str, state: list[LeaYear]) -> list[LeaYear]:
    return [row for row in rows if kind_of(row, state) == kind]


def percentiles(
    upload: list[LeaYear],
    year: str,
    evaluation: Evaluation,
    state: list[LeaYear] | None,
    kind: str | None = None,
) -> tuple[dict[object, Fraction], dict[str, dict[object, Fraction]]]:
    """Composite percentiles and per-indicator percentiles of one year; `state` None ranks within.

    `kind`: only LEAs of that type are ranked; of no type, nobody is.
    """
    mine = of_year(upload, year)
    if state is None:
        entering, population = list(evaluation.indicators), mine
    else:
        years = [row.year for row in state if row.year <= year]
        if not years:
            return {}, {}
        newest = of_year(state, max(years))
        entering = enough(newest, evaluation)
        population = together(mine, newest, fill=max(years) == year)
    if kind is not None:
        population = of_kind(population, kind, state or []) if kind else []
    composites, each = ranked(population, entering, evaluation)
    return rank(composites, True), each


def together(mine: list[LeaYear], state: list[LeaYear], fill: bool) -> list[LeaYear]:
    """These rows, and everybody of the state who is not among them; `fill`: what they lack from the state."""
    codes = {row.lea_code for row in mine}
    if fill:
        mine = [row if isinstance(row, Complete) else filled(row, state) for row in mine]
    return mine + [row for row in state if row.lea_code not in codes]


def filled(row: LeaYear, state: list[LeaYear]) -> LeaYear:
    """The row with what it lacks from the state's row of the same LEA; two differing values stay lacking."""
    twin = next((one for one in state if one.lea_code == row.lea_code), None)
    if twin is None:
        return row
    cells = dict(row.cells)
    for code in twin.cells:
        refused = code in cells and cells[code].missing is Missing.REFUSED
        if value(row, code) is None and value(twin, code) is not None and not refused:
            cells[code] = twin.cells[code]
    swd = twin.facts.swd if row.facts.swd is None else row.facts.swd
    return replace(row, cells=cells, facts=replace(row.facts, swd=swd))


def ranked(
    population: list[LeaYear], entering: list[str], evaluation: Evaluation
) -> tuple[dict[object, Fraction], dict[str, dict[object, Fraction]]]:
    """The composites of everybody, and their percents on each indicator."""
    population = [row for row in population if in_population(row, evaluation)]
    each: dict[str, dict[object, Fraction]] = {}
    for code in entering:
        values = {
            row.lea_code: value(row, code) for row in population if can_be_ranked(row, code, evaluation)
        }
        each[code] = rank(values, get(code).higher_is_better)
    composites = {}
    for row in population:
        one = composite({code: each[code].get(row.lea_code) for code in entering}, evaluation)
        if one is not None:
            composites[row.lea_code] = one
    return composites, each


def composite(percents: dict[str, Fraction | None], evaluation: Evaluation) -> Fraction | None:
    domains = []
    for domain in evaluation.domains:
        parts = [percents[code] for code in domain.indicators if percents.get(code) is not None]
        if parts:
            domains.append((sum(parts) / len(parts), Fraction(domain.weight)))
    if len(domains) < evaluation.min_domains:
        return None
    return sum(mean * weight for mean, weight in domains) / sum(weight for _, weight in domains)


def enough(rows: list[LeaYear], evaluation: Evaluation) -> list[str]:
    return [
        code
        for code in evaluation.indicators
        if sum(value(row, code) is not None for row in rows) >= evaluation.min_reference_values
        and any(can_be_ranked(row, code, evaluation) for row in rows)
    ]


def shifts(
    state: list[LeaYear], before: str, after: str, evaluation: Evaluation, kind: str | None = None
) -> dict[str, list[Fraction]]:
    """How far everybody's percents are from those that the same results have among the year before."""
    old, new = of_year(state, before), of_year(state, after)
    found: dict[str, list[Fraction]] = {}
    entering = enough(old, evaluation)
    if not entering or not enough(new, evaluation):
        return found
    here, here_each = percentiles([], after, evaluation, new, kind)
    if kind is not None:
        old, new = of_kind(old, kind, state), of_kind(new, kind, state)
    there, _ = ranked(old, entering, evaluation)
    for row in new:
        others = [one for one in old if one.lea_code != row.lea_code]
        if len(others) == len(old):
            continue
        percents = percents_among(row, others, entering, evaluation)
        for code in entering:
            own = here_each.get(code, {}).get(row.lea_code)
            if own is not None and percents[code] is not None:
                found.setdefault(code, []).append(own - percents[code])
        mine = composite(percents, evaluation)
        if mine is not None and row.lea_code in here:
            stood = rank({**there, row.lea_code: mine}, True)[row.lea_code]
            found.setdefault("", []).append(here[row.lea_code] - stood)
    return found


def percents_among(
    row: LeaYear, others: list[LeaYear], entering: list[str], evaluation: Evaluation
) -> dict[str, Fraction | None]:
    """A row's percent on each indicator, ranked with some others."""
    percents = {}
    for code in entering:
        ranked_rows = [one for one in (*others, row) if can_be_ranked(one, code, evaluation)]
        values = {one.lea_code: value(one, code) for one in ranked_rows}
        percents[code] = rank(values, get(code).higher_is_better).get(row.lea_code)
    return percents


def year_pairs(years: list[str]) -> list[tuple[str, str]]:
    """Each year with the one before it, where that is among them."""
    pairs = zip(years, years[1:], strict=False)
    return [(before, after) for before, after in pairs if int(after[:4]) == int(before[:4]) + 1]


def usable_shifts(
    code: str, state: list[LeaYear], evaluation: Evaluation, kind: str | None
) -> list[list[Fraction]]:
    """Of each two years, in order, the shifts on one indicator (or "" the whole), where there are enough."""
    years = sorted({row.year for row in state})
    pairs = [shifts(state, before, after, evaluation, kind) for before, after in year_pairs(years)]
    least = evaluation.min_reference_values
    least = max(1, least if kind is None else min(least, 30))
    pairs = [one for one in pairs if len(one.get("", [])) >= least]
    return [sorted(one.get(code, [])) for one in pairs if len(one.get(code, [])) >= least]


def between(
    p: Fraction | None,
    ranked_on: int,
    code: str,
    year: str,
    evaluation: Evaluation,
    state: list[LeaYear],
    kind: str | None = None,
) -> tuple[Fraction, Fraction] | None:
    """Between which two percents an LEA surely stands (on one indicator, or "" the whole); None: anywhere."""
    if p is None:
        return None
    used = max(row.year for row in state if row.year <= year)
    if used == year:
        return p, p
    each = usable_shifts(code, state, evaluation, kind)
    if not each:
        return None
    gap = int(year[:4]) - int(used[:4])
    low = gap * min(min(quantile(one, Fraction(1, 20)), Fraction(0)) for one in each)
    high = gap * max(max(quantile(one, Fraction(19, 20)), Fraction(0)) for one in each)
    ends = [round(p + round(one, 9), 9) for one in (low, high)]
    first, last = (min(max(one, Fraction(100, ranked_on)), Fraction(100)) for one in ends)
    return first, last


def quantile(ordered: list[Fraction], part: Fraction) -> Fraction:
    """Between the two nearest, in proportion."""
    at = part * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def ends(
    row: LeaYear, upload: list[LeaYear], evaluation: Evaluation, reference: str | list[LeaYear]
) -> tuple[Fraction | None, tuple | None, dict[str, tuple | None]]:
    """A row's percent, between which two it surely lies, and the same on each indicator."""
    whole: dict = {}
    each: dict = {}
    against = None if isinstance(reference, str) else reference
    kind = kind_of(row, against or []) if evaluation.rank_among is RankAmong.TYPE else None
    if reference != "none":
        whole, each = percentiles(upload, row.year, evaluation, against, kind)
    state = [row] if against is None else against
    given = row.facts.preschool_percentile if evaluation.id == "preschool" else row.facts.percentile
    p = whole.get(row.lea_code)
    pair = between(p, len(whole), "", row.year, evaluation, state, kind)
    if given is not None:
        p = Fraction(given)
        pair = p, p
    of_each = {
        code: between(one.get(row.lea_code), len(one), code, row.year, evaluation, state, kind)
        for code, one in each.items()
    }
    return p, pair, of_each
