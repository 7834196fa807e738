"""The header of every page: navigation, what is looked at with its choices, what the data are, tools."""

from __future__ import annotations

from datetime import date
from html import escape
from urllib.parse import urlencode

import streamlit as st

from cim_core.data.facts import Fact
from cim_core.data.outside import quoted
from cim_core.placing import reference
from cim_core.placing.ranking import ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.why.rank_sentences import older
from cim_core.why.years import year_said
from cim_core.words.dates import day_said
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import (
    address,
    conflicts,
    identity,
    letter_panels,
    links,
    meeting_view,
    moments,
    my_leas_panels,
    parts,
    recent,
    results,
    saving,
)
from ui.shared.guard import LEAVE
from ui.shared.results import View
from ui.shared.saving import Standing
from ui.shared.shelf import OWN, shelf
from ui.shared.words_on_screen import gate, md, t

PAGES = {
    "start": "page.start.nav",
    "region": "page.region.nav",
    "lea": "page.lea.nav",
    "movement": "page.movement.nav",
    "whatif": "page.whatif.nav",
    "letters": "page.letters.nav",
    "meeting": "page.meeting.nav",
    "data": "page.data.nav",
    "rules": "page.rules.nav",
    "library": "page.library.nav",
}
"""Each page with the message that is its name: first what answers, then what it is made of."""
_PEOPLE = {"people": "page.people.nav"}
BEHIND = {"log": "page.log.nav"} | _PEOPLE
"""Pages that another one leads to, or that are for administrators."""
_BEHIND = "data"
"""The first page behind the line in the navigation."""
REFERENCE_CHOICE = MessageFamily("reference.{}_choice", reference.CHOICES)
_REFERENCE = {ReferenceKind.WITHIN: "reference.within", ReferenceKind.NONE: "reference.none"}
_ASSUMED = MessageFamily("notice.assumed.{}", tuple(Fact))
_CHANGED = {
    "rules": "notice.changed.rules",
    "data": "notice.changed.data",
    "both": "notice.changed.both",
    "instead": "notice.changed.instead",
}
_BAR = {"year": "bar.year", "rulebook": "bar.rulebook", "reference": "bar.reference"}


def bar(current: str) -> None:
    """The header of a page, and under it only what must not be overlooked; nothing while cards are shown."""
    with st.container(
        key="reading"
    ):  # what says that a file is read has a place of its own, so that nothing below moves
        view = results.view()
    standing = saving.standing()
    links.listen()
    if current == "meeting" and address.chosen("card"):
        return
    with st.container(horizontal=True, key="header", vertical_alignment="center"):
        with st.container(key="page_links", width="content"):
            parts.show(_navigation(current))
        with st.container(horizontal=True, key="top_bar", vertical_alignment="center"):
            _looked_at(view)
            parts.show(_tools(current, view, standing))
    parts.show(_on_paper(view))
    meeting_view.notice()
    if (trouble := shelf().trouble) is not None:
        parts.show(parts.banner(f"{t('store.without')} {gate().say(trouble.said)}"))
    conflicts.told()
    if view is not None and len(view.intake.dataset):
        my_leas_panels.lost(view)
        if view.reference.kind is ReferenceKind.WITHIN:
            parts.show(parts.banner(t("notice.within")))
    if (fitted := results.rulebook().fitted) is not None:
        parts.show(parts.banner(gate().say(fitted.said)))
    asked = address.chosen("rulebook")
    if asked and asked != results.rulebook_id():
        st.warning(md(_not_here(asked)))
    if view is not None and view.trouble:
        _trouble(view)
    parts.show(saving.old_version(standing, "home" if current == "start" else current))
    recent.remember(current, view)
    if view is not None and current != "whatif":
        changed(view)


def _not_here(rulebook: str) -> str:
    """That the rulebook of a link was deleted, or never was here, and what is used instead."""
    title = results.rulebook().title
    kept = shelf().read(lambda store: store.text(rulebook.removeprefix(OWN)))
    if kept is None or kept.deleted is None:
        return t("notice.unknown_rulebook", id=quoted(rulebook), title=title)
    return t("notice.deleted_rulebook", name=kept.name, time=moments.said(kept.deleted), title=title)


