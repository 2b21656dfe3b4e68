"""Rules 10 and 12: numbers, quantifiers and notation of a sentence against the linked results.

Every number gets one of three answers (faithful, contradicted, cannot tell). It is contradicted
only where the evidence holds a number of the same kind on the same thing and none agrees beyond
rounding; where there is nothing to hold it against, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.counted import contradicting, relative, swapped
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.rule_absence import absence
from tamis.certainty.claims.rule_bias import of_bias
from tamis.certainty.claims.rule_quantifiers import quantified
from tamis.certainty.claims.significance import significance
from tamis.certainty.claims.sizes import judged
from tamis.certainty.claims.sizes import shown as size_shown
from tamis.certainty.claims.suggest import allowed, say
from tamis.domain.claims import ClaimFinding

__all__ = ["Answer", "answers", "databases", "notations", "numbers", "overall"]

FAITHFUL, CONTRADICTED, CANNOT_TELL, NONE = "faithful", "contradicted", "cannot-tell", "none"

#: Kind of a number in a text -> kinds of facts it may be held against.
_COMPATIBLE: Mapping[str, tuple[str, ...]] = {
    "percent": ("percent",),
    "part": ("part",),
    "people": ("people",),
    "works": ("works",),
    "dose": ("dose",),
    "ratio": ("ratio", "level"),
    "interval": ("interval",),
    "level": ("level", "ratio"),
    "percents": ("percents",),
    "points": (),
}

_MEASURES: Mapping[str, tuple[str, ...]] = {
    "RR": ("rr", "risk ratio", "风险比", "相对危险度", "相对风险"),
    "OR": ("or", "odds ratio", "比值比", "优势比"),
    "HR": ("hr", "hazard ratio"),
    "MD": ("md", "mean difference", "均数差", "均差"),
    "SMD": ("smd",),
    "RD": ("rd", "risk difference", "风险差"),
}

_ENROLLED = re.compile(
    r"\b(?:enrol\w*|recruit\w*|includ\w*|randomi[sz]\w*|compris\w*)\b|纳入|招募|入组|随机|共",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"\binclud\w*\b|\bselected\b|纳入|选取|入选|选入", re.IGNORECASE)
#: Units of works that are studies; reports and records are counted otherwise.
_STUDIES = frozenset({"", "study", "studies", "trial", "trials"})

#: Names of bibliographic databases and registers, in general.
_DATABASES = re.compile(
    r"PubMed|MEDLINE|Embase|Scopus|Cochrane|\bCENTRAL\b|Web\s+of\s+Science|EBSCO|CINAHL|PsycINFO|"
    r"LILACS|CNKI|知网|万方|维普|ClinicalTrials",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the evidence says of one number, the facts that agree, and what it holds instead."""

    number: Number
    answer: str
    facts: tuple[Fact, ...] = ()
    instead: tuple[Fact, ...] = ()


def answers(context: Context) -> tuple[Answer, ...]:
    """Answer every number of a sentence."""
    pool = _pool(context)
    return tuple(_answer(context, number, pool) for number in context.numbers)


def overall(found: Iterable[Answer], *more: str) -> str:
    """Return the one answer for a sentence: the worst of its numbers.

    Examples
    --------
    >>> overall((), "faithful", "cannot-tell")
    'cannot-tell'
    """
    said = {one.answer for one in found} | set(more)
    return next((a for a in (CONTRADICTED, CANNOT_TELL, FAITHFUL) if a in said), NONE)


def databases(context: Context) -> str:
    """Answer a list of databases: as good as the source that names them."""
    if len(_DATABASES.findall(context.sentence.text)) < 2 or context.study is not None:
        return NONE
    named = [
        value
        for value in context.known.evidence.extraction.values
        if value.cell.outcome == "databases-searched"
    ]
    return FAITHFUL if any(v.primary for v in named) else CANNOT_TELL


