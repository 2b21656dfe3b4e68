"""What whole texts are asked for: the words that show that a caveat is said, both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.rule_numbers import Answer
from tamis.domain.claims import ClaimFinding

__all__ = [
    "ADVERSE",
    "DESIGNS",
    "SAID",
    "STOPPED",
    "UNFAVOURABLE",
    "Read",
    "caveat",
    "either",
    "joined",
    "tells",
    "text_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One sentence as it was read: its context, its part's study and the answers of its numbers."""

    context: Context
    part_study: str
    answers: tuple[Answer, ...]


#: Words that show that a text does say what a reader must know: caveat -> pattern, both languages.
SAID: Mapping[str, re.Pattern[str]] = {
    "stopping": re.compile(
        r"停止|终止|提前结束|中止|\bstopped\b|\bterminat\w*|\babandon\w*|\bearly\s+stopp\w*|"
        r"\bdiscontinu\w*\b[^.]{0,30}\btrial\b", re.IGNORECASE),
    "registration": re.compile(r"注册|登记号|\bregist(?:er|ration|ry)\w*", re.IGNORECASE),
    "overlap": re.compile(
        r"重叠|重复(?:纳入|计数)|\boverlap\w*|\bsame\s+patients\b", re.IGNORECASE
    ),
    "definition": re.compile(
        r"定义(?:不同|不一|各异)|不同的?定义|\bdefin\w+\s+(?:differ|var)\w*|\bdifferent\s+"
        r"definitions?\b|\bdefined\b[^.]{0,20}\bdifferently\b", re.IGNORECASE),
    "others": re.compile(
        r"其他(?:对照|随机)?(?:研究|试验)(?:未|没有)|未纳入的|\bnot\s+included\b|"
        r"\bother\s+(?:\w+\s+)?(?:trials|studies)\b|\bexcluded\s+(?:trials|studies)\b",
        re.IGNORECASE),
    "ever": re.compile(
        r"曾经|曾|任何时(?:间|候|点)|累计|\bat\s+any\s+time\b|\bever\b|\bany\s+point\b",
        re.IGNORECASE),
    "best-by": re.compile(r"最佳|最好|最高缓解|\bbest\b|下降|\bfell\b|\bfall\w*\b|\bthen\b",
                          re.IGNORECASE),
}  # fmt: skip

STOPPED = re.compile(
    r"\babandon\w*|\bterminat\w*|\bstopped\b|\bstopping\b|停止|终止", re.IGNORECASE
)

#: Words of design in English and Chinese: what two accounts of one study may disagree about.
DESIGNS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "retrospective": ("回顾性", re.compile(r"retrospective|回顾", re.IGNORECASE)),
    "prospective": ("前瞻性", re.compile(r"prospective|前瞻", re.IGNORECASE)),
    "randomised": ("随机", re.compile(r"randomi[sz]ed|随机", re.IGNORECASE)),
    "open label": ("开放标签", re.compile(r"open[\s-]label|开放", re.IGNORECASE)),
    "blind": ("盲法", re.compile(r"blind|盲", re.IGNORECASE)),
}

#: Words of an unfavourable result in the review's own account of a published one.
UNFAVOURABLE = re.compile(
    r"inconsisten\w*|worsen\w*|\brises?\b|\brose\b|deteriorat\w*|only\s+up\s+to|no\s+(?:effect|"
    r"difference)|恶化|升高|不一致|仅(?:持续)?(?:到|至)",
    re.IGNORECASE,
)
ADVERSE = re.compile(
    r"恶化|不一致|升高|回升|仅(?:持续)?(?:到|至)|短暂|\binconsisten\w*|\bworsen\w*|\bdeteriorat\w*|"
    r"\btransient\b|\bshort-lived\b|\bonly\s+(?:up\s+)?(?:to|until)\b",
    re.IGNORECASE,
)


def text_of(members: Iterable[Read]) -> str:
    """Return the sentences as one text."""
    return " ".join(one.context.sentence.text for one in members)


def caveat(study: str, message: str, because: Iterable[str], suggestion: str) -> ClaimFinding:
    """Return a finding of rule 8 about a study or the text."""
    return ClaimFinding(
        rule="caveat-missing",
        severity="warning",
        message=message,
        because=tuple(dict.fromkeys(because)),
        suggestion=suggestion,
        subject=study,
    )


def joined(parts: Iterable[str], lang: str) -> str:
    """Join parts as a language does."""
    return ("；" if lang == "zh" else "; ").join(parts)


def either(lang: str, english: str, chinese: str) -> str:
    """Return the words of one of the two languages."""
    return chinese if lang == "zh" else english


#: Sections in which a study is told of: a text that only cites it leaves nothing out.
_TOLD = frozenset({"results", "conclusion", "body", "lead"})


def tells(one: Read) -> bool:
    """Tell whether a sentence says something of what a study found, not only that it exists."""
    context = one.context
    counted = any(answer.number.kind != "date" for answer in one.answers)
    said = context.all_outcomes or context.strength or context.reading.sense or counted
    return context.sentence.section in _TOLD and bool(said)
