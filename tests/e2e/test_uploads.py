"""Every layout and every kind of damage in a real browser: the placement, or the message that mends."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, Page, expect

from cim_core.intake import LAYOUTS
from cim_core.words import messages
from tests.e2e.conftest import click_at, settle, visit
from tests.workbooks import ods

pytestmark = pytest.mark.e2e

WIDE = (
    "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,sig_dis,percentile,5a_n,5a_d,11_n,11_d\n"
    "9900001,Meadow Unified,My SELPA,2023-24,300,0,0,no,45,500,1000,10,10\n"
    "9900002,Brook Elementary,My SELPA,2023-24,240,0,0,no,60,600,1000,20,20\n"
)
DATA = "h1"


def xlsx(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


CELLS = [line.split(",") for line in WIDE.splitlines()]
GOOD = xlsx([list(row) for row in CELLS])


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return {name: made.read(name) for name in made.namelist()}


ENTITIES = members(GOOD) | {
    "xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + members(GOOD)["xl/workbook.xml"]
}

READ = {
    "semicolon.csv": WIDE.replace(",", ";").encode(),
    "tabs.tsv": ("\ufeff" + WIDE.replace(",", "\t").replace("\n", "\t\r\n")).encode(),
    "pipe.txt": WIDE.replace(",", "|").encode("utf-16"),
    "windows.csv": WIDE.replace("Meadow", "La Cañada").encode("cp1252"),
    "book.xlsx": GOOD,
    "macros.xlsm": GOOD,
    "sheet.ods": ods([list(row) for row in CELLS]),
    "named_wrong.csv": GOOD,
    "title.xlsx": xlsx([["My SELPA"], [], *([f"{cell}\n" for cell in row] for row in CELLS)]),
}
REFUSED = {
    "empty.csv": (b"\n\n", "Empty file"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(100), "Not a table"),
    "page.xls": (b"<html><table><tr><td>5a</td></tr></table></html>", "A web page, not a table"),
    "cut.xlsx": (GOOD[: len(GOOD) // 2], "Damaged workbook"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Damaged workbook"),
    "locked.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "Workbook with a password",
    ),
    "bomb.xlsx": (
        archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"<a/>" * 3_000_000}),
        "Workbook unpacks too large",
    ),
    "entities.xlsx": (archive(ENTITIES), "Unsafe workbook"),
    "inside.xlsx": (archive(members(GOOD) | {"xl/embeddings/a.xlsx": b"x"}), "A file inside the file"),
    "quote.csv": (WIDE.replace("Meadow", '"Meadow').encode(), "Quotation mark not closed"),
    "columns.csv": (b"a," * 600 + b"\n", "Too many columns"),
}
DAMAGED = {
    "rate.csv": (WIDE.replace(",500,1000,", ",five hundred,1000,"), "Not a number"),
    "exponent.csv": (WIDE.replace(",500,", ",1e3,"), "Not a number"),
    "formula.csv": (WIDE.replace(",500,", ",=1+1,"), "Not a number"),
    "more.csv": (WIDE.replace(",500,1000,", ",1001,1000,"), "More than all"),
    "year.csv": (WIDE.replace("Unified,My SELPA,2023-24", "Unified,My SELPA,2023-25"), "Year not readable"),
    "code.csv": (WIDE.replace("9900001", "1.9E+13"), "LEA code has lost digits"),
    "twice.csv": (WIDE + WIDE.splitlines()[1].replace("500", "501") + "\n", "LEA given twice for a year"),
    "unknown.csv": (WIDE.replace("9900001", "7799999"), "Code not in the state list"),
    "total.csv": (WIDE + "Total,,,2023-24,540,,,,,1100,2000,30,30\n", "Total row set aside"),
    "selpa.csv": (WIDE + "1912,My SELPA,,2023-24,540,,,,,1100,2000,30,30\n", "SELPA row set aside"),
    "name.csv": (WIDE.replace("9900001", "1964733"), "Name does not fit the code"),
    "selpas.csv": (
        WIDE + WIDE.splitlines()[1].replace("2023-24", "2022-23").replace("My SELPA", "Other") + "\n",
        "LEA in two SELPAs",
    ),
    "nested.csv": (
        "lea_code,lea_name,year,14a,14b\n9900001,Meadow Unified,2023-24,60,50\n", "Rates out of order",
    ),
    "shares.csv": (
        "lea_code,lea_name,year,5a,5b,5c\n9900001,Meadow Unified,2023-24,60,40,10\n",
        "Settings add up to more than 100%",
    ),
    "differs.csv": (
        "lea_code,lea_name,year,5a,5a_n,5a_d\n9900001,Meadow Unified,2023-24,60,40,100\n",
        "Rate is not numerator ÷ denominator",
    ),
    "jump.csv": (
        WIDE + WIDE.splitlines()[1].replace("2023-24", "2022-23").replace("500,1000", "900,1000") + "\n",
        "Large change from last year",
    ),
    "none.csv": (WIDE.replace(",500,1000,", ",0,0,"), "0 out of 0"),
}  # fmt: skip


def to_step(page: Page, name: str) -> None:
    """Go to a step by the rail, unless it is the one that is shown."""
    link = page.locator(".cim-rail").get_by_role("link", name=name)
    if link.count():
        link.click()
        settle(page)


def give(page: Page, name: str, content: bytes, replacing: bool = False) -> None:
    """Upload a file in step 1; `replacing`: in place of everything that is open."""
    to_step(page, "File")
    if replacing:
        page.get_by_text("replaces what is open").click()
        settle(page)
    page.locator("[class*=st-key-upload_] input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def read(page: Page, name: str) -> Locator:
    """The line of a file among what was read, in step 3, once it is there."""
    expect(page.locator(".cim-rail .cim-on")).not_to_contain_text("File", timeout=20_000)
    settle(page)
    to_step(page, "Result")
    line = page.locator(".st-key-card_read [class*=st-key-file_]", has_text=name)
    expect(line).to_be_visible(timeout=20_000)
    return line


def opened(page: Page, server: str, name: str, content: bytes) -> None:
    visit(page, f"{server}/data")
    give(page, name, content)


@pytest.mark.full
@pytest.mark.full
def test_each_layout_is_recognized_and_its_leas_are_there(page: Page, server: str):
    opened(page, server, "good.csv", WIDE.encode())
    read(page, "good.csv")
    for layout in LAYOUTS:
        name = f"{layout.id}_susp.txt"
        give(page, name, layout.example.encode(), replacing=True)
        line = read(page, name)
        line.get_by_text(name).click()
        expect(line).to_contain_text(messages.text(f"layout.{layout.id}.title"), timeout=20_000)
        expect(page.locator(DATA)).to_contain_text(re.compile(r"\d LEAs? w(as|ere) read"))
        assert page.locator("[data-testid=stException]").count() == 0, name
        settle(page)


def test_each_kind_of_file_gives_the_same_placements(page: Page, server: str):
    visit(page, f"{server}/data")
    for name, content in READ.items():
        give(page, name, content)
        read(page, name)
        expect(page.locator(DATA)).to_have_text("All 2 LEAs were read. None is settled.")
        settle(page)


def test_what_cannot_be_read_says_why(page: Page, server: str):
    visit(page, f"{server}/data")
    for name, (content, title) in REFUSED.items():
        give(page, name, content)
        refused = page.locator("[data-testid=stAlert]", has_text=name)
        expect(refused).to_contain_text(title, timeout=20_000)
        assert page.locator("[data-testid=stException]").count() == 0, name
        assert "data=" not in page.url
        settle(page)


@pytest.mark.full
def test_each_kind_of_damage_is_said(page: Page, server: str):
    opened(page, server, "good.csv", WIDE.encode())
    read(page, "good.csv")
    for name, (content, title) in DAMAGED.items():
        give(page, name, content.encode(), replacing=True)
        read(page, name)
        expect(page.get_by_text(f": {title} (1)")).to_be_visible(timeout=20_000)
        assert page.locator("[data-testid=stException]").count() == 0, name
        settle(page)


def test_students_are_refused_and_nothing_is_kept(page: Page, server: str):
    opened(page, server, "students.csv", b"SSID,Last Name,DOB,5a\n1234567890,A,2010-01-01,1\n")
    refused = page.locator("[data-testid=stAlert]")
    expect(refused).to_contain_text("found SSID", timeout=20_000)
    expect(refused).to_contain_text("Nothing was kept")
    assert "data=" not in page.url


@pytest.mark.full
def test_an_unknown_file_is_tied_by_keyboard_and_the_next_one_is_offered_the_same(page: Page, server: str):
    own = "Dist Code,District,Measure A,Count\n9900001,Meadow Unified,53.2,1000\n9900002,Brook,61.0,50\n"
    opened(page, server, "own.csv", own.encode())
    expect(page.locator(DATA)).to_contain_text("One question before your LEAs", timeout=20_000)
    settle(page)
    grid = page.locator("[data-testid=stDataFrame]").first
    click_at(page, grid, 60, 35 + 17)  # the first cell; from here on by keyboard only
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    settle(page)
    page.keyboard.type("5a Regular class ≥ 80%: rate", delay=20)
    settle(page)
    page.keyboard.press("Enter")
    settle(page)
    page.locator("[class*=st-key-map_year_] input").fill("2023-24")
    page.keyboard.press("Enter")
    settle(page)
    page.locator("[class*=st-key-map_use_] button").click()
    expect(page.locator(".cim-lead")).to_contain_text("2 LEAs", timeout=20_000)
    settle(page)
    give(page, "next.csv", own.replace("53.2", "54.1").encode())
    expect(page.get_by_text("You have matched a file of this shape before.")).to_be_visible(timeout=20_000)
    settle(page)
    page.locator("[class*=st-key-map_known_] button").click()
    year = page.get_by_role("radiogroup", name=re.compile("Which school year"))
    expect(year).to_be_visible(timeout=20_000)
    settle(page)
    year.get_by_text("2024-25").click()
    settle(page)
    to_step(page, "Result")
    expect(page.locator(".st-key-card_read")).to_contain_text("2023-24 to 2024-25", timeout=20_000)


def test_a_year_is_asked_for_and_typed(page: Page, server: str):
    opened(page, server, "no_year.csv", b"lea_code,lea_name,swd,5a,8\n9900001,Meadow,300,53.2,95\n")
    expect(page.locator(DATA)).to_have_text("One question before your LEAs can be placed.", timeout=20_000)
    settle(page)
    box = page.get_by_label("Or another school year")
    box.fill("2020-21")
    box.press("Enter")
    expect(page.locator(".cim-lead")).to_contain_text("1 LEA", timeout=20_000)
    settle(page)
    expect(page.locator("[class*=st-key-ask_] label", has_text="2020-21").locator("input")).to_be_checked()
    to_step(page, "Result")
    expect(page.locator(DATA)).to_have_text("1 LEA was read. It is not settled.")


def test_several_files_join_and_a_new_version_says_what_it_changed(page: Page, server: str):
    opened(page, server, "own.csv", WIDE.encode())
    read(page, "own.csv")
    give(page, "more.csv", b"lea_code,year,5b_n,5b_d\n9900001,2023-24,100,1000\n9900002,2023-24,100,1000\n")
    read(page, "more.csv")
    expect(page.locator(".st-key-card_read [class*=st-key-file_]")).to_have_count(2)
    give(page, "own_v2.csv", WIDE.replace(",500,1000,", ",600,1000,").encode())
    read(page, "own_v2.csv")
    expect(page.get_by_text("This upload took the place of own.csv.")).to_be_visible(timeout=20_000)
    changed = page.get_by_text(re.compile("Against the version before .*: 1 value changed, 1 LEA is placed"))
    expect(changed).to_be_visible()
    page.get_by_text("All changed values (1)").click()
    expect(page.locator("table.cim", has_text="500 of 1,000 (50.0%)")).to_contain_text("600 of 1,000 (60.0%)")


def test_warnings_are_accepted_and_taken_back_and_cells_are_marked(page: Page, server: str, tmp_path: Path):
    opened(page, server, "shares.csv", DAMAGED["shares.csv"][0].encode())
    read(page, "shares.csv")
    title = "Warning: Settings add up to more than 100% (1)"
    expect(page.get_by_text(title)).to_be_visible(timeout=20_000)
    settle(page)
    page.get_by_text(title).click()
    settle(page)
    page.locator(".st-key-accept_shares_over button").click()
    expect(page.get_by_text("Accepted warnings (1)")).to_be_visible(timeout=20_000)
    page.reload()
    expect(page.get_by_text("Accepted warnings (1)")).to_be_visible(timeout=20_000)
    settle(page)
    page.get_by_text("Accepted warnings (1)").click()
    settle(page)
    page.locator(".st-key-withdraw_shares_over button").click()
    expect(page.get_by_text(title)).to_be_visible(timeout=20_000)
    settle(page)
    with page.expect_download() as waiting:
        page.locator("[class*=st-key-marked_] button").click()
    target = tmp_path / "marked.xlsx"
    waiting.value.save_as(target)
    book = load_workbook(target)
    cell = book.worksheets[0]["D2"]
    assert cell.comment is not None and "at most 100%" in cell.comment.text and cell.value == "60"


def test_printed_targets_become_a_rulebook_with_one_click(page: Page, server: str):
    text = (
        "2024-25 Annual Performance Report\nAgency: Meadow Unified (9900001)\n"
        "5a LRE Rate: In Regular Class more than 80% 59.2% ≥60.0% No NA\n"
        "5b In Regular Class less than 40% 11.5% ≤18.0% Yes NA\n"
        "5c Separate Schools 2.0% ≤3.0% Yes NA\n"
    )
    visit(page, f"{server}/data")
    page.get_by_text("Paste a table instead").click()
    page.get_by_label("A table copied from Word, a PDF, a web page or a spreadsheet").fill(text)
    page.keyboard.press("Control+Enter")
    settle(page)
    page.locator(".st-key-open_pasted button").click()
    expect(page.get_by_text("2024-25: 3 targets are printed")).to_be_visible(timeout=20_000)
    settle(page)
    page.locator(".st-key-make_rulebook_2024-25 button").click()
    expect(page.locator(".st-key-top_bar")).to_contain_text("Targets of 2024-25 as printed", timeout=20_000)
    settle(page)
    page.get_by_role("link", name="LEA", exact=True).first.click()
    expect(page.locator("table.cim", has_text="≥60.0%").first).to_contain_text("59.2%", timeout=20_000)


def test_names_of_files_never_become_markup(page: Page, server: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, f"{server}/data")
    name = (
        "a ![b](http:&#47;&#47;host.example&#47;x.png) www.evil.example [go](http:&#47;&#47;evil.example).csv"
    )
    give(page, name, DAMAGED["shares.csv"][0].replace("Meadow", "![x](http://host.example/y.png)").encode())
    line = read(page, "a ![b](http:")
    line.locator("summary").click()
    settle(page)
    page.locator("[class*=st-key-close_] button").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert page.locator("[data-testid=stMain] a[href^=http][href*=example]").count() == 0
    assert page.locator("[data-testid=stMain] img[src*=example]").count() == 0
    assert not [url for url in asked if not re.match(r"(http|ws)://localhost[:/]|data:|blob:", url)]
