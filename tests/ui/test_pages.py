"""Every page runs: cold, empty, on the sample, on uploads; guards, links and questions work."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.intake import bundle
from cim_core.whatif import ControlGroup, scenario
from tests.changes import changes
from tests.conftest import RULEBOOKS
from tests.ui.sent import bar, headline
from ui.shared import saved_scenarios, shelf

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(path for path in (ROOT / "pages").glob("*.py") if path.stem != "signin")
"""All but the sign-in, which there is in shared mode alone (`test_signin.py`)."""
APP = str(ROOT / "app.py")
SILENT = b"lea_code,lea_name,selpa,year,swd,percentile,5a\n9900001,Oak,My SELPA,2023-24,300,50,60\n"


def app(**query: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=30)
    for key, value in query.items():
        at.query_params[key] = value
    return at


def fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def shown(at: AppTest) -> str:
    html = [one.proto.body for one in at.get("html") if not one.proto.body.startswith("<style>")]
    text = [one.value for kind in (at.markdown, at.caption, at.title, at.header, at.warning) for one in kind]
    return unescape("\n".join([bar(at), *html, *map(str, text)]).replace("\\", ""))


def tab(at: AppTest, name: str) -> AppTest:
    """The page of an LEA with another of its tabs open."""
    at.query_params["tab"] = name
    at.session_state["at_tab"] = name
    return fine(at.switch_page("pages/lea.py").run())


def step(at: AppTest, name: str) -> AppTest:
    """Go to a step of the page of the data, as its rail does."""
    at.query_params["step"] = name
    at.session_state["at_step"] = name
    return fine(at.switch_page("pages/data.py").run())


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    """Give a file in step 1."""
    fine(at.run())
    step(at, "file").file_uploader[0].set_value((name, content, "text/csv")).run()
    return fine(at)


def labels(at: AppTest) -> str:
    """What stands on everything that is folded, and on the questions."""
    return "\n".join(each.label.replace("\\", "") for each in (*at.expander, *at.radio))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_asked_for_directly_goes_through_the_app(path):
    """A cold request to a page must go through app.py first: its bar stands on top, nothing came before."""
    before = path.read_text("utf-8").split(f'frame.enter("{path.stem}")')
    assert len(before) == 2 and "st." not in before[0].replace("import streamlit as st", "")
    cold = fine(AppTest.from_file(APP, default_timeout=30).switch_page(f"pages/{path.name}").run())
    assert cold.session_state["started_by_app"]
    assert bar(cold) == "No data open · CDE’s rules as read here"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("book", RULEBOOKS)
def test_every_page_runs_on_the_sample_with_every_rulebook(path, book):
    at = app(data="sample", rulebook=book)
    fine(fine(at.run()).switch_page(f"pages/{path.name}").run())
    assert headline(at)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("reference", ["none", "within"])
def test_every_page_runs_with_every_reference(path, reference):
    at = app(data="sample", reference=reference)
    fine(at.run())
    assert ("not statewide" in shown(at)) == (reference == "within")
    fine(at.switch_page(f"pages/{path.name}").run())


def test_nothing_open_offers_the_sample_with_one_click():
    at = fine(app().run())
    assert "See where every LEA is placed" in shown(at)
    fine(at.button(key="open_sample").click().run())
    assert "of 24 LEAs are in Targeted Level 3 or Intensive" in headline(at)


def test_a_link_restores_page_lea_year_and_rulebook():
    at = app(data="sample", lea="9910112", year="2023-24", rulebook="cde-2023")
    fine(at.run())
    assert "2023-24 · CDE monitoring 2023" in bar(at)
    fine(at.switch_page("pages/lea.py").run())
    assert headline(at).startswith("Quince Valley")
    assert "2022-23</span>" in shown(at) and "2024-25</span>" not in shown(at)


def test_a_link_to_a_lost_upload_says_so():
    at = fine(app(data="0" * 64).run())
    assert "The data of this link are not here" in shown(at)


def test_an_unknown_lea_or_rulebook_in_a_link_is_said():
    at = app(data="sample", lea="1234567", rulebook="nope")
    fine(at.run())
    assert "asks for a rulebook that is not here" in shown(at)
    fine(at.switch_page("pages/lea.py").run())
    assert "no LEA 1234567" in shown(at)


def test_the_why_of_an_lea_holds_its_own_numbers():
    at = app(data="sample", lea="9910112")
    fine(fine(at.run()).switch_page("pages/lea.py").run())
    text = shown(at)
    assert "Targeted Level 1 because it misses 1 target: 5a, regular class, by one student." in text
    assert "5a goes from 237 to 238 of 446." in text and "≥53.2" in text and "53.14" in text
    assert text.count('class="cim-decided"') == 1
    assert "SELPA, whenever the LEA asks" in shown(tab(at, "method"))
    assert "237 ÷ 446" in shown(tab(at, "all"))


@pytest.mark.parametrize("name", ["moves", "history", "all", "method"])
@pytest.mark.parametrize("book", RULEBOOKS)
def test_every_tab_of_an_lea_runs_with_every_rulebook(name, book):
    for lea in ("9910112", "9910105", "9910140", "99101611300253"):
        at = fine(app(data="sample", lea=lea, rulebook=book, tab=name).run())
        before = shown(fine(at.switch_page("pages/lea.py").run()))
        assert "Which rule decided" not in before, "only the open tab is built"
        assert "Which rule decided" in shown(tab(at, ""))


def test_the_file_is_silent_and_the_answer_is_kept_and_shown():
    at = upload(app(), "silent.csv", SILENT)
    assert "Your file says nothing about compliance findings" in labels(at)
    at.radio(key="silent_findings").set_value("none").run()
    at.radio(key="silent_disproportionality").set_value("none").run()
    assert "It is not settled." in shown(step(at, "result"))
    step(at, "questions").radio(key="silent_elements").set_value("none").run()
    assert "It is settled." in shown(step(at, "result"))
    assert "taken as none because you said so" in shown(tab(at, "method"))
    fine(at.switch_page("pages/start.py").run())


def test_fractions_are_asked_about():
    content = b"lea_code,year,swd,5a,5b,8\n9900001,2023-24,300,0.6,0.1,0.95\n"
    at = upload(app(), "fractions.csv", content)
    assert "One question before your LEAs can be placed." in shown(at)
    assert "Rates in fractions" in labels(step(at, "result"))
    step(at, "questions")
    next(each for each in at.radio if each.key.endswith("_rates")).set_value("fraction").run()
    assert "Rates in fractions" not in labels(step(at, "result"))


def test_a_bad_file_says_what_to_mend_and_leaves_no_traceback():
    at = upload(app(), "bad.csv", b"hello,world\n1,2\n")
    assert "Layout not recognized" in labels(at)
    assert "template" in shown(at)
    fine(at.switch_page("pages/region.py").run())
    assert "The file could not be used" in shown(at)


def test_text_in_an_upload_never_becomes_markup():
    name = "**Oak** ![x](http://evil.example/x) <img src=x onerror=alert(1)> $x$ :red[y]"
    content = f'lea_code,lea_name,selpa,year,swd,5a\n9900001,"{name}","{name}",2023-24,300,40\n'.encode()
    at = upload(app(), "evil.csv", content)
    for page in ("region", "lea", "data"):
        fine(at.switch_page(f"pages/{page}.py").run())
        for one in at.get("html"):
            assert "<img" not in one.proto.body
        for one in (*at.markdown, *at.caption, *at.title):
            assert (
                "![x]" not in one.value
                and "**Oak**" not in one.value
                and "<img src=x" not in one.value.replace("\\<img", "")
            )


UNFOLDED = {
    "rules": (
        "rules_targets", "rules_counting", "rules_school_age", "rules_preschool", "rules_disproportionality",
        "rules_lag", "rules_tracks", "rules_sources", "rules_own",
    ),
    "data": ("check_note_jump", "cells", "open_all"),
}  # fmt: skip
"""The keys of what is folded on a page."""


def unfolded(at: AppTest, page: str) -> AppTest:
    """A page with everything open that is folded on it."""
    fine(at.run())
    for key in UNFOLDED[page]:
        at.session_state[key] = True
    return fine(at.switch_page(f"pages/{page}.py").run())


def test_rules_show_source_and_status_of_everything():
    at = unfolded(app(data="sample"), "rules")
    text = shown(at)
    for needed in (
        "Bottom 10% on the school-age evaluation",
        ">90%",
        "2019-20",
        "assumed",
        "confirmed",
        "100 × rank ÷ number ranked",
    ):
        assert needed in text


def test_what_decided_is_boxed_whatever_it_was():
    for lea, book, boxed in (
        ("9910133", "at-a-glance", "None of the above"),
        ("9910140", "cde-2023", "100 or fewer students"),
        ("99101611300253", "at-a-glance", "Too few elements"),
    ):
        at = app(data="sample", lea=lea, rulebook=book)
        fine(fine(at.run()).switch_page("pages/lea.py").run())
        text = shown(at)
        assert text.count('class="cim-decided"') == 1, lea
        assert boxed in text.split('class="cim-decided"')[1].split("</li>")[0]


def test_not_placed_is_never_shown_as_a_clean_record():
    at = app(data="sample", lea="99101611300253")
    fine(fine(at.run()).switch_page("pages/lea.py").run())
    assert "Not placed: what is missing" in shown(at) and "is missed" not in shown(at)
    assert "It met all" not in shown(at) + shown(tab(at, "moves"))


def test_a_percentile_can_be_redone_from_what_the_page_shows():
    at = app(data="sample", lea="9910112")
    tab(fine(at.run()), "method")
    assert any("how the ranking came about" in one.value for one in at.header)
    assert "Achievement: mean of ELA distance and Math distance" in shown(at)


def test_only_facts_that_decide_under_these_rules_are_asked_about():
    at = upload(app(), "silent.csv", SILENT)
    assert "preschool" not in " ".join(radio.label for radio in at.radio)
    at = upload(app(rulebook="cde-2023"), "silent.csv", SILENT)
    assert "preschool" in " ".join(radio.label for radio in at.radio)


def test_a_file_without_any_target_says_why_nobody_is_placed():
    content = b"lea_code,lea_name,selpa,year,swd,susp_n,susp_d\n9900001,Oak,S,2023-24,300,5,310\n"
    at = upload(app(), "none.csv", content)
    fine(at.switch_page("pages/region.py").run())
    assert "No indicator in this file has a target in these rules" in shown(at)


def test_students_are_refused():
    at = upload(app(), "students.csv", b"SSID,Last Name,Birth Date\n1,A,2010-01-01\n")
    assert "expected totals of groups only" in at.error[0].value.replace("\\", "")
    assert "SSID" in at.error[0].value and "at_data" not in at.session_state
    kept = shelf.shelf()
    assert kept.get(hashlib.sha256(b"SSID,Last Name,Birth Date\n1,A,2010-01-01\n").hexdigest()) is None


MORE = ("sweep", "questions", "fairness", "saved")
GROUPS = tuple(ControlGroup)
FOLDED = (
    *(f"open_{group}" for group in GROUPS), *(f"more_{part}" for part in MORE),
    *(f"{name}_popover" for name in ("stack", "save", "download")),
)  # fmt: skip
"""The keys of all that is folded on What if."""


def whatif(at: AppTest, *opened: str) -> AppTest:
    """What if with some of what is folded opened: `open_` groups of controls, `more_` parts below."""
    fine(at.run())
    for name in opened:
        at.session_state[name] = True
    return fine(at.switch_page("pages/whatif.py").run())


@pytest.mark.parametrize("part", MORE)
@pytest.mark.parametrize("book", RULEBOOKS)
def test_every_part_of_what_if_runs_with_every_rulebook_and_a_scenario(part, book):
    one = scenario.Scenario(name="x", base=book, changes=changes({"targets.5a.value": Decimal("50")}))
    at = app(data="sample", rulebook=book, scenario=scenario.encode(one))
    fine(at.run())
    assert "Changed rules: not CDE's. Scenario “x”" in shown(at)
    whatif(at, f"more_{part}")
    assert "Not CDE's rules." in shown(at) and "x." in shown(at)


@pytest.mark.parametrize("book", RULEBOOKS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_group_of_controls_runs(group, book):
    at = whatif(app(data="sample", rulebook=book), f"open_{group}")
    assert at.slider and "Nothing is changed yet." in shown(at)


def test_a_damaged_scenario_in_a_link_is_said_and_left_out():
    at = fine(app(data="sample", scenario="1.nonsense").run())
    assert "does not fit the rules or data in use" in shown(at) and "of 24 LEAs" in shown(at)


def test_the_hash_of_an_upload_is_no_rulebook_and_no_scenario():
    at = upload(app(), "silent.csv", SILENT)
    digest = at.session_state["at_data"]
    fine(app(data="sample", rulebook=digest).run())
    fine(app(data="sample", scenario=digest).run())


def test_rules_show_what_is_changed():
    one = scenario.Scenario(name="x", changes=changes({"targets.5a.value": Decimal("50")}))
    at = app(data="sample", scenario=scenario.encode(one))
    fine(fine(at.run()).switch_page("pages/rules.py").run())
    text = shown(at)
    assert "What is changed" in text and ">53.2<" in text and ">50<" in text
    assert "≥50.0%" in shown(unfolded(at, "rules"))


def test_a_scenario_becomes_a_rulebook_of_ones_own():
    one = scenario.Scenario(name="Mine", changes=changes({"targets.5a.value": Decimal("50")}))
    at = whatif(app(data="sample", scenario=scenario.encode(one)), "save_popover")
    fine(at.button(key="as_rulebook").click().run())
    own = at.session_state["at_rulebook"]
    assert own.startswith("own-") and not at.session_state["at_scenario"]
    fine(at.switch_page("pages/rules.py").run())
    assert headline(at).startswith("Mine: the first of 7 rules")
    assert "What is changed" in shown(at) and "≥50.0%" in shown(at) and "≥53.2%" in shown(at)


def test_another_rulebook_and_a_threshold_of_its_own():
    one = scenario.Scenario(instead="cde-2023", changes=changes({"clauses.intensive-1.to": Decimal(12),
                            "clauses.level-3-percentile.over": Decimal(12)}))  # fmt: skip
    at = fine(app(data="sample", scenario=scenario.encode(one)).run())
    assert not [each for each in at.warning if "does not fit" in each.value]
    fine(at.switch_page("pages/whatif.py").run())
    assert "CDE monitoring 2023" in shown(at) and at.slider


def test_a_saved_scenario_is_never_overwritten():
    at = app(
        data="sample",
        scenario=scenario.encode(
            scenario.Scenario(name="X", changes=changes({"targets.5a.value": Decimal(50)}))
        ),
    )
    whatif(at, "save_popover")
    fine(at.button(key="save_scenario").click().run())
    other = scenario.Scenario(name="X", changes=changes({"targets.5a.value": Decimal(60)}))
    at.session_state["at_scenario"] = scenario.encode(other)
    fine(at.run())
    fine(at.button(key="save_scenario").click().run())
    assert set(saved_scenarios.held()) == {"X", "X 2"}


def test_no_range_is_worked_out_where_the_whole_state_would_be_ranked_again_and_again():
    at = whatif(app(data="sample"), "open_ranking")
    assert shown(at).count("Ranks the whole state anew.") == 3


def test_a_corrected_file_of_counts_takes_the_place_of_the_one_before():
    head = b"lea_code,year,area,group,cell,group_total\n"
    first = head + b"9900001,2023-24,removals_total,black,60,100\n"
    second = head + b"9900001,2023-24,removals_total,black,20,100\n"
    at = upload(app(), "selpa.csv", SILENT)
    for name, content in (("counts.csv", first), ("counts corrected.csv", second)):
        upload(at, name, content)
    said = labels(step(at, "result"))
    assert "counts corrected.csv" in said and "Counted twice" not in said
    files = bundle.loads(shelf.shelf().get(at.session_state["at_data"])[1].decode()).parts
    assert [part.file for part in files] == ["selpa.csv", "counts corrected.csv"]
