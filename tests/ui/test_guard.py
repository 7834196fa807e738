"""The guard by itself: what it lets through, what it answers, and that a connection ends with a sign-out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL
from streamlit.proto.BackMsg_pb2 import BackMsg

from cim_core.store.accounts import Account, PassKind, Role
from cim_core.store.database import FILE, Database
from cim_core.store.sign_ins import SignIns
from cim_core.store.troubles import StoreError, Trouble
from ui.shared import guard
from ui.shared.guard import ENTER, LEAVE, SESSION, SIGN_IN, VISITOR, Guard

HOUR = timedelta(hours=1)


@pytest.fixture
def into(tmp_path: Path) -> Iterator[SignIns]:
    database = Database(URL.create("sqlite", database=str(tmp_path / FILE)))
    yield SignIns(database)
    database.close()


@pytest.fixture
def ana(into: SignIns) -> Account:
    return into.accounts.add("ana", "Ana", Role.DIRECTOR, "Alder")


def run(work: Coroutine[object, object, None]) -> None:
    """To its end, in a thread of its own: the worker's may have a loop for the browser."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def asked(into: SignIns, path: str, owns: bool = True, kind: str = "http", **cookies: str):
    """What the app behind the guard was asked for, and what was answered."""
    reached, told = [], []

    async def app(scope, receive, send):
        reached.append(scope["path"])
        if kind == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message):
        told.append(message)

    path, _, query = path.partition("?")
    written = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = [(b"cookie", written.encode()), (b"accept", b"text/html")]
    scope = {"type": kind, "path": path, "query_string": query.encode(), "headers": headers, "method": "GET",
             "client": ("10.1.2.3", 5), "scheme": "http"}  # fmt: skip
    run(Guard(app, lambda: into, lambda *_: owns)(scope, receive, send))
    return reached, told


def headers_of(told) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in told[0]["headers"]}


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "cookies", [{}, {SESSION: "x"}, {SESSION: ""}, {"other": "x"}, {"bad key": "x", SESSION: '"'}]
)
@pytest.mark.parametrize("path", ["/", "/region", "/media/a.bin", "/_stcore/stream", "/_stcore/metrics"])
def test_without_a_sign_in_nothing_is_reached(into, kind, cookies, path):
    reached, told = asked(into, path, kind=kind, **cookies)
    assert not reached and told[0].get("status", 303) in (303, 404)


def test_a_visitor_reaches_the_form_and_nothing_else(into):
    reached, told = asked(into, SIGN_IN)
    assert reached == [SIGN_IN] and VISITOR in headers_of(told)["set-cookie"]
    assert "HttpOnly" in headers_of(told)["set-cookie"]
    reachable = {"/static/a.js", "/_stcore/host-config", "/_stcore/health"}
    closed = {"/media/a.png", "/region", "/_stcore/upload_file/a/b", "/_stcore/metrics"}
    for path in reachable | closed:
        assert bool(asked(into, path, **{VISITOR: "v"})[0]) is (path in reachable), path


def test_who_is_signed_in_reaches_pages_and_only_own_files(into, ana):
    token = into.begin(ana, "")
    assert asked(into, "/region", **{SESSION: token})[0] == ["/region"]
    for path in ("/media/a.bin", "/_stcore/upload_file/a/b"):
        assert asked(into, path, owns=True, **{SESSION: token})[0] == [path]
        reached, told = asked(into, path, owns=False, **{SESSION: token})
        assert not reached and told[0]["status"] == 404
    assert not asked(into, "/_stcore/metrics", **{SESSION: token})[0]
    told = asked(into, "/region", **{SESSION: token})[1]
    assert set(map(str.lower, guard.HEADERS)) <= set(headers_of(told))


def test_a_pass_gives_the_cookie_once_to_the_browser_it_is_for(into, ana):
    token = into.accounts.make_pass(ana.id, PassKind.ENTER, HOUR, "mine")
    for visitor in ("another", ""):
        assert SESSION not in str(asked(into, f"{ENTER}?pass={token}", **{VISITOR: visitor})[1])
    told = asked(into, f"{ENTER}?pass={token}&next=/region", **{VISITOR: "mine"})[1]
    assert headers_of(told)["location"] == "/region" and f"{SESSION}=" in str(told)
    assert f"{SESSION}=" not in str(asked(into, f"{ENTER}?pass={token}", **{VISITOR: "mine"})[1])
    away = into.accounts.make_pass(ana.id, PassKind.ENTER, HOUR, "mine")
    told = asked(into, f"{ENTER}?pass={away}&next=//evil.example", **{VISITOR: "mine"})[1]
    assert headers_of(told)["location"] == "/"