def changed(view: View) -> None:
    """That other rules or data than the real ones are looked at, and the way back; nothing without."""
    if view.scenario.is_empty:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="scenario_bar"):
        name = view.scenario.name or t("whatif.unnamed")
        parts.show(parts.banner(t(_CHANGED[view.scenario.what], name=name, title=results.rulebook().title)))
        back = {"scenario": ""}
        st.button(t("notice.end_scenario"), key="end_scenario", on_click=address.choose, kwargs=back)


def pages() -> dict[str, str]:
    """The pages for who is looking, each with the message that is its name."""
    every = PAGES | (_PEOPLE if identity.is_shared() else {})
    return {page: title for page, title in every.items() if meeting_view.is_for_them(page)}


def _navigation(current: str) -> str:
    where = address.address()
    if current != "lea":
        where.pop("lea", None)
    query = f"?{urlencode(where)}" if where else ""
    lea = f"?{urlencode(address.address())}" if where else ""
    items = []
    for page, title in pages().items():
        here = ' aria-current="page"' if page == current else ""
        line = "<i></i>" if page == _BEHIND else ""
        to = escape(("./" if page == "start" else page) + (lea if page == "lea" else query))
        items.append(f'{line}<a href="{to}" target="_self"{here}>{escape(t(title))}</a>')
    each = "".join(items) + _leave("cim-out", ' style="display:none"')
    return f'<nav class="cim-nav" aria-label="{escape(t("header.pages"))}">{each}</nav>'


def _tools(current: str, view: View | None, standing: Standing | None) -> str:
    """What the data are, which view, share: native buttons that the script of the links listens to."""
    said = about(view)
    kind = "none" if view is None else "sample" if view.is_sample else "own"
    info = (
        f'<button class="cim-i" popovertarget="cim-info" aria-label="{escape(t("header.about"))}">i</button>'
        f'<div popover id="cim-info" class="cim-info" data-kind="{kind}"><h2>{escape(t("header.about"))}</h2>'
        f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in said)}</ul>"
        f'<button class="cim-btn" popovertarget="cim-info" popovertargetaction="hide">'
        f"{escape(t('header.close'))}</button></div>"
        if said
        else ""
    )
    share = f'<button class="cim-btn" data-cim="share">{escape(t("header.share"))}</button>' if said else ""
    views = meeting_view.switch(current) if said else ""
    leave = _leave("cim-btn cim-leave")
    return f'<div class="cim-tools">{saving.said(standing)}{views}{info}{share}{leave}</div>'


def _leave(css: str, more: str = "") -> str:
    """The way out: among the tools, and on a phone at the end of the pages."""
    if not identity.is_shared():
        return ""
    return f'<a class="{css}" href="{LEAVE}" target="_self"{more}>{escape(t("access.leave"))}</a>'


def about(view: View | None) -> list[str]:
    """What the data and placements are not, how the ranks were made, and what was taken as none."""
    if view is None or not len(view.intake.dataset):
        return []
    notice = t("notice.sample") if view.is_sample else t("notice.illustration")
    assumed = [fact for fact in Fact if view.intake.dataset.assumed(fact) and fact in view.rulebook.facts]
    kind = "bar.rules" if view.rulebook.official else "bar.rules_changed"
    return [
        notice,
        t(kind, title=view.rulebook.title),
        f"{reference_name(view)}.",
        f"{letter_panels.in_short(view)}.",
        *_older_years(view),
        *(t(_ASSUMED[fact]) for fact in assumed),
    ]


def _on_paper(view: View | None) -> str:
    """The head of a printed page: whose, which year, which rules, who says so, when."""
    if view is None or not len(view.intake.dataset):
        return ""
    rules, today = view.rulebook.title, day_said(date.today())
    said = t("header.paper", selpa=selpa_of(view), year=view.year_said, rules=rules, day=today)
    return f'<p class="cim-print cim-paper">{escape(said)}</p>'


def _trouble(view: View) -> None:
    """Why the scenario of the address is not, or not wholly, applied."""
    st.warning(md(t("notice.scenario_trouble", why=view.trouble)))
    if view.scenario.is_empty:
        leave = {"scenario": ""}
        st.button(t("notice.leave_scenario"), key="leave_scenario", on_click=address.choose, kwargs=leave)


