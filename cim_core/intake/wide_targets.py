"""Targets in a wide table: `5a Target`, `5a Met` beside `5a`, in all usual orders and spellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cim_core.intake import our_columns, spellings
from cim_core.intake.problems import Problem
from cim_core.intake.tables import Table
from cim_core.intake.targets import Targets

_TARGET = {"target", "targets", "goal", "tgt", "benchmark"}
_MET = {"met", "meets", "meet", "missed", "attained"}
_SIGN = {"comparator", "sign", "operator"}
_WORDS_BESIDE = "state statewide spp apr y n yes no not was is the status value ca annual year"
_SMALL_WORDS = "or of for this rate percent"
_BESIDE, _SMALL = frozenset(_WORDS_BESIDE.split()), frozenset(_SMALL_WORDS.split())


@lru_cache(maxsize=2**12)
def about(header: str) -> tuple[str, str] | None:
    """The indicator that a header with a target is about, and which of target, met, sign; else None."""
    words = spellings.plain_words(header.replace("_", " "))
    told = set(words)
    kind = "met" if told & _MET else "sign" if told & _SIGN else "target" if told & _TARGET else ""
    if not kind or len(header) > 200:
        return None
    left = [word for word in words if word not in _TARGET | _MET | _SIGN | _BESIDE | _SMALL]
    exact = our_columns.column(" ".join(left)) if left else None
    code = exact[0] if exact is not None else spellings.sure(_without(header))[0]
    return (code, kind) if code else None


def _without(header: str) -> str:
    """The header as written, without the words about a target; signs of comparison stay."""
    kept = []
    for word in header.replace("_", " ").split():
        bare = word.strip("()?:/,.").casefold()
        if bare not in _TARGET | _MET | _SIGN | _BESIDE and bare not in ("y/n", "yes/no", "met/missed"):
            kept.append(word)
    return " ".join(kept).strip(" -–:(),?")


@dataclass
class Printed:
    """The columns with a target of one indicator and year, by kind, and what was gathered from them."""

    code: str
    at: dict[str, int] = field(default_factory=dict)
    targets: Targets | None = None

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
        target_at = self.at.get("target")
        if target_at is None or not row[target_at]:
            return
        met_at, sign_at = self.at.get("met"), self.at.get("sign")
        if self.targets is None:
            self.targets = Targets(table, header[target_at], "" if met_at is None else header[met_at])
        self.targets.add(
            number,
            self.code,
            who.get("year", ""),
            row[target_at],
            comparator="" if sign_at is None else row[sign_at],
            met="" if met_at is None else row[met_at],
            lea_code=who.get("lea_code", ""),
            rate=rate,
        )

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the targets."""
        return [] if self.targets is None else self.targets.problems
