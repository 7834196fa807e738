"""What surrounds every page: the guard, the bar on top, the notices, the style for print and phone."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import streamlit as st

from cim_core.data.facts import Fact
from cim_core.data.outside import quoted
from cim_core.placing import reference
from cim_core.placing.ranking import ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.why.rank_sentences import older
from cim_core.why.years import year_said
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import address, html_parts, letter_panels, my_leas_panels, open_files, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t

PAGES = {
    "start": "page.start.nav",
    "data": "page.data.nav",
    "region": "page.region.nav",
    "lea": "page.lea.nav",
    "movement": "page.movement.nav",
    "whatif": "page.whatif.nav",
    "letters": "page.letters.nav",
    "rules": "page.rules.nav",
}
"""Each page with the message that is its name."""
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
_STYLE = (Path(__file__).parent / "style.css").read_text("utf-8")


@st.cache_resource(show_spinner=False)
def _imported() -> dict[str, int]:
    return {"modules": 0}


def warm_up() -> None:
    """Move the imported libraries out of the garbage collector's sight, anew where a page brought more.

    Streamlit collects after every run of a script; with pandas and plotly in sight that dominates a rerun.
    """
    if _imported()["modules"] != len(sys.modules):
        _imported()["modules"] = len(sys.modules)
        gc.collect()
        gc.freeze()


def begin() -> None:
    """Called by app.py on every run, after navigation: marks the session as started by the app."""
    st.session_state["started_by_app"] = True
    st.html(f"<style>{_STYLE}</style>")
    wanted = st.session_state.pop("wanted_page", None)
    if wanted is not None:
        page, parameters = wanted
        st.switch_page(f"pages/{page}.py", query_params=parameters)
    address.sync_address()
    address.keep("filter_placement", "filter_name", "filter_all", "filter_order", "filter_differs")


def enter(page: str) -> None:
    """First statement of every page: a page that app.py did not start sends the visitor through app.py.

    A `pages/` folder beside app.py is served directly on a freshly started server until some session has
    run `st.navigation`; without this guard such a request would show the page's body.
    """
    if not st.session_state.get("started_by_app"):
        st.session_state["wanted_page"] = (page, st.query_params.to_dict())
        st.switch_page("app.py")


def top_bar() -> None:
    """SELPA · year · rulebook · reference, always in view, with the choices behind one button."""
    with st.container():  # what says that a file is read has a place of its own, so that nothing below moves
        view = results.view()
    with st.container(horizontal=True, key="page_links", gap="small"):
        for page, title in PAGES.items():
            st.page_link(f"pages/{page}.py", label=t(title), query_params=address.address())
    with st.container(horizontal=True, vertical_alignment="center", key="top_bar"):
        st.markdown(_where(view), width="stretch")
        if view is not None and len(view.intake.dataset):
            my_leas_panels.bar(view)
        with st.popover(t("bar.change"), key="bar_change"):
            _choices(view)
    if view is not None and len(view.intake.dataset):
        my_leas_panels.lost(view)
        _provenance(view)
    if (fitted := results.rulebook().fitted) is not None:
        html_parts.banner(gate().say(fitted.said))
    asked = address.chosen("rulebook")
    if asked and asked != results.rulebook_id():
        st.warning(md(t("notice.unknown_rulebook", id=quoted(asked), title=results.rulebook().title)))
    if view is not None and view.trouble:
        _trouble(view)
    with st.container(horizontal=True, vertical_alignment="center", key="scenario_bar"):
        if view is not None and not view.scenario.is_empty:
            name = view.scenario.name or t("whatif.unnamed")
            st.warning(md(t(_CHANGED[view.scenario.what], name=name, title=results.rulebook().title)))
            st.button(
                t("notice.end_scenario"), key="end_scenario", on_click=address.choose, kwargs={"scenario": ""}
            )


def _provenance(view: View) -> None:
    """What the data and placements are not, and what was taken as none."""
    notice = t("notice.sample") if view.is_sample else t("notice.illustration")
    assumed = [fact for fact in Fact if view.intake.dataset.assumed(fact) and fact in view.rulebook.facts]
    taken = [t(_ASSUMED[fact]) for fact in assumed]
    st.caption(md(" ".join([notice, *_older_years(view), *taken])))
    if view.reference.kind is ReferenceKind.WITHIN:
        st.warning(md(t("notice.within")))


def _trouble(view: View) -> None:
    """Why the scenario of the address is not, or not wholly, applied."""
    st.warning(md(t("notice.scenario_trouble", why=view.trouble)))
    if view.scenario.is_empty:
        leave = {"scenario": ""}
        st.button(t("notice.leave_scenario"), key="leave_scenario", on_click=address.choose, kwargs=leave)


def need_data() -> View:
    """The view of a page that cannot do without data; with none, the empty state and nothing more."""
    view = results.view()
    if view is not None and len(view.intake.dataset):
        return view
    st.title(t("empty.title"))
    if open_files.link_is_lost():
        lost()
    elif view is not None:
        st.warning(md(t("empty.unreadable")))
    st.markdown(md(t("empty.body")))
    with st.container(horizontal=True):
        st.button(t("empty.sample"), type="primary", on_click=open_files.open_sample, key="open_sample")
        if st.button(t("empty.upload"), key="go_upload"):
            st.switch_page("pages/data.py")
    st.stop()
    raise AssertionError("st.stop never returns")


def lost() -> None:
    """Which files of a link are no longer open, and how to have them back."""
    names = open_files.lost_files()
    st.warning(md(t("empty.lost_files", names=names) if names else t("empty.lost")))


def open_lea(code: str) -> None:
    """Go to the why of an LEA."""
    address.choose(lea=code)
    st.switch_page("pages/lea.py", query_params=address.address(lea=code))


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


def _where(view: View | None) -> str:
    rules = view.rulebook if view is not None else results.rulebook()
    parts = [f"**{md(t('bar.nothing_open'))}**"]
    if view is not None and len(view.intake.dataset):
        parts = [f"**{md(selpa_of(view))}**", md(gate().say(view.year_said))]
    kind = "bar.rules" if rules.official else "bar.rules_changed"
    parts.append(md(t(kind, title=rules.title)))
    if view is not None:
        parts.append(md(reference_name(view)))
    if view is not None and len(view.intake.dataset):
        parts.append(md(letter_panels.in_short(view)))
    return " · ".join(parts)


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
