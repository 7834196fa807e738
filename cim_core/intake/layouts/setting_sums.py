"""Counts of children by setting, added up LEA by LEA: indicators 5 and 6, and what there is to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from cim_core.data.dataset import Missing
from cim_core.data.outside import MOST_QUOTED
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import Raw
from cim_core.intake.meanings.setting_names import COUNTED, EARLY, OF_EITHER_AGE, SCHOOL, Setting
from cim_core.intake.problems import Problem, Severity, shown


class SettingPart(NamedTuple):
    """The children of one setting as written, and what the file calls it."""

    setting: Setting
    name: str
    written: str


@dataclass
class LeaSums:
    """One LEA and year with its settings, from one row or several."""

    row: int
    who: dict[str, str]
    parts: list[SettingPart] = field(default_factory=list)


def ages_of(found: Iterable[Setting]) -> frozenset[str]:
    """Which ages the file counts: those whose regular setting it has."""
    means = set(found)
    ages = (("school", Setting.REGULAR_80), ("early", Setting.EARLY_IN))
    return frozenset(age for age, regular in ages if regular in means)


_AGES = (("school", SCHOOL, Setting.TOTAL_SCHOOL), ("early", EARLY, Setting.TOTAL_EARLY))


class Sums:
    """Adds up settings, LEA by LEA, and remembers what there is to say about the file."""

    def __init__(self, table: Table, families: frozenset[str]) -> None:
        self.table, self.families = table, families
        self.added: dict[str, dict[str, None]] = {}
        self.shared = False
        self.problems: list[Problem] = []

    def cells(self, lea: LeaSums) -> dict[str, Raw]:
        """The indicators of one LEA and year."""
        by_setting: dict[Setting, list[SettingPart]] = {}
        for part in lea.parts:
            by_setting.setdefault(self._meant(part.setting, lea.parts), []).append(part)
        twice = [
            parts for parts in by_setting.values() if len({one.name for one in parts}) < len(parts)
        ]  # fmt: skip
        if twice:
            self._say("settings_twice", Severity.ERROR, lea, twice[0][0].name)
            return {}
        found: dict[str, Raw] = {}
        for age, settings, total in _AGES:
            if age in self.families:
                found |= self._of_age(lea, by_setting, settings, total)
        return found

    def _of_age(
        self,
        lea: LeaSums,
        by_setting: Mapping[Setting, list[SettingPart]],
        settings: tuple[Setting, ...],
        total: Setting,
    ) -> Iterator[tuple[str, Raw]]:
        """The indicators of one age of which anything is there."""
        bottom, called, complete = self._everybody(lea, by_setting, settings, total)
        for code, counted in COUNTED.items():
            parts = [part for means in counted for part in by_setting.get(means, ())]
            if counted[0] in settings and (parts or complete):
                names = [part.name for part in parts]
                self.added.setdefault(code, {}).update(dict.fromkeys(names))
                column = " + ".join(names) or code
                yield code, Raw(None, _sum(parts, complete=complete), bottom, (column, column, called))

    def _meant(self, means: Setting, parts: Sequence[SettingPart]) -> Setting:
        """A setting that both ages have belongs to the age that the file counts; of both, to school age."""
        if means in OF_EITHER_AGE and "early" in self.families:
            if "school" not in self.families:
                return OF_EITHER_AGE[means]
            self.shared = self.shared or not {one.setting for one in parts} & set(OF_EITHER_AGE.values())
        if means is Setting.EARLY_HOME and "early" not in self.families:
            return Setting.HOME_HOSPITAL
        return means

    def _everybody(
        self,
        lea: LeaSums,
        by_setting: Mapping[Setting, list[SettingPart]],
        settings: tuple[Setting, ...],
        total: Setting,
    ) -> tuple[str, str, bool]:
        """All children of an age as written, under which name, and whether settings left blank are none.

        The total given, else all settings; where both are there and equal, nobody is in a blank one.
        """
        parts = [one for means in settings for one in by_setting.get(means, ())]
        given = by_setting.get(total) or (by_setting.get(Setting.TOTAL) if len(self.families) == 1 else None)
        if not given:
            return _sum(parts), " + ".join(one.name for one in parts), False
        number, summed = cell_text.number(given[0].written), cell_text.number(_sum(parts, complete=True))
        complete = summed == number
        if isinstance(summed, Decimal) and isinstance(number, Decimal) and not complete:
            over = summed > number
            kind = "settings_over_total" if over else "settings_under_total"
            found = f"{summed} / {given[0].written}"
            self._say(kind, Severity.ERROR if over else Severity.WARNING, lea, found)
            if over:
                return "NR", given[0].name, False
        return given[0].written, given[0].name, complete

    def _say(self, kind: str, severity: Severity, lea: LeaSums, found: str) -> None:
        who = lea.who
        self.problems.append(
            Problem(
                severity, kind, self.table.file, self.table.sheet, lea.row, "", shown(found), {},
                who.get("lea_code", ""), who.get("year", ""),
            )
        )  # fmt: skip

    def said(self) -> Iterator[Problem]:
        """What was added to what, and what was assumed."""
        yield from self.problems
        if self.shared:
            yield self.table.problem("settings_shared", Severity.WARNING)
        for code, names in self.added.items():
            found = f"{code} = {' + '.join(names)}"
            yield Problem(
                Severity.NOTE,
                "settings_summed",
                self.table.file,
                self.table.sheet,
                found=shown(found, MOST_QUOTED),
            )


def _sum(parts: Iterable[SettingPart], *, complete: bool = False) -> str:
    """Counts added. A part that is withheld or blank leaves the sum unknown.

    One that is no count is handed on as it stands. A blank is none only where the counts are known to be
    `complete` without it.
    """
    total = 0
    reason = ""
    for part in parts:
        number = cell_text.number(part.written)
        if number is Missing.BLANK and complete:
            continue
        if isinstance(number, Missing):
            reason = reason or part.written or "NR"
        elif number is None or number < 0 or number != int(number) or "%" in part.written:
            return part.written
        else:
            total += int(number)
    return reason or str(total)
