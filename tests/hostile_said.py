"""Printed reports without end; answers and mappings of odd content."""

from __future__ import annotations

from collections.abc import Iterator

from cim_core.intake.questions import Ask
from cim_core.intake.tying.mapping import Mapping
from tests.hostile import Case
from tests.hostile_text import text as _text


def _printed() -> Iterator[Case]:
    page = "2023-24 Annual Performance Report\nAgency: Meadow Unified (9900001)\nSELPA: My SELPA (9901)\nAnnual Determination: Meets Requirements\nNo.\tIndicator\tRate\tTarget\tTarget Met?\tMonitoring Activities\n"
    line = "5a\tLRE Rate: In Regular Class more than 80%\t66.57%\t≥51.2%\tYes\tNA\n"
    for title, made in {
        "pages": lambda: (page + line) * 3_000,
        "pages of others": lambda: "".join(
            (page + line).replace("9900001", f"{9_900_001 + at}") for at in range(5_000)
        ),
        "one page": lambda: page + line * 20_000,
        "heads only": lambda: page * 5_000,
        "years": lambda: "".join(
            (page + line).replace("2023-24", f"{1000 + at}-{(1001 + at) % 100:02d}") for at in range(5_000)
        ),
        "long labels": lambda: page + line.replace("Regular", "Regular " * 1_000) * 500,
        "odd targets": lambda: (
            page + "".join(line.replace("≥51.2%", "≥" * (at % 40) + f"{at}%") for at in range(3_000))
        ),
        "blanks": lambda: (page + line).replace("\t", "   ") * 2_000,
        "agencies": lambda: "Agency: " * 200_000,
        "brackets": lambda: page.replace("(9900001)", "(" * 9_000) + line,
        "no agency": lambda: (page + line).replace("Agency", "Agent") * 2_000,
        "dots": lambda: page + line.replace("LRE", "." * 5_000) * 100,
    }.items():
        yield _text("printed", title, made, file="report.txt")


def _said() -> Iterator[Case]:
    def content():
        return (
            "lea_code,lea_name,student group,year,5a\n"
            + "".join(f"{9_900_001 + at},M{at},SWD,{'' if at % 2 else '2023-24'},0.5\n" for at in range(300))
        ).encode()

    odd = (
        "",
        "x",
        "*",
        "x" * 100_000,
        "\x00",
        "\ud800",
        "'; drop",
        "9" * 5_000,
        "percent",
        "fraction",
        "2023-24",
        "(a+)+$",
    )
    for ask in Ask:
        for at, answer in enumerate(odd[:: 2 if ask.value > "l" else 3]):
            yield Case(
                "answers",
                f"{ask.value} {at}",
                "x.csv",
                content,
                answers={ask.value: answer, f"{ask.value}:{answer}": answer, "": answer},
            )
    yield Case(
        "answers",
        "many",
        "x.csv",
        content,
        answers={f"{ask.value}:{at}": f"{at}" for ask in Ask for at in range(5_000)},
    )
    for at, one in enumerate(odd):
        ties = {one: "lea_code", f"{one}2": "5a", "lea_code": one}
        yield Case("answers", f"mapping {at}", "x.csv", content, mapping=Mapping((one,), ties))
        yield Case(
            "answers",
            f"mapping of values {at}",
            "x.csv",
            content,
            mapping=Mapping(
                ("lea_code", "5a"),
                {"lea_code": "lea_code", "5a": "rate", "lea_name": "indicator"},
                {"year": one, one: "2023-24"},
                {one: "5a", "M1": one},
                {"lea_name": (one, "M1"), "5a": ()},
            ),
        )
    for value in ("5a", "rate", "lea_code", "year", "zzz"):
        yield Case(
            "answers",
            f"all as {value}",
            "x.csv",
            content,
            mapping=Mapping(
                ("lea_code", "5a"), {"lea_code": value, "lea_name": value, "year": value, "5a": value}
            ),
        )


def cases() -> Iterator[Case]:
    yield from _printed()
    yield from _said()
