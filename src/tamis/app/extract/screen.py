"""The extraction screen of one person: forms with their own answers, the cell that is looked at.

A cell is named by ``arm/outcome/visit/estimand/statistic``, so that an address can say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tamis.app.extract.forms import FormShown, RowShown, fill_form
from tamis.app.extract.views import OwnExtraction, Reading, StudyShown, TrajectoryShown
from tamis.domain.errors import BadInput
from tamis.domain.question import Protocol
from tamis.domain.results import Finding
from tamis.domain.values import ESTIMANDS, STATISTICS, Cell, LookedFor, Value
from tamis.extraction.forms import Form, FormField

__all__ = [
    "ExtractionView",
    "Grid",
    "Place",
    "Plot",
    "Progress",
    "cell_of",
    "extraction_view",
    "place_named",
    "plots",
    "progress",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cell with its name, the field that asks for it (if a form does), and one's own answer."""

    key: str
    reading: Reading
    field: FormField | None
    answer: Value | LookedFor | None
    asked: bool = True

    @property
    def result(self) -> bool:
        """Whether the cell is a result, and takes all numbers of a candidate."""
        return self.field is None or self.field.outcome == "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Places of a section: one row for each ``head``; a list is a grid with one column.

    ``columns`` are fields; ``rows`` are (head, places in the order of the columns).
    """

    section: str
    labels: Mapping[str, str]
    head: str
    listed: bool
    columns: tuple[FormField, ...]
    rows: tuple[tuple[str, tuple[Place, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionView:
    """What one person sees of a study that they extract.

    ``others`` are own readings that no form asks for. ``before``, ``after`` and ``open`` are names
    of the neighbouring places and of the next one without an answer; empty where there is none.
    """

    study: StudyShown
    forms: tuple[Form, ...]
    form: Form
    grids: tuple[Grid, ...]
    answered: int
    asked: int
    arms: tuple[str, ...]
    place: Place | None
    others: tuple[Place, ...]
    findings: tuple[Finding, ...]
    here: tuple[Finding, ...]
    sealed: bool
    before: str = ""
    after: str = ""
    open: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A study of the chooser: answered of asked fields of the forms, the grid of results aside."""

    study: StudyShown
    answered: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One outcome and statistic over time, in a drawing 320 wide and 160 high.

    ``lines`` are (arm, points as "x,y x,y", single points, is what is being typed among them);
    ``ticks`` are (x, label) and ``levels`` (y, label).
    """

    outcome: str
    statistic: str
    unit: str
    lines: tuple[tuple[str, str, tuple[tuple[float, float], ...]], ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    said: tuple[tuple[str, str], ...]


def place_named(reading: Reading) -> str:
    """Return the name of a cell and its statistic."""
    return "/".join(
        (reading.arm, reading.outcome, reading.visit, reading.estimand, reading.statistic)
    )


def cell_of(reading: Reading, n: int = 1) -> Cell:
    """Return the cell of a reading."""
    return Cell(
        study=reading.study, outcome=reading.outcome, visit=reading.visit, arm=reading.arm,
        estimand=reading.estimand, definition=reading.definition, n=n,
    )  # fmt: skip


def extraction_view(
    study: StudyShown,
    own: OwnExtraction,
    protocol: Protocol,
    forms: Mapping[str, Form],
    *,
    form: str = "",
    key: str = "",
    arms: Sequence[str] = (),
) -> ExtractionView:
    """Return the screen.

    Parameters
    ----------
    form
        Which form is open; the first without one.
    key
        Name of the place that is looked at.
    arms
        Arms that have no value yet.

    Raises
    ------
    BadInput
        For a form or a place that is none.
    """
    if form and form not in forms:
        raise BadInput(f"there is no form {form!r}", f"forms are {', '.join(forms)}")
    chosen = forms[form] if form else next(iter(forms.values()))
    shown = fill_form(chosen, own, protocol, arms=arms)
    grids = _grids(shown)
    order = [place for grid in grids for _, places in grid.rows for place in places if place.asked]
    others = _others(own, forms.values(), protocol, arms)
    here = next((p for p in (*order, *others) if p.key == key), None)
    if key and here is None:
        here = _free(own, protocol, key)
    names = [place.key for place in order]
    at = names.index(key) if key in names else -1
    unanswered = [p.key for p in (*order[at + 1 :], *order[: at + 1]) if p.answer is None]
    touched = _touched(own, here)
    return ExtractionView(
        study=study,
        forms=tuple(forms.values()),
        form=chosen,
        grids=grids,
        answered=shown.answered,
        asked=shown.asked,
        arms=_arms(own, arms),
        place=here,
        others=others,
        findings=own.findings,
        here=tuple(f for f in own.findings if touched & {f.subject, *f.because}),
        sealed=own.sealed,
        before=names[at - 1] if at > 0 else "",
        after=names[at + 1] if at + 1 < len(names) else "",
        open=next((name for name in unanswered if name != key), ""),
    )


def progress(
    study: StudyShown, own: OwnExtraction, protocol: Protocol, forms: Mapping[str, Form]
) -> Progress:
    """Return how far a person is with a study."""
    shown = [
        fill_form(form, own, protocol)
        for form in forms.values()
        if not any(section.repeat in ("result", "contrast") for section in form.sections)
    ]
    return Progress(
        study=study,
        answered=sum(one.answered for one in shown),
        asked=sum(one.asked for one in shown),
    )


def plots(
    trajectories: Sequence[TrajectoryShown],
    months: Mapping[str, str],
    *,
    place: Reading,
    number: str = "",
    unit: str = "",
) -> tuple[Plot, ...]:
    """Return the trajectories of a place's outcome and statistic as drawings, one for each unit.

    ``number`` is what is being typed there: it stands in the drawing as if it were recorded.
    """
    series = {
        (one.unit, one.arm): {x: y for x, y, _ in one.points}
        for one in trajectories
        if (one.outcome, one.statistic) == (place.outcome, place.statistic)
    }
    at, y = _number(months.get(place.visit, "")), _number(number)
    if at is not None and y is not None and place.statistic in _DRAWN:
        series.setdefault((unit, place.arm), {})[at] = y
    return tuple(
        _plot((place.outcome, place.statistic, told), {key[1]: line for key, line in group})
        for told, group in groupby(sorted(series.items()), key=lambda item: item[0][0])
    )


_DRAWN = frozenset({"mean", "median", "events", "percent"})

#: Of the drawing: left, right, top, bottom.
_ROOM = (44.0, 310.0, 10.0, 136.0)


def _plot(key: tuple[str, ...], arms: Mapping[str, Mapping[float, float]]) -> Plot:
    xs = sorted({x for points in arms.values() for x in points})
    ys = [y for points in arms.values() for y in points.values()]
    low, high = min(0.0, *ys), max(ys)
    high = high if high > low else low + 1
    left, right, top, bottom = _ROOM
    last = max(xs[-1], 1.0)

    def spot(x: float, y: float) -> tuple[float, float]:
        across = left + (right - left) * x / last
        return round(across, 1), round(bottom - (bottom - top) * (y - low) / (high - low), 1)

    lines = []
    for arm, points in arms.items():
        spots = tuple(spot(x, points[x]) for x in sorted(points))
        lines.append((arm, " ".join(f"{x},{y}" for x, y in spots), spots))
    return Plot(
        outcome=key[0],
        statistic=key[1],
        unit=key[2],
        lines=tuple(lines),
        ticks=tuple((spot(x, low)[0], f"{x:g}") for x in xs),
        levels=tuple((spot(0, y)[1], f"{y:g}") for y in (low, high)),
        said=tuple(
            (arm, ", ".join(f"{x:g}: {points[x]:g}" for x in sorted(points)))
            for arm, points in arms.items()
        ),
    )


def _grids(shown: FormShown) -> tuple[Grid, ...]:
    found = []
    for one in shown.sections:
        places = tuple(_place(row) for row in one.rows)
        if one.section.repeat not in ("result", "contrast"):
            rows = tuple((row.field.id, (p,)) for row, p in zip(one.rows, places, strict=True))
            found.append(_grid(one.section.id, one.section.labels, one.place, rows, listed=True))
            continue
        head, _, arm = one.place.rpartition(" / ")
        known = (i for i, g in enumerate(found) if (g.section, g.head) == (one.section.id, head))
        at = next(known, -1)
        if at >= 0:
            found[at] = replace(found[at], rows=(*found[at].rows, (arm, places)))
        else:
            grid = _grid(one.section.id, one.section.labels, head, ((arm, places),), listed=False)
            found.append(replace(grid, columns=one.section.fields))
    return tuple(found)


def _grid(
    section: str,
    labels: Mapping[str, str],
    head: str,
    rows: tuple[tuple[str, tuple[Place, ...]], ...],
    *,
    listed: bool,
) -> Grid:
    return Grid(section=section, labels=labels, head=head, listed=listed, columns=(), rows=rows)


def _place(row: RowShown) -> Place:
    return Place(
        key=place_named(row.reading), reading=row.reading, field=row.field, answer=row.answer,
        asked=row.asked,
    )  # fmt: skip


def _arms(own: OwnExtraction, named: Sequence[str]) -> tuple[str, ...]:
    data: tuple[Value | LookedFor, ...] = (*own.values, *own.looked_for)
    known = dict.fromkeys([*named, *sorted({d.cell.arm for d in data})])
    return tuple(arm for arm in known if arm != "all")


def _others(
    own: OwnExtraction, forms: Iterable[Form], protocol: Protocol, arms: Sequence[str]
) -> tuple[Place, ...]:
    known = set()
    for form in forms:
        for section in fill_form(form, own, protocol, arms=arms).sections:
            known |= {place_named(row.reading) for row in section.rows}
    data: tuple[Value | LookedFor, ...] = (*own.values, *own.looked_for)
    found = {}
    for datum in data:
        reading = _reading(own.study, datum)
        key = place_named(reading)
        if key not in known:
            found[key] = Place(key=key, reading=reading, field=None, answer=datum)
    return tuple(found.values())


def _reading(study: str, datum: Value | LookedFor) -> Reading:
    cell = datum.cell
    return Reading(
        study=study, arm=cell.arm, outcome=cell.outcome, visit=cell.visit, estimand=cell.estimand,
        statistic=datum.statistic, definition=cell.definition,
        unit=datum.unit if isinstance(datum, Value) else "",
        denominator=datum.denominator if isinstance(datum, Value) else "",
    )  # fmt: skip


def _free(own: OwnExtraction, protocol: Protocol, key: str) -> Place:
    reading = _bare(own.study, key)
    declared = {one.id: one for one in protocol.outcomes}.get(reading.outcome)
    if declared is not None:
        reading = replace(reading, unit=declared.unit, definition=declared.definition)
    data: tuple[Value | LookedFor, ...] = (*own.values, *own.looked_for)
    mine = next((d for d in data if place_named(_reading(own.study, d)) == key), None)
    return Place(key=key, reading=reading, field=None, answer=mine)


def _bare(study: str, key: str) -> Reading:
    parts = key.split("/")
    if len(parts) != 5 or parts[3] not in ESTIMANDS or parts[4] not in STATISTICS:
        raise BadInput(f"{key!r} is no cell", "choose one of the form")
    arm, outcome, visit, estimand, statistic = parts
    return Reading(
        study=study, arm=arm, outcome=outcome, visit=visit, estimand=estimand, statistic=statistic
    )


def _touched(own: OwnExtraction, place: Place | None) -> set[str]:
    if place is None:
        return set()
    here = (place.reading.arm, place.reading.outcome, place.reading.visit, place.reading.estimand)
    return {
        v.id
        for v in own.values
        if (v.cell.arm, v.cell.outcome, v.cell.visit, v.cell.estimand) == here
    }


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None
