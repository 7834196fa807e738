"""Targets in a wide table: `5a Target`, `5a Met` beside `5a`, in all usual orders and spellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import our_columns, same, spellings, targets
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity

_TARGET = {"target", "targets", "goal", "tgt", "benchmark"}
_MET = {"met", "meets", "meet", "missed", "attained"}
_SIGN = {"comparator", "sign", "operator"}
_WORDS_BESIDE = "state statewide spp apr y n yes no not was is the status value ca annual year"
_SMALL_WORDS = "or of for this rate percent"
_LONGEST = 200
_BESIDE, _SMALL = frozenset(_WORDS_BESIDE.split()), frozenset(_SMALL_WORDS.split())


@lru_cache(maxsize=2**12)
def about(header: str) -> tuple[str, str] | None:
    """The indicator that a header with a target is about, and which of target, met, sign; else None."""
    kind, left = _kind(header)
    if not kind:
        return None
    exact = our_columns.column(" ".join(left)) if left else None
    code = exact[0] if exact is not None else spellings.sure(_without(header))[0]
    return (code, kind) if code else None


def _kind(header: str) -> tuple[str, list[str]]:
    """Which of target, met, sign a header names (empty for none), and its words beside that."""
    words = spellings.plain_words(header.replace("_", " ")) if len(header) <= _LONGEST else ()
    told = set(words)
    kind = "met" if told & _MET else "sign" if told & _SIGN else "target" if told & _TARGET else ""
    return kind, [word for word in words if word not in _TARGET | _MET | _SIGN | _BESIDE | _SMALL]


def of_no_indicator(header: str) -> str:
    """Which of target, met, sign a header names without an indicator (`Target`, `Met?`); empty for none."""
    kind, left = _kind(header)
    return "" if left else kind


def _without(header: str) -> str:
    """The header as written, without the words about a target; signs of comparison stay."""
    kept = []
    for word in header.replace("_", " ").split():
        bare = word.strip("()?:/,.").casefold()
        if bare not in _TARGET | _MET | _SIGN | _BESIDE and bare not in ("y/n", "yes/no", "met/missed"):
            kept.append(word)
    return " ".join(kept).strip(" -–:(),?")


@dataclass
class PrintedInColumns:
    """The columns with a target of one indicator and year, by kind, and what was gathered from them.

    Several columns of one kind count in the rows in which they agree.
    """

    code: str
    at: dict[str, list[int]] = field(default_factory=dict)
    targets: Targets | None = None
    differ: list[Problem] = field(default_factory=list)
    together: set[str] = field(default_factory=set)

    def add(
        self,
        table: Table,
        header: Sequence[str],
        number: int,
        row: Sequence[str],
        rate: str,
        who: dict[str, str],
    ) -> None:
        """Take in the target of one row; `who` names its LEA and year."""
        target, sign, met = (self._of(kind, table, header, number, row) for kind in ("target", "sign", "met"))
        if not target or sign is None:
            return
        if self.targets is None:
            self.targets = Targets(table, self._called("target", header), self._called("met", header))
        self.targets.add(
            number,
            self.code,
            who.get("year", ""),
            target,
            comparator=sign,
            met=met or "",
            lea_code=who.get("lea_code", ""),
            rate=rate,
        )

    def _called(self, kind: str, header: Sequence[str]) -> str:
        return " / ".join(header[at] for at in self.at.get(kind, ()))

    def _of(
        self, kind: str, table: Table, header: Sequence[str], number: int, row: Sequence[str]
    ) -> str | None:
        """What the columns of a kind say together; empty for none, None where they differ, which is said."""
        places = self.at.get(kind, ())
        if len(places) < 2:
            return row[places[0]] if places else ""
        self.together.add(self._called(kind, header))
        kept = ""
        for written in (row[at] for at in places if row[at]):
            joined = alike(kept, written) if kept else written
            if joined is None:
                said = " / ".join(row[at] or "–" for at in places)
                both, at_row = self._called(kind, header), number - table.first_row
                problem = table.problem_at("columns_differ", Severity.ERROR, at_row, both, said)
                self.differ.append(replace(problem, indicator=self.code))
                return None
            kept = joined
        return kept

    def problems(self, table: Table) -> list[Problem]:
        """What is wrong with the targets, and which columns say the same."""
        apart = {one.column for one in self.differ}
        notes = [table.problem("columns_same", Severity.NOTE, both) for both in sorted(self.together - apart)]
        return [*notes, *self.differ, *(() if self.targets is None else self.targets.problems)]


def alike(written: str, other: str) -> str | None:
    """The one of two targets (or results) that says more, where they agree; None where they do not."""
    first, second = targets.parse(written), targets.parse(other)
    if isinstance(first, tuple) and isinstance(second, tuple):
        signs = {first[1], second[1]} - {None}
        agree = first[0] == second[0] and len(signs) < 2
        return None if not agree else written if first[1] or not second[1] else other
    return same.more_exact(written, other)
