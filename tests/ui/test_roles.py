"""Role × SELPA × query × page × document: a link of somebody else's is answered like one that never was."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import quote_plus

import pytest

from cim_core.access.identity import Identity, of_account
from cim_core.data.dataset import lea_key
from cim_core.intake.bundle import Bundle
from cim_core.intake.my_leas import Choice
from cim_core.rules import rulebook_file
from cim_core.store import ids, takeaway
from cim_core.store.accounts import Accounts, Role
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from cim_core.whatif import scenario as scenarios
from tests.conftest import ROOT
from tests.ui.sent import everything, own, texts_of
from tests.ui.test_pages import app, fine, shown
from ui.shared import identity
from ui.shared.shelf import LARGE, LIST, OWN, SET

CONTENT = (ROOT / "sample_data" / "invented_selpa.csv").read_bytes()
SECRETS = ("Hidden Hollow", "Veiled Valley", "8810112", "cloaked_file", "covert name", "61.73")
"""Nothing but what belongs to Birch holds any of these."""
OTHERS = ("Madrone", "Nutmeg", "Pine Summit", "Gooseberry", "Veiled Valley")
PAGES = (
    "start", "region", "lea", "movement", "whatif", "letters", "meeting", "data", "rules", "library", "log",
    "people",
)  # fmt: skip
MINE = "8810112"
QUERIES = {
    "dataset": lambda kept: {"data": kept["data"]},
    "one LEA": lambda kept: {"data": kept["data"], "lea": MINE, "tab": "all"},
    "rulebook": lambda kept: {"data": "sample", "rulebook": kept["rulebook"]},
    "scenario": lambda kept: {"data": "sample", "scenario": kept["scenario"]},
    "list": lambda kept: {"data": "sample", "mine": kept["list"]},
    "deck": lambda kept: {"data": "sample", "deck": kept["deck"], "card": "1"},
    "everything": lambda kept: dict(kept),
}


@dataclass
class World:
    """Two SELPAs in one database, what one of them keeps, and one that there never was."""

    people: dict[tuple[str, Role], Identity]
    kept: dict[str, str]
    never: dict[str, str]


@pytest.fixture
def world(monkeypatch, own_store) -> World:
    monkeypatch.setenv(identity.MODE, identity.SHARED)
    database = Database()
    accounts = Accounts(database)
    people = {}
    for selpa in ("Alder", "Birch"):
        for role in Role:
            leas = (lea_key(MINE if selpa == "Birch" else "7710112"),) if role is Role.LEA_VIEWER else ()
            made = accounts.add(f"{selpa}-{role.value}", f"{role.value}", role, selpa, leas)
            people[selpa, role] = of_account(made)
    kept = fill(Store(database, people["Birch", Role.DIRECTOR].workspace))
    database.close()
    never = {name: key[: -16 if "-" in key else 0] + ids.fresh() for name, key in kept.items()}
    return World(people, kept, never)


def fill(store: Store) -> dict[str, str]:
    """One of everything, each with something by which it is known again."""
    content = (
        CONTENT.replace(b"Quince Valley", b"Hidden Hollow").replace(b"9910112", MINE.encode())
        .replace(b"Birch Hollow", b"Veiled Valley")
    )  # fmt: skip
    digest = ids.digest(content)
    bundle = Bundle().with_file("cloaked_file.csv", digest)
    data = SET + store.keep_version(
        "cloaked_file.csv", bundle.dumps(), {digest: ("cloaked_file.csv", content)}
    )
    raw = rulebook_file.read_raw(rulebook_file.DEFAULT)[0] | {
        "title": "covert name", "official": False, "id": "own",
    }  # fmt: skip
    book = OWN + store.keep_text(Thing.RULEBOOK, "covert name", rulebook_file.dumps(raw))
    new = scenarios.new(rulebook_file.DEFAULT, rulebook_file.read_raw(rulebook_file.DEFAULT)[0])
    written = scenarios.dumps(new).replace('name = ""', 'name = "covert name"')
    scenario = LARGE + store.keep_text(Thing.DRAFT, "covert name", written)
    chosen = LIST + store.keep_text(Thing.LIST, "covert name", Choice("covert name", (MINE,)).in_link())
    text = 'schema = 1\ntitle = "covert name"\n'
    deck = f"deck-{store.keep_text(Thing.DECK, 'covert name', text)}"
    return {"data": data, "rulebook": book, "scenario": scenario, "list": chosen, "deck": deck}


def looked_at_by(monkeypatch, who: Identity) -> None:
    monkeypatch.setattr(identity, "current", lambda: who)
    monkeypatch.setattr(identity, "place", lambda: "10.1.2.0/24")
    monkeypatch.setattr(identity, "person", lambda: who.account)


def sent(downloads, page: str, query: dict[str, str]) -> list[str]:
    """All that a page sends for an address, and what its downloads hold, without the address itself."""
    downloads.clear()
    at = app(**{key: value for key, value in query.items() if key not in ("list", "deck")})
    fine(at.run())
    fine(at.switch_page(f"pages/{page}.py").run())
    texts = [*everything(at), *(text for made in own(downloads).values() for text in texts_of(made))]
    values = {said for value in query.values() for said in (value, quote_plus(value))} - {MINE}
    values = sorted(values, key=len, reverse=True)
    return [re.sub("|".join(map(re.escape, values)) or r"\Z", "", text) for text in texts]


def pages_of(role: Role) -> tuple[str, ...]:
    return tuple(page for page in PAGES if page != "people" or role is Role.ADMINISTRATOR)


IN_GATE = [
    (query, role) for query in QUERIES for role in Role
    if query == "everything" or (query, role) == ("dataset", Role.DIRECTOR)
]  # fmt: skip
OTHERS_TOO = [
    pytest.param(query, role, marks=pytest.mark.full)
    for query in QUERIES for role in Role if (query, role) not in IN_GATE
]  # fmt: skip


@pytest.mark.parametrize(("query", "role"), [*IN_GATE, *OTHERS_TOO])
def test_a_neighbors_link_is_answered_like_one_that_never_was(monkeypatch, downloads, world, role, query):
    looked_at_by(monkeypatch, world.people["Alder", role])
    for page in pages_of(role):
        asked = QUERIES[query](world.kept)
        real = sent(downloads, page, asked)
        secrets = [each for each in SECRETS if each not in asked.values()]
        assert not [secret for secret in secrets if any(secret in text for text in real)], page
    real = sent(downloads, "region", QUERIES[query](world.kept))
    made_up = sent(downloads, "region", QUERIES[query](world.never))
    assert sorted(map(plain, real)) == sorted(map(plain, made_up))


def plain(text: str) -> str:
    """A text without ids of the store, which differ by chance."""
    return re.sub(r"[0-9A-Za-z]{16}", "", text)


@pytest.mark.parametrize("page", pages_of(Role.LEA_VIEWER))
def test_who_sees_one_lea_gets_it_and_nothing_of_the_others(monkeypatch, downloads, world, page):
    looked_at_by(monkeypatch, world.people["Birch", Role.LEA_VIEWER])
    for more in ({"lea": MINE}, {"lea": "9910007", "whole": "1"}, {"mine": f"x:{MINE},9910007"}):
        texts = sent(downloads, page, {"data": world.kept["data"], "tab": "all"} | more)
        assert not [name for name in OTHERS if any(name in text for text in texts)], more
        assert not any("9910" in text for text in texts), more
        if page == "lea" and more == {"lea": MINE}:
            assert any("Hidden Hollow" in text for text in texts)
            assert any("A quarter are at or below" in text for text in texts)


def test_the_quartiles_are_those_of_the_whole_region(monkeypatch, world):
    looked_at_by(monkeypatch, world.people["Birch", Role.LEA_VIEWER])
    at = app(data=world.kept["data"], lea=MINE, tab="all")
    fine(at.run())
    said = shown(fine(at.switch_page("pages/lea.py").run()))
    assert "Where the LEAs of the region stand" in said and ">24<" in said


@pytest.mark.parametrize("role", [Role.LEA_VIEWER, Role.PRESENTER])
def test_who_may_not_change_what_is_kept_changes_nothing(monkeypatch, world, role):
    who = world.people["Birch", role]
    before = kept_of(who)
    looked_at_by(monkeypatch, who)
    at = app(data=world.kept["data"], lea=MINE)
    fine(at.run())
    for page in ("region", "lea", "whatif", "rules"):
        fine(at.switch_page(f"pages/{page}.py").run())
        for button in [one for one in at.button if not one.disabled]:
            fine(at.switch_page(f"pages/{page}.py").run())
            again = next((one for one in at.button if one.key == button.key), None)
            if again is not None:
                fine(again.click().run())
    assert kept_of(who) == before


def kept_of(who: Identity) -> bytes:
    """All that a workspace keeps but its settings, its log, and what somebody may write."""
    theirs = [f"{kind.value}s" for kind in who.permits.writes]
    workspace = who.workspace
    database, target = Database(), io.BytesIO()
    with database.snapshot() as connection:
        takeaway.write(connection, workspace, target)
    database.close()
    from tests.cim_core.store.away import members

    parts = members(target.getvalue())
    return b"".join(
        content for name, content in sorted(parts.items())
        if name.startswith(("versions", "files/", "datasets", "rulebooks", "scenarios", "decks", "lists"))
        and not name.startswith(tuple(theirs))
    )  # fmt: skip


def test_what_is_refused_stands_in_the_log_once(monkeypatch, world):
    looked_at_by(monkeypatch, world.people["Alder", Role.PRESENTER])
    at = fine(app(data=world.kept["data"]).run())
    for _ in range(3):
        fine(at.switch_page("pages/data.py").run())
    fine(at.switch_page("pages/region.py").run())
    database = Database()
    lines = Store(database, world.people["Alder", Role.DIRECTOR].workspace).log(Deed.REFUSED)
    database.close()
    assert {(line.who, line.place) for line in lines} == {("alder-presenter", "10.1.2.0/24")}
    assert sum(line.kind is Thing.WORKSPACE and line.said == "data" for line in lines) == 1


def test_nobodys_cache_answers_somebody_else(monkeypatch, world):
    """The same bytes are read anew for somebody else, who cannot tell by the time that they are there."""
    from ui.shared import kept

    made = []
    for selpa in ("Alder", "Birch", "Alder"):
        looked_at_by(monkeypatch, world.people[selpa, Role.DIRECTOR])
        kept.mine("the same key", lambda selpa=selpa: made.append(selpa))
    assert made == ["Alder", "Birch"]
    kept.forget()
    assert kept.kept_results().peek("the same key", world.people["Birch", Role.DIRECTOR].account) is None


@pytest.mark.parametrize("role", [Role.LEA_VIEWER, Role.PRESENTER])
def test_who_has_no_library_is_led_to_the_newest_data(monkeypatch, world, role):
    looked_at_by(monkeypatch, world.people["Birch", role])
    said = shown(fine(app().run()))
    assert "cloaked_file" in said and f"data={world.kept['data']}" in said
    looked_at_by(monkeypatch, world.people["Alder", role])
    assert "cloaked_file" not in shown(fine(app().run()))


def test_where_somebody_was_last_is_their_own(monkeypatch, world):
    """The address names an LEA, which a colleague who sees another one alone must not learn of."""
    looked_at_by(monkeypatch, world.people["Birch", Role.DIRECTOR])
    at = fine(app(data=world.kept["data"], lea="9910007").run())
    fine(at.switch_page("pages/lea.py").run())
    fine(at.run())
    assert "9910007" in shown(fine(app().run()))
    for role in (Role.LEA_VIEWER, Role.PRESENTER, Role.ADMINISTRATOR):
        looked_at_by(monkeypatch, world.people["Birch", role])
        assert "9910007" not in shown(fine(app().run()))


def test_what_a_file_gave_is_kept_for_who_opened_it(monkeypatch, world):
    """It is read in threads that know of no visit: what they make is theirs all the same."""
    from ui.shared import kept
    from ui.shared.kept import kept_results

    kept_results().clear()
    who = world.people["Birch", Role.DIRECTOR]
    looked_at_by(monkeypatch, who)
    at = app(data=world.kept["data"])
    fine(fine(at.run()).switch_page("pages/region.py").run())
    owners = {entry.owner for entry in kept_results()._found.values()}
    assert owners == {who.account} and kept.FOR_WHOM.get() == ""
