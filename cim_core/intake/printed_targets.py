"""Targets that files print: gathered, compared with a rulebook, made into a rulebook.

A rulebook made here is never official: who copied a report may have copied it wrongly.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cim_core.data.dataset import Missing
from cim_core.data.indicators import CODES, POSITION
from cim_core.data.measures import NOT_COMPARED, of_value
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import PrintedTarget
from cim_core.intake.meanings.targets import sign_of
from cim_core.rules.rulebook import Comparator, Rulebook, Target
from cim_core.rules.sources import Status
from cim_core.rules.toml_table import Raw
from cim_core.words import messages


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different targets printed for one indicator and year, each at the row where it stands first."""

    indicator: str
    year: str
    targets: tuple[PrintedTarget, ...]

    @property
    def written(self) -> str:
        """The spellings, with their rows."""
        return ", ".join(f"{one.written} ({one.row})" for one in self.targets)


@dataclass(frozen=True, slots=True)
class CollectedTargets:
    """One target per year and indicator, without those that are in conflict.

    `nc_is_met` are the indicators that a year's report calls met though their rate is not calculated.
    """

    targets: Mapping[tuple[str, str], PrintedTarget]
    conflicts: tuple[Conflict, ...]
    years: tuple[str, ...]
    nc_is_met: frozenset[tuple[str, str]] = frozenset()

    def of(self, year: str) -> tuple[PrintedTarget, ...]:
        """The targets of a year, in catalogue order."""
        return tuple(self.targets[year, code] for code in CODES if (year, code) in self.targets)


@dataclass(frozen=True, slots=True)
class TargetDifference:
    """A printed target that is not the rulebook's; `value` None where the rulebook has none.

    `printed_comparator` is the one that holds: as printed, else the rulebook's, else the direction's.
    """

    indicator: str
    comparator: Comparator | None
    value: Decimal | None
    vintage: str
    printed_comparator: Comparator
    printed_value: Decimal


def collect(targets: Iterable[PrintedTarget]) -> CollectedTargets:
    """One target per year and indicator; two values or two signs are a conflict, a missing sign is none."""
    kinds: dict[tuple[str, str], dict[tuple[Decimal, Comparator | None], PrintedTarget]] = defaultdict(dict)
    nc_is_met: set[tuple[str, str]] = set()
    for one in targets:
        key = one.year, one.indicator
        kinds[key].setdefault((one.value, one.comparator), one)
        if one.met == "yes" and cell_text.number(one.rate) is Missing.NOT_CALCULATED:
            nc_is_met.add(key)
    agreed: dict[tuple[str, str], PrintedTarget] = {}
    conflicts = []
    for (year, code), found in sorted(kinds.items(), key=lambda item: (item[0][0], POSITION[item[0][1]])):
        signs = {comparator for _, comparator in found if comparator is not None}
        if len({value for value, _ in found}) > 1 or len(signs) > 1:
            conflicts.append(Conflict(code, year, tuple(found.values())))
        else:
            agreed[year, code] = min(found.values(), key=lambda one: one.comparator is None)
    return CollectedTargets(
        agreed, tuple(conflicts), tuple(sorted({year for year, _ in kinds})), frozenset(nc_is_met)
    )


def rulebook_from(printed: CollectedTargets, base: Raw, year: str, title: str, file: str) -> Raw:
    """A base rulebook's plain values with a year's printed targets; the others stay, vintages and all.

    Nothing in it is official: the targets are `assumed` until somebody has compared them with the report.
    """
    raw: Raw = copy.deepcopy(base)
    about = messages.text("printed.about", base=str(base["title"]), file=file, year=year)
    raw |= {"id": f"own-{year}", "title": title, "official": False, "about": about}
    sources, targets, elements = raw["sources"], raw["targets"], raw["elements"]
    assert isinstance(sources, list) and isinstance(targets, dict) and isinstance(elements, dict)
    source = _free_name(f"printed-{year}", {known["id"] for known in sources})
    sources.append({"id": source, "title": messages.text("printed.source", file=file, year=year)})
    for stated in printed.of(year):
        before = targets.get(stated.indicator, {})
        if (
            before.get("value") == stated.value
            and before.get("vintage") == year
            and _same_sign(stated, before)
        ):
            continue
        note = "printed.note" if stated.comparator is not None else "printed.note_no_sign"
        targets[stated.indicator] = {
            "comparator": sign_of(stated, before.get("comparator")).value,
            "value": int(stated.value) if cell_text.decimals(stated.value) == 0 else stated.value,
            "vintage": year,
            "source": source,
            "status": Status.ASSUMED.value,
            "note": messages.text(note, written=stated.written),
        }
    kept = elements.get("nc_is_met", [])
    met = [code for code in CODES if (year, code) in printed.nc_is_met and code not in kept]
    if met:
        elements["nc_is_met"] = [*kept, *met]
    return raw


def _same_sign(one: PrintedTarget, before: Mapping[str, object]) -> bool:
    """Whether a rulebook's target has the printed sign already: then its own source is the better one."""
    known = before.get("comparator")
    return sign_of(one, str(known) if known else None) == sign_of(replace(one, comparator=None), str(known))


def differences(printed: CollectedTargets, rulebook: Rulebook, year: str) -> tuple[TargetDifference, ...]:
    """What a year's printed targets change in a rulebook; equal ones are not listed."""
    found = []
    for stated in printed.of(year):
        target = rulebook.target(stated.indicator)
        known = target is not None and target.value is not None
        sign = sign_of(stated, target.comparator.value if target is not None else None)
        if target is None or not known:
            found.append(TargetDifference(stated.indicator, None, None, "", sign, stated.value))
        elif (target.value, target.comparator) != (stated.value, sign) or _other_measure(target, year):
            found.append(
                TargetDifference(
                    stated.indicator, target.comparator, target.value, target.vintage, sign, stated.value
                )
            )
    return tuple(found)


def _other_measure(target: Target, year: str) -> bool:
    """Whether a rulebook's target says nothing of a year's values, so that an equal one printed for the year
    changes something all the same."""
    code = target.indicator
    return code in NOT_COMPARED and target.measure not in (None, of_value(code, year))


def met_though_not_calculated(printed: CollectedTargets, rulebook: Rulebook, year: str) -> tuple[str, ...]:
    """Indicators that a report calls met though they are not calculated, and that a rulebook does not."""
    known = rulebook.elements.nc_is_met
    return tuple(code for code in CODES if (year, code) in printed.nc_is_met and code not in known)


def not_counted(printed: CollectedTargets, rulebook: Rulebook, year: str) -> tuple[str, ...]:
    """Indicators with a printed target that are neither elements of a rulebook nor only reported by it."""
    known = {*rulebook.elements.indicators, *rulebook.elements.report_only}
    return tuple(one.indicator for one in printed.of(year) if one.indicator not in known)


def _free_name(name: str, taken: Collection[object]) -> str:
    """A name, numbered from the second on where it is taken."""
    numbered = (f"{name}-{at}" for at in range(2, len(taken) + 2))
    return next(free for free in (name, *numbered) if free not in taken)
