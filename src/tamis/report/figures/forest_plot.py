"""Forest plots of any result: studies, subgroups, summary, prediction, judgements, axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.canonical import sha256_hex
from tamis.report.documents.sheet import Guide, Line, Place, Sheet, wrapped
from tamis.report.figures.bias_strip import Lights, lights_of
from tamis.report.figures.figure import Cell, Figure
from tamis.report.figures.forest_columns import (
    Columns,
    columns_of,
    heads_of,
    named,
    side_of,
)
from tamis.report.figures.forest_notes import forest_notes, model_words
from tamis.report.figures.given import Given, Result, given
from tamis.report.figures.paging import DENSE, LEAST, Block, Item, paged
from tamis.report.figures.reach import Spread, figure_axis
from tamis.report.figures.strokes import GREY, axis_marks, interval, prediction, summary
from tamis.report.figures.words import UNKNOWN, digits_for, effect, percent, span
from tamis.report.scale import Axis
from tamis.synthesis.requested import Subgroup, Subgroups

__all__ = ["WIDTH", "bounds_of", "forest", "guides"]

#: Pixels: width of the plot, and of the room for arrows at its ends.
WIDTH, MARGIN = 280.0, 12.0

#: Indent of what stands under another row, and space for a subgroup's heading.
INDENT, APART = 10.0, 24.0

NOTHING: Mapping[str, str] = MappingProxyType({})


def forest(
    result: Result,
    *,
    columns: Sequence[str] = (),
    labels: Mapping[str, str] = NOTHING,
    beside: Mapping[str, Sequence[object]] = MappingProxyType({}),
    bias: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    favours: tuple[str, str] = ("", ""),
    title: str = "",
    axis: tuple[float, float] | None = None,
) -> Figure:
    """Draw a forest plot.

    What could not be computed is said in words, never drawn at 0. One study stands without a
    summary, and studies that are not pooled stand with the reason. A figure of many studies has
    pages, each with its axis.

    Parameters
    ----------
    result
        What ``meta_analyse`` returns, or a ``Synthesis`` of a review.
    columns
        Which columns, in which order: ``study``, ``arm1``, ``arm2``, ``plot``, ``effect``,
        ``weight``, ``bias``, and names from ``beside``. Default: all that there are.
    labels
        Heads of columns by name; a line break begins a new line.
    beside
        Columns of your own: name -> one cell a study.
    bias
        Study -> domain -> judgement of risk of bias (``low``, ``some concerns``, ``high``, …).
    favours
        What the left and the right side of no effect mean: ``("favours drug", "favours placebo")``.
    title
        A line above the figure; journals want none.
    axis
        Ends of the axis. By default it holds all estimates and the summary, and an interval that
        is far wider than the others bears an arrow.

    Raises
    ------
    BadInput
        For a result without studies, a column that there is not, an unknown judgement.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": ["Ann 2001", "Bo 2004"], "yi": [-0.5, -0.2], "sei": [0.2, 0.3]}
    >>> figure = forest(meta_analyse(table, measure="RR"), favours=("drug", "placebo"))
    >>> [(row["row"], round(row["estimate"], 2)) for row in figure.table()]
    [('study', 0.61), ('study', 0.82), ('summary', 0.67)]
    >>> "Bo 2004" in figure.svg(), figure.kind
    (True, 'forest')
    """
    found = given(result)
    lights = lights_of(bias, [one.study for one in found.studies])
    chosen = columns_of(found, asked=columns, labels=labels, beside=beside, bias=lights is not None)
    scale = figure_axis(
        [(one.estimate, one.low, one.high) for one in found.studies],
        pools=tuple(_pools(found)), log=found.log, null=found.kind.null, width=WIDTH, margin=MARGIN,
        within=axis, bounds=bounds_of(found),
    )  # fmt: skip
    digits = digits_for(v for spread in _spreads(found) for v in spread)
    plan = _Plan(given=found, columns=chosen, axis=scale, lights=lights, digits=digits)
    rows = tuple(_table(found, lights))
    said = _said(found)
    ident = f"f{sha256_hex(repr((rows, title)).encode())[:8]}"
    frame = Sheet(
        title=title or _title(found), desc=said, id=ident,
        columns=len(chosen.names), head=tuple(_head(plan, title)), body=(),
        notes=tuple(_notes(plan)),
        guides=guides(scale, chosen.plot, found.kind.null, _centre(found)),
    )  # fmt: skip
    foot = plan.line(
        {
            "plot": Place(
                drawing=axis_marks(
                    scale, width=WIDTH, label=_axis_label(found), favours=favours,
                    null=found.kind.null,
                )
            )
        }
    )  # fmt: skip
    whole, pages = paged(Block(frame=frame, items=tuple(_items(plan)), foot=foot))
    return Figure(kind="forest", title=frame.title, desc=said, rows=rows, drawing=whole.svg,
                  pages=pages)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Everything that the rows of one figure share."""

    given: Given
    columns: Columns
    axis: Axis
    lights: Lights | None
    digits: int

    def line(
        self, cells: Mapping[str, Place], *, bold: bool = False, rule: bool = False,
        least: float = LEAST,
    ) -> Line:  # fmt: skip
        """Return a row with the given cells; a drawn foot gives it its height."""
        drawn = [c.drawing.height for c in cells.values() if c.drawing is not None]
        places = tuple(cells.get(name, Place()) for name in self.columns.names)
        return Line(places=places, least=max(least, *drawn, 0.0), bold=bold, rule=rule, pad=DENSE)

    def words(self, name: str, *lines: str, indent: float = 0.0) -> Place:
        """Return a cell of text on the side where its column stands."""
        return Place(lines=lines, side=side_of(self.columns, name), indent=indent)

    def effect(self, estimate: float | None, low: float | None, high: float | None) -> Place:
        """Return the cell of an estimate with its interval."""
        if estimate is None or math.isnan(estimate):
            return self.words("effect", UNKNOWN)
        log, digits = self.given.log, self.digits
        inside = span(low, high, log=log, digits=digits)
        return self.words("effect", f"{effect(estimate, log=log, digits=digits)} ({inside})")


