"""What this session looks at: the data, the rules, the placements, with and without a scenario."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from cim_core import suppression
from cim_core.data.outside import listed
from cim_core.intake import FileRead, Intake
from cim_core.intake.bundle import Bundle, BundleFile
from cim_core.intake.problems import Problem
from cim_core.placing import reference
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, Reference
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import Setting
from cim_core.rules.toml_table import Raw
from cim_core.store.store import SECRET
from cim_core.whatif import Scenario, Sweep
from cim_core.whatif import scenario as scenarios
from cim_core.why.years import year_said
from cim_core.words.messages import Message
from ui.shared import address, identity, my_leas, open_files, placed
from ui.shared.judged import judged
from ui.shared.my_leas import Looking
from ui.shared.placed import Seen
from ui.shared.shelf import LARGE, OWN, shelf
from ui.shared.words_on_screen import gate, t, why

_TO_BE_TIED = ("unknown_layout", "mapping_incomplete", "mapping_misfit")


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page needs: the data, the rules, the placements, what is chosen.

    `placements`, `rulebook` and `reference` are those under the scenario, where there is one; `baseline`,
    `base` and `raw` are without it. `trouble` says why a scenario could not be applied. `looking` says whose
    LEAs data and placements look at; `seen` for whom everything here is.
    """

    intake: Intake
    rulebook: Rulebook
    reference: Reference
    placements: Placements
    year: str
    lea: str
    is_sample: bool
    baseline: Placements
    raw: Raw
    scenario: Scenario
    bundle: Bundle
    looking: Looking
    trouble: str = ""
    seen: Seen = placed.WORKING

    @property
    def year_said(self) -> Message:
        """The year in words: with its day where it is not over."""
        return year_said(self.placements.dataset, self.year)

    @property
    def in_progress(self) -> bool:
        """Whether the year is over for none of the LEAs that are looked at."""
        data = self.placements.dataset
        return self.year in data.years and self.year not in data.closed_years

    @property
    def files(self) -> tuple[tuple[BundleFile, FileRead], ...]:
        """Each file that is open with what became of it; none for the sample."""
        return tuple(zip(self.bundle.parts, self.intake.files, strict=True)) if self.bundle.parts else ()

    @property
    def open_questions(self) -> int:
        """How many questions wait for an answer before everything can be used."""
        return sum(question.open for _, question in self.intake.questions)

    @property
    def may_be_tied(self) -> bool:
        """Whether some file can be opened, only its columns are not known."""
        return any(one.kind in _TO_BE_TIED for one in self.intake.problems)

    @property
    def open_problems(self) -> tuple[Problem, ...]:
        """Everything found in the files except the warnings that were accepted."""
        return tuple(one for one in self.intake.problems if not self.bundle.accepts(one))

    def around(self, row: int) -> View:
        """The view in which a row is looked at: this one, or that of everybody for another's LEA."""
        mine = self.placements.dataset.mine
        if mine is None or mine[row]:
            return self
        everybody = replace(self.intake, dataset=self.intake.dataset.looking_at(()))
        placements, baseline = self.placements.looking_at(()), self.baseline.looking_at(())
        looking = replace(self.looking, whole=True)
        return replace(self, intake=everybody, placements=placements, baseline=baseline, looking=looking)

    @property
    def base(self) -> Rulebook:
        """The chosen rulebook."""
        return self.baseline.rulebook

    @property
    def ground(self) -> Rulebook:
        """The rulebook on which thresholds are changed: the chosen one, or the one that runs in its place."""
        return placed.rulebook(self.scenario.instead) if self.scenario.instead else self.base


def rulebook_id() -> str:
    """The chosen rulebook; an id that is not known falls back to the default."""
    asked = address.chosen("rulebook") or rulebook_file.DEFAULT
    if asked == rulebook_file.DEFAULT:
        return asked
    own = asked.startswith(OWN) and shelf().get(asked) is not None
    return asked if own or asked in rulebook_file.available() else rulebook_file.DEFAULT


def rulebook() -> Rulebook:
    """The chosen rulebook, without a scenario."""
    return placed.rulebook(rulebook_id())


def raw() -> Raw:
    """The plain values of the chosen rulebook."""
    return placed.raw(rulebook_id())


