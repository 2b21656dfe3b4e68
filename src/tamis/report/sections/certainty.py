"""Certainty of the evidence: what the rules propose and what people decided, domain by domain."""

from __future__ import annotations

from tamis.domain.quantities import Quantity
from tamis.domain.summaries import DomainSummary, RatingSummary
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say, sentence
from tamis.report.sections.statements import NOT_JUDGED, level_words, to_rest_on
from tamis.report.view import Cell, Table, columns, row

__all__ = [
    "certainty_profile", "certainty_table", "change_words", "domain_words", "rating_line",
    "rating_of",
]  # fmt: skip

#: Start level -> word.
LEVELS = {4: "high", 3: "moderate", 2: "low", 1: "very low"}


def rating_of(book: Book, synthesis: str) -> Phrase | None:
    """Return the certainty of the bodies that rest on a synthesis; ``None`` if there is none."""
    bodies = [b.id for b in book.content.protocol.bodies if b.synthesis == synthesis]
    if not bodies:
        return None
    ratings = [r for r in book.content.ratings if r.body in bodies]
    return join([level_words(r) for r in ratings], "; ") if ratings else say("{n}", n=NOT_JUDGED)


def rating_line(book: Book, synthesis: str) -> Phrase:
    """Return the certainty sentence of one result."""
    found = rating_of(book, synthesis)
    if found is None:
        return say("Certainty: no body of evidence is planned for this result.")
    return say("Certainty: {all}.", all=found)


def certainty_table(book: Book) -> Table | None:
    """Return one row a body: start, domains with a change, final level."""
    bodies = book.content.protocol.bodies
    if not bodies:
        return None
    rows = []
    for body in bodies:
        rating = next((r for r in book.content.ratings if r.body == body.id), None)
        start = LEVELS.get(rating.start if rating else body.start_level, NOT_JUDGED)
        reasons = _reasons(book, rating) if rating else ()
        rows.append(
            row(
                book.names.outcome_title(body.outcome),
                join([book.lit(d, "label") for d in body.designs]),
                start,
                Cell(piece="" if reasons else "no change recorded", items=reasons),
                level_words(rating) if rating else NOT_JUDGED,
            )
        )
    return Table(
        id="table-certainty",
        caption="Certainty of the evidence, by body",
        columns=columns("Outcome", "Designs", "Starts at", "Changes and reasons", "Certainty"),
        rows=tuple(rows),
        notes=(
            "Judgements are a person's; the reasons are theirs, word for word. A domain that "
            "nobody decided is not judged, and then no level is given. Appendix E has every "
            "domain with what the rules proposed.",
        ),
    )


def _reasons(book: Book, rating: RatingSummary) -> tuple[Piece, ...]:
    return tuple(
        say(
            "{domain}: {change}. {why}",
            domain=domain_words(book, d),
            change=change_words(book, rating.body, d),
            why=book.text(d.reason, "quote", ""),
        )
        for d in rating.domains
        if d.change
    )


def domain_words(book: Book, domain: DomainSummary) -> Piece:
    """Return the name of a domain."""
    return book.lit(domain.label or domain.domain, "label")


def change_words(book: Book, body: str, domain: DomainSummary) -> Piece:
    """Return a decided change of level, as a quantity that rests on the judgement's event."""
    return _levels(
        book, f"grade:{body}/{domain.domain}#change", domain, domain.change,
        rule="judgement of a person", inputs=(domain.event or body,), unknown=NOT_JUDGED,
    )  # fmt: skip


def _proposal(book: Book, body: str, domain: DomainSummary) -> Piece:
    """Return the change of level that the rules propose."""
    return _levels(
        book, f"grade:{body}/{domain.domain}#proposal", domain, domain.proposal,
        rule=domain.rule or "rule of the engine", unknown="a person decides",
        inputs=to_rest_on(book, domain.because, body),
    )  # fmt: skip


def _levels(
    book: Book,
    name: str,
    domain: DomainSummary,
    change: int | None,
    *,
    rule: str,
    inputs: tuple[str, ...],
    unknown: str,
) -> Piece:
    if change is None:
        return unknown
    if change == 0:
        return "no change"
    size: Quantity = book.number(
        name, abs(change), digits=0, inputs=inputs, rule=rule,
        what=say("levels by which {d} changes the certainty", d=domain_words(book, domain)),
    )  # fmt: skip
    return say("{way} by {n}", way="down" if change < 0 else "up", n=size)


def certainty_profile(book: Book) -> tuple[Table, ...]:
    """Return every domain of every body: proposal, rule, decision, reason (appendix E)."""
    return tuple(_profile(book, rating) for rating in book.content.ratings)


def _profile(book: Book, rating: RatingSummary) -> Table:
    rows = [
        row(
            domain_words(book, d),
            _proposal(book, rating.body, d),
            _why(book, rating.body, d),
            say("{c}{o}", c=change_words(book, rating.body, d),
                o=" (differs from the proposal)" if d.overridden else ""),
            book.text(d.reason, "quote", "–"),
            _signed(book, d),
        )
        for d in rating.domains
    ]  # fmt: skip
    designs = next((b.designs for b in book.content.protocol.bodies if b.id == rating.body), ())
    over = any(d.overridden for d in rating.domains)
    return Table(
        id=f"table-profile-{rating.body}",
        caption=say(
            "{outcome}{designs}: starts at {start}; {level}",
            outcome=book.names.outcome_title(rating.outcome),
            designs=say(" ({d})", d=join([book.lit(d, "label") for d in designs]))
            if designs
            else "",
            start=LEVELS.get(rating.start, NOT_JUDGED),
            level=level_words(rating),
        ),
        columns=columns("Domain", "Proposed", "Why proposed", "Decided", "Reason", "By"),
        rows=tuple(rows),
        notes=("A decision that differs from the proposal stands with the person's reason.",)
        if over
        else (),
    )


def _why(book: Book, body: str, domain: DomainSummary) -> Piece:
    """Return the numbers behind a proposal, and the rule that made it."""
    rule = say("rule {r}", r=book.lit(domain.rule, "identifier")) if domain.rule else None
    if not domain.message.strip():
        return rule or "–"
    words = book.spoken(
        sentence(domain.message),
        name=f"grade/{body}/{domain.domain}",
        inputs=to_rest_on(book, domain.because, body),
        rule=domain.rule or "rule of the engine",
    )
    return say("{w} [{r}]", w=words, r=rule) if rule else words


def _signed(book: Book, domain: DomainSummary) -> Piece:
    if not domain.by:
        return "–"
    day = say(", {d}", d=book.day(domain.at)) if domain.at else ""
    return say("{p}{d}", p=book.names.person(domain.by), d=day)
