"""State targets as files print them (`≥51.2%`, `at least 51.2%`, `<2.76`, `0`) → a number and its sign."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from cim_core.data.dataset import Missing
from cim_core.data.indicators import get
from cim_core.intake.assembly.cell_checks import Scales
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import PrintedTarget
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.rules.rulebook import Comparator

_SIGNS = {
    Comparator.AT_LEAST: ("≥", "⩾", ">=", "=>"),
    Comparator.AT_MOST: ("≤", "⩽", "<=", "=<"),
    Comparator.GREATER: (">",),
    Comparator.LESS: ("<",),
}
_BEFORE = {
    Comparator.AT_LEAST: (
        "at least", "no less than", "not less than", "greater than or equal to", "minimum of",
    ),
    Comparator.AT_MOST: (
        "at most", "no more than", "not more than", "no greater than", "up to", "less than or equal to",
        "maximum of",
    ),
    Comparator.GREATER: ("more than", "greater than", "above", "over"),
    Comparator.LESS: ("less than", "fewer than", "below", "under"),
}  # fmt: skip
_AFTER = {
    Comparator.AT_LEAST: ("or more", "or higher", "or greater", "or above"),
    Comparator.AT_MOST: ("or less", "or fewer", "or lower", "or below"),
}


def _any(spelled: Mapping[Comparator, tuple[str, ...]]) -> str:
    every = sorted((one for some in spelled.values() for one in some), key=len, reverse=True)
    return "|".join(re.escape(one).replace(r"\ ", "[ ]") for one in every)


_COMPARATOR = {
    text: sign for spelled in (_SIGNS, _BEFORE, _AFTER) for sign, texts in spelled.items() for text in texts
}
NUMBER = r"[+\-−]?(?:\d[\d,]*+(?:\.\d++)?+|\.\d++)(?:[ ]?(?:%|percent))?"
SIGN = _any(_SIGNS)
SIGN_AND_NUMBER = rf"(?:{SIGN})[ ]?{NUMBER}"
SIGNED = rf"(?:{SIGN_AND_NUMBER}|(?:{_any(_BEFORE)})[ ]{NUMBER}|{NUMBER}[ ](?:{_any(_AFTER)}))"
"""The shapes of targets that show their sign, for finding one inside a line of text."""
_WRITTEN = re.compile(
    rf"\A(?P<before>{_any(_SIGNS)}|{_any(_BEFORE)}|=)?\s*+(?P<number>{NUMBER})\s*+(?P<after>{_any(_AFTER)})?"
)

_PERCENT = re.compile(r"%|percent", re.IGNORECASE)


@lru_cache(maxsize=2**12)
def parse(written: str) -> tuple[Decimal, Comparator | None] | Missing | None:
    """A written target → its number and its sign (None where no sign is shown); a reason; else None."""
    number = cell_text.number(written)
    if isinstance(number, Decimal):
        return number, None
    found = _WRITTEN.fullmatch(" ".join(written.casefold().split()))
    if found is None or (found["before"] and found["after"]):
        return number if found is None else None
    number = cell_text.number(found["number"].replace("percent", "%"))
    if not isinstance(number, Decimal):
        return None
    return number, _COMPARATOR.get(found["before"] or found["after"] or "")


def sign(written: str) -> Comparator | None:
    """The comparator that a text of its own stands for (`>=`, `at least`), or None."""
    return _COMPARATOR.get(" ".join(written.casefold().split()))


class Targets:
    """Gathers the targets that one table prints, and what is wrong with them.

    `target`, `met` are the file's names of the columns.
    """

    def __init__(self, table: Table, target: str, met: str = "") -> None:
        self.table, self.target, self.met = table, target, met
        self.found: list[PrintedTarget] = []
        self.problems: list[Problem] = []

    def add(
        self,
        row: int,
        indicator: str,
        year: str,
        written: str,
        *,
        comparator: str = "",
        met: str = "",
        lea_code: str = "",
        rate: str = "",
    ) -> None:
        """Take in the target of one row, its year as it is written.

        `comparator` is a cell of its own, where the file has one.
        """
        known = cell_text.school_year(year) or year
        if not known:
            return
        read = parse(written)
        if isinstance(read, Missing):
            return
        if read is None or not _one_sign(read[1], comparator) or not _possible(indicator, read[0]):
            self._say(
                row, "bad_target", self.target, f"{comparator} {written}".strip(), lea_code, known, indicator
            )
            return
        said = cell_text.yes_no(met)
        if said is None:
            self._say(row, "bad_met", self.met, met, lea_code, known, indicator)
        self.found.append(
            PrintedTarget(
                indicator,
                known,
                read[0],
                read[1] or sign(comparator),
                row,
                self.target,
                shown(written),
                lea_code,
                {True: "yes", False: "no"}.get(said, "") if isinstance(said, bool) else "",
                rate,
                self.table.file,
                self.table.sheet,
            )
        )

    def _say(
        self, row: int, kind: str, column: str, found: str, lea_code: str, year: str, indicator: str
    ) -> None:
        where = self.table.file, self.table.sheet, row, column
        values = {"label": get(indicator).label}
        self.problems.append(
            Problem(Severity.WARNING, kind, *where, shown(found), values, lea_code, year, indicator)
        )


def _one_sign(beside: Comparator | None, comparator: str) -> bool:
    """Whether the sign beside a number and the one in a cell of its own, as far as they are there, agree."""
    in_own_cell = sign(comparator)
    if in_own_cell is None:
        return not comparator or isinstance(cell_text.number(comparator), Missing)
    return beside in (None, in_own_cell)


def scaled(targets: Iterable[PrintedTarget], scales: Scales) -> tuple[PrintedTarget, ...]:
    """Targets on the scale of their rates: a file in fractions prints 0.512 for 51.2 percent.

    While nobody has said which scale the rates are on, neither rate nor target is used.
    """
    kept = (one for one in targets if one.indicator not in scales.unanswered or _PERCENT.search(one.written))
    return tuple(
        replace(one, value=one.value.scaleb(2))
        if one.indicator in scales.fractions and not _PERCENT.search(one.written) and 0 < one.value <= 1
        else one
        for one in kept
    )


def usable(
    files: Iterable[tuple[Iterable[PrintedTarget], Scales]],
) -> tuple[tuple[PrintedTarget, ...], tuple[Problem, ...]]:
    """The targets of one file's tables on the scale of their rates, without those that may be fractions.

    A target below 1 percent is out of the question where more is better, and ordinary where less is, unless
    every percent target that the file prints for the year is as low. Each is reported once, where it stands
    first.
    """
    pairs = [(raw, scaled((raw,), scales)) for some, scales in files for raw in some]
    seen: dict[str, dict[str, bool]] = defaultdict(dict)
    for raw, _ in pairs:
        if get(raw.indicator).has_numerator:
            codes = seen[raw.year]
            codes[raw.indicator] = codes.get(raw.indicator, True) and _low(raw)
    kept: list[PrintedTarget] = []
    said: dict[tuple[str, ...], Problem] = {}
    for raw, ready in pairs:
        codes = seen[raw.year]
        all_low = len(codes) > 1 and all(codes.values())
        if ready == (raw,) and _low(raw) and (get(raw.indicator).higher_is_better or all_low):
            key = raw.file, raw.sheet, raw.year, raw.indicator, raw.written
            said.setdefault(key, _target_low(raw))
        else:
            kept += ready
    return tuple(kept), tuple(said.values())


def _low(one: PrintedTarget) -> bool:
    return get(one.indicator).has_numerator and 0 < one.value <= 1 and not _PERCENT.search(one.written)


def _target_low(target: PrintedTarget) -> Problem:
    where = target.file, target.sheet, target.row, target.column
    values = {"label": get(target.indicator).label}
    return Problem(
        Severity.WARNING,
        "target_low",
        *where,
        target.written,
        values,
        target.lea_code,
        target.year,
        target.indicator,
    )


def _possible(indicator: str, value: Decimal) -> bool:
    return 0 <= value <= 100 if get(indicator).has_numerator else abs(value) < 10**6


def sign_of(target: PrintedTarget, otherwise: str | None) -> Comparator:
    """The sign as printed, else another one, else what the indicator's direction says."""
    if target.comparator is not None:
        return target.comparator
    known = {">=": Comparator.AT_LEAST, "<=": Comparator.AT_MOST} | {sign.value: sign for sign in Comparator}
    return known.get(otherwise or "") or Comparator.default(get(target.indicator).direction)
