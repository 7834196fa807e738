"""Local means local: who may reach a started server, and that no reply with data may be kept."""

from __future__ import annotations

import asyncio
import base64
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from streamlit import config

from cim_core.words import messages
from ui.shared import serving

ROOT = Path(__file__).parent.parent.parent
PORT = "{port}"
PAIRS = [
    # Host, Origin, whether it may come in
    ("localhost:{port}", None, True),
    ("localhost:{port}", "http://localhost:{port}", True),
    ("127.0.0.1:{port}", "http://127.0.0.1:{port}", True),
    ("[::1]:{port}", "http://[::1]:{port}", True),
    ("LOCALHOST:{port}", "http://localhost:{port}", True),
    ("evil.example:{port}", "http://evil.example:{port}", False),
    ("evil.example:{port}", None, False),
    ("localhost:{port}", "http://evil.example", False),
    ("localhost:{port}", "http://localhost:1", False),
    ("localhost", "http://localhost", True),
    ("localhost:9", "http://localhost:9", True),
    ("localhost:9", "http://localhost:{port}", True),
    ("localhost:9", "http://localhost:10", False),
    ("localhost:{port}", "null", False),
    ("localhost.evil.example:{port}", "http://localhost.evil.example:{port}", False),
    ("127.0.0.1.nip.io:{port}", None, False),
    ("0.0.0.0:{port}", "http://0.0.0.0:{port}", False),
    ("user@localhost:{port}", None, False),
    ("localhost:{port}", "file://localhost:{port}", False),
    ("localhost:{port}", "http://localhost:{port}.evil.example", False),
    ("localhost:{port}", "http://localhost:{port}/x", False),
    ("", None, False),
]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a started server, as it says itself."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"]
    environment = {**os.environ, "CIM_OPEN": "sample"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        assert said.startswith("CIM Tier Explorer: http://localhost:"), said
        yield int(said.split("localhost:")[1].split()[0])
        server.terminate()


def status_of(port: int, path: str, method: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    """One request as raw text: no client may put a Host of its own in."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        if method != "GET":
            lines.append("Content-Length: 0")
        raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        reply = http.client.HTTPResponse(raw, method=method)
        reply.begin()
        body = "" if reply.status == 101 else reply.read().decode("utf-8", "replace")
        return reply.status, body, {name.lower(): value for name, value in reply.getheaders()}


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
    "Sec-WebSocket-Protocol": "streamlit",
}


@pytest.mark.parametrize(("host", "origin", "allowed"), PAIRS)
def test_only_this_machine_reaches_websocket_media_uploads_and_pages(port, host, origin, allowed):
    named = {"Host": host.format(port=port)} | ({"Origin": origin.format(port=port)} if origin else {})
    refusal = messages.text("server.not_here")
    status, _, _ = status_of(port, "/_stcore/stream", "GET", named | UPGRADE)
    assert status == (101 if allowed else 403), status
    for method, path in (("GET", "/"), ("GET", "/media/none"), ("PUT", "/_stcore/upload_file/a/b"),
                         ("GET", "/component/none/x"), ("GET", "/_stcore/health")):  # fmt: skip
        status, body, headers = status_of(port, path, method, named | {"Connection": "close"})
        assert (body == refusal) == (not allowed) and (allowed or status in (400, 403)), (path, status, body)
        assert headers.get("cache-control") == "no-store", (path, headers)


def test_a_page_of_another_site_cannot_fetch_but_may_link(port):
    here = {"Host": f"localhost:{port}", "Connection": "close", "Sec-Fetch-Site": "cross-site"}
    assert status_of(port, "/media/none", "GET", here | {"Sec-Fetch-Mode": "no-cors"})[0] == 403
    assert status_of(port, "/?data=sample", "GET", here | {"Sec-Fetch-Mode": "navigate"})[0] == 200


def test_a_name_that_a_deployment_sets_may_come_in_by_any_port(monkeypatch):
    before = config.get_option
    hosts = ["localhost", "tiers.example.org", "*"]
    monkeypatch.setattr(
        config, "get_option", lambda key: hosts if key == "server.allowedHosts" else before(key)
    )
    for host, origin, allowed in (
        ("tiers.example.org", "https://tiers.example.org", True), ("localhost:8501", None, True),
        ("localhost:9000", None, True), ("other.example.org", None, False),
    ):  # fmt: skip
        headers = Headers({"host": host} | ({"origin": origin} if origin else {}))
        assert serving.is_meant(headers, 8501) == allowed


def test_two_hosts_are_none():
    twice = Headers(raw=[(b"host", b"localhost:1"), (b"host", b"localhost:1")])
    assert not serving.is_meant(twice, 1)


@pytest.mark.parametrize(
    ("address", "mode", "proxy", "said"),
    [
        ("localhost", "", "", ""), ("127.0.0.1", "local", "", ""), ("::1", "", "", ""),
        ("0.0.0.0", "", "", "this machine alone"), ("", "", "", "this machine alone"),
        ("10.1.2.3", "", "", "this machine alone"), ("localhost", "", "1", "this machine alone"),
        ("0.0.0.0", "shared", "1", ""), ("localhost", "Shared", "", "it is Shared"),
    ],
)  # fmt: skip
def test_local_mode_refuses_any_other_address(monkeypatch, address, mode, proxy, said):
    monkeypatch.setenv("CIM_MODE", mode)
    monkeypatch.setenv("CIM_PROXY", proxy)
    monkeypatch.setattr(config, "get_option", lambda name: address)
    if not said:
        serving.only_here()
        return
    with pytest.raises(SystemExit, match=said):
        serving.only_here()


@pytest.mark.parametrize(
    ("client", "passed"), [("127.0.0.1", True), ("::1", True), ("10.1.2.3", False), ("fe80::1%eth0", False)]
)
def test_in_local_mode_another_machine_gets_no_answer(client, passed):
    reached, told = [], []

    async def app(scope, receive, send):
        reached.append(scope["path"])

    async def send(message):
        told.append(message)

    scope = {"type": "http", "path": "/", "client": (client, 1), "headers": [], "method": "GET"}
    with ThreadPoolExecutor(1) as thread:  # the worker's own may have a loop for the browser
        thread.submit(asyncio.run, serving.Loopback(app)(scope, None, send)).result()
    assert bool(reached) is passed and bool(told) is not passed
