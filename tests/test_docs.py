"""The documents are made from the code and stay true to it."""

from __future__ import annotations

from docs import make


def test_what_you_can_upload_is_made_from_the_readers():
    assert make.PATH.read_text("utf-8") == make.page(), "run: python -m docs.make"
