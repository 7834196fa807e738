"""The right side of "Why": the evidence of the clause that decided, whatever its kind."""

from __future__ import annotations

from cim_core.data.indicators import get, in_order
from cim_core.placing.placement import Result
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA
from cim_core.why.clauses import students
from cim_core.why.explanation import Explanation
from cim_core.why.indicator_why import one_indicator
from cim_core.why.target_sentences import late_findings
from cim_core.words.dates import written_day
from cim_core.words.messages import HowMany
from ui.lea import in_year_panels, open_evidence, rank_evidence, ratio_panels, target_evidence
from ui.shared import parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t


def show(view: View, row: int, why: Explanation) -> None:
    """What the deciding clause rests on; where the placement is open also what is missing."""
    if view.placements.dataset.in_progress[row]:
        day = written_day(str(view.placements.dataset.as_of[row]))
        parts.show(parts.heading(t("lea_page.so_far.title", day=day), t("lea_page.so_far.under")))
        in_year_panels.nearest_of(view, row)
        return
    if why.placement == SMALL_LEA:
        parts.show(_small(view, row), target_evidence.table(view, row, target_evidence.FEW))
        return
    if not why.firm and (why.placement == NOT_PLACED or view.placements.clause(row) is None):
        nearest = "" if why.placement == NOT_PLACED else _nearest(view, row)
        parts.show(open_evidence.missing(view, row, why), nearest)
        return
    _deciding(view, row, why)
    if not why.firm:
        parts.show(open_evidence.missing(view, row, why))


def _deciding(view: View, row: int, why: Explanation) -> None:
    clause = view.placements.clause(row)
    if isinstance(clause, BandedClause):
        rank_evidence.show(view, row, clause)
    elif clause is not None and clause.basis is Basis.YEARS:
        ratio_panels.show(view, row)
    elif clause is not None and clause.basis is Basis.FINDINGS:
        parts.show(_findings(view, row), _nearest(view, row))
    else:
        most = target_evidence.MOST if why.firm else target_evidence.FEW
        parts.show(target_evidence.table(view, row, most))


def _nearest(view: View, row: int) -> str:
    if not view.placements.rulebook.counts_targets:
        return ""
    return target_evidence.table(view, row, target_evidence.FEW)


def _small(view: View, row: int) -> str:
    swd, limit = students(int(view.placements.dataset.swd[row])), view.placements.rulebook.small_lea.max_swd
    said = t("lea_page.small.swd", swd=swd, limit=HowMany(limit))
    return parts.heading(t("lea_page.small.title"), said)


def _findings(view: View, row: int) -> str:
    """The late evaluations that count as findings with their counts, and how many the file states."""
    placements = view.placements
    given, late = int(placements.dataset.minor_findings[row]), late_findings(placements, row)
    title = t("lea_page.findings.title", n=HowMany(max(given, len(late))))
    if not late:
        return parts.heading(title, t("lea_page.findings.given"))
    lines = []
    for code in in_order(placements.rulebook.elements.as_findings):
        why = one_indicator(placements, row, code)
        if why.result is Result.MISSED:
            cells = tables.indicator_cells(why)
            lines.append([gate().say(get(code).title), cells.rate, cells.fraction])
    head = [t("lea_page.targets.indicator"), t("lea_page.targets.rate"), t("lea_page.targets.students")]
    return parts.heading(title, t("lea_page.findings.late")) + parts.table(head, lines, (1, 2))
