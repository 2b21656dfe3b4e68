"""The sentence of a controlled result: people, counts by arm, effect, intervals, which way.

It never says more than the numbers: which arm is taken from which stands beside each effect, and an
interval that reaches to both sides is said to.
"""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.question import SynthesisPlan
from tamis.domain.results import BinaryRow, Synthesis
from tamis.report.book import Book
from tamis.report.names import unit_words
from tamis.report.numbers import (
    Shown,
    cell_numbers,
    effect_shown,
    interval_phrase,
    pooled_others,
    pooled_shown,
    single_shown,
)
from tamis.report.phrase import NBSP, Phrase, Piece, distinct, join, say, sentence
from tamis.report.sections.people import people_of, studies_in
from tamis.report.sections.single import p_values

__all__ = ["headline", "scope", "title_of"]

#: Estimand -> what it means, where the word comes up first.
ESTIMANDS = {
    "ever": "reached at any time up to then, even if lost again",
    "point": "present at that visit",
    "best-by": "the best state reached by then",
    "change": "difference from the person's own baseline",
    "follow-up": "the value at that visit",
}


def title_of(book: Book, plan: SynthesisPlan) -> Piece:
    """Return the title of a planned synthesis, or the name of its outcome."""
    return book.lit(plan.title, "label") if plan.title else book.names.outcome_title(plan.outcome)


def scope(book: Book, synthesis: Synthesis) -> Phrase:
    """Return definition, estimand and visit of a synthesis in one sentence."""
    plan = synthesis.plan
    outcome = book.content.protocol.outcome(plan.outcome)
    definition = outcome.definition if outcome else "not-stated"
    stated: Piece = "no definition is stated"
    if definition and definition != "not-stated":
        stated = say("defined in the protocol as: {text}", text=book.lit(definition, "definition"))
    gloss = ESTIMANDS.get(plan.estimand, "")
    return say(
        "Estimand: {estimand}{gloss}{visit}; {stated}.",
        estimand=book.text(plan.estimand, "label"),
        gloss=f" ({gloss})" if gloss else "",
        visit=say(", {visit}", visit=book.names.visit(plan.visit)) if plan.visit else "",
        stated=stated,
    )


def headline(book: Book, synthesis: Synthesis) -> Phrase:
    """Return the sentence of a controlled result; it never says more than the numbers.

    Examples
    --------
    "One trial, 18 people: 9 of 12 given MSC and 5 of 6 given placebo; risk difference (MSC minus
    placebo) −8 percentage points (95 % CI −40 to 34), an interval that includes both fewer and
    more with MSC."
    """
    if synthesis.refusal is not None:
        return say("No estimate. {why}", why=_refusal(book, synthesis))
    if synthesis.pooled is not None:
        return _pooled_line(book, synthesis)
    if not synthesis.rows:
        return say("No study reports it.")
    return _single_line(book, synthesis)


def _refusal(book: Book, synthesis: Synthesis) -> Phrase:
    refusal = synthesis.refusal
    if refusal is None:
        return Phrase(())
    inputs = [name for row in synthesis.rows for name in row.inputs]
    message = sentence(refusal.message)
    return book.spoken(
        message, name=f"refusal/{synthesis.plan.id}", inputs=inputs, rule=refusal.rule
    )


def _arms(book: Book, synthesis: Synthesis) -> tuple[Piece, Piece]:
    first, second = synthesis.plan.arms
    return (
        book.names.arm(first) if first else "the intervention",
        book.names.arm(second) if second else "the comparator",
    )


def _single_line(book: Book, synthesis: Synthesis) -> Phrase:
    first = synthesis.rows[0]
    shown = _main(book, synthesis)
    opening: Piece = say("One trial, {n} people: ", n=people_of(book, synthesis))
    counts: Piece = ""
    if isinstance(first, BinaryRow):
        a, m, c, n = cell_numbers(book, synthesis.plan.id, first)
        x, y = _arms(book, synthesis)
        counts = say("{a} of {m} given {x} and {c} of {n} given {y}; ", a=a, m=m, c=c, n=n, x=x,
                     y=y)  # fmt: skip
    if shown is None:
        return say("{opening}{counts}effect not estimable.", opening=opening, counts=counts)
    return say(
        "{opening}{counts}{effect} ({interval}){which}.",
        opening=opening,
        counts=counts,
        effect=_effect(book, synthesis, shown),
        interval=interval_phrase(book, shown),
        which=_single_way(book, synthesis, shown),
    )


def _pooled_line(book: Book, synthesis: Synthesis) -> Phrase:
    pooled = synthesis.pooled
    if pooled is None:
        return Phrase(())
    shown = pooled_shown(book, synthesis, pooled)
    others = pooled_others(book, synthesis, pooled)
    intervals = [say("{i}, {m}", i=interval_phrase(book, shown),
                     m=book.lit(pooled.interval_method, "setting"))]  # fmt: skip
    intervals += [
        say("{l} to {h}, {m}", l=one.low, h=one.high, m=book.lit(other.method, "setting"))
        for one, other in zip(others, pooled.alternatives, strict=True)
    ]
    return say(
        "{k} studies, {n} people: {effect} ({intervals}; {method}){which}.",
        k=studies_in(book, synthesis),
        n=people_of(book, synthesis),
        effect=_effect(book, synthesis, shown),
        intervals=join(intervals, "; "),
        method=METHODS.get(pooled.method) or book.lit(pooled.method, "setting"),
        which=_which_way(
            book, synthesis, [shown, *others],
            [pooled.interval_method, *(one.method for one in pooled.alternatives)],
        ),
    )  # fmt: skip


