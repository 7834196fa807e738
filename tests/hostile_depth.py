"""Hostile XLSX workbooks that are nested too deep, or hold entities."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import Case
from tests.hostile_zip import MAIN, book, rows

HIDE = {
    "plain": ("", ""),
    "comments": ("<!-- </a></a></a> -->", ""),
    "CDATA": ("<![CDATA[</a></a>]]>", ""),
    "instructions": ("<?x </a></a>?>", ""),
    "attributes": ('<b x="/>"/>', ""),
}


def data(inside: str) -> str:
    return f"<sheetData>{inside}</sheetData>"


def case(title: str, made, refused: tuple[str, ...] = (), read: bool = False) -> Case:
    return Case("xlsx", title, "x.xlsx", made, refused, read)


def depth() -> Iterator[Case]:
    for title, (sign, _) in HIDE.items():
        for deep in (200, 100_000, 600_000):

            def made(s=sign, d=deep):
                return book(f"{data(rows())}{('<a>' + s) * d}{'</a>' * d}")

            yield case(
                f"depth {deep} by {title}", made, ("nested_too_deep", "unpacks_too_big", "damaged_workbook")
            )
    for part in (
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels",
        "docProps/core.xml",
        "xl/comments1.xml",
        "custom/deep.xml",
    ):

        def made(p=part):
            return book(None, {p: (b"<a>" * 300_000 + b"</a>" * 300_000)})

        yield case(f"depth in {part}", made, ("nested_too_deep", "unpacks_too_big", "too_many_marks"))
    entity = (
        '<!DOCTYPE a [<!ENTITY b "ha">'
        + "".join(
            f'<!ENTITY {chr(99 + at)} "{"&" + chr(98 + at) + ";" * 1}{("&" + chr(98 + at) + ";") * 9}">'
            for at in range(9)
        )
        + "]>"
    )
    for part in (
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "docProps/app.xml",
    ):
        for encoding in ("utf-8", "utf-16"):

            def made(p=part, e=encoding):
                return book(None, {p: f'{entity}<sst xmlns="{MAIN}">&k;</sst>'.encode(e)})

            yield case(f"entities in {part}, {encoding}", made, ("xml_entities",))
