"""What a document was made from, so that anybody can make it again: attached to the document as JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from cim_core.export.documents.sources import Sources
from cim_core.export.meeting.ground import Ground
from cim_core.export.meeting.links import App
from cim_core.letters.summary import letters_of
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.rulebook_values import as_raw
from cim_core.whatif import Scenario, scenario
from cim_core.words.disclosure import Audience

SCHEMA = 3
VERSION = "0.1.0"


class DocumentKind(StrEnum):
    """What a receipt is attached to."""

    LEA_REPORT = "lea_report"
    WEB_PAGE = "web_page"
    DECK = "deck"
    TABLES = "tables"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Data (name and hash), rules (id, hash, whose), reference, letters entered, view, day, and the command.

    Outside of the working view the hash is keyed: from a plain one small numbers could be guessed. In the
    working view alone `scenarios` has the text of each by how a card names it, else their names; `deck` is
    the deck as TOML, `app` where links lead to, and `sources` all that placements come from.
    """

    document: DocumentKind
    data: str
    data_hash: str
    rulebook: str
    rulebook_hash: str
    rules: str
    reference: str
    scenarios: Mapping[str, str]
    letters: int
    region: str
    sample: bool
    year: str
    lea: str
    view: Audience
    day: date
    deck: str
    app: Mapping[str, Any]
    sources: Mapping[str, Any]
    command: str

    def json(self) -> str:
        """The receipt as JSON, keys in order."""
        each = {name: getattr(self, name) for name in self.__slots__}
        written = {"schema": SCHEMA, "version": VERSION} | each | {"day": self.day.isoformat()}
        return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where documents come from; `key` is the secret of the workspace, `app` where their links lead to."""

    sources: Sources = field(default_factory=Sources)
    key: str = ""
    app: App = App()

    def receipt(
        self, document: DocumentKind, on: Ground, row: int | None, about: list[str], deck: str = "",
        scenarios: Mapping[str, Scenario] | None = None,
    ) -> Receipt:  # fmt: skip
        """The receipt of a document of a region or one of its rows; `about` are the words of its command."""
        placements = on.placements
        data, rules = placements.dataset, placements.rulebook
        ranked = placements.percentiles.get(rules.first_evaluation.id) if rules.evaluations else None
        sees = data.audience.sees_everything
        under = scenarios or {}
        when = ["--year", on.year, "--day", on.today.isoformat()]
        return Receipt(
            document=document,
            data=data.name,
            data_hash=_hash(data.digest, data.audience, self.key),
            rulebook=rules.id,
            rulebook_hash=rulebook_file.content_hash(as_raw(rules)),
            rules=whose(rules),
            reference=ranked.reference.kind.value if ranked is not None else "none",
            scenarios={written: scenario.dumps(each) for written, each in under.items()}
            if sees
            else {each.name: "" for each in under.values()},
            letters=letters_of(placements, on.rows).entered,
            region=on.selpa,
            sample=on.sample,
            year=on.year,
            lea="" if row is None else str(data.lea_code[row]),
            view=data.audience,
            day=on.today,
            deck=deck if sees else "",
            app=asdict(self.app) if sees else {},
            sources=self.sources.plain(data.audience),
            command=self.sources.command([*about, *when], data.audience),
        )


def whose(rules: Rulebook) -> str:
    """Whether the rules are official (shipped as such, nothing changed), fitted to letters, or changed."""
    if rules.fitted is not None:
        return "fitted"
    return "official" if rules.official and rules == _shipped(rules.id) else "changed"


@cache
def _shipped(id_: str) -> Rulebook | None:
    """A shipped rulebook by its id, read once; None for none."""
    return rulebook_file.load(id_) if id_ in rulebook_file.available() else None


def _hash(digest: str, audience: Audience, key: str) -> str:
    """The hash, keyed where small numbers could be guessed from it; nothing where there is no key."""
    if audience.sees_everything:
        return digest
    return "" if not key else hmac.digest(key.encode(), digest.encode(), hashlib.sha256).hex()
