"""The answer about the facts of a sentence: faithful, contradicted, cannot tell, or none stated.

Facts are numbers, quantifiers, citations, the absence of events, and the direction in which a study
says that something went. Some stand in a sentence with a place of their own (``facts_in``): a
journal, a search date, a dose that lost its superscript, numbers that are answered differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.certainty.claims.answer_guards import unread
from tamis.certainty.claims.caveats import Read
from tamis.certainty.claims.citations import Cited, cited, unconfirmed
from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.designs import every_study
from tamis.certainty.claims.directions import went
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.rule_absence import absence
from tamis.certainty.claims.rule_bias import of_bias
from tamis.certainty.claims.rule_numbers import (
    CANNOT_TELL,
    CONTRADICTED,
    FAITHFUL,
    NONE,
    databases,
    notations,
    overall,
    quantifier_differs,
)
from tamis.certainty.claims.rule_quantifiers import quantified

__all__ = ["facts_in", "number_of"]

_NO_EVENTS = {
    "en": re.compile(
        r"\bno\b[^.]{0,30}\b(?:events?|deaths?|(?:side|adverse)\s+effects?|reactions?|harms?|"
        r"complications?)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:未|没有|无)(?:观察到|发生|出现|发现|导致|见)?[^。，,]{0,16}(?:事件|反应|死亡|副作用)"
    ),
}


#: A share of people in words, of something that the review does not have.
_OF_PEOPLE = {
    "en": re.compile(
        r"\b(?:half|(?:a|one)[\s-](?:third|quarter|fifth)|two[\s-]thirds|three[\s-]quarters)\s+of\s+"
        r"(?:the\s+|all\s+|these\s+)*(?:\w+\s+){0,2}?(?:patients|people|participants|women|those)\b",
        re.IGNORECASE),
    "zh": re.compile(r"(?:一半|半数|[二三四五]分之[一二三四])的?(?:\S{0,4}?)"
                     r"(?:患者|病人|受试者|参与者|人)"),
}  # fmt: skip


def number_of(one: Read) -> str:
    """Return the one answer about the facts that a sentence states."""
    context = one.context
    if context.sentence.section in ("disclaimer", "references"):
        return NONE
    more = [databases(context), _harm_free(context)]
    if quantifier_differs(context):
        more.append(CONTRADICTED)
    denied = absence(context)
    told_of = [j for j in (denied, every_study(context)) if j is not None]
    told_of += [j for j in quantified(context) if denied is None or j.answer != CANNOT_TELL]
    more += [judged.answer for judged in told_of]
    bias = of_bias(context)
    more += [bias.answer] if bias is not None else []
    if unconfirmed(context, one.part_study):
        more.append(CANNOT_TELL)
    decided = bias is not None and bias.answer != CANNOT_TELL  # "one of three trials" is judged
    told = [a for a in one.answers if not (decided and a.number.kind == "works")]
    if not context.all_outcomes and _OF_PEOPLE[context.lang].search(context.sentence.text):
        more.append(CANNOT_TELL)
    said = overall(told, *more)
    if said == FAITHFUL and not context.own and unread(context):
        return CANNOT_TELL
    return said if said != NONE else _direction(context)


def facts_in(one: Read) -> tuple[Cited, ...]:
    """Return the facts of a sentence that have a place of their own, in the order of the text."""
    found = [*cited(one.context, one.part_study), *_notation_facts(one), *_mixed(one)]
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end)))


def _notation_facts(one: Read) -> Iterator[Cited]:
    for answer, finding in notations(one.context, one.answers):
        number = answer.number
        yield Cited(start=number.start, end=number.end, answer=CONTRADICTED, findings=(finding,))


def _mixed(one: Read) -> Iterator[Cited]:
    """Yield numbers one by one where a sentence holds some that agree and some nobody can tell."""
    if {FAITHFUL, CANNOT_TELL} <= {a.answer for a in one.answers}:
        for answer in one.answers:
            if answer.answer in (FAITHFUL, CANNOT_TELL):
                yield Cited(start=answer.number.start, end=answer.number.end, answer=answer.answer)


def _harm_free(context: Context) -> str:
    """Answer "no adverse events": as good as the counts that the study gives."""
    if context.study is None or not _NO_EVENTS[context.lang].search(context.sentence.text):
        return NONE
    counted = any(n.kind == "part" and n.value == 0 for n in context.numbers)
    if counted or absence(context) is not None:
        return NONE
    facts = [
        f
        for f in context.known.facts
        if f.study == context.study.id
        and f.kind == "part"
        and f.sure
        and f.outcome in context.all_outcomes
    ]
    if not facts:
        return CANNOT_TELL
    return FAITHFUL if all(f.value == 0 for f in facts) else CONTRADICTED


def _direction(context: Context) -> str:
    """Answer what a study says of its own direction; silent where its numbers do not show it."""
    study = context.study
    if study is None or context.reading.strength < 2 or context.sentence.section == "aims":
        return NONE
    if context.reading.sense == "same" and study.design in COMPARATIVE:
        bodies = [b for b in context.bodies if b.comparative and b.includes_null is not None]
        return FAITHFUL if bodies and all(b.includes_null for b in bodies) else NONE
    told = [went(context.known, study.id, name) for name in context.outcomes]
    claims = [
        direction(context.reading.sense, context.known.outcomes[name]) for name in context.outcomes
    ]
    agree = [w == c for w, c in zip(told, claims, strict=True) if w and c]
    return FAITHFUL if agree and all(agree) else NONE
