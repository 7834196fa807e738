"""Files as they come: nothing is lost without a word, nothing raises, nothing hangs."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import Workbook

from cim_core.data import indicators
from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake import RateScale, limits
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

HEAD = "lea_code,year,"
LINE = "9900001,2023-24,"


def read(text: str, **options):
    return checked_files.take(text.encode(), "mine.csv", **options)


def found(taken, kind: str):
    problems = [one for one in taken.problems if one.kind == kind]
    assert problems, [one.kind for one in taken.problems]
    return problems[0]


@pytest.mark.parametrize(
    ("text", "kind", "row"),
    [
        (f'{HEAD}5a,county\n{LINE}53,"Alder\n9900002,2023-24,54,Birch\n', "open_quote", 2),
        (f'{HEAD}lea_name,5a\n{LINE}"Alder,53\n9900002,2023-24,"Birch",54\n', "open_quote", 2),
        (f"{HEAD}indicator,rate\n{LINE}5a,50\n{LINE},70\n", "unknown_indicator", 3),
        (f"{HEAD},5a\n{LINE}77,53\n", "beyond_header", 2),
        (f"{HEAD}5a_n,5a_d,\n{LINE}3,328,600\n", "beyond_header", 2),
        ("9900001,2022-23,53\n" + f"{HEAD}5a\n{LINE}54\n", "above_header", 1),
        (f"{HEAD}5a,5a_d\n{LINE}50,0\n", "no_students", 2),
        (f"{HEAD}5a,5a_n,5a_d\n{LINE}NC,3,8\n", "reason_and_value", 2),
        (f"{HEAD}indicator,rate,note\n{LINE}5a,0,NC\n", "reason_and_value", 2),
        (f"{HEAD}5a_n,5a_d\n{LINE}50%,100\n", "bad_count", 2),
        (f"{HEAD}swd\n{LINE}640%\n", "bad_count", 2),
        (f"{HEAD}ela_dfs,ela_dfs_n\n{LINE}-20,300\n", "no_numerator", 2),
        (f"{HEAD}4b,4b_n\n{LINE}0,3\n", "no_numerator", 2),
        (f"{HEAD}5a\nTotal,2023-24,50\n", "total_row", 2),
        (f"{HEAD}lea_name,5a\n1912,2023-24,My SELPA total,50\n", "total_row", 2),
        (f"{HEAD}5a\n{LINE}50\nSource: CDE,,\n", "row_without_lea", 3),
        (f"{HEAD}5a\n{LINE}55.1\n9900002,2023-24,62\n9900003,2023-24,0.71\n", "rate_low", 4),
        (f"{HEAD}percentile,5a\n{LINE}0.34,55\n", "rate_low", 2),
        (f"{HEAD}5a\n#N/A,2023-24,50\n", "no_code", 2),
        (f"{HEAD}5a\n１９６４６５９,2023-24,50\n", "no_code", 2),
        (f"{HEAD}5a,county\n{LINE}50,{'x' * 300}\n", "text_too_long", 2),
        (f"{HEAD}5a,county\n{LINE}50,{'x' * 20_000}\n", "row_aside", 2),
        (f"{HEAD}5a,county\n{LINE}50,{'x' * 200_000}\n", "row_aside", 2),
        (f"{HEAD}5a,minor_findings\n{LINE}50,\n", "blank_fact", None),
        ("SSID,Last Name,Birth Date\n1234567890,A,2010-01-01\n", "students", None),
        (f"{HEAD}5a,Student ID\n{LINE}50,123\n", "students", None),
    ],
)  # fmt: skip
def test_nothing_is_lost_without_a_word(text, kind, row):
    assert found(read(text), kind).row == row


def test_a_reason_in_a_count_does_not_take_the_rate_away():
    text = f"{HEAD}5a,5a_n,5a_d\n{LINE}50.5,NA,NA\n9900002,2023-24,57.5,*,250\n"
    taken = read(text)
    assert not taken.problems
    assert [taken.dataset.exact(row, "5a") for row in (0, 1)] == [Fraction("50.5"), Fraction("57.5")]


@pytest.mark.parametrize("sign", [";", "|", "\t"])
def test_a_sign_inside_one_cell_is_no_delimiter(sign):
    text = f'{HEAD}lea_name,5a\n{LINE}"A{sign}B{sign}C{sign}D{sign}E{sign}F",50\n'
    assert read(text).dataset.exact(0, "5a") == 50


def test_an_empty_text_is_the_result_of_a_formula():
    content = patched(
        xlsx(("LEAs", [ROWS[0], ["9900001", "2023-24", "=IF(1,1,2)"]])),
        "xl/worksheets/sheet1.xml",
        b'<c r="C2">',
        b'<c r="C2" t="str">',
    )
    assert "formula" not in {one.kind for one in checked_files.take(content, "x.xlsx").problems}


def test_codes_in_cdes_own_spelling():
    taken = read(f"{HEAD}5a\n19-64733-0000000,2023-24,50\n")
    assert str(taken.dataset.lea_code[0]) == "19647330000000"
    assert found(taken, "code_read_as").severity is Severity.NOTE


def test_a_reason_beside_a_value_counts_as_not_given():
    for text in (f"{HEAD}5a,5a_n,5a_d\n{LINE}NC,3,8\n", f"{HEAD}indicator,rate,note\n{LINE}5a,0,NC\n"):
        assert read(text).dataset.missing[0, POSITION["5a"]] == Missing.NOT_CALCULATED


@pytest.mark.parametrize(
    "code", ["9900001.0", '="9900001"', "'9900001", "\u200b9900001", "9900001"], ids=ascii
)  # fmt: skip
def test_what_spreadsheets_do_to_codes_is_undone(code):
    text = '"' + code.replace('"', '""') + '"'
    assert str(read(f"{HEAD}5a\n{text},2023-24,50\n").dataset.lea_code[0]) == "9900001"


@pytest.mark.parametrize(
    ("written", "code"),
    [("1.0", "1"), ("10", "10"), ("1.1", None), ("1 4a", None), ("7A.1", "7A1"), ("3b-ELA", "3b_ela")],
)  # fmt: skip
def test_a_dot_between_digits_is_no_other_indicator(written, code):
    assert indicators.find(written) == code


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f"{HEAD}5a\n{LINE}0.80\n9900002,2023-24,0.7\n", ("5a",)),
        (f"{HEAD}5a\n{LINE}0.532\n9900002,2023-24,0.64\n9900003,2023-24,100\n", ("5a",)),
        (f"{HEAD}5a,5b\n{LINE}0.532,20.6\n9900002,2023-24,0.6,30\n", ("5a",)),
        (f"{HEAD}percentile,5a\n{LINE}0.45,60\n9900002,2023-24,0.95,70\n", ("percentile",)),
        (f"{HEAD}5a,4a\n{LINE}0.6,0.02\n9900002,2023-24,0.7,0\n", ("4a", "5a")),
        (f"{HEAD}4a,4a_n,4a_d\n{LINE}0.5,1,200\n9900002,2023-24,0.25,1,400\n9900003,2023-24,0.2,1,500\n", ()),
        (f"{HEAD}11,12\n{LINE}1,1\n9900002,2023-24,1,1\n", ("11", "12")),
        (f"{HEAD}5a,percentile\n{LINE}0.55,0.34\n", ("5a", "percentile")),
        (f"{HEAD}4a\n{LINE}0.5%\n9900002,2023-24,0.6%\n9900003,2023-24,0.7%\n", ()),
        (f"{HEAD}4a,5a\n{LINE}0.5,60\n9900002,2023-24,0.6,50\n9900003,2023-24,0.7,70\n", ()),
    ],
)  # fmt: skip
def test_fractions_are_asked_about_where_they_are_likely(text, asked):
    taken = read(text)
    assert taken.in_question == asked
    assert bool(asked) == ("fractions" in {one.kind for one in taken.problems})


def test_only_the_columns_in_question_are_scaled():
    text = f"{HEAD}5a,5b,percentile\n{LINE}0.531,20.6,0.45\n9900002,2023-24,0.6,30,0.9\n"
    data = read(text, answers={"rates": RateScale.FRACTION.value}).dataset
    assert (data.exact(0, "5a"), data.exact(0, "5b")) == (Fraction("53.1"), Fraction("20.6"))
    assert data.percentile[0] == 45.0


def test_rates_with_all_the_digits_of_a_program_agree_with_their_counts():
    rows = "".join(f"99{at:05d},2023-24,{100 * at / 99!r},{at},99\n" for at in range(100))
    assert not [one for one in read(f"{HEAD}5a,5a_n,5a_d\n{rows}").problems if one.kind == "rate_differs"]


def test_counts_follow_from_fractions_too():
    taken = read(
        f"{HEAD}5a,5a_d\n{LINE}0.531,239\n9900002,2023-24,0.5,10\n",
        answers={"rates": RateScale.FRACTION.value},
    )
    assert taken.dataset.numerator[0, POSITION["5a"]] == 127


@pytest.mark.parametrize(
    "title",
    ["My report\n", "My report, 2024, for all\n", '"Report\nof ours"\n'],
    ids=["one", "commas", "breaks"]
)  # fmt: skip
@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_the_delimiter_is_that_of_the_table_not_of_its_title(title, sign):
    table = "lea_code,lea_name,year,5a,5b\n9900001,A,2023-24,50,10\n".replace(",", sign)
    assert read(title + table).dataset.exact(0, "5a") == 50


def test_one_damaged_letter_does_not_damage_the_others():
    content = f"{HEAD}lea_name,5a\n{LINE}La Cañada,50\n9900002,2023-24,X,50\n".encode().replace(b"X", b"\xff")
    taken = checked_files.take(content, "x.csv")
    assert found(taken, "bad_bytes").row == 3 and str(taken.dataset.lea_name[0]) == "La Cañada"


def test_control_characters_never_reach_a_terminal_or_a_sheet():
    taken = read(f'{HEAD}lea_name,5a\n{LINE}"Alder\r=1+1",\x1b[31mred\n')
    assert str(taken.dataset.lea_name[0]) == "Alder =1+1"
    assert "\x1b" not in found(taken, "bad_number").sentence()


def test_endless_problems_are_counted_but_not_all_listed():
    codes = [one for one in indicators.CODES if one not in ("4b", "9", "10")]
    rows = "".join(f"99{at:05d},2023-24" + ",x" * len(codes) + "\n" for at in range(900))
    taken = read(f"{HEAD}{','.join(codes)}\n{rows}")
    assert len(taken.problems) < 21_000
    assert taken.problems[-1].kind == "more_problems" and taken.problems[-1].found == f"{900 * len(codes):,}"


def xlsx(
    *sheets: tuple[str, list[list[object]]], hidden: str = "", formats: dict[str, str] | None = None
) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for place, number_format in (formats or {}).items():
            sheet[place].number_format = number_format
        if title == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def patched(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == member:
                assert old in data
                data = data.replace(old, new)
            target.writestr(name, data)
    return out.getvalue()


ROWS: list[list[object]] = [
    ["lea_code", "year", "5a"],
    ["9900001", "2023-24", 50],
    ["9900002", "2023-24", 60],
]


def test_formulas_that_were_never_calculated_are_said():
    taken = checked_files.take(xlsx(("LEAs", [ROWS[0], ["9900001", "2023-24", "=100*1/2"]])), "x.xlsx")
    problem = found(taken, "formula")
    assert (problem.sheet, problem.row, problem.column, problem.severity) == ("LEAs", 2, "C", Severity.ERROR)


@pytest.mark.parametrize("dimension", [b"A1", b"A1:B2", b"A1:XFD1048576"])
def test_what_a_sheet_says_of_its_own_size_is_not_believed(dimension):
    content = patched(
        xlsx(("LEAs", ROWS)), "xl/worksheets/sheet1.xml", b'ref="A1:C3"', b'ref="' + dimension + b'"'
    )
    assert len(checked_files.take(content, "x.xlsx").dataset) == 2


@pytest.mark.parametrize(
    ("number_format", "value", "expected"),
    [
        ("0.0%", 0.532, "53.2"), ('0.0"%"', 53.2, "53.2"), (r"0.0\%", 53.2, "53.2"), ("General", 9.5, "9.5"),
        ("[>1]0.0;[<=1]0.0%", 53.2, "53.2"), ("[>1]0.0;[<=1]0.0%", 0.5, "50"), ("0.0%;-0.0", 0.5, "50"),
    ],
)  # fmt: skip
def test_only_a_bare_percent_sign_scales(number_format, value, expected):
    content = xlsx(("LEAs", [ROWS[0], ["9900001", "2023-24", value]]), formats={"C2": number_format})
    assert checked_files.take(content, "x.xlsx").dataset.exact(0, "5a") == Fraction(Decimal(expected))


def test_visible_sheets_come_first_and_unread_data_is_a_warning():
    other = [ROWS[0], ["9900009", "2023-24", 1.5]]
    taken = checked_files.take(xlsx(("Old", other), ("Now", ROWS), hidden="Old"), "x.xlsx")
    assert len(taken.dataset) == 2
    assert found(taken, "sheet_second").severity is Severity.WARNING


def test_a_stray_cell_far_away_neither_hangs_nor_hides_the_data():
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["XFD1048576"] = " "
    out = io.BytesIO()
    book.save(out)
    assert len(checked_files.take(out.getvalue(), "x.xlsx").dataset) == 2


def test_a_workbook_without_sheets_or_with_far_too_many():
    empty = patched(xlsx(("LEAs", ROWS)), "xl/workbook.xml", b"<sheets>", b"<sheets></sheets><ignored>")
    assert checked_files.take(empty, "x.xlsx").errors
    many = xlsx(*((f"S{at}", ROWS) for at in range(60)))
    assert found(checked_files.take(many, "x.xlsx"), "no_sheet")


def test_a_highly_compressible_archive_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/styles.xml", "<xf/>" * 2_000_000)
    assert found(checked_files.take(out.getvalue(), "x.xlsx"), "unpacks_too_big")


def test_a_folder_and_a_device_are_no_files(tmp_path):
    assert found(checked_files.read_path(tmp_path), "not_found")
    assert found(checked_files.read_path("/dev/zero"), "not_found")


def test_utf_16_without_a_mark():
    content = f"{HEAD}5a\n{LINE}50\n".encode("utf-16-le")
    assert checked_files.take(content, "x.csv").dataset.exact(0, "5a") == 50


def test_the_row_limit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 10)
    rows = "".join(f"99{at:05d},2023-24,50\n" for at in range(200))
    assert found(read(f"{HEAD}5a\n{rows}"), "too_many_rows")
