"""Files made to stop the readers or to fill the memory: some hundred, always the same, in kinds.

Each is made only when it is read. `refused` names the kinds of problems one of which has to be said where a
file is beyond the limits; `read` marks files within them, which have to give LEAs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cim_core.intake.assembly.opening import Upload
from cim_core.intake.tying.mapping import Mapping as Columns

FIXTURES = Path(__file__).parent / "fixtures" / "hostile"
TOO_MUCH = ("unpacks_too_big", "too_many_cells", "too_many_marks", "cells_without_place")


@dataclass(frozen=True)
class Case:
    """One hostile file: its kind, what it is called there, how it is made, and what is right."""

    kind: str
    title: str
    file: str
    make: Callable[[], bytes]
    refused: tuple[str, ...] = ()
    read: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    mapping: Columns | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.title}"

    def upload(self) -> Upload:
        return Upload(self.file, self.make(), self.answers, self.mapping)


def every() -> list[Case]:
    """All of them, in the order of their kinds."""
    from tests import (
        hostile_books,
        hostile_ods,
        hostile_said,
        hostile_tables,
        hostile_text,
        hostile_xls,
        hostile_zip,
    )

    parts = (hostile_zip, hostile_books, hostile_ods, hostile_xls, hostile_text, hostile_tables, hostile_said)
    found = [case for part in parts for case in part.cases()]
    return [*found, *small()]


def small() -> Iterator[Case]:
    """The small files that are kept as they are, with what is right for each."""
    right = {
        "svg_redos.csv": (),
        "ods_space_10000000.ods": ("unpacks_too_big",),
        "ods_space_400000000.ods": ("unpacks_too_big",),
        "cells_2M.xlsx": ("cells_without_place", "unpacks_too_big"),
        "deep_2M.xlsx": ("nested_too_deep", "unpacks_too_big"),
        "deep_scenario.toml": (),
        "deep_unknown.toml": (),
        "name_ffff.csv": (),
        "year_long.csv": ("row_aside",),
    }
    for name, refused in right.items():
        yield Case("small", name, name, (FIXTURES / name).read_bytes, refused)


def chosen(most: int) -> list[Case]:
    """So many of them, spread over all kinds: the same in each run."""
    by_kind: dict[str, list[Case]] = {}
    for case in every():
        by_kind.setdefault(case.kind, []).append(case)
    for kind, some in by_kind.items():
        Random(kind).shuffle(some)
    found: list[Case] = []
    while len(found) < most and any(by_kind.values()):
        found += [some.pop() for some in by_kind.values() if some]
    return found[:most]
