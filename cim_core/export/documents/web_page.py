"""The page of one LEA as HTML: the same content as the PDF, in one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from cim_core.export.documents.lea_report import Plain
from cim_core.export.documents.receipt import Receipt

_STYLE = """
body{{font:1rem/1.45 system-ui,sans-serif;color:{ink};background:#fff}}
main{{max-width:60rem;margin:2rem auto;padding:0 1rem}}
h1{{font-size:1.75rem;margin:0 0 .5rem}}h2{{font-size:1rem;margin:1.25rem 0 .25rem}}
.lead{{font-size:1.2rem}}.soft,caption{{color:{ink2}}}.big{{font-weight:700}}
.wide{{overflow-x:auto}}table{{border-collapse:collapse;width:100%}}
th,td{{text-align:left;padding:.25rem .5rem;border-bottom:1px solid {line};vertical-align:top}}
.n{{text-align:right;white-space:nowrap}}
.badge{{display:inline-block;border:1px solid {ink};border-radius:2px}}
.badge{{padding:.15rem .5rem;margin:0 .5rem .25rem 0}}
"""


def web_page(of: Plain, receipt: Receipt) -> bytes:
    """The content of `lea_report.content` as a page of its own, with the receipt in it."""
    look = of["look"]
    style = _STYLE.format(ink=look["ink"], ink2=look["ink2"], line=look["line"])
    paper = receipt.json().replace("<", "\\u003c")
    badges = "".join(_badge(one, look["tiers"]) for one in of["badges"])
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(of["lang"])}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(of['title'])}</title><style>{style}</style></head><body><main>",
        _p(f"{of['selpa']} {of['running']} · {of['day']}", "soft"),
        f"<h1>{escape(of['name'])}</h1><p>{badges}{escape(of['agreement'])}</p>",
        _p(of["sentence"], "lead"),
        *(_p(note, "soft") for note in of["notes"]),
        *_card(of["move"]), *_card(of["sure"]), *_years(of["years"]), *_table(of["table"]),
        *(line for card in of["asks"] for line in _card(card)),
        f"<h2>{escape(of['next']['head'])}</h2>", _p(of["next"]["said"], "soft"),
        f"<h2>{escape(of['lag']['head'])}</h2>", _p(" → ".join(of["lag"]["steps"])),
        f"<h2>{escape(of['what']['head'])}</h2>", _p(of["what"]["said"]),
        _p(of["foot"], "soft"),
        f'</main><script type="application/json" id="receipt">{paper}</script></body></html>\n',
    ]  # fmt: skip
    return "\n".join(parts).encode()


def _p(text: str, css: str = "") -> str:
    return f'<p class="{css}">{escape(text)}</p>' if css else f"<p>{escape(text)}</p>"


def _badge(of: Plain, tiers: Plain) -> str:
    color = tiers.get(of["mark"], {"fill": "#fff", "text": "inherit"})
    drawn = f"background:{color['fill']};color:{color['text']}"
    return f"{escape(of['who'])}: " + f'<span class="badge" style="{drawn}">{escape(of["said"])}</span>'


def _card(of: Plain) -> Iterable[str]:
    yield f"<h2>{escape(of['head'])}</h2>"
    if of["big"]:
        yield _p(of["big"], "big")
    if of["said"]:
        yield _p(of["said"])


def _years(of: Plain) -> Iterable[str]:
    yield f"<h2>{escape(of['head'])}</h2>"
    yield _p(" → ".join(f"{each['year']}: {each['code']}" for each in of["each"]))
    yield _p(of["said"])


def _table(of: Plain) -> Iterable[str]:
    """Every target as a row; the strip of the PDF is told in words by the last column."""
    if of["rows"]:
        _, title, rate, target, _, counted, room = of["head"]
        yield f'<div class="wide"><table><caption>{escape(of["title"])}</caption><thead><tr>'
        yield _cells("th", (of["result"], title, rate, target, counted, room))
        yield "</tr></thead><tbody>"
        for row in of["rows"]:
            numbers = _cells("td", (row["rate"], row["target"], row["students"]), ' class="n"')
            first, last = (row["result"], row["title"]), (row["room"],)
            yield f"<tr>{_cells('td', first)}{numbers}{_cells('td', last)}</tr>"
        yield "</tbody></table></div>"
    yield from (_p(note, "soft") for note in of["notes"])


def _cells(kind: str, texts: Iterable[str], more: str = "") -> str:
    return "".join(f"<{kind}{more}>{escape(text)}</{kind}>" for text in texts)
