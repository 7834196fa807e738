"""The one sentence each page opens with, made from the data; also the text alternative of its picture."""

from __future__ import annotations

from cim_core.data.indicators import get
from cim_core.letters.summary import letters_of, reaching
from cim_core.why.region import Region
from cim_core.why.region import firmness as summarize
from cim_core.words.messages import HowMany, Message, message
from ui.shared.results import View
from ui.shared.words_on_screen import t

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


def start(view: View, summary: Region) -> str:
    """What needs attention: how many are beyond Universal, how many are not firm, how many changed."""
    surely, could = reaching(view.placements, summary.rows, SEVERE)
    letters = letters_of(view.placements, summary.rows)
    severe = (
        message("finding.severe_open", n=HowMany(surely), more=HowMany(could))
        if could
        else message("finding.severe", n=HowMany(surely))
    )
    parts: list[Message] = [severe]
    if summary.provisional:
        parts.append(message("finding.provisional", n=HowMany(len(summary.provisional))))
    if summary.previous_year:
        parts.append(message("finding.changed", n=HowMany(len(summary.changed)), year=summary.previous_year))
    said = t("finding.start", n=HowMany(len(summary.rows)), year=view.year_said, parts=tuple(parts))
    return f"{said} {t('finding.by_letter', n=HowMany(len(letters.differs)))}" if letters.any else said


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
