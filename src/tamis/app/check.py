"""Check claims: a text somebody names, or the review's own claims and report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tamis.app.building.assemble import assemble
from tamis.app.building.build import HTML
from tamis.app.building.counted import number_of
from tamis.app.judgement.claims import (
    accepted_claims,
    claims_of,
    evidence_of,
    own_report,
    standing,
    with_accepted,
)
from tamis.app.judgement.claims_file import FILE
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import Review, read_outside
from tamis.certainty.claims import RULES, check_text
from tamis.certainty.claims.languages import foreign_language, has_words
from tamis.domain.claims import CheckedText, ClaimFinding
from tamis.domain.errors import BadInput, NotFound, Place
from tamis.domain.events import Draft
from tamis.report import ReportContent

__all__ = ["Checked", "accept", "check_review"]

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Texts that were checked, and the errors that nobody accepted."""

    texts: tuple[CheckedText, ...]
    errors: tuple[ClaimFinding, ...]


def check_review(review: Review, *, text: Path | None = None, lang: str = "") -> Checked:
    """Check one text against a review; without a text, its ``claims.toml`` and built report.

    Parameters
    ----------
    text
        A file of plain text or Markdown in UTF-8.
    lang
        ``en`` or ``zh``; empty decides sentence by sentence.

    Raises
    ------
    BadInput
        When the language or ``claims.toml`` is wrong, or the text is not UTF-8 or in a language
        that the check does not read.
    NotFound
        When there is nothing to check: no text, or one without a word.
    """
    if lang and lang not in LANGUAGES:
        raise BadInput(f"{lang!r} is no language of the check", f"use {' or '.join(LANGUAGES)}")
    words = None if text is None else _readable(text, lang=lang)
    content = assemble(review, read_protocol(review), write=False).content
    if text is not None and words is not None:
        done = check_text(words, name=text.name, evidence=evidence_of(content), lang=lang or None)
        done = replace(done, notes=(*done.notes, *_in_other_languages(done)))
        texts: tuple[CheckedText, ...] = (done,)
    else:
        texts = _own(review, content)
    accepted = accepted_claims(review)
    texts = tuple(with_accepted(one, accepted) for one in texts)
    return Checked(texts=texts, errors=tuple(standing(texts)))


def _own(review: Review, content: ReportContent) -> tuple[CheckedText, ...]:
    report = review.root / HTML
    own = (own_report(review.read_bytes(HTML), content),) if report.is_file() else ()
    texts = (*claims_of(review, content), *own)
    if not texts:
        raise NotFound(
            "there is nothing to check: no claims.toml and no report",
            "name a text with --text FILE, write claims.toml, or run 'tamis build'",
            where=Place(file=FILE),
        )
    return texts


def accept(review: Review, claim: str, *, reason: str, by: str, at: str = "") -> None:
    """Record that a person accepts the findings of a claim; they stay listed with the reason.

    Parameters
    ----------
    claim
        The id of a claim, as ``tamis check`` prints it, or ``rule:subject`` for what a text
        leaves out.

    Raises
    ------
    BadInput
        When the reason is empty or the claim is neither.
    """
    if not reason.strip():
        raise BadInput("a finding is accepted without a reason", "give one with --reason")
    rule, colon, subject = claim.partition(":")
    if colon and (rule not in RULES or not subject):
        raise BadInput(
            f"{claim!r} names no finding of a text",
            f"write rule:subject, with a rule of {', '.join(RULES)}",
        )
    body = {"claim": claim, "reason": reason.strip()}
    with review.exclusively("check"):
        review.record([Draft(actor=by, kind="claim_accepted.v1", subject=claim, body=body, at=at)])


def _readable(path: Path, *, lang: str) -> str:
    """Return the words of a text that there is something to check in."""
    words = _decoded(path)
    where = Place(file=str(path))
    if not has_words(words):
        raise NotFound(
            "there is nothing to check: the text has no words", "name a text with some", where=where
        )
    foreign = "" if lang else foreign_language(words)
    if foreign:
        raise BadInput(
            f"the language of this text is not supported: it reads like {foreign}",
            f"the check reads English and Chinese; if the text is one of them, say --lang "
            f"{' or '.join(LANGUAGES)}",
            where=where,
        )
    return words


def _in_other_languages(text: CheckedText) -> Iterator[str]:
    """Say how many sentences nobody could judge, as they are in another language."""
    told = [foreign_language(claim.text) for claim in text.claims]
    for name in dict.fromkeys(filter(None, told)):
        yield (
            f"{number_of(told.count(name), 'sentence')} in a language that is not supported "
            f"({name}): not judged by what it says"
        )


def _decoded(path: Path) -> str:
    data = read_outside(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            f"byte {error.start} is not UTF-8",
            "save the text as UTF-8",
            where=Place(file=str(path), line=line),
        ) from error