def selpa_of(view: View) -> str:
    """What the region is called: as it was typed, the SELPA's name, or how many there are, or the file's name
    when none is given."""
    data = view.intake.dataset
    if typed := my_leas_panels.region_name(view):
        return typed
    names = sorted({name for name in data.selpa[data.looked_at].tolist() if name})
    if len(names) == 1:
        return str(names[0])
    if names:
        return t("bar.selpas", n=HowMany(len(names)))
    if data.mine is not None:
        return t("mine.title", n=HowMany(len(view.looking.keys)))
    return (
        data.name
        if len(view.intake.files) == 1
        else t("bar.leas", n=HowMany(len(set(data.lea_key.tolist()))))
    )


def reference_name(view: View) -> str:
    """The reference in words, with the year that the looked-at year is ranked against."""
    if view.in_progress:
        return t("ranking.in_progress")
    if view.reference.kind is not ReferenceKind.STATEWIDE:
        return t(_REFERENCE[view.reference.kind])
    evaluation = view.placements.percentiles.get(view.rulebook.first_evaluation.id)
    used = evaluation.of_year(view.year) if evaluation is not None else ()
    year = next((one.reference_year for one in used), None)
    kind = "reference.statewide" if view.reference.fill else "reference.statewide_unfilled"
    return t(kind, year=year) if year else t("reference.no_year")


def _looked_at(view: View | None) -> None:
    """Whose LEAs, which year, which rules, with the choices behind one button."""
    rules = view.rulebook if view is not None else results.rulebook()
    place = st.container(key="where" if rules.official else "where_changed", width="content")
    choices = place.popover(_where(view, rules), key="bar_change", on_change="rerun")
    if choices.open:  # what is folded would not hear of another address, and answer with its old value later
        with choices:
            if view is not None and len(view.intake.dataset):
                my_leas_panels.switch(view)
            _choices(view)
    if view is not None and len(view.intake.dataset):
        my_leas_panels.asked(view)


def _where(view: View | None, rules: Rulebook) -> str:
    said = [f"**{md(t('bar.nothing_open'))}**"]
    if view is not None and len(view.intake.dataset):
        said = [f"**{md(selpa_of(view))}**", f"**{md(gate().say(view.year_said))}**"]
    said.append(md(_rules_in_short(rules)))
    return " · ".join(said)


def _rules_in_short(rules: Rulebook) -> str:
    """Whether the rules are CDE's: the default ones by that alone, older ones by their title."""
    if not rules.official:
        return t("header.changed")
    return t("header.official") if rules.id == rulebook_file.DEFAULT else gate().say(rules.title)


def _choices(view: View | None) -> None:
    if view is not None and len(view.intake.dataset):
        data = view.intake.dataset
        years = list(reversed(data.years))
        _select("year", years, view.year, {year: gate().say(year_said(data, year)) for year in years})
    titles = {one: gate().say(rulebook_file.load(one).title) for one in rulebook_file.available()}
    titles |= {one: t("bar.own", title=title) for one, title in results.own_titles().items()}
    _select("rulebook", list(titles), results.rulebook_id(), titles)
    kinds = list(reference.CHOICES)
    _select("reference", kinds, results.reference_kind(), {kind: t(REFERENCE_CHOICE[kind]) for kind in kinds})
    if not address.audience().sees_everything:
        meeting_view.choices()


def _select(key: str, options: list[str], current: str, labels: dict[str, str]) -> None:
    widget = f"pick_{key}"
    st.session_state[widget] = current
    st.selectbox(
        t(_BAR[key]),
        options,
        format_func=labels.__getitem__,
        key=widget,
        on_change=lambda: address.choose(**{key: st.session_state[widget]}),
    )


def _older_years(view: View) -> list[str]:
    evaluation = view.placements.percentiles.get(view.rulebook.first_evaluation.id)
    used = evaluation.years if evaluation is not None and not view.in_progress else ()
    here = [one for one in used if one.older and one.year == view.year]
    return [
        *(t("notice.older_reference", year=one.year, used=one.reference_year or "") for one in here),
        *(gate().say(off) for one in here if one.entered and (off := older(one)) is not None),
    ]
