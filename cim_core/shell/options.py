"""What may stand on the command line. Nothing heavy is imported here: `--help` must answer at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from cim_core.data import outside
from cim_core.rules import rulebook_file
from cim_core.shell.commands import wrong
from cim_core.words import messages

COMMANDS = {
    "check": "shell.check",
    "place": "shell.place",
    "explain": "shell.explain",
    "compare": "shell.compare",
    "sweep": "shell.sweep",
    "reconcile": "shell.reconcile.about",
    "report": "report.shell.about",
}
"""Each command that works on data, with the message that says what it does."""
STORE = {
    "backup": "store.shell.backup",
    "restore": "store.shell.restore",
    "check": "store.shell.check",
    "export": "store.shell.export",
    "import": "store.shell.import",
}
"""Each command on what is kept, with the message that says what it does."""
USERS = {
    "add": "access.shell.add",
    "list": "access.shell.list",
    "link": "access.shell.link",
    "disable": "access.shell.disable",
    "enable": "access.shell.enable",
}
"""Each command on accounts, with the message that says what it does."""
ROLES = ("administrator", "director", "lea_viewer", "presenter")
"""As `Role` has them; a test holds the two together."""
RATES = ("percent", "fraction")
"""As `intake.questions.RateScale` has them; a test holds the two together."""
VIEWS = ("working", "meeting", "strict")
"""As `Audience` has them; a test holds the two together."""
TABLES = ("placements", "evidence", "movers", "data_dictionary")
"""As `TableName` has them; a test holds the two together."""
_PATHS = ("file", "mapping", "deck", "scenario", "reference", "rulebook", "base", "leas")
_NOT_PATHS = ("year", "assume_none", "out", "lea", "vary", "id", "day")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """argparse repeats what it found however long it is."""
        super().error(outside.shortened(message, 400))


def parser() -> argparse.ArgumentParser:
    """All commands with their options; `command` of the result names the one that was given."""
    top = _Parser(prog="python -m cim_core", description=messages.text("shell.about"))
    commands = top.add_subparsers(required=True, metavar="COMMAND", dest="command")
    books = commands.add_parser("rulebooks", help=messages.text("printed.shell.about"))
    books.add_argument("action", nargs="?", choices=["show", "from"])
    books.add_argument("id", nargs="?", metavar="ID|FILE")
    _data(books, file=False)
    books.add_argument("--out", metavar="TOML")
    books.add_argument("--year", metavar="YYYY-YY")
    books.add_argument("--base", metavar="ID|PATH")
    ratios = commands.add_parser("disproportionality", help=messages.text("shell.disproportionality"))
    _data(ratios)
    ratios.add_argument("--rulebook", metavar="ID|PATH", default=rulebook_file.DEFAULT)
    ratios.add_argument("--format", choices=["csv", "json"], default="csv")
    ratios.add_argument("--out", metavar="PATH")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=messages.text(about))
        _data(command)
        command.add_argument("--all", action="store_true", help=messages.text("printed.shell.all_help"))
        if name == "check":
            continue
        command.add_argument("--rulebook", metavar="ID|PATH")
        command.add_argument("--reference", metavar="FILE|none|within")
        command.add_argument("--fill", choices=("yes", "no"), default="yes", help=messages.text("shell.fill"))
        command.add_argument("--year", metavar="YYYY-YY")
        command.add_argument("--leas", metavar="FILE|CODE,CODE|SELPA", help=messages.text("shell.leas.help"))
        command.add_argument("--assume-none", metavar="KINDS")
        command.add_argument("--out", metavar="PATH", required=name == "report")
        if name == "report":
            _report(command)
            continue
        formats = ["text", "json"] if name == "explain" else ["csv", "json"]
        command.add_argument("--scenario", metavar="TOML", required=name == "compare")
        command.add_argument("--format", choices=formats, default=formats[0])
        if name == "explain":
            command.add_argument("--lea", required=True, metavar="CODE")
        if name == "sweep":
            command.add_argument("--vary", required=True, metavar="KEY")
        if name == "reconcile":
            command.add_argument(
                "--pairs", type=int, default=0, metavar="N", help=messages.text("shell.reconcile.pairs_help")
            )
    checked = commands.add_parser("verify", help=messages.text("verify.about"))
    checked.add_argument("file")
    more = messages.text("verify.with_help")
    checked.add_argument("--with", action="append", default=[], dest="more", metavar="FILE", help=more)
    checked.set_defaults(answer=[])
    _as_whom(checked)
    _users(commands.add_parser("users", help=messages.text("access.shell.about")))
    _store(commands.add_parser("store", help=messages.text("store.shell.about")))
    return top


def _report(command: argparse.ArgumentParser) -> None:
    """What a document is about, who may see it, and which day stands on it."""
    command.add_argument("--lea", metavar="CODE", help=messages.text("report.shell.lea"))
    command.add_argument("--view", choices=VIEWS, default=VIEWS[0], help=messages.text("report.shell.view"))
    command.add_argument("--deck", metavar="NAME|TOML", help=messages.text("report.shell.deck"))
    command.add_argument("--council", action="store_true", help=messages.text("report.shell.council"))
    command.add_argument("--table", choices=TABLES, help=messages.text("report.shell.table"))
    command.add_argument("--day", metavar="YYYY-MM-DD", help=messages.text("report.shell.day"))
    _as_whom(command)
    command.set_defaults(scenario=None)


def _actions(
    command: argparse.ArgumentParser, each: Mapping[str, str]
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The actions of a command that is given no data, by name; `each`: the message that says what it does."""
    command.set_defaults(more=[], answer=[])
    actions = command.add_subparsers(required=True, metavar="ACTION", dest="action")
    for name, about in each.items():
        yield name, actions.add_parser(name, help=messages.text(about))


