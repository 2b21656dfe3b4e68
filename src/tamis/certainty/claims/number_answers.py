"""What the evidence says of every number of a sentence: faithful, contradicted, or cannot tell.

A number is faithful where a fact has its value and every facet that the sentence tells (study,
outcome, arm, time, what was counted, sign). It is contradicted where the evidence holds the same
thing with another value and none agrees; where there is nothing to hold it against, nobody can
tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tamis.certainty.claims.against import against
from tamis.certainty.claims.agreement import COMPATIBLE, companion, equal, same_basis
from tamis.certainty.claims.answer_guards import (
    against_favour,
    against_sign,
    exact,
    unbound,
    waited,
)
from tamis.certainty.claims.context import Context
from tamis.certainty.claims.counted import beside_part, contradicting, relative
from tamis.certainty.claims.designs import counted_works
from tamis.certainty.claims.facets import Facets, facets_of, fitting
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.movement import CHANGE, moved_against, pair_of
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.significance import significance
from tamis.certainty.claims.sizes import judged
from tamis.certainty.claims.times import follow_up, months_of, times_named
from tamis.domain.question import Outcome

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
    found = _apart(context, number, facts) or _by_facts(context, number, facts)
    turned = against_favour(context, found.facts) or against_sign(context, number, found.facts)
    if found.answer == FAITHFUL and turned:
        return Answer(number=number, answer=CONTRADICTED, instead=found.facts)
    if found.answer == FAITHFUL and unbound(context, number, found.facts):
        return Answer(number=number, answer=CANNOT_TELL)
    return found


def _apart(context: Context, number: Number, facts: Sequence[Fact]) -> Answer | None:
    """Answer numbers that are no plain value: dates, times, p-values, sizes of effects."""
    if number.kind == "date" or number.base:
        return Answer(number=number, answer=NONE)
    if number.kind == "months":
        return _followed(context, number, facts)
    if number.kind == "works":
        counted = counted_works(context, number)
        told = counted or number.whole is not None
        return Answer(number=number, answer=counted or CANNOT_TELL) if told else None
    return _sized(context, number, facts)


def _sized(context: Context, number: Number, facts: Sequence[Fact]) -> Answer | None:
    """Answer p-values and sizes of effects; ``None`` where a number is neither."""
    special = significance(context, number) if number.kind == "p" else judged(context, number)
    if special is None:
        return None
    answer, told = special
    if answer != CONTRADICTED and number.kind == "level":
        plain = _by_facts(context, number, facts)
        if plain.answer == CONTRADICTED and _one_change(context, number):
            return plain
        if answer == FAITHFUL and _at_other_visits(context, number, told):
            return plain if plain.answer != FAITHFUL else Answer(number=number, answer=CANNOT_TELL)
    if answer == CONTRADICTED and number.kind == "ratio":
        plain = _by_facts(context, number, facts)  # another analysis of the same outcome
        if plain.answer == FAITHFUL:
            return plain
    return _told_apart(number, (answer, told))


_COMPARED = re.compile(
    r"\b(?:than|compared|versus|vs|differ\w*|between|contrast)\b|比|差|相较|优于", re.IGNORECASE
)


def _one_change(context: Context, number: Number) -> bool:
    """Tell whether a size is plainly a change in one arm, and no difference between two."""
    facets = facets_of(context, number)
    return facets.plain and facets.form == CHANGE and not _COMPARED.search(context.sentence.text)


def _at_other_visits(context: Context, number: Number, told: Sequence[Fact]) -> bool:
    """Tell whether changes are known to other visits only than the one a sentence tells."""
    visits = facets_of(context, number).visits
    known = {fact.visit for fact in told}
    return visits is not None and "" not in known and not known & visits


def _followed(context: Context, number: Number, facts: Sequence[Fact]) -> Answer:
    """Answer how long people of a study were followed; other times are facets of other numbers."""
    at = months_of(number)
    studies = facets_of(context, number).studies
    if at is None or len(studies) != 1 or not follow_up(context, number):
        waits = at is not None and _loose(context, number)
        took = waited(context, number, facts) if waits else None
        if took is not None:
            return _told_apart(number, took)
        return Answer(number=number, answer=NONE)
    held = [f for f in facts if f.kind == "months" and f.study in studies and f.sure]
    if not held:
        return Answer(number=number, answer=CANNOT_TELL)
    agree = tuple(f for f in held if abs(float(f.value) - at) < 0.1)
    if agree:
        return Answer(number=number, answer=FAITHFUL, facts=agree)
    return Answer(number=number, answer=CONTRADICTED, instead=tuple(held))


def _told_apart(number: Number, judged_as: tuple[str, tuple[Fact, ...]]) -> Answer:
    answer, told = judged_as
    if answer == CONTRADICTED:
        return Answer(number=number, answer=answer, instead=told)
    return Answer(number=number, answer=answer, facts=told)


def _loose(context: Context, number: Number) -> bool:
    """Tell whether a time is none of a visit."""
    return all(time.start != number.start for time in times_named(context))


def _by_facts(context: Context, number: Number, facts: Sequence[Fact]) -> Answer:
    """Answer a plain value by the facts of its kind that have every facet it is told with."""
    facets = facets_of(context, number)
    like = _like(context, number, facts)
    held = fitting(context, facets, like)
    if moved_against(context, number, _only(context, facets)):
        return Answer(number=number, answer=CANNOT_TELL if not held else CONTRADICTED,
                      instead=tuple(held))  # fmt: skip
    held = beside_part(context, number, held, fitting(context, facets, _parts(facts)))
    agree = [f for f in held if equal(context, number, f)]
    agree = [f for f in agree if not f.method] or sorted(agree, key=lambda f: f.study)
    if agree and not _overruled(number, agree, held) and _told(context, number, facets, like):
        sure = any(fact.sure for fact in agree) and not facets.another
        return Answer(number=number, answer=FAITHFUL if sure else CANNOT_TELL, facts=tuple(agree))
    other = () if held or facets.another else _of_another_visit(context, number, facets, like)
    if other:
        return Answer(number=number, answer=CONTRADICTED, instead=other)
    if _LISTING.search(context.sentence.text) and _listed(context, number, held, like):
        return Answer(number=number, answer=CANNOT_TELL)
    instead = () if agree else tuple(against(context, number, facets, held))
    if not agree and not instead:
        instead = _too_many(context, number, facets, facts) or _of_the_estimate(
            context, number, held
        )
    if not agree and not instead and number.kind in ("part", "percent") and not facets.studies:
        shares = contradicting(context, number, facts) or _of_other_arm(
            context, number, facets, like
        )
        instead = tuple(fitting(context, facets, shares))
    return Answer(number=number, answer=CONTRADICTED if instead else CANNOT_TELL, instead=instead)


def _of_the_estimate(context: Context, number: Number, held: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the intervals of an estimate that is right, where none of them is the one told."""
    estimate = companion(context, number)
    if estimate is None or not held:
        return ()
    right = _answer(context, estimate, pool(context)).answer == FAITHFUL
    return tuple(f for f in held if f.sure) if right else ()


