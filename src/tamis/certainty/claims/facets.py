"""What a number of a sentence is said of: study, outcome, arm, time, and what is counted.

Where a facet is named, or clear from the sentence, a fact of the evidence must have it too before
it may agree with the number. A facet that is not told leaves every fact in question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.measured import (
    EVERYONE,
    arm_of,
    arms_named,
    compared,
    headed,
    qualified,
)
from tamis.certainty.claims.measures_named import measures_named
from tamis.certainty.claims.movement import CHANGE, form_of, pair_of
from tamis.certainty.claims.naming import Mention
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.reading import BREAKS
from tamis.certainty.claims.times import Time, times_named
from tamis.certainty.claims.turns import told_of
from tamis.certainty.claims.whose import whose

__all__ = ["Facets", "facets_of", "fitting", "matches"]

#: Kinds of numbers that are said of arms, and of outcomes.
_OF_ARMS = frozenset({"percent", "part", "parts", "people", "percents", "level", "levels"})
_OF_OUTCOMES = _OF_ARMS | {"ratio", "interval", "points", "p"}
#: Kinds that "the trial" may be meant by, where a review has one.
_OF_RESULTS = frozenset({"percent", "part", "level"})

#: Words that make a number of people those who were looked at.
_LOOKED_AT = {
    "en": (
        re.compile(r"(?:\b(?:of|among|in|from|total(?:ling)?|n\s*=|only|included|enrolled|recruited|"
                   r"randomi[sz]ed|analy[sz]ed|stopped\s+(?:early\s+)?(?:after|at|with)|with)\s+"
                   r"(?:the\s+|a\s+total\s+of\s+|all\s+|only\s+|just\s+)*|"
                   r"\b(?:trials?|stud(?:y|ies)|series)\s*[,:(]\s*)$", re.IGNORECASE),
        re.compile(r"^[^.;,]{0,24}?\b(?:were|was|are|is|had\s+been|who)\s+(?:\w+ly\s+)?(?:randomi[sz]ed|"
                   r"enrolled|recruited|included|treated|given|assigned|allocated|analy[sz]ed|followed|"
                   r"studied)|^\s*(?:in\s+(?:the\s+)?(?:trial|study|series))", re.IGNORECASE),
    ),
    "zh": (
        re.compile(r"(?:共|纳入|入组|招募|随机|合计|总计|仅|共有|包括|涉及|在)(?:了|有|为|计)?\s*$"),
        re.compile(r"^\s*的(?:\S{0,6}?)(?:试验|研究)|"
                   r"^\s*(?:的?患者|病人|受试者|参与者)?(?:(?:被)?(?:随机|接受|入组|纳入|参与|中)|"
                   r"[^，,。；;\d]{0,4}?(?:\d+\s*个?[月周年天][^，,。；;\d]{0,2})?(?:[均都]?未|无一|没有|[均都]无))"),
    ),
}  # fmt: skip
_ENROLLING = re.compile(
    r"\b(?:enrol\w*|recruit\w*|randomi[sz]\w*|compris\w*)\b|招募|入组|随机(?:分|化|入)|共纳入",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(r"(?:\boverall|\bnew|\brelated|总)\W*$", re.IGNORECASE)
_ONE_TRIAL = re.compile(
    r"^\s*(?:in\s+)?(?:one|1|a\s+single|the\s+(?:only|single|one))\s+(?:\w+\s+)?(?:trial|RCT)\b|"
    r"^\s*(?:在|仅凭|仅有?|只有|根据|基于|单凭)?(?:一|1|唯一(?:的)?一?)\s*项(?:\S{0,6}?)试验(?!组|者)",
    re.IGNORECASE,
)  # fmt: skip

#: Estimands of a value at a time, and of one up to it.
_SENSES = {"point": frozenset({"point"}), "ever": frozenset({"ever", "best-by"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a number is said of; an empty facet is not told, ``None`` for a time that is not.

    ``plain`` tells whether the arm is that of this very number; ``counted`` is ``n`` for people
    who were looked at, ``events`` for those with an event; ``another`` tells that a word makes
    another outcome of the one named, ``inherited`` that the clause itself names no outcome;
    ``form`` tells a change from a level ("by 8 points", "from 16").
    """

    studies: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    arms: frozenset[str] = frozenset()
    plain: bool = False
    visits: frozenset[str] | None = None
    sense: str = ""
    counted: str = ""
    another: bool = False
    inherited: bool = False
    form: str = ""


