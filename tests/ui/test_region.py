"""The page of a region: its sentence, the bar that filters, the matrix and its numbers, the table, files."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.data.indicators import POSITION
from cim_core.outlook import closeness
from cim_core.outlook.change_search import ground
from cim_core.outlook.levers import Way
from cim_core.placing import settled
from cim_core.placing.placement import Result
from cim_core.words.disclosure import WORKING
from tests.conftest import sample_placements
from tests.ui.sent import SAMPLES, headline
from tests.ui.test_pages import app, fine, shown, upload
from ui.region import order
from ui.shared import results

YEAR = "2024-25"
_ROW = re.compile(r'<tr(?: class="cim-next")?><td>.*?</tr>', re.DOTALL)


def region(**query: str) -> AppTest:
    return fine(fine(app(**({"data": "sample"} | query)).run()).switch_page("pages/region.py").run())


def html(at: AppTest, css: str) -> str:
    return next(one.proto.body for one in at.get("html") if css in one.proto.body)


def names(at: AppTest) -> list[str]:
    """The whole names in the matrix, in their order; they are shown short where nobody is mistaken."""
    body = html(at, "cim-mx").split("cim-region-list")[0]
    return re.findall(r'<th scope="row" class="cim-lea"><a [^>]*title="([^"]*)"', body)


def of_table(at: AppTest) -> list[str]:
    return re.findall(r"<tr><td[^>]*><a [^>]*>([^<]*)</a>", html(at, "cim-region-table"))


def test_the_sentence_says_what_is_missed_most():
    assert headline(region()) == "5a, regular class, is missed most: 10 of 23 LEAs."


def test_each_line_holds_the_numbers_of_its_lea():
    placements = sample_placements()
    data, at = placements.dataset, region()
    body = html(at, "cim-mx").split("cim-region-list")[0]
    rows = dict(zip(names(at), _ROW.findall(body.split("<tfoot>")[0]), strict=True))
    assert len(rows) == 24
    for row in data.rows_of_year(YEAR).tolist():
        found = rows[str(data.lea_name[row])]
        missed = str(int(placements.missed[row])) if placements.count_known[row] else "–"
        assert f"<b>{missed}</b><span>/{int(placements.counted[row])}</span>" in found
        elements = [POSITION[code] for code in placements.rulebook.elements.indicators]
        crossed = int((placements.results[row, elements] == Result.MISSED).sum())
        assert found.count("×") == crossed
        assert f'aria-label="{WORKING.say(placements.placement(row).label)}"' in found


def test_the_foot_sums_who_misses_each_indicator():
    placements = sample_placements()
    rows = placements.dataset.rows_of_year(YEAR).tolist()
    each = (placements.results[rows] == Result.MISSED).sum(axis=0)
    foot = html(region(), "cim-mx").split("<tfoot>")[1].split("</tfoot>")[0]
    sums = [int(number or 0) for number in re.findall(r"<td>(\d*)</td>", foot)][1:]
    assert sums == [int(each[POSITION[code]]) for code in placements.rulebook.elements.indicators]


def test_the_bar_counts_every_lea_once_and_denies_nobody():
    placements = sample_placements()
    rows = placements.dataset.rows_of_year(YEAR).tolist()
    bar = html(region(), "cim-seg")
    numbers = re.findall(r"<b>(\d+)(?:–(\d+))?</b>", bar)
    assert sum(int(low) for low, _ in numbers) == len(rows)
    stand = Counter(settled.of(placements, row) for row in rows)
    could = Counter(
        other for row in rows for other in placements.could_be(row) if other > placements.placement(row)
    )
    for standing, count in stand.items():
        more = could[standing.placement] if standing.settled else 0
        written = f"{count}–{count + more}" if more else str(count)
        assert f"{written} {WORKING.say(standing.said)}: show only these" in bar


def test_a_part_of_the_bar_shows_its_leas_alone_and_an_unknown_one_all():
    placements = sample_placements()
    rows = placements.dataset.rows_of_year(YEAR).tolist()
    intensive = [row for row in rows if placements.placement(row).name == "Intensive"]
    at = region(show="intensive")
    assert len(names(at)) == len(of_table(at)) == len(intensive)
    assert "aria-current=true" in html(at, "cim-seg")
    assert len(names(region(show="intensive,universal"))) > len(intensive)
    assert len(names(region(show="nowhere"))) == 24
    to = html(at, "cim-seg").split("aria-current=true")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "show" not in to, "pressed again, all are shown"


def test_a_name_narrows_and_an_empty_result_helps():
    at = region()
    at.text_input(key="filter_name").set_value("oak").run()
    assert names(fine(at)) == ["Oak Bend Elementary"]
    at.text_input(key="filter_name").set_value("zzz").run()
    assert "No LEA fits" in fine(at).info[0].value


@pytest.mark.parametrize("way", list(Way))
def test_it_is_sorted_by_what_would_move_them(way):
    placements = sample_placements()
    on = ground(placements, YEAR)
    at = region()
    fine(at.selectbox(key="filter_order").set_value(way.value).run())
    rows = placements.dataset.rows_of_year(YEAR).tolist()
    every = closeness(on, rows)
    found = {row: one for row, near in every.items() if (one := near.fewest(way))}
    for row, near in every.items():
        counts = [one.count for one in near.deciders if (one.placement > near.placement) == (way is Way.MORE)]
        assert (min(counts) if counts else None) == (found[row].count if row in found else None)
    nearest = sorted(found, key=lambda row: found[row].count)
    expected = [str(placements.dataset.lea_name[row]) for row in nearest]
    assert names(at)[: len(expected)] == of_table(at)[: len(expected)] == expected
    first = min(found.values(), key=lambda one: one.count)
    late = " late" if first.indicators else ""
    written = f"{first.count}{late} → {first.placement.code}"
    assert html(at, "cim-mx").count(written) >= 2, "beside the name, in the matrix and in the list"
    assert written in html(at, "cim-region-table")


def test_rows_follow_the_letter_and_the_reading_is_a_mark():
    head, *lines = (SAMPLES / "invented_selpa.csv").read_text("utf-8").splitlines()
    letters = [f"{head},cde_placement", *(f"{line},Targeted Level 2" for line in lines)]
    at = upload(app(), "letters.csv", "\n".join(letters).encode())
    fine(at.switch_page("pages/region.py").run())
    body = html(at, "cim-mx").split("cim-region-list")[0]
    assert body.count('aria-label="Targeted Level 2"') == 24
    differs = names(at)
    fine(at.toggle(key="filter_differs").set_value(True).run())
    assert 0 < len(names(at)) < len(differs)
    table = html(at, "cim-region-table")
    assert table.count("≠") == len(names(at)) and 'aria-label="Intensive"' in table


def test_the_file_of_a_region_says_how_near_each_placement_is(downloads):
    region()
    view = opened()
    rows = order.export_rows(view, view.placements.dataset.rows_of_year(YEAR).tolist())
    assert len(rows) == 24 and {"fragile", "close", "solid", "not_tested"} >= {
        one["closeness"] for one in rows
    }
    fragile = [one for one in rows if one["closeness"] == "fragile"]
    assert fragile and all(one["decides_students"] is not None for one in fragile)
    assert downloads["placements_2024-25.csv"]().decode().count("\n") == 25


def opened() -> results.View:
    """What the session of a page looks at, without the page."""
    import streamlit as st

    st.session_state["at_data"] = "sample"
    view = results.view()
    assert view is not None
    return view


def test_the_saved_picture_holds_every_name_and_mark(downloads):
    region()
    svg = downloads["region_2024-25.svg"]().decode()
    placements = sample_placements()
    rows = placements.dataset.rows_of_year(YEAR).tolist()
    elements = [POSITION[code] for code in placements.rulebook.elements.indicators]
    assert svg.count(">×</text>") == int((placements.results[rows][:, elements] == Result.MISSED).sum())
    assert "Kelp Harbor" in svg and "is missed most" in svg
    assert downloads["region_2024-25.png"]().startswith(b"\x89PNG")


def test_a_long_name_is_whole_in_the_table_and_shortened_in_the_picture(downloads):
    name = "Sierra Foothills Regional Consortium for Special Education Services"
    lines = f"9900001,{name},S,2023-24,300,40\n9900002,Elm,S,2023-24,300,80\n"
    at = upload(app(), "long.csv", f"lea_code,lea_name,selpa,year,swd,5a\n{lines}".encode())
    fine(at.switch_page("pages/region.py").run())
    assert of_table(at)[0] == names(at)[0] == name
    svg = downloads["region_2023-24.svg"]().decode()
    assert name not in svg and f"{name[:35].rstrip()}…" in svg


def test_without_a_target_it_says_so():
    content = (
        b"lea_code,lea_name,selpa,year,swd,5a\n9900001,Oak,S,2023-24,300,70\n9900002,Elm,S,2023-24,300,80\n"
    )
    at = upload(app(), "met.csv", content)
    assert "No LEA here misses a target." in shown(fine(at.switch_page("pages/region.py").run()))
    head = b"lea_code,lea_name,selpa,year,swd,susp_n,susp_d\n"
    content = head + b"9900001,Oak,S,2023-24,300,5,310\n9900002,Elm,S,2023-24,300,5,310\n"
    at = upload(app(), "none.csv", content)
    assert "No target can be counted here." in shown(fine(at.switch_page("pages/region.py").run()))