def _users(command: argparse.ArgumentParser) -> None:
    """The commands on accounts."""
    for name, action in _actions(command, USERS):
        if name != "list":
            action.add_argument("name", metavar="NAME")
        if name == "add":
            action.add_argument(
                "--role", required=True, choices=ROLES, help=messages.text("access.shell.role")
            )
            action.add_argument(
                "--selpa", required=True, metavar="NAME", help=messages.text("access.shell.selpa")
            )
            action.add_argument("--shown", metavar="TEXT", help=messages.text("access.shell.shown"))
            lea = messages.text("access.shell.lea")
            action.add_argument("--lea", action="append", default=[], dest="of_lea", metavar="CODE", help=lea)


def _store(command: argparse.ArgumentParser) -> None:
    """The commands on what is kept."""
    for name, action in _actions(command, STORE):
        if name != "check":
            action.add_argument("file", metavar="FILE")
        if name in ("export", "import"):
            _as_whom(action)
        if name == "restore":
            action.add_argument("--aside", action="store_true", help=messages.text("store.shell.aside"))


def _as_whom(command: argparse.ArgumentParser) -> None:
    help_ = messages.text("access.shell.as_help")
    command.add_argument("--as", dest="as_whom", metavar="NAME", help=help_)


def _data(command: argparse.ArgumentParser, *, file: bool = True) -> None:
    """The options by which a command is given its data; `file` False where it names its file itself."""
    if file:
        command.add_argument("file")
    command.add_argument(
        "--with",
        action="append",
        default=[],
        dest="more",
        metavar="FILE",
        help=messages.text("shell.with_help"),
    )
    command.add_argument("--mapping", metavar="TOML", help=messages.text("shell.mapping_help"))
    command.add_argument(
        "--answer", action="append", default=[], metavar="ID=VALUE", help=messages.text("shell.answer_help")
    )
    command.add_argument("--rates", choices=list(RATES))


def check(chosen: argparse.Namespace) -> None:
    """Raise UsageError for an option given without a value, and where nothing could be printed."""
    given = {name: [getattr(chosen, name, None)] for name in (*_PATHS, *_NOT_PATHS)}
    given |= {"with": list(chosen.more), "answer": list(chosen.answer)}
    for name, texts in given.items():
        if any(text is not None and not text.strip() for text in texts):
            shown = name.upper() if name in ("file", "id") else f"--{name.replace('_', '-')}"
            raise wrong("shell.blank", option=shown)
    if sys.stdout is None and getattr(chosen, "out", None) is None:
        raise wrong("shell.no_stdout")


def named(chosen: argparse.Namespace) -> Iterator[Path]:
    """Every path on the command line that a command reads: nothing may be written over them."""
    of_ids = [chosen.id] if getattr(chosen, "action", None) == "from" else []
    texts = [*(getattr(chosen, name, None) for name in _PATHS), *chosen.more, *of_ids]
    for text in texts:
        if text:
            yield rulebook_file.path_of(text)
            yield Path(text)
