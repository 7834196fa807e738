from __future__ import annotations

from datetime import date

import pytest

from cim_core.data import school_years
from cim_core.rules import rulebook_file
from cim_core.rules.lag import Lag
from cim_core.rules.rulebook_file import SchemaError
from cim_core.rules.sources import Status
from tests.conftest import whole_rulebook

OWN = """schema = 1
extends = "cde-2023"
id = "slower"
title = "Slower"
monitoring_year = "2030"
official = false
about = "Of a test."

[lag.letter]
years_later = {years}
"""


@pytest.mark.parametrize("rulebook", rulebook_file.available())
def test_shipped_rulebooks_say_how_old_the_data_of_a_letter_are(rulebook):
    lag = rulebook_file.load(rulebook).lag
    assert (lag.published.after("2024-25"), lag.letter.after("2024-25")) == ("2025-26", "2026-27")
    assert lag.published.assumed and lag.letter.assumed
    assert lag.year_begins.provenance.status is Status.CONFIRMED


def test_a_school_year_begins_on_the_first_of_july():
    lag = rulebook_file.load().lag
    assert lag.year_of(date(2026, 6, 30)) == "2025-26"
    assert lag.year_of(date(2026, 7, 1)) == lag.year_of(date(2027, 1, 5)) == "2026-27"
    assert lag.letter.after("2024") == "" == school_years.later("soon", 1)
    assert lag.letter.after("2097-98") == "2099-00"


def test_a_rulebook_without_it_has_the_defaults_marked_as_assumed():
    raw = rulebook_file.read_raw()[0]
    del raw["lag"]
    lag = rulebook_file.from_raw(raw, "older.toml").lag
    assert lag == Lag() and lag.letter.assumed and lag.letter.years_later == 2
    assert rulebook_file.checked(rulebook_file.from_raw(raw, "older.toml"), "again").lag == lag


def test_an_own_rulebook_says_other_steps():
    slower = rulebook_file.loads(OWN.format(years=4)).lag
    assert slower.letter.after("2024-25") == "2028-29"
    assert slower.published == rulebook_file.load().lag.published
    again = rulebook_file.checked(rulebook_file.loads(OWN.format(years=4)), "again").lag
    assert again == slower


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        (("[lag.published]\nyears_later = 1", "[lag.published]\nyears_later = 11"), "published", "0 to 10"),
        (("[lag.letter]\nyears_later = 2", "[lag.letter]\nyears_later = 0"), "lag.letter", "no earlier"),
        (("[lag.letter]\n", "[lag.letter]\nmonths = 2\n"), "lag.letter.months", "no such key"),
        (("[lag.letter]\n", "[lag.mail]\nyears_later = 1\n\n[lag.letter]\n"), "lag.mail", "no such key"),
        (("month = 7", "month = 13"), "lag.year_begins.month", "1 to 12"),
        (("month = 7\nday = 1", "month = 7\nday = 31"), "lag.year_begins.day", "1 to 28"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_key(change, key, expected):
    whole = whole_rulebook()
    assert whole.count(change[0]) == 1
    with pytest.raises(SchemaError) as error:
        rulebook_file.loads(whole.replace(*change))
    assert key in str(error.value) and expected in str(error.value)
