"""A harm said to be absent ("no patient died", 没有患者死亡) is held against what was counted.

Whose harm it was counts: the arm that the clause names, the study that the sentence is of, or all
studies of the review where it names none; then one recorded event is enough to contradict it. Of a
part of the people ("who were under 30") nobody can tell where the whole had events. Rule 10.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.measured import EVERYONE, arms_named, qualified
from tamis.certainty.claims.naming import Mention
from tamis.certainty.claims.reading import BREAKS
from tamis.certainty.claims.rule_quantifiers import Judged
from tamis.certainty.claims.times import times_named
from tamis.certainty.claims.whose import whose
from tamis.domain.claims import ClaimFinding

__all__ = ["absence", "denied"]

_FAITHFUL, _CONTRADICTED, _CANNOT_TELL = "faithful", "contradicted", "cannot-tell"

#: Words that deny, before the name of a harm.
_NO = {
    "en": re.compile(
        r"\b(?:no(?!\s+(?:more|fewer|less|longer|doubt))|nobody|no[\s-]one|none|not\s+(?:a\s+single|one|any)|"
        r"without|zero|free\s+(?:of|from)|nor|neither)\b", re.IGNORECASE),
    "zh": re.compile(r"没有|零例|从未|无(?!法|关|效|论|创|痛)|未(?!知|来|能|明|必)"),
}  # fmt: skip
#: What is denied is then no harm: a difference, data, a study.
_OF_ELSE = {
    "en": re.compile(
        r"^\s*(?:\w+\s+){0,2}(?:trials?|stud(?:y|ies)|reports?|papers?|articles?)\b(?!['’])|"
        r"\b(?:reduc\w+|increas\w*|differ\w*|effects?|chang\w*|data|information|evidence|impact|influence|benefits?|improve\w*|estimates?|analys\w+|compar\w+|excess|link\w*|"
        r"associat\w*|risk|excluded|refus\w*|proof|reason|control|difference|more|fewer|conclus\w*)\b",
        re.IGNORECASE),
    "zh": re.compile(
        r"^(?!(?:一?[例人名位]|任何|患者|病人|受试者|病例|参与者|见到?|发生|出现|观察到|发现|报告|导致|有|记录到?|"
        r"需要?|因|其|过|的|了|再|被|接受|[A-Za-z]+|组|\s)*$)"),
}  # fmt: skip
_NEAR = 12

#: Where another count begins in the same clause: "no deaths with one and two with the other".
_NEXT_COUNT = {
    "en": re.compile(r"\band\s+(?:\d|(?:one|two|three|four|five|six|some|several)\b)",
                     re.IGNORECASE),
    "zh": re.compile(r"[而和与](?=\S{0,8}?[有为]?\s*(?:\d|[一两三四五六七八九十])+\s*[例人名])"),
}  # fmt: skip
#: Words that make a part of people of them, or a kind of event of the harm.
_SOME = {
    "en": re.compile(
        r"\b(?:aged|younger|older|(?:under|over)\s+\d+"
        r"(?!\s*-?(?:months?|weeks?|years?\b(?!\s+(?:of|old))))|women|men|children|responders?|"
        r"remitters?|who\s+(?:had|were|was)\b(?!\s+given)|related|attribut\w+|"
        r"(?:died?|deaths?)\s+(?:of|from)|due|caused|unexpected|new|early|late|first|acute)\b",
        re.IGNORECASE),
    "zh": re.compile(r"女性|男性|儿童|死于|岁|相关|有关|所致|"
                     r"导致|引起|新发|早期|急性|其余|另外|缓解者"),
}  # fmt: skip

#: Words that mean harms of any kind.
_ANY = {
    "en": re.compile(r"\badverse\s+events?\b|\bharms?\b", re.IGNORECASE),
    "zh": re.compile("不良事件"),
}

#: Sections that claim nothing of results.
_SILENT = ("aims", "methods", "references", "disclaimer")


def denied(context: Context) -> tuple[Mention, int, int] | None:
    """Return the harm that a clause denies, and the span of the clause; ``None`` where none is."""
    text, lang = context.sentence.text, context.lang
    named = [m for m in context.mentions if m.kind == "outcome" and _is_harm(context, m.id)]
    for start, end in clauses(text, BREAKS[lang]):
        said = _NO[lang].search(text, start, end)
        if said is None:
            continue
        general = _ANY[lang].finditer(text, said.end(), end)
        named += [Mention(start=m.start(), end=m.end(), kind="outcome", id="") for m in general
                  if not any(n.start <= m.start() < n.end for n in named)]  # fmt: skip
        cut = _NEXT_COUNT[lang].search(text, said.end(), end)
        until = end if cut is None else cut.start()
        for mention in named:
            between = text[said.end() : mention.start]
            if said.end() <= mention.start < until and not _OF_ELSE[lang].search(between):
                return mention, start, until
    return None


def _is_harm(context: Context, name: str) -> bool:
    outcome = context.known.outcomes.get(name)
    return outcome is not None and outcome.kind == "binary" and outcome.better == "lower"


def absence(context: Context) -> Judged | None:
    """Judge a sentence that denies a harm; ``None`` where it does not."""
    if context.own or context.sentence.section in _SILENT:
        return None
    if any(n.kind == "part" and n.value == 0 for n in context.numbers):
        return None  # "none of the six": a count, and judged as one
    found = denied(context)
    return None if found is None else _judged(context, *found)


def _judged(context: Context, mention: Mention, start: int, end: int) -> Judged | None:
    outcome = context.known.outcomes.get(mention.id)
    any_harm = _ANY[context.lang].search(context.sentence.text)
    general = (outcome is None or not outcome.harm) and any_harm is not None
    study = whose(context)
    if general and study is not None:
        return None  # what one study calls adverse events: see the counts of that outcome
    meant = set(context.known.harms()) if general else _same_place(context, mention)
    counts = _counts(context, meant, study.id if study is not None else "", start, end)
    happened = [fact for fact in counts if fact.value > 0]
    if not happened:
        known = bool(counts) and not general and not _unread_count(context, end)
        return Judged(answer=_FAITHFUL if known else _CANNOT_TELL)
    if _some(context, mention, start, end):
        return Judged(answer=_CANNOT_TELL)
    return Judged(answer=_CONTRADICTED, finding=_finding(happened))


def _unread_count(context: Context, end: int) -> bool:
    """Tell whether another count of the clause is read by nobody: "none on one, two on it"."""
    if not _NEXT_COUNT[context.lang].match(context.sentence.text, end):
        return False
    return not any(end <= n.start <= end + _NEAR for n in context.numbers)


def _same_place(context: Context, mention: Mention) -> set[str]:
    """Return the outcomes that one name may mean, those that are harms."""
    return {
        m.id for m in context.mentions
        if (m.start, m.end) == (mention.start, mention.end) and m.kind == "outcome"
        and _is_harm(context, m.id)
    }  # fmt: skip


def _some(context: Context, mention: Mention, start: int, end: int) -> bool:
    """Tell whether only some people, some of the events or some of the time is meant."""
    clause = context.span(start, end)
    if _SOME[context.lang].search(clause) or qualified(context, mention):
        return True
    shown = [t for t in times_named(context) if start <= t.start < end]
    visits = {f.visit for f in context.known.facts if f.kind == "part" and f.outcome == mention.id}
    return any(t.visits and not t.visits & visits for t in shown)


def _counts(
    context: Context, outcomes: set[str], study: str, start: int, end: int
) -> Sequence[Fact]:
    """Return the counts of the people meant: of the arms of the clause, of the study, or of all."""
    known = context.known
    included = {s.id for s in known.evidence.included}
    of = {study} if study else included
    arms = {arm for a, _, arm in arms_named(context) if start <= a < end}
    found = [
        f for f in known.facts
        if f.kind == "part" and f.sure and f.study in of and f.outcome in outcomes
    ]  # fmt: skip
    if not arms:
        return found
    given = {pair.arms[0] for pair in known.evidence.protocol.syntheses if all(pair.arms)}
    return [f for f in found if f.arm in arms or (f.arm == EVERYONE and arms & given)]


def _finding(happened: Sequence[Fact]) -> ClaimFinding:
    told = dict.fromkeys(f"{f.outcome} in {f.study} ({f.arm}): {f.value}" for f in happened)
    return ClaimFinding(
        rule="number-differs",
        severity="error",
        message="a harm is said to be absent; the review records " + "; ".join(told),
        because=tuple(dict.fromkeys(name for fact in happened for name in fact.ids)),
    )
