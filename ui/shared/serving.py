"""The server around the pages: who may reach it, what browsers may keep, what is made ready meanwhile."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import pkgutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from cim_core.data.outside import shortened
from cim_core.placing.apart import give_back
from cim_core.words import messages
from ui.shared import identity, places, sessions
from ui.shared.guard import Guard

_LOG = logging.getLogger("cim.server")
_THIS_MACHINE = frozenset(("localhost", "127.0.0.1", "::1"))
_PORTS = {"http": 80, "https": 443, "": 80}
_KEPT = "/static/"
"""Where Streamlit's own scripts and fonts are: the only replies that a browser may keep."""
_FORBIDDEN = 403
_LONGEST_WAIT = 60
UNUSED = "CIM_UNUSED"
"""The environment variable for the seconds after which what nobody looks at leaves the memory."""
_UNUSED = 15 * 60.0
_TIDY_EVERY = 60.0
_IMPORTED = Event()
_IMPORTED.set()


class OnlyHere:
    """Lets requests through that were meant for this server, and keeps browsers from storing replies.

    A web page can give its own name the address of this machine (DNS rebinding): its requests then carry its
    name as Host, and its Origin. So both must name this machine, or a host that the setting
    `server.allowedHosts` lists beside it. Another program of this machine is another port: an Origin must
    have the port of the Host (what carries the connection may have one of its own), or the server's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if not is_meant(Headers(scope=scope), _port(scope)):
            await _refuse(scope, receive, send)
            return

        async def unkept(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith(_KEPT):
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, unkept)


class Loopback:
    """Answers programs of this machine alone: in local mode nobody signs in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection; one without an address comes from within the process."""
        here = scope.get("client")
        if scope["type"] in ("http", "websocket") and here and not is_loopback(str(here[0])):
            await _refuse(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return address in _THIS_MACHINE or ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return address == "testclient"


def is_meant(headers: Headers, port: int) -> bool:
    """Whether the Host, the Origin (if there is one) and the browser's own word name this server."""
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or len(origins) > 1:
        return False
    host = _named(f"//{hosts[0]}", ("",))
    if host is None or not _ours(host[0]):
        return False
    for one in origins:
        origin = _named(one, ("http", "https"))
        if origin is None or not _ours(origin[0]):
            return False
        if origin[0] in _THIS_MACHINE and origin[1] not in (host[1], port):
            return False
    strange = headers.get("sec-fetch-site") == "cross-site"
    return not strange or headers.get("sec-fetch-mode") == "navigate"


def _named(address: str, schemes: tuple[str, ...]) -> tuple[str, int] | None:
    """The name and port of an address that is nothing else; None for anything odd."""
    try:
        parts = urlsplit(address)
        name, given = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    odd = parts.path or parts.query or parts.fragment or "\\" in address or "@" in parts.netloc
    if parts.scheme not in schemes or odd or not name:
        return None
    return name, given or _PORTS[parts.scheme]


def _ours(name: str) -> bool:
    return name in _THIS_MACHINE or name in _also_allowed()


def _also_allowed() -> set[str]:
    """Names that a deployment has set; the widest setting, `*`, is not taken: nothing is local then."""
    return (
        {one.strip().casefold() for one in config.get_option("server.allowedHosts")} - _THIS_MACHINE - {"*"}
    )


def _port(scope: Scope) -> int:
    server = scope.get("server")
    return int(server[1]) if server and server[1] else int(config.get_option("server.port"))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    said = PlainTextResponse(messages.text("server.not_here"), _FORBIDDEN, {"Cache-Control": "no-store"})
    await said(scope, receive, send)


@asynccontextmanager
async def around(_: Any) -> AsyncIterator[None]:
    """Say where the app is once the port is ours; make ready meanwhile what the first page needs."""
    port = config.get_option("server.port")
    print(messages.text("server.here", address=f"http://localhost:{port}"), flush=True)
    _IMPORTED.clear()
    Thread(target=_make_ready, daemon=True).start()
    ended = Event()
    Thread(target=_tidy_up, args=(ended,), daemon=True).start()
    sessions = asyncio.create_task(_end_sessions())
    yield
    sessions.cancel()
    ended.set()


async def _end_sessions() -> None:
    from ui.shared import sessions

    while True:
        await asyncio.sleep(_TIDY_EVERY)
        sessions.end_those_gone()


def only_here() -> None:
    """End the program where in local mode it shall listen to more than this machine, or is behind a proxy;
    and for a mode that there is not."""
    where, mode = str(config.get_option("server.address") or ""), os.environ.get(identity.MODE, "")
    if mode not in ("", "local", identity.SHARED):
        sys.exit(messages.text("access.mode", found=shortened(mode)))
    if not identity.is_shared() and (not is_loopback(where) or os.environ.get(places.TRUSTED)):
        sys.exit(messages.text("access.local"))


def give_memory_back() -> None:
    """Collect what is no longer used, also what stands beside the imported libraries (`frame.warm_up`)."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


def _tidy_up(ended: Event) -> None:
    """Give memory back: results that nobody has looked at for a while are worked out anew when they are."""
    from ui.shared.kept import kept_results
    from ui.shared.shelf import let_all_go

    unused = _unused()
    while not ended.wait(min(unused, _TIDY_EVERY)):
        kept_results().let_go(unused)
        let_all_go(unused)
        give_memory_back()


def _unused() -> float:
    try:
        return max(1.0, float(os.environ[UNUSED]))
    except (KeyError, ValueError):
        return _UNUSED


def _make_ready() -> None:
    import ui

    try:
        for one in pkgutil.walk_packages(ui.__path__, "ui."):
            import_module(one.name)
    except Exception as error:  # the page that needs it will say so
        _LOG.error("not everything could be imported beforehand", exc_info=error)
    finally:
        _IMPORTED.set()
    from ui.shared import results

    if not identity.is_shared():  # there each person's results are their own
        results.make_sample_ready()


def wait_for_imports() -> None:
    """Two threads must not import at once: libraries that import in circles are seen half made then."""
    _IMPORTED.wait(_LONGEST_WAIT)


def _before() -> tuple[Middleware, ...]:
    """What stands before Streamlit: in shared mode the guard too, else only this machine is answered."""
    if not identity.is_shared():
        return Middleware(OnlyHere), Middleware(Loopback)
    return Middleware(OnlyHere), Middleware(
        Guard,
        sign_ins=identity.sign_ins,
        owns=sessions.owns,
        goes_on=sessions.goes_on,
        waiting=sessions.waiting,
        parted=sessions.let_visitors_go,
    )


MIDDLEWARE = _before()
