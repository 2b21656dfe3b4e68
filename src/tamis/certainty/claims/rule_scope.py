"""Rule 4: population, intervention, comparator and time of a claim against what was studied.

Only what the review declares is compared: the concepts of its question and bodies, the visits of
its values. Where nothing is declared, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from tamis.certainty.claims.comparators import unstudied_comparator
from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.naming import Mention, broader_than
from tamis.certainty.claims.reading import BREAKS
from tamis.certainty.claims.suggest import allowed, intervention, population, say
from tamis.domain.claims import ClaimFinding

__all__ = ["scope"]

_UNITS: Mapping[str, float] = {
    "月": 1, "month": 1, "周": 12 / 52.18, "week": 12 / 52.18, "年": 12, "year": 12,
    "天": 12 / 365.25, "日": 12 / 365.25, "day": 12 / 365.25,
}  # fmt: skip
_LASTS = {
    "en": re.compile(
        r"\b(?:for|over|after|at|up\s+to|through|lasting|within|least|until|beyond)\b|"
        r"\bmonths?\s+\d|\b\w+-(?:month|year)\b", re.IGNORECASE
    ),
    "zh": re.compile(r"持续|长达|至少|达|后|内|以上|第|时|随访"),
}  # fmt: skip

#: Roles of words that leave open what stands in their clause.
_OPEN = frozenset({"unsure", "need", "aim", "question"})

#: Months up to which a follow-up is not called long (a convention of this house).
LONG = 12.0

_FAVOURED = (
    r"(?:\w+\s+){0,2}?(?:effects?|benefits?|efficacy|effectiveness|safety|remission|relief|survival|"
    r"improvements?|reductions?|control|protection|response|results|outcomes?|gains?|cure|"
    r"advantages?|prevention)\b"
)

#: Words of a long time in a claim, and whether they need a follow-up longer than ``LONG`` only.
_LONG_TIME: Mapping[str, tuple[tuple[re.Pattern[str], bool], ...]] = {
    "en": (
        (re.compile(
            rf"\b(?:long[\s-]term|long[\s-]lasting|lasting|durable|enduring)\s+{_FAVOURED}|"
            r"\b(?:in|over|for)\s+the\s+long(?:er)?[\s-](?:term|run)\b|\blong[\s-]term(?=\s*[.,;!]|\s*$)|"
            r"\b(?:durably|lastingly|enduringly)\b|\b(?:is|are|was|were|proved)\s+(?:\w+ly\s+)?"
            r"(?:durable|lasting|long[\s-]lasting)\b", re.IGNORECASE), True),
        (re.compile(rf"\b(?:permanent|lifelong|life-long)\s+{_FAVOURED}|\bpermanently\b|"
                    r"\bfor\s+(?:life|good|ever)\b|\bforever\b", re.IGNORECASE), False),
    ),
    "zh": (
        (re.compile(
            r"(?:长期|持久|长久|远期|长效)(?:的|地|性|有效|使|内)*(?:\S{0,4}?)(?:缓解|疗效|效果|获益|益处|改善|生存|存活|"
            r"安全|有效|降低|减少|控制|稳定|维持|保持|受益|作用|预防|减轻|提高|增加|延长|优于)|"
            r"(?:效果|疗效|作用|缓解|改善|获益)(?:\S{0,3}?)(?:持久|长久|长期)"), True),
        (re.compile(r"(?:永久|终身|终生|一辈子)(?:性|地|的)?(?:\S{0,3}?)(?:缓解|疗效|效果|获益|改善|有效|控制|治愈|"
                    r"降低|减少|预防|保护|稳定)"), False),
    ),
}  # fmt: skip


#: Dimension of a scope -> the house sentence that names what was studied, and its words.
_KINDS: Mapping[str, tuple[str, Callable[[Context], str]]] = {
    "population": ("scope", population),
    "intervention": ("scope-intervention", intervention),
}


def scope(context: Context) -> Iterator[ClaimFinding]:
    """Yield what rule 4 says of a claim."""
    if context.unasked:
        yield _scope_finding(context, f"'{context.unasked}' is no outcome of this review", "",
                             key="unknown")  # fmt: skip
    for kind in _KINDS:
        mention = _wider(context, kind)
        if mention is not None:
            name = context.span(mention.start, mention.end) or mention.id
            key, studied = _KINDS[kind]
            yield _scope_finding(
                context,
                f"'{name}' is wider than the {kind} studied",
                mention.id,
                key=key,
                name=studied(context),
            )
    compared = unstudied_comparator(context)
    if compared is not None:
        yield _scope_finding(
            context,
            f"'{compared.words}' is {compared.how} the comparator studied ({compared.studied})",
            compared.concept,
            key="comparator",
            name=compared.studied,
        )
    subset = _unstudied(context)
    if subset is not None:
        name = context.span(subset.start, subset.end) or subset.id
        yield _scope_finding(
            context, f"no comparison covers '{name}': this subset was not studied", subset.id
        )
    yield from _time(context)


def _scope_finding(
    context: Context, message: str, concept: str, *, key: str = "scope", name: str = ""
) -> ClaimFinding:
    named = name or population(context)
    statement = allowed(context)
    told = statement if context.unasked else say(key, context.lang, p=named, s=statement)
    return ClaimFinding(
        rule="scope-wider",
        severity="error",
        message=message,
        because=(f"concept:{concept}",) if concept else (),
        suggestion=told,
    )


def _studied(context: Context, kind: str) -> tuple[str, ...]:
    """Return the concepts studied: of the study that speaks, of the bodies, of the question."""
    known = context.known
    asked = (known.question[kind],) if kind in known.question else ()
    if kind == "population" and context.study is not None:
        return (*known.populations_of(context.study.id), *asked)
    of_bodies = tuple(dict(body.concepts)[kind] for body in context.bodies
                      if kind in dict(body.concepts))  # fmt: skip
    return of_bodies or asked


def _wider(context: Context, kind: str) -> Mention | None:
    """Return a concept broader than what was studied that stands alone in its clause."""
    studied = _studied(context, kind)
    concepts = context.known.concepts
    mentions = context.concept_mentions(kind)
    for mention in mentions:
        beside = [m.id for m in _clause_of(context, mention, mentions)]
        exact = any(
            m in studied or any(broader_than(s, m, concepts) for s in studied) for m in beside
        )
        if studied and not exact and all(broader_than(mention.id, s, concepts) for s in studied):
            return mention
    return None


def _clause_of(
    context: Context, mention: Mention, mentions: Iterable[Mention]
) -> tuple[Mention, ...]:
    for start, end in clauses(context.sentence.text, BREAKS[context.lang]):
        if start <= mention.start < end:
            return tuple(m for m in mentions if start <= m.start < end)
    return (mention,)


def _unstudied(context: Context) -> Mention | None:
    """Return a narrower population that no comparative study covers."""
    known = context.known
    asked = known.question.get("population", "")
    for mention in context.concept_mentions("population"):
        if not asked or not broader_than(asked, mention.id, known.concepts):
            continue
        covering = [
            study
            for study in known.evidence.included
            if study.design in COMPARATIVE and mention.id in _covered(context, study.id)
        ]
        speaks = context.study is not None and mention.id in _covered(context, context.study.id)
        if not covering and not speaks:
            return mention
    return None


def _covered(context: Context, study: str) -> tuple[str, ...]:
    of_bodies = [
        dict(body.concepts)["population"]
        for body in context.known.bodies
        if study in body.studies and "population" in dict(body.concepts)
    ]
    return (*context.known.populations_of(study), *of_bodies)


def _time(context: Context) -> Iterator[ClaimFinding]:
    """Find a time beyond every visit of the studies behind the claim."""
    longest = _last_visit(context)
    if longest is None or context.strength < 2:
        return
    shown = _beyond(context, longest) or _lasting(context, longest)
    if shown:
        yield _scope_finding(
            context, f"'{shown}' is longer than people were followed for it", "", key="time",
            name=_months(longest, context.lang),
        )  # fmt: skip


def _months(months: float, lang: str) -> str:
    return f"{months:g} 个月" if lang == "zh" else f"{months:g} months"


def _beyond(context: Context, longest: float) -> str:
    """Return a time in figures that is later than the last visit."""
    for number in context.numbers:
        factor = _UNITS.get(number.unit.rstrip("s").lower()) if number.kind == "months" else None
        if factor is None or float(number.value) * factor <= longest * 1.1 + 0.5:
            continue
        around = context.sentence.text[max(0, number.start - 14) : number.end + 4]
        if _LASTS[context.lang].search(around):
            return context.span(number.start, number.end)
    return ""


def _lasting(context: Context, longest: float) -> str:
    """Return words of a long time that stand outside the names of outcomes."""
    for pattern, relative in _LONG_TIME[context.lang]:
        found = pattern.search(context.sentence.text)
        if found is None or (relative and longest > LONG):
            continue
        if any(m.start <= found.start() < m.end for m in context.mentions):
            continue
        if not _left_open(context, found.start()):
            return found.group().strip()
    return ""


def _left_open(context: Context, at: int) -> bool:
    """Tell whether the clause at a place asks or concedes, so that it claims nothing."""
    for start, end in clauses(context.sentence.text, BREAKS[context.lang]):
        if start <= at < end:
            return any(h.role in _OPEN for h in context.reading.hits if start <= h.start < end)
    return False


def _last_visit(context: Context) -> float | None:
    """Return the month of the last visit of the bodies behind a claim; ``None`` where unknown.

    The visits of the outcomes named; without any, those of every value of the studies behind it.
    """
    known = context.known
    bodies = context.bodies
    studies = {context.study.id} if context.study else {s for b in bodies for s in b.studies}
    studies = studies or {s.id for s in known.evidence.included}
    cells = [v.cell for v in known.evidence.extraction.values if v.cell.study in studies]
    of_outcomes = [
        known.months[c.visit]
        for c in cells
        if c.outcome in context.outcomes and c.visit in known.months
    ]
    of_outcomes += [
        known.months[b.synthesis.plan.visit]
        for b in bodies
        if b.synthesis is not None and b.synthesis.plan.visit in known.months
        and (b.outcome.id in context.outcomes or not context.outcomes)
    ]  # fmt: skip
    if context.outcomes and max(of_outcomes, default=0.0) > 0:
        return max(of_outcomes)
    months = [known.months[c.visit] for c in cells if c.visit in known.months]
    months += [
        float(v.number)
        for v in known.evidence.extraction.values
        if v.cell.study in studies and v.cell.outcome == "follow-up-months" and v.number is not None
    ]
    longest = max((*months, *of_outcomes), default=0.0)
    return longest or None