def own_rulebook(content: str) -> str:
    """Keep a rulebook as text and choose it; returns its id. Raises SchemaError for a wrong one."""
    rules = rulebook_file.loads(content, "own rulebook")
    title = gate().say(rules.title)
    digest = shelf().put(title, content.encode(), OWN)
    address.choose(rulebook=digest, scenario="")
    return digest


def own_titles() -> dict[str, str]:
    """Rulebooks that were made or opened (or are named by the link), by id; the newest first."""
    own = shelf().titles(OWN)
    chosen_now = rulebook_id()
    if chosen_now not in rulebook_file.available():
        own.setdefault(chosen_now, gate().say(rulebook().title))
    return own


def scenario() -> Scenario:
    """The chosen scenario; an empty one on the chosen rulebook where there is none. Raises SchemaError."""
    written = address.chosen("scenario")
    if not written:
        return scenarios.new(rulebook_id(), raw())
    kept = shelf().get(written) if written.startswith(LARGE) else None
    return scenarios.loads(kept[1].decode()) if kept is not None else scenarios.decode(written)


def scenario_of(written: str) -> Scenario | None:
    """A scenario as an address or a card names it; None where it is no longer kept. Raises SchemaError."""
    if not written.startswith(LARGE):
        return scenarios.decode(written)
    kept = shelf().get(written)
    return None if kept is None else scenarios.loads(kept[1].decode())


def set_scenario(wanted: Scenario) -> None:
    """Look through a scenario from now on; a small one goes into the address, a larger one stays here."""
    if wanted.is_empty:
        address.choose(scenario="")
        return
    address.choose(scenario=in_address(wanted))


def in_address(wanted: Scenario) -> str:
    """A scenario as the address names it: written out, or where it lies on the shelf when it is large."""
    written = scenarios.encode(wanted)
    return written or shelf().put(wanted.name, scenarios.dumps(wanted).encode(), LARGE)


def view() -> View | None:
    """What this session looks at; None when no data are open (or the link's upload is gone)."""
    files = open_files.bundle()
    if files is None and address.chosen("data") != open_files.SAMPLE:
        return None
    is_sample = files is None or any(part.digest in placed.sample_digests() for part in files.parts)
    files = files or Bundle()
    key = placed.parts(files), address.chosen("assume"), rulebook_id()
    seen = seen_now()
    whole = placed.loaded(*key[:2], seen.leas)
    taken = placed.public(*key[:2], seen)
    kind = reference_kind()
    against = placed.against(kind)
    base = placed.raw(key[2])
    nothing = scenarios.new(key[2], base)
    looking = looking_of(files, taken if seen.names else whole, seen)
    if not len(taken.dataset):
        empty = place(taken.dataset, rulebook(), NO_REFERENCE)
        return View(
            taken, rulebook(), against, empty, "", "", is_sample, empty, base, nothing, files, looking
        )
    baseline = placements = placed.placements(*key, kind, seen)
    wanted, trouble = nothing, ""
    try:
        wanted = scenario()
        lost = scenarios.misfits(wanted, placed.rulebook(wanted.instead or key[2]))
        if lost:
            trouble = t("saved.misfit", keys=listed(map(str, lost)))
            wanted = wanted.changed(dict.fromkeys(lost))
        if not wanted.is_empty:
            placements = placed.changed(wanted, *key, kind, seen, looking)
            against = scenarios.changed_reference(wanted, against, reference.shipped())
    except Exception as error:  # an address may hold anything; the page goes on without the scenario
        wanted, trouble = nothing, why(error, t("unexpected.scenario"))
    rules = placements.rulebook
    text = "" if wanted.is_empty else scenarios.dumps(wanted)
    if seen.whole:
        taken = judged(taken, rules, key[2], text, *key[:2])
    taken = looking.taken(taken, *key, text, str(seen))
    baseline = looking.among(baseline, *key, kind, str(seen))
    placements = looking.among(placements, *key, kind, text, str(seen))
    year = (
        address.chosen("year") if address.chosen("year") in taken.dataset.years else taken.dataset.newest_year
    )
    return View(
        taken, rules, against, placements, year, address.chosen("lea"), is_sample, baseline, base,
        wanted, files, looking, trouble, seen,
    )  # fmt: skip


