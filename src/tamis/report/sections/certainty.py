"""Certainty of the evidence: what people judged, domain by domain; nothing where nobody judged.

The sentences never say more than the level allows (docs/reference/grading.md A9). Only the form of
very low certainty is written out; for the other levels the sentence gives the level and leaves the
statement of effect to the numbers beside it.
"""

from __future__ import annotations

from tamis.domain.quantities import Quantity
from tamis.domain.summaries import DomainSummary, RatingSummary
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.view import Cell, Table, columns, row

__all__ = ["certainty_profile", "certainty_table", "interpretation", "rating_line", "rating_of"]

NOT_JUDGED = "not judged"

#: Start level -> word.
LEVELS = {4: "high", 3: "moderate", 2: "low", 1: "very low"}


def rating_of(book: Book, synthesis: str) -> Phrase | None:
    """Return the certainty of the bodies that rest on a synthesis; ``None`` if there is none."""
    bodies = [b.id for b in book.content.protocol.bodies if b.synthesis == synthesis]
    if not bodies:
        return None
    ratings = [r for r in book.content.ratings if r.body in bodies]
    return join([_level(r) for r in ratings], "; ") if ratings else say("{no}", no=NOT_JUDGED)


def rating_line(book: Book, synthesis: str) -> Phrase:
    """Return the certainty sentence of one result."""
    found = rating_of(book, synthesis)
    if found is None:
        return say("Certainty: no body of evidence is planned for this result.")
    return say("Certainty: {all}.", all=found)


def _level(rating: RatingSummary) -> Phrase:
    if rating.level is None or rating.status == NOT_JUDGED:
        return say("{status}", status=rating.status or NOT_JUDGED)
    proposed = "" if rating.status == "confirmed" else f", {rating.status}"
    return say("{label} {symbols}{p}", label=rating.label, symbols=rating.symbols, p=proposed)


#: Kind of sentence -> its words; {o} are the outcomes, {l} the level, {s} its symbols.
SENTENCES = {
    "open": "The certainty of the evidence has not been judged to the end; no conclusion is drawn "
    "on: {o}.",
    "alone": "Without a comparison group nothing certain can be said about an effect of the "
    "intervention ({l} certainty, {s}) on: {o}.",
    "uncertain": "The evidence is very uncertain about the effect of the intervention ({l} "
    "certainty, {s}) on: {o}.",
    "level": "The certainty of the evidence is {l} ({s}) on: {o}. The numbers stand under Results.",
}


def interpretation(book: Book, *, critical: bool = False) -> tuple[Phrase, ...]:
    """Return one sentence a level of certainty; none is stronger than its certainty.

    ``critical`` leaves out the bodies of outcomes that the protocol does not call critical.
    """
    controlled = {s.plan.id for s in book.content.syntheses if s.plan.kind == "controlled"}
    found: dict[tuple[str, str, str], list[str]] = {}
    for body in book.content.protocol.bodies:
        outcome = book.content.protocol.outcome(body.outcome)
        if critical and outcome is not None and outcome.importance != "critical":
            continue
        rating = next((r for r in book.content.ratings if r.body == body.id), None)
        if rating is None or rating.level is None or rating.status != "confirmed":
            key = ("open", "", "")
        else:
            kind = "uncertain" if rating.level == 1 else "level"
            compared = body.synthesis in controlled or "randomised" in body.designs
            key = (kind if compared else "alone", rating.label, rating.symbols)
        found.setdefault(key, []).append(body.outcome)
    lines = [
        say(SENTENCES[kind], l=level, s=symbols,
            o=join([book.names.outcome(o) for o in dict.fromkeys(outcomes)], "; "))
        for (kind, level, symbols), outcomes in found.items()
    ]  # fmt: skip
    return tuple(lines) or (say("No body of evidence was rated; no conclusion is drawn."),)


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
                _level(rating) if rating else NOT_JUDGED,
            )
        )
    return Table(
        id="table-certainty",
        caption="Certainty of the evidence, by body",
        columns=columns("Outcome", "Designs", "Starts at", "Changes and reasons", "Certainty"),
        rows=tuple(rows),
        notes=(
            "Judgements are a person's; the reasons are theirs, word for word. A domain that "
            "nobody decided is not judged, and then no level is given.",
        ),
    )


def _reasons(book: Book, rating: RatingSummary) -> tuple[Piece, ...]:
    return tuple(
        say(
            "{domain}: {change}. {why}",
            domain=_domain(book, d),
            change=_change(book, rating, d),
            why=book.text(d.reason, "quote", ""),
        )
        for d in rating.domains
        if d.change
    )


def _domain(book: Book, domain: DomainSummary) -> Piece:
    return book.lit(domain.label or domain.domain, "label")


def _change(book: Book, rating: RatingSummary, domain: DomainSummary) -> Piece:
    """Return a change of level as a quantity that rests on the judgement's event."""
    if domain.change is None:
        return NOT_JUDGED
    if domain.change == 0:
        return "no change"
    size: Quantity = book.number(
        f"grade:{rating.body}/{domain.domain}#change",
        abs(domain.change),
        digits=0,
        inputs=(domain.event or rating.body,),
        rule="judgement of a person",
        what=say("levels by which {d} changes the certainty", d=_domain(book, domain)),
    )
    return say("{way} by {n}", way="down" if domain.change < 0 else "up", n=size)


def certainty_profile(book: Book) -> tuple[Table, ...]:
    """Return every domain of every body: change, reason, by whom and when (appendix E)."""
    tables = []
    for rating in book.content.ratings:
        rows = [
            row(
                _domain(book, d),
                _change(book, rating, d),
                book.text(d.reason, "quote", "–"),
                book.names.person(d.by) if d.by else "–",
                book.day(d.at) if d.at else "–",
            )
            for d in rating.domains
        ]
        tables.append(
            Table(
                id=f"table-profile-{rating.body}",
                caption=say("{outcome}: {level}", outcome=book.names.outcome_title(rating.outcome),
                            level=_level(rating)),
                columns=columns("Domain", "Change", "Reason", "By", "On"),
                rows=tuple(rows),
            )
        )  # fmt: skip
    return tuple(tables)
