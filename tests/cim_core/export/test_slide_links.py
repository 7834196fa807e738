"""From a card to its page: which page, in which view, and no LEA's own code where it has a code name."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pptx import Presentation

from cim_core.export import documents
from cim_core.export.meeting import CardKind, CardSpec, Ground, made
from cim_core.export.meeting.links import PAGES, App, Links, from_plain
from cim_core.suppression.code_names import with_code_names
from cim_core.words.disclosure import Audience, Disclosure
from tests.cim_core.export.test_lea_report import ground
from tests.cim_core.export.test_slides import LEA, paper_of

ROOT = Path(__file__).parent.parent.parent.parent
BASE = "https://cim.example.org/app"


def test_every_card_leads_to_a_page_that_there_is():
    assert set(PAGES) == set(CardKind)
    there = {path.stem for path in (ROOT / "pages").glob("*.py")} | {"home"}
    assert set(PAGES.values()) <= there


def test_a_card_of_an_lea_leads_to_its_page():
    assert Links(ground()).to(CardSpec(CardKind.LEA_WHY, LEA)) == "lea?lea=9910112&year=2024-25"
    found = Links(ground()).to(CardSpec(CardKind.LEA_TREND, "99101120000000"))
    assert found == "lea?lea=9910112&year=2024-25&tab=history"


def test_the_address_of_the_app_and_what_is_looked_at_come_first_and_the_rest_is_the_cards():
    found = Links(ground(), App(BASE, {"rulebook": "x y", "data": "sample"}, "deck-1"))
    assert found.to(CardSpec(CardKind.MISSED)) == f"{BASE}/region?year=2024-25&data=sample&rulebook=x+y"
    typed = parse_qs(urlsplit(found.to(CardSpec(CardKind.NEXT, text="Train staff"))).query)
    assert typed["deck"] == ["deck-1"] and "Train" not in str(typed)
    scenario = parse_qs(urlsplit(found.to(CardSpec(CardKind.WHATIF, scenario="a/b="))).query)
    assert scenario["scenario"] == ["a/b="] and "deck" not in scenario


@pytest.mark.parametrize("audience", Audience)
def test_a_link_opens_the_view_that_the_slides_are_of(audience):
    query = parse_qs(urlsplit(Links(ground(audience=audience)).to(CardSpec(CardKind.WHERE))).query)
    assert query.get("view") == (None if audience.sees_everything else [audience.value])


def coded() -> Ground:
    """A meeting in which LEAs have code names."""
    on = ground(audience=Audience.MEETING)
    named = with_code_names(on.placements.dataset, "secret", "LEA {code}")
    return replace(on, placements=replace(on.placements, dataset=named))


@pytest.mark.parametrize("kind", CardKind)
def test_with_code_names_no_address_holds_an_leas_own_code(kind):
    app = App(BASE, {"data": "sample", "mine": "9910112,9910105", "codes": "1"}, "deck-1")
    links = Links(coded(), app)
    found = links.to(CardSpec(kind, LEA if kind.of_lea else "", "9910112" if kind is CardKind.WHATIF else ""))
    assert "99101" not in found and "codes=1" in found and "view=meeting" in found
    assert ("lea=" in found) == kind.of_lea


def test_an_app_is_the_same_after_a_receipt_held_it():
    app = App(BASE, {"rulebook": "x", "data": "sample"}, "deck-1")
    held = json.loads(json.dumps(asdict(app), sort_keys=True))
    assert from_plain(held) == app
    spec = CardSpec(CardKind.NEXT)
    assert Links(ground(), from_plain(held)).to(spec) == Links(ground(), app).to(spec)


@pytest.mark.parametrize("base", ["", BASE])
def test_notes_end_with_the_address_and_a_real_one_can_be_followed(base):
    on = ground()
    card = made(CardSpec(CardKind.LEA_WHY, LEA), on)
    links = Links(on, App(base))
    content = documents.slides([card], "Why", Disclosure(Audience.WORKING), paper_of(on), links)
    (slide,) = Presentation(io.BytesIO(content)).slides
    last = slide.notes_slide.notes_text_frame.paragraphs[-1]
    assert last.text == f"In the app: {links.to(card.spec)}"
    assert [run.hyperlink.address for run in last.runs] == [None, links.to(card.spec) if base else None]
