"""Files read and everybody placed, kept by what decides it: the files, what is assumed, rulebook, reference.

Nothing here knows of a session; `ui.state` says what is asked for.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cim_core import intake, suppression
from cim_core.access import seeing
from cim_core.data.facts import Fact
from cim_core.export.documents import SourceFile
from cim_core.intake import Intake, Upload
from cim_core.intake import bundle as bundles
from cim_core.intake.bundle import Bundle
from cim_core.intake.tying import mapping as mappings
from cim_core.peers import Quartiles
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import Reference
from cim_core.rules import rulebook_file, thresholds, toml_table
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import Setting
from cim_core.rules.toml_table import Raw
from cim_core.whatif import Scenario, Sweep, sweep
from cim_core.whatif import scenario as scenarios
from cim_core.words.disclosure import Audience
from ui.shared.kept import kept
from ui.shared.my_leas import Looking
from ui.shared.reader import apart, awaited
from ui.shared.shelf import OWN, shelf

SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Seen:
    """For whom everything is, whether LEAs have code names (by which secret, how one is called), which LEAs
    alone may be seen (by key; empty: all)."""

    audience: Audience = Audience.WORKING
    secret: str = ""
    named: str = ""
    leas: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything that stands in the files may be seen."""
        return self.audience.sees_everything and not self.leas

    @property
    def names(self) -> str:
        """What decides which LEAs are there, and how they are called; empty where it is as in the files."""
        return f"{self.secret} {' '.join(self.leas)}".strip()


WORKING = Seen()
SAMPLE_FILES = ("invented_selpa.csv", "invented_counts.csv")
NOBODY: tuple[str, frozenset[str]] = "", frozenset()
"""Nobody in particular is looked at."""
SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


@kept
def raw(rulebook_id: str) -> Raw:
    """The plain values of a rulebook, one of somebody's own among them."""
    kept = shelf().get(rulebook_id) if rulebook_id.startswith(OWN) else None
    if kept is not None:
        return rulebook_file.complete(toml_table.parse(kept[1].decode(), kept[0]), kept[0])
    return rulebook_file.read_raw(rulebook_id)[0]


@kept
def rulebook(rulebook_id: str) -> Rulebook:
    """A rulebook, one of somebody's own among them."""
    return rulebook_file.from_raw(raw(rulebook_id), rulebook_id)


def parts(files: Bundle) -> str:
    """What decides the data of a bundle, as text: not which warnings were accepted, nor what it replaced."""
    return Bundle(files.parts).dumps() if files.parts else SAMPLE


@kept
def sample_digests() -> frozenset[str]:
    """What tells the files of the invented SELPA from others."""
    return frozenset(sha256((SAMPLES / name).read_bytes()).hexdigest() for name in SAMPLE_FILES)


@kept
def sample_files() -> tuple[SourceFile, ...]:
    """The files of the invented SELPA, as a document names them."""
    each = [(SAMPLES / name).relative_to(SAMPLES.parent) for name in SAMPLE_FILES]
    return tuple(
        SourceFile(str(path), sha256((SAMPLES.parent / path).read_bytes()).hexdigest()) for path in each
    )


def loaded(parts: str, assume: str, leas: tuple[str, ...]) -> Intake:
    """What the files hold, as far as it may be seen (by key, empty: all); the page says what it waits for."""
    return seeing.allowed(awaited(_reading(parts, assume)), leas)


@kept
def region(parts: str, assume: str, key: str, year: str, decimals: int) -> tuple[Quartiles, ...]:
    """How the region of an LEA is spread, for whom nothing else of it is to be seen."""
    return seeing.region(awaited(_reading(parts, assume)), key, year, decimals)


@kept
def _reading(parts: str, assume: str) -> Future[Intake]:
    """The files being read, or read; only the project's own sample is opened in this process."""
    facts = {Fact(kind) for kind in assume.split(",") if kind in {fact.value for fact in Fact}}
    if parts == SAMPLE:
        sample = [intake.open_path(SAMPLES / name) for name in SAMPLE_FILES]
        done: Future[Intake] = Future()
        ours = [one for one in sample if isinstance(one, Upload)]
        done.set_result(checked_files.read_all(ours, assumed_none=facts))
        return done
    uploads = []
    for part in bundles.loads(parts).parts:
        kept = shelf().get(part.digest)
        assert kept is not None
        tied = mappings.loads(part.mapping, part.file) if part.mapping else None
        uploads.append(Upload(part.file, kept[1], part.answers, tied))
    return apart().start_reading(uploads, facts)


