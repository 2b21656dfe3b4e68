"""Comparison with other texts on the same studies: the published review, an article for lay people.

What is printed is the answer of the claim check (``ReportContent.claims``): each sentence with its
two answers, the rules that fired, the sentence that the evidence would allow, and the step at which
a distortion entered. Words of the text are quoted; interests are reported, not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.claims import CheckedClaim, CheckedText, ClaimFinding, suggestions_of
from tamis.domain.quantities import Quantity
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, counted, join, say, sentence
from tamis.report.sections.statements import to_rest_on
from tamis.report.view import Cell, Row, Table, columns, row

__all__ = ["Compared", "comparison", "flagged"]

#: Step -> where the distortion entered.
STEPS = {
    "study": "in the study’s own report",
    "review": "in the published review",
    "lay": "in the lay text",
}

NUMBERS = {
    "faithful": "number faithful",
    "contradicted": "number contradicted",
    "cannot-tell": "number cannot be told",
    "none": "states no number",
}

READINGS = {"ok": "reading holds", "flag": "reading flagged", "cannot-tell": "reading unclear"}

SEVERITIES = {"error": "error", "warning": "warning", "note": "note"}

LANGUAGES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One text that was checked, ready for its template."""

    id: str
    title: Piece
    intro: Phrase
    notes: tuple[Piece, ...]
    steps: Phrase | None
    flagged: Table | None
    missing: Table | None
    rest: Table | None


def comparison(book: Book) -> Mapping[str, object]:
    """Return what the template ``comparison.html.j2`` prints."""
    return {"texts": tuple(_text(book, nth, t) for nth, t in enumerate(book.content.claims))}


def flagged(claim: CheckedClaim) -> bool:
    """Tell whether a claim has an answer against it."""
    against = any(f.severity in ("error", "warning") for f in claim.findings)
    return against or claim.number == "contradicted" or claim.reading == "flag"


def _text(book: Book, nth: int, text: CheckedText) -> Compared:
    bad = [c for c in text.claims if flagged(c)]
    rest = [c for c in text.claims if not flagged(c)]
    unclear = [c for c in rest if "cannot-tell" in (c.number, c.reading)]
    name = f"claims-{_letter(nth)}"
    return Compared(
        id=name,
        title=book.text(text.name, "label", "A text"),
        intro=say(
            "Language: {l}. {all} checked against the values and the certainty of this review: "
            "{bad} flagged, {unclear} could not be told, {rest} passed. {missing} of the text as "
            "a whole.",
            l=LANGUAGES.get(text.lang) or book.text(text.lang, "label"),
            all=counted(_size(book, name, "claims", text.claims), "claim was", "claims were"),
            bad=_size(book, name, "flagged", bad),
            unclear=_size(book, name, "unclear", unclear),
            rest=_size(book, name, "passed", [c for c in rest if c not in unclear]),
            missing=counted(_size(book, name, "findings", text.text_findings),
                            "finding is", "findings are"),
        ),
        notes=tuple(_note(book, name, place, note) for place, note in enumerate(text.notes)),
        steps=_steps(book, name, bad),
        flagged=_table(book, name, bad, text) if bad else None,
        missing=_missing(book, name, text.text_findings) if text.text_findings else None,
        rest=_rest(book, name, rest) if rest else None,
    )  # fmt: skip


