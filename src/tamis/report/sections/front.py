"""Title block and structured abstract (the twelve parts of PRISMA 2020 for abstracts)."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.domain.results import Synthesis
from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.phrase import Phrase, Piece, counted, join, say
from tamis.report.sections.bias import not_appraised
from tamis.report.sections.certainty import interpretation
from tamis.report.sections.effects import headline, title_of
from tamis.report.sections.limits import limits
from tamis.report.sections.participants import participants
from tamis.report.sections.selection import box_count
from tamis.report.sections.uncontrolled import uncontrolled_line

__all__ = ["abstract", "title_block", "versions"]


def title_block(book: Book, *, interim: bool) -> Mapping[str, object]:
    """Return the title, the people, the dates and the banner."""
    head, content = book.content.protocol.head, book.content
    people = [
        say(
            "{name} ({roles})",
            name=book.lit(m.name, "label"),
            roles=join([book.lit(r, "label") for r in m.roles]),
        )
        if m.roles
        else book.lit(m.name, "label")
        for m in content.protocol.team
    ]
    dates: list[tuple[str, Piece]] = [("Report dated", book.day(content.date))]
    if head.as_of:
        dates.append(("Evidence as of", book.day(head.as_of)))
    if head.registration:
        dates.append(("Registration", book.lit(head.registration, "identifier")))
    dates.append(("Made with", versions(book)))
    return {
        "title": book.lit(head.title, "label"),
        "banner": book.lit(head.banner, "quote") if head.banner.strip() else None,
        "interim": interim,
        "people": people,
        "dates": dates,
    }


def versions(book: Book) -> Phrase:
    """Return the programs that computed something, with their versions."""
    order = sorted(book.content.versions, key=lambda name: (name != "tamis", name))
    return join(
        say(
            "{name} {version}",
            name=name.capitalize() if name == "tamis" else book.lit(name, "label"),
            version=book.lit(book.content.versions[name], "setting"),
        )
        for name in order
    )


def abstract(book: Book, flow: Flow) -> tuple[tuple[str, tuple[Phrase, ...]], ...]:
    """Return (heading, sentences) of the abstract; the title above it is the first part."""
    head, question = book.content.protocol.head, book.content.protocol.question
    return (
        ("Objective", (_objective(book),)),
        (
            "Eligibility criteria",
            (say("Designs: {designs}.", designs=_clause(book, question.designs)),),
        ),
        ("Information sources", (_sources(book, flow),)),
        ("Risk of bias", (_tools(book),)),
        ("Synthesis of results", (_methods(book),)),
        ("Included studies", (_included(book, flow),)),
        ("Results", _results(book)),
        ("Limitations of the evidence", limits(book, flow)[:4]),
        ("Interpretation", interpretation(book, critical=True)),
        ("Funding", (say("{text}", text=book.text(head.funding, "quote")),)),
        ("Registration", (say("{text}", text=book.text(head.registration, "identifier")),)),
    )


def _clause(book: Book, text: str) -> Piece:
    return book.text(text.strip().rstrip("."), "definition")


def _objective(book: Book) -> Phrase:
    question = book.content.protocol.question
    return say(
        "To assess {intervention}, compared with {comparator}, in {population}, for {outcomes}.",
        intervention=_clause(book, question.intervention),
        comparator=_clause(book, question.comparator),
        population=_clause(book, question.population),
        outcomes=_clause(book, question.outcomes),
    )


def _sources(book: Book, flow: Flow) -> Phrase:
    sources = [
        say(
            "{database} ({day})",
            database=book.lit(s.database, "label"),
            day=book.day(s.searched_on) if s.searched_on else "date not stated",
        )
        for s in book.content.protocol.sources
    ]
    rendered = any(s.run != "as-run" for s in book.content.protocol.sources)
    return say(
        "{sources}; {n}.{note}",
        sources=join(sources, ", ", " and ") if sources else "No source was searched",
        n=counted(box_count(book, flow.box("identified")), "record", "records"),
        note=" The strategies are rendered for the example and were not run." if rendered else "",
    )


def _tools(book: Book) -> Phrase:
    used = {(a.tool_name, a.version) for a in book.content.appraisals}
    if not used:
        return say("Risk of bias was not appraised.")
    names = [
        say("{name} ({version})", name=book.lit(name, "label"), version=book.lit(v, "setting"))
        if v
        else book.lit(name, "label")
        for name, v in sorted(used)
    ]
    bare = not_appraised(book)
    rest = say(" Not appraised: {s}.", s=join(bare, ", ", " and ")) if bare else ""
    return say("Appraised per result with {tools}.{rest}", tools=join(names, ", ", " and "),
               rest=rest)  # fmt: skip


def _methods(book: Book) -> Phrase:
    kinds = {s.plan.kind for s in book.content.syntheses}
    parts = []
    if "controlled" in kinds:
        parts.append(
            "Effects come from comparative studies only; one study alone is analysed by "
            "small-sample methods and not called a pool."
        )
    if kinds - {"controlled"}:
        parts.append(
            "Studies without a comparator are listed by definition and time point; they enter no "
            "estimate of effects."
        )
    return say(" ".join(parts) or "No synthesis was planned.")


def _included(book: Book, flow: Flow) -> Phrase:
    people = participants(book, flow.box("included-studies").ids)
    return say(
        "{studies} in {reports}{people}.",
        studies=counted(box_count(book, flow.box("included-studies")), "study", "studies"),
        reports=counted(box_count(book, flow.box("included-reports")), "report", "reports"),
        people=say("; {n} participants{note}", n=people[0], note=people[1]) if people else "",
    )


def _results(book: Book) -> tuple[Phrase, ...]:
    """Return the results on critical outcomes; on all when none is called critical."""
    critical = {o.id for o in book.content.protocol.outcomes if o.importance == "critical"}
    primary = [
        s
        for s in book.content.syntheses
        if s.plan.layer == "primary" and (s.plan.outcome in critical or not critical)
    ]
    lines = [
        say("{title}. {line}", title=title_of(book, s.plan), line=headline(book, s))
        for s in primary
        if s.plan.kind == "controlled"
    ]
    arms: dict[str, list[Synthesis]] = {}
    for synthesis in primary:
        if synthesis.plan.kind == "single-arm":
            arms.setdefault(synthesis.plan.outcome, []).append(synthesis)
    for outcome, group in arms.items():
        line = uncontrolled_line(book, outcome, group)
        if line is not None:
            lines.append(line)
    return tuple(lines) or (say("No result was synthesised."),)
