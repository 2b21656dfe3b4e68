"""People behind a printed survival curve, rebuilt from its points and its table of numbers at risk.

Each person comes back with a time and whether the event happened then. The curve itself is always
given back; a hazard ratio needs numbers at risk (or the total of events) on both curves, without
which censoring is a guess and the ratio is refused.

References
----------
Guyot 2012, BMC Med Res Methodol 12:9 (the algorithm); Efron 1977, J Am Stat Assoc 72:557 (ties in
a Cox model).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

from tamis.domain.errors import BadInput
from tamis.domain.results import Refusal

__all__ = ["Curve", "HazardRatio", "Person", "Reconstruction", "hazard_ratio", "reconstruct"]

#: Rounds in which the censored of an interval are brought in line with the numbers at risk.
_ROUNDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A survival curve as it is printed.

    Parameters
    ----------
    points
        Time and share surviving (0 to 1), as clicked; made non-increasing.
    at_risk
        Time and number at risk, from the table under the curve; the first is at time 0 and is how
        many people began.
    events
        Total of events, where the text gives it.
    """

    points: tuple[tuple[float, float], ...]
    at_risk: tuple[tuple[float, int], ...]
    events: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person: how long they were seen, and whether the event happened then."""

    time: float
    event: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruction:
    """The people of one curve.

    ``error`` is the greatest distance between the printed curve and that of the people;
    ``can_compare`` says whether censoring was told, so that a hazard ratio may be computed.
    """

    people: tuple[Person, ...]
    error: float
    can_compare: bool

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(person.event for person in self.people)

    def survival(self, time: float) -> float:
        """Return the Kaplan-Meier share that survives a time."""
        share, left = 1.0, len(self.people)
        for person in sorted(self.people, key=lambda one: (one.time, not one.event)):
            if person.time > time:
                break
            share *= 1 - person.event / left
            left -= 1
        return share


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRatio:
    """A hazard ratio on the log scale, of the first curve against the second."""

    log_estimate: float
    log_se: float

    @property
    def estimate(self) -> float:
        """The ratio."""
        return exp(self.log_estimate)


def reconstruct(curve: Curve) -> Reconstruction:
    """Rebuild the people of a curve.

    Raises
    ------
    BadInput
        For a curve without people, shares outside 0 and 1, or numbers at risk that grow.

    Examples
    --------
    >>> curve = Curve(points=((1, 0.9), (2, 0.8), (3, 0.8)), at_risk=((0, 10), (3, 8)))
    >>> found = reconstruct(curve)
    >>> found.events, len(found.people), round(found.survival(2), 3)
    (2, 10, 0.8)
    """
    _check(curve)
    walk = _Walk(curve)
    for number in range(len(curve.at_risk) - 1):
        walk.fit(number)
    walk.last()
    people = tuple(sorted(walk.people, key=lambda one: (one.time, not one.event)))
    told = len(curve.at_risk) > 1 or curve.events is not None
    found = Reconstruction(people=people, error=0.0, can_compare=told)
    error = max((abs(found.survival(t) - s) for t, s in walk.points), default=0.0)
    return Reconstruction(people=people, error=error, can_compare=told)


def hazard_ratio(one: Reconstruction, other: Reconstruction) -> HazardRatio | Refusal:
    """Return the hazard ratio of two curves by a Cox model with Efron's ties.

    Examples
    --------
    >>> fast = reconstruct(Curve(points=((1, 0.5), (2, 0.3)), at_risk=((0, 10), (2, 3))))
    >>> slow = reconstruct(Curve(points=((1, 0.8), (2, 0.7)), at_risk=((0, 10), (2, 7))))
    >>> hazard_ratio(fast, slow).estimate > 1
    True
    """
    if not (one.can_compare and other.can_compare):
        return Refusal(
            rule="hr.no-table",
            message="a hazard ratio needs the numbers at risk, or the total of events, of both "
            "curves: without them censoring is a guess",
        )
    if not one.events or not other.events:
        return Refusal(rule="hr.no-event", message="a curve without events has no hazard ratio")
    rows = [(p.time, p.event, 1) for p in one.people] + [(p.time, p.event, 0) for p in other.people]
    beta = 0.0
    for _ in range(50):
        score, information = _cox(rows, beta)
        if information <= 0:
            return Refusal(
                rule="hr.apart", message="at no time are people of both curves at risk with events"
            )
        step = max(-1.0, min(1.0, score / information))
        beta += step
        if abs(step) < 1e-10:
            return HazardRatio(log_estimate=beta, log_se=1 / sqrt(information))
    return Refusal(rule="hr.apart", message="the hazard ratio has no finite value")


def _cox(rows: Sequence[tuple[float, bool, int]], beta: float) -> tuple[float, float]:
    """Return score and information of the one coefficient, with Efron's correction for ties."""
    weight = exp(beta)
    ordered = sorted(rows, reverse=True)
    score = information = 0.0
    treated = untreated = at = 0
    while at < len(ordered):
        time, died, died_treated = ordered[at][0], 0, 0
        while at < len(ordered) and ordered[at][0] == time:
            _, event, group = ordered[at]
            treated += group
            untreated += 1 - group
            died += event
            died_treated += event * group
            at += 1
        for tied in range(died):
            share = tied / died
            mine = weight * (treated - share * died_treated)
            all_ = mine + untreated - share * (died - died_treated)
            expected = mine / all_
            score -= expected
            information += expected * (1 - expected)
        score += died_treated
    return score, information


