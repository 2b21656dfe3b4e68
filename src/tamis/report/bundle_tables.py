"""Tables of what people judged: appraisals, lights, findings, certainty, claims, trust.

The summary of findings and the evidence profile come as CSV (one row an absolute effect, one row a
domain) and as JSON (nested, as they are). Unknown is an empty cell or ``null``, never 0.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from tamis.domain.claims import CheckedClaim, ClaimFinding
from tamis.domain.grading import AbsoluteEffect, FindingsRow
from tamis.domain.summaries import AppraisalSummary, BiasDomain, BiasWord, RatingSummary
from tamis.report.content import ReportContent
from tamis.report.csv_table import Cell, table
from tamis.report.read_in import places_of

__all__ = ["APPRAISAL_COLUMNS", "judgement_files"]

#: Columns of ``appraisals.csv``, as people may hand them to ``tamis record appraisals``.
APPRAISAL_COLUMNS = ("tool", "version", "result", "assessor", "question", "answer", "support",
                     "anchor", "judgement", "reason")  # fmt: skip

#: What a person's judgement of the whole is recorded under.
OVERALL = "overall"


def judgement_files(content: ReportContent) -> Mapping[str, Callable[[], bytes]]:
    """Return the makers of these files by name."""
    return {
        "appraisals.csv": lambda: _appraisals(content),
        "bias.csv": lambda: _bias(content),
        "findings.csv": lambda: _findings(content),
        "findings.json": lambda: _json([_plain(row) for row in content.findings_rows]),
        "profile.csv": lambda: _profile(content),
        "profile.json": lambda: _json(_profile_rows(content)),
        "claims.csv": lambda: _claims(content),
        "trust.csv": lambda: _trust(content),
    }


def _appraisals(content: ReportContent) -> bytes:
    return table(
        APPRAISAL_COLUMNS, (r for a in content.appraisals if not a.agreed for r in _answers(a))
    )


def _answers(one: AppraisalSummary) -> Iterator[tuple[Cell, ...]]:
    head = (one.tool, one.version, one.result, one.assessor)
    for item in one.items:
        if item.answer:
            yield (*head, item.question, item.answer, item.support, item.anchor, "", "")
    for domain in one.domains:
        if domain.judgement is not None:
            yield (*head, domain.id, "", "", "", domain.judgement.id, domain.reason)
    whole = one.overall.judgement.id if one.overall and one.overall.judgement else one.judgement
    if whole:
        reason = one.reason or (one.overall.reason if one.overall else "")
        yield (*head, OVERALL, "", "", "", whole, reason)


def _bias(content: ReportContent) -> bytes:
    header = ("tool", "tool_name", "version", "variant", "status", "result", "study", "assessor",
              "role", "domain", "label", "proposal", "judgement", "symbol", "overridden", "reason",
              "because", "event")  # fmt: skip
    return table(header, (r for a in content.appraisals for r in _lights(a)))


def _lights(one: AppraisalSummary) -> Iterator[tuple[Cell, ...]]:
    head = (one.tool, one.tool_name, one.version, one.variant, one.status, one.result, one.study,
            one.assessor or ";".join(one.agreed), one.role)  # fmt: skip
    for domain in one.domains:
        yield (*head, *_light(domain, domain.id, domain.label))
    if one.overall is not None:
        yield (*head, *_light(one.overall, OVERALL, "the result as a whole"))


def _light(domain: BiasDomain, name: str, label: str) -> tuple[Cell, ...]:
    because = "; ".join(f"{question} {answer}" for question, answer in domain.because)
    return (name, label, _label(domain.proposal), _label(domain.judgement),
            domain.judgement.symbol if domain.judgement else "",
            "yes" if domain.overridden else "no", domain.reason, because, domain.event)  # fmt: skip


def _label(word: BiasWord | None) -> str:
    return word.label or word.id if word is not None else ""


def _findings(content: ReportContent) -> bytes:
    header = ("outcome", "name", "importance", "harm", "body", "synthesis", "design", "estimand",
              "visit", "studies", "participants", "measure", "estimate", "low", "high", "interval",
              "unit", "baseline", "baseline_source", "risk_with_comparator",
              "risk_with_intervention", "difference", "difference_low", "difference_high",
              "difference_interval", "only", "nnt", "level", "certainty", "symbols", "status",
              "size", "size_span", "size_source", "statement_en", "statement_zh",
              "reported")  # fmt: skip
    return table(header, (r for row in content.findings_rows for r in _finding(content, row)))


def _finding(content: ReportContent, found: FindingsRow) -> Iterator[tuple[Cell, ...]]:
    outcome = content.protocol.outcome(found.outcome)
    interval = found.interval
    head = (
        found.outcome, outcome.name if outcome else "", found.importance,
        "yes" if found.harm else "no", found.body, found.synthesis, found.design, found.estimand,
        found.visit, ";".join(found.studies), found.participants, found.measure, found.estimate,
        interval.low if interval else None, interval.high if interval else None,
        interval.method if interval else "", found.unit,
    )  # fmt: skip
    texts = [s.text if (s := found.statement(lang)) else "" for lang in ("en", "zh")]
    tail = (found.level, found.label, found.symbols, found.status, found.size,
            " to ".join(found.size_span), found.size_source, *texts,
            "yes" if found.reported else "no")  # fmt: skip
    for absolute in found.absolutes or (None,):
        yield (*head, *_absolute(absolute), *tail)


def _absolute(one: AbsoluteEffect | None) -> tuple[Cell, ...]:
    if one is None:
        return (None,) * 10
    interval = one.intervals[0] if one.intervals else None
    return (one.label, one.source, one.baseline, one.intervention, one.difference,
            interval.low if interval else None, interval.high if interval else None,
            interval.method if interval else "", one.only, one.nnt)  # fmt: skip


def _profile(content: ReportContent) -> bytes:
    header = ("body", "outcome", "start", "domain", "label", "proposal", "rule", "message",
              "decision", "overridden", "reason", "by", "at", "event", "level", "certainty",
              "symbols", "status")  # fmt: skip
    return table(header, (r for rating in content.ratings for r in _domains(rating)))


def _domains(rating: RatingSummary) -> Iterator[tuple[Cell, ...]]:
    tail = (rating.level, rating.label, rating.symbols, rating.status)
    for d in rating.domains:
        yield (rating.body, rating.outcome, rating.start, d.domain, d.label, d.proposal, d.rule,
               d.message, d.change, "yes" if d.overridden else "no", d.reason, d.by, d.at,
               d.event, *tail)  # fmt: skip


def _profile_rows(content: ReportContent) -> list[object]:
    """Return each rated body with its domains and with what was found for it."""
    rows = {row.body: row for row in content.findings_rows if row.body}
    return [
        {"rating": _plain(rating), "finding": _plain(rows[rating.body])}
        if rating.body in rows
        else {"rating": _plain(rating), "finding": None}
        for rating in content.ratings
    ]


def _claims(content: ReportContent) -> bytes:
    """Write the claims; the words of a text are given where somebody declared the claim.

    A checked article is not ours to hand on: of sentences found in it, the place is given.
    """
    header = ("text_name", "claim", "start", "end", "lang", "words", "outcome", "voice", "step",
              "strength", "ceiling", "number", "reading", "rule", "severity", "subject", "message",
              "because", "suggestion", "accepted")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for text in content.claims:
        for claim in text.claims:
            rows += [(text.name, *_claim(claim), *_rule(f)) for f in claim.findings or (None,)]
        whole = ("", None, None, text.lang, "", "", "", "", None, None, "", "")
        rows += [(text.name, *whole, *_rule(finding)) for finding in text.text_findings]
    return table(header, rows)


def _claim(one: CheckedClaim) -> tuple[Cell, ...]:
    words = one.text if one.id else ""
    return (one.id, one.start, one.end, one.lang, words, one.outcome, one.voice, one.step,
            one.strength, one.ceiling, one.number, one.reading)  # fmt: skip


def _rule(one: ClaimFinding | None) -> tuple[Cell, ...]:
    if one is None:
        return ("",) * 7
    return (one.rule, one.severity, one.subject, one.message, ";".join(one.because),
            one.suggestion, one.accepted)  # fmt: skip


def _trust(content: ReportContent) -> bytes:
    """Write the remarks on sources; ``read_in`` says where each reason was read."""
    header = ("subject", "rule", "severity", "message", "because", "read_in", "suggestion",
              "words")  # fmt: skip
    place = places_of(content)
    return table(
        header,
        (
            (f.subject, f.rule, f.severity, f.message, ";".join(f.because),
             "; ".join(dict.fromkeys(filter(None, map(place, f.because)))), f.suggestion, f.got)
            for f in content.trust_findings
        ),
    )  # fmt: skip


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text.encode() + b"\n"


def _plain(item: object) -> object:
    """Return a dataclass as plain JSON values; a number that is none becomes ``null``."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        fields = {f.name: _plain(getattr(item, f.name)) for f in dataclasses.fields(item)}
        text = getattr(item, "text", None)
        return {**fields, "text": text} if isinstance(text, str) else fields
    if isinstance(item, float):
        return item if abs(item) != float("inf") and item == item else None  # noqa: PLR0124 - NaN
    if isinstance(item, Mapping):
        return {str(key): _plain(value) for key, value in item.items()}
    if isinstance(item, Iterable) and not isinstance(item, str):
        return [_plain(part) for part in item]
    return item
