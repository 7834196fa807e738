"""Invented counts by race and ethnicity for six LEAs of the invented SELPA and the state, with a fixed seed.

They fit what `invented_selpa.csv` states: the same students with disabilities, the same years of
disproportionality. Where that file is silent (Pine Summit, 2024-25), they say what it does not.
"""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

from cim_core.data.race_counts import AREAS, SEVEN, Area, Group

SEED = 20261125
HEAD = ["lea_code", "lea_name", "year", "area", "group", "cell", "total"]
SHARE = {
    Group.HISPANIC: 0.5, Group.AMERICAN_INDIAN: 0.006, Group.ASIAN: 0.13, Group.BLACK: 0.08,
    Group.PACIFIC_ISLANDER: 0.004, Group.WHITE: 0.22, Group.TWO_OR_MORE: 0.06,
}  # fmt: skip
RISK = {
    Area.INTELLECTUAL_DISABILITY: 0.0065, Area.SPECIFIC_LEARNING_DISABILITY: 0.043,
    Area.EMOTIONAL_DISTURBANCE: 0.0042, Area.SPEECH_OR_LANGUAGE: 0.027, Area.OTHER_HEALTH_IMPAIRMENT: 0.018,
    Area.AUTISM: 0.022, Area.REGULAR_UNDER_40: 0.18, Area.SEPARATE_SETTING: 0.03, Area.OSS_UP_TO_10: 0.05,
    Area.OSS_OVER_10: 0.012, Area.ISS_UP_TO_10: 0.02, Area.ISS_OVER_10: 0.003, Area.REMOVALS: 0.075,
}  # fmt: skip
IDENTIFIED = 0.13
STATE = ("state", "", 760_000)
OVER = {
    "Alder Valley Unified": {},
    "Gooseberry City Unified": {},
    "Hazel Ridge Elementary": {"2024-25": (Area.OSS_UP_TO_10, Group.BLACK)},
    "Ironwood Unified": dict.fromkeys(("2023-24", "2024-25"), (Area.EMOTIONAL_DISTURBANCE, Group.BLACK)),
    "Nutmeg Unified": dict.fromkeys(("2022-23", "2023-24", "2024-25"), (Area.OSS_UP_TO_10, Group.BLACK)),
    "Pine Summit Unified": {"2024-25": (Area.REMOVALS, Group.BLACK)},
}
"""Which LEAs have counts, and in which year which area and group is over the threshold."""
TIMES = 3.4


def _near(number: float, rng: random.Random, most: int) -> int:
    """A count near an expected one: it varies by a tenth."""
    return min(most, max(0, round(number * rng.uniform(0.9, 1.1))))


def _over_threshold(group: Group, cell: dict[Group, int], total: dict[Group, int]) -> int:
    """So many children of a group that its risk is `TIMES` that of all others."""
    others = [(cell[one], total[one]) for one in SEVEN if one is not group]
    risk = sum(part for part, _ in others) / sum(whole for _, whole in others)
    return max(11, math.ceil(TIMES * risk * total[group]))


def _of_one(code: str, name: str, year: str, swd: int, over: tuple[Area, Group] | None) -> list[list[str]]:
    rng = random.Random(f"{SEED}/{code}/{year}")
    enrolled = {group: _near(swd / IDENTIFIED * share, rng, 10**7) for group, share in SHARE.items()}
    identified = {group: _near(enrolled[group] * IDENTIFIED, rng, enrolled[group]) for group in SEVEN}
    identified[Group.HISPANIC] += swd - sum(identified.values())
    lines = []
    for area in AREAS:
        total = enrolled if area.of_all else identified
        cell = identified if area is Area.IDENTIFIED else {
            group: _near(total[group] * RISK[area], rng, total[group]) for group in SEVEN
        }  # fmt: skip
        if over is not None and over[0] is area:
            cell[over[1]] = _over_threshold(over[1], cell, total)
        cell, total = ({**part, Group.TOTAL: sum(part[group] for group in SEVEN)} for part in (cell, total))
        lines += [
            [code, name, year, area.code, group.code, str(cell[group]), str(total[group])]
            for group in (*SEVEN, Group.TOTAL)
        ]
    return lines


def invent(selpa: Path) -> list[list[str]]:
    """Head and rows: the LEAs in the order of the SELPA's file, then the state."""
    with selpa.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lea_name"] in OVER]
    lines = [HEAD]
    for row in rows:
        over = OVER[row["lea_name"]].get(row["year"])
        lines += _of_one(row["lea_code"], row["lea_name"], row["year"], int(row["swd"]), over)
    for year in sorted({row["year"] for row in rows}):
        lines += _of_one(STATE[0], STATE[1], year, STATE[2], None)
    return lines


def write(folder: Path) -> None:
    """Write `invented_counts.csv` beside the SELPA's file."""
    with (folder / "invented_counts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(invent(folder / "invented_selpa.csv"))
