"""Hostile ODS spreadsheets: repetitions, blanks written as a number, and marks where nobody looks for them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import TOO_MUCH, Case
from tests.hostile_zip import CELLS, zipped
from tests.workbooks import ods_cell

_NAMES = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def row(inside: str, more: str = "") -> str:
    return f"<table:table-row{more}>{inside}</table:table-row>"


def times(number: object, what: str = "columns") -> str:
    return f' table:number-{what}-repeated="{number}"'


def cell(inside: str, more: str = "") -> str:
    return f'<table:table-cell{more} office:value-type="string">{inside}</table:table-cell>'


GOOD = "".join(row("".join(ods_cell(one) for one in line)) for line in CELLS)


def sheet(
    rows: str, more: str = "", before: str = "", names: str = "", after: str = "", around: str = ""
) -> bytes:
    """An ODS file: the good rows, then others as XML; `more`, `before` and `after` stand around the sheet."""
    said = names or " ".join(f'xmlns:{name}="{space}"' for name, space in _NAMES.items())
    content = (
        f"{_HEAD}<office:document-content {said}>{before}<office:body><office:spreadsheet>"
        f'<table:table table:name="LEAs">{more}{GOOD}{rows}</table:table>{after}'
        f"</office:spreadsheet></office:body>{around}</office:document-content>"
    )
    manifest = (
        f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": content.encode(),
        }
    )


def _case(title: str, made, refused: tuple[str, ...] = (), read: bool = False) -> Case:
    return Case("ods", title, "x.ods", made, refused, read)


def _blanks() -> Iterator[Case]:
    places = {
        "a cell": "<text:p>{}</text:p>",
        "a span": "<text:p><text:span><text:span>{}</text:span></text:span></text:p>",
        "an annotation": "<office:annotation><text:p>{}</text:p></office:annotation><text:p>x</text:p>",
        "a link": "<text:p><text:a>{}</text:a></text:p>",
        "a list": "<text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>",
    }
    for title, form in places.items():
        for number in ("10000000", "400000000", "9" * 30, "+400000000", " 400000000", "４００００００００"):

            def made(f=form, n=number):
                return sheet(row(cell(f.format(f'<text:s text:c="{n}"/>'))))

            yield _case(
                f"blanks {number[:12]} in {title}", made, () if number[0] in " ４" else ("unpacks_too_big",)
            )
    one = '<text:s text:c="400000000"/>'
    outside = {
        "a covered cell": row(f"<table:covered-table-cell><text:p>{one}</text:p></table:covered-table-cell>"),
        "a header row": f"<table:table-header-rows>{row(cell(f'<text:p>{one}</text:p>'))}</table:table-header-rows>",
        "a group": f"<table:table-row-group>{row(cell(f'<text:p>{one}</text:p>'))}</table:table-row-group>",
        "a row": row(one), "no row": one,
        "a table within": row(cell(f'<table:table table:name="b">{row(cell(f"<text:p>{one}</text:p>"))}</table:table>')),
    }  # fmt: skip
    for title, inside in outside.items():
        yield _case(f"blanks in {title}", lambda i=inside: sheet(i), ("unpacks_too_big",))
    yield _case(
        "blanks before the sheet", lambda: sheet("", before=f"<text:p>{one}</text:p>"), ("unpacks_too_big",)
    )
    yield _case(
        "blanks after the sheet", lambda: sheet("", after=f"<text:p>{one}</text:p>"), ("unpacks_too_big",)
    )
    yield _case(
        "many blanks", lambda: sheet(row(cell(f"<text:p>{'<text:s/>' * 2_000_000}</text:p>"))), TOO_MUCH
    )
    yield _case(
        "blanks in repeated cells",
        lambda: sheet(row(cell('<text:p><text:s text:c="90000"/>x</text:p>', times(3_000)))),
        TOO_MUCH,
    )
    for title, names in {
        "spaced": 'xmlns:office="{office}" xmlns:table="{table}" xmlns:text = "urn:other"',
        "odd value": 'xmlns:office="{office}" xmlns:table="{table}" xmlns:text="urn:a>b"',
        "other prefix": 'xmlns:office="{office}" xmlns:table="{table}" xmlns:t="{text}" xmlns:text="{table}"',
        "as letters": 'xmlns:office="{office}" xmlns:table="{table}" xmlns:text="&#117;rn:x"',
    }.items():

        def made(n=names):
            return sheet(row(cell(f"<text:p>x{one}</text:p>")), names=n.format(**_NAMES))

        yield _case(f"names {title}", made, ("damaged_workbook", "unpacks_too_big"))
    within = f'<text:p xmlns:text="urn:other">x{one}</text:p>'
    yield _case(
        "names changed within", lambda: sheet(row(cell(within))), ("damaged_workbook", "unpacks_too_big")
    )
    closed = f'<a xmlns:table="urn:x">{row(cell("<text:p>x</text:p>", times(400_000_000)))}</a>'
    yield _case("rows of another name", lambda: sheet(closed), ("damaged_workbook", "unpacks_too_big"))


def _repeats() -> Iterator[Case]:
    text, blank = "<text:p>x</text:p>", "<table:table-cell{}/>"
    for number in (1_000, 300_000, 16_384, 2**31, 2**64, "+400000000", "-5", "0", "1e9", "0x10", "", " 9"):
        yield _case(f"a cell {number} times", lambda n=number: sheet(row(cell(text, times(n)))))
        yield _case(f"a row {number} times", lambda n=number: sheet(row(cell(text), times(n, "rows"))))
        yield _case(f"a blank cell {number} times", lambda n=number: sheet(row(blank.format(times(n)))))
        yield _case(
            f"a blank row {number} times", lambda n=number: sheet(row(blank.format(""), times(n, "rows")))
        )
        yield _case(
            f"a cell after {number} blank ones",
            lambda n=number: sheet(row(blank.format(times(n)) + cell(text))),
        )
        yield _case(
            f"a row after {number} blank ones",
            lambda n=number: sheet(row("", times(n, "rows")) + row(cell(text))),
        )
    for down, across in ((15_000, 399), (500, 400), (1_000_000, 16_000), (2, 99_999)):
        yield _case(
            f"{down} × {across}", lambda d=down, a=across: sheet(row(cell(text, times(a)), times(d, "rows")))
        )
        spanned = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
        yield _case(
            f"spanned {down} × {across}",
            lambda s=spanned: sheet(row(cell(text, s)) + row(cell(text)) * 1_000),
        )
    many = "".join(row(cell(text, ' table:number-rows-spanned="190000"') * 450))
    yield _case("450 columns spanned down", lambda: sheet(many + row(cell("<text:p>y</text:p>")) * 60_000))
    percent = '<table:table-cell office:value-type="percentage" office:value="0.5"{}/>'
    yield _case("percent repeated", lambda: sheet(row(percent.format(times(400)), times(400, "rows"))))
    yield _case("percent in all", lambda: sheet(row(percent.format("") * 400) * 400))


def _marks() -> Iterator[Case]:
    blank = "<table:table-cell/>"
    for number in (100_000, 1_000_000, 5_000_000):
        yield _case(f"{number} rows of nothing", lambda n=number: sheet("<table:table-row/>" * n))
        yield _case(f"{number} blank cells", lambda n=number: sheet(row(blank * n)))
        yield _case(f"{number} marks before", lambda n=number: sheet("", before="<a/>" * n))
        yield _case(f"{number} marks after", lambda n=number: sheet("", around="<a/>" * n))
        yield _case(
            f"{number} marks in a cell", lambda n=number: sheet(row(cell(f"<text:p>{'<a/>' * n}</text:p>")))
        )
        yield _case(f"{number} columns", lambda n=number: sheet("", more="<table:table-column/>" * n))
    yield _case("marks without end", lambda: sheet("", before="<a/>" * 20_000_000), TOO_MUCH)
    yield _case("60 sheets", lambda: sheet("", after='<table:table table:name="b"/>' * 60), ("no_sheet",))
    yield _case(
        "million sheets",
        lambda: sheet("", after='<table:table table:name="b"/>' * 10**6),
        ("no_sheet", *TOO_MUCH),
    )
    yield _case(
        "sheets of one name",
        lambda: sheet("", after=f'<table:table table:name="LEAs">{GOOD}</table:table>' * 20),
    )
    nested = '<table:table table:name="b"><table:table-row><table:table-cell>'
    for deep in (30, 1_000, 100_000):
        yield _case(
            f"tables within tables {deep}",
            lambda d=deep: sheet(
                "", after=nested * d + "</table:table-cell></table:table-row></table:table>" * d
            ),
        )
        yield _case(
            f"spans within spans {deep}",
            lambda d=deep: sheet(row(cell(f"<text:p>{'<text:span>' * d}x{'</text:span>' * d}</text:p>"))),
        )
        yield _case(
            f"hidden by comments {deep}", lambda d=deep: sheet("", before="<a><!--</a>-->" * d + "</a>" * d)
        )
    yield _case("long cell", lambda: sheet(row(cell(f"<text:p>{'x' * 10**7}</text:p>"))))
    yield _case("long cells", lambda: sheet(row(cell(f"<text:p>{'x' * 9_000}</text:p>") * 400) * 40))
    yield _case("paragraphs", lambda: sheet(row(cell("<text:p>x</text:p>" * 1_000_000))))
    yield _case(
        "values of all kinds",
        lambda: sheet(
            "".join(
                row(
                    f'<table:table-cell office:value-type="{kind}" office:value="{value}" office:date-value="{value}" office:time-value="{value}" office:boolean-value="{value}"/>'
                )
                for kind in ("float", "date", "time", "boolean", "currency", "percentage", "void", "zzz")
                for value in ("1e400", "9" * 4_000, "nan", "-", "2023-99-99", "PT99999999999999H", "")
            )
        ),
    )
    yield _case("within, large", lambda: sheet(row(ods_cell("x") * 20) * 20_000), read=True)
    yield _case("doctype", lambda: sheet("").replace(b"a", b"a"), read=True)


def cases() -> Iterator[Case]:
    yield from _blanks()
    yield from _repeats()
    yield from _marks()