def _items(plan: _Plan) -> Iterator[Item]:
    found = plan.given
    grouped = isinstance(found.subgroups, Subgroups) and found.groups
    if isinstance(found.subgroups, Subgroups) and grouped:
        for part in found.subgroups.groups:
            yield from _block(plan, part)
    else:
        for place in range(len(found.studies)):
            yield Item(line=_study(plan, place, 0.0))
    yield from _whole(plan, apart=bool(grouped))


def _block(plan: _Plan, part: Subgroup) -> Iterator[Item]:
    """Yield one subgroup: its name, its studies, its own diamond."""
    name = named(part.name)
    yield Item(line=plan.line({"study": Place(lines=name, bold=True)}, least=APART), kept=True)
    more = named(f"{part.name} (continued)")
    again = plan.line({"study": Place(lines=more, bold=True)}, least=APART)
    places = [n for n, label in enumerate(plan.given.groups) if label == part.name]
    for place in places:
        yield Item(line=_study(plan, place, INDENT), kept=place == places[-1], again=again)
    pooled = part.k > 1
    cells = {
        "study": Place(lines=(f"Subgroup, k = {part.k}" if pooled else "One study: not pooled",),
                       indent=INDENT, bold=pooled),
    }  # fmt: skip
    if pooled:
        cells["effect"] = plan.effect(part.estimate, part.ci_low, part.ci_high)
        cells["plot"] = Place(
            drawing=summary(plan.axis, part.estimate, part.ci_low, part.ci_high, width=WIDTH)
        )
    yield Item(line=plan.line(cells, bold=pooled), kept=pooled)
    if pooled and part.tau2 is not None and part.i2 is not None:
        words = f"tau² = {part.tau2:.3g}, I² = {percent(part.i2)}"
        yield Item(line=plan.line({"study": Place(lines=(words,), indent=INDENT, soft=True)}))