def _check(curve: Curve) -> None:
    times = [time for time, _ in curve.at_risk]
    counts = [count for _, count in curve.at_risk]
    if not counts or counts[0] < 1 or times[0] != 0:
        raise BadInput("how many people began is not given", "give the number at risk at time 0")
    if times != sorted(set(times)) or counts != sorted(counts, reverse=True) or counts[-1] < 0:
        raise BadInput("the numbers at risk grow, or their times do not", "look at the table again")
    if any(not 0 <= share <= 1 or time < 0 for time, share in curve.points):
        raise BadInput("a point lies outside the axes", "times from 0, shares from 0 to 1")
    if curve.events is not None and not 0 <= curve.events <= counts[0]:
        raise BadInput("there are more events than people", "look at the text again")


class _Walk:
    """Walks along a curve: who is at risk, who had the event, who was censored."""

    def __init__(self, curve: Curve) -> None:
        self.points = _falling(curve.points)
        self.times = [time for time, _ in self.points]
        self.at_risk, self.events = curve.at_risk, curve.events
        self.people: list[Person] = []
        self.left, self.share = curve.at_risk[0][1], 1.0

    def fit(self, number: int) -> None:
        """Walk an interval of the table; the censored are as many as its end asks for."""
        (start, _), (end, wanted) = self.at_risk[number], self.at_risk[number + 1]
        before, after = self._at(start), self._at(end)
        censored = max(0, round(self.left * after / before - wanted)) if before else 0
        tried: set[int] = set()
        for _ in range(_ROUNDS):
            people, left, share = self._through(start, end, censored)
            if left == wanted or censored in tried:
                break
            tried.add(censored)
            censored = max(0, censored + left - wanted)
        self.people += people
        self.left, self.share = left, share

    def last(self) -> None:
        """Walk on behind the table: censored at the rate so far, or as the events ask for."""
        start = self.at_risk[-1][0]
        end = self.times[-1] if self.times else start
        if end <= start:
            self._rest(max(start, end))
            return
        seen = sum(not person.event for person in self.people)
        rate = seen / start if start else 0.0
        censored = min(self.left, round(rate * (end - start)))
        if self.events is not None:
            so_far = sum(person.event for person in self.people)
            wanted = self.events - so_far
            tries = range(self.left + 1)
            censored = min(
                tries, key=lambda c: (abs(_count(self._through(start, end, c)[0]) - wanted), c)
            )
        people, self.left, self.share = self._through(start, end, censored, inclusive=True)
        self.people += people
        self._rest(end)

    def _rest(self, end: float) -> None:
        """Whoever is left was seen to the end."""
        self.people += [Person(time=end, event=False)] * self.left

    def _at(self, time: float) -> float:
        """Return the printed share just before a time."""
        place = bisect_left(self.times, time)
        return self.points[place - 1][1] if place else 1.0

    def _through(
        self, start: float, end: float, censored: int, *, inclusive: bool = False
    ) -> tuple[list[Person], int, float]:
        """Return the people who leave in an interval, who is left, and the share then."""
        gone = [start + (end - start) * (at + 1) / (censored + 1) for at in range(censored)]
        people: list[Person] = []
        left, share, at = self.left, self.share, 0
        first = bisect_left(self.times, start)
        for time, printed in self.points[first:]:
            if time > end or (time == end and not inclusive):
                break
            while at < len(gone) and gone[at] < time and left:
                people.append(Person(time=gone[at], event=False))
                at, left = at + 1, left - 1
            died = min(left, max(0, round(left * (1 - printed / share)))) if share > 0 else 0
            if died:
                people += [Person(time=time, event=True)] * died
                share *= 1 - died / left
                left -= died
        staying = min(left, len(gone) - at)
        people += [Person(time=time, event=False) for time in gone[at : at + staying]]
        return people, left - staying, share


def _count(people: Sequence[Person]) -> int:
    return sum(person.event for person in people)


def _falling(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points in order of time, one a time, none above the one before."""
    falling: list[tuple[float, float]] = []
    lowest = 1.0
    for time, share in sorted(points, key=lambda point: (point[0], -point[1])):
        lowest = min(lowest, share)
        if falling and falling[-1][0] == time:
            falling.pop()
        falling.append((time, lowest))
    return falling
