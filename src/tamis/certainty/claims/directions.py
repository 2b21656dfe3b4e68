"""Which way each study points on an outcome by its own numbers, for words like "most studies"."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.certainty.claims.context import Knowledge
from tamis.certainty.claims.evidence import Body
from tamis.domain.question import Outcome
from tamis.domain.results import BinaryRow, MeansRow, StudyEffect

__all__ = ["points", "reporting", "shows", "went"]

_LEVELS = ("/mean", "/median")


def reporting(known: Knowledge, outcome: str, *, comparative: bool = False) -> tuple[str, ...]:
    """Return the included studies behind the bodies of an outcome, or those with a comparison."""
    included = {study.id for study in known.evidence.included}
    bodies = [
        body
        for body in known.bodies
        if body.outcome.id == outcome and (body.comparative or not comparative)
    ]
    return tuple(dict.fromkeys(s for body in bodies for s in body.studies if s in included))


def points(known: Knowledge, study: str, outcome: str) -> str:
    """Return ``good``, ``bad`` or ``none`` by a study's own estimate; empty where none is known."""
    of_outcome = known.outcomes[outcome]
    for body in known.bodies:
        if body.outcome.id == outcome and body.comparative and study in body.studies:
            for change in _changes(body, study):
                return _as_words(change, of_outcome)
    return went(known, study, outcome)


def shows(known: Knowledge, study: str, outcome: str, claim: str) -> bool:
    """Tell whether the interval of a study itself excludes no effect, on the side claimed."""
    return any(
        effect.low is not None
        and effect.high is not None
        and not effect.low <= body.null <= effect.high
        and points(known, study, outcome) == claim
        for body, effect in _effects(known, study, outcome)
    )


def _effects(known: Knowledge, study: str, outcome: str) -> Iterator[tuple[Body, StudyEffect]]:
    for body in known.bodies:
        if body.outcome.id == outcome and body.comparative and body.synthesis is not None:
            yield from ((body, e) for e in body.synthesis.effects if e.study == study)


def _changes(body: Body, study: str) -> Iterator[float]:
    """Yield how far a study's estimate is above no effect: its effect, its row, or a body of it."""
    if body.synthesis is not None:
        for effect in body.synthesis.effects:
            if effect.study == study and effect.estimate is not None:
                yield effect.estimate - body.null
        for row in body.synthesis.rows:
            if row.study == study and isinstance(row, BinaryRow) and row.n_1 and row.n_2:
                yield row.events_1 / row.n_1 - row.events_2 / row.n_2
            elif row.study == study and isinstance(row, MeansRow):
                yield float(row.mean_1) - float(row.mean_2)
    if body.studies == (study,) and body.estimate is not None:
        yield body.estimate - body.null


def _as_words(change: float, outcome: Outcome) -> str:
    if not change:
        return "none"
    return "good" if (change > 0) == (outcome.better == "higher") else "bad"


def went(known: Knowledge, study: str, outcome: str) -> str:
    """Return ``good`` or ``bad`` by the first and last value of a series; empty without one."""
    series = sorted(
        (
            (known.months[f.visit], f.value)
            for f in known.facts
            if f.study == study
            and f.outcome == outcome
            and f.kind == "level"
            and f.estimand == "follow-up"
            and f.visit in known.months
            and f.ids[0].endswith(_LEVELS)
        ),
        key=lambda point: point[0],
    )
    if len(series) < 2 or series[0][1] == series[-1][1]:
        return ""
    return _as_words(float(series[-1][1] - series[0][1]), known.outcomes[outcome])
