"""Where in the app a card comes from: the address of its page, with what brings back the same view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from cim_core.export.meeting.card import CardKind, CardSpec
from cim_core.export.meeting.ground import Ground

PAGES: Mapping[CardKind, str] = MappingProxyType({
    CardKind.WHAT: "rules", CardKind.WHERE: "home", CardKind.MISSED: "region", CardKind.NEAR: "home",
    CardKind.LAG: "region", CardKind.MOVED: "movement", CardKind.SURE: "region", CardKind.ASKS: "home",
    CardKind.COST: "region", CardKind.NEXT: "meeting", CardKind.QUOTES: "meeting",
    CardKind.LEA_WHY: "lea", CardKind.LEA_NEAR: "lea", CardKind.LEA_LAG: "lea", CardKind.LEA_TREND: "lea",
    CardKind.LEA_SURE: "lea", CardKind.LEA_ASKS: "lea", CardKind.LEA_COST: "lea", CardKind.WHATIF: "whatif",
})  # fmt: skip
"""The page of the app that shows more of what a card says."""
TABS: Mapping[CardKind, str] = MappingProxyType({
    CardKind.LEA_NEAR: "moves", CardKind.LEA_TREND: "history", CardKind.LEA_SURE: "method",
})  # fmt: skip
"""The tab of an LEA's page, where it is not the first."""
_NAMING = ("mine", "scenario")
"""What names LEAs in an address by their own codes: left out where they have code names."""


@dataclass(frozen=True, slots=True)
class App:
    """The app that links lead to. `base` is its address, empty where nobody knows it; `query` is what each
    address says of data and rules; `deck` is the one that is presented, as addresses name it.
    """

    base: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    deck: str = ""


def from_plain(of: Mapping[str, Any]) -> App:
    """An app from what JSON holds. Raises KeyError, TypeError or ValueError for anything else."""
    query = {str(name): str(value) for name, value in dict(of["query"]).items()}
    return App(str(of["base"]), query, str(of["deck"]))


@dataclass(frozen=True, slots=True)
class Links:
    """The way from cards of a ground to pages of an app."""

    on: Ground
    app: App = App()

    def to(self, spec: CardSpec) -> str:
        """The address of a card's page. Where LEAs have code names, it knows an LEA by that name alone."""
        data = self.on.placements.dataset
        row = self.on.row_of(spec.lea) if spec.kind.of_lea else None
        said = {
            "lea": "" if row is None else str(data.lea_code[row]),
            "year": self.on.year,
            **dict(sorted(self.app.query.items())),
            "scenario": spec.scenario,
            "tab": TABS.get(spec.kind, ""),
            "view": "" if data.audience.sees_everything else data.audience.value,
            "deck": self.app.deck if spec.kind.typed else "",
        }
        hidden = _NAMING if said.get("codes") else ()
        written = urlencode({key: value for key, value in said.items() if value and key not in hidden})
        base = f"{self.app.base.rstrip('/')}/" if self.app.base else ""
        return f"{base}{PAGES[spec.kind]}?{written}"
