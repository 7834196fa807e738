"""`verify`: a document is made again from its receipt and its data, and everything that differs is said."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cim_core.data import outside
from cim_core.data.outside import quoted
from cim_core.export.documents import Origin, Sources, archive, compared, council, making, reading
from cim_core.export.documents.receipt import SCHEMA, DocumentKind
from cim_core.export.documents.sources import SourceFile, from_plain
from cim_core.export.meeting import Ground, links
from cim_core.export.meeting.deck import loads
from cim_core.shell import under, workspace
from cim_core.shell.commands import on_disk, said, tell, wrong
from cim_core.shell.sources import is_sample, name_of, placed
from cim_core.store import ids
from cim_core.words.disclosure import WORKING, Audience
from cim_core.words.messages import HowMany, Message, MessageFamily, message

MOST_BYTES = 64 * 2**20
_MOST_TOLD, _MOST_FILES = 20, 60
_BY_RULES = MessageFamily("verify.rules.{}", ("official", "changed", "fitted"))


@dataclass(slots=True)
class _Files:
    """The files that a receipt names: given, at their places, beside the document, or kept in the store.

    `others` are those of which only one of the same name and other bytes is there.
    """

    document: Path
    given: list[str]
    as_whom: str | None = None
    known: dict[str, bytes] = field(default_factory=dict)
    others: list[Message] = field(default_factory=list)

    def find(self, wanted: SourceFile) -> bytes:
        """The bytes of a file. Raises UsageError where it is nowhere."""
        if wanted.digest in self.known:
            return self.known[wanted.digest]
        found = self.known[wanted.digest] = self._found(wanted)
        return found

    def _found(self, wanted: SourceFile) -> bytes:
        name = name_of(wanted.file)
        places = [Path(path) for path in self.given]
        places += [self.document.parent / name]
        if not wanted.file.startswith(
            ("\\\\", "//")
        ):  # another machine is asked only where somebody names it
            places += [Path(wanted.file), self.document.parent / wanted.file]
        there = {path: content for path in places if (content := _bytes(path)) is not None}
        for content in there.values():
            if ids.digest(content) == wanted.digest:
                return content
        kept = workspace.file(wanted.digest, self.as_whom)
        if kept is not None:
            return kept
        for path, content in there.items():
            if path.name == name or len(self.given) == 1:
                self.others.append(message("verify.other_data", file=quoted(str(path))))
                return content
        raise wrong("verify.no_file", file=name, digest=wanted.digest[:12])


def run(chosen: argparse.Namespace) -> int:
    """Verify one document; returns 0 where every byte agrees, 1 where something differs."""
    for path in (chosen.file, *chosen.more):
        on_disk(path)
    content = _document(chosen.file)
    try:
        kind, paper = reading.receipt_in(content)
    except reading.UnreadableError as error:
        raise wrong("verify.no_receipt", file=chosen.file) from error
    files = _Files(Path(chosen.file), chosen.more, chosen.as_whom)
    try:
        of = json.loads(paper)
        if of["document"] != kind:
            raise ValueError(f"document {of['document']}, in a file of {kind}")
        again, fresh = _again(of, files)
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        reason = outside.shortened(f"{type(error).__name__}: {error}")
        raise wrong("verify.bad_receipt", file=chosen.file, reason=reason) from error
    reader = reading.READERS[kind]
    if _same(content, again) and not files.others:
        n = compared.numbers([*reader.said(content)])
        tell(said("verify.fine", file=chosen.file, n=HowMany(n)))
        tell(said(_BY_RULES[of["rules"]], rules=str(of["rulebook"])))
        tell(said("verify.not_checked"))
        return 0
    told = [*files.others, *_of_receipt(of, json.loads(fresh)), *_of_words(reader, content, again)]
    for one in told[:_MOST_TOLD] or [message("verify.otherwise")]:
        tell(WORKING.say(one))
    if len(told) > _MOST_TOLD:
        tell(said("verify.more", n=HowMany(len(told) - _MOST_TOLD)))
    tell(said("verify.fails", file=chosen.file))
    return 1


def _document(path: str) -> bytes:
    try:
        size = Path(path).stat().st_size
        if size > MOST_BYTES:
            raise wrong(
                "verify.too_large", file=path, mb=HowMany(size // 2**20), most=HowMany(MOST_BYTES // 2**20)
            )
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise wrong("shell.cannot_read", path=path, reason=outside.why(error)) from error


def _same(content: bytes, again: bytes) -> bool:
    """Whether every byte is the same; of a ZIP every byte of its files, whatever packed them."""
    if content == again:
        return True
    here, there = archive.entries(content), archive.entries(again)
    if here is None or there is None or [*here] != [*there]:
        return False
    return all(_same(inner, there[name]) for name, inner in here.items())


def _bytes(path: Path) -> bytes | None:
    """The bytes of a file; None for none, and for one that is too large for a document or its data."""
    try:
        if outside.is_special(path) or path.stat().st_size > MOST_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _again(of: Mapping[str, Any], files: _Files) -> tuple[bytes, str]:
    """The document as its data give it, and its receipt."""
    if of["schema"] != SCHEMA:
        raise ValueError(f"schema {of['schema']}, not {SCHEMA}")
    if of["view"] != Audience.WORKING:
        raise wrong("verify.not_working", file=str(files.document))
    if len(of["sources"]["files"]) > _MOST_FILES:
        raise ValueError(f"more than {_MOST_FILES} files")
    origin = Origin(from_plain(of["sources"]), app=links.from_plain(of["app"]))
    on = _ground(of, origin.sources, files)
    row = on.row_of(str(of["lea"])) if of["lea"] else None
    if of["lea"] and row is None:
        raise wrong("verify.no_lea", code=str(of["lea"]), year=on.year)
    kind = DocumentKind(of["document"])
    made = _made(kind, of, on, row, origin)
    return made, reading.READERS[kind].receipt(made)


def _ground(of: Mapping[str, Any], sources: Sources, files: _Files) -> Ground:
    placements, against = placed(sources, files.find)
    year, day = str(of["year"]), date.fromisoformat(of["day"])
    if year not in placements.dataset.years:
        raise ValueError(f"year {year}")
    kept = {str(name): str(text) for name, text in dict(of["scenarios"]).items()}
    known = under.finder(placements, against, kept)
    return Ground.of(placements, year, day, str(of["region"]), is_sample(sources), known)


def _made(
    kind: DocumentKind, of: Mapping[str, Any], on: Ground, row: int | None, origin: Origin
) -> bytes:  # fmt: skip
    if kind is DocumentKind.DECK:
        words = shlex.split(str(of["command"]))
        name = words[words.index("--deck") + 1]
        return making.deck_slides(on, row, WORKING, origin, loads(str(of["deck"])), name)
    if kind is DocumentKind.COUNCIL:
        return council.zipped(council.everything(on, WORKING, origin), on)
    if kind is DocumentKind.TABLES:
        return making.tables_workbook(on, row, WORKING, origin)
    if row is None:
        raise ValueError("lea")
    make = making.lea_page if kind is DocumentKind.LEA_REPORT else making.lea_web_page
    return make(on, row, WORKING, origin)


def _of_receipt(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[Message]:
    """Where the receipt is not what the data give."""
    return [
        message(
            "verify.receipt", name=name, found=_short(found.get(name)), expected=_short(expected.get(name))
        )
        for name in sorted({*found, *expected})
        if found.get(name) != expected.get(name)
    ]


def _short(value: object) -> str:
    return quoted(json.dumps(value, ensure_ascii=False), 160)


def _of_words(reader: reading.Reader, content: bytes, again: bytes) -> list[Message]:
    try:
        found = [*reader.said(content)]
    except Exception:  # bytes that a library cannot read any longer say nothing
        found = []
    return compared.differences(found, [*reader.said(again)])
