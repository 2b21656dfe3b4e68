"""A harm said to be absent ("no patient died", 没有患者死亡) is held against every recorded count.

Where the sentence names no study, all studies of the review are meant: one recorded event is
enough to contradict it. Rule 10.
"""

from __future__ import annotations

import re

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.rule_quantifiers import Judged
from tamis.domain.claims import ClaimFinding

__all__ = ["absence"]

_FAITHFUL, _CONTRADICTED, _CANNOT_TELL = "faithful", "contradicted", "cannot-tell"

#: "No … died", "no … events": what is denied, of anybody or of an arm.
_ABSENT = {
    "en": re.compile(
        r"\bno(?:\s+(?:\w+\s+){0,2}(?:patients?|participants?|people|one|body))?\s+died\b|"
        r"\bnobody\s+died\b|"
        r"\b(?:there\s+were|with|had)\s+no\s+(?:\w+\s+){0,2}(?:deaths?|infections?|adverse\s+events?|harms?)\b|"
        r"\bno\s+(?:\w+\s+){0,2}(?:deaths?|infections?|adverse\s+events?)\s+(?:occurred|were|was)\b",
        re.IGNORECASE),
    "zh": re.compile(
        r"(?:没有|无|未见|未发生|未出现|未观察到|未报告)[^。，,；]{0,8}(?:死亡|感染|不良事件)"),
}  # fmt: skip

#: Words that mean harms of any kind.
_ANY = {
    "en": re.compile(r"\badverse\s+events?\b|\bharms?\b", re.IGNORECASE),
    "zh": re.compile("不良事件"),
}

#: Sections that claim nothing of results.
_SILENT = ("aims", "methods", "references", "disclaimer")


def absence(context: Context) -> Judged | None:
    """Judge a sentence that denies a harm without naming a study; ``None`` where it does not."""
    if context.study is not None or context.own or context.sentence.section in _SILENT:
        return None
    text = context.sentence.text
    if not _ABSENT[context.lang].search(text):
        return None
    harms = set(context.known.harms())
    named = harms & set(context.all_outcomes)
    meant = harms if not named and _ANY[context.lang].search(text) else named
    counts = [fact for fact in context.known.facts if _counts(fact, meant)]
    happened = [fact for fact in counts if fact.value > 0]
    if happened:
        return Judged(answer=_CONTRADICTED, finding=_finding(happened))
    return Judged(answer=_FAITHFUL if counts and named else _CANNOT_TELL)


def _counts(fact: Fact, outcomes: set[str]) -> bool:
    return fact.kind == "part" and fact.sure and bool(fact.study) and fact.outcome in outcomes


def _finding(happened: list[Fact]) -> ClaimFinding:
    told = dict.fromkeys(f"{f.outcome} in {f.study} ({f.arm}): {f.value}" for f in happened)
    return ClaimFinding(
        rule="number-differs",
        severity="error",
        message="a harm is said to be absent; the review records " + "; ".join(told),
        because=tuple(dict.fromkeys(name for fact in happened for name in fact.ids)),
    )
