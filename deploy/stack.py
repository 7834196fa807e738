"""Everything that the shared mode needs, as one: PostgreSQL, app processes, and nginx before them.

python -m deploy.stack [--processes N]      started by `python3 run.py serve`; docs/deploy.md says the rest
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import make_url

from cim_core.access.people import ADDRESS
from cim_core.store.accounts import Accounts
from cim_core.store.database import DATA, DATABASE, Database
from cim_core.store.troubles import StoreError
from cim_core.words.disclosure import WORKING
from deploy import app, nginx, served
from deploy.cluster import Cluster
from deploy.processes import Program, can_reach, put_aside, run_as
from deploy.settings import HERE, PROCESSES, ROOT, DeployError, Settings, of_environment

LOGS = "logs"
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SECRET, _SECRET_NAME = "cookie_secret", "STREAMLIT_SERVER_COOKIE_SECRET"
_ANSWERS_WITHIN, _FREE_WITHIN = 120.0, 10.0
_LOOKED_AFTER = 0.2
Tell = Callable[[str], None]


def tell(said: str) -> None:
    """Say something to whoever has started it; nothing where nobody can hear it any longer."""
    with contextlib.suppress(OSError, ValueError):
        print(said, file=sys.stderr, flush=True)


_HTTP, _HTTPS = 80, 443


class Stack:
    """What is served with some settings, from `start` to `stop`. Raises DeployError where it cannot be."""

    def __init__(self, settings: Settings, told: Tell = tell) -> None:
        self.settings, self._tell = settings, told
        self.folder, self.logs = settings.serving, settings.serving / LOGS
        self.apps: list[Program] = []
        self.ports: dict[str, int] = {}
        """The port of each process of the app, by its name."""
        self.proxy: Program | None = None
        self.cluster: Cluster | None = None
        self.database = settings.database
        self._ends = threading.Event()
        self._watching: threading.Thread | None = None
        self._held = contextlib.ExitStack()

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def here(self) -> str:
        """The address of nginx on this machine."""
        scheme = "http" if self.settings.certificate is None else "https"
        return f"{scheme}://{HERE[1]}:{self.settings.port}"

    def start(self) -> None:
        """Start everything; comes back once the app answers behind nginx."""
        try:
            self._start()
        except BaseException as error:
            self.stop()
            if isinstance(error, StoreError):
                raise DeployError(WORKING.say(error.said)) from error
            if isinstance(error, OSError):
                raise DeployError(f"It cannot be served from {self.folder}: {error}") from error
            raise

    def _start(self) -> None:
        self._make_folder()
        self._held.enter_context(served.alone(self.folder))
        self._held.callback(served.forget, self.folder)
        program = nginx.program()
        _need_port(self.settings, self.settings.port)
        if self.settings.certificate is not None and self.settings.port == _HTTPS:
            _need_port(self.settings, _HTTP)
        if not self.database:
            self.cluster = Cluster(self.folder / "postgres", self.logs)
            self.cluster.start()
            self.database = self.cluster.url()
        Database(make_url(self.database)).close()
        ports = free_ports(self.settings.processes)
        self.apps = [self._app(number, port) for number, port in enumerate(ports, 1)]
        for each in self.apps:
            each.begin()
        self.proxy = self._proxy(program)
        self.proxy.begin()
        self._wait()
        self._keep()
        self._watching = threading.Thread(target=self._watch, name="cim-watch", daemon=True)
        self._watching.start()

    def _make_folder(self) -> None:
        """Only for who has started it; PostgreSQL and nginx have users of their own where that is the
        administrator, who get through it without looking around."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.logs.mkdir(exist_ok=True)
        self.logs.chmod(0o700)

    def _app(self, number: int, port: int) -> Program:
        environment = {
            **app.environment(self.settings.address, self.database),
            DATA: str(self.settings.folder), _SECRET_NAME: _secret(self.folder),
        }  # fmt: skip
        made = Program(
            f"App process {number}", app.command(port), ROOT, self.logs / f"app-{number}.log", environment
        )
        self.ports[made.name] = port
        return made

    def _proxy(self, program: str) -> Program:
        folder, file = self.folder / "nginx", self.folder / nginx.FILE
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if not can_reach(folder, run_as(*nginx.WORKERS)):
            raise DeployError(
                f"The user of nginx cannot reach {folder}. Set CIM_DATA to a folder that it can reach, "
                "such as /srv/cim, or start as an ordinary user."
            )
        put_aside(self.logs / nginx.CALLS)
        apps = [f"{HERE[1]}:{port}" for port in self.ports.values()]
        text = nginx.render(self.settings, apps, folder, self.logs, user=nginx.workers(), six=nginx.has_six())
        file.write_text(text, "utf-8")
        words = [program, "-c", str(file), "-p", str(folder), "-e", "stderr"]
        tried = subprocess.run([*words, "-t"], capture_output=True, text=True, errors="replace", check=False)
        if tried.returncode:
            said = [line for line in tried.stderr.splitlines() if "[emerg]" in line] or [tried.stderr.strip()]
            raise DeployError(f"nginx does not take its configuration {file}: {said[0][:300]}")
        return Program("nginx", words, folder, self.logs / "nginx-said.log", dict(os.environ))

    def _wait(self) -> None:
        """Until every process answers, and one of them behind nginx."""
        addresses = [f"http://{HERE[1]}:{port}" for port in self.ports.values()]
        until = monotonic() + _ANSWERS_WITHIN
        while not all(answers(one, HERE[0]) for one in (*addresses, self.here)):
            for each in self._programs():
                if each.code() is not None:
                    raise DeployError(f"{each.name} does not start: {each.said()}\nIts log: {each.log}")
            if monotonic() > until:
                raise DeployError(f"The app does not answer. The logs are in {self.logs}.")
            sleep(0.1)

    def _keep(self) -> None:
        """For `python3 run.py users` at another terminal."""
        served.keep(
            self.folder,
            {DATABASE: self.database, DATA: str(self.settings.folder), ADDRESS: self.settings.address},
        )

    def _programs(self) -> list[Program]:
        own = [self.cluster.program] if self.cluster is not None else []
        return [*own, *self.apps, *([self.proxy] if self.proxy is not None else [])]

    def _watch(self) -> None:
        """Begin again what has ended. What a thread has begun ends with it: this one stays until the last."""
        try:
            while not self._ends.wait(_LOOKED_AFTER):
                for each in self._programs():
                    self._look_after(each)
        finally:
            self._end_all()

    def _look_after(self, program: Program) -> None:
        if program.again_at and monotonic() >= program.again_at:
            with contextlib.suppress(OSError):
                program.begin()
        elif not program.again_at and (code := program.code()) is not None:
            pause = program.plan()
            self._tell(f"{program.name} has ended ({_ended(code)}); it starts again in {pause:.1f} s.")

    def stop(self) -> None:
        """End everything, the last that was started first."""
        self._ends.set()
        if self._watching is not None:
            self._watching.join()
            self._watching = None
        else:
            self._end_all()
        if self.cluster is not None:
            self.cluster.remove_socket()
        self._held.close()

    def _end_all(self) -> None:
        """Nginx, then the processes at once, then PostgreSQL, whose users they are."""
        if self.proxy is not None:
            self.proxy.end()
        for each in self.apps:
            each.ask_to_end()
        for each in self.apps:
            each.end()
        if self.cluster is not None:
            self.cluster.program.end()


