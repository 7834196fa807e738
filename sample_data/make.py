"""Make the invented SELPA, the templates and the data dictionary: `python sample_data/make.py`.

Everything is invented and drawn with a fixed seed; only the spread of the four ranked measures follows the
public statewide file. County code 99 does not exist in California, so no code can be a real LEA's.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import numpy as np  # noqa: E402

from cim_core.data import indicators  # noqa: E402
from cim_core.data.dataset import Dataset  # noqa: E402
from cim_core.data.indicators import POSITION, Unit  # noqa: E402
from cim_core.placing import checked_files, reference  # noqa: E402
from cim_core.placing.placement import place  # noqa: E402
from cim_core.rules import rulebook_file  # noqa: E402
from cim_core.rules.rulebook import Target  # noqa: E402
from cim_core.words import rounding  # noqa: E402
from cim_core.words.disclosure import WORKING  # noqa: E402

SEED = 20261124
YEARS = ("2022-23", "2023-24", "2024-25")
SELPA = "Alder Valley SELPA"
RANKED = ("ela_dfs", "math_dfs", "susp", "chronic")
SHARE = {
    "1": 0.07, "2": 0.07, "3a": 0.56, "3b": 0.41, "3c": 0.05, "4a": 1.0, "5a": 0.9, "5b": 0.9, "5c": 0.9,
    "6a": 0.1, "6b": 0.1, "6c": 0.1, "7": 0.055, "8": 0.3, "11": 0.12, "12": 0.025, "13": 0.2, "14": 0.05,
    "chronic": 0.97, "susp": 1.04, "ela_dfs": 0.47, "math_dfs": 0.46, "overdue": 1.0,
}  # fmt: skip
"""How many students stand in the denominator, as a share of all students with disabilities."""

AIM = {
    "1": (92.5, 88, 2.0), "2": (6.5, 12, 1.6), "3a": (97, 93.5, 0.8), "3b_ela": (21, 12.5, 2.5),
    "3b_math": (18, 10.5, 2.5), "3c": (24, 24, 5), "4a": (1.2, 3.9, 0.5), "5a": (60, 48, 3.0),
    "5b": (15.5, 24, 1.8), "5c": (2.3, 5.4, 0.6), "6a": (45, 29, 4), "6b": (24, 37, 4), "6c": (3, 3, 1),
    "7": (86, 71, 2.5), "8": (96.5, 90, 1.0), "11": (100, 96.5, 1.0), "12": (100, 95, 1.5),
    "13": (100, 96, 1.0), "14a": (61, 48, 3), "14b": (81, 70, 3), "14c": (89, 80, 2),
    "overdue": (0.6, 3, 0.3),
}  # fmt: skip
"""Typical rate when the target is met, when it is missed, and the spread, in percent."""


@dataclass(frozen=True)
class Lea:
    name: str
    kind: str
    swd: int
    percentile: tuple[float, float, float]
    missed: tuple[str, str, str]
    years: tuple[int | None, int | None, int | None] = (0, 0, 0)
    findings: tuple[int | None, int | None, int | None] = (0, 0, 0)
    sig_dis: bool = False
    preschool: float | None = None
    determination: str = "Meets Requirements"
    without: tuple[str, ...] = field(default=())


NO_HIGH_SCHOOL = ("1", "2", "13", "14a", "14b", "14c")
NO_PRESCHOOL = ("6a", "6b", "6c", "7A1", "7A2", "7B1", "7B2", "7C1", "7C2", "12")
NEEDS = "Needs Assistance"
LEAS = (
    Lea("Alder Valley Unified", "unified", 2140, (55, 58, 62), ("", "5b", ""), preschool=48),
    Lea("Birch Hollow Elementary", "elementary", 412, (48, 51, 66), ("8", "", ""), without=NO_HIGH_SCHOOL),
    Lea("Cedar Flat Unified", "unified", 3120, (40, 38, 44), ("5a 8", "5a", "5a"), preschool=37),
    Lea("Dogwood Joint Union High", "high", 846, (52, 47, 45), ("1 13", "1", "1 14a"), without=NO_PRESCHOOL),
    Lea("Elm Creek Elementary", "elementary", 268, (61, 63, 60), ("", "", ""), findings=(0, 0, 1),
        without=NO_HIGH_SCHOOL),
    Lea("Fir Mountain Unified", "unified", 1275, (33, 30, 36), ("5a 11", "5a 11 8", "5a 3b_math 11 8"),
        determination=NEEDS, preschool=29),
    Lea("Gooseberry City Unified", "unified", 4830, (28, 26, 27), ("3a_ela 5a", "3a_ela 5a 5b 8",
        "3a_ela 3a_math 5a 5b 8 14b"), determination=NEEDS, preschool=22),
    Lea("Hazel Ridge Elementary", "elementary", 655, (44, 40, 39), ("5c", "5c", "5c 6b"), years=(0, 0, 1),
        without=NO_HIGH_SCHOOL, preschool=15),
    Lea("Ironwood Unified", "unified", 1960, (31, 28, 30), ("5a 5b", "5a 5b 4a", "5a 5b 4a"), years=(0, 1, 2),
        determination=NEEDS, preschool=33),
    Lea("Juniper Springs Unified", "unified", 2715, (19, 18, 15.2), ("5a 5b 8", "5a 5b 3b_ela",
        "5a 5b 3b_ela 3b_math"), determination=NEEDS, preschool=18),
    Lea("Kelp Harbor Unified", "unified", 1530, (13, 11, 6.2), ("5a 4a 1", "5a 4a 1 2", "5a 5b 4a 1 2"),
        determination="Needs Intervention", preschool=12),
    Lea("Laurel Gate Elementary", "elementary", 720, (16, 12.5, 9.1), ("3b_ela 5a", "3b_ela 5a 3b_math",
        "3b_ela 3b_math 5a 5b"), without=NO_HIGH_SCHOOL, determination="Needs Intervention"),
    Lea("Madrone Union High", "high", 980, (7, 5.5, 2.4), ("1 2 4a", "1 2 4a 14a", "1 2 4a 13 14a 14b 14c"),
        without=NO_PRESCHOOL, determination="Needs Intervention"),
    Lea("Nutmeg Unified", "unified", 1105, (36, 34, 33), ("8", "8 5c", "8"), years=(1, 2, 3), sig_dis=True,
        determination=NEEDS, preschool=41),
    Lea("Oak Bend Elementary", "elementary", 340, (42, 45, 47), ("6a", "6a", ""), findings=(0, 0, None),
        without=NO_HIGH_SCHOOL),
    Lea("Pine Summit Unified", "unified", 890, (38, 41, 40), ("5b", "5b", "5b 12"), years=(0, 0, None),
        preschool=44),
    Lea("Quince Valley Elementary", "elementary", 505, (50, 22, 24), ("", "8 5a", "5a"),
        without=NO_HIGH_SCHOOL),
    Lea("Redbud Unified", "unified", 1640, (21, 25, 34), ("5a 5b 8 1", "5a 8", "8"), preschool=39),
    Lea("Sycamore Bay Unified", "unified", 3890, (46, 49, 53), ("8 14a", "8", "14a 8"), preschool=51),
    Lea("Tamarack Elementary", "elementary", 88, (50, 50, 50), ("", "", ""), without=NO_HIGH_SCHOOL),
    Lea("Willow Fork Elementary", "elementary", 61, (50, 50, 50), ("5a", "5a", "5a 8 11"),
        without=NO_HIGH_SCHOOL + NO_PRESCHOOL),
    Lea("Alder Valley County Office of Education", "coe", 362, (12, 14, 17.6), ("5a 5c 11", "5a 5c",
        "5a 5b 5c 11"), determination=NEEDS),
    Lea("Yarrow Charter", "charter", 214, (58, 55, 57), ("", "5a", ""), without=NO_PRESCHOOL),
    Lea("Zinnia Online Charter", "charter", 118, (50, 50, 50), ("8", "8", ""), without=NO_PRESCHOOL),
)  # fmt: skip
SAME = {
    "leavers": ("1", "2"),
    "school age": ("5a", "5b", "5c"),
    "preschool": ("6a", "6b", "6c"),
    "left preschool": ("7A1", "7A2", "7B1", "7B2", "7C1", "7C2"),
    "respondents": ("14a", "14b", "14c"),
}
NOTHING_KNOWN = "Zinnia Online Charter"
ONE_STUDENT = "Quince Valley Elementary"
NEARLY = (237, 446)
"""One more student in regular class 80 % of the day and it meets the target on 5a."""


def _share(code: str) -> float:
    return SHARE.get(code) or SHARE.get(code[:2]) or SHARE[code.rstrip("abcABC12")]


def _aim(code: str) -> tuple[float, float, float]:
    return AIM.get(code) or AIM.get(code[:2]) or AIM[code.rstrip("abcABC12")]


def _code(lea: Lea, at: int) -> str:
    district = f"99{10000 + 7 * at:05d}"
    return district + f"{1300000 + 11 * at:07d}" if lea.kind == "charter" else district


def _rate(value: Fraction) -> str:
    return rounding.half_up(value, 2).replace(",", "").replace("−", "-")


def _counts(lea: Lea, code: str, year: int, bottom: int, rng: random.Random) -> tuple[int, int]:
    """A numerator for a denominator that meets or misses the target as the LEA's plan says."""
    met, missed, spread = _aim(code)
    is_missed = code in lea.missed[year].split()
    share = min(100.0, max(0.0, rng.gauss(missed if is_missed else met, spread * 0.5)))
    top = min(bottom, round(bottom * share / 100))
    target = rulebook_file.load().target(code)
    if target is None or target.value is None:
        return top, bottom
    step = 1 if indicators.get(code).higher_is_better else -1
    edge = float(target.value) / 100 * bottom
    if is_missed:
        while (top - edge) * step > -0.4 and 0 <= top - step <= bottom:
            top -= step
    else:
        while (top - edge) * step < 0.4 and 0 <= top + step <= bottom:
            top += step
    return top, bottom


