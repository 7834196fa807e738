"""What a page sends to the browser and what its downloads hold, for tests that look into all of it."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import numpy as np
import pypdf
from google.protobuf.json_format import MessageToDict

from cim_core.data.dataset import Dataset
from cim_core.export import outlook_rows, rows
from cim_core.outlook import margins
from cim_core.placing import reference
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Disclosure

_H1 = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


def elements(at) -> Iterator[tuple[str, object]]:
    """Every element of a page: its kind and what is sent of it; charts as their JSON, tables as frames."""
    for node in nodes(at._tree):
        proto = getattr(node, "proto", None)
        if proto is None or not hasattr(proto, "DESCRIPTOR"):
            continue
        name = proto.DESCRIPTOR.name
        if name == "PlotlyChart":
            yield name, json.loads(proto.spec or proto.figure.spec)
        elif name == "BidiComponent":
            yield name, json.loads(proto.json or "{}")
        elif hasattr(proto, "arrow_data") or name in ("Arrow", "ArrowDataframe", "Dataframe"):
            yield name, (node.value, proto.columns)
        else:
            yield name, MessageToDict(proto, use_integers_for_enums=True)


def everything(at) -> Iterator[str]:
    """All that a page sends to the browser, arrays of charts and tables as numbers."""
    for name, content in elements(at):
        if name == "PlotlyChart":
            yield from (text for _, text in leaves(content))
        elif isinstance(content, tuple):
            frame, columns = content
            yield frame.to_csv()
            yield columns
        else:
            yield re.sub(r"\$\$ID-[0-9a-f]+", "", json.dumps(content, ensure_ascii=False))


def headline(at) -> str:
    """The sentence a page begins with, its first heading."""
    made = [found[1] for one in at.get("html") if (found := _H1.search(one.proto.body))]
    return unescape(made[0]) if made else plain(at.title[0].value)


def bar(at) -> str:
    """What the header says is looked at: whose LEAs, which year, which rules."""
    labels = [node.proto.popover.label for node in nodes(at._tree) if getattr(node, "type", "") == "popover"]
    return plain(labels[0]) if labels else ""


def plain(text: str) -> str:
    """A text without what Markdown needs."""
    return text.replace("\\", "").replace("**", "").replace("\u2060", "")


def nodes(node) -> Iterator[object]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from nodes(child)


def leaves(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """The texts and numbers of nested values, each with its key; arrays that are sent as bytes are read."""
    if isinstance(value, dict):
        if "bdata" in value:
            sent = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]).tolist()
            yield key, " ".join(map(str, sent))
        for name, each in value.items():
            yield from leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, key)
    elif not isinstance(value, bool) and value is not None:
        yield key, str(value)


def is_picture(made: object) -> bool:
    """Whether it is a picture as points; the same drawing is sent as SVG, whose text is looked at."""
    return isinstance(made, bytes) and made.startswith(b"\x89PNG")


def texts_of(content: object) -> Iterator[str]:
    """A download as texts, the parts of a workbook one by one."""
    made = content() if callable(content) else content
    if is_picture(made):
        return
    if isinstance(made, bytes) and made.startswith(b"%PDF"):
        of = pypdf.PdfReader(io.BytesIO(made))
        yield from (page.extract_text() for page in of.pages)
        yield str(of.metadata)
        yield from (one.decode() for each in of.attachments.values() for one in each)
        return
    if isinstance(made, bytes) and made.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made)) as book:
            for name in book.namelist():
                content = book.read(name)
                if name.endswith((".xlsx", ".pptx", ".pdf", ".zip")):
                    yield from texts_of(content)
                else:
                    yield content.decode("utf-8", "replace")
    else:
        yield made.decode() if isinstance(made, bytes) else str(made)


def own(downloads: dict[str, object]) -> dict[str, object]:
    """The downloads of a page that are ours: not the sample, nor somebody's own workbook or scenario.

    A picture is left out as PNG: it leaves as SVG too, which can be read.
    """
    theirs = {path.name for path in SAMPLES.iterdir()} | {"scenario.toml"}
    return {
        name: data
        for name, data in downloads.items()
        if name not in theirs and not name.endswith(("_marked.xlsx", ".png"))
    }


def explained(dataset: Dataset, gate: Disclosure, step: int) -> Iterator[dict[str, object]]:
    """What the shell explains of every so many rows, said through a gate."""
    placements = place(dataset, rulebook_file.load(), reference.shipped())
    margin = margins(placements)
    for row in range(0, len(dataset), step):
        yield rows.explain_row(placements, row, gate, margin) | outlook_rows.outlook(placements, row, gate)
