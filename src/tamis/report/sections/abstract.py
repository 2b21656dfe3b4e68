"""Structured abstract after the twelve items of PRISMA 2020 for abstracts; the title is the first.

Everything is read from protocol, log and results. The interpretation is the statements that follow
from certainty; harms stand in it whatever is known of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.domain.results import Synthesis
from tamis.domain.summaries import AppraisalSummary
from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.phrase import Phrase, Piece, counted, join, say
from tamis.report.sections.bias import not_appraised, result_words
from tamis.report.sections.conclusion import short_conclusion
from tamis.report.sections.harms import harm_lines, harm_outcomes
from tamis.report.sections.headline import headline
from tamis.report.sections.limits import evidence_limits, process_limits, unsettled
from tamis.report.sections.participants import participants
from tamis.report.sections.selection import box_count
from tamis.report.sections.uncontrolled import uncontrolled_line

__all__ = ["abstract", "in_sentence", "objective"]

_ASIDE = re.compile(r"\s*\([^()]*\)\Z")


def abstract(book: Book, flow: Flow) -> tuple[tuple[str, tuple[Phrase, ...]], ...]:
    """Return (heading, sentences) of the abstract; the title above it is the first part."""
    head = book.content.protocol.head
    harms = harm_lines(book, critical=True)
    parts: list[tuple[str, tuple[Phrase, ...]]] = [
        ("Objective", (objective(book),)),
        ("Eligibility criteria", (_eligibility(book),)),
        ("Information sources", (_sources(book, flow),)),
        ("Risk of bias", _bias(book)),
        ("Synthesis of results", (_methods(book),)),
        ("Included studies", (_included(book, flow),)),
        ("Results", _results(book)),
    ]
    if harms:
        parts.append(("Harms", harms))
    return (
        *parts,
        ("Limitations of the evidence", _limits(book, flow)),
        ("Interpretation", short_conclusion(book)),
        ("Funding", (say("{text}", text=book.text(head.funding, "quote")),)),
        ("Registration", (say("{text}", text=book.text(head.registration, "identifier")),)),
    )


def _limits(book: Book, flow: Flow) -> tuple[Phrase, ...]:
    return (*evidence_limits(book, critical=True), *process_limits(book, flow)[:2])


def in_sentence(book: Book, text: str) -> Piece:
    """Return a part of the question as it stands inside a sentence.

    The full stop, what follows a semicolon and a last remark in brackets go, and so does the
    capital that only began the line; a text with digits keeps all but its first letter.
    """
    words = text.strip().rstrip(".")
    if not any(c.isdigit() for c in words):
        words = _ASIDE.sub("", words.partition(";")[0])
    if words[1:2].islower() and words[:1].isupper():
        words = words[:1].lower() + words[1:]
    return book.text(words, "definition")


def objective(book: Book) -> Phrase:
    """Return the question as one sentence that names its parts."""
    question, names = book.content.protocol.question, book.names
    critical = [o.id for o in book.content.protocol.outcomes if o.importance == "critical"]
    return say(
        "To assess the effects of {intervention}, compared with {comparator}, in {population}, "
        "on {outcomes}.",
        intervention=names.concept_in("intervention", "en")
        or in_sentence(book, question.intervention),
        comparator=names.concept_in("comparator", "en") or in_sentence(book, question.comparator),
        population=names.concept_in("population", "en") or in_sentence(book, question.population),
        outcomes=join([names.outcome_in(o, "en") for o in critical], ", ", " and ")
        if critical
        else in_sentence(book, question.outcomes),
    )


def _eligibility(book: Book) -> Phrase:
    question = book.content.protocol.question
    return say(
        "Designs: {designs}. Criteria are listed under Methods in the order in which they decide.",
        designs=in_sentence(book, question.designs),
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
        note=" The strategies marked “rendered not run” were not run as they stand."
        if rendered
        else "",
    )


def _bias(book: Book) -> tuple[Phrase, ...]:
    """Return tools and, for each comparative result, the judgement of the whole."""
    given = book.content.appraisals
    counted_once = [a for a in given if a.role != "assessor"]
    used = {(a.tool_name, a.version) for a in given}
    if not used:
        return (say("Risk of bias was not appraised."),)
    names = [
        say("{name} ({version})", name=book.lit(name, "label"), version=book.lit(v, "setting"))
        if v
        else book.lit(name, "label")
        for name, v in sorted(used)
    ]
    bare = not_appraised(book)
    rest = say(" Not appraised: {s}.", s=join(bare, ", ", " and ")) if bare else ""
    lines = [say("Appraised per result with {tools}.{rest}", rest=rest,
                 tools=join(names, ", ", " and "))]  # fmt: skip
    judged: dict[str, list[AppraisalSummary]] = {}
    for one in counted_once:
        word = _overall(one)
        if word and one.domains:
            judged.setdefault(word, []).append(one)
    lines += [
        say("Judged {w}: {r}.", w=book.lit(word, "quote"),
            r=join([result_words(book, one.result) for one in found], "; "))
        for word, found in judged.items()
    ]  # fmt: skip
    lines += unsettled(book)
    return tuple(lines)


def _overall(one: AppraisalSummary) -> str:
    if one.overall is not None and one.overall.judgement is not None:
        return one.overall.judgement.label
    return one.judgement


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
    designs: dict[str, list[str]] = {}
    for study in book.content.studies:
        if study.id in flow.box("included-studies").ids and study.design:
            designs.setdefault(study.design, []).append(study.id)
    kinds = [
        say("{n} {d}", d=book.lit(design.replace("-", " "), "label"),
            n=book.count(f"included-design:{design}", ids, "set of included studies of this design",
                         say("included studies, {d}", d=book.lit(design, "label"))))
        for design, ids in sorted(designs.items())
    ]  # fmt: skip
    return say(
        "{studies} in {reports}{people}{kinds}.",
        studies=counted(box_count(book, flow.box("included-studies")), "study", "studies"),
        reports=counted(box_count(book, flow.box("included-reports")), "report", "reports"),
        people=say("; {n} participants{note}", n=people[0], note=people[1]) if people else "",
        kinds=say("; by design: {k}", k=join(kinds)) if kinds else "",
    )


def _results(book: Book) -> tuple[Phrase, ...]:
    """Return the results on critical outcomes that are no harm; all when none is critical."""
    harmful = set(harm_outcomes(book))
    critical = {o.id for o in book.content.protocol.outcomes if o.importance == "critical"}
    primary = [
        s
        for s in book.content.syntheses
        if s.plan.layer == "primary"
        and (s.plan.outcome in critical or not critical)
        and (s.plan.outcome not in harmful or s.pooled is not None)
    ]
    lines = (*_controlled(book, primary), *_observed(book, primary))
    return lines or (say("No result was synthesised."),)


def _controlled(book: Book, syntheses: list[Synthesis]) -> Iterator[Phrase]:
    for synthesis in syntheses:
        if synthesis.plan.kind == "controlled":
            plan = synthesis.plan
            yield say(
                "{outcome}{visit}. {line}",
                outcome=book.names.outcome_title(plan.outcome),
                visit=say(", {v}", v=book.names.visit(plan.visit)) if plan.visit else "",
                line=headline(book, synthesis),
            )


def _observed(book: Book, syntheses: list[Synthesis]) -> Iterator[Phrase]:
    arms: dict[str, list[Synthesis]] = {}
    for synthesis in syntheses:
        if synthesis.plan.kind == "single-arm":
            arms.setdefault(synthesis.plan.outcome, []).append(synthesis)
    for outcome, group in arms.items():
        line = uncontrolled_line(book, outcome, group)
        if line is not None:
            yield line
