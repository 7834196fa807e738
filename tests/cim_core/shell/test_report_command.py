"""`python -m cim_core report`: a page, all pages, slides; what cannot be made is told in a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pypdf
import pytest
from pptx import Presentation

from cim_core.export.documents.slides import receipt_of
from cim_core.export.meeting import CardKind, CardSpec, Deck, Preset, deck
from cim_core.shell.main import main
from cim_core.shell.options import VIEWS
from cim_core.words.disclosure import Audience
from tests.conftest import ROOT

SAMPLE = str(ROOT / "sample_data" / "invented_selpa.csv")
ON = ("--day", "2026-11-29", "--reference", "within")


@pytest.fixture
def run(capsys, tmp_path):
    """Runs the command on the sample; gives its code, what it said, and the file it was to write."""

    def one(out: str, *more: str) -> tuple[int, str, Path]:
        code = main(["report", SAMPLE, "--out", str(tmp_path / out), *ON, *more])
        printed, told = capsys.readouterr()
        assert not printed
        return code, told, tmp_path / out

    return one


def test_the_views_are_those_of_the_gate():
    assert list(VIEWS) == [each.value for each in Audience]


def test_a_page_of_an_lea(run):
    code, _, out = run("a.pdf", "--lea", "9910112")
    assert not code and "Quince Valley" in pypdf.PdfReader(out).pages[0].extract_text()
    same = run("b.pdf", "--lea", " 9910112 ")[2]
    assert same.read_bytes() == out.read_bytes()


def test_all_pages_of_a_year(run):
    code, _, out = run("all.zip", "--year", "2023-24", "--view", "meeting")
    with zipfile.ZipFile(out) as of:
        assert not code and len(of.namelist()) == 24
        text = pypdf.PdfReader(io.BytesIO(of.read("9910112.pdf"))).pages[0].extract_text()
    assert "2023-24" in text and "Groups of 10 or fewer" in text


@pytest.mark.parametrize("of", Preset)
def test_a_deck_to_begin_with(run, of):
    code, _, out = run("d.pptx", "--deck", of.value, "--lea", "9910112", "--view", "strict")
    assert not code and len(Presentation(str(out)).slides) > 7
    paper = json.loads(receipt_of(out.read_bytes()))
    assert paper["view"] == "strict" and f"--deck {of.value}" in paper["command"]


def test_a_deck_of_a_file(run, tmp_path):
    cards = (CardSpec(CardKind.WHERE), CardSpec(CardKind.LEA_WHY, "9910112"))
    (tmp_path / "mine.toml").write_text(deck.dumps(Deck("Mine", cards)), "utf-8")
    code, _, out = run("d.pptx", "--deck", str(tmp_path / "mine.toml"))
    assert not code and len(Presentation(str(out)).slides) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"schema = 9", b'schema = 1\ntitle = "t"', b"a" * 9_000_000]
)
def test_a_file_that_is_no_deck_is_told(run, tmp_path, content):
    (tmp_path / "bad.toml").write_bytes(content)
    code, told, out = run("d.pptx", "--deck", str(tmp_path / "bad.toml"))
    assert code and not out.exists()
    assert "bad.to" in told and "nobody expected" not in told


@pytest.mark.parametrize(
    ("out", "more", "said"),
    [
        ("a.zip", ("--lea", "9910112"), "--lea and .zip cannot be given together"),
        ("a.pdf", (), "in .zip for all of them"),
        ("a.pdf", ("--deck", "board"), "in .pptx for slides"),
        ("a.pdf", ("--lea", "1"), "No LEA 1 "),
        ("a.pptx", ("--deck", "team"), "needs --lea"),
        ("a.pptx", ("--deck", "nothing_there.toml"), "nothing_there.toml"),
        ("a.pptx", ("--deck", str(ROOT)), "Cannot read"),
        ("a.pdf", ("--lea", "9910112", "--day", "tomorrow"), "must be a day"),
        ("a.zip", ("--year", "1999-00"), "1999-00"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(run, out, more, said):
    code, told, path = run(out, *more)
    assert code and said in told and "nobody expected" not in told
    assert not path.exists()
