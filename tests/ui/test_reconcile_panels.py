"""The panel of assumptions: on request, best first, all that fit equally well, and rules that say they were
fitted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import app, fine, shown, upload

HEAD = "lea_code,lea_name,selpa,year,swd,disproportionate_years,newly_disproportionate,minor_findings,5a,8,11"
LEAS = (
    ("Oak", "Universal", 50, 99),
    ("Elm", "Targeted Level 1", 40, 99),
    ("Fir", "Targeted Level 1", 60, 80),
)


def script() -> None:
    from ui.letters import reconcile_panels
    from ui.shared import frame, results

    frame.begin()
    view = results.view()
    assert view is not None
    reconcile_panels.panel(view)


def content(leas=LEAS, letters: bool = True) -> bytes:
    lines = [HEAD + (",cde_placement" if letters else "")]
    for at, (name, letter, rate, parents) in enumerate(leas):
        line = f"990000{at + 1},{name},My SELPA,2023-24,90,0,no,0,{rate},{parents},100"
        lines.append(line + (f",{letter}" if letters else ""))
    return "\n".join(lines).encode() + b"\n"


def opened(data: bytes, **more: str) -> AppTest:
    """The panel on an upload, everything that is not in it taken as none."""
    page = upload(app(), "letters.csv", data)
    at = AppTest.from_function(script, default_timeout=60)
    at.query_params["data"] = page.session_state["at_data"]
    for key, value in {"assume": "elements,preschool", "reference": "none", **more}.items():
        at.query_params[key] = value
    return fine(at.run())


def press(at: AppTest, key: str) -> AppTest:
    return fine(at.button(key=key).click().run())


def started(data: bytes) -> AppTest:
    """The panel with what it found; what was found before is there at once."""
    at = opened(data)
    there = "reconcile_start" in [button.key for button in at.button]
    return press(at, "reconcile_start") if there else at


def plain(box) -> list[str]:
    """The options of a choice without what protects them from Markdown."""
    return [option.replace("\\", "") for option in box.options]


@pytest.fixture(scope="module")
def searched() -> AppTest:
    return started(content())


def test_without_letters_it_says_so():
    at = opened(content(letters=False))
    assert "No letter is entered" in shown(at) and not at.button


def test_nothing_is_searched_before_somebody_asks():
    at = opened(content([("Pine", "Universal", 41, 99)]))
    assert [button.key for button in at.button] == ["reconcile_start"]
    assert "letters fit" not in shown(at)


def test_who_speaks_against_the_rules_as_they_are_and_with_which_numbers(searched):
    said = shown(searched)
    assert "As it is: 2 of 3 letters fit, and Oak speaks against it." in said
    assert "Oak: the letter says “Universal”, the reading is Targeted Level 1 (1 target missed" in said
    assert "Best: All 3 letters fit." in said


def test_what_explains_more_stands_first(searched):
    folded = [part.label for part in searched.expander]
    assert "more letters than the rules as they are" in folded[0]
    assert any("explain as many" in label for label in folded[1:])
    assert "target ≥: above 40%, up to 50%" in shown(searched)


def test_all_that_fit_best_can_be_chosen(searched):
    box = (searched.radio or searched.selectbox)[0]
    assert len(box.options) >= 1 and any("above 40%, up to 50%" in option for option in plain(box))
    assert f"{len(box.options)} setting" in box.label


def test_the_chosen_one_becomes_rules_that_say_what_they_are():
    at = started(content())
    box = (at.radio or at.selectbox)[0]
    wanted = next(n for n, option in enumerate(plain(box)) if "up to 50%" in option)
    fine(box.set_value(wanted).run())
    press(at, "reconcile_use")
    assert at.session_state["at_rulebook"].startswith("own-")
    from ui.shared import placed, shelf

    title = shelf.shelf().titles(shelf.OWN)[at.session_state["at_rulebook"]]
    assert title == "CIM At-A-Glance, fitted to letters"
    rules = placed.rulebook(at.session_state["at_rulebook"])
    assert (rules.fitted.letters, rules.fitted.explained) == (3, 3)
    assert Decimal(40) < rules.target("5a").value <= 50
    press(at, "reconcile_start")
    assert "As it is: All 3 letters fit." in shown(at)


@pytest.mark.full
def test_two_at_once_on_request():
    leas = (*LEAS[:2], ("Fir", "Universal", 60, 80), ("Yew", "Targeted Level 1", 39, 99))
    at = started(content(leas))
    assert "As it is: 2 of 4 letters fit" in shown(at)
    assert "Two at once were not." in shown(at)
    press(at, "reconcile_pairs")
    (pairs,) = [part for part in at.expander if "than either alone" in part.label]
    assert pairs.get("html") and "All 4 letters fit." in shown(at)
    box = (at.radio or at.selectbox)[0]
    assert any(" + " in option and "up to 50" in option for option in plain(box))


def test_what_was_found_is_kept():
    data = content([("Yew", "Universal", 42, 99), ("Ash", "Universal", 99, 99)])
    press(opened(data), "reconcile_start")
    again = opened(data)
    assert "1 of 2 letters fit, and Yew speaks against it." in shown(again)
    assert "reconcile_start" not in [button.key for button in again.button]


def page(name: str, **more: str) -> str:
    at = upload(app(), "letters.csv", content())
    for key, value in more.items():
        at.session_state[f"at_{key}"] = value
    at.session_state["at_assume"] = "elements,preschool"
    return shown(fine(at.switch_page(f"pages/{name}.py").run()))


def test_what_if_says_whose_letters_the_rules_in_use_do_not_explain():
    assert "The rules in use do not explain 1 of 3 letters: Oak." in page("whatif")


def test_an_lea_whose_letter_is_not_explained_says_so_before_its_margins():
    said = "CDE's letter says “Universal”, and the rules in use come to Targeted Level 1."
    assert said in page("lea", lea="9900001", tab="method")
    assert "the rules in use come to" not in page("lea", lea="9900002", tab="method")
