"""Methods, written from the protocol and the log: nothing here is typed by hand for one review."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.domain.values import CitationAnchor, Derivation, PassageAnchor
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.sections.automation import automation
from tamis.report.sections.choices import method_choices
from tamis.report.sections.deviations import amendments_of
from tamis.report.sections.duplicates import dedupe
from tamis.report.sections.front import versions
from tamis.report.sections.headline import title_of
from tamis.report.sections.judgement_methods import method_parts
from tamis.report.sections.recorded import recorded_for
from tamis.report.sections.search import (
    agreement,
    criteria,
    screening,
    search_notes,
    sources,
)
from tamis.report.view import Table, columns, row

__all__ = ["methods"]


def methods(book: Book) -> Mapping[str, object]:
    """Return what the template ``methods.html.j2`` prints."""
    return {
        "protocol": _protocol(book),
        "criteria": criteria(book),
        "sources": sources(book),
        "search_notes": search_notes(book),
        "dedupe": dedupe(book),
        "screening": screening(book),
        "agreement": agreement(book),
        "collection": _collection(book),
        "outcomes": _outcomes(book),
        "synthesis": _synthesis(book),
        "choices": method_choices(book),
        "plans": _plans(book),
        **method_parts(book),
        "automation": automation(book),
    }


def _protocol(book: Book) -> tuple[Phrase, ...]:
    versions_of = amendments_of(book)
    head = book.content.protocol.head
    lines = []
    if versions_of:
        first = versions_of[0]
        later = [a.event for a in versions_of[1:]]
        changes: Piece = " It was not changed since."
        if later:
            changes = say(
                " Changes since: {n}, each listed under deviations.",
                n=book.count("protocol:changes", later, "set of events that changed the protocol",
                             "changes of the protocol after its adoption"),
            )  # fmt: skip
        lines.append(
            say(
                "The protocol was adopted on {day} (hash {sha}).{changes}",
                day=book.day(first.at),
                sha=book.lit(first.sha256[:12], "identifier"),
                changes=changes,
            )
        )
    else:
        lines.append(say("No version of the protocol is in the log."))
    registered = head.registration.strip()
    lines.append(
        say("Registration: {r}.", r=book.lit(registered.rstrip("."), "identifier"))
        if registered
        else say("The review is not registered, or its registration is not stated.")
    )
    return tuple(lines)


def _collection(book: Book) -> tuple[Phrase, ...]:
    extraction = book.content.extraction
    people = sorted({v.extractor for v in extraction.values if v.extractor})
    kinds = (
        (PassageAnchor, "a passage in a document"),
        (CitationAnchor, "a citation with its place"),
        (Derivation, "a formula over other values"),
    )
    by_kind = [
        say("{n} on {what}", what=words, n=book.count(
            f"values:{kind.__name__.lower()}",
            [v.id for v in extraction.values if isinstance(v.source, kind)],
            "set of values with this kind of source", say("values that rest on {w}", w=words)))
        for kind, words in kinds
    ]  # fmt: skip
    lines = [
        say(
            "{n} values were recorded{people}; each rests on a source that its trail shows: {k}. "
            "{sought} further items were looked for and not found; they are shown as not reported "
            "and never as a number.",
            n=book.count("values:all", [v.id for v in extraction.values], "set of values",
                         "extracted values"),
            people=say(" by {p}", p=join([book.names.person(p) for p in people], ", ", " and "))
            if people else "",
            k=join(by_kind),
            sought=book.count("values:looked-for", [i.id for i in extraction.looked_for],
                              "set of items looked for and not found", "items not found"),
        )
    ]  # fmt: skip
    if len(people) == 1:
        lines.append(say("Nobody extracted a second time."))
    lines += recorded_for(book, "values")
    documents = book.content.documents
    if documents:
        lines.append(
            say("Full texts attached: {n}, each named by its hash. Whether they lie with a copy of "
                "this review, and every quote still stands in them, is checked there.",
                n=book.count("documents:all", [d.sha256 for d in documents],
                             "set of attached documents", "attached full texts"))
        )  # fmt: skip
    return tuple(lines)


def _outcomes(book: Book) -> Table | None:
    outcomes = book.content.protocol.outcomes
    if not outcomes:
        return None
    rows = [
        row(
            book.lit(o.name, "label"),
            book.text(o.importance, "label"),
            book.text(o.estimand, "label"),
            join([book.names.visit(v) for v in o.visits]) if o.visits else "any",
            "not stated" if o.definition in ("", "not-stated")
            else book.lit(o.definition, "definition"),
        )
        for o in outcomes
    ]  # fmt: skip
    return Table(
        id="table-outcomes",
        caption="Outcomes of the protocol",
        columns=columns("Outcome", "Importance", "Estimand", "Visits", "Definition"),
        rows=tuple(rows),
    )


def _synthesis(book: Book) -> tuple[Phrase, ...]:
    return (
        say(
            "Studies with a comparator and studies without one never enter the same estimate, "
            "table total or figure. One comparative study alone is analysed by methods for small "
            "samples; it has no between-study variance and is not called a pool. Values per visit "
            "are shown as printed, without joining, interpolating or testing them."
        ),
        say("Computed with {v}.", v=versions(book)),
    )


def _plans(book: Book) -> Table | None:
    syntheses = book.content.syntheses
    if not syntheses:
        return None
    rows = [
        row(
            title_of(book, s.plan),
            book.text(s.plan.kind, "label"),
            "–" if s.plan.measure == "none" else book.text(s.plan.measure, "label"),
            book.text(s.plan.method, "label"),
            book.text(s.plan.layer, "label"),
            join(
                [say("{k} {v}", k=book.lit(k, "identifier"), v=book.lit(v, "setting"))
                 for k, v in sorted(s.settings.items())]
            ) if s.settings else "–",
        )
        for s in syntheses
    ]  # fmt: skip
    return Table(
        id="table-plans",
        caption="Planned syntheses and the settings they were run with",
        columns=columns("Synthesis", "Kind", "Measure", "Method", "Layer", "Settings"),
        rows=tuple(rows),
    )
