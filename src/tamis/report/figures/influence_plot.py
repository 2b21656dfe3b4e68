"""What each study does to the pool: its diagnostics in a row, and the plot of Baujat."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamis.domain.canonical import sha256_hex
from tamis.report.documents.sheet import INK, SOFT, Drawing, Guide, Line, Place, Sheet
from tamis.report.figures.figure import Cell, Figure
from tamis.report.figures.forest_columns import named
from tamis.report.figures.forest_notes import model_words
from tamis.report.figures.given import Result, given
from tamis.report.figures.paging import DENSE, LEAST, Block, Item, paged
from tamis.report.figures.reach import marked
from tamis.report.figures.strokes import GREY, axis_ticks
from tamis.report.figures.xy import BLUE, PALE, Plot, names_beside, plotted
from tamis.report.scale import Axis, decimals
from tamis.synthesis.sensitivity import Influence
from tamis.synthesis.sensitivity import baujat as baujat_points
from tamis.synthesis.sensitivity import influence as influence_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["baujat", "influence"]

#: Studies nearer to the corner than this share of the farthest are not named: they are a crowd.
CROWD = 0.08

#: Pixels: width of one panel, room at its ends, height of a row's drawing.
WIDE, MARGIN, HIGH = 112.0, 10.0, 18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """One diagnostic: field, heading, where its stalk begins, and its marks of influence."""

    field: str
    head: tuple[str, ...]
    foot: float
    limits: tuple[float, ...]


def _panels(k: int) -> tuple[_Panel, ...]:
    """Return the diagnostics with the usual marks (Viechtbauer & Cheung 2010)."""
    reach = 3 * math.sqrt(1 / (k - 1))
    return (
        _Panel(field="rstudent", head=("Residual,", "left out"), foot=0.0, limits=(-1.96, 1.96)),
        _Panel(field="dffits", head=("DFFITS",), foot=0.0, limits=(-reach, reach)),
        _Panel(field="cook", head=("Cook's", "distance"), foot=0.0, limits=(0.454936423119573,)),
        _Panel(field="cov_ratio", head=("Covariance", "ratio"), foot=1.0, limits=()),
        _Panel(field="hat", head=("Leverage",), foot=0.0, limits=(3 / k,)),
    )


def influence(result: Result, *, title: str = "") -> Figure:
    """Draw what each study does to the pool, one row a study and one panel a diagnostic.

    Dashed lines are the usual marks; a study beyond one of them has a filled dot and a name in
    bold. It is computed by inverse variance.

    Raises
    ------
    BadInput
        For fewer than three studies with a standard error.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": list("abcd"), "yi": [0.1, 0.2, 0.3, 3.0], "vi": [0.1, 0.1, 0.1, 0.1]}
    >>> figure = influence(meta_analyse(table, measure="MD"))
    >>> [row["study"] for row in figure.table() if row["influential"]]
    ['d']
    """
    found = given(result)
    settings = found.pooling()
    each = influence_of(found.effects(3, "an influence plot"), settings=settings)
    panels = _panels(len(each))
    axes = tuple(_axis(panel, each) for panel in panels)
    rows = tuple(_numbers(one) for one in each)
    name = title or f"Influence of each study: {found.label}, {len(each)} studies"
    marked_names = ", ".join(one.study for one in each if one.influential) or "none"
    said = f"Diagnostics of each of {len(each)} studies. Influential: {marked_names}."
    heads = (Place(lines=("Study",)), *(Place(lines=p.head, side="middle") for p in panels))
    above = (Line(places=(Place(lines=(title,), spans=True),), least=20, bold=True),)
    frame = Sheet(
        title=name, desc=said, id=f"i{sha256_hex(repr((rows, name)).encode())[:8]}",
        columns=1 + len(panels), body=(),
        head=(*(above if title else ()), Line(places=heads, least=18, bold=True, low=True, pad=5)),
        notes=(
            "Filled dots and names in bold: beyond a mark of influence (dashed), or DFBETAS beyond "
            f"1. Model: {model_words(settings.method)}, inverse variance.",
        ),
        guides=tuple(_guides(panels, axes)),
    )  # fmt: skip
    foot = Line(
        places=(Place(), *(Place(drawing=_foot(axis)) for axis in axes)), least=24, pad=DENSE
    )
    items = tuple(Item(line=_line(one, panels, axes)) for one in each)
    whole, pages = paged(Block(frame=frame, items=items, foot=foot))
    return Figure(kind="influence", title=name, desc=said, rows=rows, drawing=whole.svg,
                  pages=pages)  # fmt: skip


def _axis(panel: _Panel, each: tuple[Influence, ...]) -> Axis:
    values = [v for v in (getattr(one, panel.field) for one in each) if math.isfinite(v)]
    inner = [*values, panel.foot]
    span = (max(inner) - min(inner)) or 1.0
    near = [m for m in panel.limits if min(inner) - span <= m <= max(inner) + span]
    low, high = min([*inner, *near]), max([*inner, *near])
    pad = 0.06 * ((high - low) or 1.0)
    low, high = (low if low == panel.foot == 0 else low - pad), high + pad
    marks = marked(low, high, log=False, width=WIDE - 2 * MARGIN)
    digits = max((decimals(m) for m in marks), default=0)
    return Axis(low=low, high=high, ratio=False, left=MARGIN, right=WIDE - MARGIN, marks=marks,
                digits=digits)  # fmt: skip


def _guides(panels: tuple[_Panel, ...], axes: tuple[Axis, ...]) -> Iterator[Guide]:
    for place, (panel, axis) in enumerate(zip(panels, axes, strict=True), start=1):
        yield Guide(column=place, x=axis.at(panel.foot), style=f'stroke="{GREY}"')
        for limit in panel.limits:
            if axis.low <= limit <= axis.high:
                style = f'stroke="{SOFT}" stroke-width="0.9" stroke-dasharray="3 3"'
                yield Guide(column=place, x=axis.at(limit), style=style)


def _line(one: Influence, panels: tuple[_Panel, ...], axes: tuple[Axis, ...]) -> Line:
    name = Place(lines=named(one.study), bold=one.influential)
    dots = (
        _dot(getattr(one, panel.field), panel, axis, filled=one.influential)
        for panel, axis in zip(panels, axes, strict=True)
    )
    return Line(places=(name, *dots), least=LEAST, pad=DENSE)


def _dot(value: float, panel: _Panel, axis: Axis, *, filled: bool) -> Place:
    if not math.isfinite(value):
        return Place(lines=("not estimable",), soft=True, side="middle")
    mid, x, foot = HIGH / 2, axis.at(value), axis.at(panel.foot)
    fill = INK if filled else "#ffffff"
    svg = (
        f'<path d="M{foot:g} {mid:g}H{x:g}" stroke="{PALE}" stroke-width="2"/>'
        f'<circle cx="{x:g}" cy="{mid:g}" r="3.4" fill="{fill}" stroke="{INK}" stroke-width="1.1"/>'
    )
    return Place(drawing=Drawing(svg=svg, width=WIDE, height=HIGH))


def _foot(axis: Axis) -> Drawing:
    return Drawing(svg=axis_ticks(axis, 1.0), width=WIDE, height=20)


def _numbers(one: Influence) -> Mapping[str, Cell]:
    return {
        "study": one.study, "rstudent": one.rstudent, "dffits": one.dffits, "cook": one.cook,
        "cov_ratio": one.cov_ratio, "tau2_without": one.tau2_without, "q_without": one.q_without,
        "hat": one.hat, "weight": one.weight, "dfbetas": one.dfbetas,
        "influential": int(one.influential),
    }  # fmt: skip


def baujat(result: Result, *, title: str = "", names: int = 12) -> Figure:
    """Draw how much each study adds to Q against how far it moves the common effect.

    Parameters
    ----------
    result
        What ``meta_analyse`` returns, or a ``Synthesis``.
    title
        A line above the figure.
    names
        How many studies are named at most, those that stand out most first.

    Raises
    ------
    BadInput
        For fewer than three studies with a standard error.

    References
    ----------
    Baujat, Mahé, Pignon & Hill 2002, Statistics in Medicine 21:2641.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": list("abc"), "yi": [0.1, 0.2, 2.0], "vi": [0.1, 0.1, 0.1]}
    >>> figure = baujat(meta_analyse(table, measure="MD"))
    >>> figure.table()[2]["study"], round(figure.table()[2]["q"], 2)
    ('c', 15.21)
    """
    found = given(result)
    points = baujat_points(found.effects(3, "a Baujat plot"))
    largest = max(points, key=lambda p: p[1])
    most = max(x for _, x, _ in points) or 1.0, max(y for *_, y in points) or 1.0
    height = {s: max(x / most[0], y / most[1]) for s, x, y in points}
    far = (point for point in points if height[point[0]] >= CROWD)
    ordered = sorted(far, key=lambda point: -height[point[0]])

    def draw(axes: Axes) -> None:
        axes.set_xlim(-0.03 * most[0], 1.06 * most[0])
        axes.set_ylim(-0.04 * most[1], 1.08 * most[1])
        axes.scatter([x for _, x, _ in points], [y for *_, y in points], s=24, color=BLUE,
                     edgecolor="white", linewidth=0.6, zorder=3)  # fmt: skip
        axes.set_xlabel("Share of the study in Q (common effect)")
        axes.set_ylabel("Squared shift of the summary without it")
        names_beside(axes, ordered, most=names)

    return plotted(
        Plot(
            kind="baujat", title=title or f"Baujat plot: {found.label}, {len(points)} studies",
            desc=f"{len(points)} studies by their share in heterogeneity and in the summary; "
            f"{largest[0]} has the largest share in heterogeneity.",
            rows=tuple({"study": s, "q": x, "shift": y} for s, x, y in points),
            draw=draw, shown=title,
        )
    )  # fmt: skip