def _ended(code: int) -> str:
    return f"code {code}" if code >= 0 else signal.Signals(-code).name


def _secret(folder: Path) -> str:
    """By what cookies of Streamlit are signed, the same for all processes."""
    file = folder / _SECRET
    if not file.exists():
        file.touch(0o600)
        file.write_text(secrets.token_hex(32), "ascii")
    return os.environ.get(_SECRET_NAME) or file.read_text("ascii")


def free_ports(number: int = 1) -> list[int]:
    """Ports of this machine that nobody listens on, each another one."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(number)]
        for each in probes:
            each.bind((HERE[1], 0))
        return [int(each.getsockname()[1]) for each in probes]


def _need_port(settings: Settings, port: int) -> None:
    """A port is ours, or soon will be: who had it may still be at its end. Raises DeployError."""
    until = monotonic() + _FREE_WITHIN
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HERE[1] if settings.certificate is None else "", port))
                return
            except PermissionError as error:
                raise DeployError(
                    f"Only the administrator, or a service that may (docs/deploy.md), can listen on port "
                    f"{port}. CIM_PORT names another one."
                ) from error
            except OSError as error:
                if monotonic() > until:
                    said = f"Port {port} is taken by another program. CIM_PORT names another one."
                    raise DeployError(said) from error
        sleep(0.2)


def answers(address: str, host: str) -> bool:
    """Whether the sign-in is shown at an address."""
    request = urllib.request.Request(f"{address}/signin", headers={"Host": host})
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # our own, by its address
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        with direct.open(request, timeout=5) as reply:
            return bool(reply.status == 200)
    except (OSError, ValueError):
        return False


def has_accounts(database: str) -> bool:
    """Whether anybody can sign in."""
    opened = Database(make_url(database))
    try:
        return bool(Accounts(opened).all())
    finally:
        opened.close()


def said_at_start(stack: Stack) -> str:
    """What whoever has started it needs to know."""
    settings = stack.settings
    lines = [f"CIM Tier Explorer: {settings.address}"]
    if settings.certificate is None:
        lines.append(
            "Only this machine can reach it: without a certificate passwords would cross the network in the "
            "open. CIM_CERTIFICATE and CIM_KEY name the files for https."
        )
    if not has_accounts(stack.database):
        lines.append(
            "There is no account yet. At another terminal:\n"
            '  python3 run.py users add NAME --role administrator --selpa "NAME OF THE SELPA"'
        )
    return "\n".join([*lines, f"Logs: {stack.logs}. Stop it with Ctrl+C."])


def _interrupted(*_: object) -> None:
    """The first wish to end is heard, so that another one does not cut the ending in two."""
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    tell("Stopping …")
    raise KeyboardInterrupt


def main(words: list[str]) -> int:
    """Serve until somebody ends it."""
    parser = argparse.ArgumentParser(prog="python3 run.py serve")
    parser.add_argument("--processes", type=int, default=PROCESSES, metavar="N")
    chosen = parser.parse_args(words)
    for each in _ENDING:
        if signal.getsignal(each) is not signal.SIG_IGN:  # nohup: it shall outlive its terminal
            signal.signal(each, _interrupted)
    try:
        with Stack(of_environment(processes=chosen.processes)) as stack:
            print(said_at_start(stack), flush=True)
            if os.geteuid() == 0:
                tell("The app runs with all rights of this machine. Better start it as a user of its own.")
            threading.Event().wait()
    except KeyboardInterrupt:
        tell("Stopped.")
    except DeployError as error:
        tell(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
