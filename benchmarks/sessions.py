"""Fifty people at once in the shared mode: nginx, two processes, PostgreSQL; one process is killed midway.

`python -m benchmarks.sessions [--seconds 120] [--sessions 50]`: each of them speaks Streamlit's protocol over
a connection of their own, thinks for 10 seconds on average, walks over the pages of their SELPA's files,
saves scenarios, and now and then asks for the files of another SELPA. Everything that they are sent is
searched for what only another SELPA's files say. Printed: steps, errors, what was mixed or lost, how long a
step takes, memory of each process.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import os
import random
import shutil
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import make_url
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from cim_core.intake.bundle import Bundle
from cim_core.rules.settings import Setting
from cim_core.store import ids
from cim_core.store.accounts import Account, Accounts, Role
from cim_core.store.database import Database
from cim_core.store.logbook import Thing
from cim_core.store.sign_ins import SignIns
from cim_core.store.store import Store
from cim_core.whatif import Scenario
from cim_core.whatif import scenario as scenarios
from cim_core.words import messages
from deploy.processes import Program
from deploy.settings import Settings
from deploy.stack import Stack, free_ports
from ui.shared.guard import SESSION
from ui.shared.shelf import SET

SAMPLE = Path(__file__).parent.parent / "sample_data" / "invented_selpa.csv"
SECONDS, SESSIONS, SELPAS, THINKS = 120.0, 50, 5, 10.0
LEAS = ("9910000", "9910007", "9910112")
PAGES = (
    "home", "region", "region", "lea", "lea", "lea", "movement", "whatif", "letters", "meeting", "data",
    "rules", "library", "log",
)  # fmt: skip
ELSEWHERE, SAVES = 0.12, 0.10
"""How often somebody asks for another SELPA's files, and saves a scenario."""
LONGEST, AFTER_KILL, COMES_BACK = 60.0, 10.0, 60.0
"""Seconds: of a step at most; in which connections may end by the kill; until a reload has to work."""
WARM = 30.0
"""Seconds after which a process has read everybody's files."""
UNEXPECTED = messages.text("unexpected.page")[:40].encode()


@dataclass
class Selpa:
    """A workspace with files whose LEAs have names that no other one has."""

    name: str
    mark: bytes
    workspace: str
    data: str


@dataclass
class Measured:
    """What happened, for everybody together."""

    took: list[tuple[float, float]] = field(default_factory=list)
    """When each step began, and how many seconds it took."""
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    own: int = 0
    elsewhere: int = 0
    saved: dict[str, set[str]] = field(default_factory=dict)
    reloads: int = 0
    began: float = 0.0
    killed: float = 0.0
    memory: dict[str, list[float]] = field(default_factory=dict)

    @property
    def saves(self) -> int:
        return sum(map(len, self.saved.values()))


