"""An empty presentation that is ours: its theme, one master, two layouts, notes; nothing of a library.

A slide that somebody adds by hand looks like those of a deck: title, text, foot and number have their places
and letters from the master. The words in empty places come from the message files.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pptx import Presentation
from pptx.util import Emu, Inches

from cim_core.export.documents import theme
from cim_core.words.disclosure import Disclosure

WIDE, HIGH = Emu(12192000), Emu(6858000)
LEFT = Inches(0.67)
INNER = WIDE - 2 * LEFT
TOP, TOP_ALONE, BOTTOM = Inches(2.5), Inches(2.0), Inches(6.6)
"""Between these stands the picture of a card; it begins further up where there is no line under the title."""
QUESTION, UNDER, FOOT, NUMBER = 10, 11, 12, 13
"""The places of a card beside its title, as the layout numbers them."""
_BODY = 1
LINE = Inches(6.74)
"""Where the line above the foot is."""
_NUMBER_WIDE = Inches(0.8)
_Box = tuple[int, int, int, int]
"""Left, top, width, height."""
_TITLE: _Box = (LEFT, Inches(0.72), INNER, Inches(1.08))
_QUESTION: _Box = (LEFT, Inches(0.32), INNER, Inches(0.4))
_UNDER: _Box = (LEFT, Inches(1.82), INNER, Inches(0.65))
_TEXT: _Box = (LEFT, Inches(2.0), INNER, Inches(4.6))
_FOOT: _Box = (LEFT, Inches(6.8), INNER - _NUMBER_WIDE, Inches(0.5))
_NUMBER: _Box = (LEFT + INNER - _NUMBER_WIDE, Inches(6.8), _NUMBER_WIDE, Inches(0.5))
_SLIDE_ON_NOTES: _Box = (685800, 1143000, 5486400, 3086100)
_NOTES: _Box = (685800, 4400550, 5486400, 3600450)
_LEVELS = ((2400, ""), (2000, "•"), (1800, "•"), (1600, "•"), (1600, "•"))
"""The size of each level of a text in hundredths of a point, and what stands before it."""
_TITLE_SIZE, _FOOT_SIZE = 2600, 1200
_INDENT = 285750
_MOST_LEVELS = 9
_FACES = (("latin", "lt"), ("ea", "ea"), ("cs", "cs"))
_NOTES_WIDE, _NOTES_HIGH = 6858000, 9144000
_NAMESPACES = (
    f"{theme.NAMESPACE} "
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_MAP = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
    'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
    'folHlink="folHlink"/>'
)
_GROUP = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm>'
    "</p:grpSpPr>"
)
FIELD = "{3B9F4C7E-52A1-4E0D-8C6B-71D2A5F0E946}"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml"
_TYPES = {
    "ppt/presentation.xml": f"{_TYPE}.presentation.main+xml",
    "ppt/slideMasters/slideMaster1.xml": f"{_TYPE}.slideMaster+xml",
    "ppt/slideLayouts/slideLayout1.xml": f"{_TYPE}.slideLayout+xml",
    "ppt/slideLayouts/slideLayout2.xml": f"{_TYPE}.slideLayout+xml",
    "ppt/notesMasters/notesMaster1.xml": f"{_TYPE}.notesMaster+xml",
    "ppt/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "ppt/theme/theme2.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "ppt/tableStyles.xml": f"{_TYPE}.tableStyles+xml",
}
_RELATIONS = {
    "_rels/.rels": (("officeDocument", "ppt/presentation.xml"),),
    "ppt/_rels/presentation.xml.rels": (
        ("slideMaster", "slideMasters/slideMaster1.xml"),
        ("notesMaster", "notesMasters/notesMaster1.xml"),
        ("theme", "theme/theme1.xml"),
        ("tableStyles", "tableStyles.xml"),
    ),
    "ppt/slideMasters/_rels/slideMaster1.xml.rels": (
        ("slideLayout", "../slideLayouts/slideLayout1.xml"),
        ("slideLayout", "../slideLayouts/slideLayout2.xml"),
        ("theme", "../theme/theme1.xml"),
    ),
    "ppt/slideLayouts/_rels/slideLayout1.xml.rels": (("slideMaster", "../slideMasters/slideMaster1.xml"),),
    "ppt/slideLayouts/_rels/slideLayout2.xml.rels": (("slideMaster", "../slideMasters/slideMaster1.xml"),),
    "ppt/notesMasters/_rels/notesMaster1.xml.rels": (("theme", "../theme/theme2.xml"),),
}
"""What leads to what; the first of a file is its rId1."""


def empty(gate: Disclosure, language: str) -> Any:
    """A presentation without slides, as the library holds one; texts are of `language`."""
    name = gate.say_id("app.title")
    parts = {
        "ppt/presentation.xml": _presentation(language),
        "ppt/slideMasters/slideMaster1.xml": _master(gate, language),
        "ppt/slideLayouts/slideLayout1.xml": _card(gate, language),
        "ppt/slideLayouts/slideLayout2.xml": _text(gate, language),
        "ppt/notesMasters/notesMaster1.xml": _notes_master(gate, language),
        "ppt/theme/theme1.xml": theme.theme(name),
        "ppt/theme/theme2.xml": theme.theme(name),
        "ppt/tableStyles.xml": theme.table_styles(name),
    }
    relations = {where: _relations(each) for where, each in _RELATIONS.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for where, content in ({"[Content_Types].xml": _types()} | relations | parts).items():
            package.writestr(where, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')
    out.seek(0)
    return Presentation(out)


def _types() -> str:
    each = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{each}</Types>'
    )


def _relations(each: tuple[tuple[str, str], ...]) -> str:
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(each, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{related}</Relationships>'


def _presentation(language: str) -> str:
    return (
        f'<p:presentation {_NAMESPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        '</p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id="rId2"/></p:notesMasterIdLst>'
        f'<p:sldSz cx="{WIDE}" cy="{HIGH}"/><p:notesSz cx="{_NOTES_WIDE}" cy="{_NOTES_HIGH}"/>'
        f"<p:defaultTextStyle>{_levels(1800, language)}</p:defaultTextStyle></p:presentation>"
    )


def _levels(size: int, language: str) -> str:
    """All levels of a text alike, without marks."""
    return "".join(_level(level, size, "", language) for level in range(1, _MOST_LEVELS + 1))


def _level(level: int, size: int, bullet: str, language: str, bold: bool = False, space: int = 0) -> str:
    """How a level of text is written."""
    margin = (level - 1) * _INDENT
    indent = -_INDENT if bullet else 0
    tight = '<a:lnSpc><a:spcPct val="90000"/></a:lnSpc>' if bold else ""
    before = f'<a:spcBef><a:spcPts val="{space}"/></a:spcBef>' if space else ""
    mark = f'<a:buFont typeface="Arial"/><a:buChar char="{bullet}"/>' if bullet else "<a:buNone/>"
    face = "".join(f'<a:{kind} typeface="+{"mj" if bold else "mn"}-{short}"/>' for kind, short in _FACES)
    return (
        f'<a:lvl{level}pPr marL="{margin}" indent="{indent}" algn="l" defTabSz="914400" rtl="0" '
        f'eaLnBrk="1" latinLnBrk="0" hangingPunct="1">{tight}{before}{mark}'
        f'<a:defRPr lang="{language}" sz="{size}" b="{int(bold)}" kern="1200">'
        f'<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>{face}</a:defRPr></a:lvl{level}pPr>'
    )


def _master(gate: Disclosure, language: str) -> str:
    """The master: places and letters of everything, the line above the foot."""
    body = "".join(
        _level(level, *_LEVELS[min(level, len(_LEVELS)) - 1], language, space=600)
        for level in range(1, _MOST_LEVELS + 1)
    )
    text = _holder(
        3, gate.say_id("slides.prompt.text"), f'type="body" idx="{_BODY}"', language, _TEXT, fits=True
    )
    shapes = _title(gate, language, _TITLE) + text + _count(gate, language, _NUMBER) + _rule()
    return (
        f"<p:sldMaster {_NAMESPACES}>{_page(shapes)}{_MAP}<p:sldLayoutIdLst>"
        '<p:sldLayoutId id="2147483649" r:id="rId1"/><p:sldLayoutId id="2147483650" r:id="rId2"/>'
        '</p:sldLayoutIdLst><p:hf hdr="0" ftr="0" dt="0"/><p:txStyles>'
        f"<p:titleStyle>{_level(1, _TITLE_SIZE, '', language, bold=True)}</p:titleStyle>"
        f"<p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{_levels(1800, language)}</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def _card(gate: Disclosure, language: str) -> str:
    """The layout of a card: what is asked, the sentence that answers, a line under it, room for a picture."""
    asked, under = gate.say_id("slides.prompt.question"), gate.say_id("slides.prompt.under")
    kind = 'type="body" sz="quarter" idx="{}"'
    shapes = (
        _title(gate, language)
        + _holder(3, asked, kind.format(QUESTION), language, _QUESTION, _gray(1600))
        + _holder(4, under, kind.format(UNDER), language, _UNDER, _gray(2000))
        + _foot(gate, language)
    )
    return _layout(gate.say_id("slides.layout.card"), shapes)


def _text(gate: Disclosure, language: str) -> str:
    """The layout of a title over text, for slides that somebody types."""
    text = _holder(3, gate.say_id("slides.prompt.text"), f'idx="{_BODY}"', language)
    shapes = _title(gate, language) + text + _foot(gate, language)
    return _layout(gate.say_id("slides.layout.text"), shapes, ' type="obj"')


def _layout(name: str, shapes: str, kind: str = "") -> str:
    return (
        f'<p:sldLayout {_NAMESPACES}{kind} preserve="1"><p:cSld name={quoteattr(name)}><p:spTree>'
        f"{_GROUP}{shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def _page(shapes: str) -> str:
    """What is drawn on a master."""
    background = '<p:bg><p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef></p:bg>'
    return f"<p:cSld>{background}<p:spTree>{_GROUP}{shapes}</p:spTree></p:cSld>"


def _title(gate: Disclosure, language: str, box: _Box | None = None) -> str:
    """The sentence; a short one stands at the foot of its place, close to what is under it."""
    return _holder(2, gate.say_id("slides.prompt.title"), 'type="title"', language, box, anchor="b")


def _foot(gate: Disclosure, language: str) -> str:
    """The line at the foot and the number of the slide."""
    said, kind = gate.say_id("slides.prompt.source"), f'type="body" sz="quarter" idx="{FOOT}"'
    return _holder(8, said, kind, language, _FOOT, _gray(_FOOT_SIZE)) + _count(gate, language)


def _count(gate: Disclosure, language: str, box: _Box | None = None) -> str:
    """The number of the slide; the master alone says where and how."""
    said, kind = gate.say_id("slides.prompt.number"), f'type="sldNum" sz="quarter" idx="{NUMBER}"'
    field = f'<a:fld id="{FIELD}" type="slidenum"><a:rPr lang="{language}"/><a:t>‹#›</a:t></a:fld>'
    return _holder(9, said, kind, language, box, "" if box is None else _gray(_FOOT_SIZE, "r"), prompt=field)


def _gray(size: int, align: str = "l") -> str:
    """How the lines beside a title are written: gray, without a mark."""
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{size}"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    )


def _holder(
    id_: int,
    name: str,
    kind: str,
    language: str,
    box: _Box | None = None,
    style: str = "",
    fits: bool = False,
    prompt: str | None = None,
    anchor: str = "t",
) -> str:
    """A place for text. Where nothing is said of its box and style, the master decides; text that `fits` is
    made smaller as it is typed. `prompt` stands in the empty place: its name, if nothing else is given."""
    run = f'<a:r><a:rPr lang="{language}"/><a:t>{escape(name)}</a:t></a:r>' if prompt is None else prompt
    fit = "normAutofit" if fits else "noAutofit"
    how = "" if box is None else f'vert="horz" wrap="square" anchor="{anchor}"><a:{fit}/></a:bodyPr>'
    body = f"<a:bodyPr {how}" if how else "<a:bodyPr/>"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{id_}" name={quoteattr(name)}/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{'' if box is None else _drawn(box, 'rect')}</p:spPr><p:txBody>{body}"
        f'<a:lstStyle>{style}</a:lstStyle><a:p>{run}<a:endParaRPr lang="{language}"/></a:p></p:txBody></p:sp>'
    )


def _drawn(box: _Box, shape: str) -> str:
    """Where something is, and its outline."""
    x, y, wide, high = box
    return (
        f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        f'<a:prstGeom prst="{shape}"><a:avLst/></a:prstGeom>'
    )


def _stroke(token: str) -> str:
    return f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{theme.rgb(token)}"/></a:solidFill></a:ln>'


def _rule() -> str:
    """The line above the foot, which says nothing."""
    return (
        '<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="10" name=""/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/>'
        f"</p:nvCxnSpPr><p:spPr>{_drawn((LEFT, LINE, INNER, 0), 'line')}{_stroke('line')}</p:spPr></p:cxnSp>"
    )


def _notes_master(gate: Disclosure, language: str) -> str:
    """The master of notes: a picture of the slide over what the speaker says."""
    name = quoteattr(gate.say_id("slides.prompt.slide"))
    picture = (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name={name}/><p:cNvSpPr>'
        '<a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg" idx="2"/>'
        f"</p:nvPr></p:nvSpPr><p:spPr>{_drawn(_SLIDE_ON_NOTES, 'rect')}<a:noFill/>{_stroke('line-strong')}"
        "</p:spPr></p:sp>"
    )
    said = gate.say_id("slides.prompt.notes")
    notes = _holder(3, said, 'type="body" sz="quarter" idx="3"', language, _NOTES)
    return (
        f"<p:notesMaster {_NAMESPACES}>{_page(picture + notes)}{_MAP}"
        f"<p:notesStyle>{_levels(1200, language)}</p:notesStyle></p:notesMaster>"
    )