def facets_of(context: Context, number: Number) -> Facets:
    """Return what a number is said of."""
    outcomes, another, inherited = _outcomes(context, number)
    outcomes = _of_one_name(context, outcomes)
    counted = _counted(context, number, outcomes)
    arm = arm_of(context, number) if number.kind in _OF_ARMS else ""
    arms = frozenset({arm}) if arm else _arms(context, number)
    times = _of_pair(context, number) or _times(context, number)
    return Facets(
        studies=_studies(context, number) or _of_the_trial(context, number),
        outcomes=outcomes,
        arms=arms,
        plain=bool(arm),
        visits=None if times is None else times.visits,
        sense="" if times is None else times.sense,
        counted=counted,
        another=another,
        inherited=inherited,
        form=form_of(context, number),
    )


def _of_the_trial(context: Context, number: Number) -> frozenset[str]:
    """Return the one study that a result can be of: "the trial", or the one with the comparator."""
    if number.kind not in _OF_RESULTS:
        return frozenset()
    study = whose(context)
    return frozenset() if study is None else frozenset({study.id})


def _of_pair(context: Context, number: Number) -> Time | None:
    """Return the time of a level in "from 16 to 6 at month 6": the start, or what is told."""
    pair = pair_of(context, number)
    if pair is None:
        return None
    months = context.known.months
    first = frozenset(v for v, at in months.items() if at == 0)
    times = times_named(context)
    begins = [t for t in times if pair.start - 2 <= t.start < pair.turn]
    if number is pair.first:
        return begins[0] if begins else Time(start=number.start, visits=first, sense="")
    others = [t for t in times if t not in begins and t.visits != first]
    turn = [t for t in others if t.start >= pair.turn] or others
    later = frozenset(months) - (begins[0].visits if begins else first)
    return turn[0] if turn else Time(start=number.start, visits=later, sense="")


def _studies(context: Context, number: Number) -> frozenset[str]:
    evidence = context.known.evidence
    named = [(m.start, m.id) for m in context.mentions if m.kind == "study"]
    named = [(at, s) for at, s in named if _speaks(s, context)]
    if len({s for _, s in named}) > 1:
        turn = told_of(named, context, number)
        before = [s for at, s in named if at < number.start]
        near = before[-1:] or [s for _, s in named]
        return frozenset({turn}) if turn else frozenset(near)
    if named:
        return frozenset({named[0][1]})
    if context.study is not None:
        return frozenset({context.study.id})
    if evidence.study(context.subject):
        return frozenset({context.subject})
    trials = [study.id for study in evidence.included if study.design == "randomised"]
    alone = len(trials) == 1 and _ONE_TRIAL.search(context.sentence.text)
    return frozenset(trials) if alone else frozenset()


def _speaks(study: str, context: Context) -> bool:
    found = context.known.evidence.study(study)
    return found is not None and found.role != "published-review"


def _arms(context: Context, number: Number) -> frozenset[str]:
    """Return the arms a number may be of: those compared, or the one its clause begins with."""
    named = arms_named(context) if number.kind in _OF_ARMS else ()
    arms = frozenset(arm for *_, arm in named)
    if len(arms) != 1:
        return arms
    text = context.sentence.text
    start = next((a for a, b in clauses(text, BREAKS[context.lang]) if a <= number.start < b), 0)
    topic = [m for m in named if start <= m[0] < number.start]
    if topic:
        return frozenset() if compared(text, topic[0], context.lang) else arms
    told = compared(text, named[0], context.lang) or not _of_one_arm(context, number, named[0])
    return frozenset() if told else arms


_WITH = re.compile(
    r"\b(?:given|got|with|on|receiv\w+|taking|in|under|for|after|among|treated)\s+(?:the\s+)?$|(?:接受|使用|服用|给予)$",
    re.IGNORECASE,
)


def _of_one_arm(context: Context, number: Number, arm: tuple[int, int, str]) -> bool:
    """Tell whether an arm behind a number is that of all there is in the clause: one, or a pair."""
    text = context.sentence.text
    if arm[0] < number.end or not _WITH.search(text[: arm[0]]):
        return False
    pair = pair_of(context, number)
    mine = {n.start for n in ((pair.first, pair.last) if pair is not None else (number,))}
    like = {n.start for n in context.numbers if n.kind == number.kind}
    spans = clauses(text, BREAKS[context.lang])
    together = any(a <= number.start and arm[0] < b for a, b in spans)
    return like == mine and together


