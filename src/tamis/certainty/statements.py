"""Informative statements: from certainty, size and direction to one sentence in a language.

Direction words ("reduces", 降低) need one of two: thresholds for the outcome, or an interval that
excludes the null. Every statement ends with its certainty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.certainty.evidence import Effect
from tamis.certainty.rating import LEVELS
from tamis.certainty.wording import (
    COLUMNS,
    ENDING,
    INTERVAL,
    LANGUAGES,
    LEVEL_ZH,
    MATRIX,
    NO_EVIDENCE,
    NOT_ESTIMABLE,
    VERY_LOW_DIRECTION,
    capital,
    escaped,
    noun,
    put,
    spaced,
    third_person,
    verb_pair,
)
from tamis.domain.errors import BadInput
from tamis.domain.grading import Statement, StatementNumber
from tamis.domain.question import Outcome
from tamis.domain.results import Interval

__all__ = [
    "STRENGTHS",
    "StatementWords",
    "column_of",
    "ending",
    "no_evidence",
    "not_estimable",
    "statement",
    "strength_of",
    "words_for",
]

#: Strength on the scale of the claim check by level (grading.md B2): plain, likely, may, uncertain.
STRENGTHS: Mapping[int, int] = MappingProxyType({4: 4, 3: 3, 2: 2, 1: 1})

#: Languages whose intervention, comparator and outcome are named in words when nobody named them.
UNNAMED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"en": ("the intervention", "the comparator"), "zh": ("干预措施", "对照")}
)

NUMBER = "limit of the interval of the effect"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWords:
    """Names and verbs of one statement, in its language."""

    lang: str
    intervention: str
    comparator: str
    outcome: str
    up: str
    down: str


def words_for(
    outcome: Outcome, lang: str, *, intervention: str = "", comparator: str = ""
) -> StatementWords:
    """Return the words of a statement about an outcome.

    Raises
    ------
    BadInput
        For a language without a matrix, or verbs that cannot stand in a statement.
    """
    if lang not in LANGUAGES:
        raise BadInput(
            f"there are no statements in the language {lang!r}", f"use {' or '.join(LANGUAGES)}"
        )
    names = dict(outcome.names).get(lang, ())
    up, down = verb_pair(outcome, lang)
    some, other = UNNAMED[lang]
    return StatementWords(
        lang=lang,
        intervention=intervention or some,
        comparator=comparator or other,
        outcome=names[0] if names else outcome.name,
        up=up,
        down=down,
    )


def column_of(size: str, *, excludes_null: bool) -> str:
    """Return the column of the matrix for a size; ``unsized`` asks for an interval off the null.

    Examples
    --------
    >>> column_of("unsized", excludes_null=False), column_of("trivial", excludes_null=True)
    ('not-established', 'trivial')
    """
    if size in COLUMNS:
        return size
    if size != "unsized":
        raise BadInput(f"{size!r} is no size", f"use {', '.join(COLUMNS[:-1])} or unsized")
    return "moderate" if excludes_null else "not-established"


def strength_of(level: int, column: str, *, direction: bool = False) -> int:
    """Return the strength that the claim check must read back from a statement.

    Examples
    --------
    >>> strength_of(4, "large"), strength_of(4, "not-established"), strength_of(1, "small")
    (4, 1, 1)
    """
    if column == "not-established":
        return 1
    return 2 if level == 1 and direction else STRENGTHS[level]


def statement(
    words: StatementWords,
    *,
    level: int,
    size: str,
    upward: bool,
    excludes_null: bool,
    effect: Effect | None = None,
    direction_at_very_low: bool = False,
) -> Statement:
    """Return the informative statement of one body of evidence.

    Parameters
    ----------
    words
        Names and verbs.
    level
        Certainty, 4 (high) to 1 (very low).
    size
        Of the point estimate: large, moderate, small, trivial, or unsized without thresholds.
    upward
        Whether the point estimate is more of the outcome.
    excludes_null
        Whether the interval excludes no effect.
    effect
        The effect whose limits stand in "effect not established".
    direction_at_very_low
        Use the second form at very low certainty ("may …, but the evidence is very uncertain");
        only where the column allows a direction word.

    Raises
    ------
    BadInput
        For a level or a size that is none.

    Examples
    --------
    >>> from tamis.domain.question import Outcome
    >>> death = Outcome(id="death", name="death", importance="critical", kind="binary",
    ...                 better="lower")
    >>> statement(words_for(death, "en", intervention="MSC"), level=2, size="small", upward=False,
    ...           excludes_null=True).text
    'MSC may reduce death slightly (low certainty, ⊕⊕◯◯).'
    """
    if level not in LEVELS:
        raise BadInput(f"{level!r} is no level of certainty", "use 4, 3, 2 or 1")
    column = column_of(size, excludes_null=excludes_null)
    directed = direction_at_very_low and level == 1 and column in VERY_LOW_DIRECTION[words.lang]
    pattern = (VERY_LOW_DIRECTION[words.lang] if directed else MATRIX[words.lang, level])[column]
    said = _filled(pattern, words, upward=upward)
    numbers: tuple[StatementNumber, ...] = ()
    if column == "not-established" and level > 1:
        tail, numbers = _interval(words, effect)
        said += tail
    return Statement(
        lang=words.lang,
        pattern=spaced(said) if words.lang == "zh" else said,
        strength=strength_of(level, column, direction=directed),
        size=size,
        column=column,
        level=level,
        ending=ending(words.lang, level),
        numbers=numbers,
    )


def ending(lang: str, level: int) -> str:
    """Return what a statement ends with: certainty, symbols, full stop.

    Examples
    --------
    >>> ending("zh", 1)
    '（极低确定性，⊕◯◯◯）。'
    """
    label, symbols = LEVELS[level]
    word = label if lang == "en" else LEVEL_ZH[level]
    return ENDING[lang].format(word=word, symbols=symbols)


def no_evidence(words: StatementWords) -> Statement:
    """Return the sentence for an outcome that no study reports; it carries no certainty."""
    return _bare(words, NO_EVIDENCE[words.lang], "no-evidence")


def not_estimable(words: StatementWords) -> Statement:
    """Return the sentence for an effect that could not be estimated; it carries no certainty."""
    return _bare(words, NOT_ESTIMABLE[words.lang], "not-estimable")


def _bare(words: StatementWords, pattern: str, column: str) -> Statement:
    said = _filled(pattern, words, upward=True)
    return Statement(
        lang=words.lang,
        pattern=spaced(said) if words.lang == "zh" else said,
        strength=0,
        size="unsized",
        column=column,
        level=None,
    )


def _filled(pattern: str, words: StatementWords, *, upward: bool) -> str:
    """Put names and verbs into a pattern; names keep their own braces."""
    verb = words.up if upward else words.down
    english = words.lang == "en"
    fields = {
        "X": escaped(words.intervention),
        "C": escaped(words.comparator),
        "O": escaped(words.outcome),
        "V": verb,
        "S": third_person(verb) if english else verb,
        "N": noun(verb) if english else verb,
    }
    said = put(pattern, **fields)
    return capital(said) if english else said


def _interval(
    words: StatementWords, effect: Effect | None
) -> tuple[str, tuple[StatementNumber, ...]]:
    """Return what "effect not established" adds, with its two numbers."""
    kind = _kind(effect)
    pattern = INTERVAL[words.lang][kind]
    said = put(
        pattern,
        down_noun=_with_article(noun(words.down)) if words.lang == "en" else "",
        up_noun=_with_article(noun(words.up)) if words.lang == "en" else "",
        down=words.down,
        up=words.up,
    )
    if kind not in ("both", "touches") or effect is None or effect.interval is None:
        return said, ()
    limits = (("low", effect.interval.low), ("high", effect.interval.high))
    numbers = tuple(
        StatementNumber(slot=slot, value=limit, digits=2, inputs=effect.inputs, rule=NUMBER)
        for slot, limit in limits
    )
    return said, numbers


def _kind(effect: Effect | None) -> str:
    interval: Interval | None = effect.interval if effect is not None else None
    if effect is None or interval is None:
        return "none"
    if not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return "open"
    return "both" if interval.low < effect.null < interval.high else "touches"


def _with_article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
