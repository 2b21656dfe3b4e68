"""How records were found and chosen: criteria, sources, screening, agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tamis.domain.decisions import STAGES
from tamis.domain.quantities import Quantity
from tamis.domain.results import AgreementResult
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.phrase import Phrase, Piece, counted, join, say
from tamis.report.sections.recorded import recorded_for
from tamis.report.view import Column, Row, Table, columns, row

__all__ = [
    "agreement",
    "appraisal_agreement",
    "criteria",
    "screening",
    "search_notes",
    "sources",
]

NOT_STATED = "not stated"

#: Assessors who share fewer results than this have no kappa: chance would decide it.
LEAST = 10

STAGE_WORDS = {"title-abstract": "Title and abstract", "full-text": "Full text"}


def criteria(book: Book) -> Table | None:
    """Return the eligibility criteria in the order in which they decide."""
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


def sources(book: Book) -> Table | None:
    """Return the sources searched, with what each gave."""
    sources = book.content.protocol.sources
    if not sources:
        return None
    held: dict[str, list[str]] = {s.id: [] for s in sources}
    of = {b.sha256[:12]: b.source for b in book.content.batches}
    for name in book.content.records:
        held.setdefault(of.get(name.partition(":")[0], ""), []).append(name)
    rows = []
    for source in sources:
        ran: Piece = NOT_STATED
        if source.run != "as-run" or f"source.{source.id}.run" in book.content.protocol.stated:
            ran = book.text(source.run.replace("-", " "), "label")
        rows.append(
            row(
                book.lit(source.database, "label"),
                book.text(source.platform, "label"),
                book.text(source.kind, "label"),
                book.day(source.searched_on) if source.searched_on else NOT_STATED,
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


def search_notes(book: Book) -> tuple[Phrase, ...]:
    """Return what must be said about strategies that were not run."""
    if any(s.run != "as-run" for s in book.content.protocol.sources):
        return (
            say("The strategies marked “rendered not run” were not run as they stand; the "
                "records did not come from running them."),
        )  # fmt: skip
    return ()


def screening(book: Book) -> tuple[Phrase, ...]:
    """Return who screened, at which stage, and how many verdicts there are."""
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
        if len(people) > 1:
            lines += _disagreements(book, stage)
    rules = book.content.protocol.screening
    maybe = "let through" if rules.maybe_counts_as == "include" else rules.maybe_counts_as
    lines.append(say("An undecided verdict (“maybe”) was {m}.", m=maybe))
    lines += recorded_for(book, "pairs", "votes", "consensus")
    return tuple(lines)


def _disagreements(book: Book, stage: str) -> Iterator[Phrase]:
    """Say how many disagreements of a stage were settled, by whom, and what is open."""
    states = [s for s in book.content.states if s.stage == stage]
    done = [s.settled_by for s in states if s.settled_by]
    still = [s.cluster for s in states if s.state == "conflict"]
    if not done and not still:
        yield say("Reviewers disagreed on no report at this stage.")
    if done:
        marks = [book.content.events[e] for e in done if e in book.content.events]
        who = [book.names.person(p) for p in dict.fromkeys(m.actor for m in marks)]
        yield say(
            "Disagreements settled: {n}{who}, each in a record of its own that names the verdicts "
            "it settles.",
            n=book.count(f"settled:{stage}", done, "set of settlements at this stage",
                         say("settled disagreements, {s}", s=STAGE_WORDS[stage].lower())),
            who=say(", by {p}", p=join(who, ", ", " and ")) if who else "",
        )  # fmt: skip
    if still:
        yield say(
            "Disagreements that nobody has settled: {n}.",
            n=book.count(f"unsettled:{stage}", still, "set of reports in conflict at this stage",
                         say("unsettled disagreements, {s}", s=STAGE_WORDS[stage].lower())),
        )  # fmt: skip


def _blinding(book: Book) -> str:
    blind = book.content.protocol.screening.blinding
    if blind == "per-record" and "screening.blinding" not in book.content.protocol.stated:
        return "whether they saw each other’s verdicts is not stated"
    if blind == "per-record":
        return "blinded per record as the protocol says"
    return f"blinding: {blind.replace('-', ' ')}"


def agreement(book: Book) -> Table | None:
    """Return the agreement of pairs of reviewers; ``None`` where there is none."""
    return _agreement(book, "agreement", "Agreement of reviewers before consensus",
                      book.content.agreement)  # fmt: skip


def appraisal_agreement(book: Book) -> Table | None:
    """Return the agreement of pairs of assessors of risk of bias; ``None`` where there is none."""
    return _agreement(book, "bias-agreement", "Agreement of assessors of risk of bias",
                      book.content.appraisal_agreement, least=LEAST)  # fmt: skip


def _agreement(
    book: Book, name: str, caption: str, results: Sequence[AgreementResult], *, least: int = 0
) -> Table | None:
    if not results:
        return None
    notes: tuple[Piece, ...] = ()
    if any(one.n < least for one in results):
        number = book.number(
            f"{name}:least#n", least, digits=0, inputs=(book.content.protocol.head.id,),
            rule="least number of results for a kappa", what="least number of results for a kappa",
        )  # fmt: skip
        notes = (say("No kappa is given where fewer than {n} results were appraised by both.",
                     n=number),)  # fmt: skip
    return Table(
        id=f"table-{name}",
        caption=caption,
        columns=columns(
            "What",
            "Reviewers",
            Column(piece="n", number=True),
            Column(piece="Agreement, %", number=True),
            Column(piece="Kappa", number=True),
            Column(piece="Interval of kappa", number=True),
        ),
        rows=tuple(
            _agreement_row(book, f"{name}:{nth + 1}", one, kappa=one.n >= least)
            for nth, one in enumerate(results)
        ),
        notes=notes,
    )


def _agreement_row(book: Book, name: str, result: AgreementResult, *, kappa: bool) -> Row:
    low, high = result.kappa_ci or (None, None)
    percent = None if result.percent is None else result.percent * 100
    fields = (
        ("n", result.n, 0),
        ("percent", percent, 0),
        *((("kappa", result.kappa, 2), ("kappa-low", low, 2), ("kappa-high", high, 2))
          if kappa else ()),
    )  # fmt: skip
    n, share, *rest = (
        book.number(
            f"{name}#{field}",
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
        rest[0] if rest else "not given",
        _limits(rest, low),
    )


def _limits(rest: Sequence[Quantity], low: float | None) -> Piece:
    if not rest:
        return "not given"
    if low is None:
        return "not estimable"
    return say("{low} to {high}", low=rest[1], high=rest[2])
