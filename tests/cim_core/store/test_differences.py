"""What one version has that another has not, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cim_core.data.facts import Fact
from cim_core.intake.bundle import Bundle
from cim_core.intake.questions import Ask
from cim_core.letters import entered
from cim_core.letters.entered import EnteredLetter
from cim_core.outlook import entered_counts
from cim_core.outlook.entered_counts import EnteredCount
from cim_core.store import ids
from cim_core.store.differences import differences
from cim_core.words.disclosure import Disclosure

FILES: dict[str, bytes] = {}


def digest(content: bytes) -> str:
    FILES[ids.digest(content)] = content
    return ids.digest(content)


OAK, ELM = digest(b"oak"), digest(b"elm")
ONE = Bundle().with_file("oak.csv", OAK)


def said(before: Bundle, after: Bundle) -> list[str]:
    return [Disclosure().say(one) for one in differences(before, after, FILES.__getitem__)]


def letters(*names: str) -> bytes:
    return entered.with_letters(
        b"", [EnteredLetter(f"99000{at:02}", name, "2023-24", "Universal") for at, name in enumerate(names)]
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (ONE, []),
        (ONE.with_file("elm.csv", ELM), ["elm.csv was added"]),
        (Bundle(), ["oak.csv was removed"]),
        (Bundle().with_file("oak.csv", ELM), ["oak.csv is another file now"]),
        (
            ONE.answered(OAK, "year:Sheet 1", "2023-24"),
            ["answered for oak.csv: which year – 2023-24"],
        ),
        (ONE.answered(OAK, "hand-made", "x"), ["answered for oak.csv: a question – x"]),
        (ONE.mapped(OAK, "x = 1"), ["the columns of oak.csv were matched otherwise"]),
        (ONE.accept(["a"]), ["1 warning was accepted"]),
        (ONE.accept(["a", "b"]), ["2 warnings were accepted"]),
        (replace(ONE, mine="9900001"), ["chosen to look at: 1 LEA"]),
        (replace(ONE, mine="s:Foothill~9900001~9900002"), ["chosen to look at: Foothill and 2 LEAs"]),
        (replace(ONE, mine="list-AAAA"), ["another list of LEAs was chosen to look at"]),
    ],
)
def test_what_was_done(after: Bundle, expected: list[str]):
    assert said(ONE, after) == expected


def test_what_was_undone():
    assert said(ONE.answered(OAK, "rates", "percent"), ONE) == [
        "no longer answered for oak.csv: percent or fractions"
    ]
    assert said(ONE.accept(["a"]), ONE) == ["1 warning is no longer accepted"]
    assert said(replace(ONE, mine="9900001"), ONE) == ["all LEAs of the files are looked at"]
    assert said(replace(ONE, assume="elements"), ONE) == ["nothing is taken as none"]


def test_every_question_has_words_of_its_own():
    each = {said(ONE, ONE.answered(OAK, kind.value, "x"))[0] for kind in Ask}
    assert len(each) == len(Ask) and not any("a question" in one for one in each)


def test_every_fact_is_named():
    assert all(said(ONE, replace(ONE, assume=fact.value))[0].startswith("taken as none: ") for fact in Fact)


def test_typed_letters_and_counts_are_named_by_their_leas():
    first, second = letters("Oak", "Elm"), letters("Oak", "Ash")
    before, after = (ONE.with_file(entered.FILE, digest(each)) for each in (first, second))
    assert said(ONE, before) == ["letters typed: Elm and Oak"]
    assert said(before, after) == ["letters typed: Ash and Elm"]
    assert said(before, ONE) == ["letters typed: Elm and Oak"]
    count = EnteredCount("9900001", "Oak", "2026-27", "susp", "1", "20", "2026-11-01")
    typed = entered_counts.with_counts(b"", count.lea_code, [count])
    assert said(ONE, ONE.with_file(entered_counts.FILE, digest(typed))) == ["counts typed: Oak"]


def test_somebodys_own_file_of_that_name_is_a_file():
    after = ONE.with_file(entered.FILE, digest(b"lea,letter\n"))
    assert said(ONE, after) == [f"{entered.FILE} was added"]


def test_names_are_quoted():
    assert said(Bundle(), Bundle().with_file("a\u202eb" + "x" * 500, OAK))[0].count("x") < 100
