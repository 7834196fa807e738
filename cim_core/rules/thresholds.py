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
from cim_core.rules.settings import RISK_RATIO, SMALL_LEA, RulebookArea, Setting, Value
from cim_core.words.messages import Message, message

_MOST_YEARS = 3
"""A state may wait for so many years in a row at most (34 CFR 300.647(d)(1))."""


class ThresholdGroup(StrEnum):
    """The order in which a rulebook is read."""

    COUNTS = "counts"
    BANDS = "bands"
    TARGETS = "targets"
    DISPROPORTIONALITY = "disproportionality"
    TRACKS = "tracks"
    COUNTING = "counting"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number that a person may move. `settings` follow it, each with its distance.

    `value` is what it is in the rulebook; `least`, `most` and `step` bound a slider; `whole` numbers have no
    decimals.
    """

    group: ThresholdGroup
    settings: tuple[tuple[Setting, int], ...]
    label: Message
    value: Decimal
    least: Decimal
    most: Decimal
    step: Decimal
    whole: bool

    @property
    def setting(self) -> Setting:
        """The setting that gives it its name."""
        return self.settings[0][0]

    @property
    def id(self) -> str:
        """The text of that setting."""
        return str(self.setting)

    def changes(self, value: Decimal) -> dict[Setting, Value]:
        """The settings at a value of the threshold."""
        return {each: int(value) + by if self.whole else value + by for each, by in self.settings}

    def at(self, changes: Mapping[Setting, Value]) -> Decimal:
        """Where some changes put it; its own value where they leave it alone."""
        found = changes.get(self.setting)
        return self.value if found is None else Decimal(str(found))


def thresholds(rulebook: Rulebook) -> tuple[Threshold, ...]:
    """Every threshold of a rulebook that has anywhere to go, in reading order."""
    every = (
        *_counts(rulebook),
        *_bands(rulebook),
        *_targets(rulebook),
        *_disproportionality(rulebook),
        *_tracks(rulebook),
        *_counting(rulebook),
        *_ranking(rulebook),
    )
    return tuple(threshold for threshold in every if threshold.least < threshold.most)


def find(rulebook: Rulebook, setting: Setting) -> Threshold | None:
    """The threshold that a setting belongs to; None when it belongs to none."""
    every = thresholds(rulebook)
    return next((threshold for threshold in every if setting in dict(threshold.settings)), None)


def torn(rulebook: Rulebook, changes: Mapping[Setting, Value]) -> tuple[tuple[Setting, Setting], ...]:
    """Changed settings that leave a neighbor behind, each with the one that stays where it was.

    Such a gap is allowed (a scenario means what it says), but whoever falls into it should be known.
    """
    found = []
    for threshold in thresholds(rulebook):
        places = {
            each: Decimal(str(changes[each])) - by if each in changes else threshold.value
            for each, by in threshold.settings
        }
        left = [each for each in places if each not in changes]
        moved = [each for each in places if each in changes and places[each] != threshold.value]
        if left and moved:
            found.append((moved[0], left[0]))
    return tuple(found)


def single(rulebook: Rulebook, setting: Setting) -> Threshold | None:
    """One setting alone, without those that move with it; None where it is no threshold."""
    linked = find(rulebook, setting)
    if linked is None:
        return None
    by = dict(linked.settings)[setting]
    value, least, most = linked.value + by, linked.least + by, linked.most + by
    return replace(linked, settings=((setting, 0),), value=value, least=least, most=most)


def _whole(
    group: ThresholdGroup,
    settings: tuple[tuple[Setting, int], ...],
    label: Message,
    value: int,
    least: int,
    most: int,
) -> Threshold:
    step = Decimal(1)
    return Threshold(group, settings, label, Decimal(value), Decimal(least), Decimal(most), step, True)


def _counts(rulebook: Rulebook) -> list[Threshold]:
    found = []
    counted = [clause for clause in rulebook.clauses if isinstance(clause, CountedClause)]
    for clause in counted:
        if clause.at_least is None:
            continue
        under = [each for each in counted if each.kind == clause.kind and each.at_most == clause.at_least - 1]
        settings = (
            (Setting(RulebookArea.CLAUSES, clause.id, "at_least"), 0),
            *((Setting(RulebookArea.CLAUSES, each.id, "at_most"), -1) for each in under),
        )
        least = max((each.at_least for each in under if each.at_least is not None), default=0) + 1
        upper = (
            clause.at_most if clause.at_most is not None else clause.most(len(rulebook.elements.indicators))
        )
        label = message(clause.threshold, placement=clause.placement.label)
        found.append(_whole(ThresholdGroup.COUNTS, settings, label, clause.at_least, least, upper))
    return found


def _bands(rulebook: Rulebook) -> list[Threshold]:
    """One threshold for each edge of each evaluation's bands; clauses on single indicators stand alone."""
    shared: dict[tuple[str, Decimal], list[tuple[Setting, int]]] = {}
    named: dict[tuple[str, Decimal], BandedClause] = {}
    for clause in rulebook.clauses:
        if not isinstance(clause, BandedClause):
            continue
        for name, edge in clause.bounds:
            setting = Setting(RulebookArea.CLAUSES, clause.id, name)
            shared.setdefault((clause.scope, edge), []).append((setting, 0))
            named.setdefault((clause.scope, edge), clause)
    found = []
    for (scope, edge), settings in shared.items():
        ladder = sorted(other for of_scope, other in shared if of_scope == scope)
        at = ladder.index(edge)
        least = ladder[at - 1] + 1 if at else Decimal(0)
        most = ladder[at + 1] - 1 if at + 1 < len(ladder) else Decimal(100)
        clause = named[scope, edge]
        on = rulebook.evaluation(clause.evaluation).title
        label = message(clause.threshold, placement=clause.placement.label, evaluation=on)
        found.append(
            Threshold(
                ThresholdGroup.BANDS,
                tuple(settings),
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
        settings = ((Setting(RulebookArea.TARGETS, target.indicator, "value"), 0),)
        step = Decimal("0.1")
        found.append(
            Threshold(ThresholdGroup.TARGETS, settings, label, target.value, least, most, step, False)
        )
    return found


def _disproportionality(rulebook: Rulebook) -> list[Threshold]:
    """What risk ratios are held against, with two decimals at most; and what a ratio needs to be one."""
    held, group = rulebook.disproportionality, ThresholdGroup.DISPROPORTIONALITY
    most = max(Decimal(10), held.threshold)
    ratio, label = ((RISK_RATIO, 0),), message("threshold.ratio")
    found = [Threshold(group, ratio, label, held.threshold, Decimal(1), most, Decimal("0.1"), False)]
    for name, said, least, highest in (
        ("min_cell", "threshold.min_cell", 0, 50),
        ("min_n", "threshold.min_n", 0, 100),
        ("years_significant", "threshold.years_significant", 1, _MOST_YEARS),
    ):
        settings = ((Setting(RulebookArea.DISPROPORTIONALITY, "", name), 0),)
        value = getattr(held, name)
        found.append(_whole(group, settings, message(said), value, least, max(highest, value)))
    return found


def _tracks(rulebook: Rulebook) -> list[Threshold]:
    small = rulebook.small_lea
    if small.effect is SmallLeaTrack.FLAG:
        return []
    label = message("threshold.small_lea")
    return [_whole(ThresholdGroup.TRACKS, ((SMALL_LEA, 0),), label, small.max_swd, 0, 1000)]


def _counting(rulebook: Rulebook) -> list[Threshold]:
    many = len(rulebook.elements.indicators)
    return [
        _whole(
            ThresholdGroup.COUNTING,
            ((Setting(RulebookArea.COUNTING, "", "minimum_n"), 0),),
            message("threshold.minimum_n"),
            rulebook.minimum_n,
            0,
            100,
        ),
        _whole(
            ThresholdGroup.COUNTING,
            ((Setting(RulebookArea.COUNTING, "", "min_elements"), 0),),
            message("threshold.min_elements"),
            rulebook.min_elements,
            1,
            many,
        ),
    ]


def _ranking(rulebook: Rulebook) -> list[Threshold]:
    found = []
    for evaluation in rulebook.deciding_evaluations:
        domains = len(evaluation.domains)
        for name, said, most in (
            ("swd_over", "threshold.swd_over", 1000),
            ("min_denominator", "threshold.min_denominator", 200),
            ("min_domains", "threshold.min_domains", domains),
        ):
            label = message(said, evaluation=evaluation.title)
            settings = ((Setting(RulebookArea.EVALUATIONS, evaluation.id, name), 0),)
            least, value = 1 if name == "min_domains" else 0, getattr(evaluation, name)
            found.append(_whole(ThresholdGroup.RANKING, settings, label, value, least, most))
    return found
