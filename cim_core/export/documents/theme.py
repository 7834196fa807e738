"""The theme of slides: the colors of the look, one typeface, flat shapes, tables with lines between rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import quoteattr

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR

from cim_core.export.look import LIGHT

FONT = "Calibri"
"""Every office program has it, or one of the same widths."""
SLOTS: Mapping[str, str] = MappingProxyType({
    "dk1": "ink", "lt1": "bg", "dk2": "ink-2", "lt2": "surface", "accent1": "ink-2",
    "accent2": "U", "accent3": "T1", "accent4": "T2", "accent5": "T3", "accent6": "I",
    "hlink": "link", "folHlink": "ink-3",
})  # fmt: skip
"""The token of each color of the theme. The first accent is a gray: a chart that somebody adds is no tier."""
TABLE_STYLE = "{6F1B0C52-8D3E-4A57-9B64-2C1D7A90E3F5}"
NAMESPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_NAMED = MappingProxyType({
    "ink": MSO_THEME_COLOR.TEXT_1, "bg": MSO_THEME_COLOR.BACKGROUND_1,
    "ink-2": MSO_THEME_COLOR.TEXT_2, "surface": MSO_THEME_COLOR.BACKGROUND_2,
    "U": MSO_THEME_COLOR.ACCENT_2, "T1": MSO_THEME_COLOR.ACCENT_3, "T2": MSO_THEME_COLOR.ACCENT_4,
    "T3": MSO_THEME_COLOR.ACCENT_5, "I": MSO_THEME_COLOR.ACCENT_6,
})  # fmt: skip
_FLAT = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_WIDTHS = (9525, 12700, 19050)
_LINE = 9525
"""Of a line between two rows of a table, in EMU: three quarters of a point."""


def paint(color: Any, token: str) -> None:
    """Give a color of the library that of a token: by the theme's slot where it has one."""
    named = next((slot for name, slot in _NAMED.items() if LIGHT[name] == LIGHT[token]), None)
    if named is None:
        color.rgb = RGBColor.from_string(rgb(token))
    else:
        color.theme_color = named


def rgb(token: str) -> str:
    """The color of a token as office files write it."""
    return LIGHT[token].removeprefix("#").upper()


def theme(name: str) -> str:
    """The theme as XML, under a name."""
    colors = "".join(f'<a:{slot}><a:srgbClr val="{rgb(token)}"/></a:{slot}>' for slot, token in SLOTS.items())
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    lines = "".join(
        f'<a:ln w="{width}" cap="flat" cmpd="sng" algn="ctr">{_FLAT}<a:prstDash val="solid"/></a:ln>'
        for width in _WIDTHS
    )
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    called = quoteattr(name)
    return (
        f"<a:theme {NAMESPACE} name={called}><a:themeElements>"
        f"<a:clrScheme name={called}>{colors}</a:clrScheme>"
        f"<a:fontScheme name={called}><a:majorFont>{face}</a:majorFont>"
        f"<a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f"<a:fmtScheme name={called}><a:fillStyleLst>{_FLAT * 3}</a:fillStyleLst>"
        f"<a:lnStyleLst>{lines}</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FLAT * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements><a:objectDefaults/><a:extraClrSchemeLst/></a:theme>"
    )


def table_styles(name: str) -> str:
    """The only style of tables, which new ones take too: gray lines between rows, white between columns."""
    none = "".join(f"<a:{side}><a:ln><a:noFill/></a:ln></a:{side}>" for side in ("left", "right"))
    drawn = "".join(
        f'<a:{side}><a:ln w="{_LINE}" cmpd="sng"><a:solidFill><a:srgbClr val="{rgb("line")}"/></a:solidFill>'
        f"</a:ln></a:{side}>"
        for side in ("top", "bottom", "insideH")
    )
    inside = (
        f'<a:insideV><a:ln w="{2 * _LINE}" cmpd="sng"><a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
        "</a:ln></a:insideV>"
    )
    font = '<a:fontRef idx="minor"/><a:schemeClr val="tx1"/>'
    head = '<a:fontRef idx="minor"/><a:schemeClr val="tx2"/>'
    return (
        f'<a:tblStyleLst {NAMESPACE} def="{TABLE_STYLE}"><a:tblStyle styleId="{TABLE_STYLE}" '
        f"styleName={quoteattr(name)}><a:wholeTbl><a:tcTxStyle>{font}</a:tcTxStyle><a:tcStyle>"
        f"<a:tcBdr>{none}{drawn}{inside}</a:tcBdr><a:fill><a:noFill/></a:fill></a:tcStyle></a:wholeTbl>"
        f'<a:firstRow><a:tcTxStyle b="on">{head}</a:tcTxStyle><a:tcStyle><a:tcBdr/><a:fill><a:solidFill>'
        '<a:schemeClr val="bg2"/></a:solidFill></a:fill></a:tcStyle></a:firstRow>'
        "</a:tblStyle></a:tblStyleLst>"
    )
