"""The dull version: one LEA, year, area and group at a time, in fractions, straight from 34 CFR 300.647.

It shares nothing with the core but the rows and the rules it is given.
"""

from __future__ import annotations

from fractions import Fraction

from cim_core.data.race_counts import Area, Count, Group

SEVEN = [group for group in Group if group.value < 7]
STATE = "0" * 14


class Slow:
    def __init__(self, rows: list[Count], rules) -> None:
        self.held = {(row.lea_key, row.year, row.area, row.group): row for row in rows}
        self.rules = rules
        self.years = sorted({row.year for row in rows})

    def pair(self, lea, year, area, group):
        row = self.held.get((lea, year, area, group))
        return (None, None) if row is None else (row.cell, row.total)

    def others(self, lea, year, area, group):
        cell, total = self.pair(lea, year, area, group)
        all_cell, all_total = self.pair(lea, year, area, Group.TOTAL)
        found = None
        if None not in (cell, total, all_cell, all_total):
            found = all_cell - cell, all_total - total
        else:
            pairs = [self.pair(lea, year, area, one) for one in SEVEN]
            if all(None not in pair for pair in pairs):
                found = sum(a for a, _ in pairs) - cell, sum(b for _, b in pairs) - total
        if found is None or min(found) < 0 or found[0] > found[1]:
            return None
        return found

    def upper(self, lea, year, area, part):
        everybody = self.pair(lea, year, area, Group.TOTAL)[part]
        if everybody is None:
            return None
        known = [self.pair(lea, year, area, one)[part] for one in (*SEVEN, Group.NOT_REPORTED)]
        rest = everybody - sum(one for one in known if one is not None)
        return rest if rest >= 0 else None

    def too_few(self, lea, year, area, group):
        """The word for a group that is surely too small, empty for none; what is hidden is what it can be."""
        cell, total = self.pair(lea, year, area, group)
        under = []
        for number, part, least, word in (
            (total, 1, self.rules.min_n, "few_n"),
            (cell, 0, self.rules.min_cell, "few_cell"),
        ):
            most = number if number is not None else self.upper(lea, year, area, part)
            if most is not None and most < least:
                under.append(word)
        return under[0] if len(under) == 2 or (under and self.rules.minimums.value == "either") else ""

    def ratio(self, lea, year, area, group):
        """Status word and the exact ratio, None where there is none."""
        few = self.too_few(lea, year, area, group)
        if few:
            return few, None
        row = self.held.get((lea, year, area, group))
        cell, total = self.pair(lea, year, area, group)
        if cell is None or total is None:
            return "suppressed" if row is not None and row.suppressed else "no_counts", None
        others = self.others(lea, year, area, group)
        if others is None:
            return "others_unknown", None
        word = "ratio"
        if self.few(others):
            others = self.others(STATE, year, area, group)
            if others is None:
                return "state_unknown", None
            if self.few(others):
                return "state_few", None
            word = "alternate"
        if total == 0 or others[0] == 0:
            return "undefined", None
        return word, Fraction(cell, total) / Fraction(*others)

    def few(self, others):
        under = others[0] < self.rules.min_cell, others[1] < self.rules.min_n
        return any(under) if self.rules.minimums.value == "either" else all(under)

    def over(self, lea, year, area, group):
        word, ratio = self.ratio(lea, year, area, group)
        if ratio is not None:
            limit = Fraction(self.rules.threshold)
            return ratio >= limit if self.rules.comparator.value == "≥" else ratio > limit
        return False if word in ("few_n", "few_cell", "state_few") else None

    def run(self, lea, year, area, group):
        """Years in a row that end with this one, at least and at most (None: no end in sight)."""
        if year not in self.years:
            return 0, None
        over = self.over(lea, year, area, group)
        if over is False:
            return 0, 0
        before = f"{int(year[:4]) - 1}-{year[2:4]}"
        least, most = self.run(lea, before, area, group)
        return (least + 1 if over else 0), (None if most is None else most + 1)

    def given(self, lea, year):
        return any(key[:2] == (lea, year) and key[2] is not Area.SUSPENDED_ALL for key in self.held)

    def lea_years(self, lea, year):
        """The longest run over the 14 areas and 7 groups."""
        runs = [
            self.run(lea, year, area, group)
            for area in Area
            if area is not Area.SUSPENDED_ALL
            for group in SEVEN
        ]
        mosts = [most for _, most in runs]
        return max(least for least, _ in runs), (None if None in mosts else max(mosts))
