"""People of two SELPAs at browsers of their own: their marked files, and every byte that they get."""

from __future__ import annotations

import base64
import os
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, Download, Page, Request, WebSocket, expect
from sqlalchemy import URL

from cim_core.data.dataset import lea_key
from cim_core.store.accounts import Account, Role
from cim_core.store.database import FILE, Database
from cim_core.store.sign_ins import SignIns
from tests.e2e.conftest import AT_REST, SEEN, settle
from tests.e2e.test_signin import SAMPLE, process
from tests.e2e.test_uploads import give
from tests.ui.sent import texts_of

COLUMNS = SAMPLE.split(b"\n", 1)[0].decode().split(",")


@dataclass
class Marks:
    """What stands in the files of one SELPA and nowhere else."""

    selpa: str
    county: str
    names: tuple[str, str]
    rate: str
    numerator: int
    denominator: int

    @property
    def lea(self) -> str:
        """The code of the LEA with both a name and a rate of its own."""
        return f"{self.county}112"

    @property
    def content(self) -> bytes:
        """The sample, changed into a file of this SELPA."""
        made = re.sub(rb"(?m)^9910", self.county.encode(), SAMPLE).replace(
            b"Alder Valley SELPA", self.selpa.encode()
        )
        for before, after in zip((b"Quince Valley", b"Birch Hollow"), self.names, strict=True):
            made = made.replace(before, after.encode())
        lines = [line.split(",") for line in made.decode().splitlines()]
        for line in lines:
            if line[0] == self.lea:
                at = COLUMNS.index("5a")
                line[at : at + 3] = self.rate, str(self.numerator), str(self.denominator)
        return "\n".join(",".join(line) for line in lines).encode() + b"\n"

    @cached_property
    def each(self) -> dict[str, tuple[bytes, ...]]:
        """Every mark with the forms in which it may be sent."""
        texts = (self.selpa, *self.names, self.lea, f"{self.county}007")
        numbers = {f"{n:,}": n for n in (self.numerator, self.denominator)}
        found = {text: forms(text) for text in texts} | {self.rate: written(self.rate)}
        return found | {text: (*forms(text), *forms(str(n)), *packed(n)) for text, n in numbers.items()}

    def within(self, content: bytes) -> set[str]:
        """The marks that are in something; digits within longer ones, or within an id, are none."""
        return {
            mark
            for mark, each in self.each.items()
            if any(one in content and (not one.isdigit() or alone(one, content)) for one in each)
        }


def alone(digits: bytes, content: bytes) -> bool:
    """Whether digits stand somewhere without a letter or digit beside them."""
    return re.search(rb"(?<![0-9A-Za-z])" + digits + rb"(?![0-9A-Za-z])", content) is not None


