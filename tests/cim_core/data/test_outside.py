"""What comes from outside: nested without end, longer than a screen, with characters that nobody sees."""

from __future__ import annotations

import base64
import tomllib
import unicodedata
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.data import outside
from cim_core.intake import bundle
from cim_core.intake.tying import mapping
from cim_core.rules import rulebook_file, toml_table
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario
from tests.conftest import whole_rulebook

DEEP = {
    "dotted key": "schema = 1\n" + ".".join("a" * 3_000) + " = 1\n",
    "dotted key of a target": "schema = 1\ntargets." + ".".join("a" * 3_000) + " = 1\n",
    "table": "schema = 1\n[targets." + ".".join("a" * 3_000) + "]\nb = 1\n",
    "table of a list": "schema = 1\n[[data." + ".".join("a" * 3_000) + "]]\nb = 1\n",
    "lists": "schema = 1\ntargets = " + "[" * 3_000 + "]" * 3_000,
    "inline tables": "schema = 1\ntargets = " + "{a = " * 3_000 + "1" + "}" * 3_000,
    "inline tables in lists": "schema = 1\ntargets = " + "[{a = " * 1_500 + "1" + "}]" * 1_500,
    "dotted in inline": "schema = 1\ntargets = " + "{a.b.c = " * 6 + "1" + "}" * 6,
    "seven": "schema = 1\ntargets.a.b.c.d.e.f = 1\n",
    "seven in a table": "schema = 1\n[targets.a.b.c.d.e]\nf = 1\n",
    "seven with quotes": 'schema = 1\n"targets"."a.b"."c"."d"."e"."f"."g" = 1\n',
}
READERS = {
    "scenario": scenario.loads,
    "rulebook": rulebook_file.loads,
    "mapping": mapping.loads,
    "link": lambda text: scenario.decode(link_of(text)),
}
LONG = "x" * 37_000


def link_of(text: str) -> str:
    return "1." + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_nested_too_deep_is_refused_in_words(kind, reader):
    with pytest.raises(SchemaError, match="nested too deep"):
        READERS[reader](DEEP[kind])


@pytest.mark.parametrize("text", ['{"a": ' * 3_000, "[" * 100_000, '{"parts": [' + "[" * 3_000])
def test_json_too(text):
    with pytest.raises(ValueError, match="nested too deep"):
        bundle.loads(text)


@pytest.mark.parametrize(
    "text", ['a = "[[[[[[[[[[["', "a = '''[[[[[[[[.........'''", "# [[[[[[[[[[[[", "a = 1.5"]
)
def test_brackets_and_points_in_texts_and_remarks_do_not_count(text):
    outside.check_text(text)
    toml_table.parse(text, "x.toml")


def test_every_rulebook_is_flat_enough():
    for one in rulebook_file.available():
        raw, _ = rulebook_file.read_raw(one)
        outside.check_depth(raw)


@given(st.text(alphabet="ab.[]{}=\"'\\#,\n1 ", max_size=200))
def test_whatever_parses_and_is_let_through_is_flat(text):
    """What tomllib reads after the check is never deeper than brackets and names together can be."""
    try:
        outside.check_text(text)
        values = tomllib.loads(text)
    except ValueError:
        return
    depth, level = 0, [values]
    while level := [inner for one in level for inner in _inner(one)]:
        depth += 1
    assert depth <= 60


def _inner(one: object) -> list[object]:
    return list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []


