"""Files of any shape, their columns tied to ours."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.indicators import CODES
from cim_core.intake.assembly import reading
from cim_core.intake.files import tables
from cim_core.intake.meanings import our_columns
from cim_core.intake.problems import Severity
from cim_core.intake.tying import mapping, rewrite
from cim_core.intake.tying.mapping import Mapping, fingerprint, fits, loads, names
from cim_core.placing import checked_files
from cim_core.rules.toml_table import SchemaError
from cim_core.words.disclosure import WORKING

SELPA_FILE = """\
Alder SELPA,Alder SELPA,Alder SELPA,Alder SELPA,Alder SELPA,Alder SELPA,Alder SELPA,
Prepared for the directors,,,,,,,
Dist Code,District,LRE >80,LRE >80 N,Total LRE N,Susp Rate,Total SWD,Remarks
9900001,Alder Unified,53.2,532,1000,fifty,1200,new
9900002,Birch Elementary,61,61,100,NC,110,
Source: our own counts,,,,,,,
"""
SELPA = Mapping(
    ("Dist Code", "District", "LRE >80", "LRE >80 N", "Total LRE N", "Susp Rate", "Total SWD", "Remarks"),
    {
        "Dist Code": "lea_code", "District": "lea_name", "LRE >80": "5a", "LRE >80 N": "5a_n",
        "Total LRE N": "5a_d", "Susp Rate": "susp", "Total SWD": "swd",
    },
    {"year": "2023-24"},
)  # fmt: skip
LONG_FILE = """\
Agency,CDS,Year,Measure,Pct,Base
Alder,9900001,2023-24,LRE > 80%,53.2,1000
Alder,9900001,2023-24,LCFF,1,5
Alder,9900001,2023-24,Wishes,1,5
"""
LONG = Mapping(
    ("Agency", "CDS", "Year", "Measure", "Pct", "Base"),
    {
        "Agency": "lea_name", "CDS": "lea_code", "Year": "year", "Measure": "indicator", "Pct": "rate",
        "Base": "denominator",
    },
    {},
    {"lre > 80%": "5a", "LCFF": ""},
)  # fmt: skip


def read(text: str, ties: Mapping | None, **options):
    return checked_files.take(text.encode(), "mine.csv", mapping=ties, **options)


def kinds(taken) -> set[str]:
    return {problem.kind for problem in taken.problems}


def only(taken, kind: str):
    found = [problem for problem in taken.problems if problem.kind == kind]
    assert len(found) == 1, kinds(taken)
    return found[0]


def table_of(text: str) -> tables.Table:
    return tables.tables_of(text.encode(), "mine.csv")[0]


def test_a_spreadsheet_of_a_selpa_with_titles_and_a_year_for_all_rows():
    taken = read(SELPA_FILE, SELPA)
    data = taken.dataset
    assert [str(year) for year in data.year] == ["2023-24", "2023-24"]
    assert (data.exact(0, "5a"), data.exact(1, "5a")) == (Fraction("53.2"), 61)
    assert data.swd.tolist() == [1200, 110]
    file = taken.files[0]
    assert file.mapped and file.layout == "wide" and file.unused == ("Remarks",)
    assert kinds(taken) == {"bad_number", "column_not_tied", "row_without_lea", "above_header"}
    problem = only(taken, "bad_number")
    assert (problem.row, problem.column, problem.found) == (4, "Susp Rate", "fifty")
    assert only(taken, "row_without_lea").column == "Dist Code"


def test_every_row_number_and_name_is_the_files_own():
    text = "Dist Code,LRE\n9900001,x\n\n9900001,50\n9900002,101\n"
    taken = read(text, Mapping((), {"Dist Code": "lea_code", "LRE": "5a"}, {"year": "2023-24"}))
    said = {(one.kind, one.row, one.column) for one in taken.problems}
    assert said == {("bad_number", 2, "LRE"), ("lea_twice", 4, "Dist Code"), ("out_of_range", 5, "LRE")}


def test_a_file_with_a_row_for_each_indicator_under_its_own_names():
    taken = read(LONG_FILE, LONG)
    assert taken.layout == "long" and taken.dataset.exact(0, "5a") == Fraction("53.2")
    assert kinds(taken) == {"value_not_tied", "unknown_indicator"}
    unknown, unused = only(taken, "unknown_indicator"), only(taken, "value_not_tied")
    assert (unknown.row, unknown.column, unknown.found) == (4, "Measure", "Wishes")
    assert unused.found == "LCFF" and "1 row" in unused.expected()


def test_a_file_with_one_indicator_that_it_does_not_name():
    text = "CDS,Suspended,Enrolled\n9900001,5,200\n"
    ties = Mapping(
        (),
        {"CDS": "lea_code", "Suspended": "numerator", "Enrolled": "denominator"},
        {"indicator": "susp", "year": "2023-24"},
    )
    assert read(text, ties).dataset.exact(0, "susp") == Fraction(5, 2)


@pytest.mark.parametrize(
    ("county", "district", "school", "code"),
    [
        ("19", "64733", "", "1964733"),
        ("1", "10017", "", "0110017"),
        ("19.0", "'64733", "0000000", "19647330000000"),
        ("19", "123", "1234", "19001230001234"),
        ("19", "", "", None),
        ("19", "ABC", "", None),
        ("19", "00000", "", None),
        ("191", "64733", "", None),
    ],
)
def test_county_district_and_school_in_columns_of_their_own(county, district, school, code):
    text = f"Co,Dist,Sch,Year,Susp\n{county},{district},{school},2023-24,5\n"
    tied = {"Co": "county_code", "Dist": "district_code", "Sch": "school_code"}
    taken = read(text, Mapping((), tied | {"Year": "year", "Susp": "susp"}))
    if code is None:
        problem = only(taken, "no_code")
        assert problem.column == "Co + Dist + Sch" and f"{county} / {district}" in problem.found
    else:
        assert [str(one) for one in taken.dataset.lea_code] == [code]


def test_one_county_for_all_rows():
    ties = Mapping((), {"Dist": "district_code", "Susp": "susp"}, {"county_code": "1", "year": "2023-24"})
    assert str(read("Dist,Susp\n10017,5\n", ties).dataset.lea_code[0]) == "0110017"


def test_without_a_year_it_is_asked_for():
    ties = Mapping((), {"Dist Code": "lea_code", "LRE >80": "5a"})
    taken = read(SELPA_FILE, ties)
    assert only(taken, "year_asked").severity is Severity.ERROR and not len(taken.dataset)
    assert len(read(SELPA_FILE, ties, answers={"year": "2023-24"}).dataset) == 2


def test_a_mapping_whose_columns_are_missing():
    taken = read(SELPA_FILE.replace("Susp Rate", "Suspended").replace("LRE >80 N", "N"), SELPA)
    assert only(taken, "mapping_misfit").found == "LRE >80 N, Susp Rate"
    assert kinds(taken) == {"mapping_misfit"} and taken.files[0].mapped and not taken.layout


@pytest.mark.parametrize("tied", [{"District": "selpa", "LRE >80": "5a"}, {"Dist Code": "lea_code"}])
def test_a_mapping_that_ties_too_little(tied):
    assert "mapping_incomplete" in kinds(read(SELPA_FILE, Mapping((), tied)))


def test_without_a_mapping_the_file_is_not_known_and_says_what_helps():
    text = "Org,LRE\nAlder,50\n"
    assert "which of its columns is which" in only(read(text, None), "unknown_layout").mend()


def test_the_sheet_is_the_one_asked_for_or_the_first_that_fits():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for title, rate in (("About", None), ("Fall", 50), ("Spring", 60)):
            sheet = book.add_worksheet(title)
            rows = [["Dist Code", "LRE"], ["9900001", rate]] if rate else [["This workbook holds rates"]]
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    ties = Mapping((), {"Dist Code": "lea_code", "LRE": "5a"}, {"year": "2023-24"})
    for answers, rate in (({}, 50), ({"sheet": "Spring"}, 60)):
        taken = checked_files.take(out.getvalue(), "x.xlsx", mapping=ties, answers=answers)
        assert taken.dataset.exact(0, "5a") == rate
    lost = checked_files.take(out.getvalue(), "x.xlsx", mapping=ties, answers={"sheet": "About"})
    assert only(lost, "mapping_misfit").sheet == "About"


def test_cells_without_a_column_name_are_still_said():
    ties = Mapping((), {"Dist Code": "lea_code", "LRE": "5a"}, {"year": "2023-24"})
    taken = read("Dist Code,,LRE\n9900001,7,50,8\n", ties)
    assert only(taken, "beyond_header").found == "7 8" and taken.dataset.exact(0, "5a") == 50


def test_names_occur_once_and_signs_count():
    assert names(["N", "", "n ", " N  (2)", "N"]) == ("N", "", "n (3)", "N (2)", "N (4)")
    assert fits(SELPA, ["LRE <80"]) != fits(SELPA, ["LRE >80"])
    assert fits(SELPA, [name.upper() for name in reversed(SELPA.header)]) == ()


def test_a_second_column_of_the_same_name_can_be_tied():
    ties = Mapping((), {"CDS": "lea_code", "N": "5a_n", "N (2)": "5a_d"}, {"year": "2023-24"})
    assert read("CDS,N,N\n9900001,1,4\n", ties).dataset.exact(0, "5a") == 25


def test_a_saved_mapping_is_offered_for_files_of_the_same_shape():
    header = ["Dist  Code", "LRE >80", ""]
    assert fingerprint(header) == fingerprint(["lre >80", "DIST CODE"])
    assert fingerprint(header) != fingerprint(["lre <80", "DIST CODE"])
    assert fingerprint(header) != fingerprint(["lre >80"])


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("[columns]\nA = 'lea_code'\n", "schema"),
        ("schema = 2\n[columns]\nA = 'lea_code'\n", "schema"),
        ("schema = 1\n", "columns"),
        ("schema = 1\n[columns]\nA = 'colour'\n", "columns.A"),
        ("schema = 1\n[columns]\nA = 1\n", "columns.A"),
        ("schema = 1\n[columns]\nA = '5a'\nB = '5a'\n", "columns.B"),
        ("schema = 1\n[columns]\nA = '5a'\na = '5b'\n", "columns.a"),
        ("schema = 1\n[columns]\n' ' = '5a'\n", "columns. "),
        ("schema = 1\nmore = 1\n[columns]\nA = '5a'\n", "more"),
        ("schema = 1\n[file]\nheader = [1]\n[columns]\n", "file.header"),
        ("schema = 1\n[file]\nheader = []\nx = 1\n[columns]\n", "file.x"),
        ("schema = 1\n[columns]\nA = '5a'\n[constants]\n5a = '1'\n", "constants.5a"),
        ("schema = 1\n[columns]\n[constants]\nyear = '2023'\n", "constants.year"),
        ("schema = 1\n[columns]\n[constants]\nindicator = 'LRE'\n", "constants.indicator"),
        ("schema = 1\n[columns]\n[constants]\nhue = 'x'\n", "constants.hue"),
        ("schema = 1\n[columns]\n[values]\nLRE = '5a'\n", "values.LRE"),
        ("schema = 1\n[columns]\nA = 'indicator'\n[values]\nLRE = '5x'\n", "values.LRE"),
        ("schema = 1\n[columns]\nA = 'indicator'\n[values]\nLRE = '5a'\nlre = '5b'\n", "values"),
        ("schema = 1\n[columns]\nA = 'lea_code'\nB = 'district_code'\n", "columns"),
        ("schema = 1\n[columns]\nA = 'county_code'\n", "columns"),
        ("schema = 1\n[columns]\nA = 'district_code'\nB = 'school_code'\n", "columns"),
        ("schema = 1\n[columns]\nA = 'indicator'\nB = '5a'\n", "columns"),
        ("schema = 1\n[columns]\nA = 'rate'\n", "columns"),
        ("schema = 1\n[columns\n", "(file)"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(content, key):
    with pytest.raises(SchemaError) as caught:
        loads(content, "ours.toml")
    assert caught.value.key == key and "ours.toml" in str(caught.value)


texts = st.text(max_size=12)
headers = texts.filter(lambda text: mapping.key(text))


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    long = draw(st.booleans())
    ours = ["lea_code", "lea_name", "year", "swd", "county"]
    ours += list(our_columns.LONG) if long else ["5a", "5a_n", "5a_d", "7A1", "ela_dfs_d", "4b"]
    theirs = draw(st.lists(headers, unique_by=mapping.key, max_size=len(ours)))
    columns = dict(zip(theirs, draw(st.permutations(ours)), strict=False))
    free = {"selpa": headers, "sig_dis": headers}
    if long and "indicator" not in columns.values():
        columns = {their: our for their, our in columns.items() if our not in our_columns.LONG}
    constants = {our: draw(some) for our, some in free.items() if draw(st.booleans())}
    codes = st.sampled_from(["", *CODES])
    named = draw(st.lists(texts, unique_by=mapping.key, max_size=4))
    values = {text: draw(codes) for text in named} if "indicator" in columns.values() else {}
    return Mapping(tuple(draw(st.lists(texts))), columns, constants, values)


@given(mappings())
def test_a_mapping_survives_its_file(ties):
    written = mapping.dumps(ties)
    assert loads(written) == ties and mapping.dumps(loads(written)) == written


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["", "a", "NC", "9900001", "1.5", " "]), max_size=8), max_size=8),
    st.integers(0, 3),
)
def test_rewriting_changes_no_number_of_rows_and_no_text(rows, at_row):
    header = ["Code", "Other", "", "5a rate", "5a rate"]
    above = [["title"]] * at_row
    table = tables.Table("x.csv", "", [*above, header, *rows])
    ties = Mapping((), {"Code": "lea_code", "5a rate (2)": "5a", "5a rate": "5b"}, {"selpa": "S"})
    ours = rewrite.apply(ties, table, at_row)
    assert len(ours.rows) == len(table.rows) and ours.rows[:at_row] == above
    for before, after in zip(rows, ours.rows[at_row + 1 :], strict=True):
        for place, name in ((0, "lea_code"), (4, "5a"), (3, "5b")):
            at = ours.rows[at_row].index(name)
            assert (after + [""] * 9)[at] == (before + [""] * 9)[place]


@settings(deadline=None)
@given(mappings(), st.text(max_size=200))
def test_no_mapping_and_no_file_raise(ties, content):
    head = ",".join('"' + name.replace('"', '""') + '"' for name in ties.columns)
    checked_files.take(f"{head}\n{content}".encode(), "x.csv", mapping=ties)


def test_header_of_an_empty_table():
    assert reading.header_of(SELPA, tables.Table("x.csv", "", []))[1] == tuple(SELPA.columns)


def test_all_that_can_be_tied_has_a_label():
    offered = [(column, WORKING.say(label)) for column, label in our_columns.targets_of_mapping()]
    assert offered[0] == ("", "Not used")
    labels = dict(offered)
    assert labels["5a"] == "5a Regular class ≥ 80%: rate"
    assert labels["5a_d"] == "5a Regular class ≥ 80%: denominator"
    assert "4b_n" not in labels and "ela_dfs_n" not in labels and len(set(labels.values())) == len(offered)
