"""A review's own names on a page: outcomes and concepts by the names the protocol gives a language.

What the protocol gives no other name stays as it was written. The sentences of the reviews that are
shipped with Tamis stand in ``words/*/shipped.toml``, and so do the usual labels of visits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from tamis.domain.question import Protocol
from tamis.web.words import words

__all__ = ["Own", "own_words", "shipped"]

Own = Callable[[str], str]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def own_words(protocol: Protocol, language: str) -> Own:
    """Return ``own(text)``: a name or an id of the protocol as it is called in a language.

    Examples
    --------
    >>> from tamis.domain.question import Outcome, Question, ReviewHead
    >>> asked = Question(population="", intervention="", comparator="", outcomes="", designs="")
    >>> death = Outcome(id="death", name="death", importance="critical", kind="binary",
    ...                 better="lower", names=(("zh", ("死亡",)),))
    >>> plan = Protocol(head=ReviewHead(id="r", title="R"), question=asked, outcomes=(death,))
    >>> own_words(plan, "zh")("death"), own_words(plan, "zh")("month 6"), own_words(plan, "en")("x")
    ('死亡', '第 6 个月', 'x')
    """
    names, known = dict(_names(protocol, language)), words(language)

    def own(text: str) -> str:
        head, bracket, rest = text.partition(" (")
        said = names.get(text) or shipped(text, language)
        if said != text or not bracket:
            return said
        estimand = f"extraction.estimand_{rest.removesuffix(')').replace('-', '_')}"
        if estimand in known:
            rest = f"{known[estimand]})"
        return f"{names.get(head) or shipped(head, language)} ({rest}"

    return own


def shipped(text: str, language: str) -> str:
    """Return a sentence of a shipped review, or a visit's label, in a language; else as it is.

    Examples
    --------
    >>> shipped("baseline", "zh"), shipped("my own words", "zh")
    ('基线', 'my own words')
    """
    number = _NUMBER.search(text)
    bare = text[: number.start()] + "{0}" + text[number.end() :] if number else text
    key = _keys().get(text) or _keys().get(bare)
    return words(language)[key].replace("{0}", number[0] if number else "") if key else text


@cache
def _keys() -> Mapping[str, str]:
    """Return the key of each sentence by its English words; ``{0}`` stands for a number."""
    return {text: key for key, text in words("en").items() if key.startswith("shipped.")}


def _names(protocol: Protocol, language: str) -> Iterator[tuple[str, str]]:
    """Yield ids and names of the protocol, each with the name that the language prefers."""
    for visit in protocol.visits:
        yield visit.id, shipped(visit.label, language)
    for concept in protocol.concepts:
        told = dict(concept.names).get(language, ())
        for _, others in concept.names:
            yield from ((other, name) for other in others for name in told[:1])
    for outcome in protocol.outcomes:
        told = (*dict(outcome.names).get(language, ()), outcome.name)
        yield from ((one, told[0]) for one in (outcome.id, outcome.name))