def numbers(context: Context, found: Sequence[Answer]) -> Iterator[ClaimFinding]:
    """Yield what rule 10 says of a sentence."""
    if context.sentence.section == "disclaimer":
        return
    told = {one.number.start for one, _ in notations(context, found)}
    silent = context.own or context.sentence.section in ("aims", "references")
    for one in found:
        if one.answer == CONTRADICTED and one.number.start not in told and not silent:
            yield _differs(context, one)
    if not silent:
        told_of = (*quantified(context), of_bias(context), absence(context))
        yield from (one.finding for one in told_of if one is not None and one.finding is not None)
        yield from (finding for one in found for finding in _by_another_method(context, one))
    if quantifier_differs(context):
        yield ClaimFinding(
            rule="number-differs",
            severity="error",
            message="'all studies' is claimed; not every study can show it: "
            + ", ".join(_not_showing(context)),
            because=tuple(f"study:{study}" for study in _not_showing(context)),
            suggestion=say("quantifier", context.lang, s=allowed(context)),
        )


def notations(context: Context, found: Sequence[Answer]) -> tuple[tuple[Answer, ClaimFinding], ...]:
    """Return the numbers of a sentence that rule 12 speaks of, with what it says."""
    if context.sentence.section == "disclaimer":
        return ()
    pairs = ((one, _notation(context, one)) for one in found)
    return tuple((one, finding) for one, finding in pairs if finding is not None)


def quantifier_differs(context: Context) -> bool:
    """Tell whether "all studies" is claimed of an effect that not every study shows."""
    claimed = context.reading.quantifier == "all" and context.checked and context.strength >= 2
    return claimed and context.reading.sense != "" and bool(_not_showing(context))


def _not_showing(context: Context) -> tuple[str, ...]:
    """Return the included studies that cannot show the effect, or whose interval has no effect."""
    showing: set[str] = set()
    for name in context.outcomes or context.known.critical():
        claim = direction(context.reading.sense, context.known.outcomes[name])
        for body in context.known.bodies_for(name):
            if body.comparative and not body.includes_null and body.favours == claim:
                showing.update(body.studies)
    return tuple(s.id for s in context.known.evidence.included if s.id not in showing)


def _pool(context: Context) -> tuple[Fact, ...]:
    known = context.known
    if context.study is not None:
        return tuple(f for f in known.facts if f.study == context.study.id)
    included = {s.id for s in known.evidence.included} | {""}
    published = known.evidence.published
    if published is not None:
        included.add(published.id)
    return tuple(f for f in known.facts if f.study in included)


def _answer(context: Context, number: Number, pool: Sequence[Fact]) -> Answer:
    return _apart(context, number) or _by_facts(context, number, pool)


def _apart(context: Context, number: Number) -> Answer | None:
    """Answer numbers that are no plain value: dates, times, p-values, sizes of effects."""
    if number.kind == "date":
        return Answer(number=number, answer=NONE)
    if number.kind == "months":
        return _time(context, number)
    special = significance(context, number) if number.kind == "p" else judged(context, number)
    if special is None:
        return None
    answer, facts = special
    if answer == CONTRADICTED:
        return Answer(number=number, answer=answer, instead=facts)
    return Answer(number=number, answer=answer, facts=facts)


def _by_facts(context: Context, number: Number, pool: Sequence[Fact]) -> Answer:
    """Answer a plain value by the facts of its kind."""
    like = [f for f in pool if f.kind in _COMPATIBLE[number.kind] and _same_basis(number, f)]
    same = [f for f in like if _equal(number, f)]
    if relative(context, number):  # a change is no share of people who had something else
        same = [f for f in same if f.outcome in context.all_outcomes]
    agree = [f for f in same if f.outcome in context.all_outcomes] or same
    agree = [f for f in agree if not f.method] or agree
    instead = tuple(f for f in like if f.sure and _on_the_same(context, number, f))
    if number.kind in ("part", "percent"):
        instead = _counts(context, number, instead, pool)
        wrong_arm = swapped(context, number, agree, like) if agree else ()
        if wrong_arm:
            return Answer(number=number, answer=CONTRADICTED, instead=wrong_arm)
    if agree and not _overruled(number, agree, instead):
        sure = any(fact.sure for fact in agree)
        return Answer(number=number, answer=FAITHFUL if sure else CANNOT_TELL, facts=tuple(agree))
    if agree and _listed(context, number, instead):
        return Answer(number=number, answer=CANNOT_TELL, facts=tuple(agree))
    return Answer(number=number, answer=CONTRADICTED if instead else CANNOT_TELL, instead=instead)


