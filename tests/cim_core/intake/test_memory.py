"""Files made to fill the memory: each is refused or read within 100 MB more than the imports take."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cim_core.intake.test_workbooks import ROWS, book, members, stray_cell, zipped
from tests.workbooks import ods, ods_cell

MOST = 100
ROOT = Path(__file__).parent.parent.parent.parent
READ = """
import os, resource, sys, time
from cim_core.placing import checked_files
from cim_core.export import marked_copy
from cim_core.intake.problems import UnreadableFileError
from cim_core.intake.assembly.opening import Upload
import openpyxl, openpyxl.styles, python_calamine
name = sys.argv[1]
checked_files.take(b"lea_code,year,5a\\n9900001,2023-24,50\\n", "x.csv")
content = sys.stdin.buffer.read()
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
if name == "control":
    content = content * 150_000_000
    content = b""
taken = checked_files.take(content, name)
if "copy" in sys.argv:
    try:
        marked_copy.marked(Upload(name, content), taken.problems)
    except UnreadableFileError:
        pass
took = time.perf_counter() - start
more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
kinds = ",".join(sorted({one.kind for one in taken.problems}))
print(f"{took:.2f}|{more:.0f}|{kinds}|{len(taken.dataset)}", flush=True)
os._exit(0)
"""
"""The most that a process has used includes its parent's most: so it forks once all is imported."""


def measured(content: bytes, name: str, copy: str = "") -> tuple[str, int, str, int]:
    """Seconds, MB above the imports, kinds of problems, rows of the dataset."""
    argv = [sys.executable, "-c", READ, name, copy]
    done = subprocess.run(argv, input=content, capture_output=True, cwd=ROOT, timeout=60, check=True)
    took, more, kinds, rows = done.stdout.decode().strip().split("|")
    return took, int(more), kinds, int(rows)


def zip_bomb() -> bytes:
    return zipped(members(book(ROWS)) | {"xl/worksheets/sheet2.xml": b"<x>" * 60_000_000})


def lying_zip() -> bytes:
    """It states a thousand bytes where there are 180 million."""
    content = bytearray(zip_bomb())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet2.xml"))
    content[entry + 24 : entry + 28] = struct.pack("<I", 1_000)
    return bytes(content)


def ods_bomb() -> bytes:
    row = f'<table:table-row table:number-rows-repeated="15000">{ods_cell(("%", 1), 399)}</table:table-row>'
    return zipped(members(ods([], row)))


def stray_ods() -> bytes:
    far = '<table:table-row table:number-rows-repeated="199000"/><table:table-row>'
    return zipped(members(ods(ROWS, f"{far}{ods_cell(None, 29)}{ods_cell('x')}</table:table-row>")))


FILES = {
    "zip bomb": (zip_bomb, "x.xlsx", "unpacks_too_big", 0),
    "lying zip": (lying_zip, "x.xlsx", "unpacks_too_big", 0),
    "ODS bomb": (ods_bomb, "x.ods", "unpacks_too_big", 0),
    "stray ODS cell": (stray_ods, "x.ods", "unpacks_too_big", 0),
    "stray cell": (stray_cell, "x.xlsx", "", 2),
    "stray blank cell": (lambda: stray_cell(1_048_576, 400, None), "x.xlsx", "", 2),
}


@pytest.mark.full
def test_the_measure_sees_what_is_used():
    assert 130 < measured(b"x", "control")[1] < 200


@pytest.mark.full
@pytest.mark.parametrize("copy", ["", "copy"])
@pytest.mark.parametrize("what", FILES)
def test_memory(what, copy):
    made, name, kind, rows = FILES[what]
    took, more, kinds, read = measured(made(), name, copy)
    print(f"\n{what} {copy}: {took} s, {more} MB, {kinds}")
    assert more < MOST and read == rows
    assert not kind or kinds == kind
