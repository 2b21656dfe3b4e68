"""Words and signs of a risk-of-bias judgement: the columns of a tool, the light of a cell."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tamis.domain.results import Synthesis
from tamis.domain.summaries import AppraisalSummary, BiasDomain, BiasWord
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.traffic import Head, Light

__all__ = [
    "OPEN", "anchor", "appraised", "domain_of", "heads_of", "light", "light_of", "named",
    "tool_words", "word_of", "words_used",
]  # fmt: skip

#: Group of the column of the whole.
OVERALL = "overall"
OPEN = "not judged"

#: Heads longer than this do not fit over a column: letters stand in their place.
LONGEST_HEAD = 5


def tool_words(book: Book, one: AppraisalSummary) -> Phrase:
    """Return a tool with its edition and variant."""
    details: list[Piece] = []
    if one.version:
        details.append(book.lit(one.version, "setting"))
    if one.variant:
        details.append(book.lit(one.variant, "label"))
    inside = say(" ({d})", d=join(details)) if details else ""
    return say("{tool}{inside}", tool=book.lit(one.tool_name, "label"), inside=inside)


def heads_of(book: Book, rows: Sequence[AppraisalSummary]) -> tuple[Head, ...]:
    """Return the columns of a panel: domains of bias, of applicability, and the whole.

    Short ids of the tool stand over the columns, or letters where an id is too long for that.
    """
    domains: dict[str, BiasDomain] = {}
    places: dict[str, int] = {}
    for one in rows:
        for place, domain in enumerate(one.domains):
            domains.setdefault(domain.id, domain)
            places[domain.id] = min(place, places.get(domain.id, place))
    ordered = sorted(domains.values(), key=lambda d: (_applies(d), places[d.id], d.id))
    short = all(len(domain.id) <= LONGEST_HEAD for domain in ordered)
    heads = [
        Head(
            id=domain.id,
            head=book.lit(domain.id, "label") if short else letter,
            label=book.lit(domain.label or domain.id, "label"),
            group="applicability" if _applies(domain) else "bias",
        )
        for domain, letter in zip(ordered, _letters(), strict=False)
    ]
    if any(one.overall is not None for one in rows):
        heads.append(Head(id=OVERALL, head="Overall", label="the result as a whole", group=OVERALL))
    return tuple(heads)


def _applies(domain: BiasDomain) -> bool:
    return domain.label.casefold().startswith("applicability")


def _letters() -> Iterator[str]:
    yield from string.ascii_uppercase
    for first in string.ascii_uppercase:
        for second in string.ascii_uppercase:
            yield first + second


def domain_of(one: AppraisalSummary, head: Head) -> BiasDomain | None:
    """Return what an appraisal says in a column, or ``None`` when it has no such domain."""
    if head.group == OVERALL:
        return one.overall
    return next((domain for domain in one.domains if domain.id == head.id), None)


def light_of(book: Book, one: AppraisalSummary, head: Head) -> Light:
    """Return the light of one appraisal in one column."""
    domain = domain_of(one, head)
    if domain is None:
        return Light(state="absent", words="not a domain here")
    word = domain.judgement
    if word is not None:
        return replace(light(book, word), words=_judged(book, domain, word),
                       overridden=domain.overridden)  # fmt: skip
    if domain.proposal is not None:
        proposed = light(book, domain.proposal)
        words = say("not judged; the rules propose {p}", p=word_of(book, domain.proposal))
        return replace(proposed, state="proposed", words=words)
    return Light(state="open", words=OPEN)


def light(book: Book, word: BiasWord) -> Light:
    """Return the light of a judgement; one without a sign that says nothing is empty."""
    if not word.symbol.strip() and word.tone == "unknown":
        return Light(state="not-applicable", words=word_of(book, word))
    return Light(
        state="judged",
        tone=word.tone,
        sign=word.symbol,
        text=book.lit(word.symbol, "label"),
        words=word_of(book, word),
    )


def word_of(book: Book, word: BiasWord) -> Piece:
    """Return the label of a judgement."""
    return book.lit(word.label or word.id, "label")


def _judged(book: Book, domain: BiasDomain, word: BiasWord) -> Piece:
    if domain.proposal is None or not domain.overridden:
        return word_of(book, word)
    return say(
        "{j} (the rules propose {p})", j=word_of(book, word), p=word_of(book, domain.proposal)
    )


def words_used(rows: Sequence[AppraisalSummary]) -> list[BiasWord]:
    """Return the judgements that occur, best first, no information last."""
    found: dict[str, BiasWord] = {}
    for one in rows:
        for domain in (*one.domains, *([one.overall] if one.overall else [])):
            for word in (domain.judgement, domain.judgement or domain.proposal):
                if word is not None:
                    found.setdefault(word.id, word)
    return sorted(found.values(), key=lambda w: (w.rank < 0, w.rank, w.id))


def named(head: Head) -> Piece:
    """Return a column's head with its name."""
    if head.group == OVERALL:
        return "Overall"
    return say("{head}: {label}", head=head.head, label=head.label)


def appraised(
    rows: Sequence[AppraisalSummary], study: str, synthesis: Synthesis
) -> AppraisalSummary | None:
    """Return the appraisal of a study's result in a synthesis: same outcome, same visit."""
    plan = synthesis.plan
    for one in rows:
        _, _, rest = one.result.partition("/")
        outcome, _, visit = rest.partition("/")
        same = one.study == study and outcome == plan.outcome
        if same and visit.partition(".")[0] in (plan.visit, ""):
            return one
    return None


def anchor(book: Book, one: AppraisalSummary) -> str:
    """Return what a judgement rests on: its event, else the study, else the review."""
    events = (one.overall.event if one.overall else "", one.event, *(d.event for d in one.domains))
    for event in events:
        if event in book.content.events:
            return event
    known = {study.id for study in book.content.studies}
    return one.study if one.study in known else book.content.protocol.head.id