def _facts(lea: Lea, at: int, year: int, swd: int) -> dict[str, str]:
    flag = {0: "no", 1: "yes"}
    years, findings = lea.years[year], lea.findings[year]
    return {
        "lea_code": _code(lea, at), "lea_name": lea.name, "selpa": SELPA, "year": YEARS[year],
        "swd": str(swd),
        "lea_type": lea.kind, "county": "Alder", "determination": lea.determination,
        "disproportionate_years": "" if years is None else str(years),
        "newly_disproportionate": "" if years is None else flag[int(years == 1)],
        "sig_dis": flag[int(lea.sig_dis and year == 2)],
        "minor_findings": "" if findings is None else str(findings),
        "preschool_percentile": "" if lea.preschool is None else str(lea.preschool),
    }  # fmt: skip


@dataclass
class _Drawn:
    """The numbers of one LEA and year; in which order they are drawn decides what they are.

    `bottoms` are the children of each group that several indicators count.
    """

    lea: Lea
    year: int
    swd: int
    strength: float
    quantile: dict[str, np.ndarray]
    rng: random.Random
    bottoms: dict[str, int]

    def cells(self, code: str) -> dict[str, str]:
        """What stands in the columns of an indicator."""
        unit = indicators.get(code).unit
        if code in self.lea.without:
            return {code: "NA"}
        if self.lea.name == NOTHING_KNOWN and self.year == 2 and unit is not Unit.COUNT:
            return {code: "*" if code in RANKED else "NC"}
        if unit is Unit.COUNT:
            return {code: "1" if code == "9" and self.lea.years[self.year] else "0"}
        if code in ("3d_ela", "3d_math"):
            return {code: f"{self.rng.gauss(32 if code == '3d_ela' else 27, 4):.2f}"}
        return self._ranked(code) if code in RANKED else self._counted(code)

    def _ranked(self, code: str) -> dict[str, str]:
        """A measure that is spread as among the state's LEAs."""
        place = min(0.99, max(0.01, self.strength + self.rng.gauss(0, 0.03)))
        bottom = round(self.swd * _share(code))
        if code in ("ela_dfs", "math_dfs"):
            return {code: f"{np.quantile(self.quantile[code], place):.1f}", f"{code}_d": str(max(5, bottom))}
        top = round(bottom * float(np.quantile(self.quantile[code], 1 - place)) / 100)
        return _written(code, top, bottom)

    def _counted(self, code: str) -> dict[str, str]:
        """Counts that meet or miss the target as planned; of a few children none are shown."""
        group = _group_of(code)
        if group not in self.bottoms:
            share = _share(code) * self.rng.uniform(0.93, 1.07)
            self.bottoms[group] = max(1, round(self.swd * share))
        top, bottom = _counts(self.lea, code, self.year, self.bottoms[group], self.rng)
        if code == "5a" and _is_nearly(self.lea, self.year):
            top = NEARLY[0]
        if bottom < 11:
            return {code: "--" if code.startswith("7") else "NC"}
        return _written(code, top, bottom)


