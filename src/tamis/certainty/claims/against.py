"""What of the evidence a number may contradict, by its kind and by what is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from tamis.certainty.claims.agreement import in_unit_of
from tamis.certainty.claims.context import Context
from tamis.certainty.claims.counted import relative
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.facets import Facets
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.numbers import Number

__all__ = ["against"]

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


_Against = Callable[[Context, Number, Facets, Sequence[Fact]], Sequence[Fact]]


def against(
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
    if number.unit == "events":  # one may have had several
        return ()
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
    if not (facets.studies and facets.outcomes):
        return ()
    return [f for f in sure if in_unit_of(number, f) is not None or f.value == number.value]


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
