"""What the evidence says of every number of a sentence: faithful, contradicted, or cannot tell.

A number is faithful where a fact has its value and every facet that the sentence tells (study,
outcome, arm, time, what was counted, sign). It is contradicted where the evidence holds the same
thing with another value and none agrees; where there is nothing to hold it against, nobody can
tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.certainty.claims.agreement import COMPATIBLE, equal, same_basis
from tamis.certainty.claims.context import Context
from tamis.certainty.claims.counted import beside_part, contradicting, relative
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.facets import Facets, facets_of, fitting
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.significance import significance
from tamis.certainty.claims.sizes import judged
from tamis.certainty.claims.times import follow_up, months_of

__all__ = [
    "CANNOT_TELL",
    "CONTRADICTED",
    "FAITHFUL",
    "NONE",
    "Answer",
    "answers",
    "databases",
    "overall",
    "pool",
]

FAITHFUL, CONTRADICTED, CANNOT_TELL, NONE = "faithful", "contradicted", "cannot-tell", "none"

#: Kinds that say nothing without an outcome.
_NEED_OUTCOME = frozenset({"percent", "part", "percents", "level", "ratio", "interval", "points"})

_ENROLLED = re.compile(
    r"\b(?:enrol\w*|recruit\w*|includ\w*|randomi[sz]\w*|compris\w*)\b|纳入|招募|入组|随机|共|"
    r"\b(?:trial|study|series)\s*[,:(]\s*\d|(?:试验|研究)\s*[,，:：（(]\s*(?:共|计)?\s*\d",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"\binclud\w*\b|\bselected\b|纳入|选取|入选|选入", re.IGNORECASE)
#: Units of works that are studies; reports and records are counted otherwise.
_STUDIES = frozenset({"", "study", "studies", "trial", "trials"})
#: Words that make a share one of several studies together, or a rough one.
_TOGETHER = re.compile(
    r"\b(?:average|mean|pooled|overall|combined|across|together|total|range[sd]?|between|about|"
    r"around|approximately|nearly|almost|roughly|up\s+to|over|under|more\s+than|less\s+than|"
    r"at\s+least)\b|平均|合并|总体|合计|约|近|超过|不到|至少|高达|介于|左右|范围",
    re.IGNORECASE,
)

#: Words that make several outcomes of one name: "complete and partial remission".
_LISTING = re.compile(
    r"\b(?:complete|partial|major|minor|full|severe|mild|moderate)\b|完全|部分|严重|轻度|中度|重度",
    re.IGNORECASE,
)

#: Names of bibliographic databases and registers, in general.
_DATABASES = re.compile(
    r"PubMed|MEDLINE|Embase|Scopus|Cochrane|\bCENTRAL\b|Web\s+of\s+Science|EBSCO|CINAHL|PsycINFO|"
    r"LILACS|CNKI|知网|万方|维普|ClinicalTrials",
    re.IGNORECASE,
)


_Against = Callable[[Context, Number, Facets, Sequence[Fact]], Sequence[Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the evidence says of one number, the facts that agree, and what it holds instead."""

    number: Number
    answer: str
    facts: tuple[Fact, ...] = ()
    instead: tuple[Fact, ...] = ()


def answers(context: Context) -> tuple[Answer, ...]:
    """Answer every number of a sentence."""
    if not context.numbers:
        return ()
    facts = pool(context)
    return tuple(_answer(context, number, facts) for number in context.numbers)


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


def pool(context: Context) -> tuple[Fact, ...]:
    """Return the facts a sentence may be held against: of included studies and of the review."""
    evidence = context.known.evidence
    of = {s.id for s in evidence.included} | {""}
    of |= {s.id for s in (evidence.published, context.study) if s is not None}
    return tuple(f for f in context.known.facts if f.study in of)


def _answer(context: Context, number: Number, facts: Sequence[Fact]) -> Answer:
    return _apart(context, number, facts) or _by_facts(context, number, facts)