def _written(code: str, top: int, bottom: int) -> dict[str, str]:
    return {code: _rate(Fraction(100 * top, bottom)), f"{code}_n": str(top), f"{code}_d": str(bottom)}


def _is_nearly(lea: Lea, year: int) -> bool:
    return lea.name == ONE_STUDENT and year == 2


def _row(lea: Lea, at: int, year: int, strength: float, quantile: dict[str, np.ndarray]) -> dict[str, str]:
    rng = random.Random(f"{SEED}/{lea.name}/{year}")
    swd = round(lea.swd * (1 + 0.02 * (year - 2)) + rng.uniform(-3, 3))
    if lea.swd < 100:
        swd = min(99, swd)
    row = _facts(lea, at, year, swd)
    bottoms = {"school age": NEARLY[1]} if _is_nearly(lea, year) else {}
    drawn = _Drawn(lea, year, swd, strength, quantile, rng, bottoms)
    for code in indicators.CODES:
        columns = (code, f"{code}_n", f"{code}_d") if indicators.get(code).unit is Unit.PERCENT else (code,)
        row |= dict.fromkeys(columns, "") | drawn.cells(code)
    return row


def _set(row: dict[str, str], code: str, numerator: int) -> None:
    bottom = int(row[f"{code}_d"])
    row |= {code: _rate(Fraction(100 * numerator, bottom)), f"{code}_n": str(numerator)}


