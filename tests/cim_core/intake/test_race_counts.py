from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core import intake
from cim_core.data.facts import Fact
from cim_core.data.race_counts import STATE, Area, Group
from cim_core.intake.meanings import race_names
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from cim_core.placing.disproportionality import measure
from cim_core.placing.placement import Outcome, place
from cim_core.rules.rulebook import Disproportionality
from cim_core.rules.rulebook_file import load
from tests.cim_core.intake.files import errors, kinds, only, question, three, tsv
from tests.cim_core.intake.test_dataquest import RATES, SPACED, THREE, row
from tests.conftest import ROOT, examples

HEAD = "lea_code,lea_name,year,area,group,cell,total,note\n"
MEADOW = "99000010000000"


def line(group="Black", cell="18", total="120", area="oss_over_10", year="2023-24", code="9900001", note=""):
    return f"{code},Meadow Unified,{year},{area},{group},{cell},{total},{note}\n"


def read(*lines, head=HEAD, **answers):
    return checked_files.take((head + "".join(lines)).encode(), "counts.csv", answers=answers)


def held(taken):
    counts = taken.dataset.counts
    names = (
        counts.lea_key,
        counts.year,
        counts.area,
        counts.group,
        counts.cell,
        counts.total,
        counts.suppressed,
    )
    return {
        (str(key), str(year), Area(area), Group(group)): (cell, total, withheld)
        for key, year, area, group, cell, total, withheld in zip(
            *(one.tolist() for one in names), strict=True
        )
    }


def test_a_long_file_of_counts():
    taken = read(
        line(), line("White", '"1,020"', '"4,800"'), line("Total", "1038", "4920"), line(code="state")
    )
    assert taken.layout == "race_counts" and not taken.problems
    found = held(taken)
    assert found[MEADOW, "2023-24", Area.OSS_OVER_10, Group.WHITE] == (1020, 4800, False)
    assert (STATE, "2023-24", Area.OSS_OVER_10, Group.BLACK) in found
    assert taken.dataset.lea_key.tolist() == [MEADOW] and str(taken.dataset.lea_name[0]) == "Meadow Unified"
    assert Fact.DISPROPORTIONALITY not in taken.dataset.says_nothing_about()


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("CDS Code,District,School Year,Outcome,Race/Ethnicity,Numerator,Denominator,Reason\n", ","),
        ("cds\tdistrict\tyear\tcategory\tgroup\tcell size\tn-size\tflag\n", "\t"),
        ("LEA Code;LEA;Year;Area;Student Group;Count;Group total;Note\n", ";"),
    ],
)
def test_header_names_in_other_spellings(header, separator):
    taken = read(line().replace(",", separator), head=header)
    assert held(taken) == {(MEADOW, "2023-24", Area.OSS_OVER_10, Group.BLACK): (18, 120, False)}
    assert not taken.problems


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("OSS > 10", Area.OSS_OVER_10), ("OSS ≤10", Area.OSS_UP_TO_10), ("oss <= 10 days", Area.OSS_UP_TO_10),
        ("Out-of-school suspension 10 days or less", Area.OSS_UP_TO_10), ("ISS >10 days", Area.ISS_OVER_10),
        ("In-school suspensions of 10 days or fewer", Area.ISS_UP_TO_10), ("Identification", Area.IDENTIFIED),
        ("SLD", Area.SPECIFIC_LEARNING_DISABILITY), ("Speech/language impairment", None),
        ("Inside regular class less than 40%", Area.REGULAR_UNDER_40), ("LRE < 40", Area.REGULAR_UNDER_40),
        ("Separate Settings", Area.SEPARATE_SETTING), ("Total removals", Area.REMOVALS), ("OSS 10", None),
        ("LRE > 80", None), ("", None), ("discipline", None), ("ED", Area.EMOTIONAL_DISTURBANCE),
    ],
)  # fmt: skip
def test_how_areas_are_written(written, area):
    assert race_names.area(written) is area


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("RB", Group.BLACK), ("Black or African American", Group.BLACK), ("Hispanic/Latino", Group.HISPANIC),
        ("Filipino", Group.FILIPINO), ("rf", Group.FILIPINO), ("Two or More Races", Group.TWO_OR_MORE),
        ("Native Hawaiian or Other Pacific Islander", Group.PACIFIC_ISLANDER), ("TA", Group.TOTAL),
        ("American Indian or Alaska Native", Group.AMERICAN_INDIAN), ("SD", None), ("", None),
    ],
)  # fmt: skip
def test_how_groups_are_written(written, group):
    assert race_names.group(written) is group


