"""The thresholds of a rulebook that a person may move, each with the settings that move with it.

"From 3 missed targets on it is Level 2" and "1–2 missed targets are Level 1" are one threshold seen from two
sides; the lower edge of one percentile band is the upper edge of the next. Moving one side alone would leave
a gap into which LEAs fall, so they move together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from cim_core.data.indicators import Unit, get
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.counted_clause import CountedClause
from cim_core.rules.rulebook import Rulebook, SmallLeaTrack
from cim_core.rules.settings import Value
from cim_core.words.messages import Message, message


class ThresholdGroup(StrEnum):
    """The order in which a rulebook is read."""

    COUNTS = "counts"
    BANDS = "bands"
    TARGETS = "targets"
    TRACKS = "tracks"
    COUNTING = "counting"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number that a person may move. `keys` are the settings that follow it, each with its distance.

    `value` is what it is in the rulebook; `least`, `most` and `step` bound a slider; `whole` numbers have no
    decimals. `id` is the key of the first setting.
    """

    group: ThresholdGroup
    keys: tuple[tuple[str, int], ...]
    label: Message
    value: Decimal
    least: Decimal
    most: Decimal
    step: Decimal
    whole: bool

    @property
    def id(self) -> str:
        """The key of the setting that gives it its name."""
        return self.keys[0][0]

    def changes(self, value: Decimal) -> dict[str, Value]:
        """The settings at a value of the threshold."""
        return {key: int(value) + by if self.whole else value + by for key, by in self.keys}

    def at(self, changes: Mapping[str, Value]) -> Decimal:
        """Where some changes put it; its own value where they leave it alone."""
        found = changes.get(self.id)
        return self.value if found is None else Decimal(str(found))


def thresholds(rulebook: Rulebook) -> tuple[Threshold, ...]:
    """Every threshold of a rulebook that has anywhere to go, in reading order."""
    every = (
        *_counts(rulebook),
        *_bands(rulebook),
        *_targets(rulebook),
        *_tracks(rulebook),
        *_counting(rulebook),
        *_ranking(rulebook),
    )
    return tuple(one for one in every if one.least < one.most)


def find(rulebook: Rulebook, key: str) -> Threshold | None:
    """The threshold that a setting belongs to; None when it belongs to none."""
    return next((one for one in thresholds(rulebook) if key in dict(one.keys)), None)


