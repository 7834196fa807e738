"""In a language whose every template stands in brackets, nothing that is shown or exported is outside them.

What may stand outside is data: names and codes of LEAs, years, numbers, signs, names of files and of our
columns, text that a person typed. The language is one of its own, so that words which the core says in
English by itself show too.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from html import unescape

import pypdf
import pytest

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.data.indicators import CODES
from cim_core.export import texts
from cim_core.placing import checked_files, reference
from cim_core.rules.tiers import PLACEMENTS
from cim_core.whatif import scenario
from cim_core.words import messages
from cim_core.words.disclosure import Disclosure
from tests.changes import changes
from tests.ui.sent import SAMPLES, elements, explained, is_picture, leaves, own
from tests.ui.test_pages import FOLDED, PAGES, UNFOLDED, app, fine, step, unfolded, upload
from ui.shared.kept import kept_results

PSEUDO = "pseudo"
OF_CHARTS = {
    "text", "ticktext", "name", "hovertext", "hovertemplate", "customdata", "label", "x", "y",
}  # fmt: skip
"""Where charts hold what is read; the rest of their JSON is looks."""
NOT_READ = {
    "id", "formId", "key", "type", "icon", "css", "theme", "config", "pageScriptHash", "widgetId", "language",
    "selectionMode", "urlPathname", "elementId", "hash", "page", "url", "accept", "maxUploadSizeMb",
}  # fmt: skip
AS_WRITTEN = {"vintage", "determination", "steps", "direction", "tier"}
"""What tables and `explain` hold as the file or the rulebook has it, or as a code."""
_CODE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
"""One lower-case word: a value of ours that programs read, as `missed` or `level-2-missed`."""
_ADDRESS = re.compile(r"https?://\S+")
_TAG = re.compile(r"<style.*?</style>|<[^>]*>|%\{[^}]*\}", re.DOTALL)
_READ_ALOUD = re.compile(r'(?:alt|title|aria-label|data-head|placeholder)="([^"]*)"')
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture
def pseudo(monkeypatch) -> Disclosure:
    """The gate speaks a language that is not there; results of before are forgotten."""
    english = messages.catalogue()
    bracketed = {
        key: f"⟦{text}⟧" if isinstance(text, str) else {form: f"⟦{one}⟧" for form, one in text.items()}
        for key, text in english.items()
    }
    monkeypatch.setitem(messages.LOCALES, PSEUDO, "en_GB")
    monkeypatch.setattr(
        messages, "catalogue", lambda language="en": bracketed if language == PSEUDO else english
    )
    monkeypatch.setattr(Disclosure.__init__, "__defaults__", (*Disclosure.__init__.__defaults__[:-1], PSEUDO))
    kept_results().clear()
    yield Disclosure()
    kept_results().clear()


@pytest.fixture(scope="module")
def dataset():
    return checked_files.read_path(SAMPLES / "invented_selpa.csv").dataset


@pytest.fixture(scope="module")
def data(dataset) -> re.Pattern[str]:
    """What stands in the files, and the names of our columns and codes, longest first."""
    state = reference.shipped().dataset
    known = {
        *map(str, state.lea_name), *map(str, dataset.lea_name), *map(str, dataset.lea_code),
        *map(str, dataset.selpa), *map(str, dataset.lea_type), *map(str, state.lea_type), "<NA>",
        *(path.name for path in SAMPLES.iterdir()), *CODES, *FACT_COLUMNS, *PLACEMENTS,
    }  # fmt: skip
    return re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))


def outside(text: str, data: re.Pattern[str]) -> list[str]:
    """The words of a text that stand in no brackets and are no data."""
    text = unescape(text).replace("\\", "").replace("\u2060", "")
    while (taken := _INNERMOST.sub(" ", text)) != text:
        text = taken
    return _LETTERS.findall(data.sub(" ", _ADDRESS.sub(" ", text)))


def read_on(at) -> Iterator[tuple[str, str]]:
    """What a reader of a page reads or hears, with where it stands."""
    for kind, content in elements(at):
        if kind == "PlotlyChart":
            yield from (
                (f"chart {key}", _TAG.sub(" ", text)) for key, text in leaves(content) if key in OF_CHARTS
            )
        elif isinstance(content, tuple):
            frame, columns = content
            yield from (("column", str(name)) for name in frame.columns)
            yield from (("cell", str(cell)) for line in frame.itertuples(index=False) for cell in line)
            yield from (
                ("column help", text) for key, text in leaves(json.loads(columns or "{}")) if key == "help"
            )
        else:
            for key, text in leaves(content):
                if key not in NOT_READ:
                    yield f"{kind} {key}", " ".join((_TAG.sub(" ", text), *_READ_ALOUD.findall(text)))


def read_in(downloads: dict[str, object]) -> Iterator[tuple[str, str]]:
    """What a reader of the downloads of a page reads: the cells of tables, whose columns have fixed names."""
    for name, content in own(downloads).items():
        made = content() if callable(content) else content
        if is_picture(made):
            continue
        if name.endswith(".pdf"):
            pages = pypdf.PdfReader(io.BytesIO(bytes(made))).pages
            yield name, " ".join(" ".join(page.extract_text().split()) for page in pages)
            continue
        text = made.decode("utf-8-sig") if isinstance(made, bytes) else str(made)
        if name.endswith(".csv"):
            for line in csv.DictReader(io.StringIO(text)):
                yield from coded(line.items())
        elif name.endswith(".svg"):
            yield name, " ".join((_TAG.sub(" ", text), *_READ_ALOUD.findall(text)))
        elif name != "rulebook.toml":
            yield name, text


def coded(cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those that hold sentences or names, not codes."""
    return ((name, text) for name, text in cells if name not in AS_WRITTEN and not _CODE.fullmatch(text))


