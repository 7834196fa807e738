"""Which assumed settings are consistent with CDE's letters: one setting at a time, then two.

Every choice of every assumption is placed, and along a number the exact ranges are found (`spans`); so of
single settings nothing is left out that `assumptions` names. Pairs: `cim_core.letters.pairs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cim_core.data.dataset import Bools, Codes
from cim_core.letters import spans as along
from cim_core.letters.assumptions import Assumption, Choice, assumptions
from cim_core.letters.spans import Span
from cim_core.letters.trial import LetterFit, Trial
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import Setting, Value
from cim_core.rules.sources import Status
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario

Told = Callable[[int, int], None]
"""Hears how much is done, of how much."""


@dataclass(frozen=True, slots=True)
class Way:
    """One assumption otherwise: one of its choices, or a range of its number."""

    assumption: Assumption
    choice: Choice | None = None
    span: Span | None = None

    @property
    def changes(self) -> dict[Setting, Value]:
        """The settings that it changes; of a range with a value inside it."""
        if self.choice is not None:
            return dict(self.choice.changes)
        assert self.assumption.threshold is not None and self.span is not None
        return self.assumption.threshold.changes(self.span.value)


@dataclass(frozen=True, slots=True)
class Fit:
    """What becomes of the letters under a setting: the ways in which it is otherwise (none: as it is), and
    the rows of the dataset whose letters fit and that speak against it. Of those that fit, `unsettled` ones
    do so because other placements than the letter's are possible too."""

    ways: tuple[Way, ...]
    fitting: tuple[int, ...]
    against: tuple[int, ...]
    unsettled: tuple[int, ...] = ()

    @property
    def number(self) -> int:
        """How many letters fit."""
        return len(self.fitting)

    @property
    def sure(self) -> tuple[int, ...]:
        """The rows whose letter's placement is the only one that is possible."""
        return tuple(row for row in self.fitting if row not in self.unsettled)

    @property
    def order(self) -> tuple[bool, int, int]:
        """What is assumed before what is confirmed, most letters first, those that surely fit first."""
        return self.confirmed, -self.number, len(self.unsettled)

    @property
    def confirmed(self) -> bool:
        """Whether it changes something that a public text confirms."""
        return any(way.assumption.status is Status.CONFIRMED for way in self.ways)

    @property
    def changes(self) -> dict[Setting, Value]:
        """All settings that it changes."""
        return {setting: value for way in self.ways for setting, value in way.changes.items()}


@dataclass(frozen=True, slots=True)
class Searched:
    """Single settings are all tried. Of pairs, `lines` were of `all_lines`: one setting with everything that
    a second one can be. `placed` is how often letters were placed for them."""

    lines: int = 0
    all_lines: int = 0
    placed: int = 0

    @property
    def left_out(self) -> int:
        """How many lines nobody tried."""
        return self.all_lines - self.lines


@dataclass(frozen=True)
class Reconciliation:
    """What letters say about the settings of a rulebook.

    `singles` are all ways of all assumptions, in the order of the assumptions; of ranges that hold a number
    as it is, and where the same letters fit, `around` has them instead. `pairs` are those that were placed
    and explain more than each of the two by itself.
    """

    rules: Rulebook
    rows: tuple[int, ...]
    as_it_is: Fit
    singles: tuple[Fit, ...]
    around: tuple[Fit, ...]
    pairs: tuple[Fit, ...]
    searched: Searched

    @property
    def letters(self) -> int:
        """How many letters there are."""
        return len(self.rows)

    def says_less(self, fit: Fit) -> bool:
        """Whether a setting leaves more placements open than the rules as they are do: letters then fit it
        for lack of an answer, which explains nothing."""
        return len(fit.unsettled) > len(self.as_it_is.unsettled)

    @cached_property
    def most(self) -> int:
        """How many letters fit at best, where no more is left open than now."""
        return max(fit.number for fit in self._every if not self.says_less(fit))

    @cached_property
    def best(self) -> tuple[Fit, ...]:
        """All settings under which most letters fit and no more is left open than now, in their order; as it
        is before others that do so."""
        return tuple(sorted(self._equal(self.most), key=lambda fit: fit.order))

    def as_good_as(self, fit: Fit) -> tuple[Fit, ...]:
        """Other settings under which as many letters fit, where no more is left open than now."""
        return tuple(other for other in self._equal(fit.number) if other != fit)

    @cached_property
    def ranked(self) -> tuple[Fit, ...]:
        """Single settings, best first; what changes something confirmed after what is assumed."""
        return tuple(sorted(self.singles, key=lambda fit: fit.order))

    def _equal(self, number: int) -> list[Fit]:
        return [fit for fit in self._every if fit.number == number and not self.says_less(fit)]

    @property
    def _every(self) -> tuple[Fit, ...]:
        return (self.as_it_is, *self.singles, *self.pairs)


def nobody(done: int, of: int) -> None:
    """Hears nothing."""


def singles(trial: Trial, told: Told = nobody, only: Sequence[Assumption] | None = None) -> Reconciliation:
    """Every assumption by itself (or only some). Raises ValueError where there is no letter."""
    if not len(trial.letters):
        raise ValueError("no letters")
    now = trial.fits(trial.rules)
    every = assumptions(trial.rules, counts=trial.counts is not None) if only is None else only
    found: list[Fit] = []
    around: list[Fit] = []
    for done, assumption in enumerate(every):
        told(done, len(every))
        for way, fits in _ways(assumption, trial):
            holds_now = _holds_now(way) and bool((fits == now).all())
            (around if holds_now else found).append(fit_of(trial, (way,), fits))
    told(len(every), len(every))
    as_it_is = fit_of(trial, (), now)
    return Reconciliation(
        trial.rules, tuple(trial.letters.rows.tolist()), as_it_is, tuple(found), tuple(around), (),
        Searched(),
    )  # fmt: skip


def _ways(assumption: Assumption, trial: Trial) -> Iterator[tuple[Way, Codes]]:
    for choice in assumption.choices:
        rules = changed(trial.rules, dict(choice.changes))
        if rules is not None:
            yield Way(assumption, choice), trial.fits(rules)
    threshold = assumption.threshold
    if threshold is not None:
        ends = (changed(trial.rules, threshold.changes(end)) for end in (threshold.least, threshold.most))
        all_fit = None not in ends
        for span, fits in along.spans(assumption, trial, trial.rules, trial.fits):
            way = Way(assumption, span=span)
            if all_fit or changed(trial.rules, way.changes) is not None:
                yield way, fits


def _holds_now(way: Way) -> bool:
    threshold = way.assumption.threshold
    return threshold is not None and way.span is not None and way.span.holds(threshold.value)


def changed(rules: Rulebook, changes: Mapping[Setting, Value]) -> Rulebook | None:
    """The rulebook with other values; None where they do not fit together."""
    try:
        return scenario.with_changes(rules, changes, "letters") if changes else rules
    except SchemaError:
        return None


def fit_of(trial: Trial, ways: tuple[Way, ...], fits: Codes) -> Fit:
    """What becomes of the letters (N) where they fit so."""
    rows = trial.letters.rows

    def of(which: Bools) -> tuple[int, ...]:
        return tuple(rows[which].tolist())

    return Fit(ways, of(fits > LetterFit.AGAINST), of(fits == LetterFit.AGAINST), of(fits == LetterFit.OPEN))
