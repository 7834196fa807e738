"""What is said before margins and what-ifs where the rules in use do not explain letters."""

from __future__ import annotations

from cim_core.data.dataset import build
from cim_core.letters.unexplained import of_lea, of_region
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.words.disclosure import WORKING
from tests.cim_core.letters.test_examples import RULES, lea


def placed(*leas):
    return place(build(leas, assumed_none=["elements", "preschool"]), RULES, NO_REFERENCE)


def test_an_lea_whose_letter_differs():
    found = placed(lea("1", "Universal", "40"), lea("2", "T1", "40"), lea("3", "", "40"))
    said = of_lea(found, 0)
    assert said is not None
    assert WORKING.say(said).startswith(
        "CDE's letter says “Universal”, and the rules in use come to Targeted Level 1."
    )
    assert of_lea(found, 1) is None and of_lea(found, 2) is None


def test_what_is_possible_is_not_unexplained():
    found = place(build([lea("1", "Targeted Level 2", "40")]), RULES, NO_REFERENCE)
    assert len(found.could_be(0)) > 1 and of_lea(found, 0) is None and of_region(found, [0]) is None


def test_a_region_names_those_that_differ():
    found = placed(lea("1", "Universal", "40"), lea("2", "T1", "40"), lea("3", "", "40"), lea("4", "?", "40"))
    said = of_region(found, range(4))
    assert said is not None
    assert WORKING.say(said).startswith("The rules in use do not explain 1 of 2 letters: LEA 1.")
    assert of_region(found, [1, 2, 3]) is None


def test_of_many_five_are_named():
    found = placed(*(lea(str(at), "Universal", "40") for at in range(1, 9)))
    said = of_region(found, range(8))
    assert said is not None
    assert "8 of 8 letters: LEA 1, LEA 2, LEA 3, LEA 4 and LEA 5, and 3 more." in WORKING.say(said)
