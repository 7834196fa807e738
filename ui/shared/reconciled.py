"""Which assumed settings fit CDE's letters, kept by what is looked at; a what-if is left out."""

from __future__ import annotations

from collections.abc import Callable

from cim_core.letters import evidence, pairs, reconcile
from cim_core.letters.evidence import Contradiction
from cim_core.letters.reconcile import Fit, Reconciliation
from cim_core.letters.trial import Trial, readable
from ui.shared import placed, results
from ui.shared.kept import kept, peek
from ui.shared.results import View

Told = Callable[[int, int], None]


def letters(view: View) -> int:
    """How many LEAs that are looked at have a letter of the year."""
    return len(readable(view.baseline.dataset, _rows(view)))


def singles(view: View, told: Told = reconcile.nobody) -> Reconciliation:
    """Every setting by itself; made once, while `told` hears how far it is."""
    return _singles(*_key(view), view, told)


def known(view: View) -> Reconciliation | None:
    """The same if it is made already."""
    made = peek((_singles.__module__, _singles.__qualname__, *_key(view)))
    return made if isinstance(made, Reconciliation) else None


def with_pairs(view: View, told: Told = reconcile.nobody) -> Reconciliation:
    """Two settings at once too, as far as the search is bounded."""
    return _with_pairs(*_key(view), view, told)


def known_pairs(view: View) -> Reconciliation | None:
    """The same if it is made already."""
    made = peek((_with_pairs.__module__, _with_pairs.__qualname__, *_key(view)))
    return made if isinstance(made, Reconciliation) else None


def contradictions(view: View, fit: Fit) -> tuple[Contradiction, ...]:
    """Who speaks against a setting, with which numbers."""
    return _contradictions(*_key(view), str(sorted(map(str, fit.changes.items()))), view, fit)


def _key(view: View) -> tuple[str, str]:
    return results.key(view), view.year


def _rows(view: View) -> list[int]:
    rows: list[int] = view.baseline.dataset.rows_of_year(view.year).tolist()
    return rows


def _trial(view: View) -> Trial:
    data = view.baseline.dataset
    against = placed.against(results.reference_kind())
    return Trial(data, view.base, against, readable(data, _rows(view)))


@kept
def _singles(key: str, year: str, _view: View, _told: Told) -> Reconciliation:
    return reconcile.singles(_trial(_view), _told)


@kept
def _with_pairs(key: str, year: str, _view: View, _told: Told) -> Reconciliation:
    return pairs.pairs(_trial(_view), singles(_view), pairs.MOST, _told)


@kept
def _contradictions(key: str, year: str, setting: str, _view: View, _fit: Fit) -> tuple[Contradiction, ...]:
    return evidence.contradictions(_trial(_view), _fit)
