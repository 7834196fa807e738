"""The scenarios that are kept under a name: saved, renamed, deleted with a way back."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from dataclasses import replace
from itertools import chain, count

from cim_core.data.outside import shortened
from cim_core.store.kept import KeptText
from cim_core.store.logbook import Thing
from cim_core.store.troubles import ConflictError, StoreError
from cim_core.whatif import Scenario
from cim_core.whatif import scenario as scenarios
from ui.shared.kept import kept
from ui.shared.shelf import shelf


def held() -> dict[str, KeptText]:
    """Every one by its name, in the order in which they were made; later ones of a name have a number."""
    found: dict[str, KeptText] = {}
    for each in sorted(shelf().texts(Thing.SCENARIO), key=lambda text: text.created):
        name = _free(each.name, found)
        found[name] = replace(each, name=name)
    return found


def saved() -> dict[str, Scenario]:
    """The same as scenarios."""
    return {name: read(one) for name, one in held().items()}


def read(one: KeptText) -> Scenario:
    """A scenario that is kept, under the name it has now. Where it cannot be read (it may be another
    release's), an empty one that says why."""
    return _read(one.id, one.version, one.name, one.text)


@kept
def _read(id_: str, version: int, name: str, _text: str) -> Scenario:
    try:
        return replace(scenarios.loads(_text, name), name=name)
    except ValueError as error:
        return Scenario(name=name, note=shortened(str(error)))


def deleted() -> list[KeptText]:
    """Those that can be taken back, the one that was deleted last first."""
    gone = shelf().texts(Thing.SCENARIO, deleted=True)
    return sorted(gone, key=lambda one: one.deleted or one.changed, reverse=True)


def save(scenario: Scenario, anew: bool = False) -> Scenario:
    """Save under its name; another scenario of that name stays, and the new one gets a number. `anew`: one
    that changes the same stays as well."""
    there = held()
    alike = there.get(scenario.name)
    if alike is not None and not anew and same(read(alike), scenario):
        with suppress(ConflictError, KeyError, StoreError):  # changed or deleted meanwhile
            written = scenarios.dumps(scenario)
            shelf().write(
                lambda store: store.change_text(alike.id, alike.version, scenario.name, written)
            )  # fmt: skip
            return scenario
    named = replace(scenario, name=_free(scenario.name, there))
    shelf().write(lambda store: store.keep_text(Thing.SCENARIO, named.name, scenarios.dumps(named)))
    return named


def _free(name: str, taken: Container[str]) -> str:
    numbered = (f"{name} {number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def same(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios change the same, whatever they are called and were made on."""
    return _bare(one) == _bare(other)


def rename(id_: str, version: int, new: str) -> bool:
    """Call one otherwise, as it was in a version; whether that could be done, or the name is another one's.

    Raises ConflictError where somebody changed it in between, KeyError where it was deleted.
    """
    there = {one.id: one for one in held().values()}
    if any(one.name == new and one.id != id_ for one in there.values()):
        return False
    found = read(there[id_])
    written = there[id_].text if found.is_empty else scenarios.dumps(replace(found, name=new))
    shelf().write(lambda store: store.change_text(id_, version, new, written))
    return True


def delete(name: str) -> None:
    """Take one out of the list; it can be taken back."""
    one = held().get(name)
    if one is not None:
        shelf().write(lambda store: store.delete(Thing.SCENARIO, one.id))


def take_back(id_: str) -> None:
    """Undo a deletion."""
    shelf().write(lambda store: store.take_back(Thing.SCENARIO, id_))


def _bare(scenario: Scenario) -> Scenario:
    return replace(scenario, name="", note="", base="", base_hash="")
