"""State targets that a file prints: what they change against the rulebook in use, and a rulebook of them."""

from __future__ import annotations

import streamlit as st

from cim_core.data.indicators import get
from cim_core.intake import printed_targets
from cim_core.intake.printed_targets import CollectedTargets, TargetDifference
from cim_core.rules import rulebook_file
from cim_core.words.messages import HowMany
from ui.shared import open_files, own_rules, parts, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t


def may_ask(view: View) -> bool:
    """Whether the files print any target."""
    return bool(printed_targets.collect(view.intake.targets).years)


def waits(view: View) -> bool:
    """Whether printed targets differ from a shipped rulebook in use, so that they could take its place."""
    found = printed_targets.collect(view.intake.targets)
    return _shipped() and any(
        printed_targets.differences(found, view.baseline.rulebook, year) for year in found.years
    )


def printed(view: View) -> None:
    """For each year with printed targets: the differences, and one click to an own rulebook."""
    found = printed_targets.collect(view.intake.targets)
    with st.container(border=True, key="card_targets"):
        parts.show(parts.asked(t("targets.title"), t("targets.help")))
        for conflict in found.conflicts:
            label = get(conflict.indicator).label
            st.warning(md(t("targets.conflict", label=label, year=conflict.year, written=conflict.written)))
        for year in found.years:
            _year(view, found, year)


def _shipped() -> bool:
    return results.rulebook_id() in rulebook_file.available()


def sample_letter(view: View) -> None:
    """While the sample is open: the targets of its year, as the letter of one of its LEAs prints them."""
    if not view.is_sample:
        return
    letter = open_files.sample_letter()
    found = printed_targets.collect(letter.targets)
    year = found.years[-1]
    other = printed_targets.differences(found, view.baseline.rulebook, year)
    with st.expander(t("targets.sample_title"), key="fold_sample_letter"):
        if not other:
            st.caption(md(t("targets.sample_used", year=year)))
            return
        labels = tuple(get(one.indicator).label for one in other)
        st.caption(md(t("targets.sample_help", year=year, labels=labels)))
        if st.button(t("targets.sample_letter"), key="sample_letter"):
            _make(view, found, year, letter.dataset.name)


def _year(view: View, found: CollectedTargets, year: str) -> None:
    rules = view.baseline.rulebook if _shipped() else rulebook_file.load()
    changes = printed_targets.differences(found, rules, year)
    count = len(found.of(year))
    if not count:
        return
    st.markdown(
        md(t("targets.finding", year=year, n=HowMany(count), differ=HowMany(len(changes)), title=rules.title))
    )
    if changes:
        with st.expander(t("targets.differences", n=HowMany(len(changes)), title=rules.title)):
            heads = head_of("head.indicator", "head.printed", "head.in_rulebook", "head.vintage")
            parts.show(parts.table(heads, [_line(one) for one in changes], (1, 2)))
    beside = printed_targets.not_counted(found, rules, year)
    if beside:
        st.caption(md(t("targets.not_counted", labels=tuple(get(code).label for code in beside))))
    met = printed_targets.met_though_not_calculated(found, rules, year)
    if met:
        st.caption(md(t("targets.nc_is_met", labels=tuple(get(code).label for code in met))))
    if (changes or met) and st.button(t("targets.make", year=year), key=f"make_rulebook_{year}"):
        _make(view, found, year, _files(view, year))


def _line(difference: TargetDifference) -> list[str]:
    base = (
        "–"
        if difference.value is None or difference.comparator is None
        else f"{difference.comparator.value}{difference.value}"
    )
    return [
        gate().say(get(difference.indicator).title),
        f"{difference.printed_comparator.value}{difference.printed_value}",
        base,
        difference.vintage or "–",
    ]


def _files(view: View, year: str) -> str:
    return " + ".join(dict.fromkeys(one.file for one in view.intake.targets if one.year == year))


def _make(view: View, found: CollectedTargets, year: str, file: str) -> None:
    raw = printed_targets.rulebook_from(found, view.raw, year, t("targets.name", year=year), file)
    own_rules.become(lambda: raw)