def forms(text: str) -> tuple[bytes, ...]:
    """A text as it is, in an address, in UTF-16, and as base64 wherever it begins."""
    raw = text.encode()
    plain = {raw, quote(text).encode(), quote_plus(text).encode(), text.encode("utf-16-le")}
    within = {base64.b64encode(bytes(skip) + raw)[-(-skip * 4 // 3) :].rstrip(b"=")[:-1] for skip in range(3)}
    return tuple(sorted(plain | {one for one in within if len(one) > 7}))


def written(rate: str) -> tuple[bytes, ...]:
    """A rate as tables and files have it: drawings have numbers of the same look."""
    around = ("{}%", ",{},", ">{}<")
    return tuple(each.format(rate).encode() for each in around) + packed(float(rate))[:1]


def packed(number: float) -> tuple[bytes, ...]:
    """A number as columns of tables and drawings have it."""
    return struct.pack("<d", number), struct.pack("<q", int(number))


ANA = Marks("Kestrel Ridge SELPA", "7710", ("Moonlit Meadow", "Amber Thicket"), "61.75", 48119, 77925)
BO = Marks("Osprey Point SELPA", "8810", ("Hidden Hollow", "Veiled Valley"), "58.37", 52609, 90130)


class Wire:
    """Lies between a browser and the server and keeps what reaches the browser, never compressed; it can be
    cut, and be led to another process."""

    TAIL = 200

    def __init__(self, port: int) -> None:
        self.port, self.whole = port, True
        self.open: list[socket.socket] = []
        self.came: list[bytearray] = []
        self.looked: dict[int, int] = {}
        self.forgotten: dict[int, int] = {}
        self.heard = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self.heard.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def new(self) -> Iterator[bytes]:
        """What came since the last time, each connection with the end of what came before."""
        for at, stream in enumerate(list(self.came)):
            until, since = len(stream), self.looked.get(at, 0)
            if until > since:
                self.looked[at] = until
                yield bytes(stream[max(self.forgotten.get(at, 0), since - self.TAIL) : until])

    def forget(self) -> None:
        """Look at nothing that came until now."""
        self.forgotten = {at: len(stream) for at, stream in enumerate(list(self.came))}
        self.looked = dict(self.forgotten)

    def cut(self) -> None:
        self.whole = False
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.heard.accept()
                if not self.whole:
                    here.close()
                    continue
                try:
                    there = socket.create_connection(("127.0.0.1", self.port))
                except OSError:
                    here.close()
                    continue
                self.open += [here, there]
                self.came.append(bytearray())
                threading.Thread(target=_carry, args=(here, there, None), daemon=True).start()
                threading.Thread(target=_carry, args=(there, here, self.came[-1]), daemon=True).start()


def _carry(start: socket.socket, end: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while piece := start.recv(262_144):
            if kept is not None:
                kept += piece
            else:
                piece = piece.replace(b"Accept-Encoding:", b"X-Nothing-Packs:")
                piece = piece.replace(b"Sec-WebSocket-Extensions:", b"X-Nothing-Packs-In-WebSo:")
            end.sendall(piece)
    for one in (start, end):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@dataclass
class Served:
    """A server in shared mode, and what it keeps of accounts."""

    address: str
    data: Path
    into: SignIns

    @property
    def port(self) -> int:
        """Where the process itself listens."""
        return urlsplit(self.address).port or 0

    def add(self, name: str, role: Role, selpa: str, *leas: str) -> Account:
        """A new account; `leas` are codes."""
        return self.into.accounts.add(name, name, role, selpa, tuple(map(lea_key, leas)))

    def signed_in(self, account: Account) -> str:
        """The cookie of a new sign-in."""
        return self.into.begin(account, "")


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """A server in shared mode without any account."""
    with process({**os.environ, "CIM_DATA": str(data), "CIM_MODE": "shared"}) as (address, _):
        database = Database(URL.create("sqlite", database=str(data / FILE)))
        try:
            yield Served(address, data, SignIns(database))
        finally:
            database.close()


@dataclass
class Person:
    """Somebody at a browser, all that it got, and what of it was found."""

    name: str
    marks: Marks
    context: BrowserContext
    wire: Wire
    page: Page
    key: str = ""
    asked: list[Request] = field(default_factory=list)
    given: list[Download] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    got: int = 0

    def go(self, page: str, **query: str) -> None:
        """Ask for a page of one's own data, without waiting for it."""
        self.page.goto(
            f"{self.wire.address}/{page}?{urlencode({'data': self.key} | query)}", wait_until="commit"
        )

    def upload(self) -> None:
        """Open the file of one's SELPA."""
        self.page.goto(f"{self.wire.address}/data")
        settle(self.page)
        give(self.page, f"{self.marks.selpa}.csv", self.marks.content)
        expect(self.page.locator(".st-key-top_bar")).to_contain_text(self.marks.selpa, timeout=30_000)
        settle(self.page)
        self.key = self.page.url.partition("data=")[2].partition("&")[0]

    def media(self) -> list[str]:
        """The paths of all downloads and pictures that the browser asked for."""
        paths = (urlsplit(one.url).path for one in self.asked)
        return sorted({path for path in paths if path.startswith("/media/")})

    def look(self, other: Marks) -> list[str]:
        """Which marks of somebody else are in what came since the last time; one's own are noted."""
        there: list[str] = []
        files = [text.encode() for one in self.given for text in texts_of(Path(one.path()).read_bytes())]
        self.given.clear()
        for piece in (*self.wire.new(), *files):
            self.got += len(piece)
            self.found |= self.marks.within(piece)
            there += other.within(piece)
        return there


@contextmanager
def at_browser(browser: Browser, server: Served, account: Account, marks: Marks) -> Iterator[Person]:
    """Somebody who is signed in, at a browser of their own."""
    wire = Wire(server.port)
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        context.set_default_timeout(30_000)
        for script in (SEEN, AT_REST):
            context.add_init_script(script)
        context.add_cookies(
            [{"name": "cim_session", "value": server.signed_in(account), "url": wire.address}]
        )
        one = Person(account.name, marks, context, wire, context.new_page())
        context.on("request", lambda request: one.asked.append(request))
        one.page.on("websocket", lambda made: one.sockets.append(made))
        context.on("download", lambda file: one.given.append(file))
        yield one
    wire.heard.close()
