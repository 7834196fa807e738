"""The rulebook in sentences, each with its source and whether it is confirmed or assumed."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from cim_core.data.indicators import FAMILY_NAMED, INDICATORS, get
from cim_core.data.lea_types import LEA_TYPES_NAMED
from cim_core.placing.ranking import ReferenceKind
from cim_core.rules.evaluations import RankAmong, TieRule
from cim_core.rules.rulebook import LATE, Minimums, Rulebook, SmallLeaTrack
from cim_core.rules.sources import STATUS_NAMED, Provenance, Status
from cim_core.rules.tiers import UNIVERSAL
from cim_core.why import rank_notes, target_sentences
from cim_core.why.risk_ratios import SIGN_NAMED
from cim_core.words.dates import day_and_month
from cim_core.words.messages import HowMany, MessageFamily, message
from cim_core.words.numbers import ratio_limit
from ui.shared import html_parts, scenario_tables
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, head_of, md, t

_TIES = MessageFamily("rules.ties.{}", tuple(TieRule))
_RANK_AMONG = MessageFamily("rules.rank_among.{}", tuple(RankAmong))
_RATIO_LEAST = MessageFamily("rules.ratio_least.{}", tuple(Minimums))
_USED = {
    (False, False): "rules.used",
    (False, True): "rules.used_within",
    (True, False): "rules.used_type",
    (True, True): "rules.used_type_within",
}
"""By whether types are ranked apart, and whether the file's own LEAs are ranked alone."""


def finding(rules: Rulebook) -> str:
    """How many rules and targets are confirmed, how many assumed."""
    items = [clause.provenance for clause in rules.clauses] + [target.provenance for target in rules.targets]
    confirmed = sum(item.status is Status.CONFIRMED for item in items)
    behind = [rules.counting, *(evaluation.provenance for evaluation in rules.evaluations)]
    behind.append(rules.disproportionality.provenance)
    assumed = any(item.status is Status.ASSUMED for item in behind)
    return t(
        "rules.finding_assumed" if assumed else "rules.finding",
        clauses=HowMany(len(rules.clauses)),
        targets=HowMany(len(rules.targets)),
        confirmed=HowMany(confirmed),
        assumed=HowMany(len(items) - confirmed),
    )


def differences(view: View | None) -> None:
    """What differs from the rules as they are, under a scenario."""
    if view is None or view.scenario.is_empty:
        return
    st.header(t("whatif.changes_title"), anchor=False)
    head, lines = scenario_tables.differences(view.scenario, view.base)
    html_parts.table(head, lines)


def clauses(rules: Rulebook) -> None:
    """The ladder: the first rule that holds, from the top, decides."""
    st.header(t("rules.ladder"), anchor=False)
    st.caption(t("rules.ladder_help"))
    lines = [
        [
            gate().say(clause.placement.label),
            begun(gate().say(clause.said)),
            *_provenance(rules, clause.provenance),
        ]
        for clause in rules.clauses
    ]
    lines.append([gate().say(UNIVERSAL.label), t("rules.otherwise"), "", ""])
    html_parts.table([t("head.placement"), t("head.rule"), t("head.source"), t("head.status")], lines)


def targets(rules: Rulebook) -> None:
    """Every target with comparator, vintage, source and status."""
    st.header(t("rules.targets"), anchor=False)
    st.caption(t("rules.targets_help"))
    lines = []
    for target in rules.targets:
        indicator = get(target.indicator)
        is_element = target.indicator in rules.elements.indicators
        lines.append(
            [
                gate().say(indicator.label),
                gate().say(indicator.name),
                target.written or t("lea.no_target"),
                gate().say(target_sentences.set_for(target)),
                t("rules.counts") if is_element else t("rules.report_only"),
                *_provenance(rules, target.provenance),
            ]
        )
    heads = head_of(
        "head.number", "head.indicator", "head.target", "head.vintage", "head.counts", "head.source",
        "head.status",
    )  # fmt: skip
    html_parts.table(heads, lines, (2,))


def counting(rules: Rulebook) -> None:
    """How met or missed is decided and counted."""
    st.header(t("rules.counting"), anchor=False)
    sentences = [
        t("rules.precision", n=HowMany(rules.precision)),
        t("rules.missing"),
        t("rules.min_elements", n=HowMany(rules.min_elements)),
        t("rules.minimum_n", n=HowMany(rules.minimum_n)) if rules.minimum_n else t("rules.no_minimum_n"),
        t("rules.other_measure"),
        *_late(rules),
    ]
    _list(sentences)
    st.caption(md(_line(rules, rules.counting)))


def _late(rules: Rulebook) -> list[str]:
    """How late evaluations and other missed compliance indicators count."""
    elements = rules.elements
    as_targets = tuple(get(code).label for code in elements.indicators if code in LATE)
    as_findings = tuple(get(code).label for code in elements.as_findings)
    said = [t("rules.late_as_targets", labels=as_targets)] if as_targets and rules.counts_targets else []
    return said + ([t("rules.late_as_findings", labels=as_findings)] if as_findings else [])