def _fit_together(row: dict[str, str]) -> None:
    """What must hold between indicators: 14a ≤ 14b ≤ 14c, shares of the same children at most all of them."""
    for code, part in (("14b", "14a"), ("14c", "14b")):
        if row.get(f"{part}_d") and int(row[f"{part}_n"]) > int(row[f"{code}_n"]):
            _set(row, code, int(row[f"{part}_n"]))
    for first, second in (("1", "2"), ("5b", "5c"), ("6b", "6c")):
        rest = {"5b": "5a", "6b": "6a"}.get(first)
        if row.get(f"{first}_d"):
            taken = int(row[f"{first}_n"]) + (int(row[f"{rest}_n"]) if rest else 0)
            most = int(row[f"{first}_d"]) - taken
            if int(row[f"{second}_n"]) > most:
                _set(row, second, max(0, most))


def _group_of(code: str) -> str:
    """Indicators that count the same children: the same leavers, the same placements, the same tests."""
    for group, codes in SAME.items():
        if code in codes:
            return group
    return code


def invent() -> list[dict[str, str]]:
    """The rows of the invented SELPA: LEA-major, oldest year first."""
    statewide = reference.shipped()
    assert statewide.dataset is not None
    state = statewide.dataset
    quantile = {code: _values(state, code) for code in RANKED}
    strength = {(at, year): lea.percentile[year] / 100 for at, lea in enumerate(LEAS) for year in range(3)}
    rows: list[dict[str, str]] = []
    for _ in range(14):
        rows = [
            _row(lea, at, year, strength[at, year], quantile)
            for at, lea in enumerate(LEAS)
            for year in range(3)
        ]
        for row in rows:
            _fit_together(row)
        dataset = checked_files.take(_csv(rows).encode(), "invented.csv").dataset
        placed = place(dataset, rulebook_file.load(), statewide)
        percentile = placed.percentiles["school_age"].percentile
        for (at, year), now in strength.items():
            row_at = dataset.row_of(_code(LEAS[at], at), YEARS[year])
            assert row_at is not None
            if not np.isnan(percentile[row_at]):
                off = LEAS[at].percentile[year] - float(percentile[row_at])
                strength[at, year] = min(0.97, max(0.02, now + off / 260))
    return rows


def _values(state: Dataset, code: str) -> np.ndarray:
    values = state.value[(state.swd > 100) & (state.year == "2023-24"), POSITION[code]]
    return values[~np.isnan(values)]


def _csv(rows: list[dict[str, str]]) -> str:
    names = list(rows[0])
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(",".join(line) + "\n" for line in lines)


LETTER_TO = "Kelp Harbor Unified"
"""The LEA whose invented letter prints the year's targets."""


def letter(rows: list[dict[str, str]]) -> str:
    """An annual performance report as a director's letter holds it, with the targets of the newest year.

    The targets are invented: the newest public numbers, as if they had been set again for this year and its
    measures. Rates are those of the SELPA's file.
    """
    rules = rulebook_file.load()
    row = next(one for one in rows if (one["lea_name"], one["year"]) == (LETTER_TO, YEARS[-1]))
    said = [row["lea_code"], row["lea_name"], SELPA, row["year"], row["determination"]]
    lines = [
        ["cd_code", "agency", "selpa", "school_year", "annual_determination", "indicator", "label", "rate",
         "target", "target_met"],
    ]  # fmt: skip
    for one in indicators.INDICATORS:
        target = rules.target(one.code)
        if target is None or target.value is None:
            continue
        sign = "%" if one.has_numerator else ""
        rate = row[one.code]
        counted = rate and rate[0].isdigit()
        met = "Yes" if counted and _meets(Decimal(rate), target) else "No" if counted else "NA"
        shown = f"{rate}{sign}" if counted else rate or "NA"
        written = f"{target.comparator.value}{target.value}{sign}"
        lines.append(
            [*said, WORKING.say(one.label), WORKING.say(one.name).replace(",", ""), shown, written, met]
        )
    return "".join(",".join(line) + "\n" for line in lines)


def _meets(rate: Decimal, target: Target) -> bool:
    signs = {">": rate > target.value, "≥": rate >= target.value, "<": rate < target.value}
    return bool(signs.get(target.comparator.value, rate <= target.value))


def main() -> None:
    """Write every file of this folder that is made by program."""
    rows = invent()
    (HERE / "invented_selpa.csv").write_text(_csv(rows), "utf-8", newline="")
    (HERE / "invented_letter_targets.csv").write_text(letter(rows), "utf-8", newline="")
    import counts
    from templates import write_all

    counts.write(HERE)
    write_all(HERE)


if __name__ == "__main__":
    main()