def _listed(context: Context, number: Number, instead: Sequence[Fact]) -> bool:
    """Tell whether another number of the same list is that of the outcome, and this one another's.

    "33 % and 44 % reached complete and partial remission": the second agrees with what the outcome
    that was named does not hold.
    """
    others = [n for n in context.numbers if n.kind == number.kind and n is not number]
    return any(_equal(other, fact) for other in others for fact in instead)


def _counts(
    context: Context, number: Number, instead: tuple[Fact, ...], pool: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return the counts a part or percentage is held against, in the voice of a study or ours."""
    if context.study is None:
        return contradicting(context, number, pool)
    return () if relative(context, number) else instead


def _overruled(number: Number, agree: Sequence[Fact], instead: Sequence[Fact]) -> bool:
    """Tell whether what agrees is about something else, or only what others say of the study."""
    if number.kind in ("part", "percent"):
        topics = {fact.outcome for fact in instead if fact.kind == number.kind}
        return bool(topics) and not any(fact.outcome in topics for fact in agree)
    if number.kind == "dose" and not any(fact.direct for fact in agree):
        return any(fact.direct for fact in instead)
    return False


def _time(context: Context, number: Number) -> Answer:
    """Answer a time: faithful where it is a visit of the protocol; otherwise nothing is told."""
    visits = {round(months, 1) for months in context.known.months.values()}
    if number.unit in ("月", "month", "months") and float(number.value) in visits:
        return Answer(number=number, answer=FAITHFUL)
    return Answer(number=number, answer=NONE)


def _same_basis(number: Number, fact: Fact) -> bool:
    if number.kind == "dose":
        return number.per_kg == fact.per_kg
    if number.kind == "ratio" and fact.measure:
        return fact.measure in _measures(number)
    return True


def _measures(number: Number) -> tuple[str, ...]:
    unit = re.sub(r"\s+", " ", number.unit.casefold())
    return tuple(m for m, words in _MEASURES.items() if unit in words)


def _equal(number: Number, fact: Fact) -> bool:
    """Tell whether a fact agrees with a number within the rounding of what is printed."""
    if number.kind == "part":
        return number.value == fact.value and number.whole == fact.whole
    width = Decimal(5).scaleb(-number.digits - 1) + Decimal("1e-9")
    if number.kind == "dose":
        width = abs(number.value) * Decimal("0.005")
    near = abs(abs(number.value) - abs(fact.value)) <= width
    if number.high is None:
        return near
    return near and fact.high is not None and abs(abs(number.high) - abs(fact.high)) <= width


def _on_the_same(context: Context, number: Number, fact: Fact) -> bool:
    """Tell whether a fact is about the very thing the number is said of."""
    text = context.sentence.text
    match number.kind:
        case "people":
            enrolled = fact.outcome == "participants" and context.study is not None
            return enrolled and bool(_ENROLLED.search(text))
        case "works":
            chosen = number.unit.lower() in _STUDIES and bool(_CHOSEN.search(text))
            whole = context.study is None and fact.outcome in ("flow-included", "")
            return chosen and whole
        case "dose":
            return context.study is not None
        case "ratio" | "interval":
            return fact.outcome in context.all_outcomes and not fact.study and not fact.method
        case _:
            return fact.outcome in context.all_outcomes and context.study is not None


def _differs(context: Context, one: Answer) -> ClaimFinding:
    shown = context.span(one.number.start, one.number.end)
    held = "; ".join(dict.fromkeys(_shown(fact) for fact in one.instead[:4]))
    return ClaimFinding(
        rule="number-differs",
        severity="error",
        message=f"'{shown}' agrees with no linked result; the evidence holds {held}",
        because=tuple(dict.fromkeys(i for fact in one.instead for i in fact.ids)),
        suggestion=say("number", context.lang, n=held),
    )


def _by_another_method(context: Context, one: Answer) -> Iterator[ClaimFinding]:
    """Note a faithful result that is not the main one: another interval, another model."""
    if one.answer != FAITHFUL or not one.facts or not all(f.method for f in one.facts):
        return
    fact = one.facts[0]
    main = [f for f in context.known.facts if f.kind == fact.kind and f.outcome == fact.outcome
            and not f.study and not f.method and f.measure == fact.measure]  # fmt: skip
    if not main:
        return
    kind = "interval" if fact.kind == "interval" else "estimate"
    yield ClaimFinding(
        rule="number-differs",
        severity="note",
        message=f"this is the {fact.method} {kind}; the review's main {kind} is {_shown(main[0])}",
        because=fact.ids,
        suggestion=say("other-interval", context.lang, w=fact.method, n=_shown(main[0])),
    )


def _notation(context: Context, one: Answer) -> ClaimFinding | None:
    """Rule 12: a lost superscript, a power of ten or a missing "per kg"."""
    number = one.number
    if number.kind == "level":
        return _unit(context, one)
    if number.kind != "dose":
        return None
    shown = context.span(number.start, number.end)
    if number.lost:
        confirmed = one.answer == FAITHFUL
        return ClaimFinding(
            rule="unit-or-notation-lost",
            severity="error" if confirmed else "warning",
            message=f"'{shown}' has lost its superscript"
            + ("; the record gives the power of ten" if confirmed else ""),
            because=tuple(dict.fromkeys(i for fact in one.facts for i in fact.ids)),
            suggestion=say("notation", context.lang, n=_power(number.value)),
        )
    return _magnitude(context, one, shown) if one.answer == CONTRADICTED else _per_kg(context, one)


def _magnitude(context: Context, one: Answer, shown: str) -> ClaimFinding | None:
    number = one.number
    for fact in one.instead:
        ratio = number.value / fact.value if fact.value else Decimal(0)
        if ratio and _is_power(ratio):
            return ClaimFinding(
                rule="unit-or-notation-lost",
                severity="error",
                message=f"'{shown}' differs from the record by a power of ten",
                because=fact.ids,
                suggestion=say("notation", context.lang, n=_power(fact.value)),
            )
    return None


def _per_kg(context: Context, one: Answer) -> ClaimFinding | None:
    number = one.number
    if one.answer != CANNOT_TELL or number.per_kg or context.study is None:
        return None
    for fact in _pool(context):
        if fact.kind == "dose" and fact.per_kg and fact.sure and _equal(number, fact):
            return ClaimFinding(
                rule="unit-or-notation-lost",
                severity="error",
                message=f"'{context.span(number.start, number.end)}' has lost its 'per kg'",
                because=fact.ids,
                suggestion=say("notation", context.lang, n=f"{_power(fact.value)}/kg"),
            )
    return None


def _unit(context: Context, one: Answer) -> ClaimFinding | None:
    """Find a gram for a milligram: the same digits under another unit of the same outcome."""
    unit = one.number.unit.replace(" ", "").casefold()
    if unit[:2] not in ("mg", "g/") and unit != "g":
        return None
    facts = [f for f in one.facts if f.unit and f.outcome in context.all_outcomes]
    if not facts or any(f.unit.replace(" ", "").casefold().startswith(unit[:2]) for f in facts):
        return None
    return ClaimFinding(
        rule="unit-or-notation-lost",
        severity="error",
        message=f"'{context.span(one.number.start, one.number.end)}': the record's unit is"
        f" {facts[0].unit}",
        because=facts[0].ids,
        suggestion=say("notation", context.lang, n=_shown(facts[0])),
    )


def _is_power(ratio: Decimal) -> bool:
    return any(abs(ratio / Decimal(10) ** k - 1) < Decimal("0.005") for k in (-3, -2, -1, 1, 2, 3))


_SUPER = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _power(value: Decimal) -> str:
    """Return a value as people write doses.

    Examples
    --------
    >>> _power(Decimal("2e8"))
    '2×10⁸'
    """
    exponent = value.adjusted()
    digits = f"{value.scaleb(-exponent).normalize():f}"
    return f"{digits}×10{str(exponent).translate(_SUPER)}"


def _shown(fact: Fact) -> str:
    if fact.kind == "level" and fact.measure:
        return size_shown(fact)
    if fact.kind == "p":
        return f"p = {float(fact.value):.2g}"
    value = f"{fact.value:.2f}".rstrip("0").rstrip(".") if fact.value % 1 else f"{fact.value:f}"
    if fact.kind == "dose":
        return _power(fact.value) + ("/kg" if fact.per_kg else "")
    if fact.whole is not None:
        return f"{value}/{fact.whole:f}"
    if fact.high is not None:
        return f"{value} to {fact.high:.2f}"
    unit = {"percent": " %"}.get(fact.kind, f" {fact.unit}" if fact.unit else "")
    return f"{value}{unit}"