def test_leaving_ends_it_on_the_server(into, ana):
    token = into.begin(ana, "")
    told = asked(into, LEAVE, **{SESSION: token})[1]
    assert headers_of(told)["location"] == SIGN_IN and into.who(token) is None
    assert not asked(into, "/region", **{SESSION: token})[0]


def test_a_store_that_cannot_be_asked_lets_nobody_in(into, ana, monkeypatch):
    token = into.begin(ana, "")

    def broken(*_):
        raise StoreError(Trouble.UNREACHABLE, "x")

    monkeypatch.setattr(SignIns, "who", broken)
    reached, told = asked(into, "/region", **{SESSION: token})
    assert not reached and told[0]["status"] == 503


def test_a_connection_ends_with_the_sign_in(into, ana, monkeypatch):
    monkeypatch.setattr(guard, "_LOOKED_AFTER", 0.01)
    token, told = into.begin(ana, ""), []

    async def app(scope, receive, send):
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def main():
        first = asyncio.Event()

        async def receive():
            if not first.is_set():
                first.set()
                return {"type": "websocket.connect"}
            into.end(token, "")
            await asyncio.Event().wait()
            return {}

        async def send(message):
            told.append(message)

        headers = [(b"cookie", f"{SESSION}={token}".encode())]
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers, "query_string": b""}
        await asyncio.wait_for(Guard(app, lambda: into, lambda *_: True)(scope, receive, send), 20)

    run(main())
    assert told == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/metrics",
        "/_stcore/script-health-check", "/auth/logout",
    ],
)  # fmt: skip
@pytest.mark.parametrize("signed_in", [True, False])
def test_doors_beside_the_pages_are_closed_for_everybody(into, ana, path, signed_in):
    cookies = {SESSION: into.begin(ana, "")} if signed_in else {VISITOR: "v"}
    reached, told = asked(into, path, **cookies)
    assert not reached and told[0]["status"] in (303, 404)


def test_connections_of_an_account_are_bounded_and_free_again(into, ana):
    token, opened, go = into.begin(ana, ""), [], asyncio.Event()

    async def app(scope, receive, send):
        opened.append(scope["path"])
        await go.wait()

    async def once(behind: Guard) -> list[str]:
        told = []

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            told.append(message["type"])

        headers = [(b"cookie", f"{SESSION}={token}".encode())]
        await behind(
            {"type": "websocket", "path": "/_stcore/stream", "query_string": b"", "headers": headers},
            receive,
            send,
        )
        return told

    async def work():
        behind = Guard(app, lambda: into, lambda *_: True)
        waits = [asyncio.ensure_future(once(behind)) for _ in range(guard.MOST_CONNECTIONS)]
        while len(opened) < guard.MOST_CONNECTIONS:
            await asyncio.sleep(0.01)
        assert await once(behind) == ["websocket.close"] and len(opened) == guard.MOST_CONNECTIONS
        go.set()
        await asyncio.gather(*waits)
        assert not behind.open
        await once(behind)
        assert len(opened) == guard.MOST_CONNECTIONS + 1

    run(work())


@pytest.mark.parametrize(
    ("method", "length", "waiting", "status"),
    [
        ("PUT", b"1000", 0, 200),
        ("PUT", b"1000", guard.MOST_UPLOADED, 413),
        ("POST", b"1001", guard.MOST_UPLOADED - 1000, 413),
        ("PUT", b"1000", guard.MOST_UPLOADED - 1000, 200),
        ("PUT", b"", 1, 413),
        ("PUT", b"-5", 1, 413),
        ("PUT", b"9" * 5000, 1, 413),
        ("DELETE", b"", guard.MOST_UPLOADED, 200),
    ],
)
def test_files_that_wait_to_be_read_are_bounded(into, ana, method, length, waiting, status):
    token, told = into.begin(ana, ""), []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        told.append(message)

    headers = [(b"cookie", f"{SESSION}={token}".encode()), (b"content-length", length)]
    scope = {
        "type": "http", "path": "/_stcore/upload_file/a/b", "query_string": b"", "headers": headers,
        "method": method,
    }  # fmt: skip
    run(Guard(app, lambda: into, lambda *_: True, waiting=lambda _: waiting)(scope, receive, send))
    assert told[0]["status"] == status