def _outcomes(context: Context, number: Number) -> tuple[frozenset[str], bool, bool]:
    """Return outcomes, whether a word makes others of them, and whether they are inherited."""
    if number.kind not in _OF_OUTCOMES:
        return frozenset(), False, False
    named = [m for m in context.mentions if m.kind == "outcome" and m.id in context.all_outcomes]
    longer = measures_named(context)
    named = [m for m in named if not any(x.start <= m.start and m.end <= x.end for x in longer)]
    named = sorted((*named, *longer), key=lambda m: m.start)
    another = any(
        qualified(context, m) and not _NEUTRAL.search(context.span(0, m.start)) for m in named
    )
    named = [m for m in named if not _of_the_base(context, number, m, named)]
    text = context.sentence.text
    for start, end in clauses(text, BREAKS[context.lang]):
        if start <= number.start < end:
            inside = [m for m in named if start <= m.start < end]
            if inside:
                turn = told_of(_first(inside), context, number)
                return frozenset({turn} if turn else {m.id for m in inside}), another, False
    every = frozenset(m.id for m in named) or frozenset(context.all_outcomes or headed(context))
    return every, another, True


def _of_one_name(context: Context, outcomes: frozenset[str]) -> frozenset[str]:
    """Add the outcomes that the same words may mean, such as one counted over other people."""
    places = {
        (m.start, m.end) for m in context.mentions if m.kind == "outcome" and m.id in outcomes
    }
    others = {m.id for m in context.mentions if m.kind == "outcome" and (m.start, m.end) in places}
    return outcomes | others


#: "Of the 49 patients who had gone into remission": who the people are, not what was counted.
_WHO = re.compile(
    r"^\s*(?:[a-z]+\s+)?(?:who|that)\s+(?:had|have|has|were|was|went|got|reached)\b[^,.;]{0,40}$",
    re.IGNORECASE,
)


def _of_the_base(
    context: Context, number: Number, mention: Mention, named: Sequence[Mention]
) -> bool:
    """Tell whether an outcome only says of whom a share is, and another is what was counted."""
    if number.kind not in ("part", "percent") or not any(m.id != mention.id for m in named):
        return False
    if number.kind == "part" and number.start <= mention.start < number.end:
        return True
    base = next((n for n in reversed(context.numbers) if n.base and n.start < number.start), None)
    if number.of is not None and base is not None and base.end <= mention.start < number.start:
        return True
    later = any(m.start > mention.start for m in named)
    between = context.span(number.end, mention.start)
    return later and number.end <= mention.start and bool(_WHO.match(between))


def _first(mentions: Iterable[Mention]) -> list[tuple[int, str]]:
    places: dict[int, str] = {}
    for mention in mentions:
        places.setdefault(mention.start, mention.id)
    return sorted(places.items())


def _counted(context: Context, number: Number, outcomes: frozenset[str]) -> str:
    """Return what a number of people is a count of; empty where nothing shows it."""
    if number.kind != "people":
        return ""
    text = context.sentence.text
    ahead, behind = _LOOKED_AT[context.lang]
    if ahead.search(text[: number.start]) or behind.match(text[number.end :]):
        return "n"
    if _ENROLLING.search(text) and not outcomes:
        return "n"
    return "events" if outcomes else ""


#: A value up to some time, whatever time the sentence names for another.
_EVER = {
    "en": re.compile(r"\bat\s+(?:some|any|one)\s+(?:time|point)\b|\bever\b|\bat\s+least\s+once\b",
                     re.IGNORECASE),
    "zh": re.compile(r"曾(?!经?接受)|一度|任[一何]时[间点]"),
}  # fmt: skip


def _ever(context: Context, number: Number, times: Sequence[Time]) -> Time | None:
    """Return "at some time" where the clause of a number says it and the times are of others."""
    spans = clauses(context.sentence.text, BREAKS[context.lang])
    start, end = next(((a, b) for a, b in spans if a <= number.start < b), (0, 0))
    if not _EVER[context.lang].search(context.span(start, end)):
        return None
    if any(start <= t.start < end for t in times):
        return None
    visits = frozenset(context.known.months)
    return Time(start=start, visits=visits, sense="ever")