def evaluations(rules: Rulebook, view: View | None) -> None:
    """How LEAs are ranked, and what entered the ranking for the data at hand."""
    for evaluation in rules.evaluations:
        st.header(md(begun(gate().say(evaluation.title))), anchor=False)
        decides = [clause for clause in rules.clauses if clause.evaluation == evaluation.id]
        domains = tuple(
            message(
                "rules.domain",
                family=message(FAMILY_NAMED[domain.id]),
                each=tuple(get(code).label for code in domain.indicators),
            )
            for domain in evaluation.domains
        )
        sentences = [
            t("rules.domains", domains=domains),
            t("rules.rank", least=HowMany(evaluation.min_denominator), swd=HowMany(evaluation.swd_over)),
            t("rules.composite", n=HowMany(evaluation.min_domains)),
            t("rules.reference_values", n=HowMany(evaluation.min_reference_values)),
            t(_TIES[evaluation.ties]),
            t(_RANK_AMONG[evaluation.rank_among]),
        ]
        if not decides:
            sentences.append(t("rules.never_decides"))
        _list([*sentences, *_used(view, evaluation.id)])
        st.caption(md(_line(rules, evaluation.provenance)))


def _used(view: View | None, evaluation_id: str) -> list[str]:
    if view is None or evaluation_id not in view.placements.percentiles:
        return []
    said = []
    found = view.placements.percentiles[evaluation_id]
    for used in found.years:
        if used.year != view.year:
            continue
        if used.reference_year is None:
            said.append(t("rules.used_none", year=used.year))
            continue
        if used.entered:
            entered = tuple(get(code).label for code in used.entered)
            within = view.reference.kind is ReferenceKind.WITHIN
            named = {"kind": t(LEA_TYPES_NAMED[used.kind])} if used.kind else {}
            kind = _USED[bool(used.kind), within]
            reference = used.reference_year
            said.append(
                t(kind, year=used.year, reference=reference, n=HowMany(used.ranked), entered=entered, **named)
            )
        if used.left_out:
            left = rank_notes.entered_and_left(found, used.left_out)["left"]
            said.append(t("rules.left_out", left=left))
    return list(dict.fromkeys(said))


def disproportionality(rules: Rulebook) -> None:
    """How counts by race and ethnicity are held against a threshold, where a file gives them."""
    table = rules.disproportionality
    st.header(t("rules.disproportionality"), anchor=False)
    sign = t(SIGN_NAMED[table.comparator])
    threshold = ratio_limit(table.threshold)
    _list(
        [
            t("rules.ratio", sign=sign, threshold=threshold),
            t(_RATIO_LEAST[table.minimums], cell=HowMany(table.min_cell), n=HowMany(table.min_n)),
            t("rules.ratio_years", n=HowMany(table.years_significant)),
        ]
    )
    if table.provenance.source:
        st.caption(md(_line(rules, table.provenance)))
    else:
        st.caption(md(t("rules.ratio_default")))


def lag(rules: Rulebook) -> None:
    """How long data take to become a letter."""
    st.header(t("rules.lag.title"), anchor=False)
    steps = rules.lag
    begins = day_and_month(steps.year_begins.day, steps.year_begins.month)
    _list(
        [
            t("rules.lag.from", said=said, source=_line(rules, provenance))
            if provenance.source
            else t("rules.lag.unsaid", said=said)
            for said, provenance in (
                (
                    t("rules.lag.published", n=HowMany(steps.published.years_later)),
                    steps.published.provenance,
                ),
                (t("rules.lag.letter", n=HowMany(steps.letter.years_later)), steps.letter.provenance),
                (t("rules.lag.begins", day=begins), steps.year_begins.provenance),
            )
        ]
    )
    later = tuple(one.label for one in INDICATORS if one.lag)
    st.caption(md(t("rules.lag.later", each=later)))


def tracks(rules: Rulebook) -> None:
    """What stands beside the ladder."""
    st.header(t("rules.tracks"), anchor=False)
    small = rules.small_lea
    effect = t("rules.small_flag") if small.effect is SmallLeaTrack.FLAG else t("rules.small_placement")
    html_parts.table(
        [t("head.track"), t("head.rule"), t("head.source"), t("head.status")],
        [
            [
                t("flag.small"),
                t("rules.small_rule", rule=small.said, effect=effect),
                *_provenance(rules, small.provenance),
            ],
            [
                t("flag.sig_dis"),
                gate().say(rules.sig_dis.said),
                *_provenance(rules, rules.sig_dis.provenance),
            ],
        ],
    )


def sources(rules: Rulebook) -> None:
    """Where everything comes from."""
    st.header(t("rules.sources"), anchor=False)
    _list([f"{gate().say(source.title)} {source.url}".strip() for source in rules.sources])


def _provenance(rules: Rulebook, provenance: Provenance) -> tuple[str, str]:
    title, note = rules.source(provenance.source).title, provenance.note
    source = t("rules.source_note", title=title, note=note) if note else t("rules.source", title=title)
    return source, t(STATUS_NAMED[provenance.status])


def _line(rules: Rulebook, provenance: Provenance) -> str:
    title, status = _provenance(rules, provenance)
    return t("rules.line", title=title, status=status)


def _list(sentences: Iterable[str]) -> None:
    st.markdown("\n".join(f"- {md(sentence)}" for sentence in sentences))
