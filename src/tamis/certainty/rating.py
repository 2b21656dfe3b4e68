"""From judgements of domains to the certainty of one body of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.certainty.domains import DOMAINS, START, GradeDomain, check_change
from tamis.domain.decisions import CertaintyJudgement
from tamis.domain.errors import BadInput
from tamis.domain.question import BodyPlan
from tamis.domain.results import Finding

__all__ = ["LEVELS", "DomainRating", "Rating", "rate"]

#: Level -> its word and its symbols (GRADE guidelines 3, 2011).
LEVELS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        4: ("high", "⊕⊕⊕⊕"),
        3: ("moderate", "⊕⊕⊕◯"),
        2: ("low", "⊕⊕◯◯"),
        1: ("very low", "⊕◯◯◯"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRating:
    """One domain of one body; ``change`` is ``None`` until a person has decided it."""

    domain: GradeDomain
    change: int | None = None
    reason: str = ""
    by: str = ""
    at: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Certainty of one body for one outcome.

    ``level`` (4 high to 1 very low) is ``None`` until all eight domains are decided: nothing is
    final before. ``status`` is ``not judged``, ``in progress`` or ``confirmed``. ``findings`` say
    where a decision departs from GRADE's conventions; it stands all the same.
    """

    body: str
    outcome: str
    start: int
    domains: tuple[DomainRating, ...]
    level: int | None
    label: str
    symbols: str
    status: str
    findings: tuple[Finding, ...] = ()


def rate(body: BodyPlan, judgements: Iterable[CertaintyJudgement]) -> Rating:
    """Rate one body of evidence from what people decided.

    ``level = clamp(start + sum of changes, 1, 4)``: the floor is very low, the ceiling high.

    Parameters
    ----------
    body
        From the protocol: outcome, designs, level it starts from (4 randomised, 1 single-arm).
    judgements
        In the canonical order of the log; the later decision of a domain counts. Judgements of
        other bodies are passed over.

    Raises
    ------
    BadInput
        For a start outside 1 to 4.

    Notes
    -----
    A judgement that cannot count (unknown domain, a change that the domain does not allow, a change
    without a reason, another outcome than the body's) leaves its domain undecided: a finding names
    its event.

    Examples
    --------
    >>> from tamis.domain.question import BodyPlan
    >>> rating = rate(BodyPlan(id="b", outcome="death", designs=("randomised",), start_level=4), [])
    >>> rating.status, rating.level
    ('not judged', None)
    """
    if body.start_level not in LEVELS:
        raise BadInput(
            f"the body {body.id!r} starts at level {body.start_level}",
            "use 4 (high), 3 (moderate), 2 (low) or 1 (very low)",
        )
    newest = {one.domain: one for one in judgements if one.body == body.id}
    wrong = {name: found for name, one in newest.items() if (found := _wrong(body, one))}
    last = {name: one for name, one in newest.items() if name not in wrong}
    domains = tuple(_domain(domain, last.get(domain.id)) for domain in DOMAINS.values())
    level = _level(body.start_level, domains)
    label, symbols = LEVELS[level] if level else ("", "")
    return Rating(
        body=body.id,
        outcome=body.outcome,
        start=body.start_level,
        domains=domains,
        level=level,
        label=label,
        symbols=symbols,
        status="confirmed" if level else "in progress" if last else "not judged",
        findings=(*wrong.values(), *_departures(body, domains)),
    )


def _wrong(body: BodyPlan, judgement: CertaintyJudgement) -> Finding | None:
    """Say why a judgement of an older log cannot count, ``None`` if it can."""
    try:
        check_change(judgement.domain, judgement.change)
    except BadInput as error:
        return _set_aside("grade-not-allowed", body, judgement, error)
    if judgement.outcome != body.outcome:
        other = BadInput(
            f"it says the outcome {judgement.outcome!r}, and the body is of {body.outcome!r}",
            "record the decision again with the outcome of its body",
        )
        return _set_aside("grade-of-another-outcome", body, judgement, other)
    if judgement.change != 0 and not judgement.reason.strip():
        bare = BadInput(
            f"it changes the certainty by {judgement.change:+d} without a reason",
            "record the decision again with its reason, which becomes the footnote",
        )
        return _set_aside("grade-without-reason", body, judgement, bare)
    return None


def _set_aside(
    rule: str, body: BodyPlan, judgement: CertaintyJudgement, error: BadInput
) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        subject=body.id,
        message=f"The decision {judgement.event} on {judgement.domain} of {body.id} does not "
        f"count: {error.problem}.",
        because=(judgement.event,) if judgement.event else (),
        suggestion=error.remedy,
    )


#: Departures from convention that are shown beside a rating: rule and sentence.
DEPARTURES: Mapping[str, str] = MappingProxyType(
    {
        "mixed-designs": "The body mixes designs; each design is rated by itself.",
        "start-against-design": "The body starts from a level that is not the one of its design.",
        "raised-although-randomised": "Reasons to rate up are for bodies without randomisation.",
        "raised-although-lowered": "A body that was rated down is usually not rated up.",
    }
)


def _departures(body: BodyPlan, domains: Iterable[DomainRating]) -> Iterable[Finding]:
    decided = [domain for domain in domains if domain.change]
    raised = any((domain.change or 0) > 0 for domain in decided)
    lowered = any((domain.change or 0) < 0 for domain in decided)
    allowed = [START[design] for design in body.designs if design in START]
    holds = {
        "mixed-designs": len(set(allowed)) > 1,
        "start-against-design": any(body.start_level not in levels for levels in allowed),
        "raised-although-randomised": raised and "randomised" in body.designs,
        "raised-although-lowered": raised and lowered,
    }
    events = tuple(one.event for one in decided if (one.change or 0) > 0 and one.event)
    for rule, yes in holds.items():
        if yes:
            barred = rule == "raised-although-randomised" and not body.may_rate_up
            yield Finding(
                rule=rule,
                severity="error" if barred else "warning",
                subject=body.id,
                message=DEPARTURES[rule],
                because=events if rule.startswith("raised") else (),
                suggestion="decide 0, or write may_rate_up = true in the [[body]]"
                if barred
                else "",
            )


def _domain(domain: GradeDomain, judgement: CertaintyJudgement | None) -> DomainRating:
    if judgement is None:
        return DomainRating(domain=domain)
    return DomainRating(
        domain=domain,
        change=judgement.change,
        reason=judgement.reason,
        by=judgement.by,
        at=judgement.at,
        event=judgement.event,
    )


def _level(start: int, domains: Iterable[DomainRating]) -> int | None:
    changes = [domain.change for domain in domains]
    if any(change is None for change in changes):
        return None
    return max(1, min(4, start + sum(change for change in changes if change is not None)))
