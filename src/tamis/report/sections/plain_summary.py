"""Plain-language summary, in English and in Chinese: question, findings, harms, sources, limits.

The Chinese text is a house translation that awaits the signature of a native methodologist; it says
so. Numbers are the same quantities as elsewhere, and every statement carries its certainty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.grading import FindingsRow
from tamis.domain.records import Study
from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.sections.abstract import in_sentence
from tamis.report.sections.conclusion import one_trial, statements, uncontrolled_note
from tamis.report.sections.harms import NO_HARM, harm_outcomes, no_harm
from tamis.report.sections.participants import participants
from tamis.report.sections.people import arm_order
from tamis.report.sections.references import short_reference
from tamis.report.sections.selection import box_count
from tamis.report.sections.statements import beside_han, row_key
from tamis.report.sections.studies import included

__all__ = ["PlainSummary", "languages", "plain_summary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSummary:
    """The summary in one language: (heading, paragraphs), then the sources."""

    lang: str
    id: str
    title: str
    parts: tuple[tuple[str, tuple[Piece, ...]], ...]
    sources_title: str
    sources: tuple[Piece, ...]
    disclaimer: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The fixed words of the summary in one language; no digit stands in them."""

    title: str
    asked: str
    question: str
    included: str
    evidence: str
    found: str
    nothing: str
    harms: str
    sources: str
    disclaimer: tuple[str, ...]
    levels: str


WORDS = {
    "en": _Words(
        title="Plain-language summary",
        asked="What was asked",
        question="What is known about {i}, compared with {c}, in {p}? The review looks at outcomes "
        "that people hope for and at outcomes that they fear.",
        evidence="What the review rests on",
        included="{k} studies with {n} people in all. {d}",
        found="What was found",
        nothing="No statement follows from the certainty of the evidence yet; the numbers stand "
        "under Results.",
        harms="Harms",
        sources="Sources",
        levels="Certainty says how far the evidence can be trusted: high, moderate, low, very "
        "low. Very low means that the true effect may be very different from what was seen.",
        disclaimer=(
            "This summary is written from the results of the review by fixed rules. It gives no "
            "advice on the treatment of any person; speak with a doctor before a decision.",
        ),
    ),
    "zh": _Words(
        title="通俗摘要",
        asked="研究的问题",
        question="与{c}相比，{i}用于{p}的结果如何？本评价既看人们期望的结局，也看人们担心的结局。",
        evidence="依据",
        included="共 {k} 项研究，{n} 人。{d}",
        found="发现",
        nothing="目前尚无由证据确定性得出的陈述；数据见正文结果部分。",
        harms="危害",
        sources="来源",
        levels="证据确定性（证据质量）表示证据的可信程度，分为高、中、低、极低。极低意味着真实效果"
        "可能与所见相差很大。",
        disclaimer=(
            "本摘要由系统评价的结果按固定规则生成，不构成任何诊断或治疗建议；作出决定前请咨询医生。",
            "中文措辞为本项目自行翻译，尚待母语方法学专家审定并签字。",
        ),
    ),
}


def plain_summary(book: Book, flow: Flow) -> Mapping[str, object]:
    """Return what the template ``plain.html.j2`` prints."""
    return {"summaries": tuple(_summary(book, flow, lang) for lang in languages(book))}


def languages(book: Book) -> tuple[str, ...]:
    """Return the languages of the summary: English, and Chinese where somebody wants it.

    Somebody does whose review is Chinese, or who gave a part of the question a Chinese name.
    """
    kinds = ("population", "intervention", "comparator")
    named = any(book.names.concept_in(kind, "zh") is not None for kind in kinds)
    return ("en", "zh") if named or book.content.protocol.head.language == "zh" else ("en",)


def _summary(book: Book, flow: Flow, lang: str) -> PlainSummary:
    words = WORDS[lang]
    banner = book.content.protocol.head.banner.strip()
    notice: list[Piece] = [
        *((book.lit(banner, "quote"),) if banner and lang == "en" else ()),
        *words.disclaimer,
    ]
    if lang == "zh" and _unnamed(book):
        notice.append("部分名称没有中文译名，按原文列出。")
    return PlainSummary(
        lang=lang,
        id=f"plain-{lang}",
        title=words.title,
        parts=(
            (words.asked, (_question(book, lang),)),
            (words.evidence, (_evidence(book, flow, lang), words.levels)),
            (words.found, _found(book, lang)),
            (words.harms, _harms(book, lang)),
        ),
        sources_title=words.sources,
        sources=tuple(_source(book, s) for s in included(book)),
        disclaimer=tuple(notice),
    )


def _unnamed(book: Book) -> bool:
    """Tell whether some part of the question has no name in Chinese."""
    kinds = ("population", "intervention", "comparator")
    return any(book.names.concept_in(kind, "zh") is None for kind in kinds)


def _name(book: Book, kind: str, text: str, lang: str) -> Piece:
    """Return a part of the question in a language; what has no name there stays as it is."""
    name = book.names.concept_in(kind, lang) or in_sentence(book, text)
    return beside_han(name, follows=kind != "intervention") if lang == "zh" else name


