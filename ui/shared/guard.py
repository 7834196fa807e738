"""The guard before Streamlit in shared mode: to who is not signed in nothing is served but the sign-in.

A visitor gets a cookie of its own at `/signin`, with which the form can be drawn and nothing else. A form
that was answered gives a pass, used once at `/enter` by the same browser, for the cookie of the sign-in.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cim_core.store.accounts import Account, PassKind
from cim_core.store.sign_ins import LONGEST, SignIns
from cim_core.store.troubles import StoreError
from cim_core.words import messages
from ui.shared import connections, places

SESSION, VISITOR = "cim_session", "cim_visitor"
"""The cookies: of somebody who is signed in, and of a browser that is shown the form."""
SIGN_IN, ENTER, LEAVE = "/signin", "/enter", "/leave"
_FOR_THE_FORM = (
    "/static/",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/_stcore/bidi-components/",
    "/auth/login",
    "/oauth2callback",
)
"""What a visitor's browser needs to draw the form: the program's own files, the connection, and the way to an
organization and back (`st.login`)."""
_CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent", "/auth/logout")
_ORGANIZATION = "_streamlit_user"
"""How the cookies begin that `st.login` sets: good for 30 days, so they go as soon as they were used once."""
_UPLOADS = "/_stcore/upload_file/"
_OF_SESSIONS = ("/media/", _UPLOADS)
_LOOKED_AFTER = 5.0
"""Seconds after which it is looked whether whoever holds a connection is still signed in."""
_VISIT = 15 * 60
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "; ".join((
        "default-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self' data:",
        "connect-src 'self' ws: wss:", "worker-src 'self' blob:", "object-src 'none'", "base-uri 'self'",
        "form-action 'self'", "frame-ancestors 'none'",
    )),
}  # fmt: skip
Owns = Callable[[str, str], bool]
MOST_CONNECTIONS, MOST_VISITORS, ALL_VISITORS = 30, 60, 600
"""Open connections of one account, of those from one address who are shown the form, and of all of those:
each holds memory."""
MOST_UPLOADED = 128 * 2**20
"""Bytes of files of one account that wait to be read."""
_DIGITS = 20
_EVERY_VISITOR = "visitors"


@dataclass(frozen=True, slots=True)
class Guard:
    """`sign_ins` opens what is kept of accounts; `owns` says whether a path of an upload or a download is of
    an account, `goes_on` whether a visit was begun with a sign-in, `waiting` how many bytes of an account's
    uploads wait to be read; `parted` is told when a visitor leaves."""

    app: ASGIApp
    sign_ins: Callable[[], SignIns]
    owns: Owns
    goes_on: Callable[[str, str], bool] = lambda *_: False
    waiting: Callable[[str], int] = lambda _: 0
    parted: Callable[[], object] = lambda: None
    open: Counter[str] = field(default_factory=Counter)
    coming: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = connections.with_plain_cookies(scope)
        try:
            await self._answered(scope, receive, send)
        except StoreError:  # who is signed in cannot be told
            if scope["type"] == "websocket":
                await _nothing(scope, receive, send)
            else:
                await _answer(scope, receive, send, "access.away", 503)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, cookies = scope["path"], connections.cookies(scope)
        if scope["type"] == "http" and path in (SIGN_IN, ENTER, LEAVE):
            await self._sign_in(path, cookies, scope, receive, send)
            return
        account = await run_in_threadpool(self._who, cookies)
        if account is None and not self._is_form(path, cookies):
            await _away(scope, receive, send)
        elif path.startswith(_CLOSED) or (
            account is not None and path.startswith(_OF_SESSIONS) and not self.owns(path, account.id)
        ):
            await _nothing(scope, receive, send)
        elif account is not None and path.startswith(_UPLOADS) and scope["type"] == "http":
            await self._upload(account, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connection(account, cookies, scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(scope, send))

    def _who(self, cookies: Mapping[str, str], there: bool = True) -> Account | None:
        token = cookies.get(SESSION, "")
        return self.sign_ins().who(token, there) if token else None

    async def _upload(self, account: Account, scope: Scope, receive: Receive, send: Send) -> None:
        """An upload, where there is room for it; it has to say how long it is."""
        told, whose = Headers(scope=scope).get("content-length", ""), account.id
        comes = scope["method"] in ("PUT", "POST")
        said = told.isdecimal() and len(told) < _DIGITS
        more = (int(told) if said else MOST_UPLOADED + 1) if comes else 0
        if comes and self.waiting(whose) + self.coming[whose] + more > MOST_UPLOADED:
            await _answer(scope, receive, send, "access.too_much", 413)
            return
        self.coming[whose] += more
        try:
            await self.app(scope, receive, _with_headers(scope, send))
        finally:
            _less(self.coming, whose, more)

    def _is_form(self, path: str, cookies: Mapping[str, str]) -> bool:
        return bool(cookies.get(VISITOR)) and path.startswith(_FOR_THE_FORM)

    async def _sign_in(
        self, path: str, cookies: Mapping[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        asked = {
            name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()
        }
        place = places.short(scope)
        if path == LEAVE and Headers(scope=scope).get("sec-fetch-site") == "cross-site":
            reply: Response = RedirectResponse("/", 303)  # another page wants to sign somebody out
        elif path == LEAVE:
            await run_in_threadpool(self.sign_ins().end, cookies.get(SESSION, ""), place)
            reply = RedirectResponse(SIGN_IN, 303)
            reply.delete_cookie(SESSION, path="/")
            _forget_organization(reply, cookies)
        elif path == ENTER:
            token = await run_in_threadpool(self._entered, asked.get("pass", ""), cookies, place)
            reply = RedirectResponse(places.inside(asked.get("next", "")) if token else SIGN_IN, 303)
            if token:
                _set(reply, SESSION, token, int(LONGEST.total_seconds()), scope)
                reply.delete_cookie(VISITOR, path="/")
                _forget_organization(reply, cookies)
        else:
            await self._form(cookies, scope, receive, send)
            return
        for name, value in HEADERS.items():
            reply.headers[name] = value
        await reply(scope, receive, send)

    def _entered(self, token: str, cookies: Mapping[str, str], place: str) -> str:
        """The token of a new sign-in, for a pass and the browser it was made for; whoever was signed in with
        this browser is not any longer."""
        into, visitor, before = self.sign_ins(), cookies.get(VISITOR, ""), cookies.get(SESSION, "")
        found = into.accounts.use_pass(token, PassKind.ENTER, visitor) if token and visitor else None
        if found is None:
            return ""
        if before:
            into.end(before, place)
        return into.begin(found, place)

    async def _form(self, cookies: Mapping[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        """The page with the form; a browser that has no visitor's cookie gets one."""
        visitor = "" if cookies.get(VISITOR) else secrets.token_urlsafe(32)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and visitor:
                reply = Response()
                _set(reply, VISITOR, visitor, _VISIT, scope)
                MutableHeaders(scope=message).append("set-cookie", reply.headers["set-cookie"])
            await send(message)

        await self.app(scope, receive, _with_headers(scope, marked))

    async def _connection(
        self, account: Account | None, cookies: Mapping[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """A connection, as long as who holds it is signed in; a visitor's as long as the form is drawn."""
        whose = f"visitors {places.whole(scope)}" if account is None else account.id
        most = MOST_VISITORS if account is None else MOST_CONNECTIONS
        if self.open[whose] >= most or account is None and self.open[_EVERY_VISITOR] >= ALL_VISITORS:
            await _nothing(scope, receive, send)
            return
        asked = connections.visit(scope)
        if asked and (account is None or not self.goes_on(asked, cookies.get(SESSION, ""))):
            scope = connections.begun_anew(scope)
        ended = asyncio.Event()

        async def look_after() -> None:
            while account is not None:
                await asyncio.sleep(_LOOKED_AFTER)
                with suppress(StoreError):
                    if await run_in_threadpool(self._who, cookies, False) is None:
                        ended.set()
                        return
            await asyncio.sleep(_VISIT)
            ended.set()

        async def received() -> Message:
            while True:
                waits = asyncio.ensure_future(receive())
                over = asyncio.ensure_future(ended.wait())
                await asyncio.wait({waits, over}, return_when=asyncio.FIRST_COMPLETED)
                over.cancel()
                if not waits.done():
                    waits.cancel()
                    await send({"type": "websocket.close", "code": 1008})
                    return {"type": "websocket.disconnect", "code": 1008}
                if connections.is_heard(waits.result(), account is not None):
                    return waits.result()

        watching = asyncio.ensure_future(look_after())
        held = [whose, _EVERY_VISITOR] if account is None else [whose]
        self.open.update(held)
        try:
            await self.app(scope, received, send)
        finally:
            watching.cancel()
            for each in held:
                _less(self.open, each, 1)
            if account is None:
                self.parted()


def _less(counted: Counter[str], whose: str, by: int) -> None:
    counted[whose] -= by
    if not counted[whose]:
        del counted[whose]


def _set(reply: Response, name: str, value: str, seconds: int, scope: Scope) -> None:
    reply.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=places.is_secure(scope)
    )


def _forget_organization(reply: Response, cookies: Mapping[str, str]) -> None:
    for name in cookies:
        if name.startswith(_ORGANIZATION):
            reply.delete_cookie(name, path="/")


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                if name != "Cache-Control" or not scope["path"].startswith("/static/"):
                    headers[name] = value
        await send(message)

    return sent


async def _away(scope: Scope, receive: Receive, send: Send) -> None:
    """To the form, for a page that was asked for; nothing for everything else."""
    wanted = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    headers = Headers(scope=scope)
    if (
        scope["type"] == "websocket"
        or scope["method"] != "GET"
        or "text/html" not in headers.get("accept", "")
    ):
        await _nothing(scope, receive, send)
        return
    reply = RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", 303, dict(HEADERS))
    await reply(scope, receive, send)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The same for what is not there and for what is somebody else's."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await _answer(scope, receive, send, "access.nothing", 404)


async def _answer(scope: Scope, receive: Receive, send: Send, said: str, status: int) -> None:
    reply = PlainTextResponse(messages.text(said), status, dict(HEADERS))
    await reply(scope, receive, send)
