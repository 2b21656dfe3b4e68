"""Structured claims: what a person wrote down of a sentence stands before what is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from tamis.certainty.claims.answering import facts_in
from tamis.certainty.claims.caveats import Read
from tamis.certainty.claims.check import checked_sentence, in_order
from tamis.certainty.claims.context import Context, Knowledge, context_of
from tamis.certainty.claims.declared_names import required, unknown_names
from tamis.certainty.claims.document import Sentence, section_named
from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.certainty.claims.naming import Mention
from tamis.certainty.claims.omissions import omissions
from tamis.certainty.claims.rule_numbers import answers, overall
from tamis.certainty.claims.suggest import say
from tamis.domain.claims import CheckedClaim, CheckedText, Claim, ClaimFinding, ClaimNumber

__all__ = ["check_claims"]

_SENSES = {"benefit": "good", "harm": "bad", "no-difference": "same", "unclear": ""}


def check_claims(
    claims: Sequence[Claim],
    evidence: ClaimEvidence,
    *,
    name: str = "claims.toml",
    whole: bool = False,
) -> CheckedText:
    """Check declared claims one by one.

    Parameters
    ----------
    claims
        As ``read_claims`` gives them. A claim about an outcome that the protocol does not have, or
        a study, a result or a unit that the review does not have, is a finding with the remedy.
        ``source.ref`` may name a section ("results", "methods").
    evidence
        The review they are held against.
    name
        What the text they come from is called.
    whole
        Whether the claims stand for a whole text: then what they leave out is a finding too.

    Examples
    --------
    >>> from tamis.domain.question import Protocol, Question, ReviewHead
    >>> question = Question(population="people", intervention="a drug", comparator="placebo",
    ...                     outcomes="pain", designs="trials")
    >>> protocol = Protocol(head=ReviewHead(id="r", title="A review"), question=question)
    >>> claim = Claim(id="c1", lang="en", text="It cures pain.", outcome="pain")
    >>> done = check_claims([claim], ClaimEvidence(protocol=protocol))
    >>> [finding.rule for finding in done.findings]
    ['scope-wider']
    """
    known = Knowledge(evidence)
    read = {claim.id: _read(claim, known) for claim in claims if _is_known(claim, known)}
    checked = tuple(_checked(claim, read.get(claim.id), known) for claim in claims)
    languages = [claim.lang for claim in claims]
    lang = max(dict.fromkeys(languages), key=languages.count, default="en")
    missing = tuple(omissions(tuple(read.values()), known, lang)) if whole else ()
    return CheckedText(
        name=name, lang=lang, claims=checked, text_findings=tuple(sorted(missing, key=in_order))
    )


def _is_known(claim: Claim, known: Knowledge) -> bool:
    return claim.outcome == "unspecified" or claim.outcome in known.outcomes


def _read(claim: Claim, known: Knowledge) -> Read:
    sentence = Sentence(
        text=claim.text,
        start=claim.span[0] if claim.span else 0,
        end=claim.span[1] if claim.span else len(claim.text),
        section=section_named(claim.source_ref),
        heading="",
        part=0,
        lang=claim.lang,
    )
    study = known.evidence.study(claim.study) if claim.study else None
    context = _told(claim, context_of(sentence, known, part_study=study))
    return Read(context=context, part_study=claim.study, answers=answers(context))


def _checked(claim: Claim, one: Read | None, known: Knowledge) -> CheckedClaim:
    if one is None:
        return _unknown(claim)
    done = replace(checked_sentence(one, claim_id=claim.id), step=claim.step)
    findings = [*done.findings]
    facts = facts_in(one)
    findings += [finding for fact in facts for finding in fact.findings]
    findings += [*unknown_names(claim, known), *required(claim, done.strength)]
    number = overall((), done.number, *(fact.answer for fact in facts))
    done = replace(done, findings=tuple(sorted(findings, key=in_order)), number=number)
    return _with_numbers(claim, done, known)


def _told(claim: Claim, context: Context) -> Context:
    """Let what the person declared stand before what was read."""
    reading = context.reading
    if claim.direction != "unclear":
        reading = replace(reading, sense=_SENSES[claim.direction])
    if claim.quantifier:
        reading = replace(reading, quantifier=claim.quantifier)
    strength = context.strength if claim.strength is None else claim.strength
    outcomes = context.outcomes if claim.outcome == "unspecified" else (claim.outcome,)
    named = claim.voice == "study" or not claim.study
    concepts = tuple(
        Mention(start=0, end=0, kind="concept", id=name)
        for name in (claim.population, claim.intervention)
        if name in context.known.concepts and not any(m.id == name for m in context.mentions)
    )
    return replace(
        context,
        mentions=(*concepts, *context.mentions),
        reading=reading,
        strength=strength,
        outcomes=outcomes,
        unasked="" if outcomes else context.unasked,
        all_outcomes=tuple(dict.fromkeys((*outcomes, *context.all_outcomes))),
        voice=claim.voice if named else context.voice,
        study=context.study if claim.voice == "study" else None,
        subject=claim.study or context.subject,
    )


def _unknown(claim: Claim) -> CheckedClaim:
    finding = ClaimFinding(
        rule="scope-wider",
        severity="error",
        message=f"the protocol has no outcome {claim.outcome!r}",
        suggestion=say("unknown", claim.lang, o=claim.outcome),
        subject=claim.study or "review",
    )
    return CheckedClaim(
        text=claim.text,
        start=claim.span[0] if claim.span else 0,
        end=claim.span[1] if claim.span else len(claim.text),
        lang=claim.lang,
        strength=claim.strength or 0,
        number="cannot-tell" if claim.numbers else "none",
        reading="flag",
        findings=(finding,),
        id=claim.id,
        subject=claim.study or "review",
        voice=claim.voice,
        outcome=claim.outcome,
        step=claim.step,
    )


def _with_numbers(claim: Claim, done: CheckedClaim, known: Knowledge) -> CheckedClaim:
    """Hold numbers that name their value or result against it."""
    findings = [*done.findings]
    said = [done.number] if done.number != "none" else []
    for number in claim.numbers:
        if not number.result:
            continue
        answer, finding = _named(claim, number, known)
        said.append(answer)
        findings += [finding] if finding is not None else []
    worst = next((a for a in ("contradicted", "cannot-tell", "faithful") if a in said), done.number)
    return replace(done, number=worst, findings=tuple(findings))


def _named(claim: Claim, number: ClaimNumber, known: Knowledge) -> tuple[str, ClaimFinding | None]:
    facts = [f for f in known.facts if number.result in f.ids or number.result in _short(f.ids)]
    try:
        value = Decimal(number.value.replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return "cannot-tell", None
    if not facts:
        return "cannot-tell", None
    digits = len(number.value.partition(".")[2])
    width = Decimal(5).scaleb(-digits - 1)
    if any(abs(abs(value) - abs(f.value)) <= width for f in facts):
        return "faithful", None
    held = ", ".join(f"{f.value:.4g}" for f in facts[:3])
    return "contradicted", ClaimFinding(
        rule="number-differs",
        severity="error",
        message=f"{number.value}{number.unit} is claimed; {number.result} holds {held}",
        because=(number.result,),
        suggestion=say("number", claim.lang, n=held),
        subject=claim.study or "review",
    )


def _short(ids: Iterable[str]) -> tuple[str, ...]:
    """Return ids without their kind ("syn:remission-rct" is also "remission-rct")."""
    return tuple(name.partition(":")[2] for name in ids)
