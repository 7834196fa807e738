"""A ZIP that is none of ours, damaged or made to do harm is refused with a sentence, and none of it kept."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable

import pytest

from cim_core.store import away_form, ids, merging, takein
from cim_core.store.faults import Fault, TakeInError
from cim_core.store.logbook import Thing
from cim_core.store.store import Store
from cim_core.words.disclosure import WORKING
from tests.cim_core.store.away import changed, exported, in_memory, kept, members, zipped
from tests.conftest import in_gate

FILE = b"lea_code,year\n9900001,2023-24\n"
SHA = ids.digest(FILE)


@pytest.fixture(scope="module")
def sound() -> bytes:
    """A ZIP as it is written."""
    made = in_memory()
    first = kept(made, "Oak", FILE)
    kept(made, "Oak", FILE, after=first, answer="percent")
    made.keep_text(Thing.SCENARIO, "Lower", "schema = 1")
    made.set("year", "2023-24")
    return exported(made)


@pytest.fixture(scope="module")
def empty() -> Store:
    return in_memory()


def refused(store: Store, content: bytes) -> Fault:
    """Why a ZIP is not taken in; nothing of it is then there."""
    before = exported(store)
    with pytest.raises(TakeInError) as told:
        merging.import_(store, io.BytesIO(content))
    assert exported(store) == before
    said = WORKING.say(told.value.said)
    assert len(said) < 900 and "\n" not in said and said.endswith("Nothing was taken in.")
    return told.value.fault


def swap(entry: str, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in members(content)[entry]
        return changed(content, entry, lambda text: text.replace(old, new, 1))

    return change


def without(entry: str) -> Callable[[bytes], bytes]:
    return lambda content: zipped({name: part for name, part in members(content).items() if name != entry})


def more(entry: str, part: bytes = b"x") -> Callable[[bytes], bytes]:
    return lambda content: zipped(members(content) | {entry: part})


def twice(content: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("datasets.csv", b"other")
    return target.getvalue()


def secret(content: bytes) -> bytes:
    found = bytearray(content)
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.rindex(sign) + at
        found[place : place + 2] = struct.pack("<H", 1)
    return bytes(found)


def packed_as(kind: int) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", kind) as archive:
            for name, part in members(content).items():
                archive.writestr(name, part)
        return target.getvalue()

    return change


def stated(size: int) -> Callable[[bytes], bytes]:
    """The size that the list of entries states of the last one."""

    def change(content: bytes) -> bytes:
        place = content.rindex(b"PK\x01\x02") + 24
        return content[:place] + struct.pack("<I", size) + content[place + 4 :]

    return change


def doubled(entry: str) -> Callable[[bytes], bytes]:
    def again(text: bytes) -> bytes:
        return text + text.splitlines(keepends=True)[-1]

    return lambda content: changed(content, entry, again)


def bundle(part: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        name = next(name for name in members(content) if name.startswith("versions/"))
        return changed(content, name, lambda _: part)

    return change


def id_of(entry: str, new: bytes) -> Callable[[bytes], bytes]:
    """The id in the first row of a CSV file made another."""

    def change(text: bytes) -> bytes:
        header, first, *rest = text.split(b"\n")
        return b"\n".join([header, b'"' + new + b'"' + first[first.index(b",") :], *rest])

    return lambda content: changed(content, entry, change)


def first_year(content: bytes) -> bytes:
    """A time that is before the first one in UTC."""
    return changed(
        content, "log.csv", lambda text: re.sub(rb'\n"20[^"]*"', b'\n"0001-01-01T00:00:00+14:00"', text)
    )


def toml(content: bytes) -> str:
    return next(name for name in members(content) if name.endswith(".toml"))


def made(entry: str, part: bytes) -> Callable[[bytes], bytes]:
    return lambda content: changed(content, entry, lambda _: part)


def after(entry: str, part: bytes) -> Callable[[bytes], bytes]:
    return lambda content: changed(content, entry, lambda text: text + part)


CASES: dict[str, tuple[Fault, Callable[[bytes], bytes]]] = {
    "nothing": (Fault.NO_ZIP, lambda _: b""),
    "no ZIP": (Fault.NO_ZIP, lambda _: b"lea_code,year\n" * 100),
    "cut off": (Fault.NO_ZIP, lambda content: content[: len(content) // 2]),
    "another ZIP": (Fault.SURPLUS, lambda _: zipped({"word/document.xml": b"x"})),
    "an empty ZIP": (Fault.LACKING, lambda _: zipped({})),
    "upwards": (Fault.SURPLUS, more("../../etc/passwd")),
    "absolute": (Fault.SURPLUS, more("/etc/passwd")),
    "a drive": (Fault.SURPLUS, more("C:\\x")),
    "a file upwards": (Fault.SURPLUS, more("files/../../x")),
    "a folder": (Fault.SURPLUS, more("files/")),
    "a name with a line": (Fault.SURPLUS, more("README.txt\n")),
    "a file too many": (Fault.SURPLUS, more(f"files/{'0' * 64}")),
    "a version too many": (Fault.SURPLUS, more(f"versions/{'a' * 16}.json")),
    "twice": (Fault.TWICE, twice),
    "a password": (Fault.SECRET, secret),
    "bzip2": (Fault.DAMAGED, packed_as(zipfile.ZIP_BZIP2)),
    "a bomb": (Fault.BOMB, more(f"files/{'0' * 64}", bytes(50 * 2**20))),
    "a large bomb": (Fault.BOMB, stated(2**20)),
    "a lying size": (Fault.DAMAGED, stated(5)),
    "no about": (Fault.LACKING, without("workspace.json")),
    "no datasets": (Fault.LACKING, without("datasets.csv")),
    "no log": (Fault.LACKING, without("log.csv")),
    "no file": (Fault.LACKING, without(f"files/{SHA}")),
    "about is no JSON": (Fault.NOT_OURS, swap("workspace.json", b"{", b"")),
    "about is a list": (Fault.NOT_OURS, made("workspace.json", b"[]")),
    "about is deep": (Fault.NOT_OURS, made("workspace.json", b"[" * 4000)),
    "about is no text": (Fault.NO_TEXT, made("workspace.json", b"\xff")),
    "another form": (Fault.NOT_OURS, swap("workspace.json", b"cim-tier", b"other")),
    "no version": (Fault.NOT_OURS, swap("workspace.json", b'"version": 2', b'"version": "1"')),
    "truth for a version": (Fault.NOT_OURS, swap("workspace.json", b'"version": 2', b'"version": true')),
    "newer": (Fault.NEWER, swap("workspace.json", b'"version": 2', b'"version": 3')),
    "far newer": (Fault.NOT_OURS, swap("workspace.json", b'"version": 2', b'"version": 2' + b"0" * 9000)),
    "a name that is none": (Fault.NOT_OURS, swap("workspace.json", b'"My SELPA"', b"[1]")),
    "other columns": (Fault.COLUMNS, swap("datasets.csv", b'"name"', b'"title"')),
    "no columns": (Fault.COLUMNS, made("texts.csv", b"")),
    "a short row": (Fault.COLUMNS, after("log.csv", b'"x"\n')),
    "no end of a quotation": (Fault.DAMAGED, after("log.csv", b'"')),
    "a CSV that is no text": (Fault.NO_TEXT, swap("datasets.csv", b"Oak", b"\xff\xfe")),
    "a text that is no text": (Fault.NO_TEXT, lambda content: made(toml(content), b"\x80")(content)),
    "an id upwards": (Fault.CELL, id_of("datasets.csv", b"../../../x")),
    "an id with a line": (Fault.CELL, id_of("texts.csv", b"a" * 16 + b"\n")),
    "a long id": (Fault.CELL, id_of("versions.csv", b"a" * 33)),
    "another dataset": (Fault.NOWHERE, id_of("datasets.csv", b"a" * 16)),
    "another version": (Fault.LACKING, id_of("versions.csv", b"a" * 16)),
    "another text": (Fault.LACKING, id_of("texts.csv", b"a" * 16)),
    "a day for a time": (Fault.CELL, swap("datasets.csv", b"+00:00", b"")),
    "no time": (Fault.CELL, swap("log.csv", b"+00:00", b"yesterday")),
    "the first year": (Fault.CELL, first_year ),
    "no kind": (Fault.CELL, swap("texts.csv", b'"scenario"', b'"virus"')),
    "no deed": (Fault.CELL, swap("log.csv", b'"uploaded"', b'"hacked"')),
    "a number below": (Fault.CELL, swap("versions.csv", b',"1"', b',"-1"')),
    "a large number": (Fault.CELL, swap("versions.csv", b',"1"', b',"99999999999"')),
    "a sign for a number": (Fault.CELL, swap("versions.csv", b',"1"', ',"①"'.encode())),
    "a long setting": (Fault.CELL, swap("settings.csv", b'"year"', b'"' + b"y" * 65 + b'"')),
    "two datasets of an id": (Fault.REPEATED, doubled("datasets.csv")),
    "two versions of an id": (Fault.REPEATED, doubled("versions.csv")),
    "two files of a SHA-256": (Fault.REPEATED, doubled("files.csv")),
    "two settings of a name": (Fault.REPEATED, doubled("settings.csv")),
    "two versions of a number": (Fault.REPEATED, swap("versions.csv", b',"2",', b',"1",')),
    "other bytes": (Fault.OTHER_BYTES, made(f"files/{SHA}", b"other")),
    "another size": (Fault.OTHER_BYTES, swap("files.csv", f'"{len(FILE)}"'.encode(), b'"1"')),
    "no bundle": (Fault.NO_BUNDLE, bundle(b"{}")),
    "no JSON": (Fault.NO_BUNDLE, bundle(b"no")),
    "a deep bundle": (Fault.NO_BUNDLE, bundle(b'{"parts":' + b"[" * 4000)),
    "a bundle with another file": (
        Fault.NOWHERE,
        bundle(b'{"parts":[{"file":"x","digest":"y","answers":{},"mapping":""}],"accepted":[],"previous":""}'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_and_nothing_is_kept(sound: bytes, empty: Store, case: str):
    fault, change = CASES[case]
    assert refused(empty, change(sound)) is fault


def test_every_fault_is_tried():
    assert {fault for fault, _ in CASES.values()} | {
        Fault.TOO_MANY,
        Fault.TOO_LARGE,
        Fault.STUDENTS,
        Fault.UNREADABLE,
    } == set(Fault)


def test_very_many_entries_are_not_looked_at(sound: bytes, empty: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(away_form, "MAX_ENTRIES", 5)
    assert refused(empty, sound) is Fault.TOO_MANY


def test_what_unpacks_to_more_than_the_bound_is_refused(
    sound: bytes, empty: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(away_form, "MAX_STREAMED", 1000)
    assert refused(empty, sound) is Fault.TOO_LARGE
    monkeypatch.undo()
    monkeypatch.setattr(away_form, "MAX_ENTRY", 20)
    assert refused(empty, sound) is Fault.TOO_LARGE


def test_a_file_that_is_not_there(empty: Store, tmp_path):
    for path in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(TakeInError) as told:
            merging.import_(empty, path)
        assert told.value.fault is Fault.UNREADABLE


def test_the_sound_one_is_taken_in(sound: bytes):
    store = in_memory()
    merging.import_(store, io.BytesIO(sound))
    assert exported(store) == sound


def test_readme_and_schemas_are_not_needed(sound: bytes):
    content = sound
    for name in ("README.txt", "schema/version.json", "schema/workspace.json"):
        content = without(name)(content)
    store = in_memory()
    merging.import_(store, io.BytesIO(content))
    assert exported(store) == sound


class Undo(Exception):  # noqa: N818
    """Takes back what was taken in."""


def test_a_damaged_one_is_refused_or_the_same(sound: bytes, empty: Store):
    """Single bytes and stretches of a ZIP made others: there is no traceback."""
    drawn = random.Random(1)
    ends = dict.fromkeys((TakeInError, Undo), 0)
    for _ in range(80 if in_gate() else 10_000):
        content = bytearray(sound)
        start, length = drawn.randrange(len(content)), drawn.choice((1, 1, 4, 50))
        content[start : start + length] = drawn.randbytes(length)
        with pytest.raises((TakeInError, Undo)) as told, takein.opened(io.BytesIO(bytes(content))) as parcel:
            packed = takein.read(parcel)
            with empty.database.writing() as connection:
                merging.bring(connection, empty.workspace, parcel, packed)
                raise Undo
        ends[told.type] += 1
    assert all(ends.values())
