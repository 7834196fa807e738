"""A proposed mapping as a TOML file to be read, mended and saved by a person."""

from __future__ import annotations

import tomli_w

from cim_core.intake.tying.guess import By, Guess, Proposal
from cim_core.words import messages
from cim_core.words.messages import HowMany


def as_toml(proposal: Proposal, language: str = "en") -> str:
    """The proposal as TOML: each guess with the values and reasons behind it, the rest as comments.

    Read by `mapping.loads` as it stands, it is `proposal.mapping`.
    """
    lines = ["schema = 1", "", "# " + messages.text("shell.proposal_row", language, row=str(proposal.row))]
    lines += [tomli_w.dumps({"file": {"header": list(proposal.mapping.header)}}), "[columns]"]
    lines += [_line(guess, language) for guess in proposal.columns]
    if not any(guess.column == "year" for guess in proposal.columns):
        lines += ["", "# [constants]", '# year = "2023-24"']
    if proposal.values or proposal.unknown:
        unsure = messages.text("shell.proposal_unsure", language)
        lines += ["", "[values]", *(_tie(theirs, code) for theirs, code in proposal.values.items())]
        lines += [f"# {_tie(theirs, '')}  # {unsure}" for theirs in proposal.unknown]
    if proposal.only:
        lines += ["", "# " + messages.text("shell.proposal_only", language), "[only]"]
        lines += [
            tomli_w.dumps({theirs: values[0] if len(values) == 1 else list(values)}).strip()
            for theirs, values in proposal.only.items()
        ]
    return "\n".join(lines)


_BY = {By.NAME: "shell.proposal_by.name", By.VALUES: "shell.proposal_by.values"}


def _line(guess: Guess, language: str) -> str:
    examples = " | ".join(guess.examples) or "–"
    if not guess.column:
        unsure = messages.text("shell.proposal_unsure", language)
        return f"# {_tie(guess.header, '')}  # {examples} ({unsure})"
    why = messages.text(_BY[guess.by], language, score=HowMany(guess.score))
    return f"{_tie(guess.header, guess.column)}  # {examples} ({why})"


def _tie(theirs: str, our: str) -> str:
    return tomli_w.dumps({theirs: our}).strip()
