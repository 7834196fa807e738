"""What a document was made from, so that anybody can make it again: attached to the document as JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date

from cim_core.export.meeting.ground import Ground
from cim_core.letters.summary import letters_of
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.rulebook_values import as_raw
from cim_core.words.disclosure import Audience

SCHEMA = 1
VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Data (name and hash), rules (id, hash, whose), reference, letters entered, view, day, and the command.

    Outside of the working view the hash is keyed: from a plain one small numbers could be guessed.
    """

    document: str
    data: str
    data_hash: str
    rulebook: str
    rulebook_hash: str
    rules: str
    reference: str
    scenario: str
    letters: int
    year: str
    lea: str
    view: Audience
    day: date
    command: str

    def json(self) -> str:
        """The receipt as JSON, keys in order."""
        each = {name: getattr(self, name) for name in self.__slots__}
        written = {"schema": SCHEMA, "version": VERSION} | each | {"day": self.day.isoformat()}
        return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True)


def receipt(document: str, on: Ground, row: int | None, command: str, key: str = "") -> Receipt:
    """The receipt of a document of a region, or of one of its rows; `key` is a secret of the workspace."""
    placements = on.placements
    data, rules = placements.dataset, placements.rulebook
    ranked = placements.percentiles.get(rules.first_evaluation.id) if rules.evaluations else None
    raw = as_raw(rules)
    return Receipt(
        document=document,
        data=data.name,
        data_hash=_hash(data.digest, data.audience, key),
        rulebook=rules.id,
        rulebook_hash=rulebook_file.content_hash(raw),
        rules=whose(rules),
        reference=ranked.reference.kind.value if ranked is not None else "none",
        scenario="",
        letters=letters_of(placements, on.rows).entered,
        year=on.year,
        lea="" if row is None else str(data.lea_code[row]),
        view=data.audience,
        day=on.today,
        command=command,
    )


def whose(rules: Rulebook) -> str:
    """Whether the rules are official, fitted to letters, or changed."""
    if rules.fitted is not None:
        return "fitted"
    return "official" if rules.official else "changed"


def _hash(digest: str, audience: Audience, key: str) -> str:
    if audience.sees_everything:
        return digest
    return hmac.digest(key.encode(), digest.encode(), hashlib.sha256).hex()
