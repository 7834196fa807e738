"""Chosen states look as they are kept; `tests/e2e/kept.py` says how to make them anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import in_long_checks
from tests.e2e import kept
from tests.e2e.conftest import serve

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def unused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on which nobody has worked yet: it offers no way on."""
    with serve(CIM_DATA=str(tmp_path_factory.mktemp("unused"))) as address:
        yield address


@pytest.mark.parametrize("size", ["wide", *in_long_checks("dark", "phone")])
@pytest.mark.parametrize("name", kept.STATES)
def test_it_looks_as_it_is_kept(browser: Browser, unused: str, name: str, size: str):
    width, height, scheme = kept.SIZES[size]
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        picture = kept.look(context.new_page(), f"{unused}/{kept.STATES[name]}")
    assert kept.apart(picture, (kept.FOLDER / f"{name}_{size}.png").read_bytes()) <= kept.MOST_APART


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_parts_look_as_they_are_kept(browser: Browser, scheme: str):
    held = (kept.FOLDER / f"parts_{scheme}.png").read_bytes()
    assert kept.apart(kept.parts(browser, scheme), held) <= kept.MOST_APART


def test_another_page_would_be_noticed():
    held = {name: (kept.FOLDER / f"{name}_wide.png").read_bytes() for name in ("start", "region", "lea_rank")}
    for name, picture in held.items():
        for other, another in held.items():
            assert (kept.apart(picture, another) > kept.MOST_APART) == (name != other)
