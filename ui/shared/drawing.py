"""Pictures as SVG, written by hand: direct labels, colors by token, a text that says what is to be seen.

The same drawing stands on the page (colors follow the device's theme), on paper and in a saved file (light;
SVG, or PNG made by resvg without a browser).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from cim_core.export.look import FONTS
from cim_core.rules.tiers import Placement
from ui.shared import downloads, tokens
from ui.shared.words_on_screen import t

_FONTS = tuple(str(FONTS / f"CIMSans-{weight}.ttf") for weight in ("Regular", "Bold"))
_FAMILY = "CIM Sans"
_VARIABLE = re.compile(r"var\(--cim-([\w-]+)\)")
_PNG_ZOOM = 2
_NO_MARKDOWN = str.maketrans({sign: f"&#{ord(sign)};" for sign in "[]*$`!"})
"""Names in a picture are text and nothing else, also to what reads Markdown."""


def _color(token: str) -> str:
    return token if token in ("none", "transparent") else f"var(--cim-{token})"


class Drawing:
    """A picture of a width and height in pixels; `said` is what a reader who cannot see it hears."""

    def __init__(self, width: float, height: float, said: str) -> None:
        self.width, self.height, self.said = width, height, said
        self._parts: list[str] = []

    def _add(self, tag: str, style: str = "", content: str = "", **given: object) -> None:
        given["style"] = style
        named = "".join(
            f' {name.replace("_", "-")}="{value}"' for name, value in given.items() if value != ""
        )
        self._parts.append(f"<{tag}{named}>{content}</{tag}>" if content else f"<{tag}{named}/>")

    def _style(self, fill: str, stroke: str, width: float, dash: str, opacity: float) -> str:
        style = f"fill:{_color(fill)}"
        if stroke:
            style += f";stroke:{_color(stroke)};stroke-width:{_plain(width)}"
        if dash:
            style += f";stroke-dasharray:{dash}"
        if opacity < 1:
            style += f";opacity:{opacity}"
        return style

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str = "none", stroke: str = "",
        line: float = 1, radius: float = 0, dash: str = "", opacity: float = 1,
    ) -> None:  # fmt: skip
        """A rectangle; `fill` and `stroke` are tokens."""
        at = {"x": _plain(x), "y": _plain(y), "width": _plain(width), "height": _plain(height)}
        self._add(
            "rect", self._style(fill, stroke, line, dash, opacity), **at, rx=_plain(radius) if radius else ""
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        stroke: str = "line",
        width: float = 1,
        dash: str = "",
    ) -> None:
        """A straight line."""
        at = {"x1": _plain(x1), "y1": _plain(y1), "x2": _plain(x2), "y2": _plain(y2)}
        self._add("line", self._style("none", stroke, width, dash, 1), **at)

    def circle(
        self, x: float, y: float, radius: float, fill: str = "bg", stroke: str = "ink", width: float = 2
    ) -> None:
        """A circle."""
        self._add(
            "circle", self._style(fill, stroke, width, "", 1), cx=_plain(x), cy=_plain(y), r=_plain(radius)
        )

    def path(
        self, d: str, fill: str = "none", stroke: str = "", width: float = 1, opacity: float = 1
    ) -> None:
        """A path in SVG's own words."""
        self._add("path", self._style(fill, stroke, width, "", opacity), d=d)

    def diamond(self, x: float, y: float, size: float = 6, fill: str = "ink") -> None:
        """The mark of the LEA that is looked at."""
        self.path(f"M{_plain(x)} {_plain(y - size)}l{size} {size} {-size} {size} {-size} {-size}z", fill=fill)

    def text(
        self, x: float, y: float, text: str, size: int = 14, color: str = "ink", anchor: str = "start",
        bold: bool = False, turn: float = 0,
    ) -> None:  # fmt: skip
        """Text whose baseline is at (x, y); `turn` in degrees."""
        turned = f"rotate({_plain(turn)} {_plain(x)} {_plain(y)})" if turn else ""
        style = f"fill:{_color(color)};font-size:{size}px" + (";font-weight:700" if bold else "")
        self._add(
            "text", style, escape(text, quote=False), x=_plain(x), y=_plain(y), transform=turned,
            text_anchor="" if anchor == "start" else anchor,
        )  # fmt: skip

    def link(self, to: str, said: str, draw: Callable[[], None]) -> None:
        """What `draw` draws, as a link to a page of the app."""
        before, self._parts = self._parts, []
        draw()
        inner, self._parts = self._inner(), before
        self._parts.append(f'<a href="{escape(to)}" target="_self" aria-label="{escape(said)}">{inner}</a>')

    def svg(self, css: str = "") -> str:
        """The picture as SVG that follows the theme of the page it stands on."""
        named = f' class="{css}"' if css else ""
        wide, high = _plain(self.width), _plain(self.height)
        said = escape(self.said)
        head = f'<svg xmlns="http://www.w3.org/2000/svg"{named} viewBox="0 0 {wide} {high}" width="{wide}"'
        head += f' height="{high}" role="img" aria-label="{said}"><title>{said}</title>'
        return f"{head}{self._inner()}</svg>"

    def _inner(self) -> str:
        return "".join(self._parts)

    def file(self) -> str:
        """The picture as a file that stands alone: light colors, on white, its font named."""
        text = _VARIABLE.sub(lambda found: tokens.LIGHT[found[1]], self.svg())
        paper = f'<rect width="100%" height="100%" fill="{tokens.LIGHT["bg"]}"/>'
        text = text.replace("</title>", f"</title>{paper}", 1)
        return text.replace("<svg ", f'<svg font-family="{_FAMILY}, Arial, sans-serif" ', 1)

    def png(self) -> bytes:
        """The picture as a PNG of twice its size."""
        import resvg_py

        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=self.file(), zoom=_PNG_ZOOM, font_files=list(_FONTS), skip_system_fonts=True
            )
        )


