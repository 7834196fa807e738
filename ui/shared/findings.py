"""The one sentence each page opens with, made from the data; also the text alternative of its picture."""

from __future__ import annotations

from collections import Counter

from cim_core.data.indicators import get
from cim_core.letters.summary import letters_of, reaching
from cim_core.placing import settled
from cim_core.why.region import Region
from cim_core.why.region import firmness as summarize
from cim_core.words.messages import HowMany, MessageFamily, message
from ui.shared.results import View
from ui.shared.words_on_screen import t

_MOVED = MessageFamily("start.{}", ("more", "less", "open", "differ"))
SEVERE = 3
"""The severity from which a placement is Targeted Level 3 or more."""


def region(view: View, summary: Region) -> str:
    """How many LEAs are in each placement, and what is missed most."""
    each = tuple(
        message("finding.placement", n=HowMany(count), placement=standing.said)
        for standing, count in summary.counts
        if count
    )
    placed = t("finding.region", n=HowMany(len(summary.rows)), year=view.year_said, each=each)
    if summary.provisional:
        placed += " " + t("finding.not_firm", n=HowMany(len(summary.provisional)))
    if not summary.most_missed:
        return placed
    code, missed, counted = summary.most_missed[0]
    return (
        placed
        + " "
        + t("finding.most_missed", label=get(code).title, n=HowMany(missed), counted=HowMany(counted))
    )


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
    year, moved = (
        summary.previous_year or "",
        Counter(settled.direction(before, now) for _, before, now in summary.changed),
    )
    differs = letters_of(view.placements, summary.rows).differs
    each = (
        ("more", moved["up"]), ("less", moved["down"]), ("open", len(summary.provisional)),
        ("differ", len(differs)),
    )  # fmt: skip
    told = tuple(message(_MOVED[kind], n=HowMany(n), year=year) for kind, n in each if n)
    under = [t("start.lead", parts=told)] if told else []
    if view.in_progress:
        under.insert(0, t("start.so_far", year=view.year_said))
    if year and not moved:
        under.append(t("start.same", year=year))
    return severe, " ".join(under)


def not_yet(view: View) -> str:
    """Why nothing can be placed so far: a question waits, columns are not known, or it is no use."""
    if view.open_questions:
        return t("data.answer_first", n=HowMany(view.open_questions))
    return t("data.tie_first") if view.may_be_tied else t("data.unreadable")


def data(view: View) -> str:
    """Whether the data are good enough to place LEAs."""
    taken = view.intake
    leas = len(set(taken.dataset.lea_key[taken.dataset.looked_at].tolist()))
    years = taken.dataset.years
    tally = summarize(view.placements, view.year)
    span = years[0] if len(years) == 1 else t("finding.span", first=years[0], last=years[-1])
    errors = t("finding.errors", n=HowMany(len(taken.errors)))
    parts = [message("finding.firmly", n=HowMany(tally.firm), rows=HowMany(tally.rows))]
    if tally.provisional:
        parts.append(message("finding.provisionally", n=HowMany(tally.provisional)))
    if tally.not_placed:
        parts.append(message("finding.not_at_all", n=HowMany(tally.not_placed)))
    kind = "finding.data" if len(years) > 1 else "finding.data_of_one_year"
    said = t(kind, n=HowMany(leas), span=span, year=view.year_said, placed=tuple(parts), errors=errors)
    if taken.dataset.holds_only_counts:
        said = f"{t('finding.only_counts', n=HowMany(max(1, len(view.files))))} {said}"
    return f"{t('data.answer_first', n=HowMany(view.open_questions))} {said}" if view.open_questions else said
