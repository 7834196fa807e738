"""The scenarios that are kept under a name: saved, renamed, deleted with a way back."""

from __future__ import annotations

from dataclasses import replace

from cim_core.store.logbook import Thing
from cim_core.store.store import KeptText
from cim_core.whatif import Scenario
from cim_core.whatif import scenario as scenarios
from ui.shared.shelf import shelf


def held() -> dict[str, KeptText]:
    """Every one by its name, in the order in which they were made."""
    return {one.name: one for one in sorted(shelf().texts(Thing.SCENARIO), key=lambda one: one.created)}


def saved() -> dict[str, Scenario]:
    """The same as scenarios."""
    return {name: scenarios.loads(one.text, name) for name, one in held().items()}


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
        shelf().write(lambda store: store.change_text(one.id, one.version, name, scenarios.dumps(named)))
    else:
        shelf().write(lambda store: store.keep_text(Thing.SCENARIO, name, scenarios.dumps(named)))
    return named


def same(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios change the same, whatever they are called and were made on."""
    return _bare(one) == _bare(other)


def rename(old: str, new: str) -> bool:
    """Call one otherwise; whether that could be done, or the name is another one's."""
    kept = held()
    if new in kept and new != old:
        return False
    one = kept[old]
    written = scenarios.dumps(replace(scenarios.loads(one.text, old), name=new))
    shelf().write(lambda store: store.change_text(one.id, one.version, new, written))
    return True


def delete(name: str) -> None:
    """Take one out of the list; it can be taken back."""
    one = held()[name]
    shelf().write(lambda store: store.delete(Thing.SCENARIO, one.id))


def take_back(id_: str) -> None:
    """Undo a deletion."""
    shelf().write(lambda store: store.take_back(Thing.SCENARIO, id_))


def _bare(scenario: Scenario) -> Scenario:
    return replace(scenario, name="", note="", base="", base_hash="")