def _apart(context: Context, number: Number, facts: Sequence[Fact]) -> Answer | None:
    """Answer numbers that are no plain value: dates, times, p-values, sizes of effects."""
    if number.kind == "date":
        return Answer(number=number, answer=NONE)
    if number.kind == "months":
        return _followed(context, number, facts)
    special = significance(context, number) if number.kind == "p" else judged(context, number)
    if special is None:
        return None
    answer, told = special
    if answer == CONTRADICTED and number.kind == "ratio":
        plain = _by_facts(context, number, facts)  # another analysis of the same outcome
        if plain.answer == FAITHFUL:
            return plain
    if answer == CONTRADICTED:
        return Answer(number=number, answer=answer, instead=told)
    return Answer(number=number, answer=answer, facts=told)


def _followed(context: Context, number: Number, facts: Sequence[Fact]) -> Answer:
    """Answer how long people of a study were followed; other times are facets of other numbers."""
    at = months_of(number)
    studies = facets_of(context, number).studies
    if at is None or len(studies) != 1 or not follow_up(context, number):
        return Answer(number=number, answer=NONE)
    held = [f for f in facts if f.kind == "months" and f.study in studies and f.sure]
    if not held:
        return Answer(number=number, answer=CANNOT_TELL)
    agree = tuple(f for f in held if abs(float(f.value) - at) < 0.1)
    if agree:
        return Answer(number=number, answer=FAITHFUL, facts=agree)
    return Answer(number=number, answer=CONTRADICTED, instead=tuple(held))


def _by_facts(context: Context, number: Number, facts: Sequence[Fact]) -> Answer:
    """Answer a plain value by the facts of its kind that have every facet it is told with."""
    facets = facets_of(context, number)
    like = _like(context, number, facts)
    held = fitting(context, facets, like)
    held = beside_part(context, number, held, fitting(context, facets, _parts(facts)))
    agree = [f for f in held if equal(context, number, f)]
    agree = [f for f in agree if not f.method] or sorted(agree, key=lambda f: f.study)
    if agree and not _overruled(number, agree, held) and _told(context, number, facets, like):
        sure = any(fact.sure for fact in agree) and not facets.another
        return Answer(number=number, answer=FAITHFUL if sure else CANNOT_TELL, facts=tuple(agree))
    if _LISTING.search(context.sentence.text) and _listed(context, number, held, like):
        return Answer(number=number, answer=CANNOT_TELL)
    instead = () if agree else tuple(_against(context, number, facets, held))
    if not agree and not instead and number.kind in ("part", "percent") and not facets.studies:
        shares = contradicting(context, number, facts) or _of_other_arm(
            context, number, facets, like
        )
        instead = tuple(fitting(context, facets, shares))
    return Answer(number=number, answer=CONTRADICTED if instead else CANNOT_TELL, instead=instead)


