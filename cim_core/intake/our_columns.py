"""What a column of any file can be tied to: our columns, and the pieces that a CDS code is made of."""

from __future__ import annotations

from functools import cache

from cim_core import words
from cim_core.dataset import FACT_COLUMNS
from cim_core.indicators import INDICATORS, get
from cim_core.intake.layout import IDENTITY
from cim_core.intake.wide import columns_of

PIECES = {"county_code": 2, "district_code": 5, "school_code": 7}
"""The pieces of a CDS code, each with its number of digits."""
LONG = ("indicator", "rate", "numerator", "denominator", "note", "target", "source")
WIDE = {
    column: (one.code, part) for one in INDICATORS for column, part in columns_of(one).items()
}  # fmt: skip
"""Each column of the wide layout, with its indicator and part (0 rate, 1 numerator, 2 denominator)."""
ALL = (*IDENTITY, *PIECES, *FACT_COLUMNS, *LONG, *WIDE)
_PARTS = ("rate", "numerator", "denominator")


def label(column: str, language: str = "en") -> str:
    """One of our columns in words; `""` is "not used"."""
    if column in WIDE:
        code, part = WIDE[column]
        indicator = get(code)
        kind = indicator.unit.value if part == 0 else _PARTS[part]
        return words.text(f"mapping.part.{kind}", language, title=indicator.title)
    return words.text(f"mapping.target.{column or 'unused'}", language)


@cache
def targets_of_mapping(language: str = "en") -> tuple[tuple[str, str], ...]:
    """All that a column can be tied to, with its label, "not used" first: what a select box offers."""
    return tuple((column, label(column, language)) for column in ("", *ALL))
