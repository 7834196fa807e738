"""Two processes of the shared mode on one PostgreSQL: who is signed in at one is at the other."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from cim_core.store.database import DATABASE
from tests.e2e.conftest import AT_REST, SEEN, settle
from tests.e2e.test_signin import Shared, cim, process, session_of, set_password, sign_in, socket_opens
from tests.postgres import Server

pytestmark = [pytest.mark.e2e, pytest.mark.full]


def test_a_sign_in_outlives_the_process_it_was_made_at(postgres: Server, browser: Browser, tmp_path):
    with postgres.database() as url:
        settings = {
            **os.environ, "CIM_DATA": str(tmp_path), "CIM_MODE": "shared",
            DATABASE: url.render_as_string(hide_password=False),
        }  # fmt: skip
        made = cim(tmp_path, "users", "add", "ana", "--role", "administrator", "--selpa", "Alder", **settings)
        link = made.rpartition("?")[2]
        with (
            process(settings) as (one, first),
            process(settings) as (other, _),
            browser.new_context() as context,
        ):
            for script in (SEEN, AT_REST):
                context.add_init_script(script)
            page = context.new_page()
            at = Shared(one, tmp_path, {"ana": link})
            set_password(page, at, "ana")
            sign_in(page, at, "ana")
            cookie = session_of(context)
            assert socket_opens(one, cookie) and socket_opens(other, cookie)
            first.kill()
            first.wait()
            page.goto(f"{other}/region?data=sample")
            settle(page)
            expect(page.locator(".stMain")).to_contain_text("missed most")
            page.get_by_role("link", name="Sign out").click()
            expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=15_000)
            assert not socket_opens(other, cookie)
