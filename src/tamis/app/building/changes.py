"""What a review says now and did not say at an earlier moment: counts, studies, results, certainty.

Both reports are computed from the log, the earlier one from the events before that moment; nothing
is written, and no report need have been built then.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from tamis.app.building.assemble import assemble
from tamis.app.judgement.grade import LANGUAGES
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import Review
from tamis.domain.errors import BadInput
from tamis.domain.results import Synthesis
from tamis.domain.state import fold
from tamis.report.content import ReportContent

__all__ = ["STEPS", "Change", "as_of", "changes_since", "read", "require_moment", "written"]

#: Steps that are told: each of the two reports is assembled.
STEPS = 2

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?\Z")

#: How many significant digits a result is told with; fewer hide a change that a reader would see.
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is told otherwise now; an empty text means that it was not told.

    ``kind`` is ``count``, ``study``, ``result``, ``certainty`` or ``statement``; a statement is
    told in each language of a report, the others in none.
    """

    kind: str
    about: str
    before: str
    after: str
    language: str = ""


def changes_since(
    review: Review, at: str, tell: Callable[[str], None] = lambda _: None
) -> tuple[Change, ...]:
    """Return what the review tells otherwise than at an earlier moment.

    Parameters
    ----------
    review
        An open review that nobody else works on meanwhile: it is held in the past for a while.
    at
        A day (``2026-11-22``: as its first moment was) or a moment.

    Raises
    ------
    BadInput
        When ``at`` is no moment, or lies before the protocol.
    """
    require_moment(at)
    with as_of(review, at):
        if not review.state.amendments:
            raise BadInput(f"before {at} there was no protocol", "choose a later day")
    tell("as it is now")
    now = _told(assemble(review, read_protocol(review), write=False).content)
    tell("as it was then")
    with as_of(review, at):
        then = _told(assemble(review, read_protocol(review), write=False).content)
    return tuple(
        Change(kind=kind, about=about, language=language, before=before, after=after)
        for (kind, about, language), before, after in _both(then, now)
        if before != after
    )


def require_moment(at: str) -> None:
    """Refuse what is no day and no moment.

    Examples
    --------
    >>> require_moment("2026-02-28")
    >>> require_moment("2026-02-30")
    Traceback (most recent call last):
    tamis.domain.errors.BadInput: '2026-02-30' is no day. To do: write it as 2026-11-22.
    """
    try:
        known = _MOMENT.match(at) is not None and datetime.fromisoformat(at)
    except ValueError:
        known = False
    if not known:
        raise BadInput(f"{at!r} is no day", "write it as 2026-11-22")


def written(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return changes as lines of JSON."""
    return tuple(json.dumps(asdict(change), ensure_ascii=False) for change in changes)


def read(lines: Iterable[str]) -> tuple[Change, ...]:
    """Return the changes that ``written`` wrote."""
    return tuple(Change(**json.loads(line)) for line in lines)


@contextmanager
def as_of(review: Review, at: str) -> Iterator[None]:
    """Hold a review as it was before a moment; nothing can be recorded meanwhile."""
    now = review.state
    review.state = fold(event for event in review.events() if event.at < at)
    try:
        with review.still():
            yield
    finally:
        review.state = now


#: (kind, name, language) -> what is told of it.
Key = tuple[str, str, str]
Told = Mapping[Key, str]


def _both(then: Told, now: Told) -> Iterator[tuple[Key, str, str]]:
    """Yield everything that was or is told, what was told of it, and what is."""
    for key in dict.fromkeys((*now, *then)):
        yield key, then.get(key, ""), now.get(key, "")


def _told(content: ReportContent) -> Told:
    told: dict[Key, str] = {
        ("count", "records", ""): str(len(content.records)),
        ("count", "reports", ""): str(len(content.clusters)),
        ("count", "values", ""): str(len(content.extraction.values)),
    }
    states = Counter((state.stage, state.state) for state in content.states)
    told |= {("count", f"{stage}: {state}", ""): str(n) for (stage, state), n in states.items()}
    told |= {("study", study.label, ""): study.role for study in content.studies}
    names = {outcome.id: outcome.name for outcome in content.protocol.outcomes}
    for one in content.syntheses:
        told["result", one.plan.title or one.plan.id, ""] = _result(one)
    for row in content.findings_rows:
        about = f"{names.get(row.outcome, row.outcome)} ({row.body})" if row.body else row.outcome
        told["certainty", about, ""] = row.label or row.status
        for language in LANGUAGES:
            said = row.conclusion(language)
            told["statement", about, language] = said.text if said else ""
    return told


def _result(one: Synthesis) -> str:
    if one.pooled is not None:
        pool = one.pooled
        interval = f"({_n(pool.ci_low)}, {_n(pool.ci_high)})"
        return f"{pool.measure} {_n(pool.estimate)} {interval}, k = {pool.k}"
    if one.refusal is not None:
        return one.refusal.message
    parts = [
        f"{single.study}: {single.measure} {_n(single.estimate)}"
        + (f" ({_n(single.intervals[0].low)}, {_n(single.intervals[0].high)})"
           if single.intervals else "")
        for single in one.single
    ]  # fmt: skip
    parts += [f"{line.study}: {len(line.points)} visits" for line in one.trajectories]
    return "; ".join(parts) or f"{len(one.rows)} studies"


def _n(value: float | None) -> str:
    return "not estimable" if value is None else f"{value:.{_DIGITS}g}"
