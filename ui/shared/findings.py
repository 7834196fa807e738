"""The one sentence each page opens with, made from the data; also the text alternative of its picture."""

from __future__ import annotations

from collections import Counter

from cim_core.letters.over_years import moved
from cim_core.letters.summary import letters_of, reaching
from cim_core.why.region import Region
from cim_core.why.region import firmness as summarize
from cim_core.words.messages import HowMany, MessageFamily, message
from ui.shared.results import View
from ui.shared.words_on_screen import t

_MOVED = MessageFamily("start.{}", ("more", "less", "open", "differ"))
SEVERE = 3
"""The severity from which a placement is Targeted Level 3 or more."""


def start(view: View, summary: Region) -> tuple[str, str]:
    """What needs attention, in a sentence: how many are in the most intensive placements; under it in short
    who moved since last year, who is not settled, whose letter differs."""
    surely, could = reaching(view.placements, summary.rows, SEVERE)
    every = HowMany(len(summary.rows))
    if not could:
        severe = t("finding.severe", n=HowMany(surely), all=every)
    elif surely:
        severe = t("finding.severe_open", n=HowMany(surely), all=every, more=HowMany(could))
    else:
        severe = t("finding.severe_unknown", n=HowMany(could), all=every)
    year = summary.previous_year or ""
    went = Counter(way for row in summary.rows if (way := moved(view.placements, row)))
    differs = letters_of(view.placements, summary.rows).differs
    each = (
        ("more", went["up"]), ("less", went["down"]), ("open", len(summary.provisional)),
        ("differ", len(differs)),
    )  # fmt: skip
    told = tuple(message(_MOVED[kind], n=HowMany(n), year=year) for kind, n in each if n)
    under = [t("start.lead", parts=told)] if told else []
    if view.in_progress:
        under.insert(0, t("start.so_far", year=view.year_said))
    if year and not went:
        under.append(t("start.same", year=year))
    return severe, " ".join(under)


def read(view: View) -> str:
    """How many LEAs were read, and how many are settled in the year that is looked at."""
    taken = view.intake
    leas = len(set(taken.dataset.lea_key[taken.dataset.looked_at].tolist()))
    tally = summarize(view.placements, view.year)
    kind = "data.read.leas_except" if taken.errors else "data.read.leas"
    said, all_of_them = t(kind, n=HowMany(leas)), tally.firm == tally.rows
    if not tally.firm:
        return f"{said} {t('data.read.settled_none', n=HowMany(tally.rows))}"
    settled = "data.read.settled_all" if all_of_them else "data.read.settled"
    return f"{said} {t(settled, n=HowMany(tally.firm))}"


def not_settled(view: View) -> str:
    """How many LEAs are not settled, or not placed at all, and what else there is to know first."""
    tally = summarize(view.placements, view.year)
    each = []
    if tally.provisional:
        each.append(t("data.read.needs", n=HowMany(tally.provisional)))
    if tally.not_placed:
        each.append(t("data.read.not_placed", n=HowMany(tally.not_placed)))
    said = t("data.read.year", year=view.year_said, each=tuple(each)) if each else ""
    if view.intake.dataset.holds_only_counts:
        said = f"{t('finding.only_counts', n=HowMany(max(1, len(view.files))))} {said}"
    return said
