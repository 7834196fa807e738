"""The scenarios that are kept under a name: saved, renamed, deleted with a way back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from cim_core.data.outside import shortened
from cim_core.store.kept import KeptText
from cim_core.store.logbook import Thing
from cim_core.store.troubles import ConflictError, StoreError
from cim_core.whatif import Scenario
from cim_core.whatif import scenario as scenarios
from ui.shared.shelf import shelf


def held() -> dict[str, KeptText]:
    """Every one by its name, in the order in which they were made; a name that another has gets a number."""
    found: dict[str, KeptText] = {}
    for each in sorted(shelf().texts(Thing.SCENARIO), key=lambda text: text.created):
        name, number = each.name, 2
        while name in found:
            name, number = f"{each.name} {number}", number + 1
        found[name] = replace(each, name=name)
    return found


def saved() -> dict[str, Scenario]:
    """The same as scenarios."""
    return {name: read(one) for name, one in held().items()}


def read(kept: KeptText) -> Scenario:
    """A scenario that is kept, under the name it has now; where it cannot be read, an empty one that says
    why: it may come from another release."""
    try:
        return replace(scenarios.loads(kept.text, kept.name), name=kept.name)
    except ValueError as error:
        return Scenario(name=kept.name, note=shortened(str(error)))


def deleted() -> list[KeptText]:
    """Those that can be taken back, the one that was deleted last first."""
    gone = shelf().texts(Thing.SCENARIO, deleted=True)
    return sorted(gone, key=lambda one: one.deleted or one.changed, reverse=True)


def save(scenario: Scenario, anew: bool = False) -> Scenario:
    """Save under its name; another scenario of that name stays, and the new one gets a number. `anew`: one
    that changes the same stays as well."""
    kept, name, number = saved(), scenario.name, 2
    while name in kept and (anew or not same(kept[name], scenario)):
        name, number = f"{scenario.name} {number}", number + 1
    named = replace(scenario, name=name)
    if name in kept:
        one = held()[name]
        with suppress(ConflictError, KeyError, StoreError):
            shelf().write(lambda store: store.change_text(one.id, one.version, name, scenarios.dumps(named)))
            return named
    shelf().write(lambda store: store.keep_text(Thing.SCENARIO, name, scenarios.dumps(named)))
    return named


def same(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios change the same, whatever they are called and were made on."""
    return _bare(one) == _bare(other)


def rename(id_: str, version: int, new: str) -> bool:
    """Call one otherwise, as it was in a version; whether that could be done, or the name is another one's.

    Raises ConflictError where somebody changed it in between, KeyError where it was deleted.
    """
    kept = {one.id: one for one in held().values()}
    if any(one.name == new and one.id != id_ for one in kept.values()):
        return False
    found = read(kept[id_])
    written = kept[id_].text if found.is_empty else scenarios.dumps(replace(found, name=new))
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
