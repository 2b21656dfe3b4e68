"""Outcomes to which a review gives no name in the language of a text, by the words of their ids.

``bilag-a-or-b`` stands in "BILAG A or B" and in BILAG评分为A或B; ``time-to-remission`` in "time to
remission" and 达到缓解的时间, where the rest of the id is an event that the protocol names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.naming import Mention
from tamis.domain.question import Outcome

__all__ = ["TIME_TO", "measures_named"]

TIME_TO = "time-to-"

#: Words of ids that texts put in other ways, or leave out (empty).
_WORDS: Mapping[str, str] = {
    "above": r"(?:above|over|greater\s+than|more\s+than|exceed\w*|>|大于|高于|超过)",
    "below": r"(?:below|under|less\s+than|lower\s+than|<|小于|低于)",
    "raised": r"(?:raised|elevated|high|升高|偏高|增高)",
    "or": "", "and": "", "of": "", "the": "", "to": "", "in": "", "with": "",
}  # fmt: skip
_BETWEEN = r"[^.;,，。；]{0,12}?"
_LEAST = 2


def measures_named(context: Context) -> tuple[Mention, ...]:
    """Return where a sentence names such an outcome, in order."""
    known = context.known
    ids = {f.outcome for f in known.facts if f.outcome}
    ids -= {o.id for o in known.outcomes.values() if context.lang in {x for x, _ in o.names}}
    found = list(_by_words(context.sentence.text, ids))
    found += _durations(context, ids)
    kept = [
        m for m in found
        if not any(o is not m and o.start <= m.start and m.end <= o.end
                   and o.end - o.start > m.end - m.start for o in found)
    ]  # fmt: skip
    return tuple(sorted(kept, key=lambda m: (m.start, m.id)))


def _by_words(text: str, ids: Iterable[str]) -> Iterator[Mention]:
    for name in sorted(ids):
        pattern = _pattern(name)
        for m in pattern.finditer(text) if pattern is not None else ():
            yield Mention(start=m.start(), end=m.end(), kind="outcome", id=name)


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str] | None:
    """Return a pattern for the words of an id in their order; ``None`` for one word alone."""
    words = [_WORDS.get(w, rf"(?<![A-Za-z0-9]){re.escape(w)}(?![A-Za-z0-9])")
             for w in name.split("-")]  # fmt: skip
    told = [w for w in words if w]
    if len(told) < _LEAST or name.startswith(TIME_TO):
        return None
    return re.compile(_BETWEEN.join(told), re.IGNORECASE)


def _durations(context: Context, ids: Iterable[str]) -> Iterator[Mention]:
    for name in sorted(ids):
        if not name.startswith(TIME_TO):
            continue
        event = name.removeprefix(TIME_TO).replace("-", " ")
        for outcome in context.known.outcomes.values():
            if event in {words.casefold() for _, words in outcome.events}:
                for m in _time_to(outcome, context.lang).finditer(context.sentence.text):
                    yield Mention(start=m.start(), end=m.end(), kind="outcome", id=name)


@lru_cache(maxsize=128)
def _time_to(outcome: Outcome, lang: str) -> re.Pattern[str]:
    names = {n for named, listed in outcome.names if named == lang for n in listed}
    names |= {words for named, words in outcome.events if named == lang}
    inner = "|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n)))
    if lang == "zh":
        return re.compile(
            rf"(?:达到?|出现|至|到)(?:{inner})(?:[^，,。；;]{{0,4}}?)(?:所?需|用时|耗时|的?(?:平均|中位)?时间|历时)|"
            rf"(?:{inner})(?:所需|的)(?:平均|中位)?时间"
        )
    return re.compile(
        rf"\btime\s+(?:to|until)\s+(?:a\s+|the\s+|first\s+)*(?:{inner})\b|"
        rf"\b(?:took|needed|required)\b[^.;]{{0,40}}?\bto\s+(?:reach|achieve|get\s+to|enter)\s+(?:a\s+)?(?:{inner})\b|"
        rf"\b(?:reached|achieved|came)\s+(?:a\s+|the\s+)?(?:{inner})\s+after\b",
        re.IGNORECASE,
    )
