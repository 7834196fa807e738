"""Hostile XLSX workbooks: cells, texts, marks and numbers that cost more to read than they weigh."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import TOO_MUCH, Case
from tests.hostile_depth import case, data, depth
from tests.hostile_zip import MAIN, book, column, rows


def cells(down: int, across: int, value: str = "<v>1</v>", first: int = 4, style: str = "") -> str:
    """Rows of cells that say where they stand."""
    letters = [column(at) for at in range(across)]
    return "".join(
        f'<row r="{row}">' + "".join(f'<c r="{one}{row}"{style}>{value}</c>' for one in letters) + "</row>"
        for row in range(first, first + down)
    )


def _strings() -> Iterator[Case]:
    index = data(rows() + '<row r="4"><c r="A4" t="s"><v>0</v></c></row>')
    for number in (200_000, 1_000_001, 3_000_000):
        refused = () if number < 10**6 else ("too_many_strings", "unpacks_too_big")
        yield case(
            f"{number} strings", lambda n=number: book(index, strings="<si><t>ab</t></si>" * n), refused
        )
        yield case(f"{number} empty strings", lambda n=number: book(index, strings="<si/>" * n), refused)
    yield case(
        "prefixed strings",
        lambda: book(index, strings="<x-y:si/>" * 1_500_000),
        ("too_many_strings", "unpacks_too_big", "too_many_marks"),
    )
    for size in (5_000, 99_000, 5_000_000, 60_000_000):
        yield case(
            f"one string of {size}", lambda n=size: book(index, strings=f"<si><t>{'ab ' * (n // 3)}</t></si>")
        )
    for runs in (1_000, 100_000, 3_000_000):
        yield case(
            f"{runs} runs in a string",
            lambda n=runs: book(index, strings=f"<si>{'<r><t>a</t></r>' * n}</si>"),
        )
        yield case(
            f"{runs} runs in a cell",
            lambda n=runs: book(
                data(f'{rows()}<row r="4"><c r="A4" t="inlineStr"><is>{"<r><t>a</t></r>" * n}</is></c></row>')
            ),
        )
    for size, shown in ((9_000, 100_000), (90_000, 200_000), (30_000, 5_000)):

        def made(s=size, n=shown):
            return book(
                data(rows() + cells(n // 20, 20, "<v>0</v>", style=' t="s"')),
                strings=f"<si><t>{'a' * s}</t></si>",
            )

        yield case(f"a string of {size} in {shown} cells", made)
    for value in ("-1", "9999999999999999999", "1e9", "", "0.5", "x"):
        yield case(
            f"string number {value}",
            lambda v=value: book(
                data(f'{rows()}<row r="4"><c r="A4" t="s"><v>{v}</v></c></row>'), strings="<si><t>a</t></si>"
            ),
        )
    yield case(
        "blanks as strings",
        lambda: book(index, strings=f"<si><t xml:space='preserve'>{' ' * 10**6}</t></si>"),
    )
    yield case(
        "phonetic",
        lambda: book(
            index,
            strings=f"<si><t>a</t>{'<rPh sb=@0@ eb=@1@><t>b</t></rPh>'.replace('@', chr(34)) * 200_000}</si>",
        ),
    )


def _cells() -> Iterator[Case]:
    for number in (100_000, 200_100, 2_000_000, 10_000_000):
        refused = ("cells_without_place", *TOO_MUCH) if number > 200_050 else ()
        yield case(
            f"{number} cells without place",
            lambda n=number: book(data(rows() + f"<row>{'<c/>' * n}</row>")),
            refused,
        )
    for title, mark in (
        ("prefix", "<x:c/>"),
        ("dashed prefix", "<x-y:c/>"),
        ("dotted prefix", "<x.y:c/>"),
        ("letter prefix", "<é:c/>"),
        ("tab", "<c\t/>"),
    ):

        def made(m=mark):
            return book(data(f"{rows()}<row>{m * 3_000_000}</row>"))

        yield case(f"cells with {title}", made, ("cells_without_place", *TOO_MUCH, "damaged_workbook"))

        def placed(m=mark):
            return book(
                data(f"{rows()}<row>{m.replace('/>', ' r=@A1@/>').replace('@', chr(34)) * 1_000_000}</row>")
            )

        yield case(f"placed cells with {title}", placed)
    for title, where in (
        ("corner", "XFD1048576"),
        ("beyond", "ZZZ9999999"),
        ("row 0", "A0"),
        ("small letters", "xfd9"),
        ("no row", "A"),
        ("no column", "9"),
        ("huge row", "A99999999999999999999"),
        ("huge column", "A" * 1_000 + "1"),
        ("negative", "A-1"),
    ):
        yield case(
            f"stray cell, {title}",
            lambda w=where: book(data(f'{rows()}<row r="9"><c r="{w}"><v>1</v></c></row>')),
        )
        yield case(
            f"stray blank cell, {title}", lambda w=where: book(data(f'{rows()}<row r="9"><c r="{w}"/></row>'))
        )

    def diagonal(n):
        return data(
            rows()
            + "".join(
                f'<row r="{at}"><c r="{column(at % 480)}{at}"><v>1</v></c></row>' for at in range(5, n, 7)
            )
        )

    yield case("diagonal", lambda: book(diagonal(190_000)))
    yield case(
        "cells of one place",
        lambda: book(data(rows() + '<row r="4">' + '<c r="A4"><v>1</v></c>' * 1_000_000 + "</row>")),
    )
    yield case("many cells, within", lambda: book(data(rows() + cells(20_000, 50))), read=True)
    yield case("too many cells", lambda: book(data(rows() + cells(13_000, 480, ""))), TOO_MUCH)
    yield case("rows without end", lambda: book(data(rows() + "<row/>" * 5_000_000)))
    yield case(
        "numbered rows",
        lambda: book(data(rows() + "".join(f'<row r="{at}"/>' for at in range(4, 1_000_000)))),
    )
    for row in (
        "0",
        "-5",
        "1048577",
        "4294967295",
        "18446744073709551616",
        "x",
        "1e9",
        " 1e9",
        "9_9",
        "+1000000000",
    ):
        yield case(f"row {row}", lambda r=row: book(data(f'{rows()}<row r="{r}"><c><v>1</v></c></row>')))
    yield case(
        "long attribute",
        lambda: book(data(f'{rows()}<row r="4"><c r="A4" x="{"a" * 10**7}"><v>1</v></c></row>')),
    )
    yield case(
        "many attributes",
        lambda: book(
            data(
                f'{rows()}<row r="4"><c r="A4" {" ".join(f"a{at}=@@".replace("@", chr(34)) for at in range(200_000))}><v>1</v></c></row>'
            )
        ),
    )
    yield case("long name", lambda: book(data(f"{rows()}<row><{'c' * 10**7}/></row>")))
    yield case("open mark", lambda: book(data(rows() + "<c " * 3_000_000)))
    for value in (
        "1e400",
        "9" * 5_000,
        "-0",
        "nan",
        "inf",
        "1e-400",
        "0x10",
        "１２",
        "1" + "0" * 400 + "e-400",
    ):
        yield case(
            f"number {value[:12]}",
            lambda v=value: book(
                data(
                    f'{rows()}<row r="4"><c r="A4"><v>9900003</v></c><c r="B4" t="inlineStr"><is><t>2023-24</t></is></c><c r="C4"><v>{v}</v></c></row>'
                )
            ),
        )
    for kind in ("d", "b", "e", "str", "n", "inlineStr", "zzz"):
        yield case(
            f"type {kind}",
            lambda k=kind: book(data(rows() + cells(2_000, 20, "<v>9</v>", style=f' t="{k}"'))),
        )
    yield case("errors", lambda: book(data(rows() + cells(20_000, 30, "<v>#DIV/0!</v>", style=' t="e"'))))
    yield case("formulas without results", lambda: book(data(rows() + cells(20_000, 30, "<f>1+1</f>"))))
    yield case(
        "long formula",
        lambda: book(data(f'{rows()}<row r="4"><c r="A4"><f>{"1+" * 4 * 10**6}1</f></c></row>')),
    )
    yield case("formula that begins often", lambda: book(data(rows() + '<c r="A4">' + "<f>" * 500_000)))


def _around() -> Iterator[Case]:
    whole = "A1:XFD1048576"
    dates = '<numFmts><numFmt numFmtId="200" formatCode="{}"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs>'
    for mark in (
        "mergeCell",
        "hyperlink",
        "dataValidation",
        "conditionalFormatting",
        "ignoredError",
        "protectedRange",
    ):
        for number in (1, 1_000, 300_000):
            yield case(
                f"{number} {mark} over all",
                lambda m=mark, n=number: book(
                    data(rows())
                    + f'<{m}s count="1">'
                    + f'<{m} ref="{whole}" sqref="{whole}"/>' * n
                    + f"</{m}s>"
                ),
            )
    for wide in (50, 480):
        merges = "".join(f'<mergeCell ref="{column(at)}4:{column(at)}200000"/>' for at in range(wide))
        far = '<row r="200000"><c r="A200000"><v>1</v></c></row>'
        yield case(
            f"{wide} columns merged down",
            lambda b=merges, w=wide, f=far: book(
                data(rows() + cells(1, w, "<is><t>word</t></is>", style=' t="inlineStr"') + f)
                + f"<mergeCells>{b}</mergeCells>"
            ),
        )
        yield case(
            f"{wide} columns merged down beside rows",
            lambda b=merges, w=wide: book(
                data(
                    rows()
                    + cells(1, w, "<is><t>word</t></is>", style=' t="inlineStr"')
                    + cells(190_000, 1, first=5)
                )
                + f"<mergeCells>{b}</mergeCells>"
            ),
        )

    def singles():
        return "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(4, 400_000))

    yield case(
        "merges in each row",
        lambda: book(data(rows() + cells(1_000, 3)) + f"<mergeCells>{singles()}</mergeCells>"),
    )
    for size in (2_000, 100_000, 4_000_000):
        for sign in ("0%", "[>1]0%;", "&quot;", "\\", "_ ", "[", "0.0;"):

            def made(s=sign, n=size):
                return book(
                    data(rows() + cells(3_000, 10, style=' s="1"')),
                    styles=dates.format(s * (n // len(s)) + "%"),
                )

            yield case(f"format of {size} {sign}", made)
    for number in (60_000, 500_000, 1_500_000):
        yield case(
            f"{number} styles",
            lambda n=number: book(data(rows()), styles=f"<cellXfs>{'<xf/>' * n}</cellXfs>"),
        )
        yield case(
            f"{number} defined names",
            lambda n=number: book(None, book=f"<definedNames>{'<definedName/>' * (n // 3)}</definedNames>"),
        )
    yield case(
        "many formats",
        lambda: book(
            data(
                rows()
                + "".join(
                    f'<row r="{at}"><c r="C{at}" s="{at}"><v>0.5</v></c></row>' for at in range(4, 30_000)
                )
            ),
            styles="<numFmts>"
            + "".join(f'<numFmt numFmtId="{at}" formatCode="[&gt;{at}]0%;0"/>' for at in range(164, 30_000))
            + "</numFmts><cellXfs>"
            + "".join(f'<xf numFmtId="{at}"/>' for at in range(30_000))
            + "</cellXfs>",
        ),
    )
    for number in (51, 5_000, 100_000):

        def sheets(n=number):
            return book(
                None,
                sheets="".join(f'<sheet name="S{at}" sheetId="{at + 1}" r:id="rId1"/>' for at in range(n)),
            )

        yield case(f"{number} sheets of one part", sheets, ("no_sheet", "unpacks_too_big", "too_many_marks"))
    fifty = "".join(f'<sheet name="S{at}" sheetId="{at + 1}" r:id="rId1"/>' for at in range(50))
    yield case(
        "a large part as 50 sheets",
        lambda: book(data(rows() + cells(5_000, 40)), sheets=fifty),
        ("damaged_workbook",),
    )
    yield case(
        "sheets of one name", lambda: book(None, sheets='<sheet name="S" sheetId="1" r:id="rId1"/>' * 40)
    )
    yield case(
        "long name of a sheet",
        lambda: book(None, sheets=f'<sheet name="{"n" * 10**6}" sheetId="1" r:id="rId1"/>'),
    )
    for target in (
        "/elsewhere/sheet.xml",
        "../../sheet.xml",
        "xl/worksheets/sheet1.xml",
        "http://127.0.0.1/x",
        "elsewhere/sheet.xml",
        "styles.xml",
    ):
        link = f'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="{target}"/>'

        def outside():
            far = f'<worksheet xmlns="{MAIN}">{data("<row>" + "<c/>" * 3_000_000 + "</row>")}</worksheet>'
            return {"elsewhere/sheet.xml": far.encode(), "sheet.xml": b"<a/>"}

        yield case(
            f"sheet at {target}",
            lambda k=link, f=outside: book(None, f(), links=k),
        )
    yield case(
        "columns hidden",
        lambda: book(
            f"<cols>{'<col min=@1@ max=@16384@ hidden=@1@/>'.replace('@', chr(34)) * 200_000}</cols>"
            + data(rows())
        ),
    )
    yield case(
        "comments",
        lambda: book(
            data(rows()),
            {"xl/comments1.xml": b"<comments>" + b"<comment ref='A1'/>" * 100_000 + b"</comments>"},
        ),
    )
    yield case("dimension", lambda: book(f'<dimension ref="{whole}"/>' + data(rows())))
    yield case("columns without end", lambda: book(data(rows() + cells(1, 16_384))), ("too_many_columns",))


def cases() -> Iterator[Case]:
    yield from depth()
    yield from _strings()
    yield from _cells()
    yield from _around()
