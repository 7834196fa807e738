"""Peers one LEA at a time, with fractions and sorted lists: slow, dull and plainly right."""

from __future__ import annotations

from fractions import Fraction
from statistics import median

from cim_core.data.dataset import Dataset, lea_key
from cim_core.data.indicators import INDICATORS
from cim_core.words.rounding import half_away


def nearest(data: Dataset, row: int, pool: Dataset, count: int) -> list[str]:
    """Codes of the LEAs most like a row, most alike first."""
    years = [year for year in pool.years if year <= data.year[row]]
    if not years or data.swd[row] <= 0:
        return []
    ranked = []
    for other in range(len(pool)):
        mine = lea_key(str(pool.lea_code[other])) == lea_key(str(data.lea_code[row]))
        if pool.year[other] != years[-1] or mine or pool.swd[other] <= 0:
            continue
        factors = [_factor(int(data.swd[row]), int(pool.swd[other]))]
        if data.enrollment[row] > 0 and pool.enrollment[other] > 0:
            factors.append(_factor(int(data.enrollment[row]), int(pool.enrollment[other])))
        kind = str(data.lea_type[row]).strip().lower()
        another = kind != "" and str(pool.lea_type[other]).strip().lower() != kind
        name, code = str(pool.lea_name[other]), lea_key(str(pool.lea_code[other]))
        differ = _county(data, row) != _county(pool, other)
        ranked.append((another, differ, max(factors), name, code))
    return [code for *_, code in sorted(ranked)][:count]


def medians(data: Dataset, pool: Dataset, rows: list[int], decimals: int) -> dict[str, Fraction]:
    """The median of the printed values of each indicator for which some of the rows have data."""
    found = {}
    for one in INDICATORS:
        places = 0 if one.unit.value == "count" else decimals
        exact = [pool.exact(row, one.code) for row in rows]
        values = [half_away(value, places) for value in exact if value is not None]
        if values:
            found[one.code] = half_away(median(values), 1 if one.unit.value == "count" else decimals)
    return found


def _factor(one: int, other: int) -> Fraction:
    return Fraction(max(one, other), min(one, other))


def _county(data: Dataset, row: int) -> bool:
    said = str(data.lea_type[row]).strip() or str(data.lea_name[row])
    words = said.lower().split()
    pairs = list(zip(words, words[1:], strict=False))
    ends = words[-2:] in (["county", "office"], ["county", "offices"])
    of_education = any(
        words[at : at + 3] in (["county", "office", "of"], ["county", "department", "of"])
        and words[at + 3 : at + 4] != []
        and words[at + 3].startswith("ed")
        for at in range(len(words))
    )
    return "coe" in words or ("county", "superintendent") in pairs or of_education or ends
