"""Risk ratios as plain rows: what the shell prints, and one LEA's part of `explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cim_core.data.dataset import Dataset
from cim_core.data.race_counts import OPEN
from cim_core.export.rows import Plain, whole
from cim_core.rules.rulebook import Disproportionality
from cim_core.why import risk_ratios
from cim_core.why.risk_ratios import Finding
from cim_core.words.disclosure import Disclosure

COLUMNS = (
    "lea_code", "lea_name", "year", "area", "group", "cell", "total", "risk", "comparison", "others_cell",
    "others_total", "others_risk", "risk_ratio", "alternate_risk_ratio", "low_95", "high_95",
    "students_above_parity", "over_threshold", "years_at_least", "years_at_most", "status",
)  # fmt: skip
_OVER = {1: "yes", 0: "no", -1: "unknown"}


def rows(
    dataset: Dataset, rules: Disproportionality, disclosure: Disclosure, only: Iterable[int] | None = None
) -> Iterator[dict[str, Plain]]:
    """One row per LEA, year, area and group with counts, in the order of the dataset; `only` some of it."""
    ratios = risk_ratios.ratios_of(dataset, rules)
    if ratios is None:
        return
    for at in range(len(dataset)) if only is None else only:
        found = risk_ratios.findings(ratios, str(dataset.lea_key[at]), str(dataset.year[at]))
        who: dict[str, Plain] = {
            name: str(getattr(dataset, name)[at]) for name in ("lea_code", "lea_name", "year")
        }
        yield from (who | _row(one, disclosure) for one in found)


def _row(finding: Finding, disclosure: Disclosure) -> dict[str, Plain]:
    alternate = finding.status.word == "alternate"
    ratio = disclosure.value(finding.ratio)
    return {
        "area": finding.area.code,
        "group": finding.group.code,
        "cell": whole(disclosure, finding.cell),
        "total": whole(disclosure, finding.total),
        "risk": disclosure.value(finding.risk),
        "comparison": "" if ratio is None else "state" if alternate else "lea",
        "others_cell": whole(disclosure, finding.others_cell),
        "others_total": whole(disclosure, finding.others_total),
        "others_risk": disclosure.value(finding.others_risk),
        "risk_ratio": None if alternate else ratio,
        "alternate_risk_ratio": ratio if alternate else None,
        "low_95": disclosure.value(finding.low),
        "high_95": disclosure.value(finding.high),
        "students_above_parity": whole(disclosure, finding.above),
        "over_threshold": _OVER[finding.over],
        "years_at_least": finding.least,
        "years_at_most": None if finding.most >= OPEN else finding.most,
        "status": finding.status.word,
    }
