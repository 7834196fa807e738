"""`python -m cim_core verify`: what was made agrees to the byte, and no figure can be changed unnoticed."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from cim_core.export import documents
from cim_core.export.documents import Origin, compared, making, reading
from cim_core.export.documents.receipt import DocumentKind
from cim_core.export.meeting.links import App
from cim_core.shell import report
from cim_core.shell.main import main
from cim_core.store.database import DATA
from cim_core.words.disclosure import WORKING
from tests.cim_core.export.test_lea_report import ground
from tests.conftest import ROOT, examples

SAMPLE = ROOT / "sample_data" / "invented_selpa.csv"
LEA = "9910112"
WORKS = '{"schema": 3, "view": "working"'
KINDS = ("page.pdf", "page.html", "deck.pptx", "tables.xlsx")


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """The data beside the documents, as a person has them who keeps nothing."""
    monkeypatch.setenv(DATA, str(tmp_path / "store"))
    return Path(shutil.copy(SAMPLE, tmp_path / "selpa.csv"))


def made(data: Path, name: str, *more: str) -> Path:
    out = data.parent / name
    on = ["--lea", LEA, "--reference", "within", "--day", "2026-11-29"]
    assert main(["report", str(data), "--out", str(out), *on, *more]) == 0
    return out


def verified(capsys, path: Path, *more: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["verify", str(path), *more])
    return code, capsys.readouterr()[1]


@pytest.mark.parametrize("name", KINDS)
def test_what_was_made_agrees_to_the_byte(capsys, data, name):
    code, told = verified(capsys, made(data, name))
    assert code == 0 and "agrees with its data" in told and "every byte is the same" in told


def test_slides_agree_that_lead_to_the_address_of_an_app(capsys, data, monkeypatch):
    app = App("https://cim.example.org", {"rulebook": "x", "data": "sample"}, "deck-1")
    monkeypatch.setattr(report, "Origin", lambda *given: Origin(*given, app=app))
    out = made(data, "deck.pptx")
    notes = Presentation(out).slides[0].notes_slide.notes_text_frame.text
    assert "https://cim.example.org/lea?lea=9910112" in notes
    assert verified(capsys, out)[0] == 0


def test_with_all_that_a_command_can_say(capsys, data):
    more = ("--rulebook", "cde-2023", "--fill", "no", "--year", "2023-24", "--leas", f"{LEA},9910105")
    assert verified(capsys, made(data, "page.pdf", *more))[0] == 0


@pytest.mark.parametrize("name", KINDS)
def test_where_a_number_of_the_data_is_another_one_it_says_which(capsys, data, name):
    document = made(data, name)
    lines = data.read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(LEA) and "2024-25" in line)
    cells, head = lines[at].split(","), lines[0].split(",")
    cells[head.index("5a_n")] = str(int(cells[head.index("5a_n")]) - 7)
    cells[head.index("5a")] = ""
    lines[at] = ",".join(cells)
    data.write_text("\n".join(lines) + "\n", "utf-8")
    code, told = verified(capsys, document)
    assert code == 1 and "is not the one that the document was made from" in told
    assert "the document has" in told and "does NOT agree" in told


def test_the_data_are_found_at_their_place_beside_it_and_by_name(capsys, data, tmp_path):
    document = made(data, "page.pdf")
    other = tmp_path / "elsewhere"
    other.mkdir()
    moved = Path(shutil.move(document, other / "page.pdf"))
    assert verified(capsys, moved)[0] == 0
    kept = Path(shutil.move(data, other / "renamed.csv"))
    code, told = verified(capsys, moved)
    assert code == 2 and "selpa.csv" in told and "is needed and is not here" in told
    assert verified(capsys, moved, "--with", str(kept))[0] == 0


@pytest.mark.parametrize("name", ["letters", "rulebook_hash", "data_hash", "year", "lea", "day", "command"])
def test_no_field_of_a_receipt_can_be_changed(capsys, data, name):
    document = made(data, "page.html")
    text = document.read_text("utf-8")
    of = json.loads(re.search(r'id="receipt">(.*?)</script>', text, re.DOTALL)[1])
    other = {"year": "2023-24", "lea": "9910105", "day": "2026-11-28", "letters": 3}.get(name, f"{of[name]}9")
    before, after = (f'"{name}": {json.dumps(value)}' for value in (of[name], other))
    document.write_text(text.replace(before, after), "utf-8")
    code, told = verified(capsys, document)
    assert code == 1 and "does NOT agree" in told


def flipped(content: object, at: int) -> Iterator[object]:
    """A content with the number at a place changed."""
    seen = 0

    def walk(value: object) -> object:
        nonlocal seen
        if isinstance(value, dict):
            return {name: walk(each) for name, each in value.items()}
        if isinstance(value, list):
            return [walk(each) for each in value]
        if isinstance(value, str):
            parts = re.split(r"(\d)", value)
            for place in range(1, len(parts), 2):
                if seen == at:
                    parts[place] = str((int(parts[place]) + 1) % 10)
                seen += 1
            return "".join(parts)
        return value

    return walk(content)


def strings(value: object) -> Iterator[str]:
    """The texts of a content, without its plain numbers."""
    each = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in each:
        yield from strings(inner)
    if isinstance(value, str):
        yield value


PRINTED = (
    "running", "day", "badges", "agreement", "sentence", "notes", "move", "sure", "years", "asks",
    "lag", "table",
)  # fmt: skip


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_no_figure_of_a_page_can_be_flipped(draws):
    """Any digit of what is printed or said of a picture is another one, the receipt is the true one."""
    on = ground()
    row = on.row_of(LEA)
    content = documents.content(on, row, WORKING)
    shown = {name: content[name] for name in PRINTED}
    digits = sum(len(re.findall(r"\d", text)) for text in strings(shown))
    other = content | flipped(shown, draws.draw(st.integers(0, digits - 1)))
    sources = documents.Sources((documents.SourceFile(str(SAMPLE), on.placements.dataset.digest),))
    paper = Origin(sources).receipt(DocumentKind.LEA_REPORT, on, row, ["--lea", LEA, "--out", f"{LEA}.pdf"])
    first, second = documents.lea_report(content, paper), documents.lea_report(other, paper)
    found = compared.differences(said(second), said(first))
    assert found, "a digit changed, and nothing says so"


def said(content: bytes) -> list:
    kind, _ = reading.receipt_in(content)
    return [*reading.READERS[kind].said(content)]


def test_a_picture_that_was_moved_fails_though_its_words_agree(capsys, data):
    """The strip of an indicator drawn elsewhere: no word changes, the bytes do."""
    document = made(data, "page.pdf")
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(document))
    with document.open("wb") as out:
        writer.write(out)
    code, told = verified(capsys, document)
    assert code == 1 and "Every word and number is the same" in told


def test_a_note_or_a_cell_that_was_changed_is_named(capsys, data):
    deck = made(data, "deck.pptx")
    of = Presentation(str(deck))
    of.slides[1].notes_slide.notes_text_frame.text = "We have 77 students."
    of.save(str(deck))
    code, told = verified(capsys, deck)
    assert code == 1 and "Notes of slide 2" in told and "77 students" in told
    book = made(data, "tables.xlsx")
    sheets = openpyxl.load_workbook(book)
    sheets["evidence"]["N2"] = 12.5
    sheets.save(book)
    code, told = verified(capsys, book)
    assert code == 1 and "Sheet evidence" in told and "12.5" in told


def test_a_meeting_paper_cannot_be_made_again_from_its_receipt(capsys, data):
    code, told = verified(capsys, made(data, "page.pdf", "--view", "meeting"))
    assert code == 2 and "was made for a meeting" in told


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 nothing", b"PK\x03\x04", b"<!DOCTYPE html><p>x", b"\x00\xff" * 99, b"a,b\n1,2\n"],
)
def test_what_has_no_receipt_is_told(capsys, tmp_path, content):
    (tmp_path / "x.pdf").write_bytes(content)
    code, told = verified(capsys, tmp_path / "x.pdf")
    assert code == 2 and "no receipt of this tool" in told and "nobody expected" not in told


@pytest.mark.parametrize(
    "paper",
    [
        "{",
        "[]",
        "{}",
        '{"schema": 1}',
        '{"schema": 3, "view": "working"}',
        f'{WORKS}, "sources": 3}}',
        "[" * 5000,
    ],
)
def test_a_receipt_that_makes_no_sense_is_told(capsys, tmp_path, paper):
    page = f'<!DOCTYPE html><script type="application/json" id="receipt">{paper}</script>'
    (tmp_path / "x.html").write_text(page, "utf-8")
    code, told = verified(capsys, tmp_path / "x.html")
    assert code == 2 and "cannot be used" in told and "nobody expected" not in told


def test_a_file_that_is_not_there_is_told(capsys, tmp_path):
    code, told = verified(capsys, tmp_path / "none.pdf")
    assert code == 2 and "Cannot read" in told and "nobody expected" not in told


def test_every_kind_of_document_is_read():
    assert set(reading.READERS) == set(DocumentKind)
    page = making.lea_page(ground(), ground().row_of(LEA), WORKING, Origin())
    assert io.BytesIO(page) and compared.numbers(said(page)) > 100