def _study(plan: _Plan, place: int, indent: float) -> Line:
    one = plan.given.studies[place]
    weight = "" if one.weight is None else percent(one.weight)
    cells = {
        "study": plan.words("study", *named(one.study), indent=indent),
        "effect": plan.effect(one.estimate, one.low, one.high),
        "weight": plan.words("weight", weight),
        "plot": Place(
            drawing=interval(plan.axis, one.estimate, one.low, one.high, one.weight, width=WIDTH)
        ),
    }
    cells |= {name: plan.words(name, *texts[place]) for name, texts in plan.columns.cells.items()}
    if plan.lights is not None:
        strip = plan.lights.rows.get(one.study)
        cells["bias"] = (
            Place(drawing=strip) if strip else Place(lines=("not appraised",), soft=True)
        )
    return plan.line(cells)


def _whole(plan: _Plan, *, apart: bool) -> Iterator[Item]:
    """Yield the summary of all studies and the prediction interval, or the words that none is."""
    pooled = plan.given.pooled
    if pooled is None:
        if plan.given.refused is not None:
            yield Item(
                line=plan.line({"study": Place(lines=("Not pooled",))}, bold=True, rule=True)
            )
        return
    name = f"All studies, k = {pooled.k}" if apart else f"Summary, k = {pooled.k}"
    cells = {
        "study": plan.words("study", name),
        "effect": plan.effect(pooled.estimate, pooled.ci_low, pooled.ci_high),
        "plot": Place(
            drawing=summary(plan.axis, pooled.estimate, pooled.ci_low, pooled.ci_high, width=WIDTH)
        ),
    }
    if any(one.weight is not None for one in plan.given.studies):
        cells["weight"] = plan.words("weight", "100%")
    yield Item(line=plan.line(cells, bold=True, rule=True, least=22), kept=True)
    if pooled.pi_low is not None and pooled.pi_high is not None:
        inside = span(pooled.pi_low, pooled.pi_high, log=plan.given.log, digits=plan.digits)
        drawn = prediction(plan.axis, pooled.pi_low, pooled.pi_high, width=WIDTH)
        cells = {
            "study": plan.words("study", "Prediction interval"),
            "effect": plan.words("effect", inside),
            "plot": Place(drawing=drawn),
        }
        yield Item(line=plan.line(cells))


def _head(plan: _Plan, title: str) -> Iterator[Line]:
    if title:
        above = Place(lines=tuple(wrapped(title, 60.0)), spans=True)
        yield Line(places=(above,), least=20, bold=True)
    places = list(heads_of(plan.columns))
    if plan.lights is not None and "bias" in plan.columns.names:
        places[plan.columns.names.index("bias")] = Place(drawing=plan.lights.head)
    yield Line(places=tuple(places), least=18, bold=True, low=True, pad=5)


def _notes(plan: _Plan) -> Iterator[str]:
    yield from forest_notes(plan.given)
    ends = [v for _, *limits in _spreads(plan.given) for v in limits if v is not None]
    if any(not plan.axis.low <= v <= plan.axis.high for v in ends):
        yield "An arrow marks an interval that goes on beyond the axis."
    if plan.lights is not None and "bias" in plan.columns.names:
        yield plan.lights.note


def _spreads(given: Given) -> Iterator[Spread]:
    for one in given.studies:
        yield one.estimate, one.low, one.high
    yield from _pools(given)


def _pools(given: Given) -> Iterator[Spread]:
    if isinstance(given.subgroups, Subgroups):
        for part in given.subgroups.groups:
            yield part.estimate, part.ci_low, part.ci_high
    if given.pooled is not None:
        yield given.pooled.estimate, given.pooled.ci_low, given.pooled.ci_high
        yield None, given.pooled.pi_low, given.pooled.pi_high


