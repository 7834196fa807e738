"""Rows for the tables about scenarios: what differs, who moves, where they move, whom it helps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cim_core.data.dataset import Ints
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.rules.evaluations import RankAmong, TieRule
from cim_core.rules.rulebook import Minimums, Rulebook
from cim_core.whatif import (
    SIZE_GROUPS,
    ChangePoint,
    Comparison,
    GroupShare,
    Mover,
    Scenario,
    Sweep,
    helped_and_hurt,
    sentences,
    size_of,
)
from cim_core.why.clauses import students
from cim_core.words.messages import Message, MessageFamily
from ui.shared import html_parts
from ui.shared.tables import lea_link
from ui.shared.words_on_screen import gate, head_of, t

_CHOICE = {
    TieRule.AVERAGE: "choice.average",
    TieRule.WORST: "choice.worst",
    TieRule.BEST: "choice.best",
    RankAmong.ALL: "choice.all",
    RankAmong.TYPE: "choice.type",
    Minimums.EITHER: "choice.either",
    Minimums.BOTH: "choice.both",
    "in": "choice.in",
    "out": "choice.out",
    "report only": "choice.report_only",
}
"""The possible answers of settings that have words of their own."""
_SIZE = MessageFamily("group.size.{}", SIZE_GROUPS)


def choice(option: str) -> str:
    """A possible answer of a setting; a sign stands for itself."""
    return t(_CHOICE[option]) if option in _CHOICE else option


def differences(scenario: Scenario, base: Rulebook) -> tuple[list[str], list[list[str]]]:
    """What a scenario changes, as head and lines."""
    head = head_of("head.setting", "head.as_it_is", "head.in_scenario")
    lines = [
        [gate().say(one.label), _written(one.before) or "–", _written(one.after) or "–"]
        for one in sentences.differences(scenario, base)
    ]
    return head, lines


def movers(
    comparison: Comparison, shown: Iterable[Mover]
) -> tuple[list[str], list[list[html_parts.Cell | list[html_parts.Cell]]]]:
    """Who moves, from where to where, by which rule and which numbers."""
    head = head_of("head.lea", "head.from", "head.to", "head.direction", "head.decides", "head.because")
    ways = {1: t("direction.up"), -1: t("direction.down"), 0: t("direction.other")}
    lines: list[list[html_parts.Cell | list[html_parts.Cell]]] = []
    for mover in shown:
        why = "; ".join(gate().say(part) for part in sentences.because(comparison, mover))
        name = lea_link(comparison.after, mover.row)
        clause = comparison.after.clause(mover.row)
        rule = gate().say(clause.said) if clause is not None else t("whatif.no_rule")
        placed = [
            gate().say(settled.short(each, mover.row)) for each in (comparison.before, comparison.after)
        ]
        lines.append([name, *placed, ways[mover.direction], rule, why])
    return head, lines


def shares(each: Iterable[GroupShare], kind: str) -> list[list[str]]:
    """Whom a setting helps and hurts, by group."""
    lines = []
    for one in each:
        name = t(_SIZE[one.group]) if kind == "size" else one.group or t("group.type.none")
        lines.append([name, str(one.leas), str(one.down), str(one.up)])
    return lines


def change_points(
    placements: Placements, each: Iterable[ChangePoint]
) -> tuple[list[str], list[list[html_parts.Cell]]]:
    """The exact values of a sweep at which somebody moves, each with who moves, from where to where."""
    head = head_of("head.at_value", "head.ratio", "head.lea", "head.from", "head.to", "head.swd", "head.type")
    labels = {one.severity: gate().say(one.label) for one in placements.rulebook.placements}
    data = placements.dataset
    lines: list[list[html_parts.Cell]] = []
    for point in each:
        value, said = sentences.written(point.short), sentences.ratio(point)
        swd = int(data.swd[point.row])
        lines.append(
            [
                value if point.at else t("whatif.above", value=value),
                "–" if said is None else gate().say(said),
                lea_link(placements, point.row),
                labels[point.before],
                labels[point.after],
                gate().bare(students(swd)) if swd >= 0 else "–",
                str(data.lea_type[point.row]) or "–",
            ]
        )
    return head, lines


def fairness_along(
    swept: Sweep, placements: Placements, rows: Ints, points: Sequence[ChangePoint], by: str
) -> tuple[list[str], list[list[str]]]:
    """Whom each step of a sweep helps and hurts against the threshold as it stands, by size or by type."""
    data = placements.dataset
    if by == "size":
        groups = [size_of(int(data.swd[row])) for row in rows]
        order = [group for group in SIZE_GROUPS if group in groups]
        names = [t(_SIZE[group]) for group in order]
    else:
        groups = [str(data.lea_type[row]) for row in rows]
        order = sorted(set(groups))
        names = [group or t("group.type.none") for group in order]
    now = swept.severities_at(swept.threshold.value)[rows]
    lines = []
    for point in points:
        there = swept.severities_at(point.new)[rows]
        found = helped_and_hurt(now, there, groups)
        value = sentences.written(point.short)
        label = value if point.at else t("whatif.above", value=value)
        lines.append([label, *("{} / {}".format(*found.get(group, (0, 0))) for group in order)])
    return [t("head.at_value"), *names], lines


def both(
    first: Scenario, second: Scenario, base: Rulebook, names: tuple[str, str]
) -> tuple[list[str], list[list[str]]]:
    """The settings of two scenarios side by side, as head and lines, without those that are equal in both."""
    found = [{each.key: each for each in sentences.differences(two, base)} for two in (first, second)]
    keys = list(dict.fromkeys([*found[0], *found[1]]))
    lines = []
    for key in keys:
        sides = [side.get(key) for side in found]
        known = next(each for each in sides if each is not None)
        written = [
            _written(known.before) or "–" if each is None else _written(each.after) or "✓" for each in sides
        ]
        if written[0] != written[1]:
            lines.append([gate().say(known.label), *written])
    return [t("head.setting"), *names], lines


def _written(value: str | Message) -> str:
    return gate().say(value) if isinstance(value, Message) else value
