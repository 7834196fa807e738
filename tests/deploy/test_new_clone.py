"""The commands of docs/deploy.md in a new clone: what they start is signed in to, over https, and ends."""

from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from websockets.sync.client import connect

from deploy.stack import free_ports
from tests.conftest import ROOT
from tests.deploy import certificate
from tests.e2e.conftest import AT_REST, SEEN, settle
from tests.e2e.test_signin import Shared, session_of, set_password, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.full]
MOST = 5


def commands() -> list[str]:
    """The first block of the document."""
    found = re.search(r"```\n(git clone .*?)```", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1].splitlines()


@contextmanager
def typed(words: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """What a terminal shows until something is served; at the end somebody presses Ctrl+C."""
    with (folder / "shown").open("w+", encoding="utf-8") as shown:
        terminal = subprocess.Popen(
            ["bash", "-ec", "\n".join(words)], cwd=folder, env=environment, start_new_session=True,
            stdout=shown, stderr=shown,
        )  # fmt: skip
        try:
            for _ in range(6_000):
                said = (folder / "shown").read_text("utf-8")
                if "CIM Tier Explorer:" in said or terminal.poll() is not None:
                    break
                time.sleep(0.1)
            yield said
            os.killpg(terminal.pid, signal.SIGINT)
            terminal.wait(60)
        finally:
            if terminal.poll() is None:
                os.killpg(terminal.pid, signal.SIGKILL)


def test_five_commands_or_fewer_from_a_new_clone(data: Path, browser: Browser):
    port, clone, kept = free_ports()[0], data / "cim-tier-explorer", data / "data"
    address = f"https://localhost:{port}"
    files = certificate.make(data)
    words = commands()
    assert sum(len(word.split("&&")) for word in words) <= MOST
    replaced = {
        "git clone …": f"git clone --quiet {ROOT}", "https://cim.example.org": address,
        "/etc/cim/fullchain.pem": str(files[0]), "/etc/cim/privkey.pem": str(files[1]),
    }  # fmt: skip
    for said, ours in replaced.items():
        assert sum(said in word for word in words) == 1, said
        words = [word.replace(said, ours) for word in words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CIM_")}
    environment |= {"CIM_DATA": str(kept), "CIM_PORT": str(port)}
    at_clone = {"cwd": clone, "env": environment, "capture_output": True, "text": True}
    with typed(words[:-1], data, environment) as said:
        assert f"CIM Tier Explorer: {address}" in said and "no account yet" in said, said[-2_000:]
        done = subprocess.run(["bash", "-ec", words[-1]], **at_clone, check=False)
        link = done.stdout.strip().splitlines()[-1]
        assert link.startswith(f"{address}/signin?setup="), done.stderr[-2_000:]
        _signed_in(browser, address, link.rpartition("?")[2])
    assert not list((kept / "serving").glob("**/*.pid")) and "Traceback" not in (data / "shown").read_text()
    again = [f"cd {clone}", *words[1:-1]]
    with typed(again, data, environment) as said:
        assert f"CIM Tier Explorer: {address}" in said and "no account yet" not in said, said[-2_000:]
        listed = subprocess.run(["python3", "run.py", "users", "list"], **at_clone, check=True)
        assert listed.stdout.startswith("ana\tadministrator\tAlder Valley SELPA")


def _signed_in(browser: Browser, address: str, link: str) -> None:
    with browser.new_context(ignore_https_errors=True) as context:
        for script in (SEEN, AT_REST):
            context.add_init_script(script)
        page, at = context.new_page(), Shared(address, Path(), {"ana": link})
        set_password(page, at, "ana")
        sign_in(page, at, "ana")
        page.goto(f"{address}/region?data=sample")
        settle(page)
        expect(page.locator(".stMain")).to_contain_text("missed most")
        assert all(each["secure"] for each in context.cookies() if each["name"].startswith("cim_"))
        cookie = session_of(context)
    unknown = ssl._create_unverified_context()
    with connect(
        f"{address.replace('https', 'wss')}/_stcore/stream", ssl=unknown, origin=address,
        additional_headers={"Cookie": cookie},
    ):  # fmt: skip
        pass
    with urllib.request.urlopen(f"{address}/signin", context=unknown) as reply:
        assert (
            reply.headers["Strict-Transport-Security"] is None
        )  # not for a name that is everybody's own machine
