"""x–y plots: drawn by matplotlib, handed on as one SVG document with real text.

matplotlib lays the plot out; the typesetter makes PDF and PNG of the same SVG, so that these plots
and the forest plots share their type, and every form of a figure shows the same. matplotlib is
loaded when the first such plot is drawn. Nothing of it depends on the time, a file of settings or a
display.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from lxml import etree

from tamis.domain.canonical import sha256_hex
from tamis.report.documents.drawing import FAMILIES, NAMESPACE
from tamis.report.documents.widths import ems
from tamis.report.figures.figure import Cell, Figure, clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE",
    "INK",
    "ORANGE",
    "PALE",
    "SHADES",
    "SOFT",
    "Plot",
    "legend_below",
    "names_beside",
    "plotted",
]

#: Colours that stay apart without red and green, and in grey by their lightness.
INK, SOFT, PALE = "#1b1b1a", "#55534f", "#d9d5cc"
BLUE, ORANGE = "#1c4a7d", "#c65300"

#: Shades of significance, from p below 0.01 to p above 0.10.
SHADES = ("#f4f2ee", "#e2ded6", "#cbc6bc", "#ffffff")

#: Size in inches, and of the text in points (SVG pixels times three quarters).
WIDTH, HEIGHT, TYPE = 6.0, 4.4, 9.0

#: Settings of every plot; whatever a file of settings says is not asked.
_SETTINGS: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "tamis", "font.family": "DejaVu Sans",
    "font.size": TYPE, "axes.linewidth": 0.8, "axes.edgecolor": INK, "axes.labelcolor": INK,
    "axes.unicode_minus": True, "xtick.color": INK, "ytick.color": INK, "text.color": INK,
    "xtick.major.width": 0.8, "ytick.major.width": 0.8, "lines.linewidth": 1.2,
    "path.simplify": False, "axes.spines.top": False, "axes.spines.right": False,
    "text.parse_math": False, "legend.frameon": False, "legend.fontsize": TYPE - 1,
}  # fmt: skip

#: Letters that matplotlib's own font lacks are no matter: the typesetter sets them.
_NO_GLYPH = r"(?s).*Glyph .* missing from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A plot before it is drawn: what it is, what draws it, its numbers."""

    kind: str
    title: str
    desc: str
    rows: tuple[Mapping[str, Cell], ...]
    draw: Callable[[Axes], None]
    shown: str = ""


def plotted(plot: Plot) -> Figure:
    """Return a plot as a figure."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        warnings.filterwarnings("ignore", message=_NO_GLYPH)
        canvas = Canvas(figsize=(WIDTH, HEIGHT), layout="constrained")
        FigureCanvasSVG(canvas)
        axes = canvas.add_subplot()
        plot.draw(axes)
        if plot.shown:
            axes.set_title(plot.shown, loc="left", fontsize=TYPE + 1, fontweight="bold")
        data = io.BytesIO()
        canvas.savefig(data, format="svg", metadata={"Date": None, "Creator": None})
    svg = _own(data.getvalue(), plot)
    return Figure(kind=plot.kind, title=plot.title, desc=plot.desc, rows=plot.rows, drawing=svg)


_FONT = re.compile(r"font(?:-family)?:[^;]*;?\s*")
_SIZE = re.compile(r"font:[^;]*?(?:(\w*bold|\d00)\s+)?([\d.]+)px")


def _own(data: bytes, plot: Plot) -> str:
    """Return matplotlib's document with our fonts, a title and a description; no stray metadata."""
    root = etree.fromstring(
        clean(data.decode()).encode(), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    ident = f"x{sha256_hex(repr((plot.title, plot.rows)).encode())[:8]}"
    for element in list(root.iter()):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in ("metadata", "") and element.getparent() is not None:
            _drop(element)
        elif name == "text":
            _retype(element)
        elif name == "g" and re.fullmatch(r"(text|patch|line2d|matplotlib|[xy]tick)_.*",
                                          element.get("id", "")):  # fmt: skip
            del element.attrib["id"]
    width, height = (72 * size / 0.75 for size in (WIDTH, HEIGHT))
    inner = "".join(etree.tostring(child, encoding="unicode") for child in root)
    inner = re.sub(r' xmlns(:\w+)?="[^"]*"', "", inner).replace("xlink:href", "href")
    inner = re.sub(r"\n\s*", "\n", inner).strip()
    box = root.get("viewBox", f"0 0 {72 * WIDTH:g} {72 * HEIGHT:g}")
    return (
        f'<svg xmlns="{NAMESPACE}" viewBox="{box}" width="{width:g}" height="{height:g}" '
        f'font-family="{FAMILIES}" role="img" aria-labelledby="{ident}-t {ident}-d">'
        f'<title id="{ident}-t">{escape(clean(plot.title))}</title>'
        f'<desc id="{ident}-d">{escape(clean(plot.desc))}</desc>{inner}</svg>'
    )


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _retype(element: etree._Element) -> None:
    """Take matplotlib's font from a text, and leave its size and weight."""
    style = element.get("style", "")
    size = _SIZE.search(style)
    if size is not None:
        element.set("font-size", size[2])
        if size[1]:
            element.set("font-weight", "600")
    rest = _FONT.sub("", style).strip()
    element.attrib.pop("style", None)
    if rest:
        element.set("style", rest)


def legend_below(axes: Axes, columns: int) -> None:
    """Write what the marks mean below the plot; pale patches get an edge."""
    legend = axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=columns)
    for patch in legend.get_patches():
        patch.set_edgecolor(SOFT)
        patch.set_linewidth(0.5)


def names_beside(
    axes: Axes,
    points: Sequence[tuple[str, float, float]],
    *,
    most: int = 12,
    radii: Sequence[float] = (),
) -> None:
    """Write names beside points, above or below where one stands in the way of another.

    Parameters
    ----------
    axes
        Where; its limits are set already.
    points
        Name and place, the most important first; at most ``most`` are named.
    most
        How many names are written.
    radii
        How far from its point a name must stay, in points of type.
    """
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    taken: list[tuple[float, float, float, float]] = []
    every = [(72 * WIDTH * 0.85 * (x - x0) / (x1 - x0), 72 * HEIGHT * 0.82 * (y - y0) / (y1 - y0))
             for _, x, y in points]  # fmt: skip
    for place, ((name, x, y), (left, low)) in enumerate(zip(points, every, strict=True)):
        if place >= most:
            break
        long = TYPE * ems(name)
        r = (radii[place] if radii else 2.5) + 3.5
        for dx, dy, side in ((r, 0, "left"), (-r, 0, "right"), (r - 1, r + 2, "left"),
                             (r - 1, -r - 2, "left"), (1 - r, r + 2, "right"),
                             (1 - r, -r - 2, "right")):  # fmt: skip
            start = left + dx if side == "left" else left + dx - long
            box = (start, low + dy - 5, start + long, low + dy + 5)
            if start < 0 or start + long > 72 * WIDTH * 0.9 or any(_meet(box, o) for o in taken):
                continue
            if any(box[0] < px < box[2] and box[1] < py < box[3] for px, py in every):
                continue
            taken.append(box)
            axes.annotate(
                name, (x, y), xytext=(dx, dy), textcoords="offset points", ha=side, va="center",
                fontsize=TYPE - 1,
            )  # fmt: skip
            break


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
