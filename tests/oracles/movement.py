"""The dull, slow version of movement: one LEA, one swap at a time, in plain rows, on
`tests.oracles.placement`.

It shares nothing with the core but the data classes it is given.
"""

from __future__ import annotations

from dataclasses import replace

from cim_core.data.dataset import Cell, LeaYear, Missing
from cim_core.rules.rulebook import Rulebook
from tests.oracles import placement, ranks

SWAPS = ("rules", "too_few", "enough", "not_given", "given", "data", "others")
FEW = {Missing.NOT_CALCULATED, Missing.SUPPRESSED, Missing.FEWER_THAN_11, Missing.NO_STUDENTS}
FACTS = (
    "disproportionate_years", "newly_disproportionate", "sig_dis", "cceis", "minor_findings", "percentile",
    "preschool_percentile",
)  # fmt: skip
Rows = list[LeaYear]
Against = str | Rows


def standing(row: LeaYear, code: str, least: int, ranked: bool) -> str:
    """`nothing`, `few` or `value`: whether an indicator can be used."""
    cell = row.cells.get(code, Cell(missing=Missing.BLANK))
    if placement.value(row, code) is None:
        no_students = cell.missing is Missing.PRESENT and cell.denominator == 0
        return "few" if cell.missing in FEW or no_students else "nothing"
    if cell.denominator is None:
        return "nothing" if ranked else "value"
    return "few" if cell.denominator < least else "value"


def when(was: str, now: str) -> str:
    """The swap at which an indicator takes its later value."""
    if was == now:
        return "data"
    if now == "nothing":
        return "not_given"
    if now == "few":
        return "too_few"
    return "enough" if was == "few" else "given"


def when_fact(was: object, now: object) -> str:
    if was is not None and now is None:
        return "not_given"
    return "given" if was is None and now is not None else "data"


def used(rulebook: Rulebook) -> list:
    names = {clause.evaluation for clause in rulebook.clauses}
    return [one for one in rulebook.evaluations if one.id in names]


def when_swd(was: int | None, now: int | None, rulebook: Rulebook) -> str:
    if was is None or now is None:
        return when_fact(was, now)
    lines = [rulebook.small_lea.max_swd, *(one.swd_over for one in used(rulebook))]
    above, later = (sum(swd > line for line in lines) for swd in (was, now))
    return "data" if above == later else "too_few" if later < above else "enough"


def mixed(was: LeaYear, now: LeaYear, swap: str, rulebook: Rulebook, least: int, ranked: bool) -> LeaYear:
    """The earlier row with everything that is swapped so far taken from the later one."""

    def later(at: str) -> bool:
        return SWAPS.index(at) <= SWAPS.index(swap)

    cells = {}
    for code in {*was.cells, *now.cells}:
        at = when(standing(was, code, least, ranked), standing(now, code, least, ranked))
        taken = (now if later(at) else was).cells.get(code)
        if taken is not None:
            cells[code] = taken
    facts = {}
    for name in FACTS:
        old, new = getattr(was.facts, name), getattr(now.facts, name)
        facts[name] = new if later(when_fact(old, new)) else old
    old_swd, new_swd = was.facts.swd, now.facts.swd
    facts["swd"] = new_swd if later(when_swd(old_swd, new_swd, rulebook)) else old_swd
    return LeaYear(was.lea_code, was.year, facts=replace(was.facts, **facts), cells=cells)


def placed(
    row: LeaYear, uploads: dict[str, Rows], rulebook: Rulebook, against: Against, columns: set[str]
) -> str:
    """Where a row is placed; `uploads` holds, for each evaluation, everybody with whom it is ranked."""
    results = [placement.result(row, code, rulebook) for code in rulebook.elements.indicators]
    state = [] if isinstance(against, str) else against
    context: dict = {
        "missed": results.count("missed"),
        "counted": results.count("missed") + results.count("met"),
        "late": sum(
            placement.result(row, one, rulebook) == "missed" for one in rulebook.elements.as_findings
        ),
        "lacking": placement.lacking(row, columns, rulebook, state),
        "p": {},
        "between": {},
        "each": {},
    }
    for evaluation in used(rulebook):
        p, pair, each = ranks.ends(row, uploads[evaluation.id], evaluation, against)
        context["p"][evaluation.id], context["between"][evaluation.id] = p, pair
        context["each"][evaluation.id] = each
    return str(placement.decided(row, context, rulebook)["placement"])


def completed(row: LeaYear, against: Against) -> LeaYear:
    """The row with what it lacks for ranking from the same LEA and year of a state."""
    of_year = [] if isinstance(against, str) else [one for one in against if one.year == row.year]
    return ranks.filled(row, of_year)


def complete(row: LeaYear) -> LeaYear:
    return ranks.Complete(row.lea_code, row.year, facts=row.facts, cells=row.cells)


def columns_of(rows: Rows) -> set[str]:
    return {code for row in rows for code, cell in row.cells.items() if placement.says_something(cell)}


def row_of(rows: Rows, lea: str, year: str) -> LeaYear:
    return next(row for row in rows if (row.lea_code, row.year) == (lea, year))


def kind_of_reference(against: Against) -> str:
    return against if isinstance(against, str) else "state"


def chain(
    lea: str,
    before: tuple[Rows, str, Rulebook, Against],
    after: tuple[Rows, str, Rulebook, Against],
) -> list[str]:
    """The placement as it was and after each swap, the last one being the later placement."""
    rows, year, rules, against = before
    rows_after, year_after, rules_after, against_after = after
    was, now = row_of(rows, lea, year), row_of(rows_after, lea, year_after)
    everybody = {one.id: rows for one in (*used(rules), *used(rules_after))}
    columns = columns_of([*rows, *rows_after])
    found = [placed(was, everybody, rules, against, columns)]
    same_kind = kind_of_reference(against) == kind_of_reference(against_after)
    ruled = against if same_kind else against_after
    found.append(placed(was, everybody, rules_after, ruled, columns))
    for swap in SWAPS[1:-1]:
        row = mixed(was, now, swap, rules_after, rules_after.minimum_n, ranked=False)
        uploads = {}
        for one in used(rules_after):
            full = completed(was, ruled), completed(now, against_after)
            own = complete(mixed(*full, swap, rules_after, one.min_denominator, ranked=True))
            uploads[one.id] = [own if each is was else each for each in rows]
        found.append(placed(row, uploads, rules_after, ruled, columns))
    later = {one.id: rows_after for one in used(rules_after)}
    found.append(placed(now, later, rules_after, against_after, columns))
    return found
