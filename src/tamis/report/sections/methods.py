"""Methods, written from the protocol and the log: nothing here is typed by hand for one review."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.domain.decisions import STAGES
from tamis.domain.results import AgreementResult
from tamis.domain.values import CitationAnchor, Derivation, PassageAnchor
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.phrase import Phrase, Piece, counted, join, say
from tamis.report.sections.automation import automation
from tamis.report.sections.deviations import amendments_of
from tamis.report.sections.front import versions
from tamis.report.view import Column, Row, Table, columns, row

__all__ = ["methods"]

STAGE_WORDS = {"title-abstract": "Title and abstract", "full-text": "Full text"}


def methods(book: Book) -> Mapping[str, object]:
    """Return what the template ``methods.html.j2`` prints."""
    return {
        "protocol": _protocol(book),
        "criteria": _criteria(book),
        "sources": _sources(book),
        "search_notes": _search_notes(book),
        "dedupe": _dedupe(book),
        "screening": _screening(book),
        "agreement": _agreement(book),
        "collection": _collection(book),
        "outcomes": _outcomes(book),
        "bias": _bias(book),
        "synthesis": _synthesis(book),
        "plans": _plans(book),
        "certainty": _certainty(book),
        "automation": automation(book),
    }


def _protocol(book: Book) -> tuple[Phrase, ...]:
    versions_of = amendments_of(book)
    head = book.content.protocol.head
    lines = []
    if versions_of:
        first = versions_of[0]
        lines.append(
            say(
                "The protocol was adopted on {day} (hash {sha}). Changes since: {n}, each listed "
                "under deviations.",
                day=book.day(first.at),
                sha=book.lit(first.sha256[:12], "identifier"),
                n=book.count(
                    "protocol:changes",
                    [a.event for a in versions_of[1:]],
                    "set of events that changed the protocol",
                    "changes of the protocol after its adoption",
                ),
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


def _criteria(book: Book) -> Table | None:
    criteria = sorted(book.content.protocol.criteria, key=lambda c: (c.order, c.id))
    if not criteria:
        return None
    stages = {**STAGE_WORDS, "both": "Both"}
    return Table(
        id="table-criteria",
        caption="Eligibility criteria, in the order in which they decide",
        columns=columns("Criterion", "Kind", "Stage"),
        rows=tuple(
            row(
                book.text(c.text, "definition"),
                book.text(c.kind, "label"),
                stages.get(c.stage, "Both"),
            )
            for c in criteria
        ),
    )


def _sources(book: Book) -> Table | None:
    sources = book.content.protocol.sources
    if not sources:
        return None
    held: dict[str, list[str]] = {s.id: [] for s in sources}
    of = {b.sha256[:12]: b.source for b in book.content.batches}
    for name in book.content.records:
        held.setdefault(of.get(name.partition(":")[0], ""), []).append(name)
    rows = []
    for source in sources:
        ran = book.text(source.run.replace("-", " "), "label")
        rows.append(
            row(
                book.lit(source.database, "label"),
                book.text(source.platform, "label"),
                book.text(source.kind, "label"),
                book.day(source.searched_on) if source.searched_on else "not stated",
                book.text(source.limits, "definition", "none stated"),
                ran,
                book.count(
                    f"flow:identified/{source.id}",
                    held[source.id],
                    "set of records in the box",
                    say("{unit} in the box {label}", unit="records",
                        label=literal(source.database, "definition")),
                ),
            )
        )  # fmt: skip
    return Table(
        id="table-sources",
        caption="Sources searched",
        columns=columns(
            "Source", "Platform", "Kind", "Searched on", "Limits", "Strategy",
            Column(piece="Records imported", number=True),
        ),
        rows=tuple(rows),
        notes=("The strategies stand word for word in appendix A.",),
    )  # fmt: skip


def _search_notes(book: Book) -> tuple[Phrase, ...]:
    if any(s.run != "as-run" for s in book.content.protocol.sources):
        return (
            say("The strategies marked “rendered not run” were written for this example; the "
                "records did not come from running them."),
        )  # fmt: skip
    return ()


def _dedupe(book: Book) -> tuple[Phrase, ...]:
    pairs = book.content.pairs
    same = [p for p in pairs if p.decision == "same"]
    unsure = [p for p in pairs if p.decision == "unsure"]
    rules = sorted({p.rule for p in same})
    lines = [
        say(
            "Records that are the same report were put together by named rules and people's "
            "decisions, and none was deleted. Pairs judged the same: {same}{rules}; pairs "
            "undecided and kept apart: {unsure}.",
            same=_pairs(book, "same", [(p.a, p.b) for p in same]),
            rules=say(" ({r})", r=join([_rule(book, r) for r in rules])) if rules else "",
            unsure=_pairs(book, "unsure", [(p.a, p.b) for p in unsure]),
        )
    ]
    policy = book.content.protocol.dedupe_policy
    lines.append(
        say(
            "Policy for versions of one report: {p}.",
            p=book.text(policy.replace("-", " "), "label"),
        )
    )
    return tuple(lines)


def _rule(book: Book, rule: str) -> Piece:
    return book.names.person(rule) if rule.startswith("p-") else book.lit(rule, "identifier")


def _pairs(book: Book, decision: str, pairs: list[tuple[str, str]]) -> Piece:
    return book.number(
        f"dedupe:{decision}#pairs",
        len(pairs),
        digits=0,
        inputs=sorted({name for pair in pairs for name in pair}),
        rule="number of pairs with this decision",
        what=say("pairs of records judged {d}", d=decision),
    )


def _screening(book: Book) -> tuple[Phrase, ...]:
    lines = []
    for stage in STAGES:
        votes = [v for v in book.content.votes if v.stage == stage]
        if not votes:
            lines.append(say("{stage}: nothing was screened.", stage=STAGE_WORDS[stage]))
            continue
        people = sorted({v.reviewer for v in votes})
        verdicts = book.count(
            f"screening:{stage}",
            [v.event for v in votes],
            "set of verdicts at this stage",
            say("verdicts, {stage}", stage=STAGE_WORDS[stage].lower()),
        )
        names = join([book.names.person(p) for p in people], ", ", " and ")
        how: Piece = "one person alone, without a second reviewer"
        if len(people) > 1:
            number = book.number(
                f"screeners:{stage}#n", len(people), digits=0,
                inputs=sorted(v.event for v in votes),
                rule="number of different people among the verdicts",
                what="people who screened",
            )  # fmt: skip
            how = say("{n} people, {blinding}", n=number, blinding=_blinding(book))
        lines.append(
            say("{stage}: {n} by {names} ({how}).", stage=STAGE_WORDS[stage],
                n=counted(verdicts, "verdict", "verdicts"), names=names, how=how)
        )  # fmt: skip
    rules = book.content.protocol.screening
    maybe = "let through" if rules.maybe_counts_as == "include" else rules.maybe_counts_as
    lines.append(say("An undecided verdict (“maybe”) was {m}.", m=maybe))
    return tuple(lines)


def _blinding(book: Book) -> str:
    blind = book.content.protocol.screening.blinding
    return "independently" if blind == "per-record" else f"blinding: {blind.replace('-', ' ')}"


def _agreement(book: Book) -> Table | None:
    results = book.content.agreement
    if not results:
        return None
    return Table(
        id="table-agreement",
        caption="Agreement of reviewers before consensus",
        columns=columns(
            "What",
            "Reviewers",
            Column(piece="n", number=True),
            Column(piece="Agreement, %", number=True),
            Column(piece="Kappa", number=True),
            Column(piece="Interval of kappa", number=True),
        ),
        rows=tuple(_agreement_row(book, nth, one) for nth, one in enumerate(results)),
    )


def _agreement_row(book: Book, nth: int, result: AgreementResult) -> Row:
    low, high = result.kappa_ci or (None, None)
    percent = None if result.percent is None else result.percent * 100
    fields = (
        ("n", result.n, 0),
        ("percent", percent, 0),
        ("kappa", result.kappa, 2),
        ("kappa-low", low, 2),
        ("kappa-high", high, 2),
    )
    n, share, kappa, lower, upper = (
        book.number(
            f"agreement:{nth + 1}#{field}",
            value,
            digits=digits,
            inputs=result.inputs or (book.content.protocol.head.id,),
            rule="agreement of two raters",
            what=say("{f} of two raters", f=field),
        )
        for field, value, digits in fields
    )
    first, second = book.names.person(result.rater_1), book.names.person(result.rater_2)
    return row(
        book.lit(result.subject, "label"),
        say("{a} and {b}", a=first, b=second),
        n,
        share,
        kappa,
        say("{low} to {high}", low=lower, high=upper),
    )


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
    documents = book.content.documents
    if documents:
        lines.append(
            say("Full texts attached: {n}; of these lie with this copy of the review: {there}.",
                n=book.count("documents:all", [d.sha256 for d in documents],
                             "set of attached documents", "attached full texts"),
                there=book.count("documents:present", [d.sha256 for d in documents if d.present],
                                 "set of documents that are present", "full texts present"))
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


def _bias(book: Book) -> tuple[Phrase, ...]:
    tools = book.content.protocol.tools
    people = sorted({a.assessor for a in book.content.appraisals})
    lines = []
    if tools:
        names = [
            say("{t} for {d}", t=book.lit(tool, "identifier"), d=book.lit(design, "label"))
            for design, tool in tools
        ]
        lines.append(say("Planned tools: {t}.", t=join(names, "; ")))
    if people:
        how = "one person" if len(people) == 1 else "several people"
        lines.append(
            say("Risk of bias was judged per result by {how}: {names}.", how=how,
                names=join([book.names.person(p) for p in people], ", ", " and "))
        )  # fmt: skip
    else:
        lines.append(say("Risk of bias was not judged."))
    return tuple(lines)


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
            say("{o}{t}", o=book.names.outcome(s.plan.outcome),
                t=say(": {t}", t=book.lit(s.plan.title, "label")) if s.plan.title else ""),
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


def _certainty(book: Book) -> tuple[Phrase, ...]:
    if not book.content.protocol.bodies:
        return (say("No body of evidence was planned to be rated."),)
    return (
        say("The certainty of each body of evidence is judged by a person, domain by domain, after "
            "GRADE; a change needs a reason, and no level is given before every domain is "
            "decided."),
    )  # fmt: skip
