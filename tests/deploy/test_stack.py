"""The shared mode as it is served: real nginx, real PostgreSQL, two processes, a browser; one is killed."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url

from cim_core.access.addresses import network
from cim_core.access.entering import SET_UP
from cim_core.store.accounts import Account, PassKind, Role
from cim_core.store.database import Database
from cim_core.store.logbook import Deed
from cim_core.store.sign_ins import SignIns
from cim_core.store.store import Store
from deploy import served
from deploy import stack as stack_module
from deploy.settings import DeployError, Settings
from deploy.stack import Stack, free_ports, said_at_start
from tests.e2e.conftest import AT_REST, SEEN, settle
from tests.e2e.test_signin import (
    COLD,
    SAMPLE,
    Shared,
    asked,
    give,
    session_of,
    set_password,
    sign_in,
    socket_opens,
    status,
)  # fmt: skip

pytestmark = pytest.mark.e2e
MEGABYTE = 2**20
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "X-Forwarded-Proto": "https",
}


@dataclass
class Served:
    stack: Stack
    told: list[str]
    into: SignIns
    ana: Account

    @property
    def address(self) -> str:
        return self.stack.settings.address


@pytest.fixture(scope="module")
def shared(data: Path) -> Iterator[Served]:
    port, told = free_ports()[0], []
    settings = Settings(data, f"http://localhost:{port}", port)
    with Stack(settings, told.append) as stack:
        said = said_at_start(stack)
        assert settings.address in said and "no account yet" in said and "Only this machine" in said
        database = Database(make_url(stack.database))
        into = SignIns(database)
        ana = into.accounts.add("ana", "Ana", Role.ADMINISTRATOR, "Alder")
        yield Served(stack, told, into, ana)
        database.close()
    with pytest.raises(DeployError, match="Nothing is served"):
        served.kept_settings(data)


def put(address: str, cookie: str, size: int) -> int:
    """The status of an upload of so many bytes to a session that there is not."""
    request = urllib.request.Request(address, b"x" * size, {"Cookie": cookie}, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        said = error.read().decode()
        assert error.code != 413 or said == "This file is larger than 25 MB.\n"
        return error.code


@pytest.mark.parametrize("path", COLD)
def test_cold_there_is_nothing(shared, path):
    code, body, headers = asked(f"{shared.address}{path}")
    assert code == 404 and body == b"There is nothing here, or it is not yours."
    assert headers["Server"] == "nginx"
    assert not socket_opens(shared.address)


def test_another_one_from_the_same_folder_says_so_and_leaves_it_alone(shared):
    with pytest.raises(DeployError, match="served already"):
        Stack(shared.stack.settings).start()
    assert served.kept_settings(shared.stack.settings.folder)["CIM_ADDRESS"] == shared.address


def test_a_port_that_is_taken(shared, data, monkeypatch):
    monkeypatch.setattr(stack_module, "_FREE_WITHIN", 0)
    settings = Settings(data / "other", shared.address, shared.stack.settings.port)
    with pytest.raises(DeployError, match="CIM_PORT names another one"):
        Stack(settings).start()


def test_what_is_kept_is_for_who_serves_it_alone(shared):
    for name in ("settings.json", "cookie_secret"):
        assert (shared.stack.folder / name).stat().st_mode & 0o077 == 0
    assert (shared.stack.folder / "logs").stat().st_mode & 0o077 == 0
    assert (shared.stack.folder / "postgres").stat().st_mode & 0o077 == 0


def test_uploads_up_to_25_mb_reach_the_app_and_no_larger_ones(shared):
    cookie = f"cim_session={shared.into.begin(shared.ana, '')}"
    to = f"{shared.address}/_stcore/upload_file/nobody/nothing"
    assert put(to, cookie, 24 * MEGABYTE) == 404
    assert put(to, cookie, 26 * MEGABYTE) == 413
    assert status(f"{shared.address}/region", cookie) == 200


def test_an_address_that_a_browser_makes_up_is_not_believed(shared):
    cookie = f"cim_session={shared.into.begin(shared.ana, '')}"
    request = urllib.request.Request(f"{shared.address}/leave", headers={"Cookie": cookie, **FORGED})
    urllib.request.urlopen(request, timeout=10).close()
    line = Store(shared.into.database, shared.ana.workspace).log(Deed.SIGNED_OUT)[0]
    assert network("127.0.0.1") in str(line) and "203.0." not in str(line)


def test_a_browser_goes_on_when_its_process_is_killed(shared, browser: Browser):
    stack = shared.stack
    token = shared.into.accounts.make_pass(shared.ana.id, PassKind.SET_UP, SET_UP)
    with browser.new_context() as context:
        for script in (SEEN, AT_REST):
            context.add_init_script(script)
        page, at = (
            context.new_page(),
            Shared(shared.address, stack.settings.folder, {"ana": f"setup={token}"}),
        )
        set_password(page, at, "ana")
        sign_in(page, at, "ana")
        page.goto(f"{shared.address}/data")
        settle(page)
        give(page, "mine.csv", SAMPLE.replace(b"Quince Valley", b"Kept Hollow"))
        expect(page.locator(".stMain")).to_contain_text("Alder Valley", timeout=30_000)
        settle(page)
        link, before = page.url.replace("/data", "/lea"), session_of(context)
        serves = _serves(stack, before)
        os.kill(serves.pid, signal.SIGKILL)
        page.goto(f"{link}&lea=9910112")
        settle(page)
        expect(page.locator(".stMain")).to_contain_text("Kept Hollow", timeout=20_000)
        assert session_of(context) == before
    for _ in range(300):
        if serves.pid and status(f"http://localhost:{stack.ports[serves.name]}/signin"):
            break
        time.sleep(0.1)
    assert serves.pid and any(f"{serves.name} has ended (SIGKILL)" in said for said in shared.told)
    log = (stack.logs / "nginx.log").read_text("utf-8")
    assert "/signin" in log and "setup=" not in log and token not in log and "pass=" not in log


def test_a_database_that_does_not_answer(data):
    away = "postgresql+psycopg://cim:secret@127.0.0.1:1/cim"
    port = free_ports()[0]
    with pytest.raises(DeployError) as found:
        Stack(Settings(data / "away", f"http://localhost:{port}", port, database=away)).start()
    assert "127.0.0.1" in str(found.value) and "secret" not in str(found.value)


@pytest.mark.full
def test_while_no_process_answers_nginx_says_so(shared):
    for each in shared.stack.apps:
        os.kill(each.pid, signal.SIGKILL)
    code, body, _ = asked(f"{shared.address}/region")
    assert code == 503 and body.startswith(b"The app is just starting again.")
    for _ in range(600):
        if status(f"{shared.address}/region") == 404:
            break
        time.sleep(0.1)
    assert status(f"{shared.address}/region") == 404 and shared.into.accounts.named("ana") is not None


@pytest.mark.full
def test_a_postgresql_that_is_killed_starts_again_with_what_was_saved(shared):
    assert shared.stack.cluster is not None
    cookie = f"cim_session={shared.into.begin(shared.ana, '')}"
    before = shared.stack.cluster.program.pid
    os.kill(before, signal.SIGKILL)
    for _ in range(600):
        if shared.stack.cluster.program.pid not in (0, before) and status(shared.address, cookie) == 200:
            break
        time.sleep(0.1)
    assert status(f"{shared.address}/region", cookie) == 200


def _serves(stack: Stack, cookie: str):
    """The process that answers whoever has a cookie."""
    assert status(f"{stack.settings.address}/marked-by-a-test", cookie) == 200
    log = (stack.logs / "nginx.log").read_text("utf-8")
    (port,) = re.findall(r" /marked-by-a-test .*:(\d+)$", log, re.MULTILINE)[-1:]
    return next(each for each in stack.apps if stack.ports[each.name] == int(port))
