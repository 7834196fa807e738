"""Two files that differ in what a meeting does not see, and place everybody alike, give the same pages."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from os.path import commonprefix

import numpy as np
import pytest

from cim_core.data.data_edits import DataEdit
from cim_core.export.meeting import Preset, preset
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Placements, place
from cim_core.rules import rulebook_file
from cim_core.suppression import public
from cim_core.whatif import scenario
from cim_core.words.disclosure import Audience
from tests.changes import changes
from tests.conftest import in_gate
from tests.ui.sent import SAMPLES, everything, texts_of
from tests.ui.test_pages import FOLDED, app, fine, tab, upload
from ui.shared import decks

TIMES = 8 if in_gate() else 200
LEAS = ("9910007", "9910021", "9910049", "9910105", "9910133", "99101541300242")
PAGES = (
    "start",
    "region",
    "movement",
    "rules",
    "whatif",
    "data",
    "letters",
    "library",
    "log",
    "meeting",
    "council",
)
TABS = ("moves", "history", "indicators", "method")
NAME, COUNTS = "invented_selpa.csv", "invented_counts.csv"
Lines = list[dict[str, str]]


def lines_of(name: str) -> Lines:
    read = csv.DictReader(io.StringIO((SAMPLES / name).read_text("utf-8")))
    return [line for line in read if line["lea_code"] in LEAS and line.get("year") != "2022-23"]


def written(lines: Lines) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def placed(lines: Lines, counts: Lines) -> Placements:
    uploads = [checked_files.Upload(NAME, written(lines)), checked_files.Upload(COUNTS, written(counts))]
    return place(checked_files.read_all(uploads).dataset, rulebook_file.load(), reference.shipped())


def some_small(draw: random.Random) -> tuple[Lines, Lines]:
    """A file and its counts by race in which about every fourth group is small."""
    lines, counts = lines_of(NAME), lines_of(COUNTS)
    codes = [name.removesuffix("_n") for name in lines[0] if name.endswith("_n")]
    for line in lines:
        for code in codes:
            if line[f"{code}_n"].isdigit() and draw.random() < 0.25:
                small(line, f"{code}_n", f"{code}_d", draw)
                line[code] = ""
    for area in areas_of(counts):
        whole = area.pop("total")
        for line in area.values():
            if draw.random() < 0.3:
                small(line, "cell", "total", draw)
        for name in ("cell", "total"):
            whole[name] = str(sum(int(line[name]) for line in area.values()))
    return lines, counts


def areas_of(counts: Lines) -> list[dict[str, dict[str, str]]]:
    """The lines of each LEA, year and area, by group."""
    found: dict[tuple[str, ...], dict[str, dict[str, str]]] = {}
    for line in counts:
        found.setdefault((line["lea_code"], line["year"], line["area"]), {})[line["group"]] = line
    return list(found.values())


def small(line: dict[str, str], of: str, all_: str, draw: random.Random) -> None:
    group = draw.randint(1, 10)
    line[of], line[all_] = str(draw.randint(0, group)), str(group)


def others_hidden(lines: Lines, counts: Lines, draw: random.Random) -> tuple[Lines, Lines]:
    """The same with other numbers in small groups, wherever that places the LEA as before."""
    before = placed(lines, counts)
    other = [dict(line) for line in lines]
    for line in other:
        for name in [name for name in line if name.endswith("_n") and line[name].isdigit()]:
            if int(line[f"{name[:-2]}_d"]) <= 10 and draw.random() < 0.8:
                small(line, name, f"{name[:-2]}_d", draw)
    after = placed(other, counts)
    moved = (before.possible != after.possible).any(axis=1) | (before.placed != after.placed)
    keys = {
        (str(before.dataset.lea_code[row]), str(before.dataset.year[row])) for row in np.flatnonzero(moved)
    }
    kept = [
        old if (old["lea_code"], old["year"]) in keys else new for old, new in zip(lines, other, strict=True)
    ]
    return kept, others_by_race(counts)


def others_by_race(counts: Lines) -> Lines:
    """Counts in which students of small groups stand in others, so that everybody's numbers stay."""
    race = [dict(line) for line in counts]
    for area in areas_of(race):
        few = [line for group, line in area.items() if group != "total" and int(line["total"]) <= 10]
        for one, another in zip(few, few[1:], strict=False):
            if int(one["cell"]) and int(another["cell"]) < int(another["total"]):
                one["cell"], another["cell"] = str(int(one["cell"]) - 1), str(int(another["cell"]) + 1)
    return race


SCENARIO = scenario.encode(
    scenario.Scenario(
        name="Harder",
        changes=changes({"clauses.level-2-missed.at_least": 2, "targets.5a.value": Decimal("60.0")}),
        edits=(DataEdit("9910105", "2024-25", "5b", 40, 400),),
    )
)