def _more_than_all(context: Context, number: Number, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the people of all included studies, where those studies are told to have had more."""
    included = {study.id for study in context.known.evidence.included}
    told = any(n.kind == "works" and n.value == len(included) for n in context.numbers)
    held = tuple(
        f for f in facts
        if f.study in included and f.outcome == "participants" and f.counts == "n" and f.arm
    )  # fmt: skip
    every = told and {f.study for f in held} == included and all(f.sure for f in held)
    return held if every and sum(f.value for f in held) < number.value else ()


def _too_many(
    context: Context, number: Number, facets: Facets, facts: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return how many people the one study named had, where a part is of more than that."""
    if number.kind == "people" and not facets.studies:
        return _more_than_all(context, number, facts)
    if len(facets.studies) != 1 or number.kind != "part" or number.whole is None:
        return ()
    held = tuple(
        f for f in facts
        if f.study in facets.studies and f.outcome == "participants" and f.counts == "n" and f.sure
    )  # fmt: skip
    return held if held and sum(f.value for f in held if f.arm) < number.whole else ()


def _of_another_visit(
    context: Context, number: Number, facets: Facets, like: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return the very value at another visit, where the one that is told has no value at all.

    Digits show that it is meant, or the value that a series begins with beside it.
    """
    if not (facets.studies and facets.outcomes):
        return ()
    pair = pair_of(context, number)
    series = pair is not None and number is pair.last and bool(
        _by_facts(context, pair.first, like).answer == FAITHFUL
    )  # fmt: skip
    if not series and not exact(number):
        return ()
    elsewhere = fitting(context, replace(facets, visits=None, sense=""), like)
    return tuple(f for f in elsewhere if f.sure and equal(context, number, f))


def _only(context: Context, facets: Facets) -> Outcome | None:
    """Return the outcome a number is said of, where it is one."""
    named = [context.known.outcomes.get(name) for name in facets.outcomes]
    return named[0] if len(named) == 1 else None


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
