"""The claim check: a text or claims in, findings out. Same input, same findings, same order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tamis.certainty.claims.answering import facts_in, number_of
from tamis.certainty.claims.caveats import Read
from tamis.certainty.claims.citations import Cited, reference_list
from tamis.certainty.claims.context import Knowledge, context_of
from tamis.certainty.claims.document import Sentence, language_of, sentences_of
from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.certainty.claims.lexicon import CEILING
from tamis.certainty.claims.omissions import omissions
from tamis.certainty.claims.parts import parts_of
from tamis.certainty.claims.rule_effect import effects
from tamis.certainty.claims.rule_numbers import answers, numbers
from tamis.certainty.claims.rule_words import words
from tamis.certainty.claims.rules import RULES, SEVERITIES
from tamis.domain.canonical import sha256_hex
from tamis.domain.claims import CheckedClaim, CheckedText, ClaimFinding

__all__ = ["check_text", "checked_sentence", "in_order"]

#: Hex digits of the id of a sentence: the hash of its words.
ID_DIGITS = 10

#: Rules about numbers and citations; the others are about what is made of them.
_OF_NUMBERS = frozenset({"number-differs", "citation-differs", "unit-or-notation-lost"})

_FROM = re.compile(
    r"本文(?:来自|来源于|由)(?P<zh>[^,，。;；]{2,30}?)(?:提供|撰写|整理|[,，。;；]|$)"
    r"|\b(?:article|text|content)\s+(?:is\s+|was\s+)?(?:written|provided|sponsored|produced)\s+by\s+"
    r"(?P<en>[^,.;]{2,60})",
    re.IGNORECASE,
)


def check_text(
    text: str,
    *,
    name: str,
    evidence: ClaimEvidence,
    lang: str | None = None,
    own: bool = False,
) -> CheckedText:
    """Check every sentence of a text, and what the text leaves out.

    Parameters
    ----------
    text
        Plain text or Markdown, English or Chinese; offsets of the answer are its code points.
    name
        What the text is called in messages and in the answer.
    evidence
        The review it is held against.
    lang
        ``en`` or ``zh`` for the whole text; ``None`` decides sentence by sentence.
    own
        Whether it is a sentence of our own report: nothing is asked of what other parts of the
        report say (omissions, references).

    Returns
    -------
    CheckedText
        Claims in the order of the text, then findings about the text. No finding depends on
        anything but text and evidence.
    """
    known = Knowledge(evidence)
    sentences = sentences_of(text, lang)
    parts = parts_of(sentences, known.works, known.facts, known.names)
    conceding = tuple(s for s in sentences if _CONCEDED.search(s.text))
    read = [_read(s, known, parts, conceding, own=own) for s in sentences]
    spoken = lang or language_of(text)
    claims = [claim for one in read for claim in _claims(one)]
    found: Iterable[ClaimFinding] = ()
    if not own:
        relied = _relied(read, evidence)
        found = (*omissions(read, known, spoken), *reference_list(sentences, known, relied))
    return CheckedText(
        name=name,
        lang=spoken,
        claims=tuple(claims),
        text_findings=tuple(sorted(found, key=in_order)),
        notes=tuple(_notes(text)),
    )


def _read(
    sentence: Sentence,
    known: Knowledge,
    parts: Mapping[int, str],
    conceding: Sequence[Sentence],
    *,
    own: bool,
) -> Read:
    part = parts.get(sentence.part, "") if sentence.section != "references" else ""
    context = context_of(
        sentence,
        known,
        part_study=known.evidence.study(part),
        own=own,
        conceded=_conceded(sentence, conceding),
    )
    return Read(context=context, part_study=part, answers=answers(context))


_CONCEDED = re.compile(
    r"very\s+uncertain|very[\s-]low[\s-]certainty|非常不确定|极低确定性|证据不足", re.IGNORECASE
)


def _conceded(sentence: Sentence, conceding: Sequence[Sentence]) -> bool:
    """Tell whether another sentence of the same section concedes very low certainty."""
    return any(
        other.part == sentence.part
        and other.section == sentence.section
        and other.start != sentence.start
        for other in conceding
    )


def _relied(read: Sequence[Read], evidence: ClaimEvidence) -> tuple[str, ...]:
    """Return the works a text relies on: those its parts are about, and those it names."""
    named = [one.part_study for one in read if one.part_study]
    named += [
        m.id
        for one in read
        for m in one.context.mentions
        if m.kind == "study" and one.context.sentence.section != "references"
    ]
    known = {study.id for study in evidence.studies}
    return tuple(dict.fromkeys(name for name in named if name in known))


def _claims(one: Read) -> Iterator[CheckedClaim]:
    """Yield the claim of a sentence, and the facts in it that have a place of their own."""
    if one.context.sentence.section == "references":
        return
    whole = checked_sentence(one)
    yield whole
    for fact in facts_in(one):
        yield _fact(one, fact, part_of=whole.id)


def checked_sentence(one: Read, *, claim_id: str = "") -> CheckedClaim:
    """Return one sentence with its findings and its two answers."""
    context = one.context
    findings = tuple(sorted(_findings(one), key=in_order))
    number = number_of(one)
    level = context.level
    return CheckedClaim(
        text=context.sentence.text,
        start=context.sentence.start,
        end=context.sentence.end,
        lang=context.lang,
        strength=context.strength,
        number=number,
        reading=_answer(findings, number),
        findings=findings,
        id=claim_id or f"s-{sha256_hex(context.sentence.text.encode())[:ID_DIGITS]}",
        section=context.sentence.section,
        subject=context.subject,
        voice=context.voice,
        ceiling=CEILING[level] if context.strength else None,
        outcome=context.outcomes[0] if context.outcomes else "unspecified",
    )


def _findings(one: Read) -> Iterator[ClaimFinding]:
    context = one.context
    for finding in (
        *words(context),
        *effects(context, one.answers),
        *numbers(context, one.answers),
    ):
        yield finding if finding.subject else replace(finding, subject=context.subject)
    if (
        context.sentence.section == "mechanism"
        and context.reading.strength
        and not context.strength
    ):
        yield ClaimFinding(
            rule="surrogate",
            severity="note",
            message="mechanism, not outcome: nothing is claimed about people",
            subject=context.subject,
        )


def _answer(findings: Iterable[ClaimFinding], number: str) -> str:
    of_reading = [f for f in findings if f.rule not in _OF_NUMBERS and f.severity != "note"]
    if of_reading:
        return "flag"
    return "cannot-tell" if number == "cannot-tell" else "ok"


def _fact(one: Read, fact: Cited, *, part_of: str) -> CheckedClaim:
    context = one.context
    start = context.sentence.start + fact.start
    words = context.span(fact.start, fact.end)
    return CheckedClaim(
        id=f"s-{sha256_hex(words.encode())[:ID_DIGITS]}",
        text=words,
        start=start,
        end=context.sentence.start + fact.end,
        lang=context.lang,
        strength=0,
        number=fact.answer,
        reading="cannot-tell" if fact.answer == "cannot-tell" else "ok",
        findings=fact.findings,
        section=context.sentence.section,
        subject=one.part_study or context.subject,
        voice=context.voice,
        part_of=part_of,
    )


def _notes(text: str) -> Iterator[str]:
    """Yield where the text says it comes from: interests are shown, not judged."""
    for m in _FROM.finditer(text):
        source = (m["zh"] or m["en"] or "").strip()
        if source:
            yield f"the text says it comes from: {source} (interests are reported, not judged)"


def in_order(finding: ClaimFinding) -> tuple[str, int, int, str]:
    """Return the key by which findings stand in their order: subject, rule, severity, message."""
    number = RULES[finding.rule].number
    return finding.subject, number, SEVERITIES.index(finding.severity), finding.message