WRONG = {
    "key": f'schema = 1\n{LONG} = "a"\n',
    "value": f'schema = "{LONG}"\n',
    "table": f"schema = 1\n[{LONG}]\na = 1\n",
    "target": f"schema = 1\n[targets.{LONG}]\nvalue = true\n",
    "number": f"schema = 1\n[counting]\nprecision = {'9' * 4_000}\n",
    "hexadecimal": f"schema = 0x{'f' * 30_000}\n",
    "list": f"schema = [{'1, ' * 9_000}]\n",
    "texts": f'schema = ["{LONG}", "{LONG}"]\n',
    "broken": f"schema = {LONG}\n",
    "columns": f'schema = 1\n[columns]\na = "{LONG}"\n',
    "same column twice": f'schema = 1\n[columns]\n"{LONG}" = "5a"\n"{LONG} " = "5a"\n',
    "instead": f'schema = 1\ninstead = "{LONG}"\n',
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("reader", READERS)
def test_what_was_found_is_quoted_short(kind, reader):
    with pytest.raises(SchemaError) as caught:
        READERS[reader](WRONG[kind])
    error = caught.value
    assert max(map(len, (error.found, error.key, error.file))) <= outside.MOST_QUOTED
    assert len(str(error)) < 1_300


def test_a_source_of_any_length_is_listed_short():
    good = whole_rulebook()
    named = good + "".join(f'[[sources]]\nid = "{LONG}{at}"\ntitle = "t"\n' for at in range(20))
    with pytest.raises(SchemaError) as caught:
        rulebook_file.loads(named.replace('source = "', 'source = "no-', 1))
    assert len(str(caught.value)) < 1_300


def test_a_link_may_hold_anything():
    for written in (
        "1." + "é" * 50,
        "1." + "\x00" * 9,
        "1.====",
        "1.eJwDAAAAAAE",
        "2.",
        "",
        "1." + "A" * 1_400,
    ):
        with pytest.raises(SchemaError):
            scenario.decode(written)


INVISIBLE = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]
SEEN = "\u0600\u06dd\u070f\U000110bd"


def test_characters_of_formats_go_and_signs_that_are_drawn_stay():
    kept = {one for one in INVISIBLE if outside.without_invisible(one)}
    assert kept >= set(SEEN)
    assert not kept & set(
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041"
    )
    assert all(0x600 <= ord(one) <= 0x8E2 or 0x110BD <= ord(one) <= 0x13455 for one in kept)


@pytest.mark.parametrize(
    "text", ["La Cañada", "O’Brien–Łódź", "Ünïon", "学区", "a\u0301", "½ ÷ §", "\ufffd", "🙂"]
)
def test_what_is_seen_stays(text):
    assert outside.without_invisible(text) == text == outside.plain(text)


def test_lines_and_tabs_stay_in_texts_of_several_lines():
    assert outside.plain("a\tb\nc\r\n\x00\x08\x85\u2060") == "a\tb\nc\r\n"


@given(st.text())
def test_a_plain_text_can_stand_in_xml(text):
    root = ElementTree.Element("a")
    root.text = outside.plain(text)
    ElementTree.fromstring(ElementTree.tostring(root, "utf-8"))


@given(st.text(), st.integers(1, 100))
def test_a_quotation_is_one_short_line(text, most):
    line = outside.quoted(text, most)
    assert len(line) <= most and "\n" not in line and outside.without_invisible(line) == line


def test_names_that_only_differ_in_what_nobody_sees_are_one_name_too_many():
    with pytest.raises(SchemaError, match="invisible"):
        scenario.loads('schema = 1\n[targets]\n"5a" = {value = 1}\n"5a\u200b" = {value = 2}\n')


def test_a_name_and_a_note_lose_what_nobody_sees():
    one = scenario.loads('schema = 1\nname = "Four\\u200b \\u202emisses"\nnote = "a\\nb\\uFFFF"\n')
    assert (one.name, one.note) == ("Four misses", "a\nb")
    assert scenario.Scenario(name="a\u200db").name == "ab"


def test_a_tied_column_is_found_whatever_nobody_sees_in_it():
    ties = mapping.loads('schema = 1\n[columns]\n"Rate\\u200b" = "5a"\n"Code" = "lea_code"\n')
    assert mapping.fits(ties, ["Code", "Rate"]) == ()


def test_only_files_on_disk_are_read(tmp_path):
    for path in (tmp_path, tmp_path / "none", "/dev/null", "/dev/stdin", "a\x00b", "x" * 5_000):
        with pytest.raises((OSError, ValueError)) as caught:
            outside.read_text(outside.Path(path), 10)
        assert 0 < len(outside.why(caught.value)) <= 80
    large = tmp_path / "large"
    large.write_text("x" * 11, "utf-8")
    with pytest.raises(OSError):
        outside.read_text(large, 10)
