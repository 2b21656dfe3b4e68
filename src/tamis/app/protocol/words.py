"""Words that keys of ``review.toml`` may have. Any other is refused with its line.

A mistyped word would be no error anywhere else: "hihger" is not "higher", and a report would turn
its arrows round.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tamis.app.words import DESIGNS
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput
from tamis.domain.question import (
    BaselineRisk,
    BodyPlan,
    Concept,
    Criterion,
    MultiverseData,
    Outcome,
    ReadingRules,
    ReviewHead,
    ScreeningRules,
    Source,
    SynthesisPlan,
    Threshold,
    Visit,
)
from tamis.domain.values import ESTIMANDS, STATISTICS
from tamis.screening import MODES, ORDERS

__all__ = ["ALLOWED", "DATES", "NUMBERS", "RANGES", "check_words"]

#: Table of the file -> key -> its words; a list is checked word by word.
ALLOWED: Mapping[type, Mapping[str, tuple[str, ...]]] = {
    ReviewHead: {"language": ("en", "zh")},
    Criterion: {"stage": (*STAGES, "both"), "kind": ("include", "exclude")},
    Source: {"kind": ("database", "register"), "run": ("as-run", "rendered-not-run")},
    Outcome: {
        "importance": ("critical", "important", "limited"),
        "kind": ("binary", "continuous", "time-to-event"),
        "better": ("higher", "lower"),
        "estimand": ESTIMANDS,
    },
    Threshold: {"size": ("small", "moderate", "large", "mid", "response")},
    Concept: {"kind": ("population", "intervention", "comparator", "outcome")},
    SynthesisPlan: {
        "estimand": ("", *ESTIMANDS),
        "designs": DESIGNS,
        "kind": ("controlled", "single-arm", "series"),
        "layer": ("primary", "sensitivity"),
        "statistic": ("", *STATISTICS),
        "test": ("", "hartung-knapp", "wald"),
    },
    MultiverseData: {
        "estimand": ("", "any", *ESTIMANDS),
        "designs": DESIGNS,
        "layer": ("", "primary", "sensitivity"),
        "statistic": ("", *STATISTICS),
    },
    BodyPlan: {"designs": DESIGNS},
    ScreeningRules: {
        "blinding": ("none", "per-record", "per-stage"),
        "allocation": tuple(MODES),
        "order": tuple(ORDERS),
        "settling": ("anyone", "voter", "third", "group"),
        "maybe_counts_as": ("include", "own-class"),
        "full_text": ("read", "not-sought"),
    },
}

#: Keys that hold a date; empty means that it is not stated.
DATES: Mapping[type, tuple[str, ...]] = {
    ReviewHead: ("as_of",),
    Source: ("searched_on",),
}

#: Keys that hold a number written as a text, so that its digits are kept.
NUMBERS: Mapping[type, tuple[str, ...]] = {
    Visit: ("months",),
    Threshold: ("value",),
    BaselineRisk: ("risk",),
    ScreeningRules: ("agreement_bar",),
}

#: Keys that hold a whole number, with the least and the greatest.
RANGES: Mapping[type, Mapping[str, tuple[int, int]]] = {
    BodyPlan: {"start_level": (1, 4)},
    ScreeningRules: {"reviewers_per_record": (1, 3), "seed": (0, 2**31)},
    ReadingRules: {"readers_per_study": (1, 2), "assessors_per_result": (1, 2)},
}

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def check_words(made: Any) -> tuple[str, BadInput] | None:
    """Return the first key of a table whose word is none of those allowed, with what is wrong.

    Examples
    --------
    >>> check_words(Concept(id="sle", kind="population")) is None
    True
    >>> key, error = check_words(Concept(id="sle", kind="populaton"))
    >>> key, error.remedy
    ('kind', "did you mean 'population'?")
    """
    cls = type(made)
    for key, words in ALLOWED.get(cls, {}).items():
        found = getattr(made, key)
        for word in (found,) if isinstance(found, str) else found:
            if word not in words:
                return key, _unknown(word, words, key)
    for key in DATES.get(cls, ()):
        if getattr(made, key) and not _is_date(getattr(made, key)):
            return key, BadInput(
                f"{getattr(made, key)!r} is no date", "write it as 2026-01-31, or leave it empty"
            )
    for key in NUMBERS.get(cls, ()):
        if not _is_number(getattr(made, key)):
            return key, BadInput(
                f"{getattr(made, key)!r} is no number", 'write digits in quotes, such as "6"'
            )
    for key, (least, greatest) in RANGES.get(cls, {}).items():
        if not least <= getattr(made, key) <= greatest:
            return key, BadInput(f"{key} is {getattr(made, key)}", f"use {least} to {greatest}")
    return None


def _unknown(word: str, words: tuple[str, ...], key: str) -> BadInput:
    near = difflib.get_close_matches(word, words, 1)
    shown = ", ".join(one for one in words if one)
    return BadInput(
        f"{word!r} is no word for {key!r}",
        f"did you mean {near[0]!r}?" if near and near[0] else f"use one of {shown}",
    )


def _is_date(text: str) -> bool:
    if not _DAY.match(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        return Decimal(text.replace(",", "")).is_finite()
    except InvalidOperation:
        return False
