"""The rulebook in sentences, each with its source and whether it is confirmed or assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import streamlit as st

from cim_core.data.indicators import FAMILY_NAMED, INDICATORS, get
from cim_core.data.lea_types import LEA_TYPES_NAMED
from cim_core.placing.ranking import ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.rules.evaluations import Evaluation, RankAmong, TieRule
from cim_core.rules.rulebook import LATE, Minimums, Rulebook, SmallLeaTrack
from cim_core.rules.sources import Provenance, Status
from cim_core.why import rank_notes, target_sentences
from cim_core.why.risk_ratios import SIGN_NAMED
from cim_core.words.dates import day_and_month
from cim_core.words.messages import HowMany, MessageFamily, message
from cim_core.words.numbers import ratio_limit
from ui.rules import rulebook_panels
from ui.rules.rule_card import provenance
from ui.shared import parts, scenario_tables
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


def sentence(rules: Rulebook) -> str:
    """Which rules these are, and how they decide."""
    return t("rules.sentence", title=rules.title, n=HowMany(len(rules.clauses)))


def finding(rules: Rulebook) -> str:
    """How many rules and targets are confirmed, how many assumed."""
    items = [clause.provenance for clause in rules.clauses] + [target.provenance for target in rules.targets]
    confirmed = sum(item.status is Status.CONFIRMED for item in items)
    behind = [rules.counting, *(evaluation.provenance for evaluation in rules.evaluations)]
    behind.append(rules.disproportionality.provenance)
    assumed = any(item.status is Status.ASSUMED for item in behind)
    return t(
        "rules.finding_assumed" if assumed else "rules.finding",
        n=HowMany(confirmed),
        all=HowMany(len(items)),
    )


def differences(view: View | None, rules: Rulebook) -> None:
    """What differs from the rules as they are: under a scenario, or in a rulebook of one's own."""
    if view is not None and not view.scenario.is_empty:
        head, lines = scenario_tables.differences(view.scenario, view.base)
    else:
        head = head_of("head.indicator", "head.target", "head.as_it_is")
        lines = [] if rules.official else _other_targets(rules, rulebook_file.load())
    if lines:
        parts.show(parts.heading(t("whatif.changes_title")), parts.table(head, lines))


def _other_targets(rules: Rulebook, official: Rulebook) -> list[list[str]]:
    """The targets of a rulebook of one's own that are not those of the one that is used by default."""
    before = {target.indicator: target.written or t("lea.no_target") for target in official.targets}
    return [
        [gate().say(get(target.indicator).title), now, before.get(target.indicator, t("lea.no_target"))]
        for target in rules.targets
        if (now := target.written or t("lea.no_target")) != before.get(target.indicator, t("lea.no_target"))
    ]


def folds(rules: Rulebook, view: View | None) -> None:
    """All that stands behind the rules, each part made when it is opened."""
    each: list[tuple[str, str, Callable[[], None]]] = [
        ("targets", t("rules.targets"), partial(targets, rules)),
        ("counting", t("rules.counting"), partial(counting, rules)),
        *(
            (of.id, begun(gate().say(of.title)), partial(_evaluation, rules, of, view))
            for of in rules.evaluations
        ),
        ("disproportionality", t("rules.disproportionality"), partial(disproportionality, rules)),
        ("lag", t("rules.lag.title"), partial(lag, rules)),
        ("tracks", t("rules.tracks"), partial(tracks, rules)),
        ("sources", t("rules.sources"), partial(sources, rules)),
        ("own", t("own.title"), rulebook_panels.type_targets),
    ]
    with st.container(key="no_print_folds"):
        for name, title, show in each:
            fold = st.expander(md(title), key=f"rules_{name}", on_change="rerun")
            if fold.open:
                with fold:
                    show()


def targets(rules: Rulebook) -> None:
    """Every target with comparator, vintage, source and status."""
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
                *provenance(rules, target.provenance),
            ]
        )
    heads = head_of(
        "head.number", "head.indicator", "head.target", "head.vintage", "head.counts", "head.source",
        "head.status",
    )  # fmt: skip
    _table(heads, lines, (2,))


def counting(rules: Rulebook) -> None:
    """How met or missed is decided and counted."""
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


def _evaluation(rules: Rulebook, evaluation: Evaluation, view: View | None) -> None:
    """How LEAs are ranked, and what entered the ranking for the data at hand."""
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
    steps = rules.lag
    begins = day_and_month(steps.year_begins.day, steps.year_begins.month)
    _list(
        [
            t("rules.lag.from", said=said, source=_line(rules, stated))
            if stated.source
            else t("rules.lag.unsaid", said=said)
            for said, stated in (
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
    small = rules.small_lea
    effect = t("rules.small_flag") if small.effect is SmallLeaTrack.FLAG else t("rules.small_placement")
    _table(
        [t("head.track"), t("head.rule"), t("head.source"), t("head.status")],
        [
            [
                t("flag.small"),
                t("rules.small_rule", rule=small.said, effect=effect),
                *provenance(rules, small.provenance),
            ],
            [
                t("flag.sig_dis"),
                gate().say(rules.sig_dis.said),
                *provenance(rules, rules.sig_dis.provenance),
            ],
        ],
    )


def sources(rules: Rulebook) -> None:
    """Where everything comes from."""
    _list([f"{gate().say(source.title)} {source.url}".strip() for source in rules.sources])


def _line(rules: Rulebook, of: Provenance) -> str:
    title, status = provenance(rules, of)
    return t("rules.line", title=title, status=status)


def _table(head: list[str], lines: list[list[str]], numbers: Sequence[int] = ()) -> None:
    parts.show(parts.table(head, lines, numbers))


def _list(sentences: Iterable[str]) -> None:
    st.markdown("\n".join(f"- {md(sentence)}" for sentence in sentences))
