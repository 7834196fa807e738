"""Which lines of a pasted report are the page's own, and which rate of a row in plain text can be relied on.

A break inside a row lets numbers of other lines (page numbers, footnotes) come between a row's own cells; a
row that they could belong to is not readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cim_core.intake.layouts import agency
from cim_core.intake.meanings import targets

NUMBER = r"(?:1[0-4]|[1-9])(?:[a-d](?:[.\-]?[12])?)?"
"""The number of an indicator as reports print it."""
REASON = r"NC|N/?A|NR|--"

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*+\.?+"
_DATE = (
    rf"(?:(?:printed|created|generated|run|as[ ]of)(?:[ ]on)?:?[ ]*+)?"
    rf"(?:{_MONTH}[ ]\d{{1,2}},?[ ]\d{{4}}|\d{{1,2}}[ ]{_MONTH}[ ]\d{{4}}"
    rf"|\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:\d{{4}}|\d{{2}})|\d{{4}}-\d\d-\d\d)"
    rf"(?:,?[ ]\d{{1,2}}:\d\d(?::\d\d)?(?:[ ]?[ap]\.?m\.?)?)?"
)
_PAGE = (
    r"(?:(?:page|pg\.?|p\.)[ ]*+\d++(?:[ ]*+(?:of|/)[ ]*+\d++)?"
    r"|\d++[ ]*+(?:of|/)[ ]*+\d++|[-–—][ ]*+\d++[ ]*+[-–—])"
)
_OF_PAGE = re.compile(rf"\A(?>[\s|–—\-]*(?:{_DATE}|{_PAGE}))++[\s|–—\-]*+", re.IGNORECASE)
_FOOTER = re.compile(r"\A(?!\d).*\bpage[ ]\d++(?:[ ]of[ ]\d++)?", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"\A(?:\*++[ ]*+[A-Za-z][a-z]++[ ]\S.*+"
    r"|\(?\d{1,2}[ .)]++(?i:see|notes?|footnotes?|source|lagged)\b.*+)"
)
_HEADING = re.compile(r"\b(?:no|indicators?|rate|target|met|monitoring|activit(?:y|ies))\b|[\W_]")

_RATE_LIKE = re.compile(rf"\A(?:[+\-−]?[\d,]*+\.\d++%?|{REASON})")
_TELLS = re.compile(r"\A(?:\(?[+\-−]?[\d,]*+\.\d++[ ]?%\)?|NC|NR)")
_WHOLE_NUMBER = re.compile(r"\d[\d,]*")
_ENDS_IN_NUMBER = re.compile(r"[+\-−]?\d[\d,.]*%?")
_NEAR = 500
_GOES_ON = re.compile(
    rf"\A(?:(?!\n\s*+{NUMBER}\s).)*?\s(?:{targets.NUMBER}|{REASON})\s++{targets.SIGNED}(?!\S)", re.I | re.S
)
"""Another rate and target before the next row: what was taken for a target is `more than 80%` of a label."""
_COMPARES = re.compile(r"\A(?:.*[<>≥≤⩾⩽=]|than|least|most|above|over|below|under)", re.IGNORECASE)
_STARTS_ROW = re.compile(rf"{NUMBER}[.:)]?(?:\s.*|)", re.IGNORECASE)


def is_heading(line: str) -> bool:
    """Whether a line is nothing but names of the report's columns."""
    return not _HEADING.sub("", line.casefold())


def of_page(line: str, *, like_row: bool) -> bool:
    """Whether a line is the page's own: its number, a date, the head of the table again, a footnote.

    A line that is only a number is not: it may be a cell.
    """
    if _OF_PAGE.fullmatch(line):
        return True
    if like_row:
        return False
    if _FOOTNOTE.fullmatch(line):
        return True
    if "target" in line.casefold() and is_heading(line):
        return True
    return _FOOTER.fullmatch(line) is not None and not agency.interpret([line]).used


def rate_of(found: re.Match[str]) -> str | None:
    """The rate of a row that was found in plain text; None where it may be another line's number."""
    rate, label = found["rate"], found["label"].split()
    if _COMPARES.fullmatch(label[-1]) or "\n" in rate:
        return None
    told = [at for at, word in enumerate(label) if _TELLS.fullmatch(word) and not _compared(label, at)]
    signed = found["signed"] is not None
    if told:
        # A line that is only a number is a page's number where the rate before it shows itself as one.
        alone = signed and _alone(found, "rate") and _WHOLE_NUMBER.fullmatch(rate)
        return label[-1] if alone and told == [len(label) - 1] else None
    trusted = _signed(found, label) if signed else _bare(found, label)
    return rate if trusted else None


def _signed(found: re.Match[str], label: list[str]) -> bool:
    if found["met"] is None and _GOES_ON.match(found.string[found.end("signed") : found.end() + _NEAR]):
        return False
    if found["met"] is None and _WHOLE_NUMBER.fullmatch(found["rate"]) and _alone(found, "rate"):
        return False
    if not _broken(found, "rate", "signed"):
        return True
    if not _broken(found, "number", "rate"):
        return True
    if not _alone(found, "rate"):
        return False
    doubtful = _RATE_LIKE.fullmatch(label[-1]) or _ENDS_IN_NUMBER.fullmatch(label[-1]) or label[-1] == "*"
    return not (_WHOLE_NUMBER.fullmatch(found["rate"]) and doubtful and not _compared(label, len(label) - 1))


def _bare(found: re.Match[str], label: list[str]) -> bool:
    """A target without a sign looks like any number: one line, or each cell a line of its own."""
    number = _ENDS_IN_NUMBER.fullmatch(label[-1]) is not None
    if not _broken(found, "rate", "bare"):
        return not (_broken(found, "bare", "met_bare") and number)
    lines = found["label"].split("\n")
    lone = len(lines) > 1 and lines[-1].strip() == "*"
    return not number and not lone and all(_alone(found, name) for name in ("rate", "bare", "met_bare"))


def _compared(label: list[str], at: int) -> bool:
    """Whether a number of a label follows `more than` or a sign (`more than 80.5%`)."""
    return at > 0 and _COMPARES.fullmatch(label[at - 1]) is not None


def _broken(found: re.Match[str], first: str, second: str) -> bool:
    return "\n" in found.string[found.end(first) : found.start(second)]


def _alone(found: re.Match[str], name: str) -> bool:
    """Whether a cell stands on a line of its own."""
    text = found.string
    start, end = text.rfind("\n", 0, found.start(name)) + 1, text.find("\n", found.end(name))
    return text[start : len(text) if end < 0 else end].strip() == found[name].strip()


def continues_another(found: re.Match[str], before: Iterable[str]) -> bool:
    """Whether a row over several lines may be the rest of an unfinished row in the lines before it.

    Then its number may be a page's or a footnote's; one with a letter (5b) is always an indicator's.
    """
    target = "signed" if found["signed"] is not None else "bare"
    if not found["number"].isdigit() or not _broken(found, "number", target):
        return False
    unfinished = False
    for line in before:
        unfinished = not agency.interpret([line]).names_agency and (
            unfinished or _STARTS_ROW.fullmatch(line) is not None
        )
    return unfinished


def row_lost(lines: Iterable[str]) -> str:
    """Cells of a row without a sign, each on a line of its own, that were not read; else empty."""
    found = re.search(
        rf"^(?:{targets.NUMBER}|{REASON})\n(?:yes|no|n/?a)$", "\n".join(lines), re.IGNORECASE | re.MULTILINE
    )
    return "" if found is None else found[0].replace("\n", " ")