def _of_other_arm(
    context: Context, number: Number, facets: Facets, like: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return the counts of the arm a number is said of, where it is that of another arm."""
    if not facets.plain or len(facets.outcomes) != 1:
        return ()
    anywhere = fitting(context, replace(facets, arms=frozenset()), like)
    studies = {f.study or f.studies for f in anywhere if equal(context, number, f) and f.sure}
    return tuple(f for f in anywhere if (f.study or f.studies) in studies and f.sure)


def _like(context: Context, number: Number, facts: Sequence[Fact]) -> list[Fact]:
    kinds = COMPATIBLE.get(number.kind, ())
    found = [f for f in facts if f.kind in kinds and same_basis(context, number, f)]
    if relative(context, number):  # a change is no share of people
        return [f for f in found if f.estimand == "change"]
    return found


def _parts(facts: Iterable[Fact]) -> list[Fact]:
    return [f for f in facts if f.kind == "part"]


def _told(context: Context, number: Number, facets: Facets, like: Sequence[Fact]) -> bool:
    """Tell whether a sentence says enough of a value: its outcome, or the study and all numbers.

    Without an outcome the numbers of a kind must be those of one outcome of one study.
    """
    if facets.outcomes or number.kind not in _NEED_OUTCOME:
        return True
    together = [n for n in context.numbers if n.kind == number.kind]
    if not facets.studies and len(together) < 2:
        return False
    found: list[set[tuple[str, str]]] = []
    for one in together:
        own = facets_of(context, one)
        found.append({
            (f.study or ",".join(f.studies), f.outcome)
            for f in fitting(context, own, like) if equal(context, one, f)
        })  # fmt: skip
    return bool(set.intersection(*found))


def _overruled(number: Number, agree: Sequence[Fact], held: Sequence[Fact]) -> bool:
    """Tell whether what agrees is only what others say of the study's dose."""
    if number.kind != "dose" or any(fact.direct for fact in agree):
        return False
    return any(fact.direct and fact.sure for fact in held)


def _listed(context: Context, number: Number, held: Sequence[Fact], like: Sequence[Fact]) -> bool:
    """Tell whether another number of the same list is that of the outcome, and this one another's.

    "33 % and 44 % reached complete and partial remission": the second agrees with what the outcome
    that was named does not hold.
    """
    others = [n for n in context.numbers if n.kind == number.kind and n is not number]
    outcomes = {f.outcome for f in held}
    elsewhere = any(f.outcome not in outcomes and equal(context, number, f) for f in like)
    return elsewhere and any(
        equal(context, other, fact) for other in others for fact in held
    ) and _one_arm(context, number)  # fmt: skip


def _one_arm(context: Context, number: Number) -> bool:
    return not facets_of(context, number).plain


def _against(
    context: Context, number: Number, facets: Facets, held: Sequence[Fact]
) -> Iterable[Fact]:
    """Return the facts on the very thing a number is said of, which it then contradicts."""
    sure = [f for f in held if f.sure]
    if facets.another or relative(context, number):
        return ()
    return _AGAINST.get(number.kind, _values)(context, number, facets, sure)


def _people(
    context: Context, number: Number, facets: Facets, sure: Sequence[Fact]
) -> Sequence[Fact]:
    if facets.counted == "events":
        return sure if facets.studies or facets.plain else ()
    enrolled = facets.studies and _ENROLLED.search(context.sentence.text)
    return [f for f in sure if f.outcome == "participants"] if enrolled else ()


def _works(
    context: Context, number: Number, facets: Facets, sure: Sequence[Fact]
) -> Sequence[Fact]:
    chosen = number.unit.lower() in _STUDIES and bool(_CHOSEN.search(context.sentence.text))
    if not chosen or context.study is not None:
        return ()
    return [f for f in sure if f.outcome in ("flow-included", "")]


def _dose(context: Context, number: Number, facets: Facets, sure: Sequence[Fact]) -> Sequence[Fact]:
    return sure if context.study is not None else ()


def _results(
    context: Context, number: Number, facets: Facets, sure: Sequence[Fact]
) -> Sequence[Fact]:
    if not facets.outcomes:
        return ()
    main = [f for f in sure if not f.method and (not f.study or f.study in facets.studies)]
    return main or [f for f in sure if f.study in facets.studies]


def _shares(
    context: Context, number: Number, facets: Facets, sure: Sequence[Fact]
) -> Sequence[Fact]:
    if facets.studies:
        return sure if facets.outcomes else ()
    text = context.sentence.text
    if number.kind != "percent" or not facets.plain or len(facets.outcomes) != 1:
        return ()
    if _TOGETHER.search(text):
        return ()
    compared = [f for f in sure if _comparative(context, f)]
    return compared or sure


def _comparative(context: Context, fact: Fact) -> bool:
    studies = (fact.study,) if fact.study else fact.studies
    found = [context.known.evidence.study(s) for s in studies]
    return any(s is not None and s.design in COMPARATIVE for s in found)


def _values(
    context: Context, number: Number, facets: Facets, sure: Sequence[Fact]
) -> Sequence[Fact]:
    return sure if facets.studies and facets.outcomes else ()


#: Kind of a number -> what of the evidence it may contradict.
_AGAINST: Mapping[str, _Against] = {
    "people": _people,
    "works": _works,
    "dose": _dose,
    "ratio": _results,
    "interval": _results,
    "points": _results,
    "part": _shares,
    "percent": _shares,
}