class Visitor:
    """Somebody at a browser: a cookie, a connection, and what the server has sent on it."""

    def __init__(self, number: int, stack: Stack, cookie: str, own: Selpa, all_: list[Selpa], to: Measured):
        self.number, self.stack, self.own, self.into = number, stack, own, to
        self.others = [one for one in all_ if one is not own]
        self.cookie, self.draw = f"{SESSION}={cookie}", random.Random(number)
        self.widgets: dict[str, str] = {}
        self.page_hash, self.times_saved = "", 0

    async def live(self, until: float) -> None:
        """Think, do something, and so on; load the page anew where the connection ended."""
        await asyncio.sleep(self.draw.uniform(0, THINKS))
        while time.monotonic() < until:
            try:
                async with self._connected():
                    stays = True
                    while stays and time.monotonic() < until:
                        stays = await self._something()
                        await self._think(until)
            except (WebSocketException, OSError) as error:
                self._ended(error)
            except Exception as error:
                self.into.errors.append(f"{self.number}: {type(error).__name__}: {error}")

    async def _think(self, until: float) -> None:
        """For a while, or until the connection ends."""
        longest = min(self.draw.expovariate(1 / THINKS), max(0.0, until - time.monotonic()))
        done, _ = await asyncio.wait({self._reader}, timeout=longest)
        if done:
            self._reader.result()

    def _ended(self, error: Exception) -> None:
        """A connection has ended: by the kill it may, and a reload follows."""
        if self.into.killed and time.monotonic() - self.into.killed < AFTER_KILL:
            self.into.reloads += 1
        else:
            self.into.errors.append(f"{self.number}: a connection ended: {error!r}")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        address = self.stack.settings.address
        last = time.monotonic() + COMES_BACK
        while True:
            try:
                made = await connect(
                    f"{address.replace('http', 'ws', 1)}/_stcore/stream", origin=address, max_size=None,
                    additional_headers={"Cookie": self.cookie}, open_timeout=20, proxy=None,
                )  # fmt: skip
                break
            except (WebSocketException, OSError):
                if not self.into.killed or time.monotonic() > last:
                    raise
                await asyncio.sleep(0.5)
        self.socket: ClientConnection = made
        self._runs: asyncio.Queue[str] = asyncio.Queue()
        self._reader = asyncio.ensure_future(self._read())
        try:
            yield
        finally:
            self._reader.cancel()
            with suppress(asyncio.CancelledError, WebSocketException, OSError):
                await self._reader
            await made.close()

    async def _something(self) -> bool:
        """Look at a page, or save; after that the page is loaded anew."""
        chance = self.draw.random()
        if ELSEWHERE <= chance < ELSEWHERE + SAVES:
            await self._save()
            return False
        of = self.draw.choice(self.others) if chance < ELSEWHERE else self.own
        self.into.elsewhere += of is not self.own
        await self._step(self.draw.choice(PAGES), data=of.data, lea=self.draw.choice(LEAS))
        return True

    async def _save(self) -> None:
        """What if a target were another one; kept under a name, which counts once the server has said so."""
        self.times_saved += 1
        name = f"{self.own.mark.decode()} by {self.number} at {self.times_saved}"
        changed = {Setting.parse("targets.5a.value"): Decimal(40 + self.draw.randint(1, 50))}
        asked = scenarios.encode(Scenario(name="", changes=changed))
        query = {"data": self.own.data, "scenario": asked or ""}
        await self._step("whatif", [], **query)
        await self._step("whatif", [WidgetState(id=self.widgets["save_popover"], bool_value=True)], **query)
        box = next(id_ for key, id_ in self.widgets.items() if key.startswith("save_name_"))
        typed = [
            WidgetState(id=self.widgets["save_popover"], bool_value=True),
            WidgetState(id=box, string_value=name),
            WidgetState(id=self.widgets["save_scenario"], trigger_value=True),
        ]
        await self._step("whatif", typed, **query)
        self.into.saved.setdefault(self.own.workspace, set()).add(name)

    async def _step(self, page: str, states: Iterable[WidgetState] = (), **query: str) -> None:
        """Ask for a page, or answer it; until the server has sent all of it."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = urlencode(query)
        asked.widget_states.widgets.extend(states)
        if states:
            asked.page_script_hash = self.page_hash
        else:
            asked.page_name = "" if page == "home" else page
            self.widgets.clear()
        while not self._runs.empty():
            self._runs.get_nowait()
        began = time.monotonic()
        await self.socket.send(message.SerializeToString())
        finished = asyncio.ensure_future(self._runs.get())
        done, _ = await asyncio.wait(
            {finished, self._reader}, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED
        )
        if finished in done:
            self.into.took.append((began, time.monotonic() - began))
            return
        finished.cancel()
        if self._reader in done:
            self._reader.result()
        raise TimeoutError(f"{page} was not there after {LONGEST:.0f} s")

    async def _read(self) -> None:
        """Everything that is sent, as long as the connection is there."""
        async for sent in self.socket:
            assert isinstance(sent, bytes)
            self._search(sent)
            message = ForwardMsg()
            message.ParseFromString(sent)
            self._take(message)

    def _search(self, sent: bytes) -> None:
        self.into.own += self.own.mark in sent
        self.into.mixed += [f"{self.number}: {one.name}" for one in self.others if one.mark in sent]
        if UNEXPECTED in sent or b"Traceback" in sent:
            self.into.errors.append(f"{self.number}: a page could not be drawn")

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
        elif kind == "delta":
            self._drawn(message)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._runs.put_nowait(self.page_hash)
        elif kind == "page_not_found" or message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.into.errors.append(f"{self.number}: {kind}")

    def _drawn(self, message: ForwardMsg) -> None:
        """Note the widgets that there are; what stands for a failure is one."""
        change = message.delta.WhichOneof("type")
        if change not in ("new_element", "add_block"):
            return
        drawn = getattr(message.delta, change)
        what = drawn.WhichOneof("type") or ""
        if what == "exception":
            self.into.errors.append(f"{self.number}: {drawn.exception.message[:200]}")
        id_ = getattr(getattr(drawn, what, None), "id", "")
        if isinstance(id_, str) and id_.count("-") > 1:
            self.widgets[id_.split("-", 2)[2]] = id_


def prepare(database: Database, sessions: int) -> list[tuple[Account, Selpa]]:
    """Accounts in several SELPAs, each with files of its own."""
    accounts, made = Accounts(database), []
    selpas: list[Selpa] = []
    for number in range(sessions):
        at = number % SELPAS
        name = f"SELPA {at}"
        account = accounts.add(f"person{number}", f"Person {number}", Role.DIRECTOR, name)
        if at == len(selpas):
            mark = f"Zq{'abcdefgh'[at]}xqz"
            content = _marked(mark)
            digest = ids.digest(content)
            files = Bundle().with_file("files.csv", digest)
            store = Store(database, account.workspace, account.name)
            kept = store.keep_version("files.csv", files.dumps(), {digest: ("files.csv", content)})
            selpas.append(Selpa(name, mark.encode(), account.workspace, SET + kept))
        made.append((account, selpas[at]))
    return made


def _marked(mark: str) -> bytes:
    """The sample, with a mark in the name of each LEA."""
    rows = list(csv.DictReader(io.StringIO(SAMPLE.read_text("utf-8"))))
    written = io.StringIO()
    into = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    into.writeheader()
    into.writerows(row | {"lea_name": f"{row['lea_name']} {mark}"} for row in rows)
    return written.getvalue().encode()


async def _live(stack: Stack, visitors: list[Visitor], seconds: float, to: Measured) -> None:
    to.began = time.monotonic()
    until = to.began + seconds
    living = asyncio.gather(*(each.live(until) for each in visitors))
    kill_at = time.monotonic() + seconds / 2
    while not living.done():
        _note_memory(stack, to)
        if not to.killed and time.monotonic() > kill_at:
            to.killed = time.monotonic()
            os.kill(stack.apps[0].pid, signal.SIGKILL)
        await asyncio.sleep(0.5)
    await living


def _note_memory(stack: Stack, to: Measured) -> None:
    """MB of each program with all that it has begun, now."""
    programs: list[Program | None] = [*stack.apps, stack.proxy]
    programs.append(stack.cluster.program if stack.cluster is not None else None)
    begun = _begun()
    for each in programs:
        if each is not None and each.pid:
            to.memory.setdefault(each.name, []).append(_resident(each.pid, begun))


def _begun() -> dict[int, list[int]]:
    """The processes that each process has begun."""
    found: dict[int, list[int]] = {}
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((one / "stat").read_text("ascii").rpartition(")")[2].split()[1])
            found.setdefault(parent, []).append(int(one.name))
    return found


def _resident(process: int, begun: dict[int, list[int]]) -> float:
    """MB of a process and of all that it has begun; what several share is divided among them."""
    own = 0.0
    with suppress(OSError, ValueError, IndexError):
        rolled = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        own = int(rolled.partition("\nPss:")[2].split()[0]) / 1024
    return own + sum(_resident(each, begun) for each in begun.get(process, ()))


def measure(seconds: float = SECONDS, sessions: int = SESSIONS) -> Measured:
    """Serve, let them work, look whether everything is there."""
    to, folder = Measured(), Path(tempfile.mkdtemp(prefix="cim-sessions-", dir="/tmp"))
    folder.chmod(0o711)
    port = free_ports()[0]
    try:
        with Stack(Settings(folder, f"http://localhost:{port}", port)) as stack:
            database = Database(make_url(stack.database))
            people, into = prepare(database, sessions), SignIns(database)
            selpas = list({selpa.name: selpa for _, selpa in people}.values())
            visitors = [
                Visitor(number, stack, into.begin(account, ""), own, selpas, to)
                for number, (account, own) in enumerate(people)
            ]
            asyncio.run(_live(stack, visitors, seconds, to))
            for selpa in selpas:
                store = Store(database, selpa.workspace, "benchmark")
                there = {text.name for text in store.texts(Thing.SCENARIO)}
                to.lost += sorted(to.saved.get(selpa.workspace, set()) - there)
                to.lost += [] if store.version(selpa.data.removeprefix(SET)) else [f"files of {selpa.name}"]
            database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return to


def _times(took: list[float]) -> str:
    cuts = statistics.quantiles(took, n=100) if len(took) > 1 else [0.0] * 99
    return f"p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, longest {max(took, default=0):.2f} s"


def show(found: Measured, seconds: float, sessions: int) -> None:
    """Print what was measured."""
    warm = [
        took
        for at, took in found.took
        if min(at - found.began, at - found.killed if at > found.killed else WARM) >= WARM
    ]
    print(f"{sessions} sessions, {seconds:.0f} s, load {os.getloadavg()[0]:.1f}")
    print(
        f"steps {len(found.took)}, of them for another SELPA's files {found.elsewhere}, saves {found.saves}"
    )
    print(f"errors {len(found.errors)}, mixed {len(found.mixed)}, lost {len(found.lost)}")
    print(f"reloads after the kill {found.reloads}; messages with a mark of one's own {found.own}")
    print(f"a step: {_times([took for _, took in found.took])}")
    print(f"without the {WARM:.0f} s after the start and after the kill: {_times(warm)}")
    for name, noted in found.memory.items():
        print(f"{name}: {noted[-1]:.0f} MB at the end, {max(noted):.0f} MB at most")
    for said, times in Counter([*found.errors, *found.mixed, *found.lost]).most_common(10):
        print(f"  {times} × {said}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    chosen = parser.parse_args()
    found = measure(chosen.seconds, chosen.sessions)
    show(found, chosen.seconds, chosen.sessions)
    return int(bool(found.errors or found.mixed or found.lost))


if __name__ == "__main__":
    raise SystemExit(main())
