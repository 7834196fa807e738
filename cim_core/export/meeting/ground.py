"""What cards are made from: placements of a year, and what is worked out of them only when a card asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from cim_core.letters.agreement import letter_of
from cim_core.letters.summary import letters_of, standing
from cim_core.outlook import Ground as OutlookGround
from cim_core.outlook import (
    RowCloseness,
    Way,
    WayAnswer,
    change_search,
    closeness,
    exposure,
    smallest_change,
    step_cards,
)
from cim_core.peers import finding, peers, place_pool
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import NO_REFERENCE, Reference
from cim_core.placing.settled import Standing
from cim_core.whatif import Scenario
from cim_core.why import lag as lags
from cim_core.why.region import Region
from cim_core.why.region import region as summarized
from cim_core.words.messages import Message, given, message


@dataclass(frozen=True, slots=True)
class Changed:
    """Everybody placed under a scenario, beside where they are without it."""

    before: Placements
    after: Placements
    scenario: Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One year of a region. `selpa` is what it is called; `sample`: it is the invented one.

    `outlook`, `closeness`, `closeness_of` and `answer` are those of `cim_core.outlook`; `under` gives the
    placements under a scenario as an address names it, None for one that cannot be used; `pool` those among
    whom LEAs like one are looked for.
    """

    placements: Placements
    year: str
    today: date
    selpa: str
    sample: bool
    outlook: Callable[[], OutlookGround]
    closeness: Callable[[], Mapping[int, RowCloseness]]
    closeness_of: Callable[[int], RowCloseness]
    answer: Callable[[int, Way], WayAnswer]
    under: Callable[[str], Changed | None]
    pool: Callable[[], Placements]

    @classmethod
    def of(
        cls, placements: Placements, year: str, today: date, selpa: str, sample: bool = False,
        under: Callable[[str], Changed | None] = lambda written: None,
    ) -> Ground:  # fmt: skip
        """A ground that works everything out itself, each thing once; without `under` no scenario."""
        on = cache(lambda: change_search.ground(placements, year))
        rows = [int(row) for row in placements.dataset.rows_of_year(year)]
        found = cache(lambda: closeness(on(), rows))
        return cls(
            placements, year, today, selpa, sample,
            outlook=on,
            closeness=found,
            closeness_of=cache(lambda row: closeness(on(), [row])[row]),
            answer=cache(lambda row, way: smallest_change.answer(exposure.without(on()), row, way)),
            under=cache(under),
            pool=cache(lambda: place_pool(placements, against(placements))),
        )  # fmt: skip

    @property
    def region(self) -> Region:
        """The year in numbers."""
        return summarized(self.placements, self.year)

    @property
    def reference(self) -> Reference:
        """Against whom everybody is ranked."""
        return against(self.placements)

    def like(self, row: int) -> Message:
        """How the results of an LEA stand beside those of LEAs like it."""
        return finding(peers(self.placements, row, self.reference, pool=self.pool()))

    @property
    def rows(self) -> list[int]:
        """The rows of the year."""
        return [int(row) for row in self.placements.dataset.rows_of_year(self.year)]

    def row_of(self, lea: str) -> int | None:
        """The row of an LEA in the year; None where it is not in it."""
        return self.placements.dataset.row_of(lea, self.year)

    def stands(self, row: int) -> tuple[Standing, bool]:
        """Where an LEA stands, by its letter where there is one, and whether the letter says so."""
        letter = letter_of(self.placements.dataset, row)
        return standing(self.placements, row), letter is not None and bool(letter.means)

    def worked_out(self, row: int) -> bool:
        """Whether significant disproportionality of an LEA was worked out from counts."""
        worked = self.placements.dataset.worked_out
        return worked is not None and bool(worked.sig_dis[row])

    def step(self, row: int) -> step_cards.StepCard | None:
        """What would take an LEA a step down; in the least intensive placement, what it takes to stay."""
        found = step_cards.down(self.outlook(), row, self.answer(row, Way.LESS), self.closeness_of(row))
        return found or step_cards.out(self.outlook(), row, self.answer(row, Way.MORE))

    @property
    def called(self) -> Message:
        """What the region is called, and that it is invented."""
        return message("meeting.invented", name=self.selpa) if self.sample else given(self.selpa)

    def source(self) -> Message:
        """Whose data, of which year, who says so, by which rules."""
        letters = letters_of(self.placements, self.rows).any
        kind = "meeting.source_letters" if letters else "meeting.source"
        return message(kind, selpa=self.called, year=self.year, rules=self.placements.rulebook.title)

    def lag(self, rows: list[int] | None = None) -> Message | None:
        """How old the data are, in one line: of which year, and for which letter."""
        old = self.aged(rows)
        if old is None:
            return None
        measured, _, letter, _ = lags.steps(old)
        return message("meeting.lag.line", measured=measured, letter=letter)

    def aged(self, rows: list[int] | None = None) -> lags.Aged | None:
        """The same as steps."""
        return lags.aged(self.placements, self.year, self.rows if rows is None else rows, self.today)


def against(placements: Placements) -> Reference:
    """Against whom placements are ranked."""
    return next((ranked.reference for ranked in placements.percentiles.values()), NO_REFERENCE)
