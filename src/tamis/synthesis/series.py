"""Values per visit of one arm, shown as they are: no arrow, no p, nothing joined to a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.question import SynthesisPlan, Visit
from tamis.domain.results import Trajectory, TrajectoryPoint
from tamis.domain.values import Extraction, LookedFor, Value
from tamis.synthesis.cells import asked

__all__ = ["months_of", "trajectories"]

#: Statistics that a series can show, in the order of preference when the plan names none.
SHOWN = ("percent", "events", "mean", "median", "estimate")

#: The statistic that stands beside each as its spread, where one number can.
SPREAD: Mapping[str, str] = MappingProxyType({"mean": "sd"})

LeftOut = tuple[str, str]


def months_of(visits: Sequence[Visit]) -> Mapping[str, float]:
    """Return the months of every visit.

    Raises
    ------
    BadInput
        When the months of a visit are no number.
    """
    found = {}
    for visit in visits:
        try:
            months = Decimal(visit.months)
        except InvalidOperation as error:
            raise _no_months(visit) from error
        if not months.is_finite():
            raise _no_months(visit)
        found[visit.id] = float(months)
    return found


def _no_months(visit: Visit) -> BadInput:
    return BadInput(
        f"the months of the visit {visit.id!r} are {visit.months!r}",
        "give the months from baseline as a number, 0 for the baseline",
    )


def trajectories(
    plan: SynthesisPlan, extraction: Extraction, study: str, months: Mapping[str, float]
) -> tuple[tuple[Trajectory, ...], tuple[LeftOut, ...]]:
    """Return the series of one study, one per arm, statistic and unit, and what was left out.

    A visit whose value was sought and not found is a point without value and without words; a
    visit with words only keeps the words. No point is ever interpolated.
    """
    own = [value for value in extraction.values if asked(value.cell, plan, study)]
    sought = [item for item in extraction.looked_for if asked(item.cell, plan, study)]
    left = _left_out(own, sought, plan, months, study)
    kept = [v for v in own if v.cell.visit in months and (v.primary or plan.layer != "primary")]
    known = [item for item in sought if item.cell.visit in months]
    arms = {v.cell.arm for v in kept} | {item.cell.arm for item in known}
    made: list[Trajectory] = []
    for arm in sorted(arms):
        if plan.arms[0] == "" or arm in plan.arms:
            values = [value for value in kept if value.cell.arm == arm]
            missing = {item.cell.visit for item in known if item.cell.arm == arm}
            made += _of_arm(plan, values, missing, months, where=(study, arm))
    return tuple(made), left


def _left_out(
    own: Iterable[Value],
    sought: Iterable[LookedFor],
    plan: SynthesisPlan,
    months: Mapping[str, float],
    study: str,
) -> tuple[LeftOut, ...]:
    reasons = set()
    visits = {value.cell.visit for value in own} | {item.cell.visit for item in sought}
    if any(visit not in months for visit in visits):
        reasons.add("a value stands at a visit that the protocol does not declare")
    for value in own:
        if not value.primary and plan.layer == "primary":
            reasons.add(f"a value is {value.status}: not for a primary synthesis")
    return tuple((study, reason) for reason in sorted(reasons))


def _of_arm(
    plan: SynthesisPlan,
    values: Sequence[Value],
    missing: Set[str],
    months: Mapping[str, float],
    *,
    where: tuple[str, str],
) -> Iterable[Trajectory]:
    groups = list(_groups(plan, values))
    numbered = {value.cell.visit for _, _, main in groups for value in main}
    words = [v for v in values if v.statistic == "text" and v.cell.visit not in numbered]
    said = numbered | {value.cell.visit for value in words}
    extra = [_words(value, months) for value in words]
    extra += [TrajectoryPoint(visit=gap, months=months[gap], value=None) for gap in missing - said]
    if extra and not groups:
        groups = [("text", "", ())]
    for at, (statistic, unit, main) in enumerate(groups):
        points = [_point(value, values, months) for value in main] + ([] if at else extra)
        yield Trajectory(
            study=where[0],
            outcome=plan.outcome,
            arm=where[1],
            unit=unit,
            statistic=statistic,
            points=tuple(sorted(points, key=lambda p: (p.months, p.visit, _id(p)))),
        )


Group = tuple[str, str, Sequence[Value]]


def _groups(plan: SynthesisPlan, values: Sequence[Value]) -> Iterable[Group]:
    """Yield the numbers of one arm by statistic and unit; a visit is shown by one statistic."""
    wanted = dict.fromkeys((plan.statistic, *SHOWN) if plan.statistic else SHOWN)
    covered: set[str] = set()
    for statistic in wanted:
        main = [v for v in values if v.statistic == statistic and v.cell.visit not in covered]
        covered |= {value.cell.visit for value in main}
        for unit in sorted({value.unit for value in main}):
            yield statistic, unit, [value for value in main if value.unit == unit]


def _point(value: Value, values: Sequence[Value], months: Mapping[str, float]) -> TrajectoryPoint:
    beside = {other.statistic: other for other in values if other.cell == value.cell}
    return TrajectoryPoint(
        visit=value.cell.visit,
        months=months[value.cell.visit],
        value=value,
        spread=beside.get(SPREAD.get(value.statistic, "")),
        n=beside.get("n"),
        words=beside.get("text"),
    )


def _words(value: Value, months: Mapping[str, float]) -> TrajectoryPoint:
    return TrajectoryPoint(
        visit=value.cell.visit, months=months[value.cell.visit], value=None, words=value
    )


def _id(point: TrajectoryPoint) -> str:
    held = point.value or point.words
    return held.id if held else ""