def test_uploads_on_their_way_count_as_well(into, ana):
    """Announced and not yet here they would all fit, one by one."""
    token, answers, go = into.begin(ana, ""), [], asyncio.Event()
    size = guard.MOST_UPLOADED // 3

    async def app(scope, receive, send):
        await go.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def once(behind: Guard) -> int:
        told = []

        async def receive():
            return {"type": "http.request"}

        async def send(message):
            told.append(message)

        headers = [(b"cookie", f"{SESSION}={token}".encode()), (b"content-length", str(size).encode())]
        scope = {"type": "http", "path": "/_stcore/upload_file/a/b", "query_string": b"", "headers": headers}
        await behind(scope | {"method": "PUT"}, receive, send)
        return told[0]["status"]

    async def work():
        behind = Guard(app, lambda: into, lambda *_: True)
        first = [asyncio.ensure_future(once(behind)) for _ in range(3)]
        while behind.coming[ana.id] < 3 * size:
            await asyncio.sleep(0.01)
        answers.append(await once(behind))
        go.set()
        answers.extend(await asyncio.gather(*first))
        answers.append(await once(behind))
        assert not behind.coming

    run(work())
    assert answers == [413, 204, 204, 204, 204]


@pytest.mark.parametrize(
    ("cookie", "kept"),
    [("mine", True), ("another", False), ("visitor", False)],
)
def test_a_connection_goes_on_with_a_visit_only_with_its_own_sign_in(into, ana, cookie, kept):
    mine, another = into.begin(ana, ""), into.begin(ana, "")
    sent = {"mine": f"{SESSION}={mine}", "another": f"{SESSION}={another}", "visitor": f"{VISITOR}=x"}[cookie]
    reached = []

    async def app(scope, receive, send):
        reached.append(dict(scope["headers"])[b"sec-websocket-protocol"])

    async def nothing(*_):
        return {"type": "websocket.connect"}

    headers = [(b"cookie", sent.encode()), (b"sec-websocket-protocol", b"streamlit, xsrf, a-visit")]
    scope = {"type": "websocket", "path": "/_stcore/stream", "query_string": b"", "headers": headers}
    goes_on = lambda visit, token: (visit, token) == ("a-visit", mine)  # noqa: E731
    run(Guard(app, lambda: into, lambda *_: True, goes_on)(scope, nothing, nothing))
    assert reached == [b"streamlit, xsrf, a-visit" if kept else b"streamlit, xsrf"]


def test_what_is_not_on_the_list_never_reaches_streamlit(into, ana):
    token, heard = into.begin(ana, ""), []
    sent = [BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True), BackMsg(stop_script=True)]
    comes = [{"type": "websocket.receive", "bytes": each.SerializeToString()} for each in sent]
    comes.append({"type": "websocket.disconnect", "code": 1000})

    async def app(scope, receive, send):
        while (message := await receive())["type"] != "websocket.disconnect":
            heard.append(BackMsg.FromString(message["bytes"]).WhichOneof("type"))

    async def receive():
        return comes.pop(0)

    async def send(_):
        pass

    headers = [(b"cookie", f"{SESSION}={token}".encode())]
    scope = {"type": "websocket", "path": "/_stcore/stream", "query_string": b"", "headers": headers}
    run(Guard(app, lambda: into, lambda *_: True)(scope, receive, send))
    assert heard == ["stop_script"]


def test_another_page_cannot_sign_somebody_out(into, ana):
    token = into.begin(ana, "")
    headers = [(b"cookie", f"{SESSION}={token}".encode()), (b"sec-fetch-site", b"cross-site")]
    scope = {"type": "http", "path": LEAVE, "query_string": b"", "headers": headers, "method": "GET"}

    async def nothing(*_):
        return {"type": "http.request"}

    run(Guard(nothing, lambda: into, lambda *_: True)(scope, nothing, nothing))
    assert into.who(token) is not None