def test_every_code_is_its_own_name():
    assert all(race_names.area(one.code) is one for one in Area)
    assert all(race_names.group(one.code) is one for one in Group)
    assert not set(map(race_names.plain, (one.code for one in Area))) & {"total", "all"}


@pytest.mark.parametrize(
    "code", ["state", "State", "00000000000000", "0000000", "00-00000-0000000", "'0000000", "0"]
)
def test_the_state_is_no_lea(code):
    taken = read(line(code=code), line())
    assert not taken.problems and taken.dataset.lea_key.tolist() == [MEADOW]
    assert {key[0] for key in held(taken)} == {STATE, MEADOW}


def test_withheld_numbers_stay_missing():
    taken = read(line(cell="*", total="*"), line("White", "", "", note="suppressed"), line("Asian", "", ""))
    assert [one[2] for one in held(taken).values()] == [False, True, True] and not taken.problems
    assert {one[:2] for one in held(taken).values()} == {(-1, -1)}


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (line(cell="130"), "more_than_all"),
        (line(cell="1.5"), "bad_count"),
        (line(cell="-1"), "bad_count"),
        (line(total="12%"), "bad_count"),
        (line(cell="eighteen"), "bad_count"),
        (line(total="1e3"), "bad_count"),
        (line(total="99999999999"), "bad_count"),
        (line(area="detention"), "unknown_area"),
        (line(group="Martian"), "unknown_race"),
        (line(year="2023"), "year_which"),
        (line(year="2023-25"), "bad_year"),
        (line(year="2023", code="state"), "year_which"),
        (line(code="x"), "no_code"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(bad, kind):
    taken = read(line("White", "20", "480"), bad)
    problem = only(taken, kind)
    assert problem.severity is Severity.ERROR and (problem.row, problem.file) == (3, "counts.csv")
    assert problem.column and problem.sentence()
    known = held(taken)
    assert known[MEADOW, "2023-24", Area.OSS_OVER_10, Group.WHITE] == (20, 480, False)
    assert all(cell <= total for cell, total, _ in known.values() if cell >= 0 and total >= 0)


def test_the_same_row_twice_is_used_once_and_other_numbers_not_at_all():
    again = read(line(), line())
    assert only(again, "count_again").severity is Severity.NOTE and len(held(again)) == 1
    for lines in itertools.permutations([line(), line(cell="19"), line(cell="20")]):
        taken = read(*lines)
        assert errors(taken) == ["count_twice"]
        assert held(taken)[MEADOW, "2023-24", Area.OSS_OVER_10, Group.BLACK] == (-1, -1, False)


def test_two_files_that_say_the_same_or_not():
    first = intake.Upload("a.csv", (HEAD + line()).encode())
    assert not checked_files.read_all(
        [first, intake.Upload("b.csv", (HEAD + line() + line("White")).encode())]
    ).problems
    other = checked_files.read_all([first, intake.Upload("b.csv", (HEAD + line(cell="19")).encode())])
    assert "a.csv" in only(other, "count_twice").sentence()


def test_a_total_smaller_than_its_groups_is_not_used():
    taken = read(line(), line("White", "20", "480"), line("Total", "30", "600"))
    assert only(taken, "groups_over_total").row == 4
    assert (MEADOW, "2023-24", Area.OSS_OVER_10, Group.TOTAL) not in held(taken)


def test_filipino_is_folded_and_said_so():
    taken = read(line("Asian", "10", "100"), line("Filipino", "5", "50"))
    assert held(taken) == {(MEADOW, "2023-24", Area.OSS_OVER_10, Group.ASIAN): (15, 150, False)}
    assert only(taken, "filipino_folded").severity is Severity.NOTE


def test_a_file_without_year_is_asked_about():
    head, cut = HEAD.replace("year,", ""), line().replace("2023-24,", "")
    assert question(read(cut, head=head), "year").open
    assert held(read(cut, head=head, year="2023-24"))[MEADOW, "2023-24", Area.OSS_OVER_10, Group.BLACK]


def test_student_files_are_refused():
    head = "lea_code,year,ssid,student name,area,group,cell,total\n"
    taken = read("9900001,2023-24,1234567890,A B,autism,Black,1,1\n", head=head)
    assert kinds(taken) == ["students"] and taken.dataset.counts is None


def races(level="D", code="00001", county="99", **more):
    numbers = {
        "RB": (577, 39763),
        "RW": (100, 52156),
        "RF": (15, 8808),
        "RA": (26, 17860),
        "TA": (2732, 537536),
    }
    numbers |= more
    return [
        row(level, "All", group, *pair, 1.0, code, "Meadow Unified", county)
        for group, pair in numbers.items()
    ]


def test_dataquests_own_file_serves_both():
    rows = [
        *THREE,
        *races(),
        *races("T", "00000", "00"),
        *races("S"),
        *races("C"),
        row("D", "All", "SE", 1, 2, 50),
    ]
    for ordered in (rows, rows[::-1]):
        taken = checked_files.take(tsv((*SPACED, *RATES), ordered), "susp.txt")
        assert taken.layout == "dataquest_suspension" and not errors(taken)
        assert three(taken, MEADOW, "susp")[1:] == (80, 1450) and len(taken.dataset) == 1
        found = held(taken)
        assert found[MEADOW, "2023-24", Area.SUSPENDED_ALL, Group.BLACK] == (577, 39763, False)
        assert found[MEADOW, "2023-24", Area.SUSPENDED_ALL, Group.ASIAN] == (41, 26668, False)
        assert (STATE, "2023-24", Area.SUSPENDED_ALL, Group.TOTAL) in found
        assert only(taken, "rows_group").found == "SE (1)"
        assert only(taken, "rows_level").found == "C (5), S (5)"
        assert only(taken, "suspension_no_area") and only(taken, "filipino_folded")
        assert not taken.dataset.counts.feeds
        assert Fact.DISPROPORTIONALITY in taken.dataset.says_nothing_about()
        ratios = measure(taken.dataset.counts, Disproportionality())
        assert f"{ratios.ratio[0, 0, Area.SUSPENDED_ALL, Group.BLACK]:.4f}" == "3.3518"


def test_only_races_and_withheld_ones():
    rows = races(RP=("*", "*"))
    taken = checked_files.take(tsv((*SPACED, *RATES), rows), "susp.txt")
    assert not errors(taken) and "susp" not in taken.dataset.columns
    assert held(taken)[MEADOW, "2023-24", Area.SUSPENDED_ALL, Group.PACIFIC_ISLANDER] == (-1, -1, True)


def test_the_re_encoded_file_with_real_districts():
    taken = checked_files.read_path(ROOT / "tests" / "fixtures" / "suspension_by_race_2024_25.csv")
    assert taken.layout == "race_counts" and not errors(taken)
    assert sorted(kinds(taken)) == ["filipino_folded", "suspension_no_area"]
    assert three(taken, "19647330000000", "susp", "2024-25")[1:] == (810, 90021)
    black = held(taken)["01612590000000", "2024-25", Area.SUSPENDED_ALL, Group.BLACK]
    assert black == (820, 9361, False)
    deaf = held(taken)["01316170000000", "2024-25", Area.SUSPENDED_ALL, Group.PACIFIC_ISLANDER]
    assert deaf == (-1, -1, True)


def everything(over_from: int | None, years=("2022-23", "2023-24", "2024-25")) -> list[str]:
    """All areas and groups; Black students over the threshold in one area from a year on."""
    return [
        line(group.code, "400" if over else "50", "500", area.code, year)
        for at, year in enumerate(years)
        for area in Area
        if area.regulated
        for group in list(Group)[:7]
        for over in [
            over_from is not None and at >= over_from and (area, group) == (Area.AUTISM, Group.BLACK)
        ]
    ]


def placed(*files):
    uploads = [intake.Upload(f"{at}.csv", content.encode()) for at, content in enumerate(files)]
    taken = checked_files.read_all(uploads)
    return taken, place(taken.dataset, load())


FACTS = "lea_code,year,disproportionate_years,newly_disproportionate,sig_dis,minor_findings\n"


def outcomes(placements, row):
    return {
        clause.id: Outcome(int(placements.outcomes[row, at]))
        for at, clause in enumerate(placements.rulebook.clauses)
        if "disproportionate" in clause.id
    }


def test_placements_are_fed_from_counts():
    taken, placements = placed(HEAD + "".join(everything(1)))
    assert not taken.problems
    found = [tuple(outcomes(placements, row).values()) for row in range(3)]
    t, f = Outcome.TRUE, Outcome.FALSE
    assert found == [(f, f), (f, t), (t, f)]
    assert [str(placements.placement(row)) for row in (1, 2)] == ["Targeted Level 2", "Targeted Level 3"]
    assert placements.sig_dis.tolist() == [0, 0, 0]
    assert taken.dataset.worked_out is None and taken.dataset.disproportionate_years.tolist() == [-1] * 3


def test_one_year_of_counts_leaves_the_years_open():
    _, placements = placed(HEAD + "".join(everything(0, ("2024-25",))))
    assert set(outcomes(placements, 0).values()) == {Outcome.UNKNOWN}
    _, placements = placed(HEAD + "".join(everything(0, ("2023-24", "2024-25"))))
    assert tuple(outcomes(placements, 1).values()) == (Outcome.TRUE, Outcome.FALSE)
    assert placements.sig_dis.tolist() == [-1, -1]


def test_what_a_file_states_stands_and_a_disagreement_is_said():
    facts = FACTS + "9900001,2023-24,0,no,no,0\n9900001,2024-25,2,no,yes,0\n"
    taken, placements = placed(HEAD + "".join(everything(1)), facts)
    kinds = [one.kind for one in taken.problems]
    assert kinds == ["sig_dis_two_years", "counts_disagree", "counts_disagree"]
    _, first, second = taken.problems
    assert (first.lea_code, first.year, first.found) == ("9900001", "2023-24", "0")
    assert (first.file, first.row, first.column) == ("1.csv", 2, "disproportionate_years")
    assert "1 year in a row" in first.sentence() and "assumed" in first.sentence()
    assert (second.year, second.column, second.shown()) == ("2024-25", "sig_dis", "yes")
    row = placements.dataset.row_of("9900001", "2023-24")
    assert Outcome.TRUE not in outcomes(placements, row).values()
    assert placements.contradicted[row] and not placements.firm[row]


def test_counts_that_only_bound_the_years_contradict_nothing_they_allow():
    years = ("2024-25",)
    for stated, said in (("1", 0), ("2", 0), ("5", 0), ("0", 1)):
        taken, _ = placed(HEAD + "".join(everything(0, years)), FACTS + f"9900001,2024-25,{stated},,,0\n")
        assert kinds(taken).count("counts_disagree") == said, stated


JUNK = ["", "*", "0", "5", "-3", "1.5", "NC", "1e9", "=1+1", "Black", "state", "oss_over_10", "٣", "500"]
REASONS = {"", "*", "NC"}


def check_is_what_it_says(after, group: Group, column: int, junk: str) -> None:
    if column in (5, 6):
        now = after[MEADOW, "2023-24", Area.OSS_OVER_10, group][column - 5]
        assert junk in REASONS or now == int(junk)
    else:
        assert (column, junk) in ((3, "oss_over_10"), (4, "Black"))


@given(st.integers(0, 8), st.sampled_from([2, 3, 4, 5, 6]), st.sampled_from(JUNK))
@settings(max_examples=examples(80), deadline=None)
def test_damage_is_never_silent(at, column, junk):
    """A changed cell reads as what it says, or is reported with its row; the other rows stay as they are."""
    lines = [line(group.code, "20", "200").strip().split(",") for group in list(Group)[:8]]
    lines.append(line("total", "800", "9000").strip().split(","))
    text = [",".join(one) + "\n" for one in lines]
    before = held(read(*text))
    lines[at][column] = junk
    text[at] = ",".join(lines[at]) + "\n"
    taken = read(*text)
    after = held(taken)
    untouched = {key: value for key, value in before.items() if key[3] is not Group(at)}
    reported = {problem.row for problem in taken.problems if problem.severity is not Severity.NOTE}
    if at + 2 not in reported:
        check_is_what_it_says(after, Group(at), column, junk)
    if (column, junk) != (4, "Black") and "groups_over_total" not in kinds(taken):
        assert untouched.items() <= after.items()
    assert all(0 <= cell <= total for cell, total, _ in after.values() if cell >= 0 and total >= 0)


def test_half_of_a_count_is_said_and_not_silently_dropped():
    taken = read(line("Black", "50", ""), line("Total", "62", "1000"))
    assert only(taken, "count_half").severity is Severity.WARNING
    assert "how many in the group" in only(taken, "count_half").expected()
