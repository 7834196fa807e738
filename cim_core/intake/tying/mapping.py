"""The columns of any other file tied to ours: what a mapping holds, which files it fits, its TOML file."""

from __future__ import annotations

import hashlib
from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import tomli_w

from cim_core.data.indicators import POSITION
from cim_core.data.outside import without_invisible
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.our_columns import ALL, PIECES, WIDE
from cim_core.rules import toml_table
from cim_core.rules.toml_table import SchemaError, TomlTable


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of a file is which of ours.

    `header` are the file's own column names in order: its shape. `columns` ties them to ours; `constants`
    are texts of ours that hold for all rows; `values` ties the file's names of indicators to our codes
    (`""`: not used). `only`: for columns of the file the values of the rows to read, all conditions together.
    """

    header: tuple[str, ...]
    columns: abc.Mapping[str, str]
    constants: abc.Mapping[str, str] = field(default_factory=dict)
    values: abc.Mapping[str, str] = field(default_factory=dict)
    only: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def key(header: str) -> str:
    """A header by which two are the same: without case and without superfluous blanks.

    Characters that nobody sees do not count. Signs do, other than in our own names: `LRE > 80` and
    `LRE < 80` are two columns.
    """
    return " ".join(without_invisible(header).split()).casefold()


def names(header: Sequence[str]) -> tuple[str, ...]:
    """The cells of a header as names that occur once: the second `N` is `N (2)`; blank cells stay blank."""
    taken = {key(cell) for cell in header}
    seen: set[str] = set()
    found = []
    for cell in header:
        name = " ".join(cell.split())
        if name and key(name) in seen:
            numbered = (f"{name} ({number})" for number in count(2))
            name = next(one for one in numbered if key(one) not in seen | taken)
        seen.add(key(name))
        found.append(name)
    return tuple(found)


def fingerprint(header: Sequence[str]) -> str:
    """What files of the same shape have in common: a hash of their column names in any order and case."""
    plain = sorted(key(name) for name in names(header) if name)
    return hashlib.sha256("\n".join(plain).encode("utf-8", "surrogatepass")).hexdigest()


def fits(mapping: Mapping, header: Sequence[str]) -> tuple[str, ...]:
    """The columns that the mapping ties and a header does not have; none when it fits."""
    there = {key(name) for name in names(header)}
    wanted = dict.fromkeys((*mapping.columns, *mapping.only))
    return tuple(theirs for theirs in wanted if key(theirs) not in there)


def their_names(mapping: Mapping) -> dict[str, str]:
    """The file's own name for each of our columns that the mapping fills from it."""
    ours = {our: theirs for theirs, our in mapping.columns.items()}
    pieces = [ours[piece] for piece in PIECES if piece in ours]
    return ours | ({"lea_code": " + ".join(pieces)} if pieces else {})


def dumps(mapping: Mapping) -> str:
    """A mapping as TOML text."""
    out: dict[str, object] = {"schema": 1, "file": {"header": list(mapping.header)}}
    out["columns"] = dict(mapping.columns)
    for name in ("constants", "values"):
        if getattr(mapping, name):
            out[name] = dict(getattr(mapping, name))
    if mapping.only:
        out["only"] = {column: list(given) for column, given in mapping.only.items()}
    return tomli_w.dumps(out)


def loads(content: str, file: str = "mapping.toml") -> Mapping:
    """A mapping from TOML text. Raises SchemaError with the file and the key."""
    top = TomlTable(toml_table.parse(content, file, as_it_is=True), file, "")
    if top.whole("schema", 1) != 1:
        raise top.fail("schema", "1, the only version there is")
    columns = top.table("columns")
    theirs: set[str] = set()
    tied: dict[str, str] = {}
    for name in columns.raw:
        our = columns.choice(name, dict.fromkeys(ALL))
        if not key(name) or key(name) in theirs:
            raise columns.fail(name, "each column of the file once, by its name")
        if our in tied.values():
            raise columns.fail(name, f"another column than {our}, which is tied already")
        theirs.add(key(name))
        tied[name] = our
    constants = top.table("constants") if top.has("constants") else TomlTable({}, file, "constants")
    values = top.table("values") if top.has("values") else TomlTable({}, file, "values")
    only = top.table("only") if top.has("only") else TomlTable({}, file, "only")
    top.asked |= {"constants", "values", "only"}
    header = tuple(tied)
    if top.has("file"):
        about = top.table("file")
        header = about.texts("header")
        about.done()
    top.asked.add("file")
    top.done()
    fixed = {name: _constant(constants, name, tied) for name in constants.raw}
    coded = {name: _value(values, name, tied) for name in values.raw}
    if len({key(name) for name in coded}) < len(coded):
        raise SchemaError(
            file, "values", ", ".join(coded), "each name of an indicator once, whatever its case"
        )
    _whole(columns, set(tied.values()), set(fixed))
    return Mapping(header, tied, fixed, coded, {name: _condition(only, name) for name in only.raw})


def _condition(table: TomlTable, name: str) -> tuple[str, ...]:
    """The values of one column of the file by which rows are read: one text, or a list of several."""
    written = table.raw[name]
    if isinstance(written, int) and not isinstance(written, bool):
        return (str(table.whole(name)),)
    given = (table.text(name),) if isinstance(written, str) else table.texts(name)
    if not given or not all(map(str.strip, given)):
        raise table.fail(name, "a value of this column, or a list of several")
    return given


def _constant(table: TomlTable, name: str, tied: dict[str, str]) -> str:
    if name not in ALL:
        raise table.fail(name, f"one of our columns: {', '.join(ALL)}")
    if name in tied.values():
        raise table.fail(name, "a column that is not tied to one of the file as well")
    text = table.text(name)
    if name == "year" and cell_text.school_year(text) is None:
        raise table.fail(name, "two consecutive years such as 2023-24")
    if name == "indicator" and text not in POSITION:
        raise table.fail(name, f"one of: {', '.join(POSITION)}")
    return text


def _value(table: TomlTable, name: str, tied: dict[str, str]) -> str:
    if "indicator" not in tied.values():
        raise table.fail(name, "no values without a column that is tied to indicator")
    return table.choice(name, dict.fromkeys(("", *POSITION)))


def _whole(columns: TomlTable, tied: set[str], fixed: set[str]) -> None:
    """Refuse columns that cannot go together."""
    ours = tied | fixed
    pieces = ours & set(PIECES)
    if "lea_code" in ours and pieces:
        expected = f"either lea_code or its pieces ({', '.join(PIECES)}), not both"
    elif pieces and "district_code" not in tied:
        expected = "a column for district_code beside the other pieces of a code"
    elif "school_code" in ours and "county_code" not in ours:
        expected = "county_code beside school_code"
    elif "indicator" in ours and ours & set(WIDE):
        expected = "either indicator with rate, numerator, denominator, or columns such as 5a, 5a_n; not both"
    elif ours & {"rate", "numerator", "denominator", "note", "target"} and "indicator" not in ours:
        expected = "also indicator: a column, or one constant for all rows"
    else:
        return
    raise SchemaError(columns.file, "columns", ", ".join(sorted(ours)), expected)
