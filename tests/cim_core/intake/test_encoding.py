from __future__ import annotations

import pytest

from cim_core.intake.files import encoding
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, only

HEAD = "lea_code,lea_name,year,5a\n"


@pytest.mark.parametrize("name", ["mac_roman", "cp850"])
@pytest.mark.parametrize(
    "lea",
    [
        "La Cañada Unified",
        "Cañón Elementary",
        "José Elementary",
        "Peña Elementary",
        "María Unified",
        "Niño High",
    ],
)
def test_names_of_old_programs(name, lea):
    taken = checked_files.take(f"{HEAD}9900001,{lea},2023-24,50\n".encode(name), "old.csv")
    assert not errors(taken) and str(taken.dataset.lea_name[0]) == lea
    assert only(taken, "old_encoding").found == lea.split()[1 if lea.startswith("La") else 0]


@pytest.mark.parametrize(
    "text",
    [
        "La Cañada", "José", "Meadow – Brook", "the district’s own", "O’Neill Elementary", "“Meadow”",
        "2023–24", "Meadow–Brook", "K–8", "SELPA’s", "Peña’s school", "50 °F", "Niño", "Muñoz – Peña",
        "CAÑADA",
        "PEÑA", "María",
    ],
)  # fmt: skip
def test_windows_stays_windows(text):
    content = f"{HEAD}9900001,{text},2023-24,50\n".encode("cp1252")
    assert encoding.decode(content, "x.csv") == (content.decode("cp1252"), ())


@pytest.mark.parametrize("text", ["CAÑADA UNIFIED", "PEÑA ELEMENTARY"])
def test_capitals_of_old_macs(text):
    content = f"{HEAD}9900001,{text},2023-24,50\n".encode("mac_roman")
    assert encoding.decode(content, "x.csv")[0] == content.decode("mac_roman")


@pytest.mark.parametrize("how", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_unicode_with_and_without_a_mark(how):
    taken = checked_files.take(f"{HEAD}9900001,La Cañada,2023-24,50\n".encode(how), "x.csv")
    assert str(taken.dataset.lea_name[0]) == "La Cañada" and "old_encoding" not in kinds(taken)


def test_line_ends_of_old_macs():
    text = f"{HEAD}9900001,La Cañada,2023-24,50\n9900002,Peña,2023-24,40\n".replace("\n", "\r")
    taken = checked_files.take(text.encode("mac_roman"), "x.csv")
    assert [str(name) for name in taken.dataset.lea_name] == ["La Cañada", "Peña"]


def test_halves_of_characters_are_joined_or_go_and_accents_stay():
    halves = "La Cañada \ud83d\ude42, Oak\ud800".encode("utf-8", "surrogatepass")
    assert encoding.decode(halves, "x.csv") == ("La Cañada 🙂, Oak", ())