def sent(
    lines: Lines, counts: Lines, view: str, downloads: dict[str, object], pages, lea: str
) -> Iterator[str]:
    """All that is sent of some pages and their downloads, without the random ids of what is stored."""
    at = app(lea=lea)
    upload(at, NAME, written(lines))
    upload(at, COUNTS, written(counts))
    at.query_params["view"] = at.session_state["at_view"] = view
    for page in pages:
        downloads.clear()
        if page == "meeting":
            yield from (anonymous(text) for text in cards(at, lea, downloads))
        elif page in TABS:
            tab(at, page)
        elif page == "council":
            fine(at.switch_page("pages/region.py").run())
            downloads.clear()
            fine(at.button(key="council_make").click().run(timeout=120))
        else:
            if page == "whatif":
                at.query_params["scenario"] = at.session_state["at_scenario"] = SCENARIO or ""
                for name in FOLDED:
                    at.session_state[name] = True
            fine(at.switch_page(f"pages/{page}.py").run())
        yield page
        for text in everything(at):
            yield anonymous(text)
        for name, made in downloads.items():
            yield name
            yield from (anonymous(text) for text in texts_of(made))
            yield bytes_of(made)
    at.query_params["scenario"] = at.session_state["at_scenario"] = ""


def bytes_of(made: object) -> str:
    """What tells two files that are no text apart, pictures and what is drawn in a PDF included."""
    content = made() if callable(made) else made
    if not isinstance(content, bytes) or not content.startswith((b"PK", b"%PDF", b"\x89PNG")):
        return ""
    return hashed(content)


def hashed(content: bytes) -> str:
    """The hash of a file, part by part, without the random ids of what is stored, to which notes lead."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as of:
            parts = [(each.filename, each.date_time, hashed(of.read(each))) for each in of.infolist()]
        content = repr(parts).encode()
    if content.startswith(b"<?xml"):
        content = anonymous(content.decode()).encode()
    return sha256(content).hexdigest()


def cards(at, lea: str, downloads: dict[str, object]) -> Iterator[str]:
    """What is sent of every card of two decks, and their slides."""
    for of in (Preset.COUNCIL, Preset.TEAM):
        chosen = f"{decks.DECK}{decks.make(preset(of, of.value, lea))}"
        at.query_params["deck"] = at.session_state["at_deck"] = chosen
        for number in range(1, 10):
            at.query_params["card"] = at.session_state["at_card"] = str(number)
            yield from everything(fine(at.switch_page("pages/meeting.py").run()))
        at.query_params["card"] = at.session_state["at_card"] = ""
        fine(at.switch_page("pages/meeting.py").run())
        (slides,) = (made for name, made in downloads.items() if name.endswith(".pptx"))
        yield from texts_of(slides)
        yield bytes_of(slides)
        kept = decks.current()
        assert kept is not None
        decks.delete(kept)
    at.query_params["card"] = at.session_state["at_card"] = ""


def apart(first: list[str], second: list[str]) -> str:
    """Where two lists of texts begin to differ, in few words; empty where they do not."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            at = len(commonprefix([one, other]))
            return f"{number}: {one[max(0, at - 80) : at + 80]!r} and {other[max(0, at - 80) : at + 80]!r}"
    return "" if len(first) == len(second) else f"{len(first)} and {len(second)} texts"


def anonymous(text: str) -> str:
    text = re.sub(r"(set|list|own|file|deck)-[\w-]{8,}", r"\1-id", text)
    return re.sub(r'"(deferredFileId|id)": "[^"]*"', "", text)


def pages_of(number: int) -> list[str]:
    """In the gate each pair of files is looked at on some pages, all of them in the long checks."""
    every = [*PAGES, "lea", *TABS]
    return every if not in_gate() else [every[(number * 2 + more) % len(every)] for more in range(2)]


@pytest.mark.parametrize("number", range(TIMES))
def test_nothing_that_is_sent_tells_two_files_apart(downloads, number):
    draw = random.Random(number)
    lines, counts = some_small(draw)
    other, race = others_hidden(lines, counts, draw)
    assert written(lines) != written(other) and written(counts) != written(race)
    view = (Audience.MEETING, Audience.STRICT)[number % 2]
    lea = LEAS[number % len(LEAS)]
    pages = pages_of(number)
    first, second = (
        list(sent(*each, view, downloads, pages, lea)) for each in ((lines, counts), (other, race))
    )
    assert not apart(first, second)


def test_the_same_search_tells_them_apart_in_the_working_view(downloads):
    draw = random.Random(1)
    lines, counts = some_small(draw)
    other, race = others_hidden(lines, counts, draw)
    for page in ("region", "lea", "indicators", "start"):
        first, second = (
            list(sent(*each, "", downloads, [page], LEAS[0])) for each in ((lines, counts), (other, race))
        )
        assert first != second, page


def test_what_is_hidden_is_hidden_in_both():
    draw = random.Random(2)
    lines, counts = some_small(draw)
    both = [placed(*each).dataset for each in ((lines, counts), others_hidden(lines, counts, draw))]
    first, second = (public(one, Audience.MEETING) for one in both)
    assert first.digest == second.digest and both[0].digest != both[1].digest