def _question(book: Book, lang: str) -> Phrase:
    question = book.content.protocol.question
    return say(
        WORDS[lang].question,
        i=_name(book, "intervention", question.intervention, lang),
        p=_name(book, "population", question.population, lang),
        c=_name(book, "comparator", question.comparator, lang),
    )


def _evidence(book: Book, flow: Flow, lang: str) -> Phrase:
    people = participants(book, flow.box("included-studies").ids)
    compared = [s for s in included(book) if s.design == "randomised"]
    number = book.count(
        "plain:randomised", [s.id for s in compared], "set of included randomised studies",
        "included studies that are randomised",
    )  # fmt: skip
    if lang == "zh":
        rest = say("其中随机对照试验 {r} 项。", r=number)
    else:
        rest = say("Randomised among them: {r}.", r=number)
    unknown = "人数不详" if lang == "zh" else "an unknown number of"
    return say(
        WORDS[lang].included,
        k=box_count(book, flow.box("included-studies")),
        n=people[0] if people else unknown,
        d=rest,
    )


def _found(book: Book, lang: str) -> tuple[Piece, ...]:
    """Return the lead and the statements on benefits, then what single arms observed."""
    rows = [r for r in book.content.findings_rows if not r.harm and r.reported]
    rows = _foremost(rows)
    lead = one_trial(book, lang)
    led = row_key(lead[0]) if lead else ""
    lines = [lead[1]] if lead else []
    lines += statements(book, [r for r in rows if row_key(r) != led], lang)
    return tuple(lines) or (WORDS[lang].nothing,)


def _foremost(rows: Sequence[FindingsRow]) -> list[FindingsRow]:
    """Return the critical rows, or all when none is called critical."""
    return [r for r in rows if r.importance == "critical"] or list(rows)


def _harms(book: Book, lang: str) -> tuple[Piece, ...]:
    """Return counts and statements of harms; outcomes that nobody reported are named."""
    rows = [r for r in book.content.findings_rows if r.harm]
    alone = uncontrolled_note(book, lang)
    if alone is not None:
        rows = [r for r in rows if not r.single_arm]
    lines: list[Piece] = []
    for outcome in harm_outcomes(book):
        counts = _counts(book, outcome, lang)
        if counts is not None:
            lines.append(counts)
    lines += statements(book, rows, lang)
    lines += [alone] if alone is not None and lines else []
    if lines:
        return tuple(lines)
    return (NO_HARM[no_harm(book)][lang],)


def _counts(book: Book, outcome: str, lang: str) -> Phrase | None:
    """Return the counts of a harm by arm, study by study, without a judgement."""
    from_studies: list[Piece] = []
    for study in included(book):
        arms = _arms(book, outcome, study, lang)
        if arms:
            text = "{s}：{a}" if lang == "zh" else "{s}: {a}"
            from_studies.append(say(text, s=book.names.study(study.id),
                                    a=join(arms, "，" if lang == "zh" else ", ")))  # fmt: skip
    if not from_studies:
        return None
    name = book.names.outcome_in(outcome, lang)
    if lang == "zh":
        return say("{o}。{s}。", o=name, s=join(from_studies, "；"))
    return say("{o}. {s}.", o=book.names.outcome_title(outcome), s=join(from_studies, "; "))


def _arms(book: Book, outcome: str, study: Study, lang: str) -> list[Piece]:
    months = {v.id: float(v.months) for v in book.content.protocol.visits}
    values = [
        v for v in book.content.extraction.values
        if v.cell.outcome == outcome and v.cell.study == study.id
        and "-vs-" not in v.cell.arm and v.statistic in ("events", "n")
    ]  # fmt: skip
    events = [v for v in values if v.statistic == "events"]
    if not events:
        return []
    last = max(months.get(v.cell.visit, -1.0) for v in events)
    found: dict[str, Piece] = {}
    for one in events:
        if months.get(one.cell.visit, -1.0) != last or one.cell.arm in found:
            continue
        n = next((v for v in values if v.statistic == "n" and v.cell == one.cell), None)
        found[one.cell.arm] = _one(book, one.cell.arm, book.value(one),
                                   book.value(n) if n else None, lang)  # fmt: skip
    return [found[arm] for arm in sorted(found, key=lambda arm: arm_order(book, arm))]


def _one(book: Book, arm: str, events: Piece, n: Piece | None, lang: str) -> Phrase:
    name: Piece = book.names.arm_in(arm, lang)
    if lang == "zh":
        group: Piece = (
            "全部患者" if arm == "all" else say("{a}组", a=beside_han(name, follows=False))
        )
        if n is None:
            return say("{g} {e} 人", g=group, e=events)
        return say("{g} {n} 人中 {e} 人", g=group, n=n, e=events)
    given: Piece = "" if arm == "all" else say(" given {a}", a=name)
    if n is None:
        return say("{e}{g}", e=events, g=given)
    return say("{e} of {n}{g}", e=events, n=n, g=given)


def _source(book: Book, study: Study) -> Phrase:
    return say("{s}: {r}.", s=book.names.study(study.id), r=short_reference(book, study))
