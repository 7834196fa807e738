"""The one page of an LEA as PDF: real text, tagged, one sheet, its receipt attached, equal bytes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import numpy as np
import page
import pypdf
import pytest

from cim_core.data.small_groups import hides
from cim_core.export import documents
from cim_core.export.documents.lea_report import texts_of
from cim_core.export.documents.pdf import STANDARDS
from cim_core.export.documents.receipt import DocumentKind, Origin
from cim_core.export.meeting import Ground
from cim_core.placing import reference
from cim_core.placing.placement import Placements, place
from cim_core.rules import rulebook_file
from cim_core.suppression import as_known, public
from cim_core.words.disclosure import Audience, Disclosure
from tests.conftest import RULEBOOKS, sample_placements

DAY = date(2026, 11, 29)
GROUNDS: dict[tuple[str, Audience], Ground] = {}


def ground(book: str = rulebook_file.DEFAULT, audience: Audience = Audience.WORKING) -> Ground:
    key = book, audience
    if key not in GROUNDS:
        GROUNDS[key] = Ground.of(
            seen(sample_placements(book), audience), "2024-25", DAY, "Alder Valley SELPA", True
        )
    return GROUNDS[key]


def seen(whole: Placements, audience: Audience) -> Placements:
    if audience.sees_everything:
        return whole
    shown = place(public(whole.dataset, audience), whole.rulebook, reference.shipped())
    return as_known(shown, whole)


def made(lea: str, on: Ground | None = None, standards: tuple = STANDARDS) -> tuple[dict, bytes]:
    on = on or ground()
    row = on.row_of(lea)
    assert row is not None
    paper = Origin(key="secret").receipt(DocumentKind.LEA_REPORT, on, row, ["--lea", lea])
    content = documents.content(on, row, Disclosure(on.placements.dataset.audience))
    return content, documents.lea_report(content, paper, standards)


def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def figures(of: pypdf.PdfReader) -> list[str | None]:
    """The alternative text of every figure among the tags."""
    found = []
    todo = [of.trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        node = todo.pop().get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            todo += list(node)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            if node.get("/S") == "/Figure":
                found.append(node.get("/Alt"))
            if "/K" in node:
                todo.append(node["/K"])
    return found


@pytest.mark.parametrize("lea", ["9910112", "9910105", "9910084", "9910098", "99101611300253"])
def test_it_is_one_tagged_page_of_real_text(lea):
    content, paper = made(lea)
    of = reader(paper)
    assert len(of.pages) == 1
    text = " ".join(of.pages[0].extract_text().split())
    for said in (content["name"], content["sentence"], content["asks"][0]["head"], content["lag"]["head"]):
        assert " ".join(said.split()) in text
    root = of.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] and of.metadata is not None
    assert of.metadata.title == f"{content['name']} 2024-25"
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1" in about and "<pdfaid:part>3" in about


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("lea", ["9910112", "9910105", "9910098", "99101611300253"])
def test_it_keeps_every_rule_of_each_standard(lea, standard):
    """One by one, as the validator takes a document that declares both for an error of its own."""
    report = page.validate_pdf_bytes(made(lea, standards=(standard,))[1])
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_every_picture_says_what_it_shows():
    content, paper = made("9910105")
    found = figures(reader(paper))
    assert len(found) == len(content["table"]["rows"]) and all(found)
    assert any("missed" in str(alt) for alt in found) and any("met" in str(alt) for alt in found)


@pytest.mark.parametrize("book", RULEBOOKS)
def test_everybody_has_one_page_by_every_rulebook(book):
    on = ground(book)
    for lea in on.placements.dataset.lea_code[on.rows].tolist():
        content, paper = made(lea, on)
        assert len(reader(paper).pages) == 1, lea
        assert "None" not in texts_of(content)


def test_the_same_input_gives_the_same_bytes_and_another_day_others():
    assert made("9910112")[1] == made("9910112")[1]
    later = replace(ground(), today=date(2026, 12, 1))
    assert made("9910112", later)[1] != made("9910112")[1]


def test_the_receipt_is_attached_and_says_how_to_make_it_again():
    attached = reader(made("9910112")[1]).attachments
    (content,) = attached["receipt.json"]
    of = json.loads(content)
    assert of["rules"] == "official" and of["lea"] == "9910112" and of["view"] == "working"
    assert of["data_hash"] == ground().placements.dataset.digest and of["day"] == "2026-11-29"
    assert of["command"].startswith("python -m cim_core report") and len(of["rulebook_hash"]) == 16


def test_only_fonts_of_its_own_are_in_it():
    fonts = set()
    for sheet in reader(made("9910112")[1]).pages:
        for font in sheet["/Resources"]["/Font"].values():
            fonts.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    assert fonts and all(name.startswith("CIMSans") for name in fonts)


@pytest.mark.parametrize("audience", [Audience.MEETING, Audience.STRICT])
def test_a_meeting_gets_the_same_bytes_whatever_is_hidden(audience):
    whole = sample_placements()
    data = whole.dataset
    hidden = (public(data, audience).missing != data.missing) & (data.numerator > 1)
    hidden &= hides(data.numerator - 1, data.denominator, audience)
    assert hidden.any()
    other = replace(
        data,
        numerator=np.where(hidden, data.numerator - 1, data.numerator),
        value_numerator=np.where(hidden, 100 * (data.numerator - 1), data.value_numerator),
        value_denominator=np.where(hidden, data.denominator, data.value_denominator),
        value=np.where(hidden, 100 * (data.numerator - 1) / np.maximum(data.denominator, 1), data.value),
        digest="another",
    )
    again = place(other, whole.rulebook, reference.shipped())
    same = (again.possible == whole.possible).all(axis=1) & (again.placed == whole.placed)
    first = Ground.of(seen(whole, audience), "2024-25", DAY, "S")
    second = Ground.of(seen(again, audience), "2024-25", DAY, "S")
    compared = 0
    for row in first.rows:
        lea = str(data.lea_code[row])
        years = data.lea_code == lea
        if hidden[years].any() and same[years].all():
            assert made(lea, first)[1] == made(lea, second)[1], lea
            compared += 1
    assert compared


def test_outside_of_the_working_view_the_hash_is_keyed_and_it_says_what_is_left_out():
    on = ground(audience=Audience.STRICT)
    content, paper = made("9910098", on)
    (attached,) = reader(paper).attachments["receipt.json"]
    assert json.loads(attached)["data_hash"] != on.placements.dataset.digest
    assert any("counts of 1 to 10" in note for note in content["notes"])
    assert "not shown" in content["table"]["notes"][0]


@pytest.mark.parametrize(
    ("name", "printed", "noted"),
    [
        ("Peña 学校", "Peña XueXiao", True),
        ("🏫 Oak", ":school: Oak", True),
        ("Łódź López", "Łódź López", False),
        ("Nguyễn", "Nguyen", True),
        ("Oak\x00\x07 \ue000Bend", "Oak Bend", True),
    ],
)
def test_a_name_that_the_typeface_lacks_is_written_in_latin_letters_with_a_note(name, printed, noted):
    on = ground()
    named = on.placements.dataset.lea_name.astype("<U80")
    named[on.row_of("9910112")] = name
    data = replace(on.placements.dataset, lea_name=named)
    content, paper = made("9910112", replace(on, placements=replace(on.placements, dataset=data)))
    assert printed in reader(paper).pages[0].extract_text()
    assert any("Latin" in note for note in content["notes"]) == noted


def test_names_are_data_and_never_source():
    on = ground()
    names = on.placements.dataset.lea_name.copy()
    row = on.row_of("9910112")
    name = 'Peña "#panic()" $x$ *b* \\ <i> [a](http://b) López-O’Brien'
    named = names.astype("<U80")
    named[row] = name
    data = replace(on.placements.dataset, lea_name=named)
    other = Ground.of(replace(on.placements, dataset=data), "2024-25", DAY, "S")
    _, paper = made("9910112", other)
    assert '"#panic()" $x$ *b*' in reader(paper).pages[0].extract_text()