def against(kind: str) -> Reference:
    """The reference of a kind; the state for a kind that is not known."""
    return reference.of_choice(kind, reference.shipped()) or reference.shipped()


@kept
def public(parts: str, assume: str, seen: Seen) -> Intake:
    """What was read as an audience may know it; what was found in the files is for those who have them."""
    taken = loaded(parts, assume, seen.leas)
    if seen.audience.sees_everything:
        return taken
    data = suppression.public(taken.dataset, seen.audience)
    if seen.secret:
        data = suppression.with_code_names(data, seen.secret, seen.named)
    return replace(taken, dataset=data, problems=())


@kept
def placements(parts: str, assume: str, rulebook_id: str, kind: str, seen: Seen) -> Placements:
    """Everybody in the files placed, without a scenario, as an audience may know it.

    Where everybody really is placed is public by the rules that are CDE's alone: by others, or other ranks,
    it would tell of hidden numbers.
    """
    found = place(public(parts, assume, seen).dataset, rulebook(rulebook_id), against(kind))
    official = rulebook_id == rulebook_file.DEFAULT and kind == reference.STATEWIDE
    if seen.audience.sees_everything or not official:
        return found
    whole = replace(WORKING, leas=seen.leas)
    return suppression.as_known(found, placements(parts, assume, rulebook_id, kind, whole))


def changed(
    wanted: Scenario,
    parts: str,
    assume: str,
    rulebook_id: str,
    kind: str,
    seen: Seen,
    looking: Looking,
) -> Placements:
    """Everybody placed under a scenario; where everybody improves, those who are looked at do.

    Raises SchemaError or ValueError when it does not fit.
    """
    where = parts, assume, rulebook_id, kind, seen
    return _changed(*where, scenarios.dumps(wanted), *_improving(wanted, looking))


def swept(
    setting: Setting,
    wanted: Scenario | None,
    parts: str,
    assume: str,
    rulebook_id: str,
    kind: str,
    seen: Seen,
    looking: Looking,
) -> Sweep | None:
    """The sweep of one threshold of the rules, under a scenario where there is one; None for an unknown
    threshold."""
    under = None if wanted is None or wanted.is_empty else wanted
    text, whose = ("", NOBODY) if under is None else (scenarios.dumps(under), _improving(under, looking))
    return _sweep(parts, assume, rulebook_id, kind, seen, text, str(setting), *whose)


def _improving(wanted: Scenario, looking: Looking) -> tuple[str, frozenset[str]]:
    """Who is meant where everybody improves; otherwise it makes no difference who is looked at."""
    return (looking.mine, looking.keys) if wanted.improve else NOBODY


@kept
def _changed(
    parts: str, assume: str, rulebook_id: str, kind: str, seen: Seen, written: str, mine: str,
    _keys: frozenset[str],
) -> Placements:  # fmt: skip
    wanted = scenarios.loads(written)
    base = placements(parts, assume, rulebook_id, kind, seen).looking_at(_keys)
    ranked = base.percentiles if scenarios.keeps_ranking(wanted) else None
    after = scenarios.run(wanted, base.rulebook, base.dataset, against(kind), reference.shipped(), ranked)
    return suppression.changed(base, after)


@kept
def _sweep(
    parts: str, assume: str, rulebook_id: str, kind: str, seen: Seen, written: str, key: str,
    mine: str, _keys: frozenset[str],
) -> Sweep | None:  # fmt: skip
    wanted = scenarios.loads(written) if written else None
    found = placements(parts, assume, rulebook_id, kind, seen)
    if wanted is not None:
        found = _changed(parts, assume, rulebook_id, kind, seen, written, mine, _keys)
    threshold = thresholds.find(found.rulebook, Setting.parse(key))
    if threshold is None:
        return None
    ranked_among = against(kind)
    if wanted is not None:
        ranked_among = scenarios.changed_reference(wanted, ranked_among, reference.shipped())
    return sweep(threshold, found.rulebook, found.dataset, ranked_among, found.percentiles)