#: Names of estimators as they are printed; others are printed as they are called.
METHODS = {"FE": "common effect", "REML": "random effects, REML"}


def _effect(book: Book, synthesis: Synthesis, shown: Shown) -> Phrase:
    """Return an effect with the way it is taken: "risk ratio (A over B) 0.66"."""
    x, y = _arms(book, synthesis)
    return say(
        "{measure} ({x} {taken} {y}) {e}{unit}",
        measure=shown.measure.name,
        x=x,
        taken="over" if shown.measure.ratio else "minus",
        y=y,
        e=shown.estimate,
        unit=_unit(book, synthesis, shown),
    )


def _which_way(
    book: Book, synthesis: Synthesis, shown: list[Shown], methods: Sequence[str] = ()
) -> Piece:
    """Return on which side the intervals lie, in words without a judgement."""
    sides = {_side(one) for one in shown}
    null = shown[0].measure.null
    if null is None or "" in sides:
        return ""
    counts = synthesis.rows and isinstance(synthesis.rows[0], BinaryRow)
    low, high = ("fewer", "more") if counts else ("lower", "higher values")
    x, _ = _arms(book, synthesis)
    noun = "an interval that" if len(shown) == 1 else "intervals that"
    if sides == {"both"}:
        verb = "includes" if len(shown) == 1 else "include"
        return say(f", {noun} {verb} both {low} and {high} with {{x}}", x=x)
    if len(sides) == 1:
        verb = "lies" if len(shown) == 1 else "lie"
        way = (low if sides == {"low"} else high).removesuffix(" values")
        return say(f", {noun} {verb} wholly on the side of {way} with {{x}}", x=x)
    each = [
        say(f"the {{m}} interval {_side_words(synthesis, _side(one))}",
            m=book.lit(method, "setting"))
        for one, method in zip(shown, methods, strict=True)
    ]  # fmt: skip
    return say("; the methods differ: with {x}, {each}", x=x, each=join(each, ", and "))


def _side_words(synthesis: Synthesis, side: str) -> str:
    """Return on which side one of several intervals lies, in words."""
    counts = synthesis.rows and isinstance(synthesis.rows[0], BinaryRow)
    low, high = ("fewer", "more") if counts else ("lower", "higher values")
    if side == "both":
        return f"includes both {low} and {high}"
    return f"lies on the side of {low if side == 'low' else high.removesuffix(' values')}"


def _single_way(book: Book, synthesis: Synthesis, shown: Shown) -> Piece:
    """Return on which side one study's result lies; where its methods differ, each by name.

    Every interval and test that is printed beside the result is asked: an interval that just
    leaves out no effect is not called clear of it while another method keeps it in.
    """
    found = [
        (single, single_shown(book, synthesis, single, nth))
        for single in synthesis.single
        for nth in range(len(single.intervals))
    ]
    sides = {side for _, one in found if (side := _side(one))}
    alpha = 1 - shown.level
    tests = [p < alpha for single in synthesis.single for p in single.p.values()]
    if len(sides) == 1 and not (tests and any(t == ("both" in sides) for t in tests)):
        return _which_way(book, synthesis, [shown])
    if not sides or not _side(shown):
        return ""
    own = [(single, one) for single, one in found if one.measure == shown.measure and _side(one)]
    apart = len({_side(one) for _, one in own}) > 1
    x, _ = _arms(book, synthesis)
    told = own if apart else [pair for pair in found if _side(pair[1])]
    parts = [
        say(f"the {{m}} interval{{e}} {_side_words(synthesis, _side(one))}",
            m=book.lit(one.method, "setting"), e="" if apart else f" of the {one.measure.name}")
        for _, one in told
    ]  # fmt: skip
    tested = distinct(
        p for single in synthesis.single[:1] for p in p_values(book, synthesis, single)
    )
    return say(
        "; the methods differ: with {x}, {parts}{p}",
        x=x,
        parts=join(parts, ", "),
        p=say("; {p}", p=join(tested, ", ")) if tested else "",
    )


def _side(shown: Shown) -> str:
    _, low, high = shown.drawn
    null = shown.measure.null
    if low is None or high is None or null is None:
        return ""
    if high < null:
        return "low"
    return "high" if low > null else "both"


def _unit(book: Book, synthesis: Synthesis, shown: Shown) -> Piece:
    if shown.measure.unit:
        return f"{NBSP}{shown.measure.unit}"
    if synthesis.plan.measure != "MD":
        return ""
    outcome = book.content.protocol.outcome(synthesis.plan.outcome)
    inputs = [name for item in synthesis.rows for name in item.inputs]
    units = {book.values[i].unit for i in inputs if i in book.values and book.values[i].statistic in
             ("mean", "sd")}  # fmt: skip
    unit = units.pop() if len(units) == 1 else (outcome.unit if outcome else "")
    return say(f"{NBSP}{{unit}}", unit=book.lit(unit_words(unit), "label")) if unit else ""


def _main(book: Book, synthesis: Synthesis) -> Shown | None:
    """Return the result the sentence gives: the risk difference for counts, else the plan's."""
    if not synthesis.single:
        if not synthesis.effects:
            return None
        return effect_shown(book, synthesis, synthesis.effects[0], 0)
    counts = isinstance(synthesis.rows[0], BinaryRow)
    wanted = ("RD", synthesis.plan.measure) if counts else (synthesis.plan.measure,)
    for measure in wanted:
        for single in synthesis.single:
            if single.measure == measure and single.intervals:
                return single_shown(book, synthesis, single)
    return single_shown(book, synthesis, synthesis.single[0])
