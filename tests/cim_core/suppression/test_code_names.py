"""Code names: no two alike, stable, and of no use without the secret."""

from __future__ import annotations

from cim_core.suppression import code_names, with_code_names
from tests.conftest import sample_placements

KEYS = [f"{number:014}" for number in range(3_000)]


def test_no_two_are_alike_and_they_stay_when_leas_are_added():
    all_, some = code_names(KEYS, "secret"), code_names(KEYS[:60], "secret")
    assert len(set(all_.values())) == len(KEYS)
    assert sum(all_[key] == some[key] for key in some) >= 55
    assert code_names(reversed(KEYS), "secret") == all_


def test_another_secret_gives_other_codes():
    first, second = code_names(KEYS[:200], "one"), code_names(KEYS[:200], "another")
    assert sum(first[key] == second[key] for key in first) < 5


def test_names_and_codes_are_replaced_and_rows_are_found_by_the_code():
    data = sample_placements().dataset
    coded = with_code_names(data, "secret", "LEA {code}")
    code = str(coded.lea_code[5])
    assert coded.lea_name[5] == f"LEA {code}" and coded.row_of(code, str(data.year[5])) == 5
    assert not {*data.lea_name.tolist(), *data.lea_code.tolist()} & {
        *coded.lea_name.tolist(),
        *coded.lea_code.tolist(),
    }
    assert (coded.lea_key == data.lea_key).all()
