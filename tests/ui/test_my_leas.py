"""My LEAs: the question, the pasted list, the switch; every page, count and download speaks of mine."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from cim_core.intake.my_leas import Choice
from tests.ui.sent import bar, headline
from tests.ui.test_pages import app, fine, shown, step, upload
from ui.shared import my_leas, shelf

MINE, OTHERS, MANY = 12, 4, 100
HEAD = "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,sig_dis,percentile,5a_n,5a_d"


def line(code: int, name: str, selpa: str, year: str = "2023-24") -> str:
    return f"{code},{name},{selpa},{year},300,0,0,no,{10 + code % 80},{40 + 30 * (code % 3 == 0)},100"


def file_of(*selpas: tuple[str, int]) -> bytes:
    """A file with so many LEAs of each SELPA, in two years."""
    lines, code = [HEAD], 9_900_000
    for selpa, size in selpas:
        for at in range(size):
            code += 1
            for year in ("2022-23", "2023-24"):
                lines.append(line(code, f"{selpa} District {at + 1}", selpa, year))
    return "\n".join(lines).encode()


TWO = file_of(("Alder", MINE), ("Birch", OTHERS))
LARGE = file_of(("Alder", MINE), ("", MANY))
"""Most of a state, in which no SELPA is named for the others."""
CODES = "\n".join(str(9_900_001 + at) for at in range(MINE))


def opened(content: bytes = TWO, name: str = "state.csv") -> AppTest:
    return upload(app(), name, content)


def plain(text: str) -> str:
    return text.replace("\\", "")


def link(at: AppTest) -> AppTest:
    """The address of a session opened in another one, on the page Start with the bar on top."""
    return fine(app(**dict(at.query_params)).run())


def box(kind: str, at: AppTest):
    """The widget of the question on the page of the data."""
    every = [*at.multiselect, *at.text_area, *at.text_input]
    return next(one for one in every if str(one.key).startswith(f"mine_{kind}_page"))


def paste(at: AppTest, text: str) -> AppTest:
    box("pasted", at).set_value(text)
    return fine(at.button(key="mine_use_page").click().run())


def go(at: AppTest, page: str) -> AppTest:
    return fine(at.switch_page(f"pages/{page}.py").run())


def test_nothing_is_asked_about_one_selpa():
    at = opened(file_of(("Alder", MINE)))
    assert "Which LEAs are yours?" not in shown(at) and not [b for b in at.button if b.key == "mine_ask"]


def test_until_it_is_answered_everybody_is_shown():
    at = opened()
    assert plain(at.expander[0].label) == "Which LEAs are yours?"
    assert f"{MINE + OTHERS} LEAs" in shown(go(at, "start"))


def test_a_pasted_list_is_looked_at_on_every_page(downloads):
    at = paste(opened(), CODES)
    assert at.session_state["at_mine"].count("~") == MINE - 1
    assert f"{MINE} of the {MINE + OTHERS} LEAs" in plain(at.expander[0].label)
    for page in ("start", "region", "data", "movement", "whatif", "lea", "rules", "letters"):
        text = shown(go(at, page))
        assert "Birch District" not in text, page
    assert f"{MINE} LEAs" in shown(go(at, "start"))
    assert shown(go(at, "region")).count('<th scope="row" class="cim-lea"><a') == MINE
    exported = downloads["placements_2023-24.csv"]().decode()
    assert exported.count("Alder District") == MINE and "Birch" not in exported


def choices(at):
    """The page with what is folded in the header opened."""
    at.session_state["bar_change"] = True
    return fine(at.run())


def test_a_link_opened_elsewhere_looks_at_the_same_and_its_switch_shows_all():
    at = link(paste(opened(), CODES))
    assert f"{MINE} LEAs" in shown(at)
    switch = choices(at).get("button_group")[0]
    assert switch.key == "mine_shown" and switch.options == [
        f"My LEAs ({MINE})",
        f"All in the file ({MINE + OTHERS})",
    ]
    fine(switch.set_value("all").run())
    assert f"{MINE + OTHERS} LEAs" in shown(at)
    whole = link(at)
    assert f"{MINE + OTHERS} LEAs" in shown(whole)
    fine(choices(whole).get("button_group")[0].set_value("").run())
    assert f"{MINE} LEAs" in shown(whole) and whole.session_state["at_whole"] == ""


def test_the_choice_is_kept_with_the_files():
    """An address that names the files alone finds it; one of before the choice does not."""
    before = opened()
    first = before.query_params["data"]
    after = paste(before, CODES)
    then = after.query_params["data"]
    assert first != then
    assert f"{MINE} LEAs" in shown(fine(app(data=then).run()))
    assert f"{MINE + OTHERS} LEAs" in shown(fine(app(data=first).run()))


def test_a_whole_selpa_and_a_typed_name():
    at = opened()
    box("selpas", at).set_value(["Birch"])
    box("region", at).set_value("Foothill _region_")
    fine(at.button(key="mine_use_page").click().run())
    assert at.session_state["at_mine"] == "n:Foothill _region_~s:Birch"
    assert bar(link(at)).startswith("Foothill _region_")


def test_all_in_the_file_is_an_answer():
    at = opened()
    fine(at.button(key="mine_all_page").click().run())
    assert f"{MINE + OTHERS} LEAs" in shown(go(at, "start"))
    assert not next(one for one in go(at, "data").expander if "yours" in one.label).proto.expanded


def test_lines_that_are_not_found_are_said_with_the_nearest_names():
    at = paste(opened(), "9900001\nBirch Distrct 2\nqqqq")
    assert at.session_state["at_mine"] == "9900001"
    text = shown(at)
    assert "2 lines of your list were not found" in text and "“qqqq”: not found, and no name" in text
    pills = next(one for one in at.get("button_group") if one.key.startswith("mine_line"))
    assert plain(pills.options[0]).startswith("Birch District")
    fine(pills.set_value("99000140000000").run())
    assert at.session_state["at_mine"] == "9900001~9900014" and "1 line of your list" in shown(at)


def test_nothing_chosen_is_said():
    assert "Choose or paste at least one LEA" in shown(paste(opened(), " "))


def test_a_long_list_stays_on_the_shelf_and_a_lost_one_is_said():
    at = paste(opened(LARGE), "\n".join(str(9_900_001 + at) for at in range(MINE + MANY - 1)))
    assert at.session_state["at_mine"].startswith(shelf.LIST)
    assert f"of {MINE + MANY - 1} LEAs" in headline(link(at))
    lost = fine(app(data=at.query_params["data"], mine=shelf.LIST + "0" * 64).run())
    assert "None of the LEAs that were chosen is in these files" in shown(lost)
    assert my_leas.read(shelf.LIST + "0") == Choice()


def test_more_than_80_are_bars_and_their_names_stand_by_page():
    at = go(opened(LARGE), "start")
    assert "cim-bars" in shown(at) and "cim-chip" not in shown(at)
    page = next(one for one in at.selectbox if str(one.key).startswith("many_page"))
    assert len(page.options) == 2
    names = [
        f"{selpa} District {at + 1}" for selpa, size in (("Alder", MINE), ("", MANY)) for at in range(size)
    ]
    listed = sum(f">{name.strip()}</a>" in shown(at) for name in names)
    assert listed >= 100
    fine(page.set_value(100).run())
    assert sum(f">{name.strip()}</a>" in shown(at) for name in names) < 100


def test_one_lea_is_shown_beside_those_like_it():
    at = paste(opened(), "9900001")
    region = go(at, "region")
    assert headline(region) == "Alder District 1 and LEAs like it"
    assert "Birch District" not in headline(region) and not region.expander
    assert "cim-badge cim-ours" in shown(region) and "LEAs of like size" in shown(region)


def test_an_lea_that_is_not_mine_can_still_be_looked_at():
    at = paste(opened(), CODES)
    at.session_state["at_lea"] = "9900013"
    text = shown(go(at, "lea"))
    assert "Birch District 1" in text and "is not one of your LEAs" in text


def test_what_was_found_about_other_leas_is_left_out_and_that_is_said():
    bad = TWO.replace(b",40,100\n", b",forty,100\n")
    at = opened(bad)
    found = shown(step(at, "result"))
    assert "9900001" in found and "9900013" in found
    text = shown(step(paste(step(at, "questions"), CODES), "result"))
    assert "9900001" in text and "LEA 9900013" not in text
    assert "What was found about other LEAs stands under “All in the file”." in text


def test_the_sample_is_looked_at_whole():
    at = paste(opened(), CODES)
    fine(step(at, "file").button(key="open_sample").click().run())
    assert at.session_state["at_mine"] == "" and "24 LEAs" in shown(go(at, "start"))


def test_everybody_improving_means_mine():
    at = paste(opened(), CODES)
    at.session_state["open_data"] = True
    go(at, "whatif")
    box = next(one for one in at.number_input if one.key == "improve")
    assert "each of your LEAs improves" in box.label
    fine(box.set_value(40.0).run())
    moved = shown(at)
    assert "1 LEA moves, to a" in moved and "Birch District" not in moved