def _centre(given: Given) -> float | None:
    return None if given.pooled is None else given.pooled.estimate


def guides(axis: Axis, column: int, null: float | None, centre: float | None) -> tuple[Guide, ...]:
    """Return the line of no effect and the dashed line of the summary."""
    made = []
    if null is not None and axis.low <= null <= axis.high:
        made.append(Guide(column=column, x=axis.at(null), style=f'stroke="{GREY}"'))
    if centre is not None and axis.low <= centre <= axis.high:
        style = f'stroke="{GREY}" stroke-width="0.9" stroke-dasharray="2 3"'
        made.append(Guide(column=column, x=axis.at(centre), style=style))
    return tuple(made)


#: What a scale cannot leave.
_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"PR": (0.0, 1.0), "PLO": (0.0, 1.0), "PAS": (0.0, 1.0), "PFT": (0.0, 1.0), "COR": (-1.0, 1.0),
     "ZCOR": (-1.0, 1.0), "UCOR": (-1.0, 1.0), "RD": (-1.0, 1.0), "PHI": (-1.0, 1.0),
     "IR": (0.0, math.inf), "IRS": (0.0, math.inf), "IRFT": (0.0, math.inf)}
)  # fmt: skip


def bounds_of(given: Given) -> tuple[float, float]:
    """Return what the measure cannot leave."""
    return _BOUNDS.get(given.kind.name, (-math.inf, math.inf))


def _axis_label(given: Given) -> str:
    return f"{given.heading} (log scale)" if given.log else given.heading


def _title(given: Given) -> str:
    studies = "one study" if len(given.studies) == 1 else f"{len(given.studies)} studies"
    return f"Forest plot: {given.label}, {studies}"


def _said(given: Given) -> str:
    """Return what the figure shows, for readers who do not see it."""
    pooled, log = given.pooled, given.log
    digits = digits_for(v for spread in _spreads(given) for v in spread)
    if pooled is None:
        why = given.refused.message if given.refused else "nothing is pooled."
        return f"Each study with its {given.percent} interval; {why}"
    inside = span(pooled.ci_low, pooled.ci_high, log=log, digits=digits)
    model = model_words(pooled.method, common=pooled.tau2 is None)
    said = (
        f"Summary of {pooled.k} studies, {model}: {given.label} "
        f"{effect(pooled.estimate, log=log, digits=digits)} ({given.percent} CI {inside})."
    )
    if pooled.pi_low is None:
        return said
    beyond = span(pooled.pi_low, pooled.pi_high, log=log, digits=digits)
    return f"{said} Prediction interval {beyond}."


def _table(given: Given, lights: Lights | None) -> Iterator[Mapping[str, Cell]]:
    for place, one in enumerate(given.studies):
        row = _numbers("study", one.study, one.estimate, one.low, one.high)
        row["weight"] = one.weight
        if given.groups:
            row["group"] = given.groups[place]
        if lights is not None:
            row["bias"] = lights.words.get(one.study)
        yield row
    if isinstance(given.subgroups, Subgroups):
        for part in given.subgroups.groups:
            made = _numbers("subgroup", part.name, part.estimate, part.ci_low, part.ci_high)
            yield made | {"k": part.k, "tau2": part.tau2, "i2": part.i2}
    pooled = given.pooled
    if pooled is not None:
        made = _numbers("summary", "", pooled.estimate, pooled.ci_low, pooled.ci_high)
        yield made | {"k": pooled.k, "tau2": pooled.tau2, "i2": pooled.i2}
        if pooled.pi_low is not None:
            yield _numbers("prediction", "", None, pooled.pi_low, pooled.pi_high)
    elif given.refused is not None:
        yield {"row": "refused", "study": "", "words": given.refused.message}


def _numbers(
    row: str, study: str, estimate: float | None, low: float | None, high: float | None
) -> dict[str, Cell]:
    return {"row": row, "study": study, "estimate": estimate, "low": low, "high": high}
