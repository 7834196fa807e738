"""Signing in with an organization: the same account as by a password, and nothing of it lasts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.conftest import in_long_checks
from tests.e2e.conftest import free_port, settle
from tests.e2e.provider import CLIENT, Provider, provider
from tests.e2e.test_signin import asked, cim, process
from tests.e2e.test_signin import visitor as visitor  # a fixture

pytestmark = pytest.mark.e2e
SETTINGS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "a secret of tests, long enough to sign"
[auth.county]
title = "County Office"
client_id = "{client}"
client_secret = "x"
server_metadata_url = "{provider}/.well-known/openid-configuration"
client_kwargs = {{ token_endpoint_auth_method = "client_secret_post" }}
"""


@pytest.fixture(scope="module")
def organized(tmp_path_factory) -> Iterator[tuple[str, Provider]]:
    """A server whose people may come from an organization."""
    data, port = tmp_path_factory.mktemp("organized"), free_port()
    cim(data, "users", "add", "ana@county.example", "--role", "administrator", "--selpa", "Alder")
    cim(data, "users", "add", "gone@county.example", "--role", "director", "--selpa", "Alder")
    cim(data, "users", "disable", "gone@county.example")
    with provider() as known:
        secrets = data / "secrets.toml"
        address = f"http://localhost:{port}"
        secrets.write_text(SETTINGS.format(address=address, client=CLIENT, provider=known.address))
        settings = {**os.environ, "CIM_DATA": str(data), "CIM_MODE": "shared"}
        settings |= {"STREAMLIT_SECRETS_FILES": str(secrets)}
        with process(settings, port) as (here, _):
            assert here == address
            yield address, known


def come(page, address: str) -> None:
    page.goto(f"{address}/signin")
    page.get_by_role("button", name="County Office").click()


def test_who_is_known_gets_in_and_out(organized, visitor):
    address, known = organized
    known.claims = {"email": "Ana@county.example", "email_verified": True}
    page = visitor.new_page()
    come(page, address)
    expect(page.get_by_role("link", name="Sign out")).to_be_visible(timeout=30_000)
    settle(page)
    names = {each["name"] for each in visitor.cookies() if not each["name"].startswith("_streamlit_xsrf")}
    assert "cim_session" in names and not [name for name in names if name.startswith("_streamlit_user")]
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=15_000)
    assert not [each for each in visitor.cookies() if each["name"].startswith("_streamlit_user")]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ana@county.example", "email_verified": False},
        *in_long_checks(
            {"email": "gone@county.example", "email_verified": True},
            {"email": "eve@county.example", "email_verified": True},
            {"email": "ana@county.example"},
            {"preferred_username": "ana@county.example"},
        ),
    ],
    ids=["not verified", "disabled", "no account", "not said", "another claim"],
)
def test_who_is_not_known_gets_nothing(organized, visitor, claims):
    address, known = organized
    known.claims = claims
    page = visitor.new_page()
    come(page, address)
    expect(page.get_by_text("there is no account for you here")).to_be_visible(timeout=30_000)
    assert "cim_session" not in {each["name"] for each in visitor.cookies()}
    page.get_by_role("link", name="Back to the sign-in").click()
    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=15_000)


def test_the_organizations_cookie_alone_opens_nothing(organized, visitor):
    """Taken out of the browser before it was used, it is good once, and only for the form."""
    address, known = organized
    known.claims = {"email": "ana@county.example", "email_verified": True}
    page, taken = visitor.new_page(), {}
    page.on(
        "request",
        lambda request: taken.update(
            part.split("=", 1) for part in request.all_headers().get("cookie", "").split("; ") if "=" in part
        ),
    )
    come(page, address)
    expect(page.get_by_role("link", name="Sign out")).to_be_visible(timeout=30_000)
    held = {name: value for name, value in taken.items() if name.startswith("_streamlit_user")}
    assert held
    sent = "; ".join(f"{name}={value}" for name, value in held.items())
    for path in ("/", "/region?data=sample", "/_stcore/stream", "/_stcore/health", "/auth/logout"):
        assert asked(f"{address}{path}", sent)[0] in (303, 404)
    visitor.clear_cookies()
    visitor.add_cookies([{"name": name, "value": value, "url": address} for name, value in held.items()])
    page.goto(f"{address}/signin")
    expect(page.get_by_text("there is no account for you here")).to_be_visible(timeout=30_000)
