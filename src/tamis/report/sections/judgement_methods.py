"""Methods of judgement: risk of bias, certainty with its settings and thresholds, claim check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tamis.report.book import Book
from tamis.report.names import unit_words
from tamis.report.phrase import Link, Phrase, Piece, join, say
from tamis.report.sections.bias import not_appraised
from tamis.report.sections.limits import unsettled
from tamis.report.sections.plain_summary import languages
from tamis.report.sections.recorded import recorded_for
from tamis.report.view import Column, Table, columns, row

__all__ = ["method_parts"]

#: What is proposed per domain, and by which thought; nothing here is a level.
PROPOSALS = (
    "Risk of bias: from the share of the weight that judgements at high risk carry, and from "
    "whether leaving them out moves the result past a threshold.",
    "Inconsistency: from estimates on different sides of a threshold together with the prediction "
    "interval; heterogeneity alone, on one side of every threshold, is no reason.",
    "Indirectness: from parts of the question that the body does not share, and from surrogates.",
    "Imprecision: from the thresholds that the interval of the absolute effect crosses, and from "
    "the optimal information size.",
    "Publication bias: from registered and unreported studies, sponsors, and tests of asymmetry "
    "where there are enough studies.",
    "Upgrades: only for non-randomised comparative bodies that nothing was rated down for.",
)


def _bias_methods(book: Book) -> tuple[Phrase, ...]:
    """Return tools, assessors, and how their answers became judgements."""
    tools = book.content.protocol.tools
    settled = book.content.appraisals
    people = sorted({a.assessor for a in settled if a.assessor and a.role != "consensus"})
    lines = []
    if tools:
        names = [
            say("{t} for {d}", t=book.lit(tool, "identifier"), d=book.lit(design, "label"))
            for design, tool in tools
        ]
        lines.append(say("Planned tools: {t}.", t=join(names, "; ")))
    if not people:
        lines.append(say("Risk of bias was not judged."))
        return tuple(lines)
    how = "several people" if len(people) > 1 else "one person"
    lines.append(
        say("Risk of bias was judged per result, not per study, by {how}: {names}.", how=how,
            names=join([book.names.person(p) for p in people], ", ", " and "))
    )  # fmt: skip
    lines += _assessors(book)
    if any(a.domains for a in settled):
        lines.append(
            say("Where a tool has rules, they propose a judgement from the answers and a person "
                "judges; both are kept, and a judgement that differs from the proposal carries a "
                "mark and a reason. Questions stand in our own short words, not in the official "
                "wording.")
        )  # fmt: skip
    if any(a.status == "provisional" for a in settled):
        lines.append(say("A tool marked provisional has rules that are not settled."))
    bare = not_appraised(book)
    if bare:
        lines.append(say("Not appraised: {s}.", s=join(bare, ", ", " and ")))
    if book.content.appraisal_agreement:
        appendix = Link("appendix D", "#appendix-d")
        lines.append(say("Agreement of assessors, question by question: {a}.", a=appendix))
    lines += recorded_for(book, "appraisals", "appraisal-consensus")
    return tuple(lines)


def _assessors(book: Book) -> Iterator[Phrase]:
    """Say how two assessors came to one judgement: only what the log holds of it."""
    given = book.content.appraisals
    roles = {a.role for a in given}
    if roles == {"single"}:
        yield say("There was no second assessor.")
        return
    if "single" in roles:
        yield say("Not every result has a second assessor.")
    yield say(
        "Whether assessors saw each other’s answers before they had finished is not recorded."
    )
    if any(a.agreed for a in given):
        yield say("What assessors judged alike stands as their judgement.")
    by = sorted({a.assessor for a in given if a.role == "consensus" and a.assessor})
    if by:
        yield say(
            "Differences were settled by {who} in a record that names the answers it settles; the "
            "originals stand beside it.",
            who=join([book.names.person(p) for p in by], ", ", " and "),
        )
    yield from unsettled(book)


def _certainty_methods(book: Book) -> tuple[Piece, ...]:
    """Return how certainty was judged, and on what cut-offs the proposals rest."""
    if not book.content.protocol.bodies:
        return ("No body of evidence was planned to be rated.",)
    lines: list[Piece] = [
        "The certainty of each body of evidence is judged by a person, domain by domain, after "
        "GRADE; a change needs a reason, and no level is given before every domain is decided.",
    ]
    proposed = any(d.rule for r in book.content.ratings for d in r.domains)
    if proposed:
        lines.append(
            "Rules propose a change for each domain and show the numbers and the name of the rule "
            "behind it (appendix E). The cut-offs of these rules are ours and not part of GRADE; "
            "a decision that differs from the proposal is marked."
        )
        lines += PROPOSALS
    lines.append(
        "Controlled and single-arm bodies are rated apart and never share a statement. A "
        "statement follows from the certainty and the size of the effect; its certainty stands in "
        "it. The size is read off thresholds of the protocol; where none is given the effect is "
        "not sized, and is called not established while its interval reaches to both sides."
    )
    if any(a.only for r in book.content.findings_rows for a in r.absolutes):
        lines.append(
            "Risks per thousand people that rest on few people with the comparator are marked as "
            "holding for that trial only; none was taken from outside the protocol."
        )
    if "zh" in languages(book):
        lines.append(
            "The Chinese statements are a house translation awaiting a native methodologist’s "
            "signature."
        )
    lines += recorded_for(book, "grades")
    return tuple(lines)


def _thresholds(book: Book) -> Table | None:
    """Return the thresholds of the protocol with their sources, word for word."""
    rows = [
        row(
            book.names.outcome_title(o.id),
            book.text(t.size, "label"),
            book.number(
                f"threshold:{o.id}/{t.size}.{place + 1}#value", float(t.value),
                digits=_decimals(t.value), inputs=(book.content.protocol.head.id,),
                rule="threshold of the protocol",
                what=say("threshold, {o}", o=book.names.outcome(o.id)),
            ) if _is_number(t.value) else book.text(t.value, "setting"),
            book.text(unit_words(t.unit), "label", "–"),
            book.text(t.source, "quote"),
        )
        for o in book.content.protocol.outcomes
        for place, t in enumerate(o.thresholds)
    ]  # fmt: skip
    if not rows:
        return None
    return Table(
        id="table-thresholds",
        caption="Thresholds of the protocol: the smallest effect called small, moderate or large",
        columns=columns("Outcome", "Size", Column(piece="From", number=True), "Unit", "Source"),
        rows=tuple(rows),
        notes=(
            "“Response” is a threshold within one person; it gives no size to a difference of "
            "groups. A size that rests on a threshold set for the demonstration says so.",
        ),
    )


def _is_number(text: str) -> bool:
    whole, _, rest = text.strip().partition(".")
    return whole.lstrip("-").isdigit() and (not rest or rest.isdigit())


def _decimals(text: str) -> int:
    return len(text.strip().partition(".")[2])


def _claim_methods(book: Book) -> tuple[Phrase, ...]:
    """Return how other texts were checked; nothing where none was."""
    if not book.content.claims:
        return ()
    return (
        say("Sentences of other texts on the same studies were checked by twelve named rules "
            "against the values and the certainty of this review. Each has two answers: whether "
            "its number is faithful, and whether what is made of it holds. Strength is read from "
            "a list of words in English and Chinese; a sentence may not be stronger than the "
            "certainty allows. What a text leaves out is judged for the text as a whole. The same "
            "check runs over this report each time it is built."),
    )  # fmt: skip


def method_parts(book: Book) -> Mapping[str, object]:
    """Return the parts of the methods that are about judgement."""
    return {
        "bias": _bias_methods(book),
        "certainty": _certainty_methods(book),
        "thresholds": _thresholds(book),
        "claim_check": _claim_methods(book),
    }
