"""How many real LEAs of like size made such a change in a year, counted over by hand from the file itself."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from statistics import median

import pytest

from cim_core.data import shipped
from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.outlook import base_rates, exposure, sentences
from cim_core.outlook.base_rates import base_rate, consecutive
from cim_core.outlook.change_search import ground
from cim_core.outlook.levers import Way
from cim_core.outlook.smallest_change import IndicatorChange, answer
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN, Reference, ReferenceKind
from cim_core.rules.rulebook_file import load
from cim_core.shell.main import main
from cim_core.words.disclosure import Disclosure
from tests.conftest import sample_placements

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data" / "invented_selpa.csv"
SAY = Disclosure().say
KELP = "9910070"


def by_hand(code: str, group: int, points: float, better_is: int) -> tuple[int, int, float]:
    """LEAs of half to twice the group, those that moved so far, and the middle of all changes."""
    held: dict[str, dict[str, dict[str, str]]] = {}
    with shipped.STATEWIDE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            held.setdefault(row["school_year"], {})[row["cds"]] = row

    def value(row: dict[str, str]) -> float | None:
        if code in ("susp", "chronic"):
            top, bottom = row[f"{code}_n"], row[f"{code}_den"]
            return 100 * int(top) / int(bottom) if top and int(bottom or 0) else None
        return float(row[f"{code}_value"]) if row[f"{code}_value"] else None

    moves = []
    for cds, before in held["2023-24"].items():
        after = held["2024-25"].get(cds)
        size = before[f"{code}_den"]
        if after is None or value(before) is None or value(after) is None or not size:
            continue
        if group <= 2 * int(size) and int(size) <= 2 * group:
            moves.append(value(after) - value(before))
    return sum(better_is * move >= points - 1e-9 for move in moves), len(moves), median(moves)


@pytest.mark.parametrize(
    ("code", "before", "after", "group", "sign"),
    [
        ("susp", (35, 522), (32, 522), 522, -1),
        ("susp", (132, 1589), (101, 1589), 1589, -1),
        ("chronic", (149, 487), (135, 487), 487, -1),
        ("ela_dfs", (-121, 1), (-110, 1), 300, 1),
    ],
)
def test_as_counted_by_hand(code, before, after, group, sign):
    cells = {code: Cell(rate=None, numerator=before[0], denominator=group)}
    if code == "ela_dfs":
        cells = {code: Cell(rate=before[0], denominator=group)}
    row = LeaYear("9900001", "2024-25", "Oak", "S", Facts(swd=group), cells)
    on = ground(place(build([row]), load()), "2024-25")
    scale = 1 if code == "ela_dfs" else 100
    first, last = (Fraction(scale * top, bottom) for top, bottom in (before, after))
    for way, turn in ((Way.LESS, sign), (Way.MORE, -sign)):
        change = IndicatorChange(code, None, first, last, None, None, None)
        found = base_rate(on, 0, change, way)
        made, leas, middle = by_hand(code, group, abs(float(last - first)), turn)
        assert (found.made, found.leas) == (made, leas) and found.median == pytest.approx(middle)
        assert (found.before, found.after) == ("2023-24", "2024-25")
        assert (found.smallest, found.largest) == (-(-group // 2), 2 * group)


def test_beside_the_answer_or_said_not_to_be_known():
    placements = sample_placements()
    on = ground(placements, "2024-25")
    row = placements.dataset.row_of(KELP, "2024-25")
    plan = answer(exposure.without(on), row, Way.LESS).best
    (said,) = [SAY(one) for one in sentences.base_rates(on, row, plan)]
    known = base_rate(on, row, plan.changes[0], Way.LESS)
    assert f"{known.made} of {known.leas} real LEAs of like size" in said and "got better" in said
    assert SAY(sentences.base_rates_short(on, row, plan)[0]).endswith(f"{known.made} of {known.leas}")
    quince = placements.dataset.row_of("9910112", "2024-25")
    plan = answer(exposure.without(on), quince, Way.LESS).best
    assert [SAY(one) for one in sentences.base_rates(on, quince, plan)] == [
        "No base rate is known for 5a Regular class ≥ 80%: the state's file does not have it, "
        "or has too few LEAs of like size."
    ]


def test_too_few_of_like_size_and_a_reference_without_two_years():
    placements = sample_placements()
    on = ground(placements, "2024-25")
    row = placements.dataset.row_of(KELP, "2024-25")
    change = answer(exposure.without(on), row, Way.LESS).best.changes[0]
    state = build(
        LeaYear(f"99{at:05d}", year, "", "", Facts(swd=500), {"susp": Cell(numerator=9, denominator=1500)})
        for at in range(9)
        for year in ("2022-23", "2023-24")
    )
    assert consecutive(state) == ("2022-23", "2023-24")
    small = place(placements.dataset, placements.rulebook, Reference(ReferenceKind.STATEWIDE, state))
    assert base_rate(ground(small, "2024-25"), row, change, Way.LESS) is None
    gap = build(LeaYear("9900001", year, "", "", Facts(), {}) for year in ("2020-21", "2022-23"))
    assert consecutive(gap) is None


def test_ranked_within_the_file_the_state_still_tells():
    placements = place(sample_placements().dataset, load(), WITHIN)
    on = ground(placements, "2024-25")
    row = placements.dataset.row_of(KELP, "2024-25")
    change = IndicatorChange("susp", 1, Fraction(132, 15), Fraction(131, 15), 132, 131, 1500)
    assert base_rate(on, row, change, Way.LESS).leas > 100
    assert base_rates.LEAST_LEAS == 10


def test_explain_gives_them_as_text_and_json(capsys):
    assert main(["explain", str(SAMPLE), "--lea", KELP, "--format", "json"]) == 0
    less = json.loads(capsys.readouterr().out)["smallest_change"]["less"]
    held = less["changes"][0]["base_rate"]
    assert held["years"] == ["2023-24", "2024-25"] and 0 <= held["made"] <= held["leas"]
    assert main(["explain", str(SAMPLE), "--lea", KELP]) == 0
    text = capsys.readouterr().out
    assert less["base_rates"][0] in text and "by the assumed ranking" in text