def _times(context: Context, number: Number) -> Time | None:
    times = times_named(context)
    if times and (ever := _ever(context, number, times)) is not None:
        return ever
    if not times:
        return None
    if len(times) == 1:
        return times[0]
    turn = told_of([(t.start, str(i)) for i, t in enumerate(times)], context, number)
    if turn:
        return times[int(turn)]
    senses = {t.sense for t in times}
    return Time(
        start=times[0].start,
        visits=frozenset().union(*(t.visits for t in times)),
        sense=senses.pop() if len(senses) == 1 else "",
    )


def fitting(context: Context, facets: Facets, facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that have every facet that is told."""
    held = [fact for fact in facts if matches(context, facets, fact)]
    wanted = _SENSES.get(facets.sense)
    if wanted is None:
        return held
    cells = {_cell(f) for f in held if f.estimand in wanted}
    others = frozenset().union(*(_SENSES[s] for s in _SENSES if s != facets.sense))
    return [f for f in held if f.estimand not in others or _cell(f) not in cells]


def _cell(fact: Fact) -> tuple[str, ...]:
    return fact.study or ",".join(fact.studies), fact.outcome, fact.visit, fact.arm


def matches(context: Context, facets: Facets, fact: Fact) -> bool:
    """Tell whether a fact has every facet of a number that is told, the sense of its time apart."""
    return (
        _of_study(facets, fact)
        and _of_outcome(context, facets, fact)
        and _of_arm(context, facets, fact)
        and _of_visit(context, facets, fact)
        and _of_form(facets, fact)
    )


def _of_form(facets: Facets, fact: Fact) -> bool:
    """Tell whether a fact is a change where a change is told, and none where a level is."""
    if not facets.form or fact.kind != "level":
        return True
    return (fact.estimand == CHANGE) == (facets.form == CHANGE)


def _of_study(facets: Facets, fact: Fact) -> bool:
    if not facets.studies or fact.kind == "works":
        return True
    behind = {fact.study} if fact.study else set(fact.studies)
    return len(behind) == 1 and behind <= facets.studies


def _of_outcome(context: Context, facets: Facets, fact: Fact) -> bool:
    if fact.kind == "people" and facets.counted:
        if fact.counts and fact.counts != facets.counted:
            return False
        if facets.counted == "n":
            return fact.outcome not in context.known.outcomes or not facets.outcomes or (
                fact.outcome in facets.outcomes
            )  # fmt: skip
    if fact.kind not in _OF_OUTCOMES or not facets.outcomes or fact.outcome in facets.outcomes:
        return True
    if not facets.studies or _reported(context, facets, fact):
        return False
    words = set(fact.outcome.split("-"))
    same_words = any(words > set(outcome.split("-")) for outcome in facets.outcomes)
    unnamed = fact.outcome not in context.known.outcomes and fact.kind in ("percent", "level")
    return same_words or (facets.inherited and (unnamed or fact.kind == "percents"))


def _reported(context: Context, facets: Facets, fact: Fact) -> bool:
    """Tell whether a study has values of the outcome that is named, of the kind of a fact."""
    return any(
        f.study == fact.study and f.kind == fact.kind and f.outcome in facets.outcomes
        for f in context.known.facts
    )


def _of_arm(context: Context, facets: Facets, fact: Fact) -> bool:
    if not facets.arms or "-vs-" in fact.arm or fact.kind not in _OF_ARMS:
        return True
    if fact.kind == "parts":  # of both arms together
        return len(facets.arms) != 1
    if fact.arm == EVERYONE:
        return bool(facets.arms & _of_everyone(context, fact))
    return fact.arm in facets.arms or (not fact.arm and not facets.plain)


def _of_everyone(context: Context, fact: Fact) -> frozenset[str]:
    """Return the arms that everyone of a study without a comparison is: the intervention's."""
    study = context.known.evidence.study(fact.study)
    if study is not None and study.design in COMPARATIVE:
        return frozenset()
    plans = context.known.evidence.protocol.syntheses
    return frozenset(plan.arms[0] for plan in plans if plan.arms[0])


def _of_visit(context: Context, facets: Facets, fact: Fact) -> bool:
    undeclared = fact.outcome not in {*context.known.outcomes, *facets.outcomes}
    if facets.visits is None or not fact.visit or undeclared:
        return True
    return fact.visit in facets.visits
