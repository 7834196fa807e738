"""Hostile tables: thousands of everything, odd values and names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from cim_core.intake import LAYOUTS
from tests.hostile import Case
from tests.hostile_text import HEAD, LINE, rows
from tests.hostile_text import text as _text

ODD = (
    "\ufffe",
    "\uffff",
    "\ud800",
    "\x00",
    "\x08",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "＝1+1",
    "=1+1",
    "\u200b=1",
    "@x",
    "e\u0301" * 500,
    "\U000e0041" * 100,
    "ﷺ" * 300,
)


COUNTS = "lea_code,lea_name,year,area,group,cell,total,note\n"
GROUPS = "Black", "White", "Asian", "Filipino", "Hispanic", "Total", "Two or more races"


def _each(title: str, head: str, line: Callable[[int], str], size: int, **more) -> Case:
    """A head, and so many lines that differ."""
    return _text("many", title, lambda: head + "".join(map(line, range(size))), **more)


def _many() -> Iterator[Case]:
    def years(n):
        return "".join(
            f"9900001,{1000 + at % 9000}-{(1001 + at % 9000) % 100:02d},{at % 100}\n" for at in range(n)
        )

    yield _text("many", "10000 years", lambda: HEAD + years(10_000))
    yield _text(
        "many",
        "years across",
        lambda: (
            "lea_code,"
            + ",".join(f"5a {1000 + at}-{(1001 + at) % 100:02d}" for at in range(480))
            + "\n"
            + "9900001,"
            + "50," * 480
            + "\n"
        ),
    )
    yield _each("10000 odd years", HEAD, lambda at: f"9900001,{'x' * (at % 50)}{at},50\n", 10_000)
    yield _text("many", "200000 LEAs", lambda: HEAD + rows(200_000))
    yield _text("many", "200101 rows", lambda: HEAD + rows(200_200), ("too_many_rows",))
    yield _each("100000 names", "lea_name,year,5a\n", lambda at: f"Nobody {at} Unified,2023-24,50\n", 100_000)
    yield _each(
        "names alike",
        "lea_name,year,5a\n",
        lambda at: f"Los Angeles Unified{' ' * (at % 9)}{chr(97 + at % 26)},2023-24,50\n",
        50_000,
    )
    yield _each(
        "10000 indicators",
        "lea_code,year,indicator,rate\n",
        lambda at: f"9900001,2023-24,indicator {at},50\n",
        10_000,
    )
    yield _each(
        "odd indicators",
        "lea_code,year,indicator,rate\n",
        lambda at: f"9900001,2023-24,5a {'LRE regular class ' * (at % 8)}{at},50\n",
        20_000,
    )
    yield _each(
        "groups", "lea_code,year,student group,5a\n", lambda at: f"9900001,2023-24,group {at},50\n", 50_000
    )
    yield _each(
        "counts of odd groups",
        COUNTS,
        lambda at: f"9900001,M,2023-24,oss_over_10,group {at},{at},{10**6},\n",
        50_000,
        file="counts.csv",
    )
    yield _each(
        "counts of odd areas",
        COUNTS,
        lambda at: f"9900001,M,2023-24,area {at},Black,{at},{10**6},\n",
        50_000,
        file="counts.csv",
    )
    yield _each(
        "counts",
        COUNTS,
        lambda at: f"{9_900_001 + at // 7},M,2023-24,oss_over_10,{GROUPS[at % 7]},{at % 90},1000,\n",
        190_000,
        file="counts.csv",
    )
    for cell, total in (
        ("9" * 50, "1"),
        ("1e400", "10"),
        ("-5", "10"),
        ("½", "2"),
        ("٣", "٩"),
        ("0", "0"),
        ("9" * 5_000, "9" * 5_000),
        ("<11", "*"),
        ("1" * 18, "1" * 19),
        ("9223372036854775808", "9223372036854775809"),
    ):
        yield _text(
            "many",
            f"counts {cell[:12]} of {total[:12]}",
            lambda c=cell, t=total: (
                f"lea_code,lea_name,year,area,group,cell,total,note\n9900001,M,2023-24,oss_over_10,Black,{c},{t},\n9900001,M,2023-24,oss_over_10,Total,{c},{t},\n"
                * 20
            ),
            file="counts.csv",
        )
    yield _text("many", "headers again", lambda: (HEAD + LINE) * 60_000)
    yield _text("many", "headers only", lambda: HEAD * 190_000)
    yield _text(
        "many",
        "header columns again",
        lambda: "lea_code,year," + "5a," * 490 + "\n" + ("9900001,2023-24," + "50," * 490 + "\n") * 2_000,
    )
    yield _text(
        "many",
        "header columns that differ",
        lambda: (
            "lea_code,year,"
            + "5a," * 490
            + "\n"
            + "".join(
                "9900001,2023-24," + ",".join(map(str, range(at % 9, at % 9 + 490))) + "\n"
                for at in range(2_000)
            )
        ),
    )
    yield _text(
        "many",
        "long headers",
        lambda: (
            "lea_code,year,"
            + ",".join("5a " + "regular class " * 600 for _ in range(100))
            + "\n"
            + "9900001,2023-24,"
            + "50," * 100
            + "\n"
        ),
    )
    for one in (
        "5a ",
        "spp ",
        "indicator #",
        "3b - ",
        "((((",
        "2023-24 ",
        "percent of students ",
        "≥80%",
        "a_",
        "n ",
        "é",
    ):
        yield _text(
            "many",
            f"headers of {one}",
            lambda o=one: ",".join((o * 3_000)[: 9_000 + at] for at in range(200)) + "\n" + "1," * 200 + "\n",
        )
        yield _text(
            "many",
            f"cells of {one}",
            lambda o=one: (
                "lea_code,lea_name,year,5a,county\n"
                + f"{o * 60},{o * 900},{o * 20},{o * 20},{o * 40}\n" * 600
            ),
        )
        yield _text(
            "many",
            f"different cells of {one}",
            lambda o=one: (
                "lea_code,lea_name,year,5a,county\n"
                + "".join(
                    f"{o * 4}{at},{o * 9}{at},{o * 5}{at},{o * 5}{at},{o}{at}\n" for at in range(12_000)
                )
            ),
        )
    yield _text(
        "many",
        "unknown columns",
        lambda: (
            ",".join(f"column {at} {'abc' * (at % 7)}" for at in range(499))
            + "\n"
            + ("1," * 498 + "1\n") * 3_000
        ),
    )
    yield _each(
        "persons",
        "first name,last name,grade,room\n",
        lambda at: f"Ann{at},Smith{at},{at % 12},{at}\n",
        190_000,
    )
    yield _each("names of one column", "name,note\n", lambda at: f"Ann Smith{at},x\n", 190_000)
    yield _text(
        "many",
        "wide within",
        lambda: (
            "lea_code,year,"
            + ",".join(f"5a,5a_n,5a_d,5b,5b_n,5b_d,11_n,11_d,extra {at}" for at in range(1))
            + "\n"
            + "".join(
                f"{9_000_000 + at % 2_400},{2014 + at // 2_400}-{15 + at // 2_400},50,50,100,20,20,100,9,9,x\n"
                for at in range(24_000)
            )
        ),
        read=True,
    )
    yield _text("many", "6 million cells and one", lambda: ("1," * 499 + "1\n") * 12_001, ("too_many_cells",))
    for layout in LAYOUTS:
        lines = layout.example.splitlines(keepends=True)
        yield _text(
            "layouts", f"{layout.id} without end", lambda a=lines: "".join(a) + "".join(a[-2:]) * 4_000
        )
        yield _text("layouts", f"{layout.id} again and again", lambda a=lines: "".join(a) * (4_000 // len(a)))
        yield _text(
            "layouts",
            f"{layout.id} of odd cells",
            lambda a=lines: (
                a[0]
                + "".join(
                    ",".join(
                        Random(f"{at}").choices(
                            (*ODD[4:], "50", "2023-24", "9900001", "", "NC", "9" * 40), k=a[0].count(",") + 1
                        )
                    )
                    + "\n"
                    for at in range(3_000)
                )
            ),
        )


def _values() -> Iterator[Case]:
    for written in (
        "1e400",
        "9" * 5_000,
        "1/3",
        "½",
        "0.0000000000000000000000000001",
        "-0",
        "NaN",
        "inf",
        "1,2,3",
        "1_000",
        "٣٤",
        "１２",
        "0x1F",
        "+-5",
        "50%%",
        "5" + "0" * 300,
        "." * 50,
        "1" + "." + "0" * 4_000 + "1",
        "9223372036854775808",
        "2024-02-30",
        "45000.5",
        "10**5000",
        "98765432109876543210%",
    ):
        for column in ("5a", "5a_n", "swd", "percentile"):
            yield _text(
                "values",
                f"{written[:16]} as {column}",
                lambda w=written, c=column: (
                    f'lea_code,year,{c},5b\n9900001,2023-24,"{w}",10\n9900002,2023-24,50,10\n'
                ),
            )
    for at, odd in enumerate(ODD):
        yield _text(
            "values",
            f"odd name {at}",
            lambda o=odd: (
                f"lea_code,lea_name,selpa,county,year,5a\n9900001,{o},{o},{o},2023-24,50\n9900002,A{o}B,x,y,2023-24,50\n"
            ),
        )
        yield _text(
            "values",
            f"odd header {at}",
            lambda o=odd: f"lea_code,year,5a,{o},x{o}\n9900001,2023-24,50,{o},{o}\n",
        )
        yield _text(
            "values",
            f"odd code and year {at}",
            lambda o=odd: f"lea_code,year,5a\n{o}9900001,2023-24{o},{o}50\n9900001{o},{o},50{o}\n",
        )
    for file in (
        "",
        ".",
        "..",
        "x" * 5_000 + ".csv",
        "\ud800.csv",
        "a\0b.csv",
        "=1+1.csv",
        "../../x.csv",
        "x.xlsx",
        "\u202evsc.x",
        "a\nb.csv",
    ):
        yield _text("values", f"file called {file[:12]!a}", lambda: HEAD + LINE, file=file, read=True)


def cases() -> Iterator[Case]:
    yield from _many()
    yield from _values()
