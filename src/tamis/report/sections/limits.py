"""Limits of the evidence and of the review, read off the data: no sentence is written by hand."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.domain.values import STATUSES
from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.phrase import Phrase, join, say
from tamis.report.sections.bias import differing, not_appraised, result_words

__all__ = ["evidence_limits", "process_limits", "unsettled"]


def evidence_limits(book: Book, *, critical: bool = False) -> tuple[Phrase, ...]:
    """Return limits of the evidence: domains rated down, outcomes that one study carries.

    ``critical`` keeps to critical outcomes, where the protocol names any.
    """
    wanted = {o.id for o in book.content.protocol.outcomes if o.importance == "critical"}
    return tuple(_evidence(book, wanted if critical else set()))


def _evidence(book: Book, wanted: set[str]) -> Iterator[Phrase]:
    rated: dict[tuple[str, ...], list[str]] = {}
    for rating in book.content.ratings:
        down = tuple(d.label or d.domain for d in rating.domains if (d.change or 0) < 0)
        if down and (not wanted or rating.outcome in wanted):
            rated.setdefault(down, []).append(rating.outcome)
    for domains, outcomes in rated.items():
        yield say(
            "Rated down for {domains}: {o}.",
            domains=join([book.lit(d, "label") for d in domains], ", ", " and "),
            o=join([book.names.outcome(o) for o in dict.fromkeys(outcomes)], "; "),
        )
    alone = dict.fromkeys(
        s.plan.outcome
        for s in book.content.syntheses
        if s.plan.layer == "primary"
        and s.plan.kind == "controlled"
        and len({e.study for e in s.effects}) == 1
        and (not wanted or s.plan.outcome in wanted)
    )
    if alone:
        yield say(
            "One comparative study carries the evidence on each of: {o}.",
            o=join([book.names.outcome(o) for o in alone], "; "),
        )


def unsettled(book: Book) -> tuple[Phrase, ...]:
    """Return the results on whose risk of bias two assessors have not come to one judgement."""
    held = dict.fromkeys(one.result for one in differing(book.content.appraisals))
    if not held:
        return ()
    words = join([result_words(book, result) for result in held], "; ")
    return (say("Not settled between the assessors: {r}.", r=words),)


def process_limits(book: Book, flow: Flow) -> tuple[Phrase, ...]:
    """Return limits of the review process."""
    content = book.content
    lines: list[Phrase] = []
    people = {vote.reviewer for vote in content.votes}
    if len(people) == 1:
        lines.append(
            say("One verdict stands for each report; there was no second reviewer and no agreement "
                "can be given.")
        )  # fmt: skip
    bare = not_appraised(book)
    if bare:
        lines.append(say("Risk of bias was not appraised: {s}.", s=join(bare, ", ", " and ")))
    lines += unsettled(book)
    rendered = [s.id for s in content.protocol.sources if s.run != "as-run"]
    if rendered:
        lines.append(
            say(
                "The search strategies marked “rendered not run” were written down and not run as "
                "they stand."
            )
        )
    soft = {v.id for v in content.extraction.values if not v.primary}
    if soft:
        lines.append(
            say("Values marked unverified or resting on a lay article: {n}. They enter no primary "
                "synthesis and carry that word wherever they stand.",
                n=book.count("values:not-primary", soft, "set of values with such a status",
                             "values that no primary synthesis may use"))
        )  # fmt: skip
    if content.extraction.values and not content.documents:
        told = {v.status for v in content.extraction.values if v.status != "derived"}
        first = [word for word in STATUSES if word in told]
        lines.append(
            say("No full text is attached to this review, so no quote can be found again in one. "
                "How each value was read stands in its trail: {how}.",
                how=join([book.lit(word, "label") for word in first], "; "))
        )  # fmt: skip
    if flow.interim:
        lines.append(say("Screening is not finished: the flow is interim."))
    return tuple(lines)