def left(found: Iterable[tuple[str, str]], data: re.Pattern[str]) -> list[str]:
    """What is left outside of brackets, each once."""
    return list(
        dict.fromkeys(
            f"{where}: {words} in {text[:150]!r}" for where, text in found if (words := outside(text, data))
        )
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_nothing_on_a_page_or_in_its_downloads_is_in_no_language(pseudo, downloads, data, page):
    at = app(data="sample", lea="9910112")
    fine(fine(at.run()).switch_page(f"pages/{page.name}").run())
    found = [*read_on(at), *read_in(downloads)]
    assert any("⟦" in text for _, text in found)
    assert not left(found, data)


SCENARIO = scenario.encode(
    scenario.Scenario(name="–", changes=changes({"clauses.level-2-missed.at_least": 6, "elements.5b": "out"}))
)


@pytest.mark.parametrize("page", UNFOLDED)
def test_nothing_that_is_folded_is_in_no_language(pseudo, downloads, data, page):
    at = unfolded(app(data="sample"), page)
    assert not left([*read_on(at), *read_in(downloads)], data)


@pytest.mark.parametrize("step_of_data", ["file", "questions"])
def test_no_step_of_an_upload_is_in_no_language(pseudo, downloads, data, step_of_data):
    at = app()
    upload(at, "–.csv", b"lea_code,swd,5a,8\n9910112,300,0.5,0.9\n")
    at = step(at, step_of_data)
    assert not left([*read_on(at), *read_in(downloads)], data)


@pytest.mark.full
@pytest.mark.parametrize("part", FOLDED)
def test_nothing_in_any_part_of_what_if_is_in_no_language(pseudo, downloads, data, part):
    at = app(data="sample", lea="9910112", scenario=SCENARIO)
    fine(at.run())
    at.session_state[part] = True
    fine(at.switch_page("pages/whatif.py").run())
    assert not left([*read_on(at), *read_in(downloads)], data)


def test_nothing_that_is_said_of_assumptions_is_in_no_language(pseudo, downloads, data):
    at = app()
    head, *lines = (SAMPLES / "invented_selpa.csv").read_text("utf-8").splitlines()
    letters = [f"{head},cde_placement", *(f"{line},Targeted Level 2" for line in lines)]
    upload(at, "invented_selpa.csv", "\n".join(letters).encode())
    fine(at.switch_page("pages/letters.py").run())
    fine(at.button(key="reconcile_start").click().run())
    downloads.clear()
    fine(at.button(key="reconcile_pairs").click().run())
    found = [*read_on(at), *read_in(downloads)]
    assert any("⟦" in text for _, text in found)
    assert not left(found, data)


def test_no_problem_of_a_file_is_in_no_language(pseudo, data):
    """Rows that are damaged in many ways; what stands in them is said as it stands."""
    lines = (SAMPLES / "invented_selpa.csv").read_text("utf-8").splitlines()
    head = lines[0].split(",")
    damaged = [lines[0]]
    for number, line in enumerate(lines[1:]):
        cells = line.split(",")
        cells[head.index("5a_n")], cells[head.index("8")] = ("99999", "150") if number % 2 else ("*", "0.4")
        cells[head.index("disproportionate_years")], cells[head.index("sig_dis")] = "0", "1"
        damaged.append(",".join(cells))
    read = checked_files.take("\n".join([*damaged, damaged[1]]).encode(), "–.csv")
    assert len({problem.kind for problem in read.problems}) > 3
    found = [
        ("problem", part(pseudo)) for one in read.problems for part in (one.title, one.expected, one.mend)
    ]
    found += [("where", one.where(pseudo)) for one in read.problems]
    found += [("question", one.text(pseudo)) for _, one in read.questions]
    assert not left(found, data)


def test_nothing_of_what_the_shell_explains_is_in_no_language(pseudo, dataset, data):
    found = []
    for told in explained(dataset, pseudo, 7):
        found += coded(leaves(told))
        found += [("explain text", line) for line in texts.text(told, pseudo).splitlines()]
    assert not left(found, data)


@pytest.mark.parametrize("page", ["start.py", "region.py", "lea.py", "whatif.py", "data.py"])
def test_nothing_of_a_year_in_progress_is_in_no_language(pseudo, downloads, data, page):
    counts = "9910112,Quince Valley Elementary,2026-27,{},{},400,2026-11-15\n"
    head = "lea_code,lea_name,year,indicator,numerator,denominator,as_of\n"
    text = head + "".join(counts.format(*one) for one in (("4a", 11), ("11", 399), ("susp", 30), ("13", 400)))
    at = step(fine(app(data="sample", lea="9910112").run()), "file")
    at.file_uploader[0].set_value(("–.csv", text.encode(), "text/csv")).run()
    data_of = at.query_params["data"]
    downloads.clear()
    at = fine(app(data=data_of, year="2026-27", lea="9910112").run())
    bar = list(read_on(at))
    found = [*bar, *read_on(fine(at.switch_page(f"pages/{page}").run())), *read_in(downloads)]
    assert any("2026-27" in text for _, text in found)
    assert not left(found, data)
