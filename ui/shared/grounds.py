"""What the cards of a view are made from."""

from __future__ import annotations

from cim_core.export.meeting import Ground
from cim_core.export.meeting.ground import Changed
from cim_core.whatif import scenario as scenarios
from ui.shared import header, lag_strip, outlook, results
from ui.shared.results import View


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
    )


def command(view: View, about: str, year: str, out: str) -> str:
    """The command that makes a document of a view again from a shell."""
    files = " ".join(part.file for part in view.bundle.parts) or view.baseline.dataset.name
    day = lag_strip.today().isoformat()
    return f"python -m cim_core report {files} {about} --year {year} --day {day} --out {out}"


def _under(view: View, written: str) -> Changed | None:
    """Everybody under a scenario of an address; None where it is gone, or does not fit these data."""
    try:
        wanted = results.scenario_of(written)
        if wanted is None or scenarios.misfits(wanted, results.rulebook()):
            return None
        after = results.placed_under(wanted, view.looking).looking_at(view.looking.keys)
    except ValueError:
        return None
    return Changed(view.baseline, after, wanted.name)
