from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def script(folder: str, files: tuple[str, ...], lea: str, year: str) -> None:
    from pathlib import Path
    from types import SimpleNamespace

    from cim_core import intake
    from cim_core.placing import checked_files
    from cim_core.placing.placement import place
    from cim_core.rules import rulebook_file
    from ui.lea import disproportionality_panels

    taken = checked_files.read_all([intake.open_path(Path(folder) / file) for file in files])
    placements = place(taken.dataset, rulebook_file.load())
    view = SimpleNamespace(placements=placements, intake=taken)
    disproportionality_panels.disproportionality(view, placements.dataset.row_of(lea, year))


def panel(*files: str, lea: str, year: str = "2024-25", folder: str = "sample_data") -> AppTest:
    ran = AppTest.from_function(script, args=(str(ROOT / folder), files, lea, year), default_timeout=30)
    ran.session_state["disproportionality"] = True
    ran.run()
    assert not ran.exception
    return ran


def text_of(ran: AppTest) -> str:
    parts = [one.proto.body for one in ran.get("html")] + [one.value for one in (*ran.markdown, *ran.caption)]
    return re.sub(r"\\(.)", r"\1", re.sub(r"<[^>]+>", " ", "\n".join(parts)))


SELPA, COUNTS = "invented_selpa.csv", "invented_counts.csv"


def test_finding_picture_table_and_method():
    ran = panel(SELPA, COUNTS, lea="9910056")
    (block,) = ran.expander
    assert "Black students" in block.label and "second year in a row" in block.label
    text = text_of(ran)
    assert "Above parity" in text and "(over)" in text and "300.646" in text and "assumed" in text
    assert "The counts are shown beside it" in text and "Where no risk ratio" not in text
    assert "Indicators 4b, 9 and 10 are CDE's own counts" in text and "differ from indicator 5b's" in text
    ran.toggle[0].set_value(True).run()
    assert "fewer students in the group than the minimum" in text_of(ran)


@pytest.mark.parametrize(
    ("files", "lea", "said"),
    [
        ((SELPA,), "9910056", "upload counts"),
        ((SELPA, COUNTS), "9910007", "upload counts"),
        ((SELPA, COUNTS), "9910105", "these counts feed the rules"),
        ((COUNTS,), "9910091", "Significant disproportionality: yes, worked out from counts"),
    ],
)
def test_what_counts_are_for(files, lea, said):
    assert said in text_of(panel(*files, lea=lea))


def test_suspension_of_all_students_is_marked():
    file = "suspension_by_race_2024_25.csv"
    ran = panel(file, lea="19647330000000", folder="tests/fixtures")
    assert ran.expander[0].label.startswith("Suspensions of all students")
    text = text_of(ran)
    assert "decides nothing" in text and "577 of 39,763 (1.5%)" in text and "3.06 – 3.67" in text
    assert "405" in text and not ran.toggle


def test_cells_over_the_line_stand_out_and_those_without_a_ratio_do_not():
    ran = panel(SELPA, COUNTS, lea="9910056")
    (table,) = [one.proto.body for one in ran.get("html") if "cim-ratios" in one.proto.body]
    cells = re.findall(r'<td class="([^"]*)" title="([^"]*)">([^<]*)</td>', table)
    assert len(cells) % 7 == 0
    over = [(said, shown) for css, said, shown in cells if css == "cim-over"]
    assert over and all("over" in said and float(shown.rstrip("ˢ")) > 3 for said, shown in over)
    nothing = {shown for css, _, shown in cells if css == "cim-none"}
    assert nothing <= {*"◌*?–", "÷0"} and "◌" in nothing
    assert all(css == "cim-none" or float(shown.rstrip("ˢ")) for css, _, shown in cells)