def _plain(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def box(
    picture: Drawing,
    placement: Placement,
    x: float,
    y: float,
    width: float,
    height: float,
    named: bool = False,
) -> None:
    """A placement as a box in its color, with its code in the middle where it is `named`; a broken line
    around what is no tier."""
    mark = tokens.tier(placement)
    picture.rect(x, y, width, height, mark or "bg", "edge", radius=3, dash="" if mark else "3 2")
    if named:
        ink = f"on-{mark}" if mark else "ink"
        picture.text(x + width / 2, y + height / 2 + 4, placement.code, 12, ink, "middle", bold=True)


def picture(
    drawing: Drawing,
    key: str,
    finding: str = "",
    phone: Drawing | None = None,
    save: str = "",
    paper: Drawing | None = None,
) -> None:
    """A drawing on the page under the sentence that says what it shows; `phone`: its layout where narrow,
    `paper`: its layout where printed, in which text is as large as on the screen.

    `save` is the file name, without its ending, under which the picture can be saved; none for "".
    """
    said = f'<p class="cim-under">{escape(finding)}</p>' if finding else ""
    others = "".join(
        other.svg(css) for other, css in ((phone, "cim-phone"), (paper, "cim-sheet")) if other is not None
    )
    markup = f'<figure class="cim-picture">{said}{drawing.svg("cim-wide")}{others}</figure>'
    with st.container(key=key):
        show(markup)
        if save:
            save_buttons(drawing, key, save)


def show(markup: str) -> None:
    """Put HTML with pictures in it on the page; names in it are text and nothing else."""
    st.markdown(markup.replace("\n", " ").translate(_NO_MARKDOWN), unsafe_allow_html=True)


def save_buttons(drawing: Drawing | Callable[[], Drawing], key: str, name: str) -> None:
    """Two small buttons that save a picture, made when asked for; `drawing` may be what makes it."""
    with st.container(horizontal=True, key=f"no_print_save_{key}"):
        for ending, label, make, mime in _forms(drawing):
            downloads.button(
                label,
                make,
                file_name=f"{name}.{ending}",
                mime=mime,
                key=f"save_{ending}_{key}",
                type="tertiary",
            )


def _forms(
    drawing: Drawing | Callable[[], Drawing],
) -> Sequence[tuple[str, str, Callable[[], bytes], str]]:
    def made() -> Drawing:
        return drawing if isinstance(drawing, Drawing) else drawing()

    return (
        ("svg", t("picture.svg"), lambda: made().file().encode(), "image/svg+xml"),
        ("png", t("picture.png"), lambda: made().png(), "image/png"),
    )
