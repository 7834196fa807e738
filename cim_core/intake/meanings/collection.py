"""The public collection that rates belong to, by its usual spellings."""

from __future__ import annotations

from functools import lru_cache

from cim_core.intake.meanings.layout import plain

_SPELLINGS = {
    "dataquest": ("dataquest", "data_quest", "cde_dataquest"),
    "dashboard": (
        "dashboard", "ca_dashboard", "california_dashboard", "school_dashboard", "ca_school_dashboard",
        "california_school_dashboard", "cde_dashboard",
    ),
    "apr": ("apr", "annual_performance_report", "lea_apr", "annual_performance_report_measure"),
    "acgr": (
        "acgr", "cohort", "cohort_rate", "cohort_graduation_rate", "adjusted_cohort_graduation_rate",
        "four_year_cohort", "4_year_cohort", "four_year_adjusted_cohort_graduation_rate",
    ),
    "calpads": ("calpads", "calpads_16_13", "calpads_1613", "calpads_report_16_13", "calpads_settings"),
    "caaspp": ("caaspp", "caaspp_research_file", "caaspp_research_files", "smarter_balanced"),
    "indicator7": ("indicator7", "indicator_7", "ind7", "ind_7", "preschool_outcomes"),
    "environment": (
        "environment", "environments", "educational_environment", "educational_environments",
        "special_education_environment",
    ),
}  # fmt: skip
_KNOWN = {spelled: name for name, spellings in _SPELLINGS.items() for spelled in spellings}


@lru_cache(maxsize=2**10)
def named(written: str) -> str:
    """The collection that is meant; a text that means none of ours stays as it is."""
    return _KNOWN.get(plain(written).replace(".", ""), written.strip())
