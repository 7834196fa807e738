"""Which assumed settings fit CDE's letters, as plain rows for files: one line for each setting."""

from __future__ import annotations

from collections.abc import Iterator

from cim_core.data.dataset import Dataset
from cim_core.export.rows import Plain
from cim_core.letters import evidence
from cim_core.letters.reconcile import Fit, Reconciliation
from cim_core.letters.trial import Trial
from cim_core.rules.sources import Status
from cim_core.words.disclosure import Disclosure

COLUMNS = (
    "assumption", "choice", "settings", "status", "as_it_is", "letters", "fit", "not_settled", "against",
    "now_fit", "no_longer_fit", "numbers",
)  # fmt: skip


def rows(
    found: Reconciliation, trial: Trial, dataset: Dataset, disclosure: Disclosure
) -> Iterator[dict[str, Plain]]:
    """As it is, then single settings, then pairs, best first; what is assumed before what is confirmed.

    Of those that fit, `not_settled` do so because other placements than the letter's are possible too.
    `settings` as the shell has them, a range as `low..high`; `as_it_is` says whether the rules are so now;
    `now_fit` and `no_longer_fit` are LEAs whose letters change sides.
    """
    yield _row(found, found.as_it_is, trial, dataset, disclosure)
    singles = sorted((*found.singles, *found.around), key=lambda fit: fit.order)
    for fit in (*singles, *found.pairs):
        yield _row(found, fit, trial, dataset, disclosure)


def _row(
    found: Reconciliation, fit: Fit, trial: Trial, dataset: Dataset, disclosure: Disclosure
) -> dict[str, Plain]:
    def codes(listed: set[int]) -> list[str]:
        return [str(dataset.lea_code[row]) for row in sorted(listed)]

    before, now = set(found.as_it_is.fitting), set(fit.fitting)
    status = Status.CONFIRMED if fit.confirmed else Status.ASSUMED
    return {
        "assumption": " + ".join(disclosure.say(way.assumption.said) for way in fit.ways) or None,
        "choice": " + ".join(disclosure.say(evidence.way_said(found.rules, way)) for way in fit.ways) or None,
        "settings": " + ".join(evidence.settings_written(way) for way in fit.ways) or None,
        "status": status.value if fit.ways else None,
        "as_it_is": not fit.ways or fit in found.around,
        "letters": found.letters,
        "fit": fit.number,
        "not_settled": len(fit.unsettled),
        "against": codes(set(fit.against)),
        "now_fit": codes(now - before),
        "no_longer_fit": codes(before - now),
        "numbers": [disclosure.say(one.said) for one in evidence.contradictions(trial, fit)],
    }
