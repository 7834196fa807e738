"""Hostile addresses and files, and what nobody expected: one plain message, a way back, no traceback."""

from __future__ import annotations

import base64
import logging
import zlib

import pytest

from cim_core.whatif import scenario
from tests.conftest import in_long_checks
from tests.ui.test_pages import app, fine, shown
from ui.shared import address

LONG = "x" * 37_000


def link_of(text: str) -> str:
    return "1." + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


DEEP = link_of("schema=1\n[targets" + ".a" * 3_000 + "]\na=1\n")
SCENARIOS = {
    "deep": DEEP,
    "inline": link_of("schema=1\ntargets=" + "{a=" * 3_000 + "1" + "}" * 3_000),
    "lists": link_of("schema=1\nx=" + "[" * 3_000),
    "digits": link_of(f"schema=1\nimprove={'9' * 4_000}\n"),
    "hexadecimal": link_of(f"schema=0x{'f' * 30_000}\n"),
    "date": link_of("schema=1\nimprove=2024-01-01\n"),
    "nan": link_of("schema=1\n[targets.5a]\nvalue=nan\n"),
    "long": link_of(f'schema=1\nname="{LONG}"\n[targets.5a]\nvalue="{LONG}"\n'),
    "edit": link_of(f'schema=1\n[[data]]\nlea_code="{LONG}"\nyear="2024-25"\nindicator="5a"\nnumerator=1\n'
                    "denominator=2\n"),
    "unknown": link_of(f"schema=1\n[targets.{LONG}]\nvalue=1\n"),
    "list": link_of("schema=1\nname=[1]\n"),
    "not packed": "1.AAAA",
    "letters": "é" * 50,
    "lost": "file-" + "0" * 64,
}  # fmt: skip


@pytest.mark.parametrize("kind", SCENARIOS)
def test_a_hostile_link_is_a_sentence_with_a_way_back(kind):
    at = fine(app(data="sample", scenario=SCENARIOS[kind]).run())
    assert "does not fit" in shown(at) or "no such settings" in shown(at)
    assert max(len(one.value) for one in at.warning) < 3_000
    back = "leave_scenario" if "does not fit" in shown(at) else None
    if back:
        fine(at.button(key=back).click().run())
        assert "does not fit" not in shown(at) and "scenario" not in at.query_params
    fine(at.switch_page("pages/whatif.py").run())


@pytest.mark.parametrize("key", address.KEYS)
@pytest.mark.parametrize(
    "value", [LONG, "set-", *in_long_checks("\u202e\u200b\uffff", "own-x", "../../etc/passwd", "1.A", "[]")]
)
def test_every_part_of_an_address_may_hold_anything(key, value):
    at = fine(app(**{"data": "sample", key: value}).run())
    fine(at.switch_page("pages/lea.py").run())
    assert all("x" * 90 not in one.value for one in at.warning)


def test_what_nobody_expected_is_said_with_a_way_back(monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise RuntimeError("never thought of")

    at = app(data="sample", lea="9910112", year="2023-24")
    with monkeypatch.context() as patch:
        patch.setattr("cim_core.why.region.region", broken)
        with caplog.at_level(logging.ERROR):
            fine(at.run())
    assert "could not be shown" in at.error[0].value and "never thought of" in caplog.text
    assert not [one for one in (*at.error, *at.markdown) if "Traceback" in one.value]
    fine(at.button(key="unexpected_keep").click().run())
    assert "of 24 LEAs are in Targeted Level 3" in shown(at) and "lea" not in at.query_params


def test_starting_anew_forgets_the_address(monkeypatch):
    at = app(data="sample")
    with monkeypatch.context() as patch:
        patch.setattr("ui.shared.results.view", lambda: 1 / 0)
        fine(at.run())
    fine(at.button(key="unexpected_anew").click().run())
    assert "See where every LEA is placed" in shown(at)


def test_a_scenario_that_fails_unforeseen_is_left_out(monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr(scenario, "decode", broken)
    at = fine(app(data="sample", scenario="1.x").run())
    assert "nobody expected" in shown(at) and "RecursionError" in caplog.text


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"schema = 1\n[targets" + b".a" * 4_000 + b"]\nb = 1\n", b"", b"["]
)
def test_a_hostile_file_of_a_scenario_or_rulebook(content):
    at = fine(app(data="sample").run())
    fine(at.switch_page("pages/whatif.py").run())
    at.session_state["more_saved"] = True
    fine(at.run())
    fine(at.file_uploader(key="scenario_up_0").set_value(("s.toml", content, "application/toml")).run())
    assert at.error or at.warning
    at.session_state["rules_own"] = True
    fine(at.switch_page("pages/rules.py").run())
    fine(at.file_uploader(key="own_upload").set_value(("r.toml", content, "application/toml")).run())
    fine(at.button(key="own_open").click().run())
    assert at.error and all(len(one.value) < 2_000 for one in at.error)
