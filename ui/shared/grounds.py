"""What the cards of a view are made from."""

from __future__ import annotations

import streamlit as st

from cim_core.export.documents import Origin, SourceFile, Sources
from cim_core.export.meeting import Ground
from cim_core.export.meeting.ground import Changed, against
from cim_core.export.meeting.links import App
from cim_core.whatif import scenario as scenarios
from ui.shared import address, header, lag_strip, outlook, peers_panels, placed, results
from ui.shared.results import View
from ui.shared.shelf import OWN, shelf

_LOOKED_AT = ("data", "rulebook", "reference", "assume", "mine", "whole", "codes")
"""What a link says of what is looked at, beside year, LEA and view."""


def ground(view: View) -> Ground:
    """The year that is looked at; what is worked out of it is kept between clicks."""
    return Ground(
        placements=view.baseline,
        year=view.year,
        today=lag_strip.today(),
        selpa=header.selpa_of(view),
        sample=view.is_sample,
        outlook=lambda: outlook.ground(view),
        closeness=lambda: outlook.closeness(view),
        closeness_of=lambda row: outlook.closeness_of(view, row),
        answer=lambda row, way: outlook.answer(view, row, way),
        under=lambda written: _under(view, written),
        pool=lambda: peers_panels.pool(view.baseline, against(view.baseline)),
    )


def app(page: str, deck: str = "") -> App:
    """What links lead to: this app, as the address of this visit says, which only a run of it knows."""
    where = address.address()
    looked_at = {key: where[key] for key in _LOOKED_AT if key in where}
    return App((st.context.url or "").removesuffix("/").removesuffix(f"/{page}"), looked_at, deck)


def origin(view: View) -> Origin:
    """What the documents of a view are made from."""
    rules = results.rulebook_id()
    own = shelf().get(rules) if rules.startswith(OWN) else None
    kind = results.reference_kind()
    parts = view.bundle.parts
    files = [SourceFile(part.file, part.digest, part.answers, part.mapping) for part in parts]
    if view.seen.leas:  # an answer may name an LEA that is not theirs
        files = [SourceFile(part.file) for part in parts]
    sources = Sources(
        files=tuple(files) or placed.sample_files(),
        assumed=tuple(sorted(fact.value for fact in view.baseline.dataset.assumed_none)),
        looked_at=() if view.seen.secret else tuple(sorted(view.looking.keys)),
        rulebook=rules,
        rulebook_text="" if own is None else own[1].decode(),
        reference=kind,
    )
    return Origin(sources, results.code_secret())


def _under(view: View, written: str) -> Changed | None:
    """Everybody under a scenario of an address; None where it is gone, or does not fit these data."""
    try:
        wanted = results.scenario_of(written)
        if wanted is None or scenarios.misfits(wanted, results.rulebook()):
            return None
        after = results.placed_under(wanted, view.looking).looking_at(view.looking.keys)
    except ValueError:
        return None
    return Changed(view.baseline, after, wanted)
