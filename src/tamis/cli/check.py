"""``tamis check``: claims against the evidence of a review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamis.app.building.counted import number_of
from tamis.cli.output import HERE, ByOption, DatabaseOption, JsonOption, ReviewArgument, emit

if TYPE_CHECKING:
    from tamis.domain.claims import CheckedClaim, CheckedText, ClaimFinding

__all__ = ["command"]

#: Characters of a sentence that are shown on the screen.
SHOWN = 72


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    text: Annotated[
        Path | None,
        typer.Option("--text", help="A text to check. Default: claims.toml and the built report."),
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", help="Language of the text, en or zh. Default: told by it.")
    ] = "",
    accept: Annotated[
        str, typer.Option("--accept", help="Accept the findings of this claim, with a reason.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why the claim is accepted.")] = "",
    by: Annotated[str, ByOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Check what a text claims against the review; exit code 1 when an error stands."""
    from tamis.app import check
    from tamis.app.identity import person
    from tamis.app.review import open_review

    with open_review(review, database=database) as opened:
        if accept:
            check.accept(opened, accept, reason=reason, by=person(by))
            opened.refresh()
        done = check.check_review(opened, text=text, lang=lang)
    payload: dict[str, Any] = {
        "texts": [_names(one) for one in done.texts],
        "claims": [_claim(one, claim) for one in done.texts for claim in one.claims],
        "text_findings": [
            {"text": one.name, "subject": f.subject, **_finding(f)}
            for one in done.texts
            for f in one.text_findings
        ],
    }
    lines = [line for one in done.texts for line in _lines(one)]
    emit(payload, lines, as_json=as_json, ok=not done.errors)


def _names(text: CheckedText) -> dict[str, Any]:
    return {"name": text.name, "lang": text.lang, "notes": list(text.notes)}


def _claim(text: CheckedText, claim: CheckedClaim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "part_of": claim.part_of,
        "in": text.name,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "lang": claim.lang,
        "strength": claim.strength,
        "ceiling": claim.ceiling,
        "number": claim.number,
        "reading": claim.reading,
        "section": claim.section,
        "subject": claim.subject,
        "voice": claim.voice,
        "outcome": claim.outcome,
        "findings": [_finding(f) for f in claim.findings],
    }


def _finding(finding: ClaimFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "because": list(finding.because),
        "suggestion": finding.suggestion,
        "accepted": finding.accepted,
    }


def _lines(text: CheckedText) -> Iterator[str]:
    """Return a text's answer for people: what was found, sentence by sentence, then the sums."""
    yield f"{text.name}"
    yield from (f"  {note}" for note in text.notes)
    for claim in text.claims:
        if any(f.severity != "note" or f.suggestion for f in claim.findings):
            yield ""
            yield f"  [{claim.id}] {_short(claim.text)}"
            yield f"      {_answers(claim)}"
            yield from _told(claim.findings)
            yield from (f"        → {one.whole}" for one in claim.suggestions)
    if text.text_findings:
        yield ""
        yield "  what the text leaves out"
        for finding in text.text_findings:
            yield f"  [{finding.rule}:{finding.subject}]"
            yield from _told((finding,))
            yield from (f"        → {finding.suggestion}" for _ in finding.suggestion[:1])
    yield ""
    yield f"  {_sums(text)}"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _answers(claim: CheckedClaim) -> str:
    strength = f"strength {claim.strength}"
    if claim.ceiling is not None:
        strength += f" (at most {claim.ceiling})"
    return f"{strength} · number {claim.number} · reading {claim.reading} · {claim.subject}"


def _told(findings: tuple[ClaimFinding, ...]) -> Iterator[str]:
    for finding in findings:
        mark = f"accepted ({finding.accepted})" if finding.accepted else finding.severity
        yield f"      {mark}: {finding.rule}: {finding.message}"


def _sums(text: CheckedText) -> str:
    counts = {
        severity: sum(1 for f in text.findings if f.severity == severity)
        for severity in ("error", "warning", "note")
    }
    unclear = sum(1 for claim in text.sentences if claim.number == "cannot-tell")
    return (
        f"{number_of(len(text.sentences), 'claim')}: {number_of(counts['error'], 'error')}, "
        f"{number_of(counts['warning'], 'warning')}, {number_of(counts['note'], 'note')}; "
        f"{unclear} cannot be told"
    )