def _letter(nth: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[nth % 26] * (nth // 26 + 1)


def _size(book: Book, name: str, kind: str, items: Sequence[object]) -> Quantity:
    return book.number(
        f"{name}:{kind}#n", len(items), digits=0, inputs=(book.content.protocol.head.id,),
        rule="number of rows in the tables of the claim check",
        what=say("claims or findings of a text ({k})", k=kind),
    )  # fmt: skip


def _note(book: Book, name: str, place: int, note: str) -> Phrase:
    return book.spoken(sentence(note), name=f"{name}/note.{place + 1}", inputs=(),
                       rule="note on the text")  # fmt: skip


def _steps(book: Book, name: str, claims: Sequence[CheckedClaim]) -> Phrase | None:
    """Return how many distortions entered at which step; ``None`` when nobody judged it."""
    by = {step: [c for c in claims if c.step == step] for step in STEPS}
    if not any(by.values()):
        return None
    open_ones = [c for c in claims if c.step not in STEPS]
    parts: list[Piece] = [
        say("{n} {where}", n=_size(book, name, f"step-{step}", found), where=STEPS[step])
        for step, found in by.items()
        if found
    ]
    if open_ones:
        parts.append(say("{n} at a step that nobody judged",
                         n=_size(book, name, "step-open", open_ones)))  # fmt: skip
    return say("Where the flagged claims went wrong: {p}.", p=join(parts, "; "))


def _table(book: Book, name: str, claims: Sequence[CheckedClaim], text: CheckedText) -> Table:
    return Table(
        id=f"table-{name}",
        caption=say("{t}: claims with a finding", t=book.text(text.name, "label", "A text")),
        columns=columns(
            "Claim", "Answers", "Why", "What the evidence would allow", "Where it entered"
        ),
        rows=tuple(_row(book, name, c) for c in claims),
        notes=(
            "Claims are quoted in short for criticism. A faithful number can carry a reading that "
            "the evidence does not bear: the two are answered apart.",
        ),
    )


def _row(book: Book, name: str, claim: CheckedClaim) -> Row:
    return row(
        Cell(items=tuple(_said(book, claim))),
        Cell(items=(NUMBERS.get(claim.number, claim.number),
                    READINGS.get(claim.reading, claim.reading))),
        Cell(items=tuple(_because(book, f"{name}/{_key(claim)}", claim.findings))),
        Cell(items=tuple(_suggestions(book, f"{name}/{_key(claim)}", claim.findings)) or ("–",)),
        STEPS.get(claim.step, "not judged"),
    )  # fmt: skip


def _key(claim: CheckedClaim) -> str:
    return claim.id or f"at-{claim.start}"


def _said(book: Book, claim: CheckedClaim) -> Iterator[Piece]:
    if claim.text.strip():
        yield say("“{t}”", t=book.lit(claim.text, "quote"))
    else:
        yield "no words: something is left out"
    where: list[Piece] = []
    if claim.subject:
        where.append(_subject(book, claim.subject))
    if claim.section:
        where.append(book.lit(claim.section, "quote"))
    if claim.voice == "study":
        where.append("in the study’s voice")
    yield from where


def _subject(book: Book, subject: str) -> Phrase:
    """Return the studies or the section a finding is about, studies by their names."""
    parts = [part.strip() for part in subject.split(",") if part.strip()]
    return join([book.names.slug(part) or book.lit(part, "label") for part in parts])


def _because(book: Book, name: str, findings: Iterable[ClaimFinding]) -> Iterator[Piece]:
    for place, finding in enumerate(findings):
        told = book.spoken(
            sentence(finding.message),
            name=f"{name}/{finding.rule}.{place + 1}",
            inputs=to_rest_on(book, finding.because),
            rule=finding.rule,
        )
        accepted: Piece = ""
        if finding.accepted:
            accepted = say(" Accepted: {r}.", r=book.lit(finding.accepted, "quote"))
        yield say(
            "{m} ({s}, {r}){a}",
            m=told,
            s=SEVERITIES.get(finding.severity, finding.severity),
            r=book.lit(finding.rule, "identifier"),
            a=accepted,
        )


def _suggestions(book: Book, name: str, findings: Iterable[ClaimFinding]) -> Iterator[Piece]:
    for place, suggestion in enumerate(suggestions_of(findings)):
        yield book.spoken(
            suggestion.whole,
            name=f"{name}/suggestion.{place + 1}",
            inputs=to_rest_on(book, suggestion.because),
            rule="sentence that the evidence would allow",
        )


def _missing(book: Book, name: str, findings: Sequence[ClaimFinding]) -> Table:
    rows = []
    for place, finding in enumerate(findings):
        about: Piece = "the text as a whole"
        if finding.subject:
            about = _subject(book, finding.subject)
        key = f"{name}/text.{place + 1}"
        rows.append(
            row(
                about,
                Cell(items=tuple(_because(book, key, (finding,)))),
                Cell(items=tuple(_suggestions(book, key, (finding,))) or ("–",)),
            )
        )
    return Table(
        id=f"table-{name}-missing",
        caption="What the text leaves out, or sets side by side without saying so",
        columns=columns("About", "What was found", "What the evidence would allow"),
        rows=tuple(rows),
    )


def _rest(book: Book, name: str, claims: Sequence[CheckedClaim]) -> Table:
    return Table(
        id=f"table-{name}-rest",
        caption="Claims without a finding, and claims that could not be told",
        columns=columns("Claim", "Answers"),
        rows=tuple(
            row(
                Cell(items=tuple(_said(book, c))),
                Cell(items=(NUMBERS.get(c.number, c.number), READINGS.get(c.reading, c.reading))),
            )
            for c in claims
        ),
    )
