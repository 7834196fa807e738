"""What only the whole dataset can show."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

HEAD = "lea_code,lea_name,selpa,year,"


def kinds(text: str) -> list[str]:
    return [one.kind for one in checked_files.take(text.encode(), "x.csv").problems]


@pytest.mark.parametrize(
    ("a", "b", "c", "said"),
    [
        (50, 60, 70, 0),
        (60, 50, 70, 1),
        (60, 60, 60, 0),
        (70, 60, 50, 2),
        ("NC", 60, 50, 1),
        (60, "NC", 50, 1),
        (70, 60, 50, 2),
    ],
)
def test_indicator_14_is_nested(a, b, c, said):
    assert kinds(f"{HEAD}14a,14b,14c\n9900001,A,S,2023-24,{a},{b},{c}\n").count("nested_order") == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("60,30,10", 0),
        ("60.1,30.0,10.1", 0),
        ("60,30,10.5", 1),
        ("60,41,NC", 0),
        ("70,50,NC", 1),
        ("34,34,33", 0),
    ],
)
def test_settings_exclude_one_another(parts, said):
    assert kinds(f"{HEAD}5a,5b,5c\n9900001,A,S,2023-24,{parts}\n").count("shares_over") == said


def z(first: tuple[int, int], second: tuple[int, int]) -> float:
    (top, bottom), (more, all_now) = first, second
    pooled = (top + more) / (bottom + all_now)
    return abs(top / bottom - more / all_now) / math.sqrt(pooled * (1 - pooled) * (1 / bottom + 1 / all_now))


@pytest.mark.parametrize("now", range(500, 620, 7))
def test_one_change_alone_is_large_beyond_chance_at_five_percent(now):
    text = f"{HEAD}5a_n,5a_d\n9900001,A,S,2022-23,500,1000\n9900001,A,S,2023-24,{now},1000\n"
    assert kinds(text).count("jump") == (z((500, 1000), (now, 1000)) > 1.959964)


def large(changes: list[int]) -> list[int]:
    """Which LEAs (from 0) are said to have a large change from 500 of 1,000 to so many of 1,000."""
    lines = [
        f"{9900001 + at},A{at},S,{year},{top},1000"
        for at, now in enumerate(changes)
        for year, top in (("2022-23", 500), ("2023-24", now))
    ]
    taken = checked_files.take((f"{HEAD}5a_n,5a_d\n" + "\n".join(lines)).encode(), "x.csv")
    said = [one for one in taken.problems if one.kind == "jump"]
    assert all(
        one.severity is Severity.NOTE and f"all {len(changes)} changes" in one.expected() for one in said
    )
    return [int(one.lea_code) - 9900001 for one in said]


def test_of_many_changes_more_is_needed_than_of_one():
    assert large([560]) == [0] and large([560] + 200 * [500]) == []
    assert large([600, *200 * [500], 620]) == [0, 201]


@given(st.lists(st.integers(440, 560), min_size=1, max_size=30))
def test_large_changes_are_those_of_benjamini_and_hochberg(changes):
    """By the definition: the k smallest p are said for the largest k with p(k) ≤ 0.05 k / N."""
    p = [math.erfc(z((500, 1000), (now, 1000)) / math.sqrt(2)) for now in changes]
    least = [k for k in range(1, len(p) + 1) if sorted(p)[k - 1] <= 0.05 * k / len(p)]
    limit = sorted(p)[max(least) - 1] if least else -1.0
    assert large(changes) == [at for at, one in enumerate(p) if one <= limit]


def test_a_jump_is_only_from_the_year_before():
    assert "jump" not in kinds(f"{HEAD}5a_n,5a_d\n9900001,A,S,2021-22,1,1000\n9900001,A,S,2023-24,900,1000\n")


def test_means_without_a_spread_cannot_jump():
    text = f"{HEAD}ela_dfs,ela_dfs_d\n9900001,A,S,2022-23,-90,500\n9900001,A,S,2023-24,90,500\n"
    assert "jump" not in kinds(text)


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("1964733", "Los Angeles Unified", None),
        ("1964733", "Pasadena Unified", "name_differs"),
        ("1999999", "Los Angeles Unified", "code_unknown"),
        ("7764733", "Los Angeles Unified", "code_unknown"),
        ("19647330112345", "Some Charter", "code_of_school"),
        ("9900001", "Invented", None),
    ],
)
def test_codes_and_names_against_the_state_list(code, name, kind):
    found = set(kinds(f"{HEAD}5a\n{code},{name},S,2023-24,50\n"))
    assert found == ({kind} if kind else set())


def test_an_lea_in_two_selpas_is_said_once():
    text = f"{HEAD}5a\n9900001,A,S,2022-23,50\n9900001,A,T,2023-24,50\n9900002,B,S,2023-24,50\n"
    found = [one for one in checked_files.take(text.encode(), "x.csv").problems if one.kind == "two_selpas"]
    assert [(one.lea_code, one.shown(), one.row, one.severity) for one in found] == [
        ("9900001", "T", 3, Severity.WARNING)
    ]


def test_rates_from_two_sources_are_said():
    head = "lea_code,year,indicator,numerator,denominator,source\n"
    rows = "9900001,2023-24,susp,5,100,DataQuest\n9900002,2023-24,susp,5,100,{}\n"
    for source, said in (("Dashboard", True), ("DataQuest", False)):
        taken = checked_files.take((head + rows.format(source)).encode(), "x.csv")
        assert ("sources_mixed" in [one.kind for one in taken.problems]) is said


def test_the_source_is_asked_for_and_kept():
    text = b"lea_code,year,susp_n,susp_d,5a_n,5a_d\n9900001,2023-24,5,100,5,10\n"
    taken = checked_files.take(text, "x.csv")
    assert [(one.id, one.open) for _, one in taken.questions] == [("source", False)]
    assert taken.dataset.origin_of(0, "susp").collection == ""
    told = checked_files.take(text, "x.csv", answers={"source": "dashboard"}).dataset
    assert told.origin_of(0, "susp").collection == "dashboard"
    assert told.origin_of(0, "5a").collection == "" and told.origin_of(0, "5a").file == "x.csv"
