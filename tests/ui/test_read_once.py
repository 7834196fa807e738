"""A file is read once: parsed once, its rows read once for each answer, whoever looks at them."""

from __future__ import annotations

from collections import Counter

import pytest

from cim_core.intake.assembly import opening
from cim_core.placing import apart
from cim_core.placing.apart import Apart
from tests.ui.test_pages import app, fine, upload
from ui.shared.kept import kept_results

HEAD = "lea_code,lea_name,selpa,year,swd,percentile,5a,4a\n"
FIRST = f"{HEAD}9900001,Oak,My SELPA,2023-24,300,50,60,3\n".encode()
OTHER = f"{HEAD}9900002,Elm,My SELPA,2023-24,200,40,0.6,0.02\n9900003,Ash,My SELPA,2023-24,90,30,0.7,0.03\n"
LETTERS = b"lea_code,lea_name,year,5a\n9900004,Fir,2023-24,61\n"
PARSED, ROWS, JOINED, GUESSED = "parsed", "rows", "joined", "guessed"


@pytest.fixture
def done(monkeypatch) -> Counter[tuple[str, ...]]:
    """What workers were asked to do, and of which file."""
    found: Counter[tuple[str, ...]] = Counter()
    real = Apart.run
    kept_results().clear()

    def run(self, work, *args, **given):
        if work is opening.opened:
            found[PARSED, args[0].file] += 1
        elif work is apart._packed_rows:
            found[ROWS, args[0].file] += 1
        elif work is apart._joined:
            found[(JOINED,)] += 1
        elif work is opening.proposal:
            assert args[0].opened is not None and not args[0].content
            found[GUESSED, args[0].file] += 1
        else:
            pytest.fail(f"{work.__name__} opens a file")
        return real(self, work, *args, **given)

    monkeypatch.setattr(Apart, "run", run)
    return found


def test_each_file_is_parsed_once_and_an_answer_reads_only_its_own_rows(done):
    at = fine(app().run())
    fine(at.switch_page("pages/data.py").run())
    files = [("first.csv", FIRST, "text/csv"), ("other.csv", OTHER.encode(), "text/csv")]
    fine(at.file_uploader[0].set_value(files).run())
    once = {
        (PARSED, "first.csv"): 1,
        (PARSED, "other.csv"): 1,
        (ROWS, "first.csv"): 1,
        (ROWS, "other.csv"): 1,
    }
    assert done == once | {(JOINED,): 1}
    done.clear()
    asked = next(one.key for one in at.radio if str(one.key).endswith("_rates"))
    fine(at.radio(key=asked).set_value("fraction").run())
    assert done == {(ROWS, "other.csv"): 1, (JOINED,): 1}
    done.clear()
    for page in ("start", "region", "lea", "data", "whatif", "rules", "movement"):
        fine(at.switch_page(f"pages/{page}.py").run())
    fine(at.run())
    another = fine(app(**at.query_params).run())
    fine(another.switch_page("pages/data.py").run())
    assert done == {}, "another page, another run, another session"
    fine(at.switch_page("pages/data.py").run())
    asked = next(one.key for one in at.radio if str(one.key).endswith("_rates"))
    fine(at.radio(key=asked).set_value("percent").run())
    fine(at.radio(key=asked).set_value("fraction").run())
    assert done == {(ROWS, "other.csv"): 1, (JOINED,): 1}, "the answer before is still known"


def test_a_further_file_is_parsed_once_and_the_others_not_again(done):
    at = upload(app(), "first.csv", FIRST)
    assert done == {(PARSED, "first.csv"): 1, (JOINED,): 1}, "the rows of an only file are read on the way"
    upload(at, "letters.csv", LETTERS)
    assert {one: times for one, times in done.items() if one[0] == PARSED} == {
        (PARSED, "first.csv"): 1, (PARSED, "letters.csv"): 1,
    }  # fmt: skip
    assert done[ROWS, "first.csv"] == done[ROWS, "letters.csv"] == 1


def test_a_file_that_is_tied_by_hand_is_not_parsed_for_its_guesses(done):
    fine(upload(app(), "own.csv", b"Code,Total in class\n9900001,60\n9900002,70\n").run())
    assert done == {(PARSED, "own.csv"): 1, (JOINED,): 1, (GUESSED, "own.csv"): 1}