def torn(rulebook: Rulebook, changes: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Changed settings that leave a neighbor behind: the key, and the one that stays where it was.

    Such a gap is allowed (a scenario means what it says), but whoever falls into it should be known.
    """
    found = []
    for one in thresholds(rulebook):
        places = {
            key: Decimal(str(changes[key])) - by if key in changes else one.value for key, by in one.keys
        }
        left = [key for key in places if key not in changes]
        moved = [key for key in places if key in changes and places[key] != one.value]
        if left and moved:
            found.append((moved[0], left[0]))
    return tuple(found)


def single(rulebook: Rulebook, key: str) -> Threshold | None:
    """One setting alone, without those that move with it; None where it is no threshold."""
    linked = find(rulebook, key)
    if linked is None:
        return None
    by = dict(linked.keys)[key]
    value, least, most = linked.value + by, linked.least + by, linked.most + by
    return replace(linked, keys=((key, 0),), value=value, least=least, most=most)


def _whole(
    group: ThresholdGroup,
    keys: tuple[tuple[str, int], ...],
    label: Message,
    value: int,
    least: int,
    most: int,
) -> Threshold:
    one = Decimal(1)
    return Threshold(group, keys, label, Decimal(value), Decimal(least), Decimal(most), one, True)


def _counts(rulebook: Rulebook) -> list[Threshold]:
    found = []
    counted = [clause for clause in rulebook.clauses if isinstance(clause, CountedClause)]
    for clause in counted:
        if clause.at_least is None:
            continue
        below = [one for one in counted if one.kind == clause.kind and one.at_most == clause.at_least - 1]
        keys = [(f"clauses.{clause.id}.at_least", 0), *((f"clauses.{one.id}.at_most", -1) for one in below)]
        least = max((one.at_least for one in below if one.at_least is not None), default=0) + 1
        upper = (
            clause.at_most if clause.at_most is not None else clause.most(len(rulebook.elements.indicators))
        )
        label = message(clause.threshold, placement=clause.placement.label)
        found.append(_whole(ThresholdGroup.COUNTS, tuple(keys), label, clause.at_least, least, upper))
    return found


def _bands(rulebook: Rulebook) -> list[Threshold]:
    """One threshold for each edge of each evaluation's bands; clauses on single indicators stand alone."""
    shared: dict[tuple[str, Decimal], list[tuple[str, int]]] = {}
    named: dict[tuple[str, Decimal], BandedClause] = {}
    for clause in rulebook.clauses:
        if not isinstance(clause, BandedClause):
            continue
        for name, edge in clause.bounds:
            shared.setdefault((clause.scope, edge), []).append((f"clauses.{clause.id}.{name}", 0))
            named.setdefault((clause.scope, edge), clause)
    found = []
    for (scope, edge), keys in shared.items():
        ladder = sorted(other for one, other in shared if one == scope)
        at = ladder.index(edge)
        least = ladder[at - 1] + 1 if at else Decimal(0)
        most = ladder[at + 1] - 1 if at + 1 < len(ladder) else Decimal(100)
        clause = named[scope, edge]
        on = rulebook.evaluation(clause.evaluation).title
        label = message(clause.threshold, placement=clause.placement.label, evaluation=on)
        found.append(
            Threshold(
                ThresholdGroup.BANDS,
                tuple(keys),
                label,
                edge,
                min(least, edge),
                max(most, edge),
                Decimal("0.5"),
                False,
            )
        )
    return found


def _targets(rulebook: Rulebook) -> list[Threshold]:
    found = []
    for target in rulebook.targets:
        if target.value is None or target.indicator not in rulebook.elements.indicators:
            continue
        indicator = get(target.indicator)
        percent = indicator.unit is Unit.PERCENT
        least = Decimal(0) if percent else min(Decimal(-300), target.value)
        most = Decimal(100) if percent else max(Decimal(300), target.value)
        label = message("threshold.target", title=indicator.title, sign=target.comparator.value)
        keys = ((f"targets.{target.indicator}.value", 0),)
        found.append(
            Threshold(ThresholdGroup.TARGETS, keys, label, target.value, least, most, Decimal("0.1"), False)
        )
    return found


def _tracks(rulebook: Rulebook) -> list[Threshold]:
    small = rulebook.small_lea
    if small.effect is SmallLeaTrack.FLAG:
        return []
    keys = (("tracks.small_lea.max_swd", 0),)
    return [_whole(ThresholdGroup.TRACKS, keys, message("threshold.small_lea"), small.max_swd, 0, 1000)]


def _counting(rulebook: Rulebook) -> list[Threshold]:
    many = len(rulebook.elements.indicators)
    return [
        _whole(
            ThresholdGroup.COUNTING,
            (("counting.minimum_n", 0),),
            message("threshold.minimum_n"),
            rulebook.minimum_n,
            0,
            100,
        ),
        _whole(
            ThresholdGroup.COUNTING,
            (("counting.min_elements", 0),),
            message("threshold.min_elements"),
            rulebook.min_elements,
            1,
            many,
        ),
    ]


def _ranking(rulebook: Rulebook) -> list[Threshold]:
    found = []
    for one in rulebook.evaluations:
        if not any(clause.evaluation == one.id for clause in rulebook.clauses):
            continue
        for name, most in (("swd_over", 1000), ("min_denominator", 200), ("min_domains", len(one.domains))):
            label = message(f"threshold.{name}", evaluation=one.title)
            value = getattr(one, name)
            least = 1 if name == "min_domains" else 0
            found.append(
                _whole(
                    ThresholdGroup.RANKING, ((f"evaluations.{one.id}.{name}", 0),), label, value, least, most
                )
            )
    return found