def looking_of(files: Bundle, taken: Intake, seen: Seen) -> Looking:
    """Whose LEAs are looked at: as the address says, else as it is kept with the files; nobody chooses who
    may see some alone."""
    where = "\n".join((placed.parts(files), address.chosen("assume"), seen.names))
    asked = "" if seen.leas else address.chosen("mine") or files.mine
    return my_leas.looking(where, asked, bool(address.chosen("whole")), taken.dataset)


def seen_now() -> Seen:
    """For whom everything is shown, and whether LEAs have code names, which only a meeting sees."""
    audience, who = address.audience(), identity.current()
    leas = () if who is None else who.leas
    if audience.sees_everything or not address.chosen("codes"):
        return Seen(audience, leas=leas)
    return Seen(audience, code_secret(), t("code_names.lea", code="{code}"), leas)


def code_key(view: View) -> dict[str, tuple[str, str]]:
    """The key to the code names: for each LEA that is open its code, with its name and its own code."""
    data = view.intake.dataset
    codes = suppression.code_names(data.lea_key.tolist(), code_secret())
    each = zip(data.lea_key.tolist(), data.lea_name.tolist(), data.lea_code.tolist(), strict=True)
    return {codes[key]: (name, code) for key, name, code in each}


def code_secret() -> str:
    """The secret that code names are made with: it stays in the store, so that they stay the same."""
    held = shelf().read(lambda store: store.setting(SECRET) or None)
    if held is None:
        held = secrets.token_hex(16)
        made = held
        shelf().write(lambda store: store.set(SECRET, made))
    return held


def reference_kind() -> str:
    """The chosen kind of reference; statewide unless another is named."""
    asked = address.chosen("reference")
    return asked if asked in reference.CHOICES else reference.STATEWIDE


def make_sample_ready() -> None:
    """Read and place the sample before anybody asks: it is what most look at first."""
    placed.placements(open_files.SAMPLE, "", rulebook_file.DEFAULT, reference.STATEWIDE, placed.WORKING)


def key(view: View) -> str:
    """Everything that decides the placements of a view, as text to keep results under."""
    written = "" if view.scenario.is_empty else scenarios.dumps(view.scenario)
    data = placed.parts(view.bundle), address.chosen("assume"), view.looking.mine
    return "\n".join((*data, rulebook_id(), reference_kind(), str(view.seen), written))


def replaced(looking: Looking) -> Placements | None:
    """Where everybody was placed in the version that this one replaced, by the rules of now; None where it
    is not there, or holds none of those who are looked at."""
    files = open_files.bundle()
    before = open_files.bundle_of(files.previous) if files is not None else None
    if before is None:
        return None
    by = rulebook_id(), reference_kind(), seen_now()
    found = placed.placements(placed.parts(before), address.chosen("assume"), *by)
    there = looking.keys.isdisjoint(found.dataset.lea_key.tolist()) if looking.keys else False
    return None if there else found.looking_at(looking.keys)


def placed_version(key: str) -> Placements | None:
    """Where those who were looked at in a version are placed by the rules of now; None where it is not here,
    or places nobody."""
    files = open_files.bundle_of(key)
    if files is None:
        return None
    where = placed.parts(files), files.assume
    seen = seen_now()
    data = placed.loaded(*where, seen.leas).dataset
    if not len(data):
        return None
    looking = my_leas.looking("\n".join((*where, seen.names)), "" if seen.leas else files.mine, False, data)
    by = *where, rulebook_id(), reference_kind(), seen
    return looking.among(placed.placements(*by), *map(str, by))


def placed_under(changes: Scenario, looking: Looking) -> Placements:
    """Everybody placed under a scenario. Raises SchemaError or ValueError when it does not fit."""
    where = *_open(), rulebook_id(), reference_kind(), seen_now()
    return placed.placements(*where) if changes.is_empty else placed.changed(changes, *where, looking)


def swept(
    setting: Setting, looking: Looking, changes: Scenario | None = None, book: str = ""
) -> Sweep | None:
    """The sweep of one threshold of the rules as they are, or of a scenario's; None for an unknown one."""
    where = *_open(), book or rulebook_id(), reference_kind(), seen_now()
    return placed.swept(setting, changes, *where, looking)


def _open() -> tuple[str, str]:
    return placed.parts(open_files.bundle() or Bundle()), address.chosen("assume")
